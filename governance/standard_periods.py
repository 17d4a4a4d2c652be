"""The periods of productivity standards: months, and the quarters and years of the fiscal year."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from governance.performance.figures import Month
from governance.policy_states import Frequency

DAY = dt.timedelta(days=1)
#: Months of a period.
MONTHS = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.YEARLY: 12}


def periods_over(frequency: str, day: dt.date, count: int) -> list[Month]:
    """Return the last `count` periods that ended before `day`, oldest first."""
    length = MONTHS[Frequency(frequency)]
    start = _start_of(day, length)
    found: list[Month] = []
    while len(found) < count:
        end = start - DAY
        start = _start_of(end, length)
        found.append(Month(start, end))
    return found[::-1]


def ended_period(frequency: str, today: dt.date) -> Month:
    """Return the last month, quarter or year that was over before `today`."""
    return periods_over(frequency, today, 1)[0]


def _start_of(day: dt.date, length: int) -> dt.date:
    """Return the first day of the period of `length` months in which `day` lies."""
    back = (day.month - settings.FISCAL_START_MONTH) % length
    year, month = divmod(day.year * 12 + day.month - 1 - back, 12)
    return dt.date(year, month + 1, 1)
