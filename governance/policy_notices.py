"""Who is told of policies and of guidance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from governance.mails import Letter
from governance.models import GuidanceNote, PolicyVersion
from governance.notices import is_news, settle, tell
from pmo.models import Notification


def _asked(version: PolicyVersion) -> str:
    return f"policy-{version.pk}"


def _reminder(version: PolicyVersion, days: int) -> str:
    return f"policy-after-{days}-{version.pk}"


def published(version: PolicyVersion, people: Iterable[Any], *, at: dt.datetime) -> int:
    policy = version.policy
    what = "is in force" if version.number == 1 else f"has a new version {version.number}"
    title = f"{policy.title} {what}: read it and say so"
    letter = Letter(f"Policy {policy.code} {what}", "Read it and acknowledge it on its page.", policy.get_absolute_url())
    return _tell_of_policy(version, people, _asked(version), title, letter, at)


def reminded(version: PolicyVersion, people: Iterable[Any], days: int, *, at: dt.datetime) -> int:
    policy = version.policy
    title = f"{policy.title}, version {version.number}, still waits for you to read it"
    letter = Letter(
        f"Policy {policy.code} was published {days} working days ago",
        "Read it and acknowledge it on its page.",
        policy.get_absolute_url(),
    )
    return _tell_of_policy(version, people, _reminder(version, days), title, letter, at)


def _tell_of_policy(
    version: PolicyVersion, people: Iterable[Any], key: str, title: str, letter: Letter, at: dt.datetime
) -> int:
    url = version.policy.get_absolute_url()
    return tell(people, key=key, title=title, url=url, at=at, kind="policy", code=version.policy.code, letter=letter)


def acknowledged(version: PolicyVersion, person: Any, *, at: dt.datetime) -> None:
    """Count what asked this one person as read."""
    if is_news(at):
        keys = [_asked(version), *(_reminder(version, days) for days in (5, 10))]
        Notification.objects.filter(key__in=keys, recipient=person, read_at=None).update(read_at=at)


def guided(note: GuidanceNote, *, at: dt.datetime) -> int:
    project = note.project
    people = {person.pk: person for person in (project.project_manager, note.for_whom) if person is not None}
    happened = f"{project.name}: {note.get_kind_display().lower()} guidance from {note.written_by.name}"
    return tell(
        people.values(),
        key=f"guidance-{note.pk}",
        title=happened,
        url=note.get_absolute_url(),
        at=at,
        kind="guidance",
        code=project.code,
        letter=Letter(happened, "Read it and say what you make of it.", note.get_absolute_url()),
    )


def guidance_settled(note: GuidanceNote, *, at: dt.datetime) -> int:
    settle(f"guidance-{note.pk}", at=at)
    return tell(
        [note.written_by],
        key=f"guidance-settled-{note.pk}",
        title=f"{note.project.name}: your guidance was {note.get_state_display().lower()}",
        url=note.get_absolute_url(),
        at=at,
        kind="guidance",
        code=note.project.code,
    )
