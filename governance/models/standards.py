from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from governance.access import PublishedAccess
from governance.policy_states import Direction, Frequency, RecordedFigure
from pmo.lib.errors import Refused
from pmo.models.revising import Revisable
from portfolio.models.projects import code_validator

#: Words that stand in addresses where a code would.
RESERVED = ("new", "figures")


class ProductivityStandardQuerySet(models.QuerySet["ProductivityStandard"]):
    def visible_to(self, user: Any) -> ProductivityStandardQuerySet:
        return self.all() if PublishedAccess(user).can_read_policies else self.none()


class ProductivityStandard(Revisable):
    """What the office expects of its own work, as a figure that is measured again and again."""

    code = models.CharField(max_length=20, unique=True, validators=[code_validator], help_text="Never changes.")
    statement = models.CharField(max_length=240, help_text="One sentence that can be met or missed.")
    recorded_figure = models.CharField(
        "figure of the office’s performance",
        max_length=30,
        blank=True,
        choices=RecordedFigure.choices,
        help_text="With one, nobody types a figure: it is taken from the records three working days after each period.",
    )
    unit = models.CharField(max_length=30, help_text="For example %, days, findings.")
    target = models.DecimalField(max_digits=12, decimal_places=2)
    direction = models.CharField(max_length=6, choices=Direction.choices, default=Direction.HIGHER)
    how_measured = models.TextField("how it is measured", help_text="So that somebody else would find the same figure.")
    frequency = models.CharField(max_length=10, choices=Frequency.choices, default=Frequency.MONTHLY)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="standards_owned")

    objects = ProductivityStandardQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(direction__in=Direction.values), name="governance_standard_direction_known"),
            models.CheckConstraint(condition=Q(frequency__in=Frequency.values), name="governance_standard_frequency_known"),
            models.CheckConstraint(
                condition=Q(recorded_figure__in=["", *RecordedFigure.values]), name="governance_standard_recorded_figure_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.statement}"

    def get_absolute_url(self) -> str:
        return reverse("governance:standard-detail", args=[self.code])

    def is_met_by(self, value: Decimal) -> bool:
        return value >= self.target if self.direction == Direction.HIGHER else value <= self.target

    def clean(self) -> None:
        if self.code.lower() in RESERVED:
            raise ValidationError(
                {"code": ValidationError("This word is an address of its own. Choose another.", code="reserved")}
            )

    def check_revision(self, before: Any, *, by: Any, reason: str) -> list[str]:
        if "code" in before:
            raise Refused("The code of a standard never changes.", "fixed_for_ever")
        if "recorded_figure" in before and self.measurements.exists():  # type: ignore[attr-defined]
            raise Refused("Figures stand here already. A new standard can be measured another way.", "measured_already")
        if before.keys() & {"target", "direction"} and not reason.strip():
            raise Refused("Give the reason: with another target, past measurements read differently.", "reason_missing")
        return []


class StandardMeasurementQuerySet(models.QuerySet["StandardMeasurement"]):
    def visible_to(self, user: Any) -> StandardMeasurementQuerySet:
        return self.filter(standard__in=ProductivityStandard.objects.visible_to(user))


class StandardMeasurement(Revisable):
    """One figure for one period. A correction gives its reason, and what stood there before stays in the history."""

    standard = models.ForeignKey(ProductivityStandard, on_delete=models.PROTECT, related_name="measurements")
    period_end_on = models.DateField("period to")
    value = models.DecimalField(max_digits=12, decimal_places=2)
    note = models.CharField(max_length=400, blank=True)
    measured_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False, null=True, blank=True
    )
    """Nobody where the figure was taken from the records."""
    measured_at = models.DateTimeField(editable=False)

    objects = StandardMeasurementQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["standard", "-period_end_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "period_end_on"],
                name="governance_measurement_once_a_period",
                violation_error_message="This period is measured already. Correct the figure instead.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standard.code} to {self.period_end_on}"

    def get_absolute_url(self) -> str:
        return self.standard.get_absolute_url()

    @property
    def is_met(self) -> bool:
        return self.standard.is_met_by(self.value)

    def check_revision(self, before: Any, *, by: Any, reason: str) -> list[str]:
        if not reason.strip():
            raise Refused("Give the reason for the correction; the earlier figure stays in the history.", "reason_missing")
        return []
