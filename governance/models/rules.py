"""The figures that the office sets: reporting clocks and rating thresholds. One page edits them.

Every result names the version it used.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from governance.health import Limits, default_limits
from portfolio.states import GovernanceClass

WEEKDAYS = [(0, "Monday"), (1, "Tuesday"), (2, "Wednesday"), (3, "Thursday"), (4, "Friday")]


class ReportingRules(models.Model):
    """The clocks of the weekly report. There is one row."""

    status_weekday = models.PositiveSmallIntegerField("a week ends on", choices=WEEKDAYS, default=3)
    due_time = models.TimeField("reports are due at", default=dt.time(17, 0))
    reminder_weekday = models.PositiveSmallIntegerField("a reminder goes out on", choices=WEEKDAYS, default=2)
    reminder_time = models.TimeField("at", default=dt.time(12, 0))
    overdue_days = models.PositiveSmallIntegerField(
        "the PMO manager is told after", default=1, help_text="Working days after the report was due."
    )
    escalation_days = models.PositiveSmallIntegerField(
        "the executive is told after", default=3, help_text="Working days after the report was due."
    )
    review_days = models.PositiveSmallIntegerField(
        "a review is due after",
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
        help_text="Working days after submission.",
    )
    answer_days = models.PositiveSmallIntegerField(
        "a challenge is answered within",
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
        help_text="Working days.",
    )
    class_1_every_weeks = models.PositiveSmallIntegerField(
        "class 1 reports every", default=2, validators=[MinValueValidator(1), MaxValueValidator(8)], help_text="Weeks."
    )
    signing_minutes = models.PositiveSmallIntegerField(
        "a sign-in counts for signing reports for",
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text="Minutes.",
    )

    history = HistoricalRecords()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="governance_reportingrules_one_row")]

    def __str__(self) -> str:
        return "Reporting clocks"

    @classmethod
    def current(cls) -> ReportingRules:
        """Return the one row; the defaults, unsaved, while nobody has changed them. One query."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class ThresholdSet(models.Model):
    """One version of all rating thresholds. Editing makes a new version; results keep the version they used."""

    version = models.PositiveIntegerField(unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    reason = models.CharField(max_length=240, blank=True)

    class Meta:
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"Thresholds version {self.version}"


class Threshold(models.Model):
    """For one test and class: the last value that is still green, and the first value beyond which it is red."""

    threshold_set = models.ForeignKey(ThresholdSet, on_delete=models.CASCADE, related_name="thresholds")
    governance_class = models.PositiveSmallIntegerField(choices=GovernanceClass.choices)
    test = models.CharField(max_length=30)
    green_limit = models.DecimalField(max_digits=8, decimal_places=2)
    red_limit = models.DecimalField(max_digits=8, decimal_places=2)

    class Meta:
        ordering = ["governance_class", "test"]
        constraints = [
            models.UniqueConstraint(fields=["threshold_set", "governance_class", "test"], name="governance_threshold_once"),
            models.CheckConstraint(
                condition=Q(red_limit__gte=models.F("green_limit")),
                name="governance_threshold_in_order",
                violation_error_message="The red limit lies below the green one.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.test}, class {self.governance_class}"


def limits_for(governance_class: int) -> Limits:
    """Return the limits in force for a class: the newest threshold set, or the defaults while there is none. Two queries."""
    newest = ThresholdSet.objects.first()
    defaults = default_limits(governance_class, newest.version if newest else 0)
    if newest is None:
        return defaults
    rows = newest.thresholds.filter(governance_class=governance_class).values_list("test", "green_limit", "red_limit")
    return Limits(newest.version, {**defaults.by_test, **{test: (green, red) for test, green, red in rows}})
