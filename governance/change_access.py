"""Who may try what with a change request, and how the pages get theirs."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from governance.change_deciding import signature_for
from governance.change_facts import Size
from governance.change_requests import may_assess, may_request, may_write
from governance.change_states import ChangeState
from governance.models import ChangeRequest
from governance.signing import Signature
from pmo.lib.access import require, visible_or_404
from pmo.lib.errors import Refused
from pmo.roles import Role
from portfolio.access import READ_MONEY, PortfolioAccess
from portfolio.models import Project

PEOPLE = (
    "project__project_manager",
    "project__sponsor",
    "project__standing",
    "requested_by",
    "agreed_by",
    "assessor",
    "assessed_by",
    "decided_by",
)


def may_list_changes(user: Any) -> bool:
    return bool(user.has_role(Role.FINANCE)) or PortfolioAccess(user).can_list_registers


def reads_money_of(change: ChangeRequest, user: Any) -> bool:
    """Whether `user` reads the amounts of a request: whoever reads the project's money, and who has to judge by them."""
    project = change.project
    judges = {project.project_manager_id, project.sponsor_id, project.business_owner_id}
    part = {change.requested_by_id, change.assessor_id, change.assessed_by_id}
    return user.pk in judges | part or bool(user.has_role(*READ_MONEY))


def may_read_room_money(project: Project, user: Any) -> bool:
    judges = {project.project_manager_id, project.sponsor_id, project.business_owner_id}
    return user.pk in judges or bool(user.has_role(*READ_MONEY))


class ChangeAccess:
    """What a person may do with one change request that they see. What its state allows is the page's and the verbs' matter."""

    def __init__(self, user: Any, change: ChangeRequest) -> None:
        self.user, self.change = user, change
        self.size = Size(change)

    @property
    def can_write(self) -> bool:
        return bool(may_write(self.change, self.user))

    @property
    def can_agree(self) -> bool:
        return bool(self.change.project.project_manager_id == self.user.pk)

    @property
    def can_assess(self) -> bool:
        return may_assess(self.change, self.user)

    @property
    def can_resume(self) -> bool:
        return self.can_write or self.change.decided_by_id == self.user.pk

    @cached_property
    def signature(self) -> Signature | None:
        """Return as what the person would sign a decision; None when it is not theirs."""
        try:
            return signature_for(self.size, self.user, timezone.localdate())
        except Refused:
            return None

    @property
    def can_decide(self) -> bool:
        return self.signature is not None

    @property
    def can_see_money(self) -> bool:
        return reads_money_of(self.change, self.user)

    @property
    def waits_for_person(self) -> bool:
        """Whether the next step is this person's."""
        state = self.change.state
        return (state == ChangeState.SUBMITTED and self.can_assess) or (state == ChangeState.ASSESSED and self.can_decide)


def load_change(request: HttpRequest, code: str, number: int, right: str = "") -> tuple[ChangeRequest, ChangeAccess]:
    """Return the request and what the person may do with it; 404 when it is not theirs to see, 403 without `right`."""
    rows = ChangeRequest.objects.select_related(*PEOPLE)
    change = visible_or_404(rows, request.user, project__code=code, number=number)
    access = ChangeAccess(request.user, change)
    if right:
        require(getattr(access, right), "This step of the change request is somebody else’s.")
    return change, access


def may_begin(project: Project, user: Any) -> bool:
    return project.is_open and may_request(project, user)
