"""Who may try what with a project's documents, and how a request finds them. What is valid is decided by the verbs."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse

from governance.documents.confidential import reads_confidential
from governance.models import DeliverableVersion, DocumentSection
from governance.models.templates import DOCUMENT_KINDS
from governance.models.versions import OFFICE_READERS
from governance.report_access import project_parts
from governance.states import OPEN_STATES, Kind, VersionState
from pmo.lib.access import require, visible_or_404
from portfolio.access import ProjectAccess
from portfolio.models import Project

WRITERS_ONLY = "The project manager, the team and the PMO manager write this."
SENDERS_ONLY = "Only the project manager, the author or the PMO manager does this."


class DocumentAccess(ProjectAccess):
    """What a person may do with the documents of one project that they see."""

    def __init__(self, user: Any, project: Project, kind: Kind) -> None:
        super().__init__(user, project)
        self.kind = kind

    @cached_property
    def newest(self) -> DeliverableVersion | None:
        """Return the newest version, whether the person reads it or not. One query."""
        return versions_of(self.project, self.kind).order_by("-number").first()

    @property
    def open(self) -> DeliverableVersion | None:
        return self.newest if self.newest and self.newest.state in OPEN_STATES else None

    @property
    def draft(self) -> DeliverableVersion | None:
        return self.newest if self.newest and self.newest.state == VersionState.DRAFT else None

    @property
    def is_author(self) -> bool:
        return self.newest is not None and self.newest.author_id == self.user.pk

    @property
    def can_send(self) -> bool:
        """Whether the person begins, submits and withdraws versions."""
        return self.can_edit or (self.is_author and not self.user.only_reads)

    @property
    def can_write(self) -> bool:
        return self.can_send or self.is_member

    @cached_property
    def reads_confidential(self) -> bool:
        return reads_confidential(self.user, self.project)

    @property
    def can_read_office_edition(self) -> bool:
        """Whether the person reads the PDF that holds rows before their award: it travels, so it is for the office alone."""
        return bool(self.user.has_role(*OFFICE_READERS))

    def can_write_section(self, section: DocumentSection) -> bool:
        return self.can_write and (self.reads_confidential or not section.section.is_confidential)


def versions_of(project: Project, kind: str) -> Any:
    """Return the versions of a project's document with their people; each knows its deliverable, project and content."""
    rows = DeliverableVersion.objects.filter(deliverable__project=project, deliverable__kind=kind)
    return rows.select_related(
        "deliverable__project", "document__template", "author", "submitted_by", "decided_by", "change_request__project"
    )


def kind_of(slug: str) -> Kind:
    """Return the kind that stands in an address. Raises Http404 for one that is not written here."""
    for kind in DOCUMENT_KINDS:
        if kind.value.replace("_", "-") == slug:
            return kind
    raise Http404("No such kind of document.")


def slug_of(kind: str) -> str:
    return kind.replace("_", "-")


def version_url(version: DeliverableVersion) -> str:
    """Return where a version of a document is read."""
    deliverable = version.deliverable
    return reverse("governance:document-version", args=[deliverable.project.code, slug_of(deliverable.kind), version.number])


def load_documents(request: HttpRequest, code: str, slug: str, right: str = "") -> DocumentAccess:
    """Return what the person may do with one document of a project; 404 when it is not theirs to see, 403 without `right`."""
    kind = kind_of(slug)
    project = visible_or_404(Project.objects.select_related(*project_parts()), request.user, code=code)
    access = DocumentAccess(request.user, project, kind)
    if right:
        require(getattr(access, right), WRITERS_ONLY if right == "can_write" else SENDERS_ONLY)
    return access
