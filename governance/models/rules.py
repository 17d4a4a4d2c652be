"""The figures that the office sets: reporting clocks and rating thresholds. One page edits them.

Every result names the version it used.
"""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from governance.health import Limits, default_limits
from portfolio.states import GovernanceClass

#: Of what the office sets the days of a step by class; a field of the clocks is called `documents_class_1_days`.
DOCUMENTS, CHANGES = "documents", "changes"
#: Where nobody has changed them.
STEP_DAYS = {1: 5, 2: 5, 3: 10, 4: 10}
SHORTEST_STEP, LONGEST_STEP = 1, 60
WEEKDAYS = [(0, "Monday"), (1, "Tuesday"), (2, "Wednesday"), (3, "Thursday"), (4, "Friday")]


def step_field(what: str, governance_class: int) -> models.PositiveSmallIntegerField:
    """Return the clock of one class, in working days."""
    return models.PositiveSmallIntegerField(
        f"{what}, class {governance_class}",
        default=STEP_DAYS[governance_class],
        validators=[MinValueValidator(SHORTEST_STEP), MaxValueValidator(LONGEST_STEP)],
    )


def step_name(what: str, governance_class: int) -> str:
    return f"{what}_class_{governance_class}_days"


STEP_FIELDS = tuple(step_name(what, key) for what in (DOCUMENTS, CHANGES) for key in STEP_DAYS)


class ReportingRules(models.Model):
    """The clocks of the office: of the weekly report, and by class of documents and change requests. There is one row."""

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
        "the review of a report is due after",
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
    documents_class_1_days = step_field("review of documents", 1)
    documents_class_2_days = step_field("review of documents", 2)
    documents_class_3_days = step_field("review of documents", 3)
    documents_class_4_days = step_field("review of documents", 4)
    changes_class_1_days = step_field("step of a change request", 1)
    changes_class_2_days = step_field("step of a change request", 2)
    changes_class_3_days = step_field("step of a change request", 3)
    changes_class_4_days = step_field("step of a change request", 4)
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


def step_days(rules: Any, what: str, governance_class: int) -> int:
    """Return after how many working days a step is due, by `rules` or a row of their history."""
    days: int = getattr(rules, step_name(what, governance_class))
    return days


class PastClocks:
    """The clocks as they were: what began while others ran is due by those. One query, when first asked."""

    @cached_property
    def _rows(self) -> list[Any]:
        return list(ReportingRules.history.order_by("-history_date", "-history_id")) or [ReportingRules.current()]

    def at(self, moment: dt.datetime) -> Any:
        """Return the clocks that ran at `moment`; before the first change, what the office began with."""
        return next((row for row in self._rows if getattr(row, "history_date", moment) <= moment), ReportingRules(pk=1))


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
