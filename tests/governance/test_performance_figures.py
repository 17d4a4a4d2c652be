"""The arithmetic of the office's figures, against worked examples."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import pairwise

import pytest

from governance.performance.figures import How, Month, Occurrence, figure_of, median, months_until, trend_of

D = Decimal
DAY = dt.date(2026, 11, 20)


def rows(*amounts: int, on: dt.date = DAY) -> list[Occurrence]:
    return [Occurrence(on, "P-1", "Alpha", "Report", "/", amount=D(amount)) for amount in amounts]


def verdicts(*held: bool, on: dt.date = DAY) -> list[Occurrence]:
    return [Occurrence(on, "P-1", "Alpha", "Report", "/", holds=one) for one in held]


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [([3], 3), ([1, 2], D("1.5")), ([5, 1, 3], 3), ([9, 1, 4, 2], 3)],
)
def test_the_median_is_the_middle_or_the_mean_of_the_two_in_the_middle(amounts, expected) -> None:
    assert median([D(amount) for amount in amounts]) == expected


def test_the_ninetieth_percentile_is_that_of_the_house() -> None:
    assert figure_of(rows(5, 1, 40, 2, 3, 12, 2, 7, 4, 8, 6), How.P90).value == 12


def test_a_share_names_its_numerator_and_denominator() -> None:
    figure = figure_of(verdicts(True, True, False), How.SHARE)
    assert (figure.numerator, figure.denominator, round(figure.value, 2)) == (2, 3, D("66.67"))


@pytest.mark.parametrize("how", [How.SHARE, How.MEDIAN, How.P90, How.MEAN])
def test_nothing_to_divide_by_is_no_figure(how) -> None:
    assert figure_of([], how).value is None


def test_twelve_months_end_today_and_touch_each_other() -> None:
    months = months_until(dt.date(2024, 2, 29))
    assert len(months) == 12
    assert (months[0].start, months[-1]) == (dt.date(2023, 3, 1), Month(dt.date(2024, 2, 1), dt.date(2024, 2, 29)))
    assert all(later.start - earlier.end == dt.timedelta(days=1) for earlier, later in pairwise(months))


def test_each_month_has_only_what_happened_in_it() -> None:
    months = months_until(DAY, 2)
    found = trend_of(rows(2, on=dt.date(2026, 10, 31)) + rows(4, 6), How.MEAN, months)
    assert [figure.value for figure in found] == [2, 5]


def test_what_stands_is_counted_at_the_end_of_each_month() -> None:
    months = months_until(DAY, 3)
    waiver = Occurrence(dt.date(2026, 9, 10), "P-1", "Alpha", "Schedule", "/", until=dt.date(2026, 10, 30))
    lasting = Occurrence(dt.date(2026, 10, 1), "P-1", "Alpha", "Budget", "/")
    found = trend_of([waiver, lasting], How.STOCK, months)
    assert [figure.value for figure in found] == [1, 1, 1]
    assert [figure.value for figure in trend_of([waiver], How.STOCK, months)] == [1, 0, 0]
