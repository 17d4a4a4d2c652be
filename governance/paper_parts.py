"""The parts of a printed report: what a page holds, and the words and figures that both editions share."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from governance.paper_signing import PaperSign, digest_lines, grouped
from governance.report_words import NO_FINISH, NO_VARIANCE
from governance.states import Edition
from pmo.lib import words
from pmo.lib.charts import bullet, finish_line

#: The width in the chart's own units at which its letters come out as large as the text beside it.
FIGURE_WIDTH = 420
WITHHELD = "Withheld by the office."
#: More text than this, in signs, does not fit beside each other on the first page; the columns then stand below each other.
LONG_TEXT = 1500
UNITS = {1: "", 1_000: "thousand", 1_000_000: "million"}
TIMES = {1: "re-baselined once", 2: "re-baselined twice"}


@dataclass(frozen=True)
class PaperRating:
    """One line of the matrix. `pm` is empty on the public edition."""

    label: str
    published: str
    pm: str
    evidence: str
    trend: str
    strip: Any
    reason: str
    is_from_evidence: bool
    """The reason is the evidence's own sentence, because nobody had to write one."""


@dataclass(frozen=True)
class PaperPath:
    """How red ratings come back: (name, text) pairs in the order of reading. Dimensions with one path stand together."""

    label: str
    steps: list[tuple[str, str]]


@dataclass(frozen=True)
class PaperFigure:
    """A heading's words and the figure below it."""

    lead: str
    """What counts, set in bold; empty where there is nothing to compare."""
    rest: str
    picture: Any


@dataclass(frozen=True)
class Paper:
    """Everything that stands on the pages."""

    edition: str
    code: str
    name: str
    kicker: str
    number: int
    version: int
    decided_at: dt.datetime
    digest: str
    facts: list[tuple[str, str, str]]
    headline: str
    change_note: str
    ratings: list[PaperRating]
    finish: PaperFigure
    money: PaperFigure
    baseline_name: str
    milestones: list[dict[str, Any]]
    accomplishments: list[str]
    plan: list[str]
    plan_kept: str
    paths: list[PaperPath]
    risks: list[tuple[str, str]]
    issues: list[tuple[str, str]]
    decisions: list[tuple[str, str, str]]
    withheld: list[str]
    signatures: list[PaperSign]
    reason: str
    thresholds_version: int
    governance_class: int
    versions: list[tuple[str, str]] = field(default_factory=list)

    @property
    def overall(self) -> PaperRating:
        return self.ratings[0]

    @property
    def evidence_differs(self) -> bool:
        return self.overall.evidence not in ("N", self.overall.published)

    @property
    def pm_differs(self) -> bool:
        return self.overall.pm not in ("", self.overall.published)

    @property
    def shows_others(self) -> bool:
        return self.evidence_differs or self.pm_differs

    @property
    def is_public(self) -> bool:
        return self.edition == Edition.PUBLIC

    @property
    def is_long(self) -> bool:
        beside = [*self.accomplishments, *self.plan]
        below = [text for group in (self.risks, self.issues, self.decisions) for row in group for text in row]
        return sum(map(len, beside)) > LONG_TEXT or sum(map(len, below)) > LONG_TEXT or len(beside) > 24

    @property
    def short_digest(self) -> str:
        return grouped(self.digest[:16], 4)

    @property
    def digest_lines(self) -> list[str]:
        return digest_lines(self.digest)

    @property
    def foot(self) -> str:
        """Return what stands at the foot of every page."""
        return f"Report {self.code}/{self.number}   as of {words.moment(self.decided_at)}   digest {self.short_digest}" + (
            "   public edition" if self.is_public else ""
        )


# What both editions share


def kicker(number: int, start_on: dt.date, end_on: dt.date) -> str:
    weeks = ((end_on - start_on).days + 1) // 7
    span = "week" if weeks <= 1 else f"{ {2: 'two', 3: 'three', 4: 'four'}.get(weeks, weeks) } weeks"
    return f"{'Weekly status' if weeks <= 1 else 'Status'} report {number}, {span} to {words.day(end_on)}"


def facts(project: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return (name, value, what follows it) for the line below the title."""
    sponsor = ", ".join(part for part in (project["sponsor"], project["department"]) if part)
    number = project["baseline_number"]
    again = f", {TIMES.get(number, f're-baselined {number} times')}" if number else ""
    return [
        ("Project manager", project["project_manager"] or words.MISSING, ""),
        ("Sponsor", sponsor or words.MISSING, ""),
        ("Class", str(project["governance_class"]), ""),
        ("Phase", project["phase_label"], ""),
        ("Baseline", str(number), again),
    ]


def finish_part(finish: dict[str, Any], project: dict[str, Any], status_on: dt.date) -> PaperFigure:
    return PaperFigure(*_finish_words(finish, baseline_name(project)), _finish_line(finish, project, status_on))


def baseline_name(project: dict[str, Any]) -> str:
    return f"baseline {project['baseline_number']}"


def _finish_words(finish: dict[str, Any], against: str) -> tuple[str, str]:
    late, late_original = finish["late_days"], finish["late_original_days"]
    if late is None:
        return "", NO_FINISH
    if finish["original_on"] == finish["baseline_on"] or late_original is None:
        return words.slip(late), f"against {against}"
    same_way = late * late_original > 0
    beyond = str(abs(late_original)) if same_way else words.slip(late_original)
    return words.slip(late), f"against {against}; {beyond} against the original"


def _finish_line(finish: dict[str, Any], project: dict[str, Any], status_on: dt.date) -> Any:
    return finish_line(
        finish["original_on"],
        finish["baseline_on"],
        finish["actual_on"] or finish["forecast_on"],
        status_on,
        project["baseline_number"],
        finish["late_days"],
        width=FIGURE_WIDTH,
        today_word=f"{status_on.day} {words.MONTHS[status_on.month - 1]}",
        weekdays=False,
    )


def amount(value: Decimal | None, *, currency: str, amount_unit: int, biggest: Decimal) -> str:
    """Write one amount of a summary: in millions of dollars where the largest of them has millions, else as it is kept."""
    if currency == "USD" and amount_unit == 1 and biggest >= 1_000_000:
        return words.millions(value)
    return words.amount(value, currency, UNITS.get(amount_unit, ""))


def money_part(money: dict[str, Any] | None) -> PaperFigure:
    """Return the difference, what follows it, and the bar; without amounts the words say so and there is no bar."""
    if money is None:
        return PaperFigure("", "no amounts are kept", "")
    names = ("budget_amount", "spent_amount", "committed_amount", "forecast_amount")
    budget, spent, committed, forecast = (money.get(name) for name in names)
    biggest = max((abs(value) for value in (budget, spent, committed, forecast) if value is not None), default=Decimal(0))
    write = partial(amount, currency=money["currency"], amount_unit=money["amount_unit"], biggest=biggest)
    figure = bullet(budget, spent, committed, forecast, width=FIGURE_WIDTH, show=write)  # type: ignore[arg-type]
    variance, percent = money["variance_amount"], money["variance_pct"]
    dated = f"as of {words.day(money['as_of_on'])}" if money["as_of_on"] else ""
    if variance is None:
        return PaperFigure("", "; ".join(part for part in (NO_VARIANCE, dated) if part), figure)
    over = "on budget" if not variance else f"{write(abs(variance))} {'over' if variance > 0 else 'under'}"
    share = f"({words.percent(abs(percent))})" if percent else ""
    return PaperFigure(over, "; ".join(part for part in (share, dated) if part), figure)


def decision_lines(rows: list[dict[str, Any]], status_on: dt.date) -> list[tuple[str, str, str]]:
    """Return (decision, from whom by when, consequence)."""
    return [
        (
            row["title"],
            f"{row['needed_from']}, {words.short_day(row['needed_by_on'])}"
            + (", overdue" if row["needed_by_on"] and row["needed_by_on"] < status_on else ""),
            row["consequence"],
        )
        for row in rows
    ]


def path_steps(path: dict[str, Any]) -> list[tuple[str, str]]:
    owner = f" ({path['action_owner']})" if path.get("action_owner") else ""
    steps = [
        ("Cause", path.get("cause", "")),
        ("Action", f"{path['action'].rstrip('. ')}{owner}" if path.get("action") else ""),
        ("Back on plan by", words.day(path["action_due_on"]) if path.get("action_due_on") else ""),
        ("Proof", path.get("measure", "")),
    ]
    return [(name, text.rstrip(". ")) for name, text in steps if text]


def paths_together(paths: list[tuple[str, dict[str, Any]]]) -> list[PaperPath]:
    """Return the paths of (label, path) pairs, one for all dimensions that share it."""
    labels: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for label, path in paths:
        labels.setdefault(tuple(path_steps(path)), []).append(label.lower())
    return [PaperPath(" and ".join(names), list(steps)) for steps, names in labels.items() if steps]


# The office edition
