"""The day on which a review was held, as its decision gives it: a few working days back at most."""

from __future__ import annotations

import datetime as dt

from django.db.models import Max
from django.utils import timezone

from governance.gate_states import GOES, Gate
from governance.models import GateReview
from pmo.lib import words
from pmo.lib.errors import Refused
from pmo.models.calendar import office_calendar

#: How many working days after the meeting its decision may still be signed.
LONGEST_LAG = 5


def earliest_held_on(review: GateReview, today: dt.date) -> dt.date:
    """Return the first day on which `review` can have been held, if it is signed today. One query and the calendar."""
    order = list(Gate)
    before = order[: order.index(Gate(review.gate))]
    passed = review.project.gate_reviews.filter(gate__in=before, decision__in=GOES)
    days = [
        office_calendar().add(today, -LONGEST_LAG),
        timezone.localdate(review.planned_at) if review.planned_at else None,
        passed.aggregate(last=Max("held_on"))["last"],
    ]
    return max(day for day in days if day is not None)


def check_held_on(review: GateReview, held_on: dt.date, today: dt.date) -> None:
    """Raise Refused: `held_in_future`, `held_too_early`."""
    if held_on > today:
        raise Refused("The review cannot have been held in the future.", "held_in_future")
    earliest = earliest_held_on(review, today)
    if held_on < earliest:
        since = words.day_without_weekday(earliest)
        raise Refused(
            f"Give a day from {since} on. A decision is signed within {LONGEST_LAG} working days of the review, "
            "and a review is held after it was planned and after the gate before it.",
            "held_too_early",
        )
