"""Answering a challenge, and ruling on it."""

from __future__ import annotations

from django import forms

from governance.states import ChallengeAnswer, Ruling
from pmo.lib.forms import StyledForm


class AnswerChallengeForm(StyledForm, forms.Form):
    answer = forms.ChoiceField(label="Your answer", choices=ChallengeAnswer.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label="In your words",
        widget=forms.Textarea,
        max_length=4_000,
        help_text="What you will change; or the evidence that carries your rating, and where it can be seen.",
    )


class RuleOnChallengeForm(StyledForm, forms.Form):
    ruling = forms.ChoiceField(
        label="Ruling",
        choices=[(ruling.value, ruling.label) for ruling in (Ruling.UPHELD, Ruling.OFFICE)],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="Reason",
        widget=forms.Textarea,
        max_length=4_000,
        help_text="It stands in the record; the project manager reads it.",
    )
