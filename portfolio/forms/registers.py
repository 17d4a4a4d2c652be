from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from pmo.lib.forms import MoneyField, StyledForm
from portfolio.access import ProjectAccess
from portfolio.forms.base import REASON_HELP, PersonField, ReasonForm, RowForm, Sections
from portfolio.models import Action, Decision, Dependency, Issue, Project, Risk
from portfolio.states import IssueSeverity

SCALE = [("", "Not estimated"), (1, "1"), (2, "2"), (3, "3"), (4, "4"), (5, "5")]


class EntryForm(Sections, RowForm):
    """The form of one entry of a register; `access` says what the person may see of it."""

    owner = PersonField(required=False)

    def __init__(self, *args: Any, access: ProjectAccess, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access = access
        if not self.instance.pk:
            self.drop("reason")


class RiskForm(EntryForm):
    sections = (
        ("The risk", ("title", "description", "owner", "proximity_on")),
        ("Before treatment", ("probability", "impact", "chance_pct", "cost_amount")),
        ("Treatment", ("response", "treatment", "treated_probability", "treated_impact", "progressed_on")),
        ("Next", ("next_action", "next_action_on", "show_on_report")),
        ("This change", ("reason",)),
    )

    class Meta:
        model = Risk
        fields = (
            "title",
            "description",
            "owner",
            "proximity_on",
            "probability",
            "impact",
            "chance_pct",
            "cost_amount",
            "response",
            "treatment",
            "treated_probability",
            "treated_impact",
            "progressed_on",
            "next_action",
            "next_action_on",
            "show_on_report",
        )
        field_classes = {"cost_amount": MoneyField}
        help_texts = {
            "chance_pct": "With the cost it gives the expected value in dollars.",
            "show_on_report": "It stands in the next weekly report.",
            "progressed_on": "The day on which something was last done about it.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("probability", "impact", "treated_probability", "treated_impact"):
            scale = SCALE if name.startswith("treated") else SCALE[1:]
            old = self.fields[name]
            field = forms.TypedChoiceField(
                choices=scale, coerce=int, empty_value=None, required=old.required, label=old.label, help_text=old.help_text
            )
            field.widget.attrs["class"] = "select"
            self.fields[name] = field
        if not self.access.can_see_money:
            self.drop("cost_amount", "chance_pct")

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if (values.get("treated_probability") is None) != (values.get("treated_impact") is None):
            self.add_error(
                "treated_impact", forms.ValidationError("Estimate both after treatment, or neither.", code="half_treated")
            )
        return values


class IssueForm(EntryForm):
    sections = (
        ("The issue", ("title", "description", "severity", "raised_on", "owner")),
        ("Next", ("next_action", "due_on", "show_on_report")),
        ("This change", ("reason",)),
    )

    class Meta:
        model = Issue
        fields = ("title", "description", "severity", "raised_on", "owner", "next_action", "due_on", "show_on_report")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["raised_on"].initial = timezone.localdate


class DecisionForm(EntryForm):
    class Meta:
        model = Decision
        fields = ("title", "description", "needed_from", "needed_by_on", "consequence", "owner", "show_on_report")
        labels = {"owner": "Prepared by"}


class ActionForm(EntryForm):
    class Meta:
        model = Action
        fields = ("title", "description", "owner", "due_on", "show_on_report")


class DependencyForm(EntryForm):
    class Meta:
        model = Dependency
        fields = ("title", "on_project", "on_outside", "needed_on", "promised_on", "description", "owner", "show_on_report")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Project.objects.visible_to(self.access.user).exclude(pk=self.access.project.pk)
        field = self.fields["on_project"]
        field.queryset = others  # type: ignore[attr-defined]
        field.empty_label = "Not a project of the portfolio"  # type: ignore[attr-defined]
        self.instance.project = self.access.project


class OnForm(StyledForm, forms.Form):
    """A day on which something happened, today unless another is given."""

    on = forms.DateField(label="Day", widget=forms.DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate


class HappenedForm(OnForm):
    severity = forms.ChoiceField(label="Severity of the issue", choices=IssueSeverity.choices, initial=IssueSeverity.MAJOR)


class ResolveForm(OnForm):
    resolution = forms.CharField(label="How it was resolved", widget=forms.Textarea, max_length=4000)


class OutcomeForm(OnForm):
    outcome = forms.CharField(label="What was decided", widget=forms.Textarea, max_length=4000)


class DoneForm(OnForm):
    outcome = forms.CharField(label="What came of it", widget=forms.Textarea, max_length=4000, required=False)


class NoteForm(StyledForm, forms.Form):
    reason = forms.CharField(label="Note", required=False, max_length=1000, widget=forms.Textarea, help_text=REASON_HELP)


__all__ = [
    "ActionForm",
    "DecisionForm",
    "DependencyForm",
    "DoneForm",
    "HappenedForm",
    "IssueForm",
    "NoteForm",
    "OnForm",
    "OutcomeForm",
    "ReasonForm",
    "ResolveForm",
    "RiskForm",
]
