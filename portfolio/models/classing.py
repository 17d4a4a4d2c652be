from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models, transaction

from pmo.lib.errors import Refused
from pmo.lib.history import save_as
from pmo.roles import Role
from portfolio import classification
from portfolio.models.projects import Project
from portfolio.states import GovernanceClass


class ClassScore(models.Model):
    """One answering of the ten questions that decide how much governance a project needs. The latest counts."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="class_scores")
    answers = models.JSONField(help_text="Question key to 0, 1 or 2.")
    is_mission_critical = models.BooleanField("mission critical", default=False)
    is_over_five_million = models.BooleanField("costs more than $5 million", default=False)
    total = models.PositiveSmallIntegerField()
    governance_class = models.PositiveSmallIntegerField(choices=GovernanceClass.choices)
    reason = models.CharField(max_length=240, blank=True)
    scored_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    scored_at = models.DateTimeField()

    class Meta:
        ordering = ["-scored_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(total__gte=0, total__lte=20), name="portfolio_classscore_total_0_to_20")
        ]

    def __str__(self) -> str:
        return f"{self.total} points, {self.get_governance_class_display()}"

    @classmethod
    @transaction.atomic
    def score(
        cls,
        *,
        project: Project,
        answers: Mapping[str, int],
        by: Any,
        at: dt.datetime,
        is_mission_critical: bool = False,
        is_over_five_million: bool = False,
        raised_to: int = 0,
        reason: str = "",
    ) -> ClassScore:
        """Answer the ten questions anew and give the project its class; `raised_to` lifts it above the score, with a reason.

        A class rises by itself. It falls only by the PMO manager and with a reason. Raises Refused, ValueError for bad answers.
        """
        total = classification.points(answers)
        scored = classification.class_for(
            total, is_over_five_million=is_over_five_million, is_mission_critical=is_mission_critical
        )
        given = max(scored, raised_to)
        fresh = Project.objects.select_for_update().get(pk=project.pk)
        _check_class(fresh, given, is_raised=given > scored, by=by, reason=reason)
        row = cls.objects.create(
            project=fresh,
            answers=dict(answers),
            is_mission_critical=is_mission_critical,
            is_over_five_million=is_over_five_million,
            total=total,
            governance_class=given,
            reason=reason,
            scored_by=by,
            scored_at=at,
        )
        if fresh.governance_class != given:
            fresh.governance_class = given
            save_as(fresh, by=by, fields=["governance_class", "updated_at"], reason=reason or f"Scored with {total} points")
        project.governance_class = given
        return row


def _check_class(project: Project, given: int, *, is_raised: bool, by: Any, reason: str) -> None:
    if not project.is_open:
        raise Refused("The project is over; its class stays. Reopen it first.", "project_over")
    if is_raised and not reason.strip():
        raise Refused("Say why the class is higher than the score.", "reason_missing")
    if given >= project.governance_class:
        return
    if not by.has_role(Role.PMO_MANAGER):
        raise Refused("Only the PMO manager lets a class fall.", "fall_office_only")
    if not reason.strip():
        raise Refused(f"The class falls from {project.governance_class} to {given}. Give the reason.", "reason_missing")
