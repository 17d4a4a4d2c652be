from __future__ import annotations

import datetime as dt

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from governance.gate_states import Gate
from portfolio.models import Project
from portfolio.states import GovernanceClass


class ClassGates(models.Model):
    """How the gates of one class are run: which it passes, who sits there and signs, when its benefits are reviewed."""

    governance_class = models.PositiveSmallIntegerField(choices=GovernanceClass.choices, unique=True)
    path = models.CharField("gates passed", max_length=40, help_text="Codes of gates in order, parted by spaces.")
    body = models.CharField("gate body", max_length=80)
    quorum = models.PositiveSmallIntegerField(
        "people present at least",
        validators=[MaxValueValidator(15)],
        help_text="People with an account who sit in the body, the one who signs among them; not the project manager.",
    )
    needs_sponsor = models.BooleanField("the sponsor is present")
    executive_signs = models.BooleanField("the executive signs")
    benefits_after = models.CharField(
        "benefits reviewed after", max_length=40, blank=True, help_text="Months after the closing, parted by spaces."
    )
    kept_from = models.DateField(
        "gates decided here from",
        null=True,
        blank=True,
        help_text="Gates held before this day may be entered from a record; later ones are decided here.",
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["governance_class"]

    def __str__(self) -> str:
        return f"Gates of class {self.governance_class}"

    @property
    def gates(self) -> tuple[Gate, ...]:
        return tuple(Gate(code) for code in self.path.split())

    def kept_since(self, project: Project) -> dt.date:
        """Return the day from which on gates of `project` are decided here: its first day here, or a later one that is set."""
        created_on = timezone.localdate(project.created_at)
        return max(created_on, self.kept_from) if self.kept_from else created_on

    @property
    def months(self) -> tuple[int, ...]:
        return tuple(int(number) for number in self.benefits_after.split())
