"""Writing a change request with its options as rows; assessing it, deciding on it, and the limits of who decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from governance.change_requests import DO_NOTHING, EFFECTS, Option
from governance.models import ChangeLimits, ChangeRequest
from governance.models.changes import DRAFTED
from pmo.lib.forms import MoneyField, StyledForm, style
from portfolio.forms.base import PersonField, Sections
from portfolio.models import Milestone, Project

MOST_OPTIONS = 8
LEAST_ROWS = 2
OPTION_FIELDS = ("title", "consequence", "cost_effect", "days_effect")


class ChangeForm(Sections, StyledForm, forms.ModelForm):  # type: ignore[type-arg]
    """A draft, incomplete as it may be. The first option is always to do nothing; empty rows are left out when it is stored."""

    sections = (
        ("What and why", ("title", "reason_code", "description")),
        ("Effect on dates and money", ("days_effect", "cost_effect", "within_contingency", "funding_source")),
        (
            "Other effects",
            ("scope_effect", "changes_scope", "quality_effect", "risk_effect", "benefits_effect", "resources_effect"),
        ),
        ("Baseline", ("wants_baseline", "root_cause", "moved_start_on")),
        ("Assessment", ("assessor",)),
    )
    assessor = PersonField(
        label="Team member who may assess it",
        required=False,
        empty_label="Nobody of the team",
        help_text="The office and finance may assess it in any case. Never who asks for it.",
    )

    class Meta:
        model = ChangeRequest
        fields = [name for name in DRAFTED if name != "moved_dates"]
        field_classes = {"cost_effect": MoneyField}
        labels = {"changes_scope": "It changes the scope or the benefits", "within_contingency": "It is paid from contingency"}
        help_texts = {
            "title": "What changes, in a few words.",
            "description": "What is to change, and what happens if it does not.",
            "wants_baseline": "Finish and budget are agreed anew with all changes approved since. The original baseline stays.",
            "moved_start_on": "Only where a new baseline moves the start; leave it empty otherwise.",
            "root_cause": "Needed for a new baseline: why the agreed plan no longer holds and what was done about it.",
            "scope_effect": "“None” is an answer.",
            "funding_source": "Where the money comes from, unless it is contingency.",
        }

    def __init__(self, *args: Any, project: Project, options: Sequence[Option] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assessor"].queryset = project.members.filter(is_active=True).order_by("name")  # type: ignore[attr-defined]
        for name in ("days_effect", "cost_effect"):
            self.fields[name].required = False
        for name in EFFECTS:
            self.fields[name].widget.attrs["rows"] = "2"
        self.stored = list(options) or [Option(DO_NOTHING, is_do_nothing=True)]
        self.count = max(LEAST_ROWS, self._sent_count() if self.is_bound else len(self.stored))
        self.fields["option_count"] = forms.IntegerField(
            required=False, widget=forms.HiddenInput, initial=self.count, max_value=MOST_OPTIONS, min_value=LEAST_ROWS
        )
        self.fields["recommended"] = forms.IntegerField(required=False, widget=forms.HiddenInput)
        for row in range(self.count):
            self._add_row(row)
        self.planned = list(
            project.milestones.filter(actual_on=None).exclude(baseline_on=None).order_by("baseline_on", "number")
        )
        for milestone in self.planned:
            self._add_milestone(milestone)

    def _sent_count(self) -> int:
        sent = self.data.get("option_count", "")
        return min(MOST_OPTIONS, int(sent)) if sent.isdecimal() and len(sent) < 4 else len(self.stored)

    def _add_row(self, row: int) -> None:
        stored = self.stored[row] if row < len(self.stored) else Option("")
        number = row + 1
        made: dict[str, forms.Field] = {
            "title": forms.CharField(label=f"Option {number}", max_length=120, required=False, initial=stored.title),
            "consequence": forms.CharField(
                label=f"What follows from option {number}",
                required=False,
                max_length=4_000,
                widget=forms.Textarea(attrs={"rows": 2}),
                initial=stored.consequence,
            ),
            "cost_effect": MoneyField(label=f"Cost of option {number}", required=False, initial=stored.cost_effect),
            "days_effect": forms.IntegerField(label=f"Days of option {number}", required=False, initial=stored.days_effect),
        }
        for name, field in made.items():
            style(field)
            self.fields[f"option_{row}_{name}"] = field

    def _add_milestone(self, milestone: Milestone) -> None:
        new_on = self.instance.moves.get(milestone.number)
        field = forms.DateField(label=f"New date of “{milestone.name}”", required=False, initial=new_on, widget=forms.DateInput)
        style(field)
        self.fields[f"milestone_{milestone.number}"] = field

    @property
    def milestones(self) -> list[tuple[Milestone, forms.BoundField]]:
        """Return each milestone that is still ahead with the field for its new date."""
        return [(one, self[f"milestone_{one.number}"]) for one in self.planned]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return the options as the page shows them."""
        return [
            {
                "row": row,
                "number": row + 1,
                "is_first": row == 0,
                "is_recommended": self._recommended() == row,
                **{name: self[f"option_{row}_{name}"] for name in OPTION_FIELDS},
            }
            for row in range(self.count)
        ]

    @property
    def may_add(self) -> bool:
        return self.count < MOST_OPTIONS

    def _recommended(self) -> int | None:
        if self.is_bound:
            sent = self.data.get("recommended", "")
            return int(sent) if sent.isdecimal() and len(sent) < 3 else None
        return next((place for place, one in enumerate(self.stored) if one.is_recommended), None)

    def clean_days_effect(self) -> int:
        return self.cleaned_data["days_effect"] or 0

    def clean_cost_effect(self) -> Any:
        return self.cleaned_data["cost_effect"] or 0

    def values(self) -> dict[str, Any]:
        typed = {one: self.cleaned_data[f"milestone_{one.number}"] for one in self.planned}
        moved = {str(one.number): on.isoformat() for one, on in typed.items() if on and on != one.baseline_on}
        return {**{name: self.cleaned_data[name] for name in self.Meta.fields}, "moved_dates": moved}

    def options(self) -> list[Option]:
        """Return what was typed into the rows, empty ones included."""
        chosen = self.cleaned_data.get("recommended")
        return [
            Option(
                self.cleaned_data[f"option_{row}_title"],
                self.cleaned_data[f"option_{row}_consequence"],
                is_do_nothing=row == 0,
                is_recommended=chosen == row,
                cost_effect=self.cleaned_data[f"option_{row}_cost_effect"],
                days_effect=self.cleaned_data[f"option_{row}_days_effect"],
            )
            for row in range(self.count)
        ]

    def save(self, commit: bool = True) -> Any:
        raise TypeError("a form does not save; call the verb with its values")


def with_row_added(data: QueryDict) -> QueryDict:
    """Return what was sent with room for one more option."""
    changed = data.copy()
    count = data.get("option_count", "")
    changed["option_count"] = str(min(MOST_OPTIONS, (int(count) if count.isdecimal() else LEAST_ROWS) + 1))
    return changed


def with_row_removed(data: QueryDict, row: str) -> QueryDict:
    """Return what was sent without one option; those below it move up, and the first is never removed."""
    count = data.get("option_count", "")
    if not (row.isdecimal() and count.isdecimal() and 0 < int(row) < int(count) <= MOST_OPTIONS):
        return data
    changed, gone = data.copy(), int(row)
    for place in range(gone, int(count) - 1):
        for name in OPTION_FIELDS:
            changed[f"option_{place}_{name}"] = data.get(f"option_{place + 1}_{name}", "")
    for name in OPTION_FIELDS:
        changed[f"option_{int(count) - 1}_{name}"] = ""
    changed["option_count"] = str(int(count) - 1)
    chosen = data.get("recommended", "")
    if chosen.isdecimal() and int(chosen) >= gone:
        changed["recommended"] = "" if int(chosen) == gone else str(int(chosen) - 1)
    return changed


def yes_or_no(label: str, help_text: str) -> forms.TypedChoiceField:
    """Return a question without an answer given in advance: whoever confirms something says so."""
    choices = [("yes", "Yes"), ("no", "No")]
    return forms.TypedChoiceField(
        label=label, choices=choices, coerce=lambda word: word == "yes", widget=forms.RadioSelect, help_text=help_text
    )


class AssessForm(StyledForm, forms.Form):
    """What the assessor found; the size of the change is theirs to confirm or to correct, and decides who decides."""

    changes_scope = yes_or_no("Does it change the scope or the benefits?", "")
    within_contingency = yes_or_no("Is it paid from contingency?", "")
    days_effect = forms.IntegerField(label="Effect on the finish", help_text="Working days; negative is earlier.")
    cost_effect = MoneyField(label="Effect on cost", help_text="In the project’s currency; negative is less.")
    assessment = forms.CharField(
        label="Assessment",
        widget=forms.Textarea,
        max_length=8_000,
        help_text="Are the effects complete and plausible? What did you compare them with? Say why where you correct one.",
    )
    recommendation = forms.CharField(
        label="Recommendation", widget=forms.Textarea, max_length=4_000, help_text="What should be decided, and why."
    )

    def __init__(self, *args: Any, change: ChangeRequest, left: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("days_effect", "cost_effect"):
            self.fields[name].initial = getattr(change, name)
        for name in ("changes_scope", "within_contingency"):
            self.fields[name].help_text = f"The request says: {'yes' if getattr(change, name) else 'no'}."
        if left:
            self.fields["within_contingency"].help_text += f" Left of the contingency: {left}."


class DecideForm(StyledForm, forms.Form):
    reason = forms.CharField(
        label="Reason of the decision",
        widget=forms.Textarea(attrs={"form": "decision"}),
        max_length=4_000,
        help_text="It stands in the sealed record; everybody who reads the request reads it.",
    )


class ReasonForm(StyledForm, forms.Form):
    reason = forms.CharField(label="Reason", widget=forms.Textarea, max_length=1_000, help_text="It stands in the history.")


class ChangeLimitsForm(StyledForm, forms.ModelForm):  # type: ignore[type-arg]
    reason = forms.CharField(label="Why they change", max_length=240, help_text="It stands beside the change in the history.")

    class Meta:
        model = ChangeLimits
        fields = ["low_percent", "low_days", "high_percent", "scope_class", "baseline_class"]
