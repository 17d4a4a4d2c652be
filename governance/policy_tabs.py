"""Policies, standards, guidance and lessons side by side, and who may open each."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from governance.access import PublishedAccess
from governance.models.versions import OFFICE_READERS
from pmo.roles import Role
from portfolio.models import Project
from portfolio.models.projects import READ_ALL, READ_REGISTERS, manages_any_project


class RulebookAccess:
    """What a person may do with policies, standards, guidance and lessons as a whole."""

    def __init__(self, user: Any) -> None:
        self.user = user

    @property
    def can_read(self) -> bool:
        return PublishedAccess(self.user).can_read_policies

    @property
    def can_write(self) -> bool:
        return bool(self.user.has_role(Role.PMO_MANAGER))

    @property
    def can_see_outstanding(self) -> bool:
        """Whether the person reads who has not acknowledged a policy."""
        return bool(self.user.has_role(*OFFICE_READERS))

    @property
    def can_list_guidance(self) -> bool:
        return bool(self.user.has_role(*READ_REGISTERS)) or self._has_part

    @property
    def can_list_lessons(self) -> bool:
        return bool(self.user.has_role(*READ_ALL)) or self._has_part

    @property
    def _has_part(self) -> bool:
        return manages_any_project(self.user) or Project.objects.of(self.user).exists()


def rulebook_tabs(user: Any, here: str) -> list[tuple[str, str, bool]]:
    """Return (label, address, is current) of the lists that `user` may open."""
    access = RulebookAccess(user)
    offered = [
        ("Policies", "policy", access.can_read),
        ("Standards", "standard", access.can_read),
        ("Guidance", "guidance", access.can_list_guidance),
        ("Lessons", "lesson", access.can_list_lessons),
    ]
    return [(label, reverse(f"governance:{noun}-list"), noun == here) for label, noun, is_open in offered if is_open]


def project_tabs(code: str, here: str, *, has_guidance: bool) -> list[tuple[str, str, bool]]:
    """Return the two pages of a project's room."""
    offered = [("Guidance", "guidance", has_guidance), ("Lessons", "lesson", True)]
    return [
        (label, reverse(f"governance:project-{noun}-list", args=[code]), noun == here)
        for label, noun, is_open in offered
        if is_open
    ]
