"""What the page of one account says: the account, its roles, what the person answers for, and its history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from allauth.usersessions.models import UserSession
from django.core.paginator import Page, Paginator
from django.db.models import Q

from governance.models import Delegation
from pmo.lib import history
from pmo.models import User
from portfolio.models import Project

EVENTS_A_PAGE = 25
#: Fields of an account that are kept for the frame or for the database, and say nothing about the person.
HIDDEN = frozenset({"date_joined", "is_superuser"})


@dataclass(frozen=True)
class PersonPage:
    person: User
    roles: list[str]
    session_count: int
    has_password: bool
    projects: list[Project]
    hidden_projects: int
    delegations: list[Delegation]
    events: list[history.Event]
    history: Page[Any]
    history_pages: list[Any]
    today: dt.date


def running_projects(person: User) -> Any:
    return Project.objects.active().managed_by(person).order_by("code")


def person_page(person: User, *, reader: User, on: dt.date, number: str | None) -> PersonPage:
    """Return everything on the page of `person` as `reader` may read it; about ten queries, however long the history is."""
    projects = list(running_projects(person).filter(pk__in=Project.objects.visible_to(reader)))
    kinds = person_kinds(person)
    page = Paginator(history.event_keys(kinds), EVENTS_A_PAGE).get_page(number)
    return PersonPage(
        person=person,
        roles=sorted(person.groups.values_list("name", flat=True)),
        session_count=UserSession.objects.filter(user=person).count(),
        has_password=person.has_usable_password(),
        projects=projects,
        hidden_projects=running_projects(person).count() - len(projects),
        delegations=list(open_delegations(person, on)),
        events=history.events(kinds, page.object_list),
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
        history.Kind(Delegation, Q(delegator_id=person.pk) | Q(delegate_id=person.pk), "Delegation", delegation_words),
    ]


def delegation_words(row: Any) -> str:
    return f"{row.delegate} for {row.delegator}, {row.starts_on:%d %b} to {row.ends_on:%d %b %Y}"
