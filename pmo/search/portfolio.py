"""What the search finds of the portfolio: projects, the entries of their registers, milestones, programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pmo.lib.finding import each_word, excerpt, marked
from pmo.search.kinds import Found, Hit, Kind
from portfolio.access import PortfolioAccess
from portfolio.models import Action, Decision, Dependency, Issue, Milestone, Program, Project, Risk


def _found_projects(user: Any, text: str) -> Found:
    return Found(Project.objects.visible_to(user).matching(text).select_related("department").order_by("code"))


def _project_hit(project: Project, words: Sequence[str]) -> Hit:
    department, state = str(project.department or ""), project.get_status_display()
    said = excerpt([project.purpose], words)
    return Hit(str(project), project.get_absolute_url(), department, state, marked(str(project), words), said)


def _register(title: str, model: Any) -> Kind:
    def find(user: Any, text: str) -> Found:
        rows = model.objects.visible_to(user).matching(text)
        return Found(rows.select_related("project").order_by("project__code", "number"))

    noun = title.lower()
    return Kind(noun, title, find, _entry_hit, f"portfolio:{noun[:-1] if noun != 'dependencies' else 'dependency'}-list")


def _entry_hit(entry: Any, words: Sequence[str]) -> Hit:
    title, said = str(entry), excerpt([entry.description], words)
    where, state = str(entry.project), entry.get_status_display()
    return Hit(title, entry.get_absolute_url(), where, state, marked(title, words), said)


def _found_milestones(user: Any, text: str) -> Found:
    rows = Milestone.objects.visible_to(user).filter(each_word(text, "name"))
    return Found(rows.select_related("project").order_by("project__code", "number"))


def _milestone_hit(row: Milestone, words: Sequence[str]) -> Hit:
    state = "Reached" if row.actual_on else "Open"
    return Hit(row.name, row.get_absolute_url(), str(row.project), state, marked(row.name, words))


def _found_programs(user: Any, text: str) -> Found:
    rows = Program.objects.filter(each_word(text, "code", "name", "purpose")).order_by("code")
    return Found(rows if PortfolioAccess(user).can_list else rows.none())


def _program_hit(program: Program, words: Sequence[str]) -> Hit:
    title, state = f"{program.code} {program.name}", "Active" if program.is_active else "Closed"
    said = excerpt([program.purpose], words)
    return Hit(title, program.get_absolute_url(), "", state, marked(title, words), said)


KINDS = (
    Kind("projects", "Projects", _found_projects, _project_hit, "portfolio:project-list"),
    _register("Risks", Risk),
    _register("Issues", Issue),
    _register("Decisions", Decision),
    _register("Actions", Action),
    _register("Dependencies", Dependency),
    Kind("milestones", "Milestones", _found_milestones, _milestone_hit),
    Kind("programs", "Programs", _found_programs, _program_hit),
)
