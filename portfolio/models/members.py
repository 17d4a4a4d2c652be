from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from simple_history.models import HistoricalRecords

from pmo.lib.errors import Refused
from pmo.lib.history import save_as
from pmo.models.revising import Revisable
from portfolio.models.projects import Project
from portfolio.parts import require_able
from portfolio.states import MemberRole


class MemberQuerySet(models.QuerySet["ProjectMember"]):
    def visible_to(self, user: Any) -> MemberQuerySet:
        return self.filter(project__in=Project.objects.visible_to(user))


class ProjectMember(Revisable):
    """One person's part in one project."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=MemberRole.choices, default=MemberRole.MEMBER)
    note = models.CharField(max_length=160, blank=True, help_text="What the person does on this project.")

    objects = MemberQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["user__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "user"],
                name="portfolio_member_once",
                violation_error_message="This person is already a member of the project.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"

    def get_absolute_url(self) -> str:
        return reverse("portfolio:member-list", args=[self.project.code])

    @classmethod
    @transaction.atomic
    def add(cls, *, project: Project, user: Any, role: str, note: str = "", by: Any) -> ProjectMember:
        """Put `user` on the team. Raises Refused when the project is over or `user` only reads, ValidationError when on it."""
        if not project.is_open:
            raise Refused("The project is over; nobody joins it any more. Reopen it first.", "project_over")
        require_able(user, "member of the team")
        member = cls(project=project, user=user, role=role, note=note)
        member.full_clean()
        save_as(member, by=by)
        return member

    @transaction.atomic
    def remove(self, *, by: Any) -> None:
        """Take the person off the team. What they did stays in every history."""
        self._history_user = by
        self._change_reason = "Left the team"
        self.delete()
