"""What every timed rule needs, loaded once.

The reporting clocks, the working calendar, the limits of a class, the time zone.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings

from governance.health import Limits
from governance.models.rules import ReportingRules, limits_for
from pmo.lib.workdays import WorkCalendar
from pmo.models.calendar import office_calendar


@dataclass(frozen=True)
class Office:
    """The office's rules at one moment."""

    rules: ReportingRules
    calendar: WorkCalendar
    limits: Limits
    zone: ZoneInfo

    @classmethod
    def load(cls, governance_class: int = 2) -> Office:
        """Return the rules in force, with the limits of `governance_class`. Four queries."""
        return cls(ReportingRules.current(), office_calendar(), limits_for(governance_class), ZoneInfo(settings.TIME_ZONE))

    def day(self, at: dt.datetime) -> dt.date:
        """Return the office's date at moment `at`."""
        return at.astimezone(self.zone).date()
