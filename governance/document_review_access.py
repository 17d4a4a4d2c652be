"""Who may open the review of a document, what they see of it, and who may decide on it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from governance.document_states import PartState
from governance.documents.confidential import reads_confidential
from governance.models import DeliverableVersion, ReviewPart
from governance.models.templates import DOCUMENT_KINDS
from governance.review_access import ReviewAccess
from governance.seats import part_for, takes_part
from governance.states import VersionState
from pmo.lib.access import require
from pmo.roles import Role

#: How a kind is written in an address.
SLUGS = {kind.value.replace("_", "-"): kind for kind in DOCUMENT_KINDS}
REFUSALS = {"can_raise": "Findings are raised by those who review this document."}
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
    def part(self) -> ReviewPart | None:
        """Return the part that the person may answer now, in their own name or another's."""
        return part_for(self.version, self.user, timezone.now())

    @cached_property
    def has_answered(self) -> bool:
        rows = ReviewPart.objects.filter(review__version=self.version, person=self.user)
        return rows.filter(state=PartState.DONE).exists()

    @property
    def can_raise(self) -> bool:
        """Whether the person raises findings: who decides, and who is asked."""
        return self.can_decide or (self.version.is_waiting and takes_part(self.version, self.user, timezone.now()))

    @property
    def can_settle(self) -> bool:
        """Whether the person may close or reopen findings; of whose, the verb says."""
        return self.can_decide or self.can_raise

    @property
    def is_writer(self) -> bool:
        """Whether the person answers the findings: author, project manager, PMO manager."""
        project = self.version.deliverable.project
        own = {project.project_manager_id, self.version.author_id}
        return self.user.pk in own or bool(self.user.has_role(Role.PMO_MANAGER))

    @cached_property
    def is_on_the_team(self) -> bool:
        """Whether the person writes sections of it. One query."""
        return self.version.deliverable.project.members.filter(pk=self.user.pk).exists()

    @cached_property
    def reads_review(self) -> bool:
        """Whether the person sees findings, checklist and opinions while the version still waits."""
        return super().can_read or self.part is not None or self.has_answered

    @property
    def can_read(self) -> bool:
        return self.is_writer or self.reads_review or self.is_on_the_team

    @property
    def reads_confidential(self) -> bool:
        """Whether the person sees rows before award. Nobody decides on what they cannot read, so a delegate sees them, too."""
        return reads_confidential(self.user, self.version.deliverable.project) or self.can_decide


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
    require(getattr(access, right), REFUSALS.get(right, "You do not decide on this document."))
    return row, access
