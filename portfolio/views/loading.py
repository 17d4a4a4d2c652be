"""How the views of this app get their rows: what a person may not see does not exist for them."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from pmo.lib.access import require, visible_or_404
from portfolio.access import ProjectAccess
from portfolio.models import Project

M = TypeVar("M", bound=models.Model)


def load_project(request: HttpRequest, code: str, right: str = "") -> tuple[Project, ProjectAccess]:
    """Return the project and what the person may do with it; 404 when it is not theirs to see, 403 without `right`."""
    project = visible_or_404(with_people(), request.user, code=code)
    access = ProjectAccess(request.user, project)
    if right:
        require(getattr(access, right))
    return project, access


def with_people() -> models.QuerySet[Project]:
    return Project.objects.select_related("department", "program", "sponsor", "business_owner", "project_manager", "standing")


def load_entry(model: type[M], request: HttpRequest, code: str, number: int, right: str = "") -> tuple[M, ProjectAccess]:
    """Return an entry of a register, or a milestone, by its project's code and its number."""
    rows: models.QuerySet[M] = model._default_manager.select_related("project")
    entry: Any = visible_or_404(rows, request.user, project__code=code, number=number)
    access = ProjectAccess(request.user, entry.project)
    if right:
        require(getattr(access, right))
    return entry, access


def next_url(request: HttpRequest, default: str) -> str:
    """Return where to go after this page: `next` when it leads to our own pages, else `default`."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if is_ours and asked.startswith("/") else default


def way_back(request: HttpRequest) -> dict[str, str]:
    """Return what a page needs that somebody opened from another one in order to come back: `back`, its address (may be
    empty), and `back_query`, which hands it on to the next page.
    """
    back = next_url(request, "")
    return {"back": back, "back_query": f"?{urlencode({'next': back})}" if back else ""}
