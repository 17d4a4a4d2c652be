"""The tailoring matrix as a form: for each artefact and class what is owed, and by which gate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms

from governance.class_gates import paths
from governance.gate_rules import Matrix, matrix_in_force
from governance.gate_states import Artefact, Gate, Requirement
from pmo.lib.forms import StyledForm
from portfolio.states import GovernanceClass


class TailoringForm(StyledForm, forms.Form):
    reason = forms.CharField(label="Why it changes", max_length=240, help_text="It stands in the history beside the change.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now, passed = matrix_in_force(), paths()
        for number in GovernanceClass.values:
            gates = [(gate.value, gate.value) for gate in passed[number] if gate != Gate.G0]
            for artefact in Artefact:
                requirement, gate = now.get((number, artefact.value), (Requirement.NONE.value, Gate.G1.value))
                self._add(
                    f"requirement_{number}_{artefact}", f"{artefact.label}, class {number}", Requirement.choices, requirement
                )
                self._add(f"gate_{number}_{artefact}", f"{artefact.label}, class {number}: by gate", gates, gate)

    def _add(self, name: str, label: str, choices: Any, now: str) -> None:
        widget = forms.Select(attrs={"class": "select", "aria-label": label})
        self.fields[name] = forms.ChoiceField(label=label, choices=choices, initial=now, widget=widget)

    def rows(self) -> Iterator[tuple[str, list[tuple[int, forms.BoundField, forms.BoundField]]]]:
        for artefact in Artefact:
            yield (
                str(artefact.label),
                [
                    (number, self[f"requirement_{number}_{artefact}"], self[f"gate_{number}_{artefact}"])
                    for number in GovernanceClass.values
                ],
            )

    def matrix(self) -> Matrix:
        data = self.cleaned_data
        return {
            (number, artefact.value): (data[f"requirement_{number}_{artefact}"], data[f"gate_{number}_{artefact}"])
            for number in GovernanceClass.values
            for artefact in Artefact
        }
