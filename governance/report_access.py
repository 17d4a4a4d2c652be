"""Who may try what with a project's status reports. What is valid is decided by the verbs."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from governance.models import Deliverable, DeliverableVersion
from governance.separation import may_decide
from governance.states import Edition
from pmo.lib.access import require, visible_or_404
from portfolio.access import ProjectAccess
from portfolio.models import Project


class ReportAccess(ProjectAccess):
    """What a person may do with the reports of one project that they see."""

    def __init__(self, user: Any, project: Project, deliverable: Deliverable | None = None) -> None:
        super().__init__(user, project)
        self.deliverable = deliverable

    @cached_property
    def can_write(self) -> bool:
        """The project's manager, the PMO manager, and whoever wrote a version of this report. At most one query."""
        if self.can_edit or self.deliverable is None or self.user.only_reads:
            return self.can_edit
        return bool(self.deliverable.versions.filter(author=self.user).exists())

    @property
    def can_excuse(self) -> bool:
        return self.is_office

    @property
    def reads_inside(self) -> bool:
        """Whether the person reads the whole report; others who see the project read what of it is published."""
        return self.can_see_registers

    @property
    def edition(self) -> Edition:
        return Edition.OFFICE if self.reads_inside else Edition.PUBLIC

    def can_review(self, version: DeliverableVersion) -> bool:
        """Whether the person decides on this version today. Two queries."""
        return version.is_waiting and may_decide(version, self.user, timezone.localdate())


def project_parts(prefix: str = "") -> list[str]:
    """Return what the head of a project's pages reads, for `select_related`."""
    names = ("department", "program", "project_manager", "sponsor", "business_owner", "standing")
    return [prefix + name for name in names]


def load_reports_of(request: HttpRequest, code: str, right: str = "") -> tuple[Project, ReportAccess]:
    """Return the project; 404 when it is not theirs to see, 403 without `right`."""
    project = visible_or_404(Project.objects.select_related(*project_parts()), request.user, code=code)
    access = ReportAccess(request.user, project)
    if right:
        require(getattr(access, right))
    return project, access


def load_report(request: HttpRequest, code: str, number: int, right: str = "") -> tuple[Deliverable, ReportAccess]:
    """Return a report as what is owed, whatever its versions; 404 and 403 as above."""
    rows = Deliverable.objects.reports().select_related("project", *project_parts("project__"))
    deliverable = visible_or_404(rows, request.user, project__code=code, number=number)
    access = ReportAccess(request.user, deliverable.project, deliverable)
    if right:
        require(getattr(access, right), "Only the project manager, the author or the PMO manager does this.")
    return deliverable, access


def load_version(request: HttpRequest, code: str, number: int, version: int) -> tuple[DeliverableVersion, ReportAccess]:
    """Return a version that the person may read; for everybody else it does not exist."""
    deliverable, access = load_report(request, code, number)
    return visible_or_404(versions_of(deliverable), request.user, number=version), access


def versions_of(deliverable: Deliverable) -> Any:
    """Return the versions of a report with their people; each knows this very deliverable and project."""
    return deliverable.versions.select_related("status_report", "author", "submitted_by", "decided_by", "corrects")


def draft_of(deliverable: Deliverable) -> DeliverableVersion | None:
    """Return the draft in work, or None. One query."""
    version = versions_of(deliverable).open().first()
    if version is None or version.is_waiting:
        return None
    version.status_report.project = deliverable.project
    return version  # type: ignore[no-any-return]
