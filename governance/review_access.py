"""Who may open the office's side of a report, and who may decide on it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone

from governance.models import DeliverableVersion
from governance.models.versions import OFFICE_READERS
from governance.separation import Duties
from governance.signing import Signature
from governance.states import Kind, VersionState
from pmo.lib.access import require
from pmo.roles import Role


class OfficeAccess:
    """What a person may do on the office's side, whichever report it is."""

    def __init__(self, user: Any) -> None:
        self.user = user

    @cached_property
    def duties(self) -> Duties:
        """Return what the person may decide today. Two queries, once."""
        return Duties.of(self.user, timezone.localdate())

    @property
    def reads_all(self) -> bool:
        """Whether the person reads every report in work, its review included."""
        return bool(self.user.has_role(*OFFICE_READERS))

    @property
    def can_open_queue(self) -> bool:
        return self.reads_all or self.duties.decides_anything

    can_see_not_in = reads_all

    @property
    def can_delegate(self) -> bool:
        """Whether the person holds a role that can be delegated; a delegate does not."""
        return bool(self.user.has_role(Role.PMO_MANAGER, Role.EXECUTIVE))

    @property
    def can_see_delegations(self) -> bool:
        return self.reads_all or bool(self.duties.held)

    @property
    def can_edit_rules(self) -> bool:
        return bool(self.user.has_role(Role.PMO_MANAGER))

    @property
    def can_excuse(self) -> bool:
        return bool(self.user.has_role(Role.PMO_MANAGER))


class ReviewAccess(OfficeAccess):
    """What a person may do with the review of one version."""

    def __init__(self, user: Any, version: DeliverableVersion) -> None:
        super().__init__(user)
        self.version = version

    @cached_property
    def signature(self) -> Signature | None:
        """Return in which role, and for whom, the person would sign; None when the decision is not theirs."""
        return self.duties.signature_or_none(self.version)

    @property
    def can_decide(self) -> bool:
        return self.signature is not None

    @property
    def can_read(self) -> bool:
        return self.reads_all or self.can_decide or self.version.decided_by_id == self.user.pk


def load_review(
    request: HttpRequest, code: str, number: int, version: int, right: str = "can_read"
) -> tuple[DeliverableVersion, ReviewAccess]:
    """Return a submitted version and what the person may do with it.

    404 when it is not theirs to see, 403 when they see it but not its review.
    """
    rows = DeliverableVersion.objects.exclude(state=VersionState.DRAFT).filter(
        deliverable__kind=Kind.STATUS_REPORT,
        deliverable__project__code=code,
        deliverable__number=number,
        number=version,
    )
    people = ("deliverable__project__project_manager", "author", "submitted_by", "decided_by", "status_report")
    row = rows.select_related(*people).first()
    if row is None:
        raise Http404("No such page, or it is not yours to see.")
    access = ReviewAccess(request.user, row)
    if not access.can_read:
        if DeliverableVersion.objects.visible_to(request.user).filter(pk=row.pk).exists():
            raise PermissionDenied("Reviews are for the office and those who decide in its name.")
        raise Http404("No such page, or it is not yours to see.")
    require(getattr(access, right), "You do not decide on this report.")
    return row, access
