"""One challenge as its page shows it: the values behind it, what was answered and decided, and what comes next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from governance.models import RatingChallenge
from governance.notices import review_url
from governance.report_content import rating_of, read_typed
from governance.review_access import OfficeAccess
from governance.states import ChallengeAnswer, ChallengeState, RatingCheck, VersionState
from pmo.lib.words import day, percent


class ChallengeAccess(OfficeAccess):
    """What a person may do with one challenge."""

    def __init__(self, user: Any, challenge: RatingChallenge) -> None:
        super().__init__(user)
        self.challenge = challenge

    @property
    def is_project_manager(self) -> bool:
        return bool(self.challenge.project.project_manager_id == self.user.pk)

    @property
    def may_rule(self) -> bool:
        return self.duties.may_decide(self.challenge.version)


@dataclass(frozen=True)
class Event:
    """One thing that happened: who did what, when, and the words."""

    at: dt.datetime
    who: str
    did: str
    words: str = ""


@dataclass(frozen=True)
class ChallengePage:
    challenge: RatingChallenge
    pm: str
    computed: str
    last: str
    office: str
    facts: list[tuple[str, str]]
    events: list[Event]
    is_late: bool
    can_answer: bool
    can_rule: bool
    reads_review: bool
    next_words: str
    next_url: str
    report_url: str
    review_url: str


def challenge_page(challenge: RatingChallenge, access: ChallengeAccess, at: dt.datetime) -> ChallengePage:
    """Return the page of a challenge; it needs its version's content and, for the office's letter, its record. No query."""
    version = challenge.version
    content = read_typed(version.content)
    rating = rating_of(content, challenge.dimension)
    record = read_typed(version.record) if version.record else {}
    is_late = challenge.state == ChallengeState.OPEN and challenge.due_at < at
    waits_for_office = challenge.state == ChallengeState.ANSWERED or is_late
    next_words, next_url = _next_step(challenge) if access.is_project_manager else ("", "")
    return ChallengePage(
        challenge=challenge,
        pm=rating["pm"],
        computed=rating["computed"]["letter"],
        last=content["before"]["letters"].get(challenge.dimension, ""),
        office=record.get("office", {}).get(challenge.dimension, {}).get("letter", ""),
        facts=evidence_facts(challenge.check_code, challenge.evidence),
        events=_events(challenge),
        is_late=is_late,
        can_answer=access.is_project_manager and challenge.state == ChallengeState.OPEN,
        can_rule=waits_for_office and access.may_rule,
        reads_review=access.reads_all or access.may_rule,
        next_words=next_words,
        next_url=next_url,
        report_url=version.deliverable.get_absolute_url(),
        review_url=review_url(version),
    )


def evidence_facts(check: str, evidence: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the values that set the check off, in words."""
    if check == RatingCheck.W3:
        dates = [day(dt.date.fromisoformat(text)) for text in evidence.get("forecasts", [])]
        return [("Milestone", str(evidence.get("milestone", ""))), ("Forecast, oldest report first", ", then ".join(dates))]
    if check == RatingCheck.W6:
        return [("Words that are the same as last week’s", percent(evidence.get("likeness_percent")))]
    return [("What the evidence says", str(evidence.get("why", "")))]


def _events(challenge: RatingChallenge) -> list[Event]:
    found = [Event(challenge.opened_at, "Rating check " + challenge.check_code, "opened the challenge", challenge.sentence)]
    if challenge.answered_at and challenge.answered_by:
        did = f"answered: {challenge.get_answer_display().lower()}"
        found.append(Event(challenge.answered_at, challenge.answered_by.name, did, challenge.answer_text))
    if challenge.ruled_at and challenge.ruled_by:
        did = f"decided: {challenge.get_ruling_display()}"
        found.append(Event(challenge.ruled_at, challenge.ruled_by.name, did, challenge.ruling_reason))
    return found


def _next_step(challenge: RatingChallenge) -> tuple[str, str]:
    """Return what the project manager does next after choosing to change the report: words and address, or twice nothing."""
    if challenge.answer != ChallengeAnswer.ACCEPT or challenge.state == ChallengeState.DECIDED:
        return "", ""
    deliverable, state = challenge.version.deliverable, challenge.version.state
    where = [deliverable.project.code, deliverable.number]
    if state in (VersionState.APPROVED, VersionState.CONDITIONAL):
        return "Begin a correction", reverse("governance:report-correct", args=where)
    if state in (VersionState.SUBMITTED, VersionState.IN_REVIEW):
        return "Withdraw the report to change it", reverse("governance:report-withdraw", args=where)
    return "Change the report", reverse("governance:report-edit", args=where)
