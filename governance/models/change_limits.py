from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from governance.change_authority import SizeLimits
from portfolio.states import GovernanceClass

PERCENT = [MinValueValidator(Decimal("0.1")), MaxValueValidator(Decimal(100))]


class ChangeLimits(models.Model):
    """By which size of all changes since the last baseline somebody higher decides. There is one row."""

    low_percent = models.DecimalField(
        "the PMO manager decides from",
        max_digits=5,
        decimal_places=2,
        default=5,
        validators=PERCENT,
        help_text="Percent of the baseline budget, or of the baseline duration.",
    )
    low_days = models.PositiveSmallIntegerField(
        "or from",
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(250)],
        help_text="Working days by which the finish moves.",
    )
    high_percent = models.DecimalField(
        "the governance board decides from",
        max_digits=5,
        decimal_places=2,
        default=10,
        validators=PERCENT,
        help_text="Percent of the baseline budget, or of the baseline duration.",
    )
    scope_class = models.PositiveSmallIntegerField(
        "changes of scope or benefits go to the board from",
        choices=GovernanceClass.choices,
        default=GovernanceClass.CLASS_3,
    )

    baseline_class = models.PositiveSmallIntegerField(
        "a new baseline goes to the board from",
        choices=GovernanceClass.choices,
        default=GovernanceClass.CLASS_3,
        help_text="In lower classes the PMO manager decides on it.",
    )

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="governance_changelimits_one_row"),
            models.CheckConstraint(
                condition=Q(low_percent__lt=F("high_percent"), low_percent__gt=0, low_days__gt=0),
                name="governance_changelimits_in_order",
                violation_error_message="The PMO manager’s limit must lie above zero and below the board’s.",
            ),
        ]

    def __str__(self) -> str:
        return "Limits of changes"

    @classmethod
    def current(cls) -> ChangeLimits:
        """Return the one row; the defaults, unsaved, while nobody has changed them. One query."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    def as_sizes(self) -> SizeLimits:
        classes = (self.scope_class, self.baseline_class)
        return SizeLimits(Decimal(self.low_percent), Decimal(self.high_percent), self.low_days, *classes)
