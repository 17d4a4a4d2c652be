"""The forms of accounts and roles. They never save: each hands its values to a verb."""

from __future__ import annotations

from typing import Any

from django import forms

from pmo.administration.roles import TWO_PERSON_ROLES
from pmo.lib.forms import StyledForm
from pmo.models import User
from pmo.roles import Role
from portfolio.forms.base import REASON_HELP, RowForm

#: What a role opens, in one line.
ROLE_HELP = {
    Role.PMO_MANAGER: "decides on reports, keeps projects and rules",
    Role.EXECUTIVE: "reads everything, decides what the PMO manager may not",
    Role.FINANCE: "reads every project and its money",
    Role.HR_LIAISON: "personnel records; a second person has to agree",
    Role.AUDITOR: "reads everything with its history, changes nothing; a second person has to agree",
    Role.STAKEHOLDER: "reads what is published of every project",
    Role.ADMINISTRATOR: "keeps accounts and roles, sees no project",
}


class PersonForm(RowForm):
    """One account; `reason` is asked where an account is changed, not where one is made."""

    class Meta:
        model = User
        fields = ("name", "email", "title", "department_name")
        help_texts = {"email": "The person signs in with it. Links to choose a password go there."}
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "department_name": forms.TextInput(attrs={"list": "departments", "autocomplete": "off"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.drop("reason")

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()


class DeactivateForm(StyledForm, forms.Form):
    reason = forms.CharField(label="Why", max_length=1000, widget=forms.Textarea, help_text=REASON_HELP)
    is_confirmed = forms.BooleanField(label="I know what is left, and it may be left", required=False)

    def __init__(self, *args: Any, leaves_work: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not leaves_work:
            del self.fields["is_confirmed"]


class GiveRoleForm(StyledForm, forms.Form):
    role = forms.ChoiceField(label="Role", widget=forms.RadioSelect)
    reason = forms.CharField(label="Why", max_length=1000, widget=forms.Textarea, help_text=REASON_HELP)

    def __init__(self, *args: Any, offered: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, f"{role.value}: {ROLE_HELP[role]}") for role in offered]  # type: ignore[attr-defined]

    @property
    def two_person_roles(self) -> list[str]:
        return sorted(role.value for role in TWO_PERSON_ROLES)


class DeclineForm(StyledForm, forms.Form):
    answer = forms.CharField(
        label="Why not", max_length=1000, widget=forms.Textarea, help_text="Whoever asked reads it; it stands in the history."
    )
