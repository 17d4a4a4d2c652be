"""Who is told of a change request: who is to assess it, who is to decide, and what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from governance.change_facts import Size
from governance.change_states import Authority, ChangeState
from governance.mails import Letter
from governance.models import ChangeRequest
from governance.notices import is_news, settle, tell
from pmo.models import User
from pmo.roles import Role

#: The keys of what asked for a decision: once assessed, taken up again, or passed on to others.
ASKED_TO_DECIDE = ("change-decide", "change-resumed", *(f"change-passed@{one}" for one in Authority.values))


def _say(change: ChangeRequest, key: str, people: Iterable[Any], said: str, to_do: str, *, at: dt.datetime) -> None:
    """Tell `people` in the product and by mail; the mail names no amount and no word of the request but its title."""
    title, url = f"{change.code} {change.title}: {said}", change.get_absolute_url()
    told = {person.pk: person for person in people if person is not None and person.is_active}
    letter = Letter(f"{change.code}: {said}", to_do, url)
    key = f"{key}-{change.pk}"
    tell(told.values(), key=key, title=title, url=url, at=at, kind="change", code=change.project.code, letter=letter)


def submitted(change: ChangeRequest, *, at: dt.datetime) -> None:
    if not is_news(at):
        return
    office = User.objects.with_role(Role.PMO_MANAGER).exclude(pk=change.requested_by_id)
    _say(change, "change-assess", [*office, change.assessor], "waits for assessment", "Assess it and recommend.", at=at)
    if change.agreed_by_id is None:
        people = [change.project.project_manager]
        _say(change, "change-agree", people, "asked for by somebody else", "Say whether you agree.", at=at)


def agreed(change: ChangeRequest, *, at: dt.datetime) -> None:
    settle(f"change-agree-{change.pk}", at=at)


def assessed(change: ChangeRequest, *, at: dt.datetime) -> None:
    settle(f"change-assess-{change.pk}", at=at)
    _ask_to_decide(change, "change-decide", at=at)


def resumed(change: ChangeRequest, *, at: dt.datetime) -> None:
    _ask_to_decide(change, "change-resumed", at=at)


def passed_on(change: ChangeRequest, *, at: dt.datetime) -> None:
    """Ask those who decide instead of whom it waited for until now."""
    settle(*(f"{key}-{change.pk}" for key in ASKED_TO_DECIDE), at=at)
    _ask_to_decide(change, f"change-passed@{change.authority}", at=at)


def _ask_to_decide(change: ChangeRequest, key: str, *, at: dt.datetime) -> None:
    if not is_news(at):
        return
    size = Size(change)
    roles = {Authority.PMO_MANAGER: Role.PMO_MANAGER, Authority.BOARD: Role.EXECUTIVE}
    role = roles.get(size.authority)
    people = User.objects.with_role(role) if role else [change.project.sponsor]
    asked = [person for person in people if person and person.pk not in size.barred]
    _say(change, key, asked, "waits for your decision", "Approve, reject or defer it.", at=at)


def _settle_all(change: ChangeRequest, *, at: dt.datetime) -> None:
    asked = ("change-assess", "change-agree", *ASKED_TO_DECIDE)
    settle(*(f"{key}-{change.pk}" for key in asked), at=at)


def decided(change: ChangeRequest, *, at: dt.datetime) -> None:
    _settle_all(change, at=at)
    people = [change.requested_by, change.project.project_manager, change.project.sponsor, change.assessed_by]
    words = change.get_state_display().lower()
    others = [person for person in people if person and person.pk != change.decided_by_id]
    key = "change-deferred" if change.state == ChangeState.DEFERRED else "change-decided"
    _say(change, key, others, words, "Read the decision and its reason.", at=at)


def withdrawn(change: ChangeRequest, *, at: dt.datetime) -> None:
    _settle_all(change, at=at)
