"""The form of the weekly report. Field names are the fields that obstacles name, so that each obstacle links to its field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from governance.models import PlanReconciliation, ReportRating, ReviewFinding, StatusReport
from governance.report_checks import Obstacle
from governance.reports import RATING_FIELDS, TEXT_FIELDS
from governance.states import GIVEN, Dimension, PlanOutcome
from pmo.lib.forms import RatingSelect, SegmentedSelect, StyledForm, style

LETTERS = [(letter.value, letter.label) for letter in GIVEN]
#: The fields of a path to green, with their labels; a red rating is asked for all of them.
PATH_LABELS = {
    "cause": "Cause",
    "action": "What brings it back",
    "action_owner": "Who does it",
    "action_due_on": "Back on plan by",
    "measure": "What will prove it",
}


class Lines(forms.CharField):
    """A text over several lines, with line ends as Python writes them, so that the same words compare as the same."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return "\n".join(line.rstrip() for line in (super().to_python(value) or "").splitlines())


def short_text() -> forms.Textarea:
    return forms.Textarea(attrs={"class": "textarea textarea--2", "rows": "2"})


def rating_fields(dimension: str) -> dict[str, forms.Field]:
    """Return the fields of one dimension by their names on the form."""
    label = Dimension(dimension).label
    choice = RatingSelect(attrs={"aria_label": f"Your rating, {label}"})
    fields: dict[str, forms.Field] = {
        "pm_letter": forms.ChoiceField(label=f"Rating of {label.lower()}", choices=LETTERS, required=False, widget=choice),
        "reason": Lines(label=f"Why is {label.lower()} not green, and what brings it back?", required=False, max_length=4000),
        "cause": Lines(required=False, max_length=2000, widget=short_text()),
        "action": Lines(required=False, max_length=2000, widget=short_text()),
        "action_owner": forms.CharField(required=False, max_length=120),
        "action_due_on": forms.DateField(required=False, widget=forms.DateInput()),
        "measure": forms.CharField(required=False, max_length=240),
    }
    for name, words in PATH_LABELS.items():
        fields[name].label = words
    return {f"{dimension}-{name}": field for name, field in fields.items()}


def item_fields(item: PlanReconciliation) -> dict[str, forms.Field]:
    choice = SegmentedSelect(attrs={"aria_label": item.text})
    note = forms.TextInput(attrs={"placeholder": "Note", "class": "input"})
    return {
        f"outcome-{item.position}": forms.ChoiceField(
            label=item.text, choices=PlanOutcome.choices, required=False, widget=choice
        ),
        f"note-{item.position}": forms.CharField(label=f"Note on “{item.text}”", required=False, max_length=240, widget=note),
    }


def answer_field(finding: ReviewFinding) -> forms.Field:
    """Return the field of an answer; what was answered is not taken back to nothing."""
    needed = {"required": "Write what you changed, or why nothing has to be changed."}
    return Lines(
        label=f"Your answer to finding {finding.number}",
        required=bool(finding.answer),
        max_length=4000,
        error_messages=needed,
    )


class ReportForm(StyledForm, forms.Form):
    """What the project manager writes: texts, ratings, last week's plan, answers to findings. A draft may be incomplete."""

    headline = Lines(required=False, max_length=300, widget=short_text())
    accomplishments = Lines(required=False, max_length=8000)
    plan = Lines(required=False, max_length=8000, label="Plan for next week")
    keeps_plan = forms.BooleanField(required=False, label="The plan stays as it was, on purpose")
    change_note = Lines(required=False, max_length=4000, label="What this correction changes, and why")

    def __init__(
        self,
        posted: Mapping[str, Any] | None = None,
        *,
        report: StatusReport,
        ratings: Iterable[ReportRating],
        items: Iterable[PlanReconciliation],
        findings: Iterable[ReviewFinding] = (),
    ) -> None:
        self.report, self.ratings, self.items, self.findings = report, list(ratings), list(items), list(findings)
        super().__init__(posted, auto_id="%s", initial=self.stored(), label_suffix="")
        for rating in self.ratings:
            self._add(rating_fields(rating.dimension))
        for item in self.items:
            self._add(item_fields(item))
        self._add({f"finding-{finding.pk}": answer_field(finding) for finding in self.findings})

    def _add(self, fields: Mapping[str, forms.Field]) -> None:
        for name, field in fields.items():
            style(field)
            self.fields[name] = field

    def stored(self) -> dict[str, Any]:
        """Return what the draft says now, by field name."""
        found: dict[str, Any] = {name: getattr(self.report, name) for name in TEXT_FIELDS}
        for rating in self.ratings:
            found |= {f"{rating.dimension}-{name}": getattr(rating, name) for name in RATING_FIELDS}
        for item in self.items:
            found |= {f"outcome-{item.position}": item.outcome, f"note-{item.position}": item.note}
        return found | {f"finding-{finding.pk}": finding.answer for finding in self.findings}

    def values(self, only: Iterable[str] | None = None) -> dict[str, Any]:
        """Return what was typed as `reports.save_draft` takes it; with `only`, of these fields. The form must be valid."""
        names = set(self.fields if only is None else only)
        typed = self.cleaned_data
        found: dict[str, Any] = {name: typed[name] for name in TEXT_FIELDS if name in names}
        found["ratings"] = {
            rating.dimension: {name: typed[key] for name in RATING_FIELDS if (key := f"{rating.dimension}-{name}") in names}
            for rating in self.ratings
        }
        found["outcomes"] = {item.position: self._outcome(item, names) for item in self.items}
        return found

    def _outcome(self, item: PlanReconciliation, names: set[str]) -> dict[str, str]:
        fields = {"outcome": f"outcome-{item.position}", "note": f"note-{item.position}"}
        return {key: self.cleaned_data[name] if name in names else self.initial[name] for key, name in fields.items()}

    def answers(self, only: Iterable[str] | None = None) -> list[tuple[ReviewFinding, str]]:
        """Return the findings whose answer was typed or changed."""
        names = set(self.fields if only is None else only)
        typed = [(finding, self.cleaned_data[key]) for finding in self.findings if (key := f"finding-{finding.pk}") in names]
        return [(finding, text) for finding, text in typed if text.strip() and text.strip() != finding.answer]

    def differing(self) -> list[str]:
        """Return the names of the fields that say something else than the draft, or cannot be read at all."""
        typed = self.cleaned_data
        return [name for name in self.fields if name not in typed or typed[name] != (self.initial[name] or self._nothing(name))]

    def _nothing(self, name: str) -> Any:
        return self.fields[name].to_python("")

    def mark(self, obstacles: Iterable[Obstacle]) -> None:
        """Put each obstacle at its field, where there is one."""
        for obstacle in obstacles:
            if obstacle.field in self.fields:
                self.add_error(obstacle.field, ValidationError(f"{obstacle.sentence}.", code=obstacle.code))

    @staticmethod
    def address(field: str) -> str:
        """Return where on the page a field is; of a group of buttons, the first."""
        return f"#{field}_0" if field.endswith("-pm_letter") or field.startswith("outcome-") else f"#{field}"
