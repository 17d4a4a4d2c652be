"""Working days of the office: counting, adding, and the clock times that rest on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container
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
    public: Container[dt.date] = field(default=frozenset())

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
        return sum(self.is_workday(start + ONE_DAY * n) for n in range(1, (end - start).days + 1))

    def on_or_before(self, day: dt.date) -> dt.date:
        """Return `day`, or the last working day before it when the office is closed on it."""
        while not self.is_workday(day):
            day -= ONE_DAY
        return day

    def add_to_moment(self, moment: dt.datetime, count: int) -> dt.datetime:
        """Return the same local time `count` working days later; `moment` is aware, in the office's zone."""
        day = self.add(moment.date(), count)
        return moment.tzinfo and dt.datetime.combine(day, moment.timetz()) or dt.datetime.combine(day, moment.time())
