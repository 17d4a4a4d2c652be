"""The reviews by kind, class and reviewer: how many, how long, in time, and approved the first time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from governance.performance import sources
from governance.performance.figures import Figure, How, Occurrence, figure_of
from governance.performance.metrics import METRICS
from governance.performance.sources import Scope
from pmo.lib import words
from pmo.lib.tables import Column

NOBODY = "Nobody named"
#: How reviews are told apart: (heading, the name of a review's group).
GROUPINGS: tuple[tuple[str, Callable[[Occurrence], str]], ...] = (
    ("Kind", lambda row: row.kind),
    ("Class", lambda row: f"Class {row.governance_class}"),
    ("Reviewer", lambda row: row.who or NOBODY),
)


@dataclass(frozen=True)
class Line:
    """The reviews of one kind, class or reviewer."""

    grouping: str
    name: str
    count: int
    median: Figure
    p90: Figure
    in_time: Figure
    first_pass: Figure


def breakdown(scope: Scope) -> list[Line]:
    """Return a line for all reviews of the stretch, then one for each kind, class and reviewer, and for each giver of opinions.

    Three queries.
    """
    decided, first = sources.reviews(scope), sources.first_reviews(scope)
    lines = [_line("All", "All reviews", decided, first)] if decided else []
    for grouping, name_of in GROUPINGS:
        names = sorted({name_of(row) for row in decided})
        lines += [_line(grouping, name, _of(decided, name_of, name), _of(first, name_of, name)) for name in names]
    given, who = sources.opinions(scope), GROUPINGS[-1][1]
    return lines + [_line("Opinion", name, _of(given, who, name), []) for name in sorted({who(row) for row in given})]


def _of(rows: Sequence[Occurrence], name_of: Callable[[Occurrence], str], name: str) -> list[Occurrence]:
    return [row for row in rows if name_of(row) == name]


def _line(grouping: str, name: str, decided: Sequence[Occurrence], first: Sequence[Occurrence]) -> Line:
    middle, p90, in_time = (figure_of(decided, how) for how in (How.MEDIAN, How.P90, How.SHARE))
    return Line(grouping, name, len(decided), middle, p90, in_time, figure_of(first, How.SHARE))


def breakdown_columns() -> list[Column]:
    return [
        Column("grouping", "By", lambda row: row.grouping),
        Column("name", "Reviews of", lambda row: row.name, is_head=True),
        Column("count", "Reviews", lambda row: row.count, is_number=True),
        Column("median", "Median, working days", lambda row: _days(row.median), is_number=True),
        Column("p90", "90th percentile, working days", lambda row: _days(row.p90), is_number=True),
        Column("in_time", "In time", lambda row: _share("reviews-in-time", row.in_time), is_number=True),
        Column("first_pass", "Approved the first time", lambda row: _share("first-pass", row.first_pass), is_number=True),
    ]


def _days(figure: Figure) -> str:
    return words.MISSING if figure.value is None else f"{words.rounded(figure.value, 1).normalize():f}"


def _share(key: str, figure: Figure) -> str:
    metric = METRICS[key]
    return words.MISSING if figure.value is None else f"{metric.written(figure)} ({metric.parts(figure)})"
