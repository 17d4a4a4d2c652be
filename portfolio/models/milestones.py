from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import F
from django.db.models.functions import Coalesce
from django.urls import reverse
from simple_history.models import HistoricalRecords

from portfolio.models.projects import Project
from portfolio.states import MilestoneKind


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def visible_to(self, user: Any) -> MilestoneQuerySet:
        return self.filter(project__in=Project.objects.visible_to(user))

    def open(self) -> MilestoneQuerySet:
        return self.filter(actual_on=None)

    def by_date(self) -> MilestoneQuerySet:
        """Order by the date that counts today: actual, else forecast, else baseline."""
        return self.annotate(counts_on=Coalesce("actual_on", "forecast_on", "baseline_on")).order_by(F("counts_on").asc(nulls_last=True), "pk")


class Milestone(models.Model):
    """One dated event of a project: as first agreed, as agreed now, as expected, and as it happened."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="milestones")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=10, choices=MilestoneKind.choices, default=MilestoneKind.WORK)
    is_key = models.BooleanField("key milestone", default=False, help_text="Its lateness counts in the computed schedule rating.")
    original_on = models.DateField("original baseline", null=True, blank=True)
    baseline_on = models.DateField("current baseline", null=True, blank=True)
    forecast_on = models.DateField("forecast", null=True, blank=True)
    actual_on = models.DateField("actual", null=True, blank=True)
    show_on_report = models.BooleanField("show on report", default=True)

    objects = MilestoneQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="portfolio_milestone_number_once"),
            models.UniqueConstraint(
                fields=["project", "name"], name="portfolio_milestone_name_once", violation_error_message="The project already has a milestone of this name."
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("portfolio:milestone-list", args=[self.project.code]) + f"#milestone-{self.number}"

    @property
    def expected_on(self) -> dt.date | None:
        """Return the actual date, else the forecast, else the current baseline."""
        return self.actual_on or self.forecast_on or self.baseline_on
