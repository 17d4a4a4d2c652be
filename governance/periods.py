"""Reporting periods and their clocks. Pure: rules, calendar and moments come in as arguments."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from pmo.lib.workdays import WorkCalendar

#: A Thursday; which weeks a two-weekly project reports in is counted from here, so that it never depends on the year.
ANCHOR = dt.date(2024, 1, 4)
WEEK = dt.timedelta(days=7)


class Clocks(Protocol):
    """What periods need to know of `governance.models.ReportingRules`."""

    status_weekday: int
    due_time: dt.time
    reminder_weekday: int
    reminder_time: dt.time
    overdue_days: int
    escalation_days: int
    review_days: int
    answer_days: int
    class_1_every_weeks: int


@dataclass(frozen=True)
class Period:
    """One reporting period, both days included; the last is the status date."""

    start_on: dt.date
    end_on: dt.date


def weeks_between_reports(governance_class: int, rules: Clocks) -> int:
    return rules.class_1_every_weeks if governance_class == 1 else 1


def status_date(day: dt.date, rules: Clocks) -> dt.date:
    """Return the status date of the week that holds `day`: the first status weekday on or after it."""
    return day + dt.timedelta(days=(rules.status_weekday - day.weekday()) % 7)


def reports_in(end_on: dt.date, governance_class: int, rules: Clocks) -> bool:
    """Return whether a project of this class owes a report for the week that ends on `end_on`."""
    anchor = status_date(ANCHOR, rules)
    return (end_on - anchor).days // 7 % weeks_between_reports(governance_class, rules) == 0


def period_ending(end_on: dt.date, governance_class: int, rules: Clocks) -> Period:
    weeks = weeks_between_reports(governance_class, rules)
    return Period(end_on - WEEK * weeks + dt.timedelta(days=1), end_on)


def current_period(day: dt.date, governance_class: int, rules: Clocks) -> Period:
    """Return the period that holds `day`: the one that a project manager would report on today."""
    end_on = status_date(day, rules)
    while not reports_in(end_on, governance_class, rules):
        end_on += WEEK
    return period_ending(end_on, governance_class, rules)


def previous_ends(end_on: dt.date, count: int, governance_class: int, rules: Clocks) -> list[dt.date]:
    """Return the last `count` status dates up to and including `end_on`, oldest first."""
    step = WEEK * weeks_between_reports(governance_class, rules)
    return [end_on - step * back for back in range(count - 1, -1, -1)]


def due_at(end_on: dt.date, rules: Clocks, calendar: WorkCalendar, zone: ZoneInfo) -> dt.datetime:
    """Return the moment the report is due: the status date at the due time; a closed day moves it to the working day before."""
    return dt.datetime.combine(calendar.on_or_before(end_on), rules.due_time, zone)


def reminder_at(end_on: dt.date, rules: Clocks, zone: ZoneInfo) -> dt.datetime:
    """Return the moment of the reminder: the reminder weekday on or before the status date."""
    back = (end_on.weekday() - rules.reminder_weekday) % 7
    return dt.datetime.combine(end_on - dt.timedelta(days=back), rules.reminder_time, zone)


def after_workdays(moment: dt.datetime, days: int, calendar: WorkCalendar, zone: ZoneInfo) -> dt.datetime:
    """Return the same local time `days` working days after `moment`."""
    local = moment.astimezone(zone)
    return dt.datetime.combine(calendar.add(local.date(), days), local.timetz().replace(tzinfo=None), zone)
