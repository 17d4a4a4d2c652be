"""Who sits in a seat of a review, who may answer for it, and who must not because the work is their own."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from governance.delegating import BARRED
from governance.document_states import PartState, Seat
from governance.models import Delegation, DeliverableVersion, ReviewPart
from governance.separation import people_behind
from governance.signing import Signature
from governance.states import ReviewState
from pmo.lib.errors import Refused
from pmo.models import User
from pmo.roles import Role

#: Seats that any holder of a role may take, and the role. The others belong to a person of the project.
ROLE_OF = {Seat.FINANCE: Role.FINANCE, Seat.EXECUTIVE: Role.EXECUTIVE}
PERSON_OF = {Seat.SPONSOR: "sponsor", Seat.BUSINESS_OWNER: "business_owner"}
#: Parts that still count on somebody.
OPEN_PARTS = (PartState.WAITING, PartState.ASKED)


def prohibition(version: DeliverableVersion, person: Any) -> str:
    """Return why `person` must not review `version`, or an empty string."""
    if person.pk in people_behind(version):
        return f"{person.name} wrote or submitted it."
    if person.pk == version.deliverable.project.project_manager_id:
        return f"{person.name} manages the project."
    if not person.is_active:
        return f"{person.name} no longer has an account."
    if person.has_role(*BARRED):
        return f"{person.name} is an auditor or administrator, who stay out of reviews."
    return ""


def holders(part: ReviewPart) -> list[User]:
    """Return who may answer a part: the person it was given to, else whoever holds the role and did not work on the version."""
    version, role = part.review.version, ROLE_OF.get(Seat(part.seat))
    if part.person is not None:
        people = [part.person] if role is None or part.person.has_role(role) else []
    else:
        taken = _taken(part)
        people = [person for person in (User.objects.with_role(role) if role else ()) if person.pk not in taken]
    return [person for person in people if not prohibition(version, person)]


def _taken(part: ReviewPart) -> set[int]:
    """Return who has a part of their own in this review, or was excused from it: nobody speaks twice."""
    parts = part.review.parts.exclude(pk=part.pk).exclude(person=None).exclude(state=PartState.CANCELLED)
    return {person for person in parts.values_list("person_id", flat=True) if person is not None}


def signature_of(part: ReviewPart, by: Any, on: dt.date) -> Signature:
    """Return in whose name `by` answers a part on day `on`. Raises Refused: `own_work`, `not_asked`, `second_opinion`.

    A delegation carries the delegator's prohibitions, reaches no author, submitter or project manager, and is not passed on.
    """
    barred = prohibition(part.review.version, by)
    if barred:
        raise Refused(f"{barred} Somebody else reviews it.", "own_work")
    sitting = {person.pk: person for person in holders(part)}
    if by.pk in sitting:
        return Signature(by, part.get_seat_display())
    delegator = next((sitting[one.delegator_id] for one in _held(by, part, on) if one.delegator_id in sitting), None)
    if delegator is None:
        raise Refused("You are not asked about this version.", "not_asked")
    if by.pk in _taken(part):
        raise Refused("You have a part of your own in this review. Somebody else speaks for this seat.", "second_opinion")
    return Signature(by, part.get_seat_display(), acting_for=delegator)


def _held(by: Any, part: ReviewPart, on: dt.date) -> list[Delegation]:
    deliverable = part.review.version.deliverable
    rows = by.delegations_held.active(on).filter(highest_class__gte=deliverable.project.governance_class).order_by("pk")
    return [one for one in rows if deliverable.kind in one.kinds]


def parts_asked(user: Any, on: dt.date) -> QuerySet[ReviewPart]:
    """Return the parts of open reviews that `user` is asked for on day `on`, in their own name or another's.

    One query for the delegations held. What exactly may be answered, `signature_of` says.
    """
    asked = ReviewPart.objects.filter(state=PartState.ASKED, review__state=ReviewState.OPEN)
    if user.has_role(*BARRED):
        return asked.none()
    mine = _sits_in(user)
    for one in user.delegations_held.active(on).select_related("delegator"):
        reach = Q(
            review__version__deliverable__kind__in=one.kinds,
            review__version__deliverable__project__governance_class__lte=one.highest_class,
        )
        mine |= _sits_in(one.delegator) & reach
    return asked.filter(mine)


def _sits_in(user: Any) -> Q:
    """Return the parts of a person: given to them, or to a role that they hold, and not about their own work."""
    if not user.is_active:
        return Q(pk=None)
    held = [seat.value for seat, role in ROLE_OF.items() if user.has_role(role)]
    seats = Q(person=user, seat__in=[*(seat.value for seat in PERSON_OF), *held]) | Q(person=None, seat__in=held)
    version = "review__version"
    own = Q(**{f"{version}__author": user}) | Q(**{f"{version}__submitted_by": user})
    return seats & ~(own | Q(**{f"{version}__deliverable__project__project_manager": user}))


def part_for(version: DeliverableVersion, user: Any, at: dt.datetime) -> ReviewPart | None:
    """Return the part that `user` may answer in the open review of `version`, or None."""
    on = timezone.localdate(at)
    for part in parts_asked(user, on).filter(review__version=version).select_related("review__version", "person"):
        with suppress(Refused):
            signature_of(part, user, on)
            return part
    return None


def takes_part(version: DeliverableVersion, user: Any, at: dt.datetime) -> bool:
    """Return whether `user` is asked, or has answered, in the open review of `version`, and may therefore raise findings."""
    if prohibition(version, user):
        return False
    answered = ReviewPart.objects.filter(
        review__version=version, review__state=ReviewState.OPEN, state=PartState.DONE, person=user
    )
    return answered.exists() or part_for(version, user, at) is not None


def readable_versions(user: Any, on: dt.date) -> Q:
    """Return which versions `user` may read because they are, or were, asked about them."""
    done = ReviewPart.objects.filter(person=user, state=PartState.DONE).values("review__version")
    return Q(pk__in=parts_asked(user, on).values("review__version")) | Q(pk__in=done)
