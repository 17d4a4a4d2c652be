from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import Q

from pmo.lib.forms import StyledForm
from pmo.models import User

REASON_HELP = "It stands in the history beside the change."


class PersonField(forms.ModelChoiceField):
    """One of the people who can be given something to do, by name and job title."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"queryset": User.objects.who_act(), "empty_label": "Nobody yet", **options})

    def keep(self, person_id: int | None) -> None:
        """Let whoever stands there already stay choosable, also after they left: an unchanged form changes nothing."""
        if person_id is not None:
            offered = Q(pk__in=self.queryset.values("pk")) | Q(pk=person_id)  # type: ignore[union-attr]
            self.queryset = User.objects.filter(offered).order_by("name")

    def label_from_instance(self, person: Any) -> str:
        return f"{person.name}, {person.title}" if person.title else str(person.name)


class Sections:
    """A form that is shown in sections: `sections` names them with their fields; absent fields are passed over."""

    sections: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def grouped(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        for heading, names in self.sections:
            fields = [self[name] for name in names if name in self.fields]  # type: ignore[attr-defined, index]
            if fields:
                yield heading, fields


class RowForm(StyledForm, forms.ModelForm):  # type: ignore[type-arg]
    """A form over one row of the portfolio. It never saves: the view hands its values to a verb."""

    reason = forms.CharField(label="Why", required=False, max_length=1000, help_text=REASON_HELP)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, PersonField):
                field.keep(getattr(self.instance, f"{name}_id", None))

    def save(self, commit: bool = True) -> Any:
        raise TypeError("a form does not save; call the verb with its values")

    def values(self) -> dict[str, Any]:
        """Return what was typed for the row's own fields."""
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}

    def lock(self, *names: str, because: str) -> None:
        """Show fields without letting them be changed, and say why."""
        for name in names:
            if name in self.fields:
                self.fields[name].disabled = True
                self.fields[name].help_text = because

    def drop(self, *names: str) -> None:
        for name in names:
            self.fields.pop(name, None)


class ReasonForm(StyledForm, forms.Form):
    reason = forms.CharField(label="Reason", max_length=1000, widget=forms.Textarea, help_text=REASON_HELP)
