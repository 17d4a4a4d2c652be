from __future__ import annotations

from typing import Any

from django import forms

from pmo.lib.forms import MoneyField, StyledForm
from pmo.roles import Role
from portfolio.forms.base import PersonField, RowForm, Sections
from portfolio.models import Department, Program, Project
from portfolio.models.projects import AGREED, UNITS_OF_MONEY
from portfolio.states import Phase, Priority

#: Codes that are words of our own addresses.
RESERVED = {"new", "bulk"}
BASELINE_HELP = "Agreed. It changes by an approved change request only, under Changes."
AMOUNTS = ("budget_amount", "contingency_amount", "spent_amount", "committed_amount", "forecast_amount")


class ProjectForm(Sections, RowForm):
    sections = (
        ("Identity", ("code", "name", "purpose", "department", "program")),
        ("People", ("sponsor", "business_owner", "project_manager")),
        ("Governance", ("phase", "priority", "is_reporting", "reporting_from_on")),
        ("Dates", ("start_on", "baseline_finish_on", "forecast_finish_on")),
        ("Money", ("currency", "amount_unit", *AMOUNTS, "money_as_of")),
        ("This change", ("reason",)),
    )
    sponsor = PersonField(required=False)
    business_owner = PersonField(required=False)
    project_manager = PersonField(required=False)

    class Meta:
        model = Project
        fields = (
            "code",
            "name",
            "purpose",
            "department",
            "program",
            "sponsor",
            "business_owner",
            "project_manager",
            "phase",
            "priority",
            "is_reporting",
            "reporting_from_on",
            "start_on",
            "baseline_finish_on",
            "forecast_finish_on",
            "currency",
            "amount_unit",
            *AMOUNTS,
            "money_as_of",
        )
        field_classes = dict.fromkeys(AMOUNTS, MoneyField)
        help_texts = {
            "baseline_finish_on": "The finish that was agreed. The first one stays on record as the original baseline.",
            "forecast_finish_on": "When it is expected to finish as things stand today.",
            "project_manager": "Writes the weekly report.",
            "forecast_amount": "What it is expected to cost in all.",
            "contingency_amount": "Approved beside the budget, for what nobody could foresee. Changes may be paid from it.",
            "money_as_of": "The day on which spent, committed and forecast were true.",
            "is_reporting": "A report is due for each week, or every second one in class 1.",
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.drop(*(("code", "phase") if self.instance.pk else ("reason",)))
        for name in ("department", "program"):
            self.fields[name].empty_label = "None"  # type: ignore[attr-defined]
        if self.instance.pk and self.instance.is_agreed:
            self.lock_agreed()
        if not user.has_role(Role.PMO_MANAGER):
            self.narrow_to_manager()
        elif self.instance.pk and self.instance.project_manager_id == user.pk:
            self.narrow_to_own()
        self.fields["currency"].widget.attrs["maxlength"] = "3"

    def lock_agreed(self) -> None:
        """Show what was agreed without offering it: it changes by an approved change request only."""
        project = self.instance
        agreed = [name for name in AGREED if name not in UNITS_OF_MONEY and getattr(project, name) is not None]
        has_amount = {"budget_amount", "contingency_amount"} & set(agreed)
        self.lock(*agreed, *(UNITS_OF_MONEY if has_amount else ()), because=BASELINE_HELP)

    def narrow_to_manager(self) -> None:
        """A project manager edits the facts; manager, phase, priority, program and agreed figures are the office's."""
        self.drop("project_manager", "priority", "program", "is_reporting", "contingency_amount")

    def narrow_to_own(self) -> None:
        """A PMO manager who manages the project leaves its contingency to somebody else in the office."""
        self.drop("contingency_amount")

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if code.casefold() in RESERVED:
            raise forms.ValidationError("This word is part of our own addresses. Choose another code.", code="code_reserved")
        if Project.objects.filter(code__iexact=code).exists():
            raise forms.ValidationError("A project has this code already. Choose another one.", code="code_taken")
        return code

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()


class PhaseForm(StyledForm, forms.Form):
    phase = forms.ChoiceField(label="Phase", choices=[one for one in Phase.choices if one[0] != Phase.CLOSED])
    reason = forms.CharField(
        label="Why it is wrong", max_length=1000, widget=forms.Textarea, help_text="It stands in the history."
    )


class BulkForm(StyledForm, forms.Form):
    """What is to happen to the marked projects; the field for the value follows from the action."""

    ACTIONS = {
        "program": "Set the program",
        "priority": "Set the priority",
        "reporting": "Set whether they owe reports",
        "hold": "Put on hold",
        "reactivate": "Reactivate",
    }
    reason = forms.CharField(
        label="Reason", max_length=1000, required=False, help_text="It stands in the history of each project."
    )

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action = action
        if action == "program":
            programs = Program.objects.filter(is_active=True)
            self.fields["value"] = forms.ModelChoiceField(programs, label="Program", required=False, empty_label="No program")
        elif action == "priority":
            self.fields["value"] = forms.TypedChoiceField(choices=Priority.choices, coerce=int, label="Priority")
        elif action == "reporting":
            choices = [("yes", "They owe reports"), ("no", "They owe none")]
            self.fields["value"] = forms.TypedChoiceField(choices=choices, coerce=lambda word: word == "yes", label="Reports")
        else:
            self.fields["reason"].required = True
        self.order_fields(["value", "reason"])
        for name in self.fields:
            self.fields[name].widget.attrs.setdefault("class", "select" if name == "value" else "input")


class ProgramForm(RowForm):
    owner = PersonField(required=False)

    class Meta:
        model = Program
        fields = ("code", "name", "purpose", "owner", "is_active")
        labels = {"is_active": "Projects may still be added"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.drop("code") if self.instance.pk else self.drop("reason", "is_active")


class DepartmentForm(RowForm):
    class Meta:
        model = Department
        fields = ("name",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.drop("reason")
