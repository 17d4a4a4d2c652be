"""Who is told of what happens to a condition, and of one that falls due; by mail too, without what it says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from governance.asking import CLOSE_OF_DAY
from governance.mails import Letter
from governance.managing import managers_since
from governance.notices import settle, tell
from pmo.lib import words
from pmo.models import User
from pmo.roles import Role

GIVE = "Give the evidence that it is met on its page, or ask the office for another date before this one."
VERIFY = "Look at the evidence on its page: close the condition, or say what is missing."


def _tell(condition: Any, people: Iterable[Any], key: str, happened: str, to_do: str, at: dt.datetime, **letter: Any) -> int:
    """Tell `people` by notice and mail. `key` says what happened, with what sets one time apart from the next behind an @."""
    head = f"{condition.project.name}, condition {condition.number}: {happened}"
    url = condition.get_absolute_url()
    return tell(
        {person.pk: person for person in people if person is not None}.values(),
        key=f"condition-{key}-{condition.pk}",
        title=head,
        url=url,
        at=at,
        kind="condition",
        code=condition.project.code,
        letter=Letter(head, to_do, url, **letter),
    )


def _due_at(condition: Any) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(condition.due_on, CLOSE_OF_DAY))


def _of_date(due_on: dt.date) -> str:
    """A condition that was extended is due anew, so that each date has notices of its own."""
    return f"{due_on:%Y%m%d}"


def _of_moment(at: dt.datetime) -> str:
    return str(int(at.timestamp()))


def _no_longer_owed(condition: Any, due_on: dt.date, at: dt.datetime) -> None:
    """Settle what asked for evidence by `due_on`."""
    asked = (f"{what}@{_of_date(due_on)}" for what in ("soon", "today", "overdue"))
    settle(*(f"condition-{key}-{condition.pk}" for key in asked), f"condition-put-{condition.pk}", at=at)


def _no_longer_judged(condition: Any, at: dt.datetime) -> None:
    """Settle what asked for the verification of the evidence that was given last."""
    if condition.evidenced_at:
        settle(f"condition-evidence@{_of_moment(condition.evidenced_at)}-{condition.pk}", at=at)


def put(condition: Any, *, at: dt.datetime) -> None:
    said = f"yours, due {words.day(condition.due_on)}"
    _tell(condition, [condition.owner], "put", said, GIVE, at, by=_due_at(condition))


def evidenced(condition: Any, *, at: dt.datetime) -> None:
    _no_longer_owed(condition, condition.due_on, at)
    key = f"evidence@{_of_moment(at)}"
    if condition.verifier_id in managers_since(condition.project, condition.created_at):
        office, said = User.objects.with_role(Role.PMO_MANAGER), "its verifier manages the project, or did since it was put"
        _tell(condition, office, key, said, "Name somebody else to verify it.", at, by=_due_at(condition))
        return
    said = "evidence waits for your verification"
    _tell(condition, [condition.verifier], key, said, VERIFY, at, by=_due_at(condition))


def refused(condition: Any, *, at: dt.datetime) -> None:
    _no_longer_judged(condition, at)
    people, key = [condition.owner, condition.evidenced_by], f"refused@{_of_moment(at)}"
    to_do = "Read what is missing, and give evidence again."
    _tell(condition, people, key, "the evidence was not enough", to_do, at, by=_due_at(condition))


def closed(condition: Any, *, at: dt.datetime) -> None:
    _no_longer_owed(condition, condition.due_on, at)
    _no_longer_judged(condition, at)
    people = [condition.owner, condition.project.project_manager]
    _tell(condition, people, "closed", "closed", "Nothing more is asked for; who verified it stands on its page.", at)


def extended(condition: Any, *, was: dt.date, at: dt.datetime) -> None:
    _no_longer_owed(condition, was, at)
    people = [condition.owner, condition.verifier, condition.project.project_manager]
    key, said = f"extended@{_of_date(condition.due_on)}", f"now due {words.day(condition.due_on)}"
    _tell(condition, people, key, said, "Plan for the new date.", at, by=_due_at(condition))


def reassigned(condition: Any, *, at: dt.datetime) -> None:
    """Tell the two who answer for it now; what asked others before them is settled."""
    _no_longer_owed(condition, condition.due_on, at)
    _no_longer_judged(condition, at)
    said = f"{condition.owner.name} owes it by {words.day(condition.due_on)}, {condition.verifier.name} verifies it"
    to_do = "Give the evidence if you owe it; look at the evidence if you verify it."
    people, key = [condition.owner, condition.verifier], f"reassigned@{_of_moment(at)}"
    _tell(condition, people, key, said, to_do, at, by=_due_at(condition))


def soon(condition: Any, *, at: dt.datetime) -> int:
    key, said = f"soon@{_of_date(condition.due_on)}", f"due {words.day(condition.due_on)}"
    return _tell(condition, [condition.owner], key, said, GIVE, at, by=_due_at(condition), is_void_when_due=True)


def today(condition: Any, *, at: dt.datetime) -> int:
    key = f"today@{_of_date(condition.due_on)}"
    return _tell(condition, [condition.owner], key, "due today", GIVE, at, by=_due_at(condition))


def overdue(condition: Any, *, at: dt.datetime) -> int:
    """Tell whoever is to act: the owner or, once the evidence is there, the verifier; and the project and the office."""
    is_judged = condition.evidenced_by_id and condition.state == "evidenced"
    waits_for = condition.verifier if is_judged else condition.owner
    people = [waits_for, condition.project.project_manager, *User.objects.with_role(Role.PMO_MANAGER)]
    key, said = f"overdue@{_of_date(condition.due_on)}", f"overdue since {words.day(condition.due_on)}"
    to_do = VERIFY if is_judged else "See that the evidence comes in. The office can set another date, with a reason."
    return _tell(condition, people, key, said, to_do, at, is_urgent=True)
