"""What became of a planned review before it was held: every move and the calling off, with who, when and why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

from governance.gate_states import GateState
from governance.models import GateReview
from pmo.lib import words


@dataclass(frozen=True)
class GateMove:
    """One move of the day, or the calling off. `who` is empty for what the clock did."""

    what: str
    who: str
    at: dt.datetime
    reason: str


def gate_moves(review: GateReview) -> list[GateMove]:
    """Return the moves of a review from its history, oldest first. One query."""
    rows = list(review.history.select_related("history_user").order_by("history_id"))  # type: ignore[attr-defined]
    found = []
    for before, after in pairwise(rows):
        if after.state == GateState.CANCELLED != before.state:
            what = "Called off"
        elif after.planned_on != before.planned_on:
            what = f"Moved from {words.day_without_weekday(before.planned_on)} to {words.day_without_weekday(after.planned_on)}"
        else:
            continue
        who = after.history_user.name if after.history_user else ""
        found.append(GateMove(what, who, after.history_date, after.history_change_reason or ""))
    return found
