"""What the clock found in the demo city day by day: findings stand under the day after what they found, not under today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial

from governance.clock import Office
from governance.condition_due import find_overdue_conditions
from governance.due import once
from governance.gate_due import open_expired_waivers, open_late_gates
from pmo.demo.clock import DAY, CityTime, on_the_day
from pmo.demo.registers import Event

#: Nothing was missed before that, in days.
WATCHED = 60


def daily_checks(time: CityTime, office: Office) -> Iterator[Event]:
    """Yield the daily check of every day up to yesterday; today's is made when everything else has happened."""
    for back in range(WATCHED, 0, -1):
        at = time.moment(time.today - DAY * back, 6, 5)
        yield at, partial(_check, at, office)


def _check(at: dt.datetime, office: Office) -> None:
    today = office.day(at)
    with on_the_day(at):
        open_late_gates(at, today)
        open_expired_waivers(at, today)
        find_overdue_conditions(at, office, once)
