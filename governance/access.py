"""Who may try what with that which is published. What of it exists at all is decided by `publication`."""

from __future__ import annotations

from typing import Any

from pmo.roles import Role
from portfolio.models import Project
from portfolio.models.projects import READ_ALL
from portfolio.states import ProjectStatus

#: Roles that read the published portfolio besides everyone who manages a project.
READ_PUBLISHED = (Role.STAKEHOLDER, *READ_ALL)


OVER = (ProjectStatus.CLOSED, ProjectStatus.CANCELLED)


class PublishedAccess:
    """What a person may do with the published side of the portfolio.

    For everybody without an office role one query tells it, asked once for each user object.
    """

    def __init__(self, user: Any) -> None:
        self.user = user

    @property
    def can_see_portfolio(self) -> bool:
        """Whether the dashboard is there for this person."""
        return bool(self.user.has_role(*READ_PUBLISHED)) or self.manages_any

    @property
    def reads_working_pages(self) -> bool:
        """Whether the working page of every project is there too, so that lists may lead to it."""
        return bool(self.user.has_role(*READ_ALL)) or self.manages_any

    @property
    def has_working_pages(self) -> bool:
        """Whether there is any project whose working pages this person reads."""
        return bool(self.user.has_role(*READ_ALL)) or bool(self._parts)

    @property
    def can_read_policies(self) -> bool:
        """Whether policies and standards are there for this person: for the office, and who has a part in a project."""
        return self.has_working_pages or bool(self.user.has_role(Role.HR_LIAISON))

    @property
    def manages_any(self) -> bool:
        return any(manager == self.user.pk and status not in OVER for manager, status in self._parts)

    @property
    def _parts(self) -> list[tuple[int | None, str]]:
        """The projects in which the person has a part, as (project manager, status)."""
        if "parts" not in self.user.__dict__:
            rows = Project.objects.of(self.user).values_list("project_manager_id", "status").distinct()
            self.user.__dict__["parts"] = list(rows)
            self.user.__dict__["manages_any"] = self.manages_any  # what portfolio's own question would find
        return list(self.user.__dict__["parts"])

    def can_see_public_page_of(self, project: Project) -> bool:
        """Who reads the portfolio reads all of it; who has a part in a project reads what is published of that one."""
        return self.can_see_portfolio or Project.objects.of(self.user).filter(pk=project.pk).exists()
