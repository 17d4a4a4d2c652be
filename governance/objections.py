"""Objections before a decision: an approval goes over them only with a reason, which is sealed with it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from governance.document_states import Opinion, PartState
from governance.models import DeliverableVersion, Review, ReviewPart
from governance.states import ReviewState
from pmo.lib.errors import Refused
from pmo.lib.storable import storable

#: Names longer than this in all are counted, so that the signed sentence keeps its length.
LONGEST_NAMES = 120


def objections_in(review: Review | None) -> list[ReviewPart]:
    """Return the parts of a review that object, in the order in which they were asked. One query."""
    if review is None:
        return []
    rows = review.parts.filter(state=PartState.DONE, opinion=Opinion.OBJECT).select_related("person", "acting_for")
    return list(rows.order_by("position", "pk"))


def standing_objections(version: DeliverableVersion) -> list[ReviewPart]:
    return objections_in(version.reviews.filter(state=ReviewState.OPEN).first())


def name_of(part: ReviewPart) -> str:
    return f"{part.person.name if part.person else ''} ({part.get_seat_display().lower()})"


def objection_words(objections: Sequence[ReviewPart]) -> str:
    """Return who objects; an empty string for nobody."""
    names = " and ".join(name_of(part) for part in objections)
    return f"{names} {'objects' if len(objections) == 1 else 'object'}" if objections else ""


def overruling_words(objections: Sequence[ReviewPart]) -> str:
    """Return what the decider declares besides the approval; an empty string where nobody objects."""
    if not objections:
        return ""
    names = " and ".join(name_of(part) for part in objections)
    whose = f"the objection of {names}" if len(names) <= LONGEST_NAMES else f"{len(objections)} objections"
    return f"I do so over {whose}; my reason stands in the record."


def overruling(review: Review, reason: str) -> dict[str, Any]:
    """Return what the record keeps of the objections that an approval goes over; nothing without one.

    Raises Refused(`objection_stands`) where somebody objects and no reason is given.
    """
    found = objections_in(review)
    if not found:
        return {}
    if not reason.strip():
        raise Refused(f"{objection_words(found)}. Say why you approve all the same, or return it.", "objection_stands")
    told = [{"seat": part.seat, "person": part.person.name if part.person else "", "objection": part.note} for part in found]
    return {"overruling": {"objections": told, "reason": storable(reason).strip(), "declared": overruling_words(found)}}


def overruling_of(version: DeliverableVersion) -> dict[str, Any]:
    """Return what stands in the record of a decided version about objections; an empty dict where nothing does."""
    found: dict[str, Any] = json.loads(version.record).get("overruling", {}) if version.record else {}
    return found
