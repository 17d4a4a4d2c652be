"""Who may open the review of a document, what they see of it, and who may decide on it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse

from governance.documents.discretion import may_read_all
from governance.models import DeliverableVersion, ReviewPart
from governance.models.templates import DOCUMENT_KINDS
from governance.review_access import ReviewAccess
from governance.states import VersionState
from pmo.lib.access import require
from pmo.roles import Role

#: How a kind is written in an address.
SLUGS = {kind.value.replace("_", "-"): kind for kind in DOCUMENT_KINDS}
PEOPLE = (
    "deliverable__project__project_manager",
    "deliverable__project__sponsor",
    "author",
    "submitted_by",
    "decided_by",
    "document",
)


class DocumentReviewAccess(ReviewAccess):
    """What a person may do with the review of one version of a document."""

    @cached_property
    def parts(self) -> list[ReviewPart]:
        """Return what the person was asked for in the reviews of this version. One query."""
        rows = ReviewPart.objects.filter(review__version=self.version, person=self.user)
        return list(rows.select_related("review", "acting_for"))

    @property
    def is_writer(self) -> bool:
        """Whether the person answers the findings: author, project manager, PMO manager."""
        project = self.version.deliverable.project
        own = {project.project_manager_id, self.version.author_id}
        return self.user.pk in own or bool(self.user.has_role(Role.PMO_MANAGER))

    @property
    def reads_review(self) -> bool:
        """Whether the person sees findings, checklist and opinions while the version still waits."""
        return super().can_read or bool(self.parts)

    @property
    def can_read(self) -> bool:
        return self.is_writer or self.reads_review

    @property
    def reads_confidential(self) -> bool:
        """Whether the person sees rows before award. Nobody decides on what they cannot read, so a delegate sees them, too."""
        return may_read_all(self.user, self.version) or self.can_decide


def review_address(version: DeliverableVersion, name: str = "document-review", *more: Any) -> str:
    """Return the address of a page or verb of a document's review."""
    kind = version.deliverable.kind.replace("_", "-")
    return reverse(f"governance:{name}", args=[version.deliverable.project.code, kind, version.number, *more])


def load_document_review(
    request: HttpRequest, code: str, kind: str, version: int, right: str = "can_read"
) -> tuple[DeliverableVersion, DocumentReviewAccess]:
    """Return a submitted version of a document and what the person may do with it.

    404 when it is not theirs to see, 403 when they see it but not its review.
    """
    rows = DeliverableVersion.objects.exclude(state=VersionState.DRAFT).filter(
        deliverable__kind=SLUGS.get(kind), deliverable__project__code=code, number=version
    )
    row = rows.select_related(*PEOPLE).first()
    if row is None:
        raise Http404("No such page, or it is not yours to see.")
    access = DocumentReviewAccess(request.user, row)
    if not access.can_read:
        if DeliverableVersion.objects.visible_to(request.user).filter(pk=row.pk).exists():
            raise PermissionDenied("Reviews are for the office, the author and those who are asked.")
        raise Http404("No such page, or it is not yours to see.")
    require(getattr(access, right), "You do not decide on this document.")
    return row, access
