"""Fields in the product's dress: amounts as people write them, dates by the browser's picker, errors tied to their control."""

import datetime as dt
from decimal import Decimal

import pytest
from django import forms
from django.template.loader import render_to_string

from pmo.lib.forms import MoneyField, RatingSelect, StyledForm


class Request(StyledForm, forms.Form):
    amount = MoneyField(help_text="In dollars.")
    due_on = forms.DateField(required=False)
    meets_at = forms.DateTimeField(required=False)
    note = forms.CharField(widget=forms.Textarea, required=False)
    rating = forms.ChoiceField(choices=[("G", "G"), ("Y", "Y"), ("R", "R")], widget=RatingSelect)
    agreed = forms.BooleanField()


@pytest.mark.parametrize(
    ("typed", "amount"), [("$1,234,567.50", Decimal("1234567.50")), ("240 000", Decimal(240000)), ("0", Decimal(0))]
)
def test_amount_may_be_typed_as_it_stands_in_a_table(typed: str, amount: Decimal) -> None:
    assert MoneyField().clean(typed) == amount


@pytest.mark.parametrize("typed", ["24o,000", "NaN", "1e400", "--"])
def test_amount_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        MoneyField().clean(typed)


def test_stored_amount_is_shown_with_thousands_and_typed_words_as_typed() -> None:
    assert MoneyField().prepare_value(Decimal("240000.00")) == "240,000"
    assert MoneyField().prepare_value("24o") == "24o"


def test_error_is_tied_to_its_control_and_listed_with_a_link() -> None:
    form = Request({"amount": "x", "rating": "G", "agreed": "on"})
    html = str(form["amount"].as_field_group())

    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_amount_helptext id_amount_error"' in html
    assert 'id="id_amount_error"' in html
    assert '<a href="#id_amount">' in render_to_string("components/error_summary.html", {"form": form})


def test_missing_rating_is_listed_with_a_link_to_its_group() -> None:
    form = Request({"amount": "1", "agreed": "on"})

    assert '<a href="#id_rating_field">' in render_to_string("components/error_summary.html", {"form": form})
    assert 'id="id_rating_field"' in str(form["rating"].as_field_group())


def test_dates_use_the_browsers_picker_with_its_own_format() -> None:
    form = Request(initial={"due_on": dt.date(2026, 12, 4), "meets_at": dt.datetime(2026, 12, 4, 9, 30)})  # noqa: DTZ001

    assert 'type="date"' in str(form["due_on"])
    assert 'value="2026-12-04"' in str(form["due_on"])
    assert 'value="2026-12-04T09:30"' in str(form["meets_at"])


def test_optional_fields_say_so_and_required_ones_do_not() -> None:
    form = Request()

    assert "optional" in str(form["note"].as_field_group())
    assert "optional" not in str(form["amount"].as_field_group())


def test_rating_shows_shape_letter_and_word() -> None:
    html = str(Request({"rating": "Y"})["rating"])

    assert html.count("<svg") == 3
    assert 'value="Y" id="id_rating_1" checked' in html
    assert 'aria-label="Off plan"' in html


def test_form_without_errors_has_no_summary() -> None:
    form = Request({"amount": "1", "rating": "G", "agreed": "on"})

    assert render_to_string("components/error_summary.html", {"form": form}).strip() == ""
