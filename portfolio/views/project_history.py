"""All that was ever changed about a project: its record, its people, its plan and its registers, by time."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from pmo.lib import history
from portfolio.models import Action, Decision, Dependency, Issue, Milestone, Project, ProjectMember, Risk
from portfolio.views.loading import load_project

EVENTS_A_PAGE = 50


def project_kinds(project: Project) -> list[history.Kind]:
    """Return all that is kept about a project, as kinds of history."""
    its = Q(project_id=project.pk)
    registers = [(Risk, "Risk"), (Issue, "Issue"), (Decision, "Decision"), (Action, "Action"), (Dependency, "Dependency")]
    return [
        history.Kind(Project, Q(id=project.pk), "Project", lambda row: row.name),
        history.Kind(ProjectMember, its, "Team", lambda row: str(row.user)),
        history.Kind(Milestone, its, "Milestone", lambda row: row.name),
        *[history.Kind(model, its, noun, lambda row: f"{row.number}: {row.title}") for model, noun in registers],
    ]


@require_GET
def project_history(request: HttpRequest, code: str) -> HttpResponse:
    project, access = load_project(request, code, "can_see_history")
    kinds = project_kinds(project)
    page = Paginator(history.event_keys(kinds), EVENTS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "project": project,
        "access": access,
        "tab": "history",
        "room": "History",
        "events": history.events(kinds, page.object_list),
        "page": page,
        "pages": list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)),
    }
    return render(request, "portfolio/project_history.html", context)
