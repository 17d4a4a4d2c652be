"""Working days of the office: counting, adding, and the clock times that rest on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache

import holidays

ONE_DAY = dt.timedelta(days=1)


@lru_cache(maxsize=8)
def public_holidays(country: str, subdivision: str) -> holidays.HolidayBase:
    """Return the public holidays of a country (and state), filled in year by year as dates are asked for."""
    return holidays.country_holidays(country, subdiv=subdivision or None)


@dataclass(frozen=True)
class WorkCalendar:
    """Which days the office works. `opened` beats `closed`, both beat `public`; Saturdays and Sundays are always free."""

    closed: frozenset[dt.date] = frozenset()
    opened: frozenset[dt.date] = frozenset()
    public: Collection[dt.date] = field(default=frozenset())

    def is_workday(self, day: dt.date) -> bool:
        if day.weekday() >= 5:
            return False
        return day in self.opened or (day not in self.closed and day not in self.public)

    def add(self, day: dt.date, count: int) -> dt.date:
        """Return the day `count` working days after `day` (before it, when negative); `day` itself when `count` is 0."""
        step = ONE_DAY if count >= 0 else -ONE_DAY
        while count:
            day += step
            if self.is_workday(day):
                count -= 1 if count > 0 else -1
        return day

    def between(self, start: dt.date, end: dt.date) -> int:
        """Return the working days after `start` up to and including `end`; negative when `end` lies before `start`."""
        if end < start:
            return -self.between(end, start)
        return _weekdays_up_to(end) - _weekdays_up_to(start) - self._free_weekdays(start, end)

    def _free_weekdays(self, start: dt.date, end: dt.date) -> int:
        """Count the days from Monday to Friday after `start` up to `end` on which the office is closed."""
        for year in range(start.year, end.year + 1):
            _ = dt.date(year, 1, 1) in self.public  # a calendar of holidays fills a year when it is asked for
        free = {day for days in (self.public, self.closed) for day in days if start < day <= end}
        return sum(day.weekday() < 5 and not self.is_workday(day) for day in free)

    def on_or_before(self, day: dt.date) -> dt.date:
        """Return `day`, or the last working day before it when the office is closed on it."""
        while not self.is_workday(day):
            day -= ONE_DAY
        return day

    def add_to_moment(self, moment: dt.datetime, count: int) -> dt.datetime:
        """Return the same local time `count` working days later; `moment` is aware, in the office's zone."""
        day = self.add(moment.date(), count)
        return (moment.tzinfo and dt.datetime.combine(day, moment.timetz())) or dt.datetime.combine(day, moment.time())


def _weekdays_up_to(day: dt.date) -> int:
    """Count the days from Monday to Friday since the calendar began (1 Jan of year 1 is a Monday) up to and including `day`."""
    weeks, days = divmod(day.toordinal(), 7)
    return weeks * 5 + min(days, 5)
