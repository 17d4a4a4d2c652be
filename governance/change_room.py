"""The Changes room of a project: what was approved since the last baseline beside the limits, and both baselines."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString

from governance.baseline_page import BaselinesPage, baselines_page
from governance.change_access import may_read_room_money
from governance.change_authority import SizeLimits, movement, share, written
from governance.change_facts import base_of, contingency_left, since_last_baseline
from governance.change_page import money, moved_days, moved_money
from governance.models import ChangeLimits
from pmo.lib import charts, words
from pmo.lib.charts import Bar
from pmo.lib.workdays import WorkCalendar
from pmo.models.calendar import office_calendar
from portfolio.models import Project

WIDE, NARROW = 512.0, 324.0
TIMES = {1: "once", 2: "twice"}


@dataclass(frozen=True)
class Chart:
    """A chart in both widths with its data table."""

    wide: SafeString
    narrow: SafeString
    heads: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class RoomPage:
    times_words: str
    sums: Chart
    sums_words: str
    variance: Chart
    variance_words: str
    contingency: list[tuple[str, str]]
    baselines: BaselinesPage


def room_page(project: Project, user: object, today: dt.date) -> RoomPage:
    """Return what stands beside the list. About eight queries, however many requests and baselines there are."""
    calendar, limits = office_calendar(), ChangeLimits.current().as_sizes()
    shows_money = may_read_room_money(project, user)
    return RoomPage(
        times_words(project),
        *_sums(project, limits, calendar, shows_money=shows_money),
        *_variance(project, calendar, today),
        _contingency(project, shows_money=shows_money),
        baselines_page(project, calendar, shows_money=shows_money),
    )


def times_words(project: Project) -> str:
    """Write `re-baselined on 4 Dec 2026 (2 times)`; a dated one without a number counts as imported."""
    number = project.baseline_number
    if not number:
        return "never re-baselined"
    times = TIMES.get(number, f"{number} times")
    on = f" on {words.day_without_weekday(project.rebaselined_on)}" if project.rebaselined_on else ""
    return f"re-baselined{on} ({times})"


def _sums(project: Project, limits: SizeLimits, calendar: WorkCalendar, *, shows_money: bool) -> tuple[Chart, str]:
    changes, base = since_last_baseline(project), base_of(project, calendar)
    for one in changes:
        one.project = project
    cost = movement([one.cost_effect for one in changes])
    days = movement([Decimal(one.days_effect) for one in changes])
    shares = [("Time moved", share(days, base.duration_days))]
    if shows_money:
        shares.insert(0, ("Cost moved", share(cost, base.budget)))
    shares += [("PMO manager from", limits.low_percent), ("Board from", limits.high_percent)]
    drawn = [Bar(name, float(part or 0), words.MISSING if part is None else written(part)) for name, part in shares]
    rows = [
        [one.code, moved_money(project, one.cost_effect) if shows_money else words.MISSING, moved_days(one.days_effect)]
        for one in changes
    ]
    total = money(project, cost) if shows_money else words.MISSING
    rows.append(["Moved in all", total, words.count(int(days), "day")])
    title = "Changes since the last baseline, in percent of it"
    chart = Chart(charts.bars(drawn, title, WIDE), charts.bars(drawn, title, NARROW), ["Change", "Cost", "Finish"], rows)
    said = f"{words.count(len(changes), 'change')} approved since baseline {project.baseline_number}"
    return chart, said


def _variance(project: Project, calendar: WorkCalendar, today: dt.date) -> tuple[Chart, str]:
    original, current = project.original_finish_on, project.baseline_finish_on
    expected = project.actual_finish_on or project.forecast_finish_on

    def late(planned: dt.date | None) -> int | None:
        return calendar.between(planned, expected) if planned and expected else None

    number, slip = project.baseline_number, late(current)
    wide, narrow = (charts.finish_line(original, current, expected, today, number, slip, width) for width in (WIDE, NARROW))
    expected_word = "actual" if project.actual_finish_on else "forecast"
    rows = [
        ["Baseline 0, original", words.day(original), words.slip(late(original))],
        [f"Baseline {number}, current", words.day(current), words.slip(slip)],
        [expected_word.capitalize(), words.day(expected), ""],
    ]
    said = f"{words.slip(slip)} against baseline {number}"
    if number:
        said += f", {words.slip(late(original))} against the original"
    return Chart(wide, narrow, ["Plan", "Finish", f"{expected_word.capitalize()} against it"], rows), said


def _contingency(project: Project, *, shows_money: bool) -> list[tuple[str, str]]:
    """Return what was approved beside the budget and what is left of it; nothing for those who do not read the amounts."""
    if not shows_money:
        return []
    left = contingency_left(project)
    return [("Contingency approved", money(project, project.contingency_amount)), ("Left of it", money(project, left))]
