"""The last twelve reporting periods of a project as they were published, for strips whose marks lead to the reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from governance.history_of_ratings import STRIP_LENGTH, published_letters
from governance.periods import Clocks, current_period, previous_ends
from governance.states import Dimension
from pmo.lib import words
from pmo.lib.charts.shapes import SHORT_WORD
from portfolio.models import Project


@dataclass(frozen=True)
class Weeks:
    """Twelve periods, oldest first, with what was published of each."""

    ends: list[dt.date]
    by_end: dict[dt.date, dict[str, object]]

    @property
    def last_on(self) -> dt.date:
        return self.ends[-1]

    def letter(self, end_on: dt.date, dimension: str) -> str:
        letters = self.by_end.get(end_on, {}).get("letters", {})
        return (letters.get(dimension) if isinstance(letters, dict) else None) or "-"

    def strip(self, dimension: str, url_of: Callable[[int], str]) -> list[tuple[str, str, str]]:
        """Return (letter, address, words) of each period; the address is empty where no report was accepted."""
        label = Dimension(dimension).label
        return [self._mark(end_on, dimension, label, url_of) for end_on in self.ends]

    def _mark(self, end_on: dt.date, dimension: str, label: str, url_of: Callable[[int], str]) -> tuple[str, str, str]:
        letter = self.letter(end_on, dimension)
        number = self.by_end.get(end_on, {}).get("number")
        said = SHORT_WORD[letter] if isinstance(number, int) else "no accepted report"
        address = url_of(number) if isinstance(number, int) else ""
        return letter, address, f"{label}, week to {words.day(end_on)}: {said}"


def weeks_of(project: Project, today: dt.date, rules: Clocks) -> Weeks:
    """Return the last twelve periods that are over; the running one too when it is reported already. One query."""
    running = current_period(today, project.governance_class, rules).end_on
    ends = previous_ends(running, STRIP_LENGTH + 1, project.governance_class, rules)
    by_end = published_letters(project.pk, running + dt.timedelta(days=1), ends[0])
    return Weeks(ends[1:] if running in by_end else ends[:-1], by_end)
