"""Forms of policies and standards."""

from __future__ import annotations

from typing import Any

from django import forms

from governance.models import Policy, PolicyVersion, ProductivityStandard, StandardMeasurement
from governance.performance.metrics import METRICS
from governance.policy_states import RecordedFigure
from pmo.lib.forms import style
from portfolio.forms.base import PersonField, RowForm

LONG = forms.Textarea(attrs={"rows": "18"})


class PolicyForm(RowForm):
    """What is known of a policy besides its text."""

    owner = PersonField(empty_label="Choose a person")

    class Meta:
        model = Policy
        fields = ["code", "title", "owner", "review_by"]
        widgets = {"review_by": forms.DateInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.lock("code", because="The code never changes.")


class NewPolicyForm(PolicyForm):
    """A policy with its first draft."""

    text = forms.CharField(label="Text", widget=LONG, help_text="Markdown: # heading, - list, **strong**.")
    effective_on = forms.DateField(label="In force from", widget=forms.DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.drop("reason")


class PolicyTextForm(RowForm):
    """The draft of a version."""

    class Meta:
        model = PolicyVersion
        fields = ["change_note", "effective_on", "text"]
        widgets = {"effective_on": forms.DateInput(), "text": LONG, "change_note": forms.Textarea()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.drop("reason")


class StandardForm(RowForm):
    owner = PersonField(empty_label="Choose a person")

    class Meta:
        model = ProductivityStandard
        fields = [
            "code",
            "statement",
            "recorded_figure",
            "unit",
            "target",
            "direction",
            "how_measured",
            "frequency",
            "owner",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recorded_figure"].choices = [("", "None: somebody records the figures"), *RecordedFigure.choices]  # type: ignore[attr-defined]
        for name in ("unit", "how_measured"):
            self.fields[name].required = False
            self.fields[name].help_text += " Empty means: as the chosen figure of the office’s performance."
        if self.instance.pk:
            self.lock("code", because="The code never changes.")
        else:
            self.drop("reason")
        if self.instance.pk and self.instance.measurements.exists():
            self.lock("recorded_figure", because="Figures stand here already. Set a new standard to measure another way.")

    def clean(self) -> dict[str, Any]:
        """Fill in what the chosen figure says of itself; its unit is not a matter of choice."""
        values = super().clean() or self.cleaned_data
        metric = METRICS.get(values.get("recorded_figure") or "")
        if metric is not None:
            values["unit"] = metric.unit or values.get("unit")
            values["how_measured"] = values.get("how_measured") or metric.formula
        for name in ("unit", "how_measured"):
            if not values.get(name) and name not in self.errors:
                self.add_error(name, forms.ValidationError("This field is required.", code="required"))
        return values


class MeasureForm(RowForm):
    class Meta:
        model = StandardMeasurement
        fields = ["period_end_on", "value", "note"]
        widgets = {"period_end_on": forms.DateInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.drop("reason")


class CorrectMeasurementForm(RowForm):
    class Meta:
        model = StandardMeasurement
        fields = ["value", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = forms.CharField(
            label="Reason", max_length=1000, help_text="The earlier figure and this reason stay in the history."
        )
        style(self.fields["reason"])
