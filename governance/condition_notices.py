"""Who is told of what happens to a condition, and of one that falls due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from governance.notices import settle, tell
from pmo.lib import words
from pmo.models import User
from pmo.roles import Role


def _tell(condition: Any, people: Iterable[Any], key: str, happened: str, at: dt.datetime) -> int:
    return tell(
        {person.pk: person for person in people if person is not None}.values(),
        key=f"condition-{key}-{condition.pk}",
        title=f"{condition.project.name}, condition {condition.number}: {happened}",
        url=condition.get_absolute_url(),
        at=at,
        kind="condition",
        code=condition.project.code,
    )


def _done(condition: Any, at: dt.datetime) -> None:
    """Settle what asked for evidence, whatever the date it named."""
    due = _due_key(condition)
    settle(*(f"condition-{asked}-{due}-{condition.pk}" for asked in ("soon", "today", "overdue")), at=at)
    settle(f"condition-put-{condition.pk}", at=at)


def _due_key(condition: Any) -> str:
    """A condition that was extended is due anew, so that each date has notices of its own."""
    return f"{condition.due_on:%Y%m%d}"


def put(condition: Any, *, at: dt.datetime) -> None:
    _tell(condition, [condition.owner], "put", f"yours, due {words.day(condition.due_on)}", at)


def evidenced(condition: Any, *, at: dt.datetime) -> None:
    _done(condition, at)
    stamp = f"evidence-{at:%Y%m%d%H%M%S}"
    _tell(condition, [condition.verifier], stamp, "evidence waits for your verification", at)


def refused(condition: Any, *, at: dt.datetime) -> None:
    people = [condition.owner, condition.evidenced_by]
    _tell(condition, people, f"refused-{at:%Y%m%d%H%M%S}", "the evidence was not enough", at)


def closed(condition: Any, *, at: dt.datetime) -> None:
    _done(condition, at)
    _tell(condition, [condition.owner, condition.project.project_manager], "closed", "closed", at)


def extended(condition: Any, *, at: dt.datetime) -> None:
    people = [condition.owner, condition.verifier, condition.project.project_manager]
    _tell(condition, people, f"extended-{_due_key(condition)}", f"now due {words.day(condition.due_on)}", at)


def reassigned(condition: Any, *, at: dt.datetime) -> None:
    due = words.day(condition.due_on)
    said = f"{condition.owner.name} owes it by {due}, {condition.verifier.name} verifies it"
    _tell(condition, [condition.owner, condition.verifier], f"reassigned-{at:%Y%m%d%H%M%S}", said, at)


def soon(condition: Any, *, at: dt.datetime) -> int:
    return _tell(condition, [condition.owner], f"soon-{_due_key(condition)}", f"due {words.day(condition.due_on)}", at)


def today(condition: Any, *, at: dt.datetime) -> int:
    return _tell(condition, [condition.owner], f"today-{_due_key(condition)}", "due today", at)


def overdue(condition: Any, *, at: dt.datetime) -> int:
    """Tell whoever is to act: the owner or, once the evidence is there, the verifier; and the project and the office."""
    waits_for = condition.verifier if condition.evidenced_by_id and condition.state == "evidenced" else condition.owner
    people = [waits_for, condition.project.project_manager, *User.objects.with_role(Role.PMO_MANAGER)]
    said = f"overdue since {words.day(condition.due_on)}"
    return _tell(condition, people, f"overdue-{_due_key(condition)}", said, at)
