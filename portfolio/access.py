"""Who may try what on a project. What is valid is decided by the verbs."""

from __future__ import annotations

from typing import Any

from pmo.roles import Role
from portfolio.models import Project, ProjectMember


class PortfolioAccess:
    """What a person may do in the portfolio as a whole."""

    def __init__(self, user: Any) -> None:
        self.user = user

    @property
    def can_create(self) -> bool:
        return bool(self.user.has_role(Role.PMO_MANAGER))

    can_import = can_create
    can_edit_programs = can_create

    @property
    def can_list(self) -> bool:
        """Whether the working list of projects is there for this person at all."""
        return Project.objects.visible_to(self.user).exists() or self.can_create


class ProjectAccess:
    """What a person may do with one project that they see."""

    def __init__(self, user: Any, project: Project) -> None:
        self.user = user
        self.project = project

    @property
    def is_manager(self) -> bool:
        return self.project.project_manager_id == self.user.pk

    @property
    def is_office(self) -> bool:
        return bool(self.user.has_role(Role.PMO_MANAGER))

    @property
    def is_member(self) -> bool:
        """Whether the person is on the team. One query, once."""
        if not hasattr(self, "_is_member"):
            self._is_member = ProjectMember.objects.filter(project=self.project, user=self.user).exists()
        return self._is_member

    @property
    def can_edit(self) -> bool:
        return self.is_manager or self.is_office

    can_assign_members = can_edit
    can_close_entries = can_edit

    @property
    def can_edit_registers(self) -> bool:
        return self.can_edit or self.is_member

    @property
    def can_score(self) -> bool:
        return self.is_office

    @property
    def can_archive(self) -> bool:
        return self.is_office

    @property
    def can_see_money(self) -> bool:
        return self.is_manager or bool(self.user.has_role(Role.PMO_MANAGER, Role.EXECUTIVE, Role.FINANCE, Role.AUDITOR))

    @property
    def can_see_registers(self) -> bool:
        """Finance reads money, not registers; everyone else who sees the project's working pages reads them."""
        only_finance = self.user.roles == frozenset({Role.FINANCE.value}) and not self.can_edit_registers
        return not only_finance
