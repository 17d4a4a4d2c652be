"""Weeks that end on Thursday, due at 17:00, moved off city holidays; class 1 every second week."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from governance.models import ReportingRules
from governance.periods import after_workdays, current_period, due_at, previous_ends, reminder_at, reports_in
from pmo.lib.workdays import WorkCalendar

CITY = ZoneInfo("America/Chicago")
RULES = ReportingRules(pk=1)
THANKSGIVING = dt.date(2026, 11, 26)
CALENDAR = WorkCalendar(closed=frozenset({THANKSGIVING, dt.date(2026, 11, 27)}))


@pytest.mark.parametrize("day", [dt.date(2026, 11, 20), dt.date(2026, 11, 22), dt.date(2026, 11, 26)])
def test_a_week_ends_on_thursday(day: dt.date) -> None:
    period = current_period(day, 3, RULES)
    assert (period.start_on, period.end_on) == (dt.date(2026, 11, 20), dt.date(2026, 11, 26))


def test_class_1_reports_every_second_week_and_its_period_has_two() -> None:
    ends = [dt.date(2026, 11, 5) + dt.timedelta(weeks=week) for week in range(4)]
    owed = [end_on for end_on in ends if reports_in(end_on, 1, RULES)]
    assert len(owed) == 2
    period = current_period(owed[0], 1, RULES)
    assert (period.end_on - period.start_on).days == 13


def test_due_on_thursday_at_five_or_the_working_day_before() -> None:
    assert due_at(dt.date(2026, 11, 19), RULES, CALENDAR, CITY) == dt.datetime(2026, 11, 19, 17, tzinfo=CITY)
    assert due_at(THANKSGIVING, RULES, CALENDAR, CITY) == dt.datetime(2026, 11, 25, 17, tzinfo=CITY)


def test_the_reminder_goes_out_on_wednesday_noon() -> None:
    assert reminder_at(dt.date(2026, 11, 19), RULES, CITY) == dt.datetime(2026, 11, 18, 12, tzinfo=CITY)


def test_working_days_skip_weekend_and_holidays_and_keep_local_time() -> None:
    wednesday = dt.datetime(2026, 11, 25, 17, tzinfo=CITY)
    assert after_workdays(wednesday, 1, CALENDAR, CITY) == dt.datetime(2026, 11, 30, 17, tzinfo=CITY)


def test_local_time_survives_the_end_of_daylight_saving() -> None:
    friday = dt.datetime(2026, 10, 30, 17, tzinfo=CITY)
    monday = after_workdays(friday, 1, WorkCalendar(), CITY)
    assert (monday.hour, monday.utcoffset()) == (17, dt.timedelta(hours=-6))


def test_the_last_twelve_status_dates_are_oldest_first() -> None:
    ends = previous_ends(dt.date(2026, 11, 19), 12, 3, RULES)
    assert (len(ends), ends[0], ends[-1]) == (12, dt.date(2026, 9, 3), dt.date(2026, 11, 19))


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2026-11-20", "2026-11-23", 1),
        ("2026-11-23", "2026-11-20", -1),
        ("2026-11-20", "2026-11-20", 0),
        ("2026-11-25", "2026-11-30", 1),
    ],
)
def test_working_days_between_two_dates(start: str, end: str, days: int) -> None:
    assert CALENDAR.between(dt.date.fromisoformat(start), dt.date.fromisoformat(end)) == days


def test_an_opened_holiday_is_a_working_day() -> None:
    calendar = WorkCalendar(opened=frozenset({THANKSGIVING}), public=frozenset({THANKSGIVING}))
    assert calendar.is_workday(THANKSGIVING)
    assert not WorkCalendar(public=frozenset({THANKSGIVING})).is_workday(THANKSGIVING)
