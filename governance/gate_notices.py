"""Who is told of what at the gates: planned, near, today, late, decided; and of a waiver that runs out. By mail too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone

from governance.asking import CLOSE_OF_DAY
from governance.compliance import OPENED_AGAIN
from governance.gate_authority import deciders
from governance.mails import Letter
from governance.models import ComplianceFinding, GateReview, Waiver
from governance.notices import is_news, settle, tell
from pmo.lib import words
from pmo.models import User
from pmo.roles import Role

HOLD = "Hold it: answer the criteria, then decide on its page. Move its day if it cannot be held."


def _end_of(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, CLOSE_OF_DAY))


def _key(review: GateReview, asked: str) -> str:
    """A gate that was moved is announced anew for its new day."""
    return f"gate-{asked}@{review.planned_on:%Y%m%d}-{review.pk}"


def _tell(
    review: GateReview, people: Iterable[Any], key: str, happened: str, to_do: str, *, at: dt.datetime, **letter: Any
) -> int:
    project, url = review.project, review.get_absolute_url()
    title = f"{project.name}: {review.get_gate_display()}{happened}"
    return tell(
        {person.pk: person for person in people if person is not None}.values(),
        key=key,
        title=title,
        url=url,
        at=at,
        kind="gate",
        code=project.code,
        letter=Letter(title, to_do, url, **letter),
    )


def _around(review: GateReview) -> list[Any]:
    """Return who prepares the gate and who decides at it."""
    return [review.project.project_manager, *deciders(review.project)]


def planned(review: GateReview, *, by: Any, at: dt.datetime) -> int:
    """Tell who prepares it, who decides and the sponsor; not whoever planned it."""
    if not is_news(at):
        return 0
    people = [person for person in (*_around(review), review.project.sponsor) if person and person.pk != by.pk]
    said = f", planned for {words.day_without_weekday(review.planned_on)}"
    to_do = "Keep the day free, and see on its page what is still missing."
    return _tell(review, people, _key(review, "planned"), said, to_do, at=at, by=_end_of(review.planned_on))


def off(review: GateReview, *, at: dt.datetime) -> None:
    """Settle what announced the gate for the day that it has now: it is held, moved or called off."""
    settle(*(_key(review, asked) for asked in ("planned", "soon", "today")), f"gate-late-{review.pk}", at=at)


def called_off(review: GateReview, *, by: Any, at: dt.datetime) -> int:
    if not is_news(at):
        return 0
    people = [person for person in (*_around(review), review.project.sponsor) if person and person != by]
    return _tell(review, people, f"gate-off-{review.pk}", ", called off", "Read the reason in its history.", at=at)


def soon(review: GateReview, *, at: dt.datetime) -> int:
    """Remind who prepares it a week before the day."""
    said = f", held {words.day_without_weekday(review.planned_on)}"
    to_do = "See on its page what is still missing, answer the criteria and name who comes."
    people = [review.project.project_manager]
    due_at = _end_of(review.planned_on)
    return _tell(review, people, _key(review, "soon"), said, to_do, at=at, by=due_at, is_void_when_due=True)


def today(review: GateReview, *, at: dt.datetime) -> int:
    if not is_news(at):
        return 0
    due_at = _end_of(review.planned_on)
    return _tell(review, _around(review), _key(review, "today"), ", to be decided today", HOLD, at=at, by=due_at)


def decided(review: GateReview, *, at: dt.datetime) -> int:
    if not is_news(at):
        return 0
    off(review, at=at)
    people = [review.project.project_manager, review.project.sponsor]
    said = f", {review.get_decision_display().lower()}"
    to_do = "Read the decision and what it asks of the project."
    return _tell(review, people, f"gate-decided-{review.pk}", said, to_do, at=at)


def late(review: GateReview, *, at: dt.datetime) -> int:
    people = [review.project.project_manager, *User.objects.with_role(Role.PMO_MANAGER)]
    said = f" was planned for {words.day_without_weekday(review.planned_on)} and was not held"
    return _tell(review, people, f"gate-late-{review.pk}", said, HOLD, at=at, is_urgent=True)


def early_work(finding: ComplianceFinding, *, at: dt.datetime) -> int:
    """Tell who answers for the project and the office that work went on before its gate."""
    project, url = finding.project, f"{reverse('governance:compliance-list')}?is_open=yes&q={finding.project.code}"
    title = f"{project.name}: {finding.sentence.rstrip('.')}"
    people = {person.pk: person for person in User.objects.with_role(Role.PMO_MANAGER)}
    if project.project_manager is not None:
        people[project.project_manager.pk] = project.project_manager
    letter = Letter(title, "Hold the gate now, or take the go-live back where it was marked by mistake.", url, is_urgent=True)
    key = _key_of_early_work(finding)
    return tell(people.values(), key=key, title=title, url=url, at=at, kind="gate", code=project.code, letter=letter)


def early_work_settled(finding: ComplianceFinding, *, at: dt.datetime) -> None:
    settle(_key_of_early_work(finding), at=at)


def _key_of_early_work(finding: ComplianceFinding) -> str:
    """What is found again is told again."""
    times = finding.history.filter(history_change_reason=OPENED_AGAIN).count()
    return f"early-work-{finding.pk}" + (f"-{times}" if times else "")


def waiver_ends(waiver: Waiver, *, at: dt.datetime) -> int:
    said = f"ends {words.day_without_weekday(waiver.expires_on)}"
    to_do = "Bring what it waives before that day, or have it waived anew."
    return _of_waiver(waiver, "waiver-ends", said, to_do, at=at, by=_end_of(waiver.expires_on), is_void_when_due=True)


def waiver_revoked(waiver: Waiver, *, at: dt.datetime) -> None:
    settle(f"waiver-ends-{waiver.pk}", at=at)


def waiver_ended(waiver: Waiver, *, at: dt.datetime) -> int:
    """Tell that a waiver ran out while what it waives is still missing."""
    settle(f"waiver-ends-{waiver.pk}", at=at)
    said = f"ended {words.day_without_weekday(waiver.expires_on)}, and what it waived is still missing"
    return _of_waiver(waiver, "waiver-ended", said, "Bring it, or have it waived anew.", at=at, is_urgent=True)


def _of_waiver(waiver: Waiver, key: str, said: str, to_do: str, *, at: dt.datetime, **letter: Any) -> int:
    project, url = waiver.project, f"{reverse('governance:waiver-list')}?q={waiver.project.code}"
    title = f"{project.name}: the waiver for {waiver.get_gate_display()} {said}"
    people = {person.pk: person for person in User.objects.with_role(Role.PMO_MANAGER)}
    if project.project_manager is not None:
        people[project.project_manager.pk] = project.project_manager
    return tell(
        people.values(),
        key=f"{key}-{waiver.pk}",
        title=title,
        url=url,
        at=at,
        kind="waiver",
        code=project.code,
        letter=Letter(title, to_do, url, **letter),
    )
