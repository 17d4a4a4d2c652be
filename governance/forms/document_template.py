"""Sections of a template: what one is called, who must fill it in, and the columns of a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from governance.document_states import ColumnType, SectionForm
from governance.models import TemplateSection
from pmo.lib.forms import StyledForm
from portfolio.states import GovernanceClass

MOST_COLUMNS = 12


class TemplateSectionForm(StyledForm, forms.Form):
    """One section. Its short name is given once, when it is added."""

    number = forms.CharField(label="Number", max_length=8, widget=forms.TextInput(attrs={"class": "input input--num"}))
    title = forms.CharField(label="Title", max_length=120)
    key = forms.SlugField(
        label="Short name",
        max_length=40,
        help_text="Letters, digits and underscores; documents find the section again by it, so it never changes.",
    )
    guidance = forms.CharField(
        label="Guidance",
        required=False,
        max_length=2_000,
        widget=forms.Textarea,
        help_text="Stands beside the section while it is written.",
    )
    required_from_class = forms.TypedChoiceField(
        label="Must be filled in",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "by nobody"), *((value, f"from class {value} on") for value in GovernanceClass.values)],
    )
    form = forms.ChoiceField(label="What it holds", choices=SectionForm.choices, widget=forms.RadioSelect)
    least_rows = forms.IntegerField(label="Rows that a required table needs", min_value=1, max_value=50, initial=1)
    is_confidential = forms.BooleanField(
        label="Confidential until award",
        required=False,
        help_text="Rows without a date in the column awarded_on stay in the office and with the project’s manager.",
    )

    def __init__(self, *args: Any, section: TemplateSection | None = None, **kwargs: Any) -> None:
        if section is not None:
            names = [name for name in self.base_fields if name != "key"]
            kwargs["initial"] = {name: getattr(section, name) for name in names}
        super().__init__(*args, **kwargs)
        if section is not None:
            del self.fields["key"]

    def clean_key(self) -> str:
        return str(self.cleaned_data["key"]).lower().replace("-", "_")


class ColumnForm(StyledForm, forms.Form):
    """One column of a table. A line without a label is left out; the short name of a column stays."""

    key = forms.SlugField(max_length=40, required=False, widget=forms.HiddenInput)
    position = forms.IntegerField(label="Place", min_value=1, max_value=99, required=False)
    label = forms.CharField(label="Column", max_length=60, required=False)
    type = forms.ChoiceField(label="Type", choices=ColumnType.choices, required=False)
    choices = forms.CharField(label="Choices, parted by commas", max_length=400, required=False)
    required = forms.BooleanField(label="Must be filled in", required=False)
    help = forms.CharField(label="Hint", max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        is_choice = values.get("type") == ColumnType.CHOICE
        if values.get("label") and is_choice and not choices_in(values.get("choices", "")):
            self.add_error("choices", "Name at least one choice.")
        return values


ColumnFormSet = forms.formset_factory(ColumnForm, extra=2, max_num=MOST_COLUMNS, validate_max=True)


def choices_in(text: str) -> list[str]:
    """Return the choices; `R\\, A` keeps its comma."""
    return [part.replace("\\,", ",").strip() for part in re.split(r"(?<!\\),", text) if part.strip()]


def column_rows(columns: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {**column, "position": place, "choices": ", ".join(choice.replace(",", "\\,") for choice in column["choices"])}
        for place, column in enumerate(columns, start=1)
    ]


def columns_in(formset: Any) -> list[dict[str, Any]]:
    """Return the columns in the order of their places; a new one gets its short name from its label."""
    rows = [form.cleaned_data for form in formset if form.cleaned_data.get("label", "").strip()]
    rows.sort(key=lambda row: row.get("position") or 100)
    taken = {row["key"] for row in rows if row.get("key")}
    columns = []
    for row in rows:
        key = row.get("key") or _free_key(row["label"], taken)
        taken.add(key)
        is_choice = row["type"] == ColumnType.CHOICE
        columns.append(
            {
                "key": key,
                "label": row["label"].strip(),
                "type": row["type"] or ColumnType.TEXT,
                "required": bool(row["required"]),
                "choices": choices_in(row["choices"]) if is_choice else [],
                "help": row["help"].strip(),
            }
        )
    return columns


def _free_key(label: str, taken: set[str]) -> str:
    stem = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:36] or "column"
    return next(key for key in (stem, *(f"{stem}_{number}" for number in range(2, 99))) if key not in taken)
