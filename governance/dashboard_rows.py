"""One row of the portfolio: what it holds, how the page writes it, how it is sorted and exported.

A row holds whitelisted, published fields only. The page is made of finished strings: everything that repeats is drawn once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from governance.dashboard import UNIT_WORDS, Lens, by_rating
from governance.publication import RANK
from governance.states import Letter
from pmo.lib import charts, words
from pmo.lib.charts.kit import NOTHING
from pmo.lib.charts.shapes import SHORT_WORD
from pmo.lib.tables import Column
from portfolio.states import Phase
from portfolio.tables import MOST_IMPORTED_WORDS

#: What a late finish and an overrun may be before they stand out in bold: working days, percent of the budget.
SLIP_TOLERANCE = 5
OVER_TOLERANCE = Decimal("0.05")
STRIP_LENGTH = 12
PHASES: dict[str, str] = dict(Phase.choices)

#: Every field of a row, in order, with where it is read: of the standing (published), of the project, or computed.
FIELDS: dict[str, str] = {
    "letter": "",
    "status": "",
    **dict.fromkeys(("code", "name", "governance_class"), "project"),
    "department": "project:department__name",
    "program": "project:program__name",
    "manager": "project:project_manager__name",
    **dict.fromkeys(
        (
            "evidence_overall",
            "reason",
            "strip",
            "phase",
            "original_finish_on",
            "baseline_finish_on",
            "forecast_finish_on",
            "slip_days",
            "currency",
            "amount_unit",
            "budget_amount",
            "forecast_amount",
            "variance_amount",
            "next_milestone",
            "next_milestone_on",
            "report_number",
            "report_period_end_on",
            "accepted_at",
            "is_report_overdue",
            "rebaselined_on",
            "imported_rating",
            "imported_as_of",
        ),
        "standing",
    ),
    "was": "",
}


class Row(NamedTuple):
    """One project as published. Field order is that of FIELDS; None where a project has no standing yet."""

    letter: str
    status: str
    code: str
    name: str
    governance_class: int
    department: str | None
    program: str | None
    manager: str | None
    evidence_overall: str | None
    reason: str | None
    strip: str | None
    phase: str | None
    original_finish_on: dt.date | None
    baseline_finish_on: dt.date | None
    forecast_finish_on: dt.date | None
    slip_days: int | None
    currency: str | None
    amount_unit: int | None
    budget_amount: Decimal | None
    forecast_amount: Decimal | None
    variance_amount: Decimal | None
    next_milestone: str | None
    next_milestone_on: dt.date | None
    report_number: int | None
    report_period_end_on: dt.date | None
    accepted_at: dt.datetime | None
    is_report_overdue: bool | None
    rebaselined_on: dt.date | None
    imported_rating: str | None
    imported_as_of: dt.date | None
    was: str = ""

    @property
    def evidence(self) -> str:
        """Return the computed rating where it differs from the published one; grey has nothing to differ from."""
        found = self.evidence_overall or ""
        return found if self.letter in RANK and found in (*RANK, Letter.GREY) and found != self.letter else ""

    @property
    def why(self) -> str:
        return self.reason or ("No report has been accepted yet." if self.letter == Letter.GREY else "")

    @property
    def unit_word(self) -> str:
        return UNIT_WORDS.get(self.amount_unit or 1, "")

    def age_days(self, day: dt.date) -> int | None:
        """Return the days since the status date of the last accepted report, 0 before its week is over; None without one."""
        return max(0, (day - self.report_period_end_on).days) if self.report_period_end_on else None


assert tuple(FIELDS) == Row._fields


def path_of(name: str, lens: Lens) -> str:
    kind, _, path = FIELDS[name].partition(":")
    if kind == "project":
        return lens.project(path or name)
    return lens.standing(name) if kind == "standing" else name


def read_rows(rows: QuerySet[Any], lens: Lens) -> QuerySet[Any]:
    """Return the query of the whitelisted fields, one tuple a row; `Row._make` gives them their names."""
    return rows.values_list(*[path_of(name, lens) for name in FIELDS])


def read_page(rows: QuerySet[Any], lens: Lens) -> QuerySet[Any]:
    """Return the query of a page, which does not show `was`: finding it for every row before sorting costs."""
    return rows.values_list(*[path_of(name, lens) for name in FIELDS if name != "was"])


def columns(lens: Lens) -> list[Column]:
    """Return what the page shows, what it may be sorted by, and what the files hold, in that order."""
    return [*shown_columns(lens), *file_columns(lens)]


def shown_columns(lens: Lens) -> list[Column]:
    standing, budget = lens.standing, lens.standing("budget_amount")
    return [
        Column("rating", "Rating", lambda row: words_for(row.letter), sort=(by_rating(), budget)),
        Column("project", "Project", lambda row: row.name, sort=(lens.project("name"),)),
        Column("weeks", "12 weeks", lambda row: row.strip),
        Column("phase", "Phase", lambda row: PHASES.get(row.phase or "", ""), sort=(standing("phase"),)),
        Column("finish", "Finish", lambda row: row.forecast_finish_on, sort=(standing("forecast_finish_on"),), is_number=True),
        Column("slip", "Slip", lambda row: row.slip_days, sort=(standing("slip_days"),), is_number=True),
        Column("budget", "Budget", lambda row: row.budget_amount, sort=(budget,), is_number=True),
        Column(
            "variance", "Against budget", lambda row: row.variance_amount, sort=(standing("variance_amount"),), is_number=True
        ),
        Column(
            "report",
            "Last report",
            lambda row: row.age_days(lens.day),
            sort=(standing("report_period_end_on"),),
            is_number=True,
        ),
    ]


def plain(name: str, label: str) -> Column:
    """Return a column of the files that holds the field `name` as it stands."""
    return worked_out(name, label, lambda row: getattr(row, name))


def worked_out(name: str, label: str, read: Callable[[Row], Any]) -> Column:
    return Column(f"file_{name}", label, read, export_only=True)


def file_columns(lens: Lens) -> list[Column]:
    """Return the columns of the CSV and of the workbook: the page's facts, each in a column of its own."""
    return [
        plain("code", "Code"),
        plain("name", "Project"),
        plain("department", "Department"),
        plain("program", "Program"),
        plain("manager", "Project manager"),
        plain("governance_class", "Class"),
        worked_out("status", "Status", lambda row: row.status.replace("_", " ").capitalize()),
        worked_out("rating", "Published rating", lambda row: words_for(row.letter)),
        worked_out("evidence", "Evidence where it differs", lambda row: words_for(row.evidence)),
        worked_out("why", "Reason", lambda row: row.why),
        worked_out("was", "Rating a week before", lambda row: words_for(row.was)),
        worked_out("strip", "Last 12 periods, oldest first", lambda row: (row.strip or "").replace("-", "–")),
        worked_out("phase", "Phase", lambda row: PHASES.get(row.phase or "", "")),
        plain("original_finish_on", "Original baseline finish"),
        plain("baseline_finish_on", "Current baseline finish"),
        plain("forecast_finish_on", "Forecast finish"),
        plain("slip_days", "Slip, working days (late is positive)"),
        plain("rebaselined_on", "Last re-baselined"),
        plain("currency", "Currency"),
        plain("amount_unit", "Unit of amounts"),
        plain("budget_amount", "Budget"),
        plain("forecast_amount", "Forecast cost"),
        plain("variance_amount", "Against budget (over is positive)"),
        plain("next_milestone", "Next milestone"),
        plain("next_milestone_on", "Next milestone on"),
        plain("report_number", "Last report"),
        plain("report_period_end_on", "Status date of the last report"),
        worked_out("age", "Age of the last report, days", lambda row: row.age_days(lens.day)),
        worked_out("overdue", "Report overdue", lambda row: bool(row.is_report_overdue)),
        plain("imported_rating", "Imported rating, not reviewed"),
        plain("imported_as_of", "Imported rating as of"),
    ]


def words_for(letter: str) -> str:
    return SHORT_WORD.get(letter, "")


# The page


class Written:
    """How the rows of one page are written: where their links lead, and on which day their age is counted."""

    def __init__(self, lens: Lens, *, to_working_pages: bool) -> None:
        self.day = lens.day
        self.public_url = reverse("governance:public-project", args=["-code-"])
        self.why_url = reverse("governance:public-why", args=["-code-", "overall"])
        self.page_url = reverse("project-overview", args=["-code-"]) if to_working_pages else self.public_url

    def row(self, row: Row) -> SafeString:
        """Return the finished table row."""
        why_url = self.why_url.replace("-code-", row.code)
        return format_html(
            '<tr role="row"><td role="cell" class="nowrap">{}</td>'
            '<th scope="row" role="rowheader" class="first"><div class="proj"><span class="code">{}</span>'
            '<span><a data-open href="{}">{}</a>{}</span></div></th>'
            '<td role="cell" data-l="12 weeks"><a class="strip" href="{}#weeks" aria-label="Last 12 weeks of {}">{}</a></td>'
            '<td role="cell" data-l="Phase">{}</td>'
            '<td role="cell" data-l="Finish" class="num">{}</td><td role="cell" data-l="Slip" class="num">{}</td>'
            '<td role="cell" data-l="Budget" class="num">{}</td><td role="cell" data-l="Variance" class="num">{}</td>'
            '<td role="cell" data-l="Last report" class="num">{}</td></tr>',
            marks_of(row, why_url),
            row.code,
            self.page_url.replace("-code-", row.code),
            row.name,
            grey_line(row),
            self.public_url.replace("-code-", row.code),
            row.name,
            strip_of(row.strip or ""),
            PHASES.get(row.phase or "", words.MISSING),
            words.day_without_weekday(row.forecast_finish_on),
            slip_of(row.slip_days),
            words.amount(row.budget_amount, row.currency or "USD", row.unit_word),
            variance_of(row),
            self.report_of(row),
        )

    def short_row(self, row: Row) -> SafeString:
        """Return the row for a narrow table: rating, project, weeks, slip, against budget, last report."""
        return format_html(
            '<tr role="row"><td role="cell" class="nowrap">{}</td>'
            '<th scope="row" role="rowheader" class="first"><div class="proj"><span class="code">{}</span>'
            '<a data-open href="{}">{}</a></div></th><td role="cell" data-l="12 weeks">{}</td>'
            '<td role="cell" data-l="Slip" class="num">{}</td><td role="cell" data-l="Variance" class="num">{}</td>'
            '<td role="cell" data-l="Last report" class="num">{}</td></tr>',
            marks_of(row, self.why_url.replace("-code-", row.code)),
            row.code,
            self.page_url.replace("-code-", row.code),
            row.name,
            strip_of(row.strip or ""),
            slip_of(row.slip_days),
            variance_of(row),
            self.report_of(row),
        )

    def report_of(self, row: Row) -> str:
        age = row.age_days(self.day)
        said = "none yet" if age is None else words.age(age)
        return format_html('<span class="age-late">{}, overdue</span>', said) if row.is_report_overdue else said


@lru_cache(maxsize=64)
def _published(letter: str, word: str) -> SafeString:
    return format_html(
        '{}<b>{}</b><span class="mark-w">{}</span><span class="vh">, published rating: why?</span>',
        charts.glyph(letter, 16),
        "–" if letter == Letter.GREY else letter,
        word,
    )


@lru_cache(maxsize=16)
def _evidence(letter: str) -> SafeString:
    return format_html(
        '{}<b>{}</b><span class="src">evidence</span><span class="vh">, {}: why?</span>',
        charts.glyph(letter, 16, True),
        "–" if letter == Letter.GREY else letter,
        SHORT_WORD[letter].lower(),
    )


def css(letter: str) -> str:
    return "n" if letter == Letter.GREY else letter


def marks_of(row: Row, why_url: str) -> SafeString:
    """Write the published mark, beside it the evidence where it differs, or what an imported source said in its own words."""
    beside: SafeString | str = NOTHING
    if row.evidence:
        beside = format_html('<a class="mark mark--{}" href="{}">{}</a>', css(row.evidence), why_url, _evidence(row.evidence))
    elif row.imported_rating and row.letter == Letter.GREY:
        said = Truncator(row.imported_rating).chars(MOST_IMPORTED_WORDS)
        beside = format_html('<span class="imported">{} <span class="src">imported</span></span>', said)
    word = "" if row.imported_rating and row.letter == Letter.GREY else SHORT_WORD[row.letter]
    return format_html(
        '<span class="marks"><a class="mark mark--{}" href="{}">{}</a>{}</span>',
        css(row.letter),
        why_url,
        _published(row.letter, word),
        beside,
    )


def grey_line(row: Row) -> SafeString:
    """Say below the name why there is no rating; an imported one explains itself."""
    if row.letter != Letter.GREY or row.imported_rating:
        return NOTHING
    return format_html('<br><span class="small soft">{}</span>', row.why)


@lru_cache(maxsize=4096)
def strip_of(letters: str) -> SafeString:
    return charts.strip(letters.rjust(STRIP_LENGTH, "-"), "Last 12 weeks", 12)


def slip_of(days: int | None) -> str:
    said = words.slip(days)
    return format_html('<span class="late">{}</span>', said) if days is not None and days > SLIP_TOLERANCE else said


def variance_of(row: Row) -> str:
    said = words.difference(row.variance_amount, row.currency or "USD", row.unit_word)
    is_late = bool(row.variance_amount and row.budget_amount and row.variance_amount > row.budget_amount * OVER_TOLERANCE)
    return format_html('<span class="late">{}</span>', said) if is_late else said
