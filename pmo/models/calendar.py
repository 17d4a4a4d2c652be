from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from pmo.lib.workdays import WorkCalendar, public_holidays


class CityHolidayQuerySet(models.QuerySet["CityHoliday"]):
    def calendar(self) -> WorkCalendar:
        """Return the office's working calendar: weekends, public holidays of the state, and the city's own rows. One query."""
        rows = list(self.values_list("on", "is_working_day"))
        return WorkCalendar(
            closed=frozenset(on for on, works in rows if not works),
            opened=frozenset(on for on, works in rows if works),
            public=public_holidays(settings.HOLIDAY_COUNTRY, settings.HOLIDAY_SUBDIVISION),
        )


class CityHoliday(models.Model):
    """A day on which the city's calendar differs from the state's: a closure, or a public holiday on which the office works."""

    on = models.DateField("date", unique=True)
    name = models.CharField(max_length=80)
    is_working_day = models.BooleanField(
        "office works",
        default=False,
        help_text="Tick it for a public holiday on which the office is open; leave it for a closure.",
    )

    objects = CityHolidayQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-on"]

    def __str__(self) -> str:
        return f"{self.name}, {self.on:%d %b %Y}"


def office_calendar() -> WorkCalendar:
    return CityHoliday.objects.calendar()


def today_local(now: dt.datetime) -> dt.date:
    """Return the office's date at `now` (aware)."""
    from django.utils import timezone

    return timezone.localtime(now).date()
