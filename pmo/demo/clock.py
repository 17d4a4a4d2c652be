"""The demo city's time: every date is relative to today, and its past is written with the dates of its past."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from pmo.lib.history import dated
from pmo.lib.workdays import WorkCalendar
from pmo.models.calendar import office_calendar

#: The week in which the city was designed: its last status date. All written dates move with it.
DESIGNED_FOR = dt.date(2026, 12, 3)
WEEK = dt.timedelta(days=7)
DAY = dt.timedelta(days=1)
THURSDAY = 3


@contextmanager
def on_the_day(moment: dt.datetime) -> Iterator[None]:
    """Let the verbs of the portfolio, which read the clock themselves, act as of `moment`; their history says so."""
    present = timezone.now
    timezone.now = lambda: moment
    try:
        with dated(moment):
            yield
    finally:
        timezone.now = present


@dataclass(frozen=True)
class CityTime:
    """Now, and the Thursdays around it."""

    now: dt.datetime
    zone: ZoneInfo
    calendar: WorkCalendar

    @classmethod
    def at(cls, now: dt.datetime) -> CityTime:
        return cls(now, ZoneInfo(settings.TIME_ZONE), office_calendar())

    @property
    def today(self) -> dt.date:
        return self.now.astimezone(self.zone).date()

    @property
    def running_on(self) -> dt.date:
        """Return the status date of the running week: the first Thursday from today on."""
        return self.today + dt.timedelta(days=(THURSDAY - self.today.weekday()) % 7)

    @property
    def last_on(self) -> dt.date:
        """Return the last status date that is over."""
        return self.running_on - WEEK

    def shifted(self, designed_on: dt.date) -> dt.date:
        """Return a date of the design moved to today's city, on the same day of the week."""
        return designed_on + (self.last_on - DESIGNED_FOR)

    def moment(self, day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
        """Return a local time of `day`, but never one that has not come yet."""
        wanted = dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.zone)
        return min(wanted, self.now - dt.timedelta(minutes=5))

    def workdays_ago(self, count: int) -> dt.date:
        return self.calendar.add(self.today, -count)
