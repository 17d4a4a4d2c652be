"""Dates, amounts and differences are written one way everywhere."""

import datetime as dt
from decimal import Decimal

import pytest

from pmo.lib import words


def test_dates_do_not_depend_on_the_machine() -> None:
    date = dt.date(2026, 12, 4)

    assert words.day(date) == "Fri 4 Dec 2026"
    assert words.short_day(date) == "Fri 4 Dec"
    assert words.day_without_weekday(date) == "4 Dec 2026"


def test_moment_is_told_in_the_offices_zone(settings) -> None:
    settings.TIME_ZONE = "America/Chicago"
    late_in_utc = dt.datetime(2026, 12, 4, 3, 41, tzinfo=dt.UTC)

    assert words.moment(late_in_utc) == "Thu 3 Dec 2026 21:41"
    assert words.day(late_in_utc) == "Thu 3 Dec 2026"


@pytest.mark.parametrize(
    "write",
    [
        words.day,
        words.short_day,
        words.moment,
        words.clock,
        words.money,
        words.millions,
        words.slip,
        words.age,
        words.percent,
        words.difference,
        words.amount,
    ],
)
def test_nothing_is_a_dash(write) -> None:
    assert write(None) == "—"


@pytest.mark.parametrize(
    ("value", "whole", "short"),
    [
        (Decimal("1234567"), "$1,234,567", "$1.23 M"),
        (Decimal("0.5"), "$1", "$0.00 M"),
        (Decimal("-8300"), "−$8,300", "−$0.01 M"),
        (Decimal("0"), "$0", "$0.00 M"),
        (Decimal("1235000"), "$1,235,000", "$1.24 M"),
    ],
)
def test_money_is_whole_in_tables_and_millions_in_summaries(value: Decimal, whole: str, short: str) -> None:
    assert words.money(value) == whole
    assert words.millions(value) == short


@pytest.mark.parametrize(
    ("value", "currency", "unit", "expected"),
    [
        (Decimal("12.4"), "GBP", "million", "£12.40 M"),
        (Decimal("1500"), "USD", "", "$1,500"),
        (Decimal("9"), "CHF", "", "CHF 9"),
        (Decimal("3"), "EUR", "lots", "€3.00 lots"),
    ],
)
def test_amounts_keep_their_currency_and_unit(value: Decimal, currency: str, unit: str, expected: str) -> None:
    assert words.amount(value, currency, unit) == expected


@pytest.mark.parametrize(("days", "expected"), [(12, "12 days late"), (1, "1 day late"), (-3, "3 days early"), (0, "on time")])
def test_slip_says_late_or_early(days: int, expected: str) -> None:
    assert words.slip(days) == expected


@pytest.mark.parametrize(
    ("difference", "expected"),
    [(Decimal("41200"), "$41,200 over"), (Decimal("-8300"), "$8,300 under"), (Decimal("0.2"), "on budget")],
)
def test_over_is_said_in_words(difference: Decimal, expected: str) -> None:
    assert words.difference(difference) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(Decimal("6.44"), "6.4 %"), (57, "57 %"), (Decimal("100.0"), "100 %"), (0, "0 %")]
)
def test_percent_drops_an_empty_tenth(value: Decimal, expected: str) -> None:
    assert words.percent(value) == expected


def test_count_uses_the_plural() -> None:
    assert words.count(1, "project") == "1 project"
    assert words.count(1204, "project") == "1,204 projects"
    assert words.count(2, "entry", "entries") == "2 entries"
