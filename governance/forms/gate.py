"""Planning, preparing and deciding a gate; granting a waiver."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms

from governance.condition_terms import ConditionTerms
from governance.forms.condition import offer_people
from governance.gate_days import LONGEST_LAG
from governance.gate_states import Gate, GateDecision
from governance.gates import Answer, Attendee
from governance.readiness import Criterion
from governance.waivers import waivable
from pmo.lib.forms import SegmentedSelect, StyledForm
from pmo.models import User
from portfolio.forms.base import PersonField
from portfolio.models import Project

ANSWERS = [("yes", "Met"), ("no", "Not met"), ("open", "Open")]
MET = {"yes": True, "no": False}
STOPS = [("hold", "Put the project on hold"), ("cancel", "Cancel the project")]


class PlanGateForm(StyledForm, forms.Form):
    gate = forms.ChoiceField(label="Gate", choices=Gate.choices)
    planned_on = forms.DateField(label="Planned for", widget=forms.DateInput)

    def __init__(self, *args: Any, gates: Sequence[Gate] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gate"].choices = [(gate.value, gate.label) for gate in gates]  # type: ignore[attr-defined]


class MoveGateForm(StyledForm, forms.Form):
    planned_on = forms.DateField(label="New day", widget=forms.DateInput)
    reason = forms.CharField(label="Why it moves", max_length=400, widget=forms.Textarea)


class PrepareGateForm(StyledForm, forms.Form):
    """The answers to the criteria, the risks in words, and what the office recommends (for the office alone)."""

    risk_summary = forms.CharField(label="Risks in short", max_length=4_000, required=False, widget=forms.Textarea)
    recommendation = forms.CharField(
        label="Recommendation of the office",
        max_length=4_000,
        required=False,
        widget=forms.Textarea,
        help_text="What the office recommends, and why.",
    )

    def __init__(self, *args: Any, criteria: Sequence[Criterion], recommends: bool, **kwargs: Any) -> None:
        self.criteria = criteria
        said = {True: "yes", False: "no", None: "open"}
        given = {f"answer_{one.key}": said[one.is_met] for one in criteria}
        given |= {f"note_{one.key}": one.note for one in criteria}
        super().__init__(*args, initial={**given, **kwargs.pop("initial", {})}, **kwargs)
        for one in criteria:
            self.fields[f"answer_{one.key}"] = forms.ChoiceField(
                label=one.text, choices=ANSWERS, required=False, widget=SegmentedSelect
            )
            self.fields[f"note_{one.key}"] = forms.CharField(
                label="Note", max_length=240, required=False, widget=forms.TextInput(attrs={"class": "input"})
            )
        if not recommends:
            del self.fields["recommendation"]

    def questions(self) -> Iterator[tuple[Criterion, forms.BoundField, forms.BoundField]]:
        for one in self.criteria:
            yield one, self[f"answer_{one.key}"], self[f"note_{one.key}"]

    def answers(self) -> list[Answer]:
        data = self.cleaned_data
        return [Answer(one.key, MET.get(data[f"answer_{one.key}"]), data[f"note_{one.key}"]) for one in self.criteria]


class AttendeeForm(StyledForm, forms.Form):
    # Auditors sit in as others do: being there is nothing that they would have to do.
    person = PersonField(
        queryset=User.objects.filter(is_active=True).order_by("name"),
        label="Person",
        required=False,
        empty_label="A guest without an account",
    )
    name = forms.CharField(label="Or a guest’s name", max_length=120, required=False)
    capacity = forms.CharField(label="As", max_length=80, required=False)

    def has_changed(self) -> bool:
        """A line counts as sent, also where somebody else kept the same one meanwhile: else it would be taken off."""
        return True

    @property
    def is_empty(self) -> bool:
        return not any(self.cleaned_data.get(name) for name in ("person", "name", "capacity"))

    def clean_capacity(self) -> str:
        said = str(self.cleaned_data["capacity"])
        if self.cleaned_data.get("person") and not said.strip():
            raise forms.ValidationError("Say as what this person is there.", "capacity_missing")
        return said


class ConditionForm(StyledForm, forms.Form):
    """One condition of a decision at a gate of `project`."""

    text = forms.CharField(label="What must be true", max_length=2_000, required=False, widget=forms.Textarea)
    owner = PersonField(label="Owner", required=False)
    verifier = PersonField(label="Verifier", required=False)
    due_on = forms.DateField(label="Due", required=False, widget=forms.DateInput)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_people(self, project)

    @property
    def is_empty(self) -> bool:
        return not any(self.cleaned_data.get(name) for name in ("text", "owner", "verifier", "due_on"))

    def terms(self) -> list[forms.BoundField]:
        return [self[name] for name in ("owner", "verifier", "due_on")]

    @property
    def is_begun(self) -> bool:
        """Whether anything was sent for this line."""
        return any(self[name].value() for name in ("text", "owner", "verifier", "due_on"))


AttendeeFormSet = forms.formset_factory(AttendeeForm, extra=3, max_num=30)
#: As many as are offered at once; without a script nobody adds a line to a form.
ConditionFormSet = forms.formset_factory(ConditionForm, extra=6, max_num=12)


def attendees_in(formset: Any) -> list[Attendee]:
    rows = [form.cleaned_data for form in formset if not form.is_empty]
    return [Attendee(row.get("person"), row.get("name", ""), row.get("capacity", "")) for row in rows]


def conditions_in(formset: Any) -> list[ConditionTerms]:
    rows = [form.cleaned_data for form in formset if not form.is_empty]
    return [ConditionTerms(row.get("text", ""), row.get("owner"), row.get("verifier"), row["due_on"]) for row in rows]


class DecideGateForm(StyledForm, forms.Form):
    decision = forms.ChoiceField(label="Decision", choices=GateDecision.choices, widget=forms.RadioSelect)
    stop_means = forms.ChoiceField(label="Where it is Stop", choices=STOPS, initial="hold", widget=forms.RadioSelect)
    held_on = forms.DateField(
        label="Held on",
        widget=forms.DateInput,
        help_text=f"At most {LONGEST_LAG} working days ago. What stands in the way counts as of today.",
    )
    rationale = forms.CharField(
        label="Reason", max_length=4_000, widget=forms.Textarea, help_text="It stands in the record and is never changed."
    )
    minutes = forms.CharField(label="Minutes", max_length=8_000, required=False, widget=forms.Textarea)
    next_gate_on = forms.DateField(
        label="Next gate",
        required=False,
        widget=forms.DateInput,
        help_text="The next review is planned for this day: after a Hold of this gate again, after a Go of the one after it.",
    )
    confirm = forms.BooleanField(label="I sign this decision with my name; it cannot be taken back.")
    password = forms.CharField(
        label="Your password",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "class": "input"}),
        help_text="Asked for every signature.",
    )

    def terms(self) -> dict[str, Any]:
        data = self.cleaned_data
        names = ("decision", "held_on", "rationale", "minutes", "next_gate_on")
        return {**{name: data[name] for name in names}, "cancels": data["stop_means"] == "cancel"}


def waiver_choices(project: Project, gate: str, today: dt.date) -> list[tuple[str, str]]:
    """Return what stands in the way at a gate and may be waived; conditions by their number."""
    artefacts, overdue = waivable(project, gate, today)
    conditions = [(f"condition-{row.number}", f"Condition {row.number}, overdue: {row.text[:80]}") for row in overdue]
    return [*((one.value, str(one.label)) for one in artefacts), *conditions]


class WaiverForm(StyledForm, forms.Form):
    """What is waived is chosen among what stands in the way; nothing else needs a waiver."""

    gate = forms.ChoiceField(label="For which gate", choices=Gate.choices)
    waived = forms.ChoiceField(label="What is waived", help_text="What stands in the way of a Go at this gate today.")
    expires_on = forms.DateField(label="Until", widget=forms.DateInput, help_text="At most 180 days.")
    reason = forms.CharField(label="Reason", max_length=2_000, widget=forms.Textarea, help_text="It stands in the record.")

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nothing = [("", "Nothing stands in the way")]
        self.fields["waived"].choices = list(choices) or nothing  # type: ignore[attr-defined]

    def terms(self, project: Project) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        word, _, number = data.pop("waived").partition("-")
        if number:
            return {**data, "condition": project.conditions.select_related("project").get(number=int(number))}
        return {**data, "artefact": word}
