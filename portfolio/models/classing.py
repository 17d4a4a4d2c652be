from __future__ import annotations

from django.conf import settings
from django.db import models

from portfolio.models.projects import Project
from portfolio.states import GovernanceClass


class ClassScore(models.Model):
    """One answering of the ten questions that decide how much governance a project needs. The latest one counts; none is changed."""

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
        constraints = [models.CheckConstraint(condition=models.Q(total__gte=0, total__lte=20), name="portfolio_classscore_total_0_to_20")]

    def __str__(self) -> str:
        return f"{self.total} points, {self.get_governance_class_display()}"
