"""Writing guidance, answering it, and telling a lesson."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q

from governance.models import Deliverable, Lesson
from governance.policy_states import OUTCOMES, GuidanceKind
from pmo.lib.forms import StyledForm
from pmo.models import User
from portfolio.forms.base import PersonField, RowForm
from portfolio.models import Project

#: Only the latest deliverables are offered; guidance on an old one is rare.
OFFERED_DELIVERABLES = 15


class GuidanceForm(StyledForm, forms.Form):
    kind = forms.ChoiceField(label="Kind", choices=GuidanceKind.choices, widget=forms.RadioSelect)
    subject = forms.CharField(label="What it is about", max_length=160)
    text = forms.CharField(
        label="What you advise",
        widget=forms.Textarea(attrs={"rows": "10"}),
        max_length=8_000,
        help_text="What you see, why it matters, what you would do. Markdown: - list, **strong**.",
    )
    for_whom = PersonField(label="For", required=False, empty_label="The project manager")
    deliverable = forms.ModelChoiceField(
        label="On a deliverable", queryset=Deliverable.objects.none(), required=False, empty_label="The project as a whole"
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = Q(pk=project.project_manager_id) | Q(memberships__project=project)
        self.fields["for_whom"].queryset = User.objects.filter(team, is_active=True).distinct().order_by("name")  # type: ignore[attr-defined]
        newest = project.deliverables.order_by("-pk").values_list("pk", flat=True)[:OFFERED_DELIVERABLES]
        self.fields["deliverable"].queryset = project.deliverables.filter(pk__in=list(newest)).order_by("-pk")  # type: ignore[attr-defined]


class SettleGuidanceForm(StyledForm, forms.Form):
    outcome = forms.ChoiceField(
        label="What became of it", choices=[(one.value, one.label) for one in OUTCOMES], widget=forms.RadioSelect
    )
    answer = forms.CharField(
        label="What was done",
        widget=forms.Textarea,
        max_length=4_000,
        help_text="What you changed and where it can be seen; or why it was not taken up.",
    )


class LessonForm(RowForm):
    class Meta:
        model = Lesson
        fields = ["title", "category", "what_happened", "why", "next_time", "phase", "tags"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.drop("reason")
