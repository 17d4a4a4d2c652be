"""The forms by which a condition goes on, and the one that closes a finding."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms

from governance.attachments import LIMIT, TAKEN
from governance.conditions import managers_of
from governance.models import Condition
from pmo.lib.forms import StyledForm
from pmo.models import User
from portfolio.models import Project


class GiveEvidenceForm(StyledForm, forms.Form):
    text = forms.CharField(
        label="What shows that it is met",
        widget=forms.Textarea,
        max_length=4_000,
        required=False,
        help_text="So that a stranger can check it.",
    )
    url = forms.URLField(label="Link to the evidence", required=False, max_length=200, assume_scheme="https")
    file = forms.FileField(label="Or a file", required=False, help_text=f"{TAKEN}; up to {LIMIT // 1024 // 1024} MB. It stays.")


class RefuseEvidenceForm(StyledForm, forms.Form):
    reason = forms.CharField(label="What is missing", widget=forms.Textarea, max_length=2_000)


class ExtendConditionForm(StyledForm, forms.Form):
    due_on = forms.DateField(label="New due date", widget=forms.DateInput)
    reason = forms.CharField(label="Reason", max_length=240, help_text="It stands in the history.")


class ReassignConditionForm(StyledForm, forms.Form):
    owner = forms.ModelChoiceField(label="Owner", queryset=User.objects.none(), help_text="Brings the evidence.")
    verifier = forms.ModelChoiceField(
        label="Verifier", queryset=User.objects.none(), help_text="Judges the evidence; never the owner."
    )
    reason = forms.CharField(label="Reason", max_length=240, help_text="It stands in the history.")

    def __init__(self, *args: Any, condition: Condition, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"owner": condition.owner_id, "verifier": condition.verifier_id})
        super().__init__(*args, **kwargs)
        offer_people(self, condition.project, managers_of(condition))


def offer_people(form: forms.Form, project: Project, managers: Collection[int] = ()) -> None:
    """Offer as owner and verifier those who can do it: no auditor, and to verify not the manager of the project.

    `managers` are those who count as its managers beside the present one.
    """
    people = User.objects.who_act()
    form.fields["owner"].queryset = people  # type: ignore[attr-defined]
    form.fields["verifier"].queryset = people.exclude(managed_projects=project).exclude(pk__in=managers)  # type: ignore[attr-defined]


class CloseFindingForm(StyledForm, forms.Form):
    evidence = forms.CharField(label="What shows that it is settled", widget=forms.Textarea, max_length=2_000)
