"""What an administrator finds at home: what waits for a second person, which accounts were never used, what changed last."""

from __future__ import annotations

from dataclasses import dataclass

from pmo.administration.roles import may_settle
from pmo.models import RoleChange, User
from pmo.models.role_changes import RoleChangeState

LATEST = 5


@dataclass(frozen=True)
class AccountsAtHome:
    waiting: list[tuple[RoleChange, bool]]
    latest: list[RoleChange]
    active: int
    unused: int


def accounts_at_home(reader: User) -> AccountsAtHome:
    """Return the state of the accounts for `reader`; four queries. With each wish stands whether the reader may settle it."""
    rows = RoleChange.objects.select_related("person", "asked_by", "settled_by")
    active = User.objects.filter(is_active=True)
    return AccountsAtHome(
        waiting=[(change, may_settle(change, reader)) for change in rows.waiting()],
        latest=list(rows.exclude(state=RoleChangeState.WAITING)[:LATEST]),
        active=active.count(),
        unused=active.filter(last_login=None).count(),
    )
