"""Changing the figures that the office sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField

from governance.health import TESTS, plain
from governance.models import ChecklistItem, ReportingRules
from governance.models.rules import CHANGES, DOCUMENTS, STEP_FIELDS, step_name
from governance.rule_changes import CLASSES, Question
from pmo.lib.forms import StyledForm
from pmo.models.calendar import CityHoliday
from portfolio.states import GovernanceClass

REASON = "It stands beside the change in the history."


def limit_field(label: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        min_value=Decimal(0),
        max_value=Decimal(9999),
        max_digits=8,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"class": "input input--num", "step": "any", "aria-label": label}),
    )


#: The clocks that differ by class: their label, and from when they run.
STEPS = {
    DOCUMENTS: ("Review of a document", "From its submission to the decision."),
    CHANGES: ("Step of a change request", "From one step to the next: assessed, agreed, decided."),
}


class ThresholdsForm(StyledForm, forms.Form):
    """Both limits of every test for every class, and why they change."""

    reason = forms.CharField(label="Why they change", max_length=240, help_text=REASON)

    def __init__(self, *args: Any, limits: Mapping[tuple[int, str], tuple[Decimal, Decimal]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for (governance_class, test), (green, red) in limits.items():
            for color, limit in (("green", green), ("red", red)):
                name = f"{test}-{governance_class}-{color}"
                self.fields[name] = limit_field(f"{TESTS[test][0]}, class {governance_class}, {color}")
                self.fields[name].initial = plain(limit)

    def classes(self) -> list[tuple[str, list[tuple[str, str, BoundField, BoundField]]]]:
        """Return for each class its label and rows: what is tested, the unit, the green and the red limit."""
        return [(GovernanceClass(key).label, [self._row(key, test) for test in TESTS]) for key in CLASSES]

    def _row(self, governance_class: int, test: str) -> tuple[str, str, BoundField, BoundField]:
        label, unit, _, _ = TESTS[test]
        return label, unit.strip(), self[f"{test}-{governance_class}-green"], self[f"{test}-{governance_class}-red"]

    def limits(self) -> dict[tuple[int, str], tuple[Decimal, Decimal]]:
        """Return what was sent, once the form is valid."""
        data = self.cleaned_data
        return {(key, test): (data[f"{test}-{key}-green"], data[f"{test}-{key}-red"]) for key in CLASSES for test in TESTS}


class ClocksForm(StyledForm, forms.ModelForm):  # type: ignore[type-arg]
    reason = forms.CharField(label="Why they change", max_length=240, help_text=REASON)

    class Meta:
        model = ReportingRules
        fields = [
            "status_weekday",
            "due_time",
            "reminder_weekday",
            "reminder_time",
            "overdue_days",
            "escalation_days",
            "review_days",
            "answer_days",
            "class_1_every_weeks",
            "signing_minutes",
            *STEP_FIELDS,
        ]
        labels = {"reminder_time": "The reminder goes out at"}
        widgets = {
            "due_time": forms.TimeInput(attrs={"type": "time", "class": "input input--date"}, format="%H:%M"),
            "reminder_time": forms.TimeInput(attrs={"type": "time", "class": "input input--date"}, format="%H:%M"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for what, (label, _) in STEPS.items():
            for key in CLASSES:
                named = {"class": "input input--num", "aria-label": f"{label}, class {key}, working days"}
                self.fields[step_name(what, key)].widget.attrs.update(named)

    def weekly(self) -> list[BoundField]:
        """Return the clocks that are the same for every class, and the reason."""
        return [field for field in self.visible_fields() if field.name not in STEP_FIELDS]

    def steps(self) -> list[tuple[str, str, list[tuple[int, BoundField]]]]:
        """Return for each clock by class its label, from when it runs, and its fields by class."""
        return [(label, runs, [(key, self[step_name(what, key)]) for key in CLASSES]) for what, (label, runs) in STEPS.items()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        overdue, escalation = data.get("overdue_days"), data.get("escalation_days")
        if overdue is not None and escalation is not None and escalation < overdue:
            self.add_error(
                "escalation_days", forms.ValidationError("The executive is told after the PMO manager.", "too_early")
            )
        return data


class HolidayForm(StyledForm, forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = CityHoliday
        fields = ["on", "name", "is_working_day"]
        widgets = {"on": forms.DateInput}


class QuestionForm(StyledForm, forms.Form):
    """One line of the checklist; an empty line asks nothing."""

    key = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(label="Question", max_length=200, required=False)
    is_active = forms.BooleanField(label="Asked", required=False)
    position = forms.IntegerField(label="Place", min_value=1, max_value=99, required=False)


QuestionFormSet = forms.formset_factory(QuestionForm, extra=2, max_num=40)


def question_rows(items: Iterable[ChecklistItem]) -> list[dict[str, Any]]:
    return [
        {"key": item.pk, "text": item.text, "is_active": item.is_active, "position": place}
        for place, item in enumerate(items, start=1)
    ]


def questions_in(formset: Any) -> list[Question]:
    """Return the questions in the order of their places; a new line without a place comes last and is asked."""
    rows = [form.cleaned_data for form in formset if form.cleaned_data.get("text", "").strip()]
    rows.sort(key=lambda row: row.get("position") or 100)
    return [Question(row.get("key"), row["text"], row["is_active"] or row.get("key") is None) for row in rows]
