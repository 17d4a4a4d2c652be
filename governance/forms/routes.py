"""The form of the routes of one kind: for each class some steps, each with its seats and how many must answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BoundField

from governance.document_states import Seat
from governance.models import RouteStep
from governance.route_changes import STEPS, StepTerms
from governance.rule_changes import CLASSES
from pmo.lib.forms import StyledForm
from portfolio.states import GovernanceClass

REASON = "It stands beside the change in the history."


class RoutesForm(StyledForm, forms.Form):
    """All the routes of one kind, and why they change."""

    reason = forms.CharField(label="Why they change", max_length=240, help_text=REASON)

    def __init__(self, *args: Any, routes: Mapping[int, Sequence[RouteStep]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key in CLASSES:
            for place in range(1, STEPS + 1):
                step = routes[key][place - 1] if place <= len(routes[key]) else None
                self._add(key, place, step)

    def _add(self, key: int, place: int, step: RouteStep | None) -> None:
        where = f"class {key}, step {place}"
        seats = forms.MultipleChoiceField(
            label=f"Who is asked, {where}", choices=Seat.choices, required=False, widget=forms.CheckboxSelectMultiple
        )
        seats.initial = step.seats if step else []
        quorum = forms.IntegerField(
            label=f"Answers needed, {where}",
            min_value=1,
            max_value=len(Seat),
            required=False,
            widget=forms.NumberInput(attrs={"class": "input input--num", "aria-label": f"Answers needed, {where}"}),
        )
        quorum.initial = step.quorum if step else None
        self.fields[f"seats-{key}-{place}"], self.fields[f"quorum-{key}-{place}"] = seats, quorum

    def classes(self) -> list[tuple[int, str, list[tuple[int, BoundField, BoundField]]]]:
        """Return for each class its number, its label and its steps: place, seats, answers needed."""
        return [(key, GovernanceClass(key).label, [self._row(key, place) for place in range(1, STEPS + 1)]) for key in CLASSES]

    def _row(self, key: int, place: int) -> tuple[int, BoundField, BoundField]:
        return place, self[f"seats-{key}-{place}"], self[f"quorum-{key}-{place}"]

    def routes(self) -> dict[int, list[StepTerms]]:
        """Return what was sent, once the form is valid."""
        data = self.cleaned_data
        return {
            key: [
                StepTerms(tuple(data[f"seats-{key}-{place}"]), data[f"quorum-{key}-{place}"]) for place in range(1, STEPS + 1)
            ]
            for key in CLASSES
        }
