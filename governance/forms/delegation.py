"""Giving a delegation."""

from __future__ import annotations

from typing import Any

from django import forms

from governance.delegating import BARRED
from governance.kinds import KINDS
from pmo.lib.forms import StyledForm
from pmo.models import User
from portfolio.states import GovernanceClass

KIND_CHOICES = [(kind.value, kind.label) for kind in KINDS]


class GiveDelegationForm(StyledForm, forms.Form):
    to = forms.ModelChoiceField(label="Who decides in your name", queryset=User.objects.none(), empty_label="Choose a person")
    starts_on = forms.DateField(label="First day", widget=forms.DateInput)
    ends_on = forms.DateField(label="Last day", widget=forms.DateInput)
    kinds = forms.MultipleChoiceField(
        label="For which deliverables", choices=KIND_CHOICES, widget=forms.CheckboxSelectMultiple, initial=[KIND_CHOICES[0][0]]
    )
    highest_class = forms.TypedChoiceField(
        label="Up to which class of project",
        choices=GovernanceClass.choices,
        coerce=int,
        initial=GovernanceClass.CLASS_4,
        help_text="Projects of a higher class keep waiting for you.",
    )
    reason = forms.CharField(label="Reason", max_length=240, help_text="For example: leave. It stands in the record.")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        barred = User.objects.filter(groups__name__in=[role.value for role in BARRED])
        people = User.objects.filter(is_active=True).exclude(pk=user.pk).exclude(pk__in=barred.values("pk"))
        self.fields["to"].queryset = people.order_by("name")  # type: ignore[attr-defined]
