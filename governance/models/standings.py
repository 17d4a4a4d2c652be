from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import F, Q

from governance.models.versions import DeliverableVersion
from governance.states import Letter
from portfolio.models import Project
from portfolio.states import Phase


class StandingFields(models.Model):
    """What a list or dashboard says of a project. Everything in it is published, except `pm_overall`."""

    overall = models.CharField(max_length=1, choices=Letter.choices, default=Letter.GREY)
    scope = models.CharField(max_length=1, choices=Letter.choices, default=Letter.GREY)
    schedule = models.CharField(max_length=1, choices=Letter.choices, default=Letter.GREY)
    budget = models.CharField(max_length=1, choices=Letter.choices, default=Letter.GREY)
    quality = models.CharField(max_length=1, choices=Letter.choices, default=Letter.GREY)
    risk = models.CharField(max_length=1, choices=Letter.choices, default=Letter.GREY)
    resources = models.CharField(max_length=1, choices=Letter.choices, default=Letter.GREY)
    previous_overall = models.CharField(max_length=1, choices=Letter.choices, default=Letter.GREY)
    evidence_overall = models.CharField(max_length=1, choices=Letter.choices, default=Letter.NOT_ASSESSED)
    pm_overall = models.CharField(max_length=1, choices=Letter.choices, blank=True)
    reason = models.TextField(blank=True, help_text="Why the published rating is what it is; for grey, what is missing.")
    strip = models.CharField(
        max_length=12, blank=True, help_text="The published overall ratings of the last twelve periods, oldest first."
    )
    phase = models.CharField(max_length=12, choices=Phase.choices, blank=True)
    original_finish_on = models.DateField(null=True, blank=True)
    baseline_finish_on = models.DateField(null=True, blank=True)
    forecast_finish_on = models.DateField(null=True, blank=True)
    slip_days = models.IntegerField(
        null=True, blank=True, help_text="Working days, forecast against current baseline; positive is late."
    )
    currency = models.CharField(max_length=3, default="USD")
    amount_unit = models.PositiveIntegerField(default=1)
    budget_amount = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    forecast_amount = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    variance_amount = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    next_milestone = models.CharField(max_length=160, blank=True)
    next_milestone_on = models.DateField(null=True, blank=True)
    report_number = models.PositiveIntegerField(null=True, blank=True)
    report_period_end_on = models.DateField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    is_report_overdue = models.BooleanField(default=False)
    rebaselined_on = models.DateField(null=True, blank=True)
    imported_rating = models.CharField(
        max_length=400, blank=True, help_text="What the source of an imported project said, in its own words."
    )
    imported_as_of = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    @classmethod
    def field_names(cls) -> list[str]:
        return [field.name for field in StandingFields._meta.local_fields]


class StandingQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def open_projects(self) -> StandingQuerySet:
        return self.filter(project__status__in=["active", "on_hold"])


class ProjectStanding(StandingFields):
    """One row for each project: all that lists and dashboards read. Written by the verbs, rebuilt by `rebuild_standings`."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="standing")
    version = models.ForeignKey(DeliverableVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = StandingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["overall"], name="governance_standing_overall")]

    def __str__(self) -> str:
        return f"{self.project.code}: {self.get_overall_display()}"


class SnapshotQuerySet(models.QuerySet["StandingSnapshot"]):
    def as_of(self, day: dt.date) -> SnapshotQuerySet:
        """Return each project's row as it stood at the end of `day`."""
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gt=day), from_on__lte=day)


class StandingSnapshot(StandingFields):
    """How a project stood from one day until the day before another; a row for each day on which something changed."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="snapshots")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=10, blank=True)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["project", "from_on"]
        constraints = [
            models.UniqueConstraint(fields=["project", "from_on"], name="governance_snapshot_one_a_day"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(until_on__isnull=True), name="governance_snapshot_one_current"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gt=F("from_on")), name="governance_snapshot_days_in_order"
            ),
        ]
        indexes = [models.Index(fields=["from_on", "until_on"], name="governance_snapshot_days")]

    def __str__(self) -> str:
        return f"{self.project.code} from {self.from_on}"

    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in StandingFields.field_names()}
