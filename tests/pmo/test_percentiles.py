"""The one percentile of the house, by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pmo.lib.percentiles import percentile

#: Eleven turnarounds in working days. By hand: 90 per cent of 11 is 9.9, so the tenth in order counts, 12; the one above is 40.
TURNAROUNDS = [5, 1, 40, 2, 3, 12, 2, 7, 4, 8, 6]


def test_the_ninetieth_of_eleven_is_the_tenth_in_order() -> None:
    assert sorted(TURNAROUNDS)[9] == 12
    assert percentile(TURNAROUNDS, 90) == 12
    assert percentile([Decimal(days) for days in TURNAROUNDS], 90) == Decimal(12)


@pytest.mark.parametrize(("count", "expected"), [(1, 1), (9, 9), (10, 9), (11, 10), (20, 18), (21, 19), (100, 90)])
def test_it_is_always_one_that_occurred_and_the_least_that_nine_of_ten_do_not_exceed(count: int, expected: int) -> None:
    numbers = list(range(1, count + 1))
    assert percentile(numbers, 90) == expected
    assert sum(number <= expected for number in numbers) * 10 >= 9 * count
    assert sum(number <= expected - 1 for number in numbers) * 10 < 9 * count


def test_the_textbook_row() -> None:
    """Of 15, 20, 35, 40, 50 the nearest-rank percentiles at 5, 30, 40, 50 and 100 are 15, 20, 20, 35 and 50.

    Source: the worked example of the nearest-rank method in the general literature on percentiles.
    """
    assert [percentile([15, 20, 35, 40, 50], share) for share in (5, 30, 40, 50, 100)] == [15, 20, 20, 35, 50]


def test_of_nothing_there_is_none() -> None:
    assert percentile([], 90) is None
