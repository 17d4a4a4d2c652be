"""Who is told of what happens to documents in review: the deciders, the reviewers who are asked, the author, the manager."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from governance.mails import Letter
from governance.models import DeliverableVersion, ReviewPart
from governance.notices import deciders, is_news, settle, tell
from governance.separation import deciding_role
from governance.states import Decision
from pmo.lib import words
from pmo.models import User

DECIDED = {
    Decision.APPROVE: "approved",
    Decision.CONDITIONAL: "approved, with conditions",
    Decision.RETURN: "came back with findings",
    Decision.REJECT: "rejected",
}
TO_DO = {
    Decision.APPROVE: "Nothing more is asked for; what was approved stands on its page.",
    Decision.CONDITIONAL: "See that each condition is met by its day, and file the evidence.",
    Decision.RETURN: "Answer each finding in a new version and submit it.",
    Decision.REJECT: "Read why. A new version needs a new basis.",
}


def document_name(version: DeliverableVersion) -> str:
    deliverable = version.deliverable
    return f"{deliverable.get_kind_display()} {version.label}, {deliverable.project.name}"


def document_url(version: DeliverableVersion) -> str:
    return _page("governance:document-detail", version)


def review_url(version: DeliverableVersion) -> str:
    return _page("governance:document-review", version, version.number)


def _page(name: str, version: DeliverableVersion, *more: object) -> str:
    deliverable = version.deliverable
    return reverse(name, args=[deliverable.project.code, deliverable.kind.replace("_", "-"), *more])


def submitted(version: DeliverableVersion, *, at: dt.datetime) -> None:
    if not is_news(at):
        return
    what, url = "waits for your decision", review_url(version)
    to_do = "Read it with what the reviewers say, and decide."
    letter = Letter(f"{document_name(version)}: {what}", to_do, url, version.review_due_at)
    _tell(deciders(version, at), version, f"submitted-{version.pk}", what, url, at=at, letter=letter)


def withdrawn(version: DeliverableVersion, *, at: dt.datetime) -> None:
    settle(f"submitted-{version.pk}", at=at)
    people = User.objects.with_role(deciding_role(version))
    _tell(people, version, f"withdrawn-{version.pk}", "withdrawn by the author", document_url(version), at=at)


def decided(version: DeliverableVersion, decision: Decision, *, at: dt.datetime) -> None:
    """Tell author, submitter and project manager."""
    settle(f"submitted-{version.pk}", at=at)
    project_manager = version.deliverable.project.project_manager
    people = {person.pk: person for person in (version.author, version.submitted_by, project_manager) if person is not None}
    what, url = DECIDED[decision], document_url(version)
    letter = Letter(f"{document_name(version)}: {what}", TO_DO[decision], url)
    _tell(people.values(), version, f"decided-{version.pk}", what, url, at=at, letter=letter)


def asked(part: ReviewPart, people: Iterable[Any], *, at: dt.datetime) -> None:
    """Tell who may answer a part that its turn has come."""
    _of_part(part, people, f"part-asked-{part.pk}", "you are asked for your review", at=at)


def reminded(part: ReviewPart, people: Iterable[Any], *, at: dt.datetime) -> int:
    key = f"part-reminder@{words.local_date(at).isoformat()}-{part.pk}"
    return _of_part(part, people, key, "still waits for your review", at=at)


def stopped(version: DeliverableVersion, *, asked: Iterable[Any], answered: Iterable[Any], by: Any, at: dt.datetime) -> None:
    """Tell whose opinion leads to no approval any more, and who was asked and may read the version no longer."""
    given = {person.pk: person for person in answered if person is not None and person.pk != by.pk}
    what = "the review was stopped; your opinion leads to no approval"
    url = review_url(version)
    letter = Letter(f"{document_name(version)}: {what}", "Read the reason on its page; the next version asks anew.", url)
    _tell(given.values(), version, f"part-stopped-{version.pk}", what, url, at=at, letter=letter)
    others = {person.pk: person for person in asked if person.pk not in given and person.pk != by.pk}
    what = "the review was stopped; you are asked no more"
    project = version.deliverable.project
    url = project.get_absolute_url()
    letter = Letter(f"{document_name(version)}: {what}", "Nothing; you are told when the next version asks for you.", url)
    _tell(others.values(), version, f"part-off@{version.pk}-{project.pk}", what, url, at=at, letter=letter)


def no_longer_asked(part: ReviewPart, *, at: dt.datetime) -> None:
    """Count what asked for a part as read: it is answered, or nobody is asked for it any more."""
    keys = [f"part-asked-{part.pk}"]
    if part.reminded_at:
        keys.append(f"part-reminder@{words.local_date(part.reminded_at).isoformat()}-{part.pk}")
    settle(*keys, at=at)


def _of_part(part: ReviewPart, people: Iterable[Any], key: str, what: str, *, at: dt.datetime) -> int:
    version = part.review.version
    url = review_url(version)
    to_do = "Read it, raise findings where something must be mended, and give your opinion."
    letter = Letter(f"{document_name(version)}: {what}", to_do, url, part.review.due_at)
    return _tell(people, version, key, what, url, at=at, letter=letter)


def _tell(
    people: Iterable[Any],
    version: DeliverableVersion,
    key: str,
    what: str,
    url: str,
    *,
    at: dt.datetime,
    letter: Letter | None = None,
) -> int:
    return tell(
        people,
        key=key,
        title=f"{document_name(version)}: {what}",
        url=url,
        at=at,
        kind="review",
        code=version.deliverable.project.code,
        letter=letter,
    )
