"""The figures by which the office measures itself: what each is called, how it is computed, and from which rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from governance.performance import delivered, sources
from governance.performance.figures import Figure, How, Month, Occurrence, trend_of, whole_of
from governance.performance.sources import Scope, Source
from pmo.lib import words


@dataclass(frozen=True)
class Metric:
    """One figure. `formula` is the sentence beside it; `unit` is %, days or nothing."""

    key: str
    title: str
    formula: str
    unit: str
    how: How
    source: Source
    #: Narrowed by kind and reviewer too; the others by class only.
    is_of_reviews: bool = False

    def written(self, figure: Figure) -> str:
        """Return the figure in words: 84.2 %, 2 working days, 3, or a dash."""
        if figure.value is None:
            return words.MISSING
        if self.unit == "%":
            return words.percent(figure.value)
        plain = f"{words.rounded(figure.value, 2).normalize():f}"
        return f"{plain} {self.unit.removesuffix('s') if plain == '1' else self.unit}".strip()

    def parts(self, figure: Figure) -> str:
        """Return what the figure was made of: 31 of 41, or of how many."""
        if self.how is How.STOCK:
            return ""
        if self.how is How.SHARE:
            made_of = f"{figure.numerator} of {figure.denominator}" if figure.denominator else "none"
            return f"{made_of}, {figure.unknown} not known" if figure.unknown else made_of
        return f"of {figure.denominator}" if figure.denominator else "none"


#: What stands under every figure of delivery, and under those of money.
CLOSED = "Counted on the day of the finish; where a side is not known, the project counts neither way."
SPENT = "Spent as it stood on the day of the finish or later, with no order open; contingency is no part of the budget."

GROUPS: tuple[tuple[str, tuple[Metric, ...]], ...] = (
    (
        "Reviews",
        (
            Metric(
                "turnaround-median",
                "Review turnaround, median",
                "The middle of the working days from submission to decision; each round counts by itself, rework does not.",
                "working days",
                How.MEDIAN,
                sources.reviews,
                is_of_reviews=True,
            ),
            Metric(
                "turnaround-p90",
                "Review turnaround, 90th percentile",
                "The working days that nine of ten decisions did not exceed (nearest rank).",
                "working days",
                How.P90,
                sources.reviews,
                is_of_reviews=True,
            ),
            Metric(
                "reviews-in-time",
                "Reviews decided in time",
                "Decisions by the day the review was due ÷ decisions.",
                "%",
                How.SHARE,
                sources.reviews,
                is_of_reviews=True,
            ),
            Metric(
                "first-pass",
                "First-pass yield",
                "First submissions approved, with conditions or without ÷ first submissions decided.",
                "%",
                How.SHARE,
                sources.first_reviews,
                is_of_reviews=True,
            ),
            Metric(
                "rework",
                "Rounds of rework",
                "How often what was approved had come back before, on average.",
                "",
                How.MEAN,
                sources.rework,
                is_of_reviews=True,
            ),
        ),
    ),
    (
        "Reporting",
        (
            Metric(
                "reports-in-time",
                "Reports in on time",
                "Reports first submitted by the time they were due ÷ reports due; missing is late, excused does not count.",
                "%",
                How.SHARE,
                sources.reports,
            ),
            Metric(
                "rating-integrity",
                "Rating integrity",
                "Accepted reports that the project manager rated as the evidence does ÷ those that had a computed rating.",
                "%",
                How.SHARE,
                sources.ratings,
            ),
            Metric(
                "watermelons",
                "Watermelon rate",
                "Accepted reports that the project manager rated better than the evidence ÷ those that had a computed rating.",
                "%",
                How.SHARE,
                sources.watermelons,
            ),
        ),
    ),
    (
        "Governance",
        (
            Metric(
                "gates-in-time",
                "Gates on time",
                "Gates held by the day first planned ÷ gates first planned for a day that is over.",
                "%",
                How.SHARE,
                sources.gates,
            ),
            Metric(
                "conditions-in-time",
                "Conditions on time",
                "Conditions closed by the day first set ÷ conditions whose first day is over.",
                "%",
                How.SHARE,
                sources.conditions,
            ),
            Metric(
                "waivers-open",
                "Waivers open",
                "Waivers in force at the end of the month.",
                "",
                How.STOCK,
                sources.waivers,
            ),
            Metric(
                "milestones-in-time",
                "Key milestones met",
                "Key milestones reached by their current baseline date ÷ key milestones that fell due.",
                "%",
                How.SHARE,
                sources.milestones,
            ),
        ),
    ),
    (
        "Delivery",
        (
            Metric(
                "delivered-on-time-original",
                "Delivered on time, baseline 0",
                f"Projects closed that finished by the finish agreed at first ÷ projects closed. {CLOSED}",
                "%",
                How.SHARE,
                delivered.on_time_at_first,
            ),
            Metric(
                "delivered-on-time",
                "Delivered on time, current baseline",
                f"Projects closed that finished by the finish agreed last ÷ projects closed. {CLOSED}",
                "%",
                How.SHARE,
                delivered.on_time_at_last,
            ),
            Metric(
                "delivered-on-budget-original",
                "Delivered on budget, baseline 0",
                f"Projects closed that spent no more than the budget agreed at first ÷ projects closed. {SPENT} {CLOSED}",
                "%",
                How.SHARE,
                delivered.on_budget_at_first,
            ),
            Metric(
                "delivered-on-budget",
                "Delivered on budget, current baseline",
                f"Projects closed that spent no more than the approved budget ÷ projects closed. {SPENT} {CLOSED}",
                "%",
                How.SHARE,
                delivered.on_budget_at_last,
            ),
        ),
    ),
)
METRICS: dict[str, Metric] = {metric.key: metric for _, group in GROUPS for metric in group}


@dataclass(frozen=True)
class Measured:
    """One metric with its figures: the whole stretch, and month by month, oldest first."""

    metric: Metric
    whole: Figure
    trend: Sequence[Figure]
    months: Sequence[Month]

    @property
    def value(self) -> str:
        return self.metric.written(self.whole)

    @property
    def parts(self) -> str:
        return self.metric.parts(self.whole)

    @property
    def latest(self) -> str:
        return self.metric.written(self.trend[-1])

    def points(self) -> list[float | None]:
        return [None if figure.value is None else float(figure.value) for figure in self.trend]

    def cells(self) -> list[str]:
        return [self.metric.written(figure) for figure in self.trend]


def measure(scope: Scope, months: Sequence[Month]) -> list[tuple[str, list[Measured]]]:
    """Return every group of metrics with its figures. Each source is read once, whatever the number of metrics on it."""
    read: dict[Source, list[Occurrence]] = {}
    return [(title, [_measured(metric, scope, months, read) for metric in group]) for title, group in GROUPS]


def _measured(metric: Metric, scope: Scope, months: Sequence[Month], read: dict[Source, list[Occurrence]]) -> Measured:
    if metric.source not in read:
        read[metric.source] = metric.source(scope)
    return measured_from(metric, read[metric.source], months)


def measured_from(metric: Metric, rows: Sequence[Occurrence], months: Sequence[Month]) -> Measured:
    """Return a metric with its figures from rows that were read already."""
    return Measured(metric, whole_of(rows, metric.how, months), trend_of(rows, metric.how, months), months)


def counted(metric: Metric, scope: Scope, months: Sequence[Month]) -> list[Occurrence]:
    """Return the rows behind a metric, newest first; of what stands, what stands at the end."""
    rows = metric.source(scope)
    if metric.how is How.STOCK:
        return [row for row in rows if row.on <= months[-1].end and (row.until is None or row.until >= months[-1].end)]
    return [row for row in rows if months[0].start <= row.on <= months[-1].end]


def share(passed: int, of: int) -> Decimal | None:
    """Return passed ÷ of in per cent, or None where nothing applies."""
    return Decimal(passed * 100) / of if of else None
