import datetime as dt
from decimal import Decimal

import pytest

from portfolio.importing.problems import Unreadable
from portfolio.importing.values import (
    NumberForm,
    detected_decimal_sign,
    detected_order,
    read_amount,
    read_class,
    read_date,
    read_days,
    read_rating,
)


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("2026-03-31", "mdy", dt.date(2026, 3, 31)),
        ("2026-03-31T00:00:00", "mdy", dt.date(2026, 3, 31)),
        ("2026/3/1", "dmy", dt.date(2026, 3, 1)),
        ("05/01/2014 12:00:00 AM", "mdy", dt.date(2014, 5, 1)),
        ("05/01/2014", "dmy", dt.date(2014, 1, 5)),
        ("31.12.26", "dmy", dt.date(2026, 12, 31)),
        ("1-2-71", "dmy", dt.date(1971, 2, 1)),
        ("5 Mar 2024", "mdy", dt.date(2024, 3, 5)),
        ("05-Mar-24", "mdy", dt.date(2024, 3, 5)),
        ("March 5, 2024", "mdy", dt.date(2024, 3, 5)),
        ("Tue, 5th March 2024", "mdy", dt.date(2024, 3, 5)),
        ("n/a", "mdy", None),
        ("—", "mdy", None),
    ],
)
def test_dates_are_read_in_the_forms_people_write(text: str, order: str, expected: dt.date | None) -> None:
    assert read_date(text, order) == expected


@pytest.mark.parametrize(
    ("text", "code", "is_text"),
    [
        ("2026-02-31", "no_such_day", False),
        ("31/12/2026", "no_such_day", False),  # read month first
        ("1066-10-14", "no_such_day", False),
        ("44927", "not_a_date", False),
        ("2021", "not_a_date", False),
        ("Exempt under Section 26 of the Freedom of Information Act 2000", "not_a_date", True),
        ("to be decided", "not_a_date", True),
    ],
)
def test_what_is_no_date_says_so_and_a_sentence_is_told_from_a_slip(text: str, code: str, is_text: bool) -> None:
    with pytest.raises(Unreadable) as error:
        read_date(text, "mdy")
    assert (error.value.code, error.value.is_text) == (code, is_text)


def test_order_follows_from_the_days_over_twelve() -> None:
    assert detected_order(["01/02/2026", "25/12/2026", "2026-01-01"]).order == "dmy"
    assert detected_order(["01/02/2026", "12/25/2026 12:00:00 AM"]).order == "mdy"
    assert detected_order(["01/02/2026", "2026-12-25"]).order == ""
    assert detected_order(["25/12/2026", "12/25/2026"]).is_mixed


@pytest.mark.parametrize(
    ("text", "expected", "currency"),
    [
        ("1234.5", "1234.50", ""),
        ("1,234,567.89", "1234567.89", ""),
        ("1 234 567", "1234567.00", ""),
        ("$1,234.56", "1234.56", "USD"),
        ("-$12.34", "-12.34", "USD"),
        ("$-12.34", "-12.34", "USD"),
        ("($7,890.00)", "-7890.00", "USD"),
        ("($-1,234.56)", "-1234.56", "USD"),
        ("£2,013.02", "2013.02", "GBP"),
        ("12 EUR", "12.00", "EUR"),
        ("+1,234", "1234.00", ""),
        ("12-", "-12.00", ""),
        ("1e3", "1000.00", ""),
        ("-2.5E-1", "-0.25", ""),
        ("$1.2m", "1200000.00", "USD"),
        ("3bn", "3000000000.00", ""),
    ],
)
def test_amounts_are_read_with_signs_groups_and_currencies(text: str, expected: str, currency: str) -> None:
    amount = read_amount(text)
    assert amount is not None
    assert (str(amount.value), amount.currency) == (expected, currency)


def test_an_amount_with_a_scale_follows_the_unit_of_the_file() -> None:
    amount = read_amount("£12.5m", NumberForm(unit=1_000_000))
    assert amount is not None
    assert amount.value == Decimal("12.50")


def test_a_comma_before_the_cents_is_read_when_chosen_and_refused_when_not() -> None:
    amount = read_amount("1.234,56", NumberForm(decimal_sign=","))
    assert amount is not None
    assert amount.value == Decimal("1234.56")
    with pytest.raises(Unreadable) as error:
        read_amount("1.234,56")
    assert error.value.code == "not_an_amount"


def test_the_decimal_sign_is_found_from_the_figures() -> None:
    assert detected_decimal_sign(["1.234,56", "12.345,00"]) == ","
    assert detected_decimal_sign(["1,234.56", "12,345"]) == "."
    assert detected_decimal_sign(["1.234,56", "1,234.56"]) == "."
    assert detected_decimal_sign([]) == "."


def test_more_than_two_decimals_are_rounded_half_even_and_marked() -> None:
    amount = read_amount("0.125")
    assert amount is not None
    assert (amount.value, amount.is_rounded) == (Decimal("0.12"), True)
    noise = read_amount("1234.560000000001")
    assert noise is not None
    assert (noise.value, noise.is_rounded) == (Decimal("1234.56"), False)


@pytest.mark.parametrize("text", ["12,34,567", "1.2.3", "12O.5", "10%", "1,5", "--5", "()", "$", "0x10", "1_000", "½", "٣"])
def test_a_broken_figure_is_not_guessed(text: str) -> None:
    with pytest.raises(Unreadable) as error:
        read_amount(text)
    assert error.value.code == "not_an_amount"


def test_an_amount_beyond_the_field_is_refused() -> None:
    with pytest.raises(Unreadable) as error:
        read_amount("1e300")
    assert error.value.code == "amount_too_large"


@pytest.mark.parametrize("text", ["", "-", "NA", "n/a", "NULL", "None", "—"])
def test_words_for_nothing_are_nothing(text: str) -> None:
    assert read_amount(text) is None
    assert read_days(text) is None


def test_days_are_whole_numbers() -> None:
    assert (read_days("-129"), read_days("1,309"), read_days("12 days")) == (-129, 1309, 12)
    with pytest.raises(Unreadable):
        read_days("1.5")


def test_a_class_is_one_to_four() -> None:
    assert (read_class("3"), read_class("Class 2"), read_class("4.0")) == (3, 2, 4)
    with pytest.raises(Unreadable):
        read_class("5")


def test_well_known_ratings_are_spelled_alike_and_others_kept() -> None:
    assert read_rating("amber / red") == "Amber/Red"
    assert read_rating(" GREEN ") == "Green"
    assert read_rating("Exempt  under Section 26") == "Exempt under Section 26"
