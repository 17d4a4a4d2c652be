"""What every timed rule needs, loaded once.

The reporting clocks, the working calendar, the limits of a class, the time zone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings

from governance.health import Limits
from governance.models.rules import ReportingRules, limits_for
from pmo.lib.workdays import WorkCalendar
from pmo.models.calendar import office_calendar

_kept: ContextVar[dict[int, Office] | None] = ContextVar("office_kept", default=None)


@dataclass(frozen=True)
class Office:
    """The office's rules at one moment."""

    rules: ReportingRules
    calendar: WorkCalendar
    limits: Limits
    zone: ZoneInfo

    @classmethod
    def load(cls, governance_class: int = 2) -> Office:
        """Return the rules in force, with the limits of `governance_class`. Four queries; none inside `kept`."""
        kept = _kept.get()
        if kept is None:
            return cls._read(governance_class)
        if governance_class not in kept:
            kept[governance_class] = cls._read(governance_class)
        return kept[governance_class]

    @classmethod
    def _read(cls, governance_class: int) -> Office:
        return cls(ReportingRules.current(), office_calendar(), limits_for(governance_class), ZoneInfo(settings.TIME_ZONE))

    @classmethod
    @contextmanager
    def kept(cls) -> Iterator[None]:
        """Read the rules once for all that happens inside: for work on many reports during which nobody changes them."""
        token = _kept.set({})
        try:
            yield
        finally:
            _kept.reset(token)

    def day(self, at: dt.datetime) -> dt.date:
        """Return the office's date at moment `at`."""
        return at.astimezone(self.zone).date()
