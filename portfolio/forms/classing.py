from __future__ import annotations

from typing import Any

from django import forms

from pmo.lib.forms import StyledForm
from portfolio.classification import QUESTIONS
from portfolio.states import GovernanceClass


class ClassForm(StyledForm, forms.Form):
    """The ten questions, two flags, and a class above the score where somebody gives the reason."""

    is_over_five_million = forms.BooleanField(label="It costs more than $5 million", required=False)
    is_mission_critical = forms.BooleanField(
        label="It is mission critical", required=False, help_text="If it fails, a service that residents depend on stops."
    )
    raised_to = forms.TypedChoiceField(
        label="Raise the class above the score",
        coerce=int,
        empty_value=0,  # type: ignore[arg-type]
        required=False,
        choices=[("", "As scored"), *GovernanceClass.choices[1:]],
    )
    reason = forms.CharField(
        label="Reason", required=False, max_length=240, help_text="Needed when the class is raised above the score, or falls."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in QUESTIONS:
            choices = [(points, f"{answer} ({points})") for points, answer in enumerate(question.answers)]
            field = forms.TypedChoiceField(
                label=question.text, choices=choices, coerce=int, widget=forms.RadioSelect(attrs={"class": "radios"})
            )
            self.fields[f"q_{question.key}"] = field
        self.order_fields([f"q_{question.key}" for question in QUESTIONS])

    def answers(self) -> dict[str, int]:
        return {question.key: self.cleaned_data[f"q_{question.key}"] for question in QUESTIONS}

    @property
    def questions(self) -> list[forms.BoundField]:
        return [self[f"q_{question.key}"] for question in QUESTIONS]

    @property
    def others(self) -> list[forms.BoundField]:
        return [self[name] for name in ("is_over_five_million", "is_mission_critical", "raised_to", "reason")]
