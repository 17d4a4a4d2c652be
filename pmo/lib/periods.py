"""Fiscal years and their periods."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pmo.lib.words import MONTHS


@dataclass(frozen=True)
class FiscalPeriod:
    """One month of a fiscal year; the year is named after the calendar year in which it ends."""

    year: int
    number: int
    month: int

    @property
    def text(self) -> str:
        return f"FY{self.year}, period {self.number} ({MONTHS[self.month - 1]})"


def fiscal_period(on: dt.date, start_month: int) -> FiscalPeriod:
    """Return the period of the day `on` in a fiscal year that begins with `start_month` (1 to 12)."""
    number = (on.month - start_month) % 12 + 1
    year = on.year if start_month == 1 or on.month < start_month else on.year + 1
    return FiscalPeriod(year, number, on.month)
