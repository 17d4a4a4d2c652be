"""Gates of the past: a file of another house, and one gate from a record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import RegexValidator

from governance.gate_states import Gate
from pmo.lib.forms import StyledForm
from portfolio.importing.forms import UploadForm


class GateFileForm(UploadForm):
    source = forms.CharField(
        label="Whose records they are",
        max_length=80,
        help_text="It stands with every project and gate of the file, such as “Water department, capital delivery”.",
        error_messages={"required": "Say whose records they are."},
    )
    currency = forms.CharField(
        label="Currency of the budgets",
        initial="USD",
        max_length=3,
        help_text="Three letters, such as USD or AUD.",
        validators=[RegexValidator(r"^[A-Z]{3}$", "Give the three-letter code of the currency.")],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = (
            "At most 20 MB. One row for each project: a column Code or ID, and one column with a date for each gate, headed G0 "
            "to G6. Name, Class, Program, Department and Budget are read where they are there."
        )

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()


class PastGateForm(StyledForm, forms.Form):
    """A gate that was passed before gates were kept here."""

    gate = forms.ChoiceField(label="Gate", choices=Gate.choices)
    held_on = forms.DateField(label="Held on", widget=forms.DateInput)
    planned_on = forms.DateField(
        label="Was planned for",
        required=False,
        widget=forms.DateInput,
        help_text="Where the record says so; otherwise the day on which it was held.",
    )
    source = forms.CharField(
        label="The record that says so", max_length=80, help_text="Such as “Minutes of the steering committee, 12 Mar 2025”."
    )

    def __init__(self, *args: Any, gates: Sequence[Gate] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gate"].choices = [(gate.value, gate.label) for gate in gates]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["planned_on"] = data.get("planned_on") or data.get("held_on")
        return data
