"""Who may try what on a project. What is valid is decided by the verbs."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from pmo.roles import Role
from portfolio.models import Project, ProjectMember
from portfolio.models.projects import READ_ALL, READ_REGISTERS, manages_any_project

#: Roles that read the money of every project.
READ_MONEY = (Role.PMO_MANAGER, Role.EXECUTIVE, Role.FINANCE, Role.AUDITOR)


class PortfolioAccess:
    """What a person may do in the portfolio as a whole."""

    def __init__(self, user: Any) -> None:
        self.user = user

    @property
    def can_create(self) -> bool:
        return bool(self.user.has_role(Role.PMO_MANAGER))

    can_import = can_create
    can_edit_programs = can_create
    can_act_in_bulk = can_create

    @property
    def can_read_imports(self) -> bool:
        return self.can_import or bool(self.user.has_role(Role.AUDITOR))

    @property
    def can_list(self) -> bool:
        """Whether the working list of projects is there for this person at all."""
        reads_all = self.user.has_role(*READ_ALL) or manages_any_project(self.user)
        return reads_all or Project.objects.visible_to(self.user).exists()

    @property
    def can_list_registers(self) -> bool:
        """Whether the registers across the portfolio are there for this person: the office, or a part in some project."""
        return bool(self.user.has_role(*READ_REGISTERS)) or Project.objects.of(self.user).exists()

    @property
    def can_see_all_money(self) -> bool:
        """Project managers without such a role see the money of their own projects only, row by row."""
        return bool(self.user.has_role(*READ_MONEY))

    @cached_property
    def can_see_some_money(self) -> bool:
        return self.can_see_all_money or manages_any_project(self.user) or Project.objects.managed_by(self.user).exists()

    def can_see_money_of(self, project: Project) -> bool:
        return self.can_see_all_money or project.project_manager_id == self.user.pk


class ProjectAccess:
    """What a person may do with one project that they see."""

    def __init__(self, user: Any, project: Project) -> None:
        self.user = user
        self.project = project

    @property
    def is_manager(self) -> bool:
        return self.project.project_manager_id == self.user.pk and not self.user.only_reads

    @property
    def is_office(self) -> bool:
        return bool(self.user.has_role(Role.PMO_MANAGER))

    @cached_property
    def is_member(self) -> bool:
        """Whether the person works on the team; an auditor reads there as everywhere. One query, once."""
        return not self.user.only_reads and ProjectMember.objects.filter(project=self.project, user=self.user).exists()

    @property
    def can_edit(self) -> bool:
        return self.is_manager or self.is_office

    can_assign_members = can_edit
    can_close_entries = can_edit
    can_plan_milestones = can_edit

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
    def can_correct_phase(self) -> bool:
        return bool(self.user.has_role(Role.EXECUTIVE)) and self.project.project_manager_id != self.user.pk

    @property
    def can_see_money(self) -> bool:
        return self.is_manager or bool(self.user.has_role(*READ_MONEY))

    @property
    def can_see_registers(self) -> bool:
        """The office, executives and auditors read every register; others those of projects in which they have a part."""
        has_part = self.user.pk in {self.project.sponsor_id, self.project.business_owner_id}
        return self.can_edit or has_part or bool(self.user.has_role(*READ_REGISTERS)) or self.is_member

    @property
    def can_see_changes(self) -> bool:
        """Changes of what was agreed are read by whoever reads the registers, and by finance."""
        return self.can_see_registers or bool(self.user.has_role(Role.FINANCE))

    @property
    def can_see_guidance(self) -> bool:
        """Whether the page of guidance is there: for those who read the registers, and for peers, who see what they wrote."""
        return self.can_see_registers or manages_any_project(self.user)

    @property
    def can_see_history(self) -> bool:
        return self.can_edit or bool(self.user.has_role(Role.EXECUTIVE, Role.AUDITOR))
