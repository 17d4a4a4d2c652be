"""Roles as verbs: giving and taking them, and the two persons whom a role that reads in confidence needs.

A verb reads everybody it concerns anew inside its transaction, so that nobody acts by a role that was taken meanwhile.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.urls import reverse
from django.utils.text import get_text_list, slugify

from pmo.administration.accounts import REASON_MISSING, fresh, is_last_administrator
from pmo.lib.errors import Refused
from pmo.lib.history import note, save_as
from pmo.lib.transitions import move
from pmo.models import Notification, RoleChange, User
from pmo.models.role_changes import RoleChangeState, RoleMove
from pmo.roles import Role

#: What the PMO manager gives and takes; an administrator all of them.
OFFICE_ROLES = frozenset({Role.PMO_MANAGER, Role.EXECUTIVE, Role.FINANCE, Role.STAKEHOLDER})
#: Roles that read what others may not: an administrator asks, and a second person agrees.
TWO_PERSON_ROLES = frozenset({Role.HR_LIAISON, Role.AUDITOR})
#: Who is asked to agree.
SECONDS = (Role.ADMINISTRATOR, Role.EXECUTIVE)
#: An auditor decides and keeps nothing; an administrator never reads personnel records.
APART: Mapping[Role, frozenset[Role]] = {
    Role.AUDITOR: frozenset(Role) - {Role.AUDITOR, Role.STAKEHOLDER},
    Role.HR_LIAISON: frozenset({Role.ADMINISTRATOR}),
}


def role_by_slug(slug: str) -> Role | None:
    """Return the role whose name is written `slug` in addresses (`pmo-manager`), or None."""
    return next((role for role in Role if slugify(role.value) == slug), None)


def roles_in_reach(by: User) -> frozenset[Role]:
    """Return the roles that `by` may give to others, or ask to give, and take from them."""
    if by.has_role(Role.ADMINISTRATOR):
        return frozenset(Role)
    return OFFICE_ROLES if by.has_role(Role.PMO_MANAGER) else frozenset()


def conflicts_of(role: Role, held: frozenset[str]) -> list[str]:
    """Return the names of the held roles that may not be together with `role`."""
    return sorted(
        other.value
        for other in Role
        if other.value in held and (other in APART.get(role, frozenset()) or role in APART.get(other, frozenset()))
    )


def _require_reach(by: User, person: User, role: Role) -> None:
    if by.pk == person.pk:
        raise Refused("Nobody changes their own roles. Ask an administrator or the PMO manager.", "own_roles")
    if role not in roles_in_reach(by):
        raise Refused(f"Your role does not give or take {role.value}.", "not_yours_to_give")


def _require_receivable(person: User, role: Role) -> None:
    """Raise Refused unless `person` can be given `role` now."""
    if not person.is_active:
        raise Refused(f"{person.name} is deactivated. Reactivate the account first.", "deactivated")
    if role.value in person.roles:
        raise Refused(f"{person.name} is {role.value} already.", "has_role")
    apart = conflicts_of(role, person.roles)
    if apart:
        raise Refused(
            f"{role.value} and {get_text_list(apart, 'and')} do not go together. Take the other away first.", "roles_conflict"
        )


@transaction.atomic
def give_role(person: User, role: Role, *, by: User, reason: str, at: dt.datetime) -> RoleChange:
    """Give `role` at once, or ask a second person to agree where the role needs two.

    Raises Refused: `own_roles`, `not_yours_to_give`, `reason_missing`, `deactivated`, `has_role`, `roles_conflict`,
    `asked_already`.
    """
    giver, stored = fresh(by, person)
    _require_reach(giver, stored, role)
    if not reason.strip():
        raise Refused(REASON_MISSING, "reason_missing")
    _require_receivable(stored, role)
    if role not in TWO_PERSON_ROLES:
        change = _settled(stored, role, RoleMove.GIVE, by=giver, reason=reason, at=at)
        stored.add_role(role)
        _tell_person(change, at)
        return change
    if RoleChange.objects.waiting().filter(person=stored, role=role.value).exists():
        raise Refused("This was asked already and waits for a second person.", "asked_already")
    return _ask(stored, role, by=giver, reason=reason, at=at)


@transaction.atomic
def take_role(person: User, role: Role, *, by: User, reason: str, at: dt.datetime) -> RoleChange:
    """Take `role` away; it is gone at the person's next request.

    Raises Refused: `own_roles`, `not_yours_to_give`, `reason_missing`, `lacks_role`, `last_administrator`.
    """
    taker, stored = fresh(by, person)
    _require_reach(taker, stored, role)
    if not reason.strip():
        raise Refused(REASON_MISSING, "reason_missing")
    if not stored.groups.filter(name=role.value).exists():
        raise Refused(f"{stored.name} is not {role.value}.", "lacks_role")
    if role == Role.ADMINISTRATOR and is_last_administrator(stored):
        raise Refused("Nobody else is an administrator. Give that role to another person first.", "last_administrator")
    change = _settled(stored, role, RoleMove.TAKE, by=taker, reason=reason, at=at)
    stored.remove_role(role)
    return change


@transaction.atomic
def confirm_role(change: RoleChange, *, by: User, at: dt.datetime) -> None:
    """Agree, as the second person, to what another asked for; the person has the role from now on.

    Raises Refused: `not_a_second`, `asked_it`, `gets_it`, `not_waiting`, `asker_gone`, `deactivated`, `has_role`,
    `roles_conflict`.
    """
    second, person, asker = fresh(by, change.person, change.asked_by)
    role = Role(change.role)
    _require_second(change, second)
    if role not in roles_in_reach(asker):
        raise Refused(f"{asker.name} asked for this and is no administrator any more. Decline it.", "asker_gone")
    _require_receivable(person, role)
    _settle(change, RoleChangeState.DONE, by=second, at=at)
    person.add_role(role)
    _tell_person(change, at)


@transaction.atomic
def decline_role(change: RoleChange, *, by: User, answer: str, at: dt.datetime) -> None:
    """Refuse, as the second person, what another asked for. Raises Refused: those of `confirm_role`, and `reason_missing`."""
    [second] = fresh(by)
    _require_second(change, second)
    if not answer.strip():
        raise Refused("Say why. Whoever asked reads it.", "reason_missing")
    _settle(change, RoleChangeState.DECLINED, by=second, at=at, answer=answer.strip())
    title = f"{change.role} for {change.person.name}: declined by {second.name}"
    Notification.objects.all().tell(
        [change.asked_by], key=f"role-declined-{change.pk}", title=title, url=_requests_url(), at=at
    )


@transaction.atomic
def withdraw_role(change: RoleChange, *, by: User, at: dt.datetime) -> None:
    """Take back what one asked for. Raises Refused: `not_asked_by_you`, `not_waiting`."""
    if by.pk != change.asked_by_id:
        raise Refused("Only the person who asked withdraws it.", "not_asked_by_you")
    _settle(change, RoleChangeState.WITHDRAWN, by=by, at=at)


def may_settle(change: RoleChange, person: User) -> bool:
    """Say whether `person` may be the second one for `change`."""
    return person.has_role(*SECONDS) and person.pk not in {change.asked_by_id, change.person_id}


def _require_second(change: RoleChange, second: User) -> None:
    if second.pk == change.asked_by_id:
        raise Refused("You asked for this. Another administrator or an executive decides on it.", "asked_it")
    if second.pk == change.person_id:
        raise Refused("This is about you. Another administrator or an executive decides on it.", "gets_it")
    if not second.has_role(*SECONDS):
        raise Refused("An administrator or an executive decides on this.", "not_a_second")


def _settled(person: User, role: Role, kind: RoleMove, *, by: User, reason: str, at: dt.datetime) -> RoleChange:
    """Record a change that one person may make."""
    change = RoleChange(
        person=person,
        role=role.value,
        move=kind,
        reason=reason.strip(),
        asked_by=by,
        asked_at=at,
        settled_by=by,
        settled_at=at,
    )
    save_as(change, by=by, reason=reason.strip())
    return change


def _ask(person: User, role: Role, *, by: User, reason: str, at: dt.datetime) -> RoleChange:
    """Record a wish and tell everybody who may agree to it."""
    change = RoleChange(
        person=person,
        role=role.value,
        move=RoleMove.GIVE,
        needs_second=True,
        state=RoleChangeState.WAITING,
        reason=reason.strip(),
        asked_by=by,
        asked_at=at,
    )
    save_as(change, by=by, reason=reason.strip())
    holders = {one.pk: one for role in SECONDS for one in User.objects.with_role(role)}
    title = f"{role.value} for {person.name}: {by.name} asks a second person to agree"
    Notification.objects.all().tell(
        [one for one in holders.values() if may_settle(change, one)],
        key=_asked_key(change),
        title=title,
        url=_requests_url(),
        at=at,
    )
    return change


def _settle(change: RoleChange, state: RoleChangeState, *, by: User, at: dt.datetime, answer: str = "") -> None:
    move(
        change,
        sources=[RoleChangeState.WAITING],
        target=state,
        refusal="This was settled already.",
        code="not_waiting",
        settled_by_id=by.pk,
        settled_at=at,
        answer=answer,
    )
    note(change, by=by, reason=answer)
    Notification.objects.filter(key=_asked_key(change), read_at=None).update(read_at=at)


def _asked_key(change: RoleChange) -> str:
    return f"role-asked-{change.pk}"


def _requests_url() -> str:
    return reverse("role-change-list")


def _tell_person(change: RoleChange, at: dt.datetime) -> None:
    title = f"You have the role {change.role} now"
    Notification.objects.all().tell([change.person], key=f"role-given-{change.pk}", title=title, url=reverse("account"), at=at)
