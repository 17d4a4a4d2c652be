"""What the page of one account says: the account, its roles, what the person answers for, and its history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.urls import reverse
from django.utils.text import slugify

from governance.models import Delegation
from pmo.lib import history
from pmo.models import RoleChange, User
from pmo.models.role_changes import RoleChangeState, RoleMove
from pmo.roles import Role
from portfolio.models import Project

EVENTS_A_PAGE = 25
ROLE = "Role"
#: Fields of an account that are kept for the frame or for the database, and say nothing about the person.
HIDDEN = frozenset({"date_joined", "is_superuser"})


@dataclass(frozen=True)
class HeldRole:
    """A role of the person, and the address of the page that takes it away for those who may."""

    name: str
    take_url: str


@dataclass(frozen=True)
class PersonPage:
    person: User
    roles: list[HeldRole]
    can_give: bool
    waiting: list[RoleChange]
    session_count: int
    has_password: bool
    has_second_factor: bool
    projects: list[Project]
    hidden_projects: int
    delegations: list[Delegation]
    events: list[history.Event]
    history: Page[Any]
    history_pages: list[Any]
    today: dt.date


def running_projects(person: User) -> Any:
    return Project.objects.active().managed_by(person).order_by("code")


def person_page(person: User, *, reader: User, reach: frozenset[Role], on: dt.date, number: str | None) -> PersonPage:
    """Return everything on the page of `person` as `reader` may read it; about a dozen queries, however long the history is.

    `reach` are the roles that the reader may give to this person or take away.
    """
    held = held_roles(person, reach)
    projects = list(running_projects(person).filter(pk__in=Project.objects.visible_to(reader)))
    kinds = person_kinds(person)
    page = Paginator(history.event_keys(kinds), EVENTS_A_PAGE).get_page(number)
    return PersonPage(
        person=person,
        roles=held,
        can_give=person.is_active and bool({role.value for role in reach} - {role.name for role in held}),
        waiting=list(person.role_changes.waiting().select_related("asked_by")),
        session_count=UserSession.objects.filter(user=person).count(),
        has_password=person.has_usable_password(),
        has_second_factor=Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists(),
        projects=projects,
        hidden_projects=running_projects(person).count() - len(projects),
        delegations=list(open_delegations(person, on)),
        events=[in_words(event) for event in history.events(kinds, page.object_list)],
        history=page,
        history_pages=list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)),
        today=on,
    )


def open_delegations(person: User, on: dt.date) -> Any:
    """Return what the person was given to decide, or gave away, and that is not over."""
    theirs = Delegation.objects.filter(Q(delegator=person) | Q(delegate=person))
    return theirs.filter(revoked_at=None, ends_on__gte=on).select_related("delegator", "delegate").order_by("starts_on")


def person_kinds(person: User) -> Sequence[history.Kind]:
    """Return all that is kept about an account, as kinds of history."""
    return [
        history.Kind(User, Q(id=person.pk), "Account", lambda row: row.name, HIDDEN),
        history.Kind(RoleChange, Q(person_id=person.pk), ROLE, lambda row: row.role),
        history.Kind(Delegation, Q(delegator_id=person.pk) | Q(delegate_id=person.pk), "Delegation", delegation_words),
    ]


#: What a record of a role says of itself, by move and state.
ROLE_WORDS = {
    (RoleMove.GIVE, RoleChangeState.DONE): "given",
    (RoleMove.TAKE, RoleChangeState.DONE): "taken away",
    (RoleMove.GIVE, RoleChangeState.WAITING): "asked for; waits for a second person",
    (RoleMove.GIVE, RoleChangeState.DECLINED): "declined by the second person",
    (RoleMove.GIVE, RoleChangeState.WITHDRAWN): "withdrawn by the person who asked",
}


def in_words(event: history.Event) -> history.Event:
    """Let the record of a role say what happened to the role, not to the record."""
    if event.noun != ROLE:
        return event
    return replace(event, did=ROLE_WORDS[event.row.move, event.row.state], changes=())


def held_roles(person: User, reach: frozenset[Role]) -> list[HeldRole]:
    held = set(person.groups.values_list("name", flat=True))
    return [HeldRole(role.value, take_url(person, role) if role in reach else "") for role in Role if role.value in held]


def take_url(person: User, role: Role) -> str:
    return reverse("role-take", args=[person.pk, slugify(role.value)])


def delegation_words(row: Any) -> str:
    return f"{row.delegate} for {row.delegator}, {row.starts_on:%d %b} to {row.ends_on:%d %b %Y}"
