"""How long projects take from gate to gate: median and 90th percentile by step and by sort of project, from gate records."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db.models import QuerySet

from governance.gate_states import GOES, Gate
from governance.models import GateReview
from pmo.lib import words
from pmo.lib.charts import Bar, bars
from pmo.lib.percentiles import percentile
from portfolio.states import GovernanceClass

#: How many bars a distribution has at most, and the widths in days that one of them may have.
MOST_BARS = 12
WIDTHS = (7, 14, 30, 60, 90, 180, 365, 730)
ALL_KINDS = "All"
#: How many projects of one sort it takes to say that it is slow or quick.
ENOUGH = 5


@dataclass(frozen=True)
class Gap:
    """One project's way from one gate to the next that it passed."""

    kind: str
    step: tuple[Gate, Gate]
    days: int
    year: int
    """The year in which the step ended."""


@dataclass(frozen=True)
class Line:
    """The figures of one step for one sort of project."""

    step: tuple[Gate, Gate]
    kind: str
    count: int
    median: float | None
    ninetieth: int | None
    shortest: int | None
    longest: int | None

    @property
    def name(self) -> str:
        return step_name(self.step)

    @property
    def words(self) -> str:
        return step_words(self.step)


@dataclass(frozen=True)
class CycleTimes:
    """The report: the chosen step in front, its distribution, and every step by sort of project."""

    lines: tuple[Line, ...]
    chosen: Line | None
    spread: tuple[tuple[str, int], ...]
    years: tuple[tuple[int, int, float], ...]
    """(year, projects, median) of the chosen step, for the years in which it ended."""
    kinds: tuple[str, ...]
    steps: tuple[tuple[Gate, Gate], ...]
    projects: int
    backwards: int
    """Steps whose later gate was held before the earlier one: left out of the figures."""

    @property
    def sentence(self) -> str:
        if self.chosen is None or self.chosen.median is None:
            return "No project has passed two gates yet."
        line = self.chosen
        return (
            f"Half of {words.count(line.count, 'project')} went from {line.words} within {whole(line.median)} days, "
            f"nine of ten within {whole(line.ninetieth)}."
        )

    @property
    def whole_lines(self) -> list[Line]:
        """Return the line of each step over every sort."""
        return [line for line in self.lines if line.kind == ALL_KINDS]

    @property
    def sorts(self) -> list[Line]:
        """Return the lines of the chosen step by sort of project, the slowest first; none where there is but one sort."""
        found = [line for line in self.lines if self.chosen and line.step == self.chosen.step and line.kind != ALL_KINDS]
        return sorted(found, key=lambda line: -(line.median or 0)) if len(found) > 1 else []

    @property
    def standing_out(self) -> str:
        """Return which sort takes the longest, told only of sorts that say something; empty where none stands out."""
        known = [line for line in self.sorts if line.count >= ENOUGH]
        if len(known) < 2:
            return ""
        slow, quick = known[0], known[-1]
        return (
            f"The slowest sort is {slow.kind}, half within {whole(slow.median)} days; "
            f"the quickest {quick.kind}, {whole(quick.median)}."
        )

    def drawing(self, width: float) -> Any:
        rows = [Bar(name, count, str(count)) for name, count in self.spread]
        return bars(rows, f"Projects by days, {self.chosen.name if self.chosen else ''}", width)

    def by_year(self, width: float) -> Any:
        rows = [
            Bar(str(year), middle, f"{whole(middle)} ({words.count(count, 'project')})") for year, count, middle in self.years
        ]
        return bars(rows, f"Median days by year, {self.chosen.name if self.chosen else ''}", width)


def step_name(step: tuple[Gate, Gate]) -> str:
    return f"{step[0]} to {step[1]}"


def step_words(step: tuple[Gate, Gate]) -> str:
    return f"{step[0].label} to {step[1].label}"


def whole(value: float | None) -> str:
    return words.MISSING if value is None else f"{words.rounded(value, 0):,}"


def gaps_in(rows: QuerySet[GateReview]) -> tuple[list[Gap], int, int]:
    """Return every step between gates passed one after the other, how many projects, how many steps backwards. One query."""
    passed: dict[int, dict[str, dt.date]] = defaultdict(dict)
    kinds: dict[int, str] = {}
    found = rows.filter(decision__in=GOES, held_on__isnull=False).order_by("project_id", "gate", "held_on")
    for project, gate, held_on, kind, number in found.values_list(
        "project_id", "gate", "held_on", "kind_in_source", "project__governance_class"
    ):
        if held_on is not None:
            passed[project].setdefault(gate, held_on)
        kinds[project] = kind or str(GovernanceClass(number).label)
    gaps, backwards = [], 0
    for project, days in passed.items():
        order = [Gate(gate) for gate in Gate if gate in days]
        for before, after in itertools.pairwise(order):
            length = (days[after] - days[before]).days
            if length < 0:
                backwards += 1
            else:
                gaps.append(Gap(kinds[project], (before, after), length, days[after].year))
    return gaps, len(passed), backwards


def cycle_times(rows: QuerySet[GateReview], *, kind: str = "", step: str = "") -> CycleTimes:
    """Return the report over `rows`, narrowed to one sort of project, with one step in front (the commonest by default)."""
    gaps, projects, backwards = gaps_in(rows)
    kinds = tuple(sorted({gap.kind for gap in gaps}))
    narrowed = [gap for gap in gaps if not kind or gap.kind == kind]
    steps = sorted({gap.step for gap in narrowed})
    lines = [line for one in steps for line in _lines(one, [gap for gap in narrowed if gap.step == one])]
    whole_lines = [line for line in lines if line.kind == ALL_KINDS]
    chosen = next((line for line in whole_lines if line.name == step), None)
    chosen = chosen or max(whole_lines, key=lambda line: line.count, default=None)
    taken = [gap for gap in narrowed if chosen and gap.step == chosen.step]
    spread, years = spread_of([gap.days for gap in taken]), years_of(taken)
    return CycleTimes(tuple(lines), chosen, spread, years, kinds, tuple(steps), projects, backwards)


def years_of(gaps: Sequence[Gap]) -> tuple[tuple[int, int, float], ...]:
    """Return the year, how many steps ended in it, and their median, for the last years in which any did."""
    by_year: dict[int, list[int]] = defaultdict(list)
    for gap in gaps:
        by_year[gap.year].append(gap.days)
    return tuple((year, len(by_year[year]), float(median(by_year[year]))) for year in sorted(by_year)[-MOST_BARS:])


def _lines(step: tuple[Gate, Gate], gaps: Sequence[Gap]) -> list[Line]:
    """Return the line over all, then, where there is more than one sort, a line for each."""
    kinds = sorted({gap.kind for gap in gaps})
    lines = [_line(step, ALL_KINDS, gaps)]
    return lines + [_line(step, kind, [gap for gap in gaps if gap.kind == kind]) for kind in kinds]


def _line(step: tuple[Gate, Gate], kind: str, gaps: Iterable[Gap]) -> Line:
    days = [gap.days for gap in gaps]
    middle = median(days) if days else None
    return Line(step, kind, len(days), middle, percentile(days, 90), min(days, default=None), max(days, default=None))


def spread_of(days: Sequence[int]) -> tuple[tuple[str, int], ...]:
    """Return how many projects took how long, in bars of equal width from zero; the last holds all that is longer."""
    if not days:
        return ()
    # As wide as the ninetieth percentile asks for, so that one very long project does not press the rest into one bar.
    reach = max(1, percentile(days, 90) or 1)
    width = next((one for one in WIDTHS if reach / one <= MOST_BARS - 2), WIDTHS[-1])
    last = min(MOST_BARS - 1, max(days) // width)
    counts = [0] * (last + 1)
    for length in days:
        counts[min(length // width, last)] += 1
    names = [f"{place * width:,} to {(place + 1) * width - 1:,} days" for place in range(last + 1)]
    if max(days) >= (last + 1) * width:
        names[last] = f"{last * width:,} days and more"
    return tuple(zip(names, counts, strict=True))
