"""Forms in the product’s dress: widgets get their classes, dates and amounts their own fields."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.forms.widgets import DateTimeBaseInput, Input

# The class by the widget's kind; a widget that brings a class of its own keeps it.
CLASS_OF: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, ""),
    (forms.CheckboxSelectMultiple, "checks-list"),
    (forms.RadioSelect, "radios"),
    (forms.Textarea, "textarea"),
    (forms.Select, "select"),
    (forms.FileInput, "file"),
    (Input, "input"),
)
ISO_DAY = "%Y-%m-%d"
ISO_MOMENT = "%Y-%m-%dT%H:%M"


class RatingSelect(forms.RadioSelect):
    """The radio group G, Y, R; the keys of the same letters set it."""

    template_name = "components/widgets/rate.html"


class SegmentedSelect(forms.RadioSelect):
    """One of a few short words, side by side."""

    template_name = "components/widgets/seg.html"


class MoneyField(forms.DecimalField):
    """An amount in dollars; `$1,234,567` may be typed or pasted as it stands in a table."""

    widget = forms.TextInput(attrs={"class": "input input--num", "inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {"invalid": "Enter the amount in dollars, for example 240,000."}

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_digits": 14, "decimal_places": 2, **options})

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stubs inherit it from whole numbers
        if isinstance(value, str):
            value = value.replace("$", "").replace(",", "").replace("\u00a0", "").replace(" ", "")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """Show a stored amount with its thousands; what was typed comes back as it was typed."""
        if isinstance(value, Decimal):
            return f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"
        return value


class StyledForm:
    """A mixin, before `forms.Form` or `forms.ModelForm`: every widget gets its class, every date the browser's own picker."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            style(field)


def style(field: forms.Field) -> None:
    """Dress one field's widget; call it for fields that are added after the form was made."""
    widget = field.widget
    if isinstance(widget, forms.DateTimeInput):
        _make_native(widget, "datetime-local", ISO_MOMENT)
    elif isinstance(widget, forms.DateInput):
        _make_native(widget, "date", ISO_DAY)
    if isinstance(field, forms.DecimalField | forms.IntegerField) and isinstance(widget, forms.NumberInput):
        widget.attrs.setdefault("class", "input input--num")
    if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
        is_choice = isinstance(widget, forms.Select | forms.RadioSelect)
        field.error_messages["required"] = "Choose one." if is_choice else "Fill this in."
    css_class = next((name for kind, name in CLASS_OF if isinstance(widget, kind)), "")
    if css_class:
        widget.attrs.setdefault("class", css_class)
    if isinstance(widget, forms.Textarea):
        # Django's own default of 40 columns; the width is the style sheet's.
        widget.attrs.pop("cols", None)
        if widget.attrs.get("rows") == "10":
            widget.attrs["rows"] = "3"


def _make_native(widget: DateTimeBaseInput, kind: str, pattern: str) -> None:
    widget.input_type = kind
    widget.format = pattern
    widget.attrs.setdefault("class", "input input--date")
