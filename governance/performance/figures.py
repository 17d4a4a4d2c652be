"""The arithmetic of the office's figures. Pure: occurrences in, figures out; no denominator, no figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from pmo.lib.percentiles import percentile


@dataclass(frozen=True)
class Occurrence:
    """One thing that counts: on which day, of which project, whether it holds, or how much it was."""

    on: dt.date
    code: str
    project: str
    what: str
    url: str
    holds: bool = False
    amount: Decimal | None = None
    detail: str = ""
    who: str = ""
    #: For what stands for a while: the last day on which it still counts; None while it goes on.
    until: dt.date | None = None
    #: Of a review: the kind of what was decided on, and the class of its project.
    kind: str = ""
    governance_class: int | None = None
    #: Whether the records say how it went; what they do not say counts neither way.
    is_known: bool = True


class How(Enum):
    """How occurrences become one figure."""

    SHARE = "share"  # per cent of those that hold
    MEDIAN = "median"
    P90 = "p90"
    MEAN = "mean"
    STOCK = "stock"  # how many stand at the end of the month


@dataclass(frozen=True)
class Figure:
    """One figure of one stretch of time. `value` is None where there is nothing to divide by."""

    value: Decimal | None
    numerator: int | None
    denominator: int
    #: How many more there were of which the records do not say how they went.
    unknown: int = 0


@dataclass(frozen=True)
class Month:
    """One calendar month; `end` is its last day, or today in the running month."""

    start: dt.date
    end: dt.date

    @property
    def label(self) -> str:
        return f"{self.start:%b %Y}"

    def holds(self, on: dt.date) -> bool:
        return self.start <= on <= self.end


def months_until(day: dt.date, count: int = 12) -> list[Month]:
    """Return the last `count` months, oldest first; the last one ends on `day`."""
    found: list[Month] = []
    start, end = day.replace(day=1), day
    while len(found) < count:
        found.append(Month(start, end))
        end = start - dt.timedelta(days=1)
        start = end.replace(day=1)
    return found[::-1]


def median(amounts: Sequence[Decimal]) -> Decimal:
    """Return the middle amount, of an even number the mean of the two in the middle. `amounts` is not empty."""
    ordered, middle = sorted(amounts), len(amounts) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def figure_of(occurrences: Iterable[Occurrence], how: How) -> Figure:
    """Return the figure of all `occurrences`. Those without an amount do not count where amounts are asked for."""
    rows = list(occurrences)
    if how is How.STOCK:
        return Figure(Decimal(len(rows)), len(rows), len(rows))
    if how is How.SHARE:
        return _share_of([row.holds for row in rows if row.is_known], unknown=sum(not row.is_known for row in rows))
    amounts = [row.amount for row in rows if row.amount is not None]
    if not amounts:
        return Figure(None, None, 0)
    if how is How.MEAN:
        return Figure(sum(amounts, Decimal(0)) / len(amounts), None, len(amounts))
    return Figure(median(amounts) if how is How.MEDIAN else percentile(amounts, 90), None, len(amounts))


def _share_of(verdicts: Sequence[bool], *, unknown: int) -> Figure:
    held, of = sum(verdicts), len(verdicts)
    return Figure(Decimal(held * 100) / of if of else None, held, of, unknown)


def within(occurrences: Iterable[Occurrence], how: How, month: Month) -> list[Occurrence]:
    """Return what counts in `month`: what happened in it, or what stood at its end."""
    if how is How.STOCK:
        return [row for row in occurrences if row.on <= month.end and (row.until is None or row.until >= month.end)]
    return [row for row in occurrences if month.holds(row.on)]


def trend_of(occurrences: Sequence[Occurrence], how: How, months: Sequence[Month]) -> list[Figure]:
    return [figure_of(within(occurrences, how, month), how) for month in months]


def whole_of(occurrences: Sequence[Occurrence], how: How, months: Sequence[Month]) -> Figure:
    """Return the figure of the whole stretch; of what stands, the figure at its end."""
    if how is How.STOCK:
        return trend_of(occurrences, how, months[-1:])[0]
    return figure_of(within(occurrences, how, Month(months[0].start, months[-1].end)), how)
