"""Who may open the pages of Administration, and who may try what there. What is valid is decided by the verbs."""

from __future__ import annotations

from typing import Any

from pmo.administration.roles import roles_in_reach
from pmo.lib.access import require
from pmo.models import User
from pmo.roles import Role

#: Who reads accounts, roles and their history. Executives confirm roles; auditors read and change nothing.
READERS = (Role.ADMINISTRATOR, Role.PMO_MANAGER, Role.EXECUTIVE, Role.AUDITOR)


class AdministrationAccess:
    """What a person may do with accounts and roles as a whole."""

    def __init__(self, user: Any) -> None:
        self.user = user

    @property
    def can_open(self) -> bool:
        return bool(self.user.has_role(*READERS))

    @property
    def can_keep_accounts(self) -> bool:
        return bool(self.user.has_role(Role.ADMINISTRATOR))

    def can_keep(self, person: User) -> bool:
        """Whether the account of `person` may be deactivated or sent a link: by an administrator, not the own one."""
        return self.can_keep_accounts and self.user.pk != person.pk

    def reach(self, person: User) -> frozenset[Role]:
        """Return the roles that may be given to `person` or taken from them; none of one's own."""
        return frozenset() if self.user.pk == person.pk else roles_in_reach(self.user)


def require_reader(user: Any) -> AdministrationAccess:
    """Return what `user` may do; raise PermissionDenied for those to whom these pages are closed."""
    access = AdministrationAccess(user)
    require(access.can_open, "Accounts and roles are for administrators, the office and auditors.")
    return access


def require_keeper(user: Any) -> AdministrationAccess:
    access = require_reader(user)
    require(access.can_keep_accounts, "An administrator keeps the accounts.")
    return access
