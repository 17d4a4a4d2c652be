"""How dates, times, amounts and differences are written: once, for pages, charts, exports and PDFs.

Functions take plain values and return plain text; None is "—". Month and day names do not depend on the machine's locale.
"""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone

MISSING = "—"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SIGNS = {"USD": "$", "GBP": "£", "EUR": "€"}
# What one unit of a stored amount is worth, and how it is written behind the number.
UNITS = {"": "", "thousand": " thousand", "million": " M", "billion": " bn"}

Amount = Decimal | int | float
Day = dt.date | dt.datetime


def local_date(when: Day) -> dt.date:
    """Return the office's calendar day of a moment; a date stays what it is."""
    if isinstance(when, dt.datetime):
        return (timezone.localtime(when) if timezone.is_aware(when) else when).date()
    return when


def day(when: Day | None) -> str:
    """Write `Fri 4 Dec 2026`."""
    if when is None:
        return MISSING
    date = local_date(when)
    return f"{DAYS[date.weekday()]} {date.day} {MONTHS[date.month - 1]} {date.year}"


def day_without_weekday(when: Day | None) -> str:
    """Write `4 Dec 2026`, for columns where the weekday says nothing."""
    if when is None:
        return MISSING
    date = local_date(when)
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def short_day(when: Day | None) -> str:
    """Write `Fri 4 Dec`, for dates whose year is plain from the place."""
    if when is None:
        return MISSING
    date = local_date(when)
    return f"{DAYS[date.weekday()]} {date.day} {MONTHS[date.month - 1]}"


def clock(when: dt.datetime | None) -> str:
    """Write the office's local time, `16:41`."""
    if when is None:
        return MISSING
    local = timezone.localtime(when) if timezone.is_aware(when) else when
    return f"{local.hour:02d}:{local.minute:02d}"


def moment(when: dt.datetime | None) -> str:
    """Write `Thu 3 Dec 2026 16:41` in the office's local time."""
    return MISSING if when is None else f"{day(when)} {clock(when)}"


def count(number: int, noun: str, plural: str = "") -> str:
    """Write `1 project`, `41 projects`, `2 entries` (with `plural` given)."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def age(days: int | None) -> str:
    """Write `today`, `1 day`, `3 days`."""
    if days is None:
        return MISSING
    return "today" if days == 0 else count(days, "day")


def slip(working_days: int | None) -> str:
    """Write a difference in working days: `12 days late`, `3 days early`, `on time`."""
    if working_days is None:
        return MISSING
    if working_days == 0:
        return "on time"
    return f"{count(abs(working_days), 'day')} {'late' if working_days > 0 else 'early'}"


def rounded(value: Amount, places: int) -> Decimal:
    """Round half away from zero, as people do; the only place where a shown amount is rounded."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _signed(number: Decimal, sign: str, places: int, unit: str) -> str:
    return f"{'−' if number < 0 else ''}{sign}{abs(number):,.{places}f}{unit}"


def money(value: Amount | None) -> str:
    """Write whole dollars, `$1,234,567`, as tables do."""
    return MISSING if value is None else _signed(rounded(value, 0), "$", 0, "")


def millions(value: Amount | None) -> str:
    """Write `$1.23 M`, as summaries do; never in one column with `money`."""
    return MISSING if value is None else _signed(rounded(Decimal(str(value)) / 1_000_000, 2), "$", 2, " M")


def amount(value: Amount | None, currency: str = "USD", unit: str = "") -> str:
    """Write an amount in its source's currency and unit: `£12.40 M` for 12.4 in GBP and `million`; nothing is converted.

    An unknown currency stands in front as its code. Units are those of UNITS; another unit is written as it is.
    """
    if value is None:
        return MISSING
    places = 2 if unit else 0
    return _signed(rounded(value, places), SIGNS.get(currency, f"{currency} "), places, UNITS.get(unit, f" {unit}"))


def difference(value: Amount | None, currency: str = "USD", unit: str = "") -> str:
    """Write `$41,200 over`, `$8,300 under`, `on budget`; positive means that more is spent than approved."""
    if value is None:
        return MISSING
    shown = rounded(value, 2 if unit else 0)
    if shown == 0:
        return "on budget"
    return f"{amount(abs(shown), currency, unit)} {'over' if shown > 0 else 'under'}"


def percent(value: Amount | None, places: int = 1) -> str:
    """Write a percentage given from 0 to 100: `6.4 %`; whole numbers stay whole."""
    if value is None:
        return MISSING
    number = rounded(value, places)
    text = f"{number:,.{places}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + " %"
