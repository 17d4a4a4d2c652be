"""The dashboard for other programs. Its shape is described in the user guide; a change of it is a new `schema`.

Amounts are text, so that no reader rounds them; dates are ISO; a rating is the published letter, "-" for no data.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.conf import settings

from governance.board import Board
from governance.dashboard import Totals
from governance.dashboard_rows import PHASES, Row

SCHEMA = 1


def as_json(board: Board) -> dict[str, Any]:
    """Return the filtered rows of `board`, in its order, with what they amount to."""
    return {
        "schema": SCHEMA,
        "city": settings.CITY_NAME,
        "as_of": board.lens.day.isoformat(),
        "made_at": board.at.isoformat(timespec="seconds"),
        "sentence": sentence(board),
        "filters": [{"filter": label, "value": value} for label, value in board.filter_words],
        "totals": totals_json(board.totals),
        "projects": [project_json(row, board.lens.day) for row in board.all_rows()],
    }


def sentence(board: Board) -> str:
    totals = board.totals
    return f"{totals.headline}: {totals.ratings_sentence}. {board.since}: {totals.changes_sentence}."


def totals_json(totals: Totals) -> dict[str, Any]:
    return {
        "projects": totals.count,
        "ratings": dict(totals.parts),
        "since_a_week_before": {name: totals.moves[name] for name in ("worse", "better", "lost", "found", "new")}
        | {"rebaselined": totals.rebaselined},
        "dollars": {"projects": totals.in_dollars, "budget": text(totals.budget), "against_budget": text(totals.variance)},
        "other_currencies": [
            {"currency": other.currency, "unit": other.unit, "projects": other.count, "budget": text(other.budget)}
            for other in totals.others
        ],
    }


def project_json(row: Row, day: dt.date) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "department": row.department,
        "program": row.program,
        "project_manager": row.manager,
        "class": row.governance_class,
        "status": row.status,
        "phase": PHASES.get(row.phase or "", None),
        "rating": row.letter,
        "evidence": row.evidence or None,
        "reason": row.why or None,
        "rating_a_week_before": row.was or None,
        "last_12_periods": row.strip or "",
        "finish": finish_json(row),
        "money": money_json(row),
        "next_milestone": {"name": row.next_milestone, "on": text(row.next_milestone_on)} if row.next_milestone else None,
        "last_report": report_json(row, day) if row.report_number else None,
        "report_overdue": bool(row.is_report_overdue),
        "imported": {"rating": row.imported_rating, "as_of": text(row.imported_as_of), "reviewed": False}
        if row.imported_rating
        else None,
    }


def finish_json(row: Row) -> dict[str, Any]:
    return {
        "original_baseline": text(row.original_finish_on),
        "baseline": text(row.baseline_finish_on),
        "forecast": text(row.forecast_finish_on),
        "slip_working_days": row.slip_days,
        "rebaselined_on": text(row.rebaselined_on),
    }


def money_json(row: Row) -> dict[str, Any]:
    return {
        "currency": row.currency,
        "unit": row.amount_unit,
        "budget": text(row.budget_amount),
        "forecast": text(row.forecast_amount),
        "against_budget": text(row.variance_amount),
    }


def report_json(row: Row, day: dt.date) -> dict[str, Any]:
    return {
        "number": row.report_number,
        "status_date": text(row.report_period_end_on),
        "accepted_at": text(row.accepted_at),
        "age_days": row.age_days(day),
    }


def text(value: Decimal | dt.date | dt.datetime | None) -> str | None:
    if value is None:
        return None
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value.isoformat() if not isinstance(value, dt.datetime) else value.isoformat(timespec="seconds")
