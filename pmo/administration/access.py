"""Who may open the pages of Administration, and who may try what there. What is valid is decided by the verbs."""

from __future__ import annotations

from typing import Any

from pmo.lib.access import require
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


def require_reader(user: Any) -> AdministrationAccess:
    """Return what `user` may do; raise PermissionDenied for those to whom these pages are closed."""
    access = AdministrationAccess(user)
    require(access.can_open, "Accounts and roles are for administrators, the office and auditors.")
    return access


def require_keeper(user: Any) -> AdministrationAccess:
    access = require_reader(user)
    require(access.can_keep_accounts, "An administrator keeps the accounts.")
    return access
