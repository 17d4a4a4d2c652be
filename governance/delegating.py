"""Giving and taking back delegations. What a delegation is worth when somebody decides, `separation` says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from governance import notices
from governance.kinds import KINDS
from governance.models import Delegation
from governance.separation import DECIDING
from pmo.lib.errors import Refused
from pmo.lib.history import save_as
from pmo.roles import Role

#: Who never decides on deliverables, not even in another's name: they watch over the records or the machines.
BARRED = (Role.AUDITOR, Role.ADMINISTRATOR)
LONGEST_DAYS = 92


def give_delegation(
    *,
    by: Any,
    to: Any,
    starts_on: dt.date,
    ends_on: dt.date,
    kinds: Iterable[str],
    highest_class: int,
    reason: str,
    at: dt.datetime,
) -> Delegation:
    """Let `to` decide in the name of `by` for some days. Raises Refused.

    `no_role` where `by` holds no deciding role (a delegate cannot pass on), `to_self`, `delegate_barred`, `days_wrong`,
    `kinds_missing`, `reason_missing`, `overlaps` with another delegation to the same person.
    """
    _check_people(by, to)
    _check_days(starts_on, ends_on, timezone.localdate(at))
    chosen = _known(kinds)
    if not reason.strip():
        raise Refused("Give the reason, for example: leave.", "reason_missing")
    delegation = Delegation(
        delegator=by,
        delegate=to,
        starts_on=starts_on,
        ends_on=ends_on,
        kinds=chosen,
        highest_class=highest_class,
        reason=reason.strip(),
        created_at=at,
    )
    with transaction.atomic():
        if _overlapping(delegation):
            raise Refused(
                f"{to.name} already stands in for you on some of these days. Revoke that delegation first.", "overlaps"
            )
        save_as(delegation, by=by, reason="delegated")
        notices.delegated(delegation, at=at)
    return delegation


def _known(kinds: Iterable[str]) -> list[str]:
    chosen = sorted({str(kind) for kind in kinds} & {kind.value for kind in KINDS})
    if not chosen:
        raise Refused("Choose at least one kind of deliverable.", "kinds_missing")
    return chosen


def _check_people(by: Any, to: Any) -> None:
    if not by.has_role(*DECIDING):
        raise Refused(
            "Only the PMO manager or an executive can delegate. What was delegated to you cannot be passed on.", "no_role"
        )
    if to.pk == by.pk:
        raise Refused("Choose somebody other than yourself.", "to_self")
    if not to.is_active or to.has_role(*BARRED):
        raise Refused(
            f"{to.name} cannot decide on deliverables: auditors and administrators stay out of them.", "delegate_barred"
        )


def _check_days(starts_on: dt.date, ends_on: dt.date, today: dt.date) -> None:
    if ends_on < starts_on:
        raise Refused("The last day lies before the first.", "days_wrong")
    if starts_on < today:
        raise Refused("The first day lies in the past. A delegation never works backwards.", "days_wrong")
    if (ends_on - starts_on).days >= LONGEST_DAYS:
        raise Refused(f"A delegation lasts at most {LONGEST_DAYS} days. Give a new one when it ends.", "days_wrong")


def _overlapping(new: Delegation) -> bool:
    rows = Delegation.objects.filter(delegator=new.delegator, delegate=new.delegate, revoked_at=None)
    return rows.filter(starts_on__lte=new.ends_on, ends_on__gte=new.starts_on).exists()


def revoke_delegation(delegation: Delegation, *, by: Any, at: dt.datetime) -> None:
    """End a delegation now. Raises Refused: `not_yours`, `already_over`."""
    if by.pk != delegation.delegator_id and not by.has_role(Role.EXECUTIVE):
        raise Refused("Only the person who gave a delegation, or an executive, takes it back.", "not_yours")
    if delegation.revoked_at is not None or delegation.ends_on < timezone.localdate(at):
        raise Refused("This delegation is over already.", "already_over")
    delegation.revoked_at = at
    save_as(delegation, by=by, fields=["revoked_at"], reason="revoked")
    notices.delegation_revoked(delegation, at=at)
