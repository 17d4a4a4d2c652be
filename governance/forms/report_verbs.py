"""Small forms of single verbs on a report."""

from __future__ import annotations

from django import forms

from pmo.lib.forms import StyledForm


class ExcuseForm(StyledForm, forms.Form):
    """Why a project need not report for one period."""

    reason = forms.CharField(
        label="Why is this report not needed?",
        max_length=240,
        help_text="It stands in the list of reports beside this week, for everyone who sees the project.",
        widget=forms.Textarea(attrs={"rows": "2"}),
    )
