"""Forms of policies and standards."""

from __future__ import annotations

from typing import Any

from django import forms

from governance.models import Policy, PolicyVersion, ProductivityStandard, StandardMeasurement
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
        fields = ["code", "statement", "unit", "target", "direction", "how_measured", "frequency", "owner"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.lock("code", because="The code never changes.")
        else:
            self.drop("reason")


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
