"""What earlier accepted reports published: letters for trends, strips of twelve periods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from governance.clock import Office
from governance.models import ReportingRules, ReportRating, StatusReport
from governance.periods import previous_ends
from governance.states import STANDING_STATES, Dimension

STRIP_LENGTH = 12


def published_letters(project_id: int, before_on: dt.date, since_on: dt.date) -> dict[dt.date, dict[str, Any]]:
    """Return, by status date, the published letters of the accepted reports in [since_on, before_on). One query."""
    rows = ReportRating.objects.filter(
        report__project=project_id,
        report__period_end_on__lt=before_on,
        report__period_end_on__gte=since_on,
        report__version__state__in=STANDING_STATES,
    ).values_list("report__period_end_on", "report__number", "dimension", "pmo_letter")
    found: dict[dt.date, dict[str, Any]] = {}
    for end_on, number, dimension, letter in rows:
        found.setdefault(end_on, {"number": number, "letters": {}})["letters"][dimension] = letter
    return found


def strip_of(ends: Iterable[dt.date], by_end: dict[dt.date, dict[str, Any]], dimension: str) -> str:
    """Return one letter a period, oldest first; a dash where no report was accepted."""
    return "".join(by_end.get(end_on, {"letters": {}})["letters"].get(dimension) or "-" for end_on in ends)


def published_before(report: StatusReport, rules: ReportingRules | None = None) -> dict[str, Any]:
    """Return the last published letters before this report, and the strips of the eleven periods before it."""
    rules = rules or Office.load(report.project.governance_class).rules
    ends = previous_ends(report.period_end_on, STRIP_LENGTH, report.project.governance_class, rules)[:-1]
    by_end = published_letters(report.project_id, report.period_end_on, ends[0])
    last = by_end[max(by_end)] if by_end else {"number": None, "letters": {}}
    return {**last, "strips": {name: strip_of(ends, by_end, name) for name in Dimension.values}}
