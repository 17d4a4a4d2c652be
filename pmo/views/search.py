"""One search over what the person may see: projects, entries of the registers, milestones, programs, policies, lessons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from governance.models import Lesson, PolicyVersion
from portfolio.access import PortfolioAccess
from portfolio.models import Action, Decision, Dependency, Issue, Milestone, Program, Project, Risk

HITS_A_GROUP = 10
SHORTEST = 2


@dataclass(frozen=True)
class Hit:
    title: str
    url: str
    where: str
    state: str


@dataclass(frozen=True)
class Group:
    """The first hits of one kind, whether there are more, and where all of them are listed."""

    title: str
    hits: list[Hit]
    has_more: bool
    all_url: str


def each_word(text: str, *fields: str) -> Q:
    """Return the condition that every word of `text` occurs in one of `fields`."""
    condition = Q()
    for word in text.split():
        condition &= Q(*[(f"{field}__icontains", word) for field in fields], _connector=Q.OR)
    return condition


def group(title: str, rows: QuerySet[Any], hit: Callable[[Any], Hit], all_url: str = "") -> Group:
    found = list(rows[: HITS_A_GROUP + 1])
    return Group(title, [hit(row) for row in found[:HITS_A_GROUP]], len(found) > HITS_A_GROUP, all_url)


def project_hit(project: Project) -> Hit:
    return Hit(str(project), project.get_absolute_url(), str(project.department or ""), project.get_status_display())


def entry_hit(entry: Any) -> Hit:
    return Hit(str(entry), entry.get_absolute_url(), str(entry.project), entry.get_status_display())


def milestone_hit(milestone: Milestone) -> Hit:
    return Hit(
        milestone.name, milestone.get_absolute_url(), str(milestone.project), "Reached" if milestone.actual_on else "Open"
    )


def program_hit(program: Program) -> Hit:
    return Hit(f"{program.code} {program.name}", program.get_absolute_url(), "", "Active" if program.is_active else "Closed")


def policy_hit(version: PolicyVersion) -> Hit:
    return Hit(str(version.policy), version.policy.get_absolute_url(), f"version {version.number}", version.get_state_display())


def lesson_hit(lesson: Lesson) -> Hit:
    return Hit(lesson.title, lesson.get_absolute_url(), str(lesson.project), lesson.get_state_display())


def rulebook(user: Any, text: str) -> list[Group]:
    """Return what the policies in force and the lessons say of `text`."""
    said = PolicyVersion.objects.visible_to(user).in_force().filter(each_word(text, "policy__code", "policy__title", "text"))
    told = Lesson.objects.visible_to(user).filter(each_word(text, "title", "what_happened", "why", "next_time", "tags"))
    return [
        group("Policies", said.select_related("policy").order_by("policy__code"), policy_hit, "/policies/"),
        group("Lessons", told.select_related("project").order_by("-recorded_at"), lesson_hit, "/lessons/"),
    ]


def find(user: Any, text: str) -> list[Group]:
    """Return the groups that hold a hit for `text`, each through `visible_to`. One query a group."""
    registers = [
        ("Risks", Risk, "risks"),
        ("Issues", Issue, "issues"),
        ("Decisions", Decision, "decisions"),
        ("Actions", Action, "actions"),
        ("Dependencies", Dependency, "dependencies"),
    ]
    groups = [
        group(
            "Projects", Project.objects.visible_to(user).matching(text).select_related("department"), project_hit, "/projects/"
        )
    ]
    for title, model, path in registers:
        rows = model.objects.visible_to(user).filter(each_word(text, "title", "description"))  # type: ignore[attr-defined]
        groups.append(group(title, rows.select_related("project").order_by("project__code", "number"), entry_hit, f"/{path}/"))
    milestones = Milestone.objects.visible_to(user).filter(each_word(text, "name")).select_related("project")
    groups.append(group("Milestones", milestones.order_by("project__code", "number"), milestone_hit))
    if PortfolioAccess(user).can_list:
        groups.append(group("Programs", Program.objects.filter(each_word(text, "code", "name", "purpose")), program_hit))
    return [found for found in [*groups, *rulebook(user, text)] if found.hits]


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Show what was found; the exact code of a project leads straight to it."""
    text = request.GET.get("q", "").replace("\x00", "").strip()
    exact = Project.objects.visible_to(request.user).filter(code__iexact=text).first() if text else None
    if exact:
        return redirect(exact)
    groups = find(request.user, text) if len(text) >= SHORTEST else []
    return render(request, "pmo/search.html", {"text": text, "groups": groups, "is_too_short": 0 < len(text) < SHORTEST})
