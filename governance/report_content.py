"""The content of a status report as plain values: gathered live for a draft, frozen as canonical JSON on submission.

Page and PDF read this and nothing else, so that an accepted report looks the same whatever happens to its project later.
Keys say their type: `…_on` is a date, `…_at` a moment, `…_amount` and `…_pct` are decimals.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from governance.report_facts import Registers, computed_ratings, project_rows
from governance.states import Dimension, Letter

if TYPE_CHECKING:
    from governance.health import Limits
    from governance.models import ReportRating, StatusReport
    from pmo.lib.workdays import WorkCalendar

SCHEMA = 1


PATH_FIELDS = ("cause", "action", "action_owner", "action_due_on", "measure")


def asked_of(letter: str) -> tuple[str, ...]:
    """Return the fields that a rating of this letter is asked for; what stands in the others is left over from another week."""
    return {Letter.YELLOW: ("reason",), Letter.RED: ("reason", *PATH_FIELDS)}.get(Letter(letter), ()) if letter else ()


def rating_content(rating: ReportRating, computed: Mapping[str, Any]) -> dict[str, Any]:
    asked = asked_of(rating.pm_letter)
    said = {name: getattr(rating, name) if name in asked else "" for name in ("reason", *PATH_FIELDS)}
    said["action_due_on"] = said["action_due_on"] or None
    return {"dimension": rating.dimension, "pm": rating.pm_letter, **said, "computed": dict(computed)}


def typed_content(report: StatusReport) -> dict[str, Any]:
    """Return what the project manager wrote. Two queries."""
    return {
        "headline": report.headline,
        "accomplishments": report.accomplishment_items(),
        "plan": report.plan_items(),
        "keeps_plan": report.keeps_plan,
        "change_note": report.change_note,
        "reconciled": [
            {"text": row.text, "outcome": row.outcome, "note": row.note, "weeks_planned": row.weeks_planned}
            for row in report.reconciliations.all()
        ],
    }


def header(report: StatusReport, version_number: int) -> dict[str, Any]:
    return {
        "number": report.number,
        "version": version_number,
        "period_start_on": report.period_start_on,
        "period_end_on": report.period_end_on,
    }


def gather(
    report: StatusReport, version_number: int, calendar: WorkCalendar, limits: Limits, before: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the whole content of `report` from the rows as they are now. About a dozen queries.

    `before` is what earlier accepted reports published: {"number", "letters": {dimension: letter}, "strips":
    {dimension: "GGY…"}}.
    """
    registers = Registers.of(report.project)
    computed = computed_ratings(report.project, report.period_end_on, calendar, limits, registers)
    ratings = {rating.dimension: rating for rating in report.ratings.all()}
    return {
        "schema": SCHEMA,
        **project_rows(report.project, report.period_end_on, calendar, registers),
        "report": header(report, version_number),
        **typed_content(report),
        "ratings": [rating_content(ratings[name], computed[Dimension(name)].as_dict()) for name in Dimension.values],
        "before": dict(before or {"number": None, "letters": {}, "strips": {}}),
    }


def read_typed(text: str) -> dict[str, Any]:
    """Return stored canonical JSON with dates, moments and decimals as such."""
    return _typed(json.loads(text))  # type: ignore[no-any-return]


def _typed(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: _typed(inner) if isinstance(inner, (dict, list)) else _scalar(name, inner) for name, inner in value.items()
        }
    return [_typed(inner) if isinstance(inner, (dict, list)) else inner for inner in value]


def _scalar(name: str, value: Any) -> Any:
    read = _reader(name) if value and isinstance(value, str) else None
    return read(value) if read else value


@lru_cache(maxsize=512)
def _reader(name: str) -> Callable[[str], Any] | None:
    """Return what turns the stored text of a field into its value, or None for plain text."""
    if name.endswith("_on"):
        return dt.date.fromisoformat
    if name.endswith("_at"):
        return dt.datetime.fromisoformat
    return Decimal if name.endswith(("_amount", "_pct")) else None


def rating_of(content: Mapping[str, Any], dimension: str) -> dict[str, Any]:
    return next(row for row in content["ratings"] if row["dimension"] == dimension)
