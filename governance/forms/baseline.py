"""Correcting a typing error in the newest baseline."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from pmo.lib.forms import MoneyField, StyledForm, style
from portfolio.models import Baseline


class CorrectBaselineForm(StyledForm, forms.Form):
    """The figures of a baseline and the dates of its milestones, as they should have been typed."""

    start_on = forms.DateField(label="Start", required=False, widget=forms.DateInput)
    finish_on = forms.DateField(label="Finish", required=False, widget=forms.DateInput)
    budget_amount = MoneyField(label="Budget", required=False)
    contingency_amount = MoneyField(label="Contingency", required=False)
    reason = forms.CharField(
        label="What was typed wrongly",
        max_length=1_000,
        widget=forms.Textarea,
        help_text="It stands beside both, what was typed first and the correction.",
    )

    FIGURES = ("start_on", "finish_on", "budget_amount", "contingency_amount")

    def __init__(self, *args: Any, baseline: Baseline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.FIGURES:
            self.fields[name].initial = getattr(baseline, name)
        self.numbers = []
        for row in baseline.dates.all():
            field = forms.DateField(label=row.name, initial=row.on, widget=forms.DateInput)
            style(field)
            self.fields[f"milestone_{row.milestone_number}"] = field
            self.numbers.append(row.milestone_number)
        self.order_fields([*self.FIGURES, *(f"milestone_{number}" for number in self.numbers), "reason"])

    def figures(self) -> dict[str, Any]:
        """Return the figures that were typed; an emptied one stays, for a correction takes nothing back that was agreed."""
        return {name: self.cleaned_data[name] for name in self.FIGURES if self.cleaned_data[name] is not None}

    def dates(self) -> dict[int, dt.date]:
        return {number: self.cleaned_data[f"milestone_{number}"] for number in self.numbers}
