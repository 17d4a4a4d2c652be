"""Milestones and the team."""

from __future__ import annotations

from typing import Any

from django import forms

from pmo.lib.forms import StyledForm
from pmo.models import User
from portfolio.forms.base import PersonField, RowForm
from portfolio.forms.projects import BASELINE_HELP
from portfolio.models import Milestone, Project, ProjectMember
from portfolio.states import MemberRole


class MilestoneForm(RowForm):
    class Meta:
        model = Milestone
        fields = ("name", "kind", "is_key", "baseline_on", "forecast_on", "show_on_report")
        help_texts = {
            "baseline_on": "The date that was agreed. The first one stays on record as the original baseline.",
            "forecast_on": "When it is expected as things stand today.",
            "show_on_report": "It stands in the next weekly report.",
        }

    def __init__(self, *args: Any, user: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.project = project
        if not self.instance.pk:
            self.drop("reason")
        elif self.instance.baseline_on and project.is_agreed:
            self.lock("baseline_on", because=BASELINE_HELP)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Milestone.objects.filter(project=self.instance.project, name=name).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError("The project already has a milestone of this name.", code="name_taken")
        return name


class MemberNewForm(StyledForm, forms.Form):
    user = PersonField(label="Person", required=True, empty_label="Choose a person")
    role = forms.ChoiceField(label="Role", choices=MemberRole.choices, initial=MemberRole.MEMBER)
    note = forms.CharField(label="What they do on this project", max_length=160, required=False)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        on_team = ProjectMember.objects.filter(project=project).values("user_id")
        self.fields["user"].queryset = User.objects.who_act().exclude(pk__in=on_team)  # type: ignore[attr-defined]


class MemberForm(RowForm):
    class Meta:
        model = ProjectMember
        fields = ("role", "note")
