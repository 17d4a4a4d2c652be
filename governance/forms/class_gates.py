"""The form of how the gates of one class are run."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from governance.class_gates import Terms
from governance.gate_states import Gate
from governance.models import ClassGates
from pmo.lib.forms import StyledForm


class ClassGatesForm(StyledForm, forms.ModelForm):  # type: ignore[type-arg]
    path = forms.MultipleChoiceField(
        label="Gates passed",
        choices=[(gate.value, gate.label) for gate in Gate],
        widget=forms.CheckboxSelectMultiple,
        help_text="G3 is passed only by those that buy something.",
    )
    benefits_after = forms.CharField(
        label="Benefits reviewed after", max_length=40, required=False, help_text="Months after the closing, for example 6, 12."
    )
    reason = forms.CharField(label="Why it changes", max_length=240, help_text="It stands beside the change in the history.")

    class Meta:
        model = ClassGates
        fields = ["path", "body", "quorum", "needs_sponsor", "executive_signs", "benefits_after", "kept_from"]
        widgets = {"kept_from": forms.DateInput()}

    def __init__(self, *args: Any, instance: ClassGates, **kwargs: Any) -> None:
        shown = {"path": instance.path.split(), "benefits_after": ", ".join(instance.benefits_after.split())}
        super().__init__(*args, instance=instance, initial=shown, **kwargs)

    def clean_benefits_after(self) -> tuple[int, ...]:
        """Return the months. Raises ValidationError where something else than numbers was typed."""
        words = re.split(r"[,;\s]+", self.cleaned_data["benefits_after"].strip())
        months = [word for word in words if word]
        if not all(re.fullmatch(r"[0-9]{1,3}", word) for word in months):
            raise forms.ValidationError("Write months as numbers, for example 6, 12.", code="not_months")
        return tuple(int(word) for word in months)

    def _post_clean(self) -> None:
        """Leave the row as it is: the verb judges what was typed and writes it."""

    def terms(self) -> Terms:
        given = self.cleaned_data
        names = ("body", "quorum", "needs_sponsor", "executive_signs", "kept_from")
        return Terms(path=tuple(given["path"]), months=given["benefits_after"], **{name: given[name] for name in names})
