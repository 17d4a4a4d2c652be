"""The route of a review: who is asked before the decision, in which order, and how many of each step must have answered.

A step is complete when its quorum, or everyone who counts in it, has answered; then the next is asked. Who is excused does
not count. What a stopped route still lacked stays lacking: the version can then be returned or rejected, not approved.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils import timezone

from governance import document_notices
from governance.clock import Office
from governance.document_states import Opinion, PartState, Seat
from governance.models import Review, ReviewPart, RouteStep
from governance.seats import OPEN_PARTS, PERSON_OF, ROLE_OF, holders, prohibition, signature_of
from governance.separation import authority
from governance.states import ReviewState
from pmo.lib.errors import Refused
from pmo.lib.history import note as write_history
from pmo.lib.history import save_as
from pmo.lib.transitions import move

Step = tuple[int, list[ReviewPart]]


def open_route(review: Review, *, by: Any, at: dt.datetime) -> None:
    """Make the parts of all steps of the version's kind and class, leave out who must not review, and ask the first step."""
    deliverable = review.version.deliverable
    steps = RouteStep.objects.filter(kind=deliverable.kind, governance_class=deliverable.project.governance_class)
    for step in steps.order_by("position"):
        for seat in step.seats:
            _make_part(review, step, Seat(seat), by=by, at=at)
    _advance(review, by=by, at=at)


def _make_part(review: Review, step: RouteStep, seat: Seat, *, by: Any, at: dt.datetime) -> None:
    part = ReviewPart(review=review, position=step.position, quorum=step.quorum, seat=seat)
    if seat in PERSON_OF:
        part.person = getattr(review.version.deliverable.project, PERSON_OF[seat])
    part.note = _why_left_out(part)
    if part.note:
        part.state = PartState.EXCUSED
    save_as(part, by=by, reason=part.note or "route made")


def _why_left_out(part: ReviewPart) -> str:
    """Return why a seat is not asked from the start, or an empty string."""
    seat = part.get_seat_display()
    if part.seat in ROLE_OF:
        return "" if holders(part) else f"Left out: no {seat.lower()} who may review this."
    if part.person is None:
        return f"Left out: the project has no {seat.lower()}."
    barred = prohibition(part.review.version, part.person)
    if barred:
        return f"Left out: {barred}"
    other = part.review.parts.filter(person=part.person).exclude(state=PartState.EXCUSED).first()
    return f"Left out: {part.person.name} is asked as {other.get_seat_display().lower()} already." if other else ""


def _steps(review: Review) -> list[Step]:
    rows = review.parts.select_related("person", "acting_for").order_by("position", "pk")
    return [(position, list(parts)) for position, parts in groupby(rows, key=lambda part: part.position)]


def _lacking(parts: Iterable[ReviewPart]) -> int:
    """Return how many answers a step still needs."""
    counted = [part for part in parts if part.state != PartState.EXCUSED]
    quorum = counted[0].quorum if counted else None
    done = sum(part.state == PartState.DONE for part in counted)
    return max(0, min(quorum or len(counted), len(counted)) - done)


def _advance(review: Review, *, by: Any, at: dt.datetime) -> None:
    """Ask the first step that lacks answers; in complete ones ask nobody any more."""
    for _, parts in _steps(review):
        if _lacking(parts):
            for part in parts:
                if part.state == PartState.WAITING:
                    _ask(part, by=by, at=at)
            return
        for part in parts:
            if part.state in OPEN_PARTS:
                _cancel(part, by=by, at=at, reason="enough have answered")


def _ask(part: ReviewPart, *, by: Any, at: dt.datetime) -> None:
    _move(part, [PartState.WAITING], PartState.ASKED, by=by, reason="asked", asked_at=at)
    document_notices.asked(part, holders(part), at=at)


def _cancel(part: ReviewPart, *, by: Any, at: dt.datetime, reason: str) -> None:
    _move(part, OPEN_PARTS, PartState.CANCELLED, by=by, reason=reason)
    document_notices.no_longer_asked(part, at=at)


def _move(part: ReviewPart, sources: Iterable[str], target: PartState, *, by: Any, reason: str, **also: Any) -> None:
    move(
        part,
        sources=sources,
        target=target,
        refusal="This part of the review is over. Open the review again to see where it stands.",
        code="part_over",
        **also,
    )
    write_history(part, by=by, reason=reason)


def missing_in(review: Review) -> str:
    """Return whose answers the route still lacks, as a sentence; an empty string when it is complete. One query."""
    waited = [part for _, parts in _steps(review) if _lacking(parts) for part in parts]
    names = [part.get_seat_display().lower() for part in waited if part.state not in (PartState.DONE, PartState.EXCUSED)]
    return f"Not everybody who is asked has answered: {', '.join(names)}." if names else ""


def is_complete(review: Review) -> bool:
    return not missing_in(review)


def opinions_of(review: Review) -> list[dict[str, Any]]:
    """Return the route as the record of a decision keeps it: who said what in whose place, and who was excused and why."""
    return [
        {
            "step": part.position,
            "seat": part.seat,
            "person": part.person.name if part.person else "",
            "acting_for": part.acting_for.name if part.acting_for else "",
            "state": part.state,
            "opinion": part.opinion,
            "note": part.note,
            "done_at": part.done_at,
        }
        for _, parts in _steps(review)
        for part in parts
    ]


def _require_open(part: ReviewPart) -> Review:
    """Return the review of a part, locked. Raises Refused(`not_waiting`) once the version is decided or withdrawn."""
    review = Review.objects.select_for_update().get(pk=part.review_id)
    if review.state != ReviewState.OPEN:
        raise Refused("This version no longer waits for review.", "not_waiting")
    return review


def _require_reason(reason: str) -> str:
    if not reason.strip():
        raise Refused("Give the reason; it stays with the review.", "reason_missing")
    return reason.strip()


def _require_open_part(part: ReviewPart) -> None:
    if part.state not in OPEN_PARTS:
        raise Refused("This part of the review is over. Only open work can be moved.", "part_over")


def give_opinion(part: ReviewPart, *, by: Any, at: dt.datetime, opinion: str, note: str = "") -> None:
    """Say what the seat thinks of the version, and ask the next step when this one is complete. Raises Refused.

    `opinion_missing`, `note_missing` for an objection without a reason, `not_waiting`, `part_over`, and what `signature_of`
    refuses.
    """
    if opinion not in Opinion.values:
        raise Refused("Choose whether you endorse the version or object to it.", "opinion_missing")
    if opinion == Opinion.OBJECT and not note.strip():
        raise Refused("Say what you object to.", "note_missing")
    with transaction.atomic():
        review = _require_open(part)
        part.refresh_from_db()
        signature = signature_of(part, by, timezone.localdate(at))
        _move(
            part,
            [PartState.ASKED],
            PartState.DONE,
            by=by,
            reason=str(Opinion(opinion).label),
            opinion=opinion,
            note=note.strip(),
            person=by,
            acting_for=signature.acting_for,
            done_at=at,
        )
        document_notices.no_longer_asked(part, at=at)
        _advance(review, by=by, at=at)


def reassign(part: ReviewPart, person: Any, *, by: Any, at: dt.datetime, reason: str) -> None:
    """Give an open part to somebody else; what was said and found so far stays with whoever said it. Raises Refused.

    `own_work` where the new person worked on the version, `wrong_role`, `already_asked`, `part_over`, `reason_missing`,
    `not_waiting`, and what `authority` raises: only who may decide on the version moves its parts.
    """
    said = _require_reason(reason)
    authority(part.review.version, by, timezone.localdate(at))
    with transaction.atomic():
        review = _require_open(part)
        part.refresh_from_db()
        _require_open_part(part)
        _require_seatable(part, person)
        document_notices.no_longer_asked(part, at=at)
        before, part.person, part.reminded_at = part.person, person, None
        if part.state == PartState.ASKED:
            part.asked_at = at
        save_as(part, by=by, fields=["person", "reminded_at", "asked_at"], reason=_handed(before, person, said))
        if part.state == PartState.ASKED:
            document_notices.asked(part, [person], at=at)
        _advance(review, by=by, at=at)


def _handed(before: Any, person: Any, said: str) -> str:
    return f"given to {person.name}{f' instead of {before.name}' if before else ''}: {said}"


def _require_seatable(part: ReviewPart, person: Any) -> None:
    barred = prohibition(part.review.version, person)
    if barred:
        raise Refused(f"{barred} Choose somebody else.", "own_work")
    role = ROLE_OF.get(Seat(part.seat))
    if role and not person.has_role(role):
        raise Refused(f"{person.name} is no {part.get_seat_display().lower()}. Choose somebody who is.", "wrong_role")
    others = part.review.parts.exclude(state__in=[PartState.CANCELLED])
    if others.filter(person=person).exists():
        raise Refused(f"{person.name} has or had a part in this review already. Choose somebody else.", "already_asked")


def excuse(part: ReviewPart, *, by: Any, at: dt.datetime, reason: str) -> None:
    """Take a seat out of the review, for a conflict of interest: it no longer counts. Raises Refused.

    The person asked may excuse themself, who may decide may excuse anybody: `reason_missing`, `part_over`, `not_waiting`, and
    what `authority` raises for others.
    """
    said = _require_reason(reason)
    if part.person_id is None or by.pk != part.person_id:
        authority(part.review.version, by, timezone.localdate(at))
    with transaction.atomic():
        review = _require_open(part)
        part.refresh_from_db()
        _move(part, OPEN_PARTS, PartState.EXCUSED, by=by, reason=f"excused: {said}", note=said)
        document_notices.no_longer_asked(part, at=at)
        _advance(review, by=by, at=at)


def remind(part: ReviewPart, *, by: Any, at: dt.datetime) -> None:
    """Ask again, at most once a working day. Raises Refused: `not_asked`, `reminded_today`, and what `authority` raises."""
    authority(part.review.version, by, timezone.localdate(at))
    with transaction.atomic():
        _require_open(part)
        part.refresh_from_db()
        if part.state != PartState.ASKED:
            raise Refused("Nobody is asked for this part just now.", "not_asked")
        office = Office.load()
        today = office.calendar.on_or_before(office.day(at))
        if part.reminded_at and office.calendar.on_or_before(office.day(part.reminded_at)) == today:
            raise Refused("They were reminded today already. Try again on the next working day.", "reminded_today")
        send_reminder(part, by=by, at=at)


def send_reminder(part: ReviewPart, *, by: Any, at: dt.datetime) -> int:
    """Tell who may answer an asked part that it waits. Returns how many were told."""
    part.reminded_at = at
    save_as(part, by=by, fields=["reminded_at"], reason="reminded")
    return document_notices.reminded(part, holders(part), at=at)


#: How the history of a part begins that was stopped.
STOPPED = "stopped: "


def abort_route(review: Review, *, by: Any, at: dt.datetime, reason: str) -> None:
    """Stop asking. The version can then be returned or rejected; answers that lack keep it from being approved. Raises Refused.

    `reason_missing`, `not_waiting`, `nobody_asked`, and what `authority` raises. Who was asked, and whose opinion now leads to
    no approval, is told.
    """
    said = _require_reason(reason)
    authority(review.version, by, timezone.localdate(at))
    with transaction.atomic():
        locked = Review.objects.select_for_update().get(pk=review.pk)
        if locked.state != ReviewState.OPEN:
            raise Refused("This version no longer waits for review.", "not_waiting")
        parts = list(locked.parts.select_related("review__version__deliverable__project", "person"))
        asked = [person for part in parts if part.state == PartState.ASKED for person in holders(part)]
        answered = [part.person for part in parts if part.state == PartState.DONE]
        if not cancel_rest(locked, by=by, at=at, reason=f"{STOPPED}{said}"):
            raise Refused("Nobody is asked any more.", "nobody_asked")
        document_notices.stopped(locked.version, asked=asked, answered=answered, by=by, at=at)


@dataclass(frozen=True)
class Stop:
    """Who stopped a route, when and why."""

    name: str
    at: dt.datetime
    reason: str


def stop_of(review: Review | None) -> Stop | None:
    """Return how the route of a review was stopped, or None. One query."""
    if review is None:
        return None
    rows = ReviewPart.history.filter(review=review, history_change_reason__startswith=STOPPED)  # type: ignore[attr-defined]
    row = rows.select_related("history_user").order_by("history_id").first()
    if row is None:
        return None
    name = row.history_user.name if row.history_user else ""
    return Stop(name, row.history_date, row.history_change_reason.removeprefix(STOPPED))


def cancel_rest(review: Review, *, by: Any, at: dt.datetime, reason: str = "the review is over") -> int:
    """Cancel what still waits for somebody. Returns how many parts that were."""
    parts = list(review.parts.filter(state__in=OPEN_PARTS))
    for part in parts:
        _cancel(part, by=by, at=at, reason=reason)
    return len(parts)
