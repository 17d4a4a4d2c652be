"""The stage of an attempt: the people of the cast, two projects, and a fingerprint of everything the product has stored."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core import mail
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.urls import reverse

from governance.models import Delegation
from pmo.lib.errors import Refused
from pmo.models import User
from pmo.roles import Role
from portfolio.models import Project
from tests.factories import PASSWORD
from tests.governance.pages import signed_in
from tests.governance.stories import NOON

HOUR = dt.timedelta(hours=1)
LATER = NOON + 6 * HOUR
#: What an attempt does once its stage is set: it raises, or returns the status of the answer.
Act = Callable[[], Any]


@dataclass(frozen=True)
class Attempt:
    """One way to break one rule. `expected` is the code of the refusal, the status of the page, or the name of the error."""

    rule: str
    way: str
    prepare: Callable[[Stage], Act]
    expected: str | int

    def __str__(self) -> str:
        return f"{self.rule}: {self.prepare.__name__} ({self.way})".replace("_", " ")


class Stage:
    """Everybody of the cast by first name, ALPHA of class 3 and BETA of class 2."""

    def __init__(self, alpha: Project, beta: Project, **people: User) -> None:
        self.alpha, self.beta = alpha, beta
        self.people = people

    def __getattr__(self, name: str) -> User:
        return self.people[name]

    def again(self, name: str) -> User:
        """Return a person as the next request reads them."""
        return User.objects.get(pk=self.people[name].pk)

    def manages(self, project: Project, person: User) -> Project:
        project.project_manager = person
        project.save()
        return project

    def delegated(self, giver: User, to: User, **some: Any) -> Delegation:
        days = {"starts_on": NOON.date() - dt.timedelta(days=1), "ends_on": NOON.date() + dt.timedelta(days=14)}
        values = {"kinds": ["definition", "status_report"], "highest_class": 4, "reason": "Leave", "created_at": NOON}
        return Delegation.objects.create(delegator=giver, delegate=to, **{**days, **values, **some})

    def as_office(self, person: User, *more: Role) -> User:
        for role in (Role.PMO_MANAGER, *more):
            person.add_role(role)
        return person


def posting(person: User, address: str, arguments: Any = (), client: Client | None = None, **fields: Any) -> Act:
    """Return the act of sending a form with the right password; the sign-in happens before."""
    client = client or signed_in(person)
    url = reverse(address, args=arguments)
    return lambda: client.post(url, {"password": PASSWORD, "reason": "Because.", **fields}).status_code


def in_turn(*acts: Act) -> Act:
    """Return the act of trying several, each refused in the same way."""

    def act() -> Any:
        found = {outcome_of(one) for one in acts}
        assert len(found) == 1, found
        return found.pop()

    return act


def outcome_of(act: Act) -> Any:
    """Return what came of an act: the code of its refusal, the name of its error, or what it returned."""
    try:
        with transaction.atomic():
            return act()
    except Refused as refused:
        return refused.code
    except (IntegrityError, TypeError) as error:
        return type(error).__name__


#: What a mere visit writes: sessions and the hour of the last sign-in.
LEFT_OUT = {"last_login"}


def stored_models() -> Iterator[type[models.Model]]:
    for label in ("governance", "portfolio", "pmo"):
        yield from apps.get_app_config(label).get_models(include_auto_created=True)


def fingerprint() -> dict[str, str]:
    """Return a digest of every table of the product, history included, and of what was mailed."""
    found = {"mailed": str(len(mail.outbox))}
    for model in stored_models():
        names = [field.attname for field in model._meta.concrete_fields if field.name not in LEFT_OUT]
        rows = model._base_manager.order_by("pk").values_list(*names)
        digest = hashlib.sha256()
        for row in rows:
            digest.update(repr([bytes(one) if isinstance(one, memoryview) else one for one in row]).encode())
        found[model._meta.label] = digest.hexdigest()
    return found
