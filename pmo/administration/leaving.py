"""What a person answers for now, so that whoever deactivates the account knows what is left without an owner."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.text import get_text_list

from governance.models import DeliverableVersion
from pmo.administration.person_page import open_delegations, running_projects
from pmo.lib import words
from pmo.models import User
from pmo.roles import Role
from portfolio.models import Action, Decision, Dependency, Issue, Project, Risk

REGISTERS = ((Risk, "risk"), (Issue, "issue"), (Decision, "decision"), (Action, "action"), (Dependency, "dependency"))


@dataclass(frozen=True)
class Left:
    """One thing that would be left: what it is, and what will happen to it."""

    title: str
    then: str
    projects: tuple[Project, ...] = ()


def left_behind(person: User, *, on: dt.date, reader: User | None = None) -> list[Left]:
    """Return what would be left without an owner; empty when nothing would. About ten queries.

    Projects are named as far as `reader` sees them: an administrator reads how many there are.
    """
    found = [_projects(person, reader), reviews_left(person), _entries(person), _delegations(person, on)]
    return [left for left in found if left]


def _projects(person: User, reader: User | None) -> Left | None:
    number = running_projects(person).count()
    if not number:
        return None
    named = running_projects(person).filter(pk__in=Project.objects.visible_to(reader)) if reader else ()
    then = "Nobody is left to write the reports. The PMO manager names another manager on the project."
    return Left(f"{words.count(number, 'running project')} without a project manager", then, tuple(named))


def reviews_left(person: User) -> Left | None:
    """Return the reports that wait for the PMO manager, when the person is one."""
    if not person.has_role(Role.PMO_MANAGER):
        return None
    waiting = DeliverableVersion.objects.waiting().count()
    if not waiting:
        return None
    others = [other.name for other in User.objects.with_role(Role.PMO_MANAGER).exclude(pk=person.pk)]
    then = f"{get_text_list(others, 'and')} still decides." if others else "No other PMO manager is there to decide on them."
    return Left(f"{words.count(waiting, 'open review')}", then)


def _entries(person: User) -> Left | None:
    counts = [(model.objects.open().filter(owner=person).count(), noun) for model, noun in REGISTERS]
    named = [words.count(number, noun, plural(noun)) for number, noun in counts if number]
    return (
        Left(f"Owns {get_text_list(named, 'and')}", "They stay open in the name of this person until somebody else takes them.")
        if named
        else None
    )


def plural(noun: str) -> str:
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"


def _delegations(person: User, on: dt.date) -> Left | None:
    rows: list[Any] = list(open_delegations(person, on))
    if not rows:
        return None
    named = [f"{row.delegate.name} for {row.delegator.name}" for row in rows]
    return Left(
        words.count(len(rows), "delegation"), f"{get_text_list(named, 'and')}: without effect while the account is deactivated."
    )
