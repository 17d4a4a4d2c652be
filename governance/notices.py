"""Who is told of what. Each notice has a key, so that nobody is told twice; what happened long ago is told to nobody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from governance import mails
from governance.mails import Letter
from governance.models import Delegation, Deliverable, DeliverableVersion, RatingChallenge
from governance.separation import deciding_role, may_decide
from governance.states import Decision
from pmo.lib import words
from pmo.models import Notification, User
from pmo.roles import Role

#: Records brought in afterwards, and the demo city's past, notify nobody.
NEWS_AGE = dt.timedelta(days=14)


def is_news(at: dt.datetime) -> bool:
    return timezone.now() - at <= NEWS_AGE


def tell(
    people: Iterable[Any],
    *,
    key: str,
    title: str,
    url: str,
    at: dt.datetime,
    kind: str,
    code: str,
    letter: Letter | None = None,
) -> int:
    """Tell each person once, with `letter` by mail too. Returns how many were told."""
    if not is_news(at):
        return 0
    told = [person for person in people if person is not None]
    with transaction.atomic():
        count = Notification.objects.all().tell(told, key=key, title=title, url=url, at=at, kind=kind, code=code)
        if count and letter is not None:
            mails.write(key, letter, at=at)
    return count


def settle(*keys: str, at: dt.datetime) -> None:
    """Count notices as read by everybody, because what they ask for is done."""
    if is_news(at):
        Notification.objects.filter(key__in=keys, read_at=None).update(read_at=at)


def report_name(deliverable: Deliverable) -> str:
    return f"Report {deliverable.number}, {deliverable.project.name}"


def review_url(version: DeliverableVersion) -> str:
    return reverse(
        "governance:review-detail", args=[version.deliverable.project.code, version.deliverable.number, version.number]
    )


def deciders(version: DeliverableVersion, at: dt.datetime) -> list[User]:
    """Return who may decide on a version at `at`: the holders of the deciding role, then those who stand in for one of them.

    Who may not, because it is their own work, is told nothing.
    """
    holders = User.objects.with_role(deciding_role(version))
    day = timezone.localdate(at)
    held = Delegation.objects.active(day).filter(delegator__in=holders).select_related("delegate")
    people = {person.pk: person for person in (*holders, *(one.delegate for one in held if one.delegate.is_active))}
    return [person for person in people.values() if may_decide(version, person, day)]


def no_longer_owed(deliverable: Deliverable, *, at: dt.datetime) -> None:
    """Settle what asked for a report that is in or excused."""
    settle(*(f"{asked}-{deliverable.pk}" for asked in ("reminder", "overdue", "escalated")), at=at)


def submitted(version: DeliverableVersion, *, at: dt.datetime) -> None:
    if not is_news(at):
        return
    deliverable = version.deliverable
    no_longer_owed(deliverable, at=at)
    tell(
        deciders(version, at),
        key=f"submitted-{version.pk}",
        title=f"{report_name(deliverable)}: waits for your review",
        url=review_url(version),
        at=at,
        kind="review",
        code=deliverable.project.code,
    )


def withdrawn(version: DeliverableVersion, *, at: dt.datetime) -> None:
    deliverable = version.deliverable
    settle(f"submitted-{version.pk}", at=at)
    tell(
        User.objects.with_role(deciding_role(version)),
        key=f"withdrawn-{version.pk}",
        title=f"{report_name(deliverable)}: withdrawn by the author",
        url=deliverable.get_absolute_url(),
        at=at,
        kind="review",
        code=deliverable.project.code,
    )


def decided(version: DeliverableVersion, decision: Decision, *, at: dt.datetime) -> None:
    deliverable = version.deliverable
    settle(f"submitted-{version.pk}", at=at)
    words = {Decision.APPROVE: "accepted", Decision.RETURN: "came back with findings", Decision.REJECT: "rejected"}[decision]
    title, url = f"{report_name(deliverable)}: {words}", deliverable.get_absolute_url()
    letter = Letter(title, "Answer each finding in a new version and submit it.", url) if decision == Decision.RETURN else None
    people = {person.pk: person for person in (version.author, deliverable.project.project_manager) if person is not None}
    tell(
        people.values(),
        key=f"decided-{version.pk}",
        title=title,
        url=url,
        at=at,
        kind="report",
        code=deliverable.project.code,
        letter=letter,
    )


def _of_challenge(
    challenge: RatingChallenge, happened: str, to_do: str, by: dt.datetime | None = None, is_urgent: bool = False
) -> Letter:
    """Return a letter without the sentence of the challenge: it quotes a report that is still in work."""
    return Letter(f"{challenge.project.name}: {happened}", to_do, challenge.get_absolute_url(), by, is_urgent)


def challenged(challenge: RatingChallenge, *, at: dt.datetime) -> None:
    tell(
        [challenge.project.project_manager],
        key=f"challenge-{challenge.pk}",
        title=f"{challenge.project.name}: {challenge.sentence} Answer it.",
        url=challenge.get_absolute_url(),
        at=at,
        kind="challenge",
        code=challenge.project.code,
        letter=_of_challenge(
            challenge,
            "a rating in the report is questioned",
            "Change the rating, or justify it with evidence.",
            challenge.due_at,
        ),
    )


def unanswered(challenge: RatingChallenge, *, at: dt.datetime) -> int:
    return tell(
        User.objects.with_role(deciding_role(challenge.version)),
        key=f"challenge-late-{challenge.pk}",
        title=f"{challenge.project.name}: a challenge was not answered in time",
        url=challenge.get_absolute_url(),
        at=at,
        kind="challenge",
        code=challenge.project.code,
        letter=_of_challenge(challenge, "a challenge was not answered in time", "Decide which rating stands.", is_urgent=True),
    )


def answered(challenge: RatingChallenge, *, at: dt.datetime) -> None:
    settle(f"challenge-{challenge.pk}", f"challenge-late-{challenge.pk}", at=at)
    tell(
        User.objects.with_role(deciding_role(challenge.version)),
        key=f"challenge-answered-{challenge.pk}",
        title=f"{challenge.project.name}: a challenge was answered",
        url=challenge.get_absolute_url(),
        at=at,
        kind="challenge",
        code=challenge.project.code,
        letter=_of_challenge(challenge, "a challenge was answered", "Decide which rating stands."),
    )


def ruled(challenge: RatingChallenge, *, at: dt.datetime) -> None:
    settle(*(f"{asked}-{challenge.pk}" for asked in ("challenge", "challenge-late", "challenge-answered")), at=at)
    tell(
        [challenge.project.project_manager],
        key=f"challenge-ruled-{challenge.pk}",
        title=f"{challenge.project.name}: {challenge.get_ruling_display()}",
        url=challenge.get_absolute_url(),
        at=at,
        kind="challenge",
        code=challenge.project.code,
        letter=_of_challenge(challenge, "a challenge was decided", "Read which rating stands, and why."),
    )


def reminder(deliverable: Deliverable, *, at: dt.datetime) -> int:
    title = f"{report_name(deliverable)}: due {_due(deliverable)}"
    url = reverse("governance:report-edit", args=[deliverable.project.code, deliverable.number])
    return tell(
        [deliverable.project.project_manager],
        key=f"reminder-{deliverable.pk}",
        title=title,
        url=url,
        at=at,
        kind="reminder",
        code=deliverable.project.code,
        letter=Letter(title, "Fill in the report and submit it.", url, deliverable.due_at, is_void_when_due=True),
    )


def _of_late(deliverable: Deliverable, happened: str, to_do: str) -> Letter:
    title = f"{report_name(deliverable)}: {happened} {_due(deliverable)}"
    return Letter(title, to_do, deliverable.get_absolute_url(), is_urgent=True)


def overdue(deliverable: Deliverable, *, at: dt.datetime) -> int:
    return tell(
        [deliverable.project.project_manager, *User.objects.with_role(Role.PMO_MANAGER)],
        key=f"overdue-{deliverable.pk}",
        title=f"{report_name(deliverable)}: not in, was due {_due(deliverable)}",
        url=deliverable.get_absolute_url(),
        at=at,
        kind="overdue",
        code=deliverable.project.code,
        letter=_of_late(deliverable, "not in, was due", "See that it is submitted, or have the project excused from it."),
    )


def escalated(deliverable: Deliverable, *, at: dt.datetime) -> int:
    return tell(
        User.objects.with_role(Role.EXECUTIVE),
        key=f"escalated-{deliverable.pk}",
        title=f"{report_name(deliverable)}: still not in, was due {_due(deliverable)}",
        url=deliverable.get_absolute_url(),
        at=at,
        kind="overdue",
        code=deliverable.project.code,
        letter=_of_late(deliverable, "still not in, was due", "Ask the project manager what stands in the way."),
    )


def _due(deliverable: Deliverable) -> str:
    assert deliverable.due_at is not None
    local = timezone.localtime(deliverable.due_at)
    return f"{local:%a} {local.day} {local:%b %H:%M}"


def delegated(delegation: Delegation, *, at: dt.datetime) -> None:
    days = f"{words.day(delegation.starts_on)} to {words.day(delegation.ends_on)}"
    tell(
        [delegation.delegate],
        key=f"delegated-{delegation.pk}",
        title=f"You decide for {delegation.delegator.name}, {days}",
        url=reverse("governance:delegation-list"),
        at=at,
        kind="delegation",
        code="",
    )


def delegation_revoked(delegation: Delegation, *, at: dt.datetime) -> None:
    tell(
        [delegation.delegate],
        key=f"delegation-revoked-{delegation.pk}",
        title=f"You no longer decide for {delegation.delegator.name}",
        url=reverse("governance:delegation-list"),
        at=at,
        kind="delegation",
        code="",
    )
