"""Challenges of a self-rating: opened by the rating checks, answered by the project manager, ruled on by the office."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from governance import notices
from governance.clock import Office
from governance.models import DeliverableVersion, RatingChallenge, StatusReport
from governance.periods import after_workdays
from governance.report_checks import Trigger
from governance.separation import authority
from governance.states import ChallengeAnswer, ChallengeState, Ruling
from pmo.lib.errors import Refused
from pmo.lib.history import save_as
from pmo.lib.transitions import move


def open_challenges(
    report: StatusReport, version: DeliverableVersion, found: list[Trigger], *, at: dt.datetime
) -> list[RatingChallenge]:
    """Open a challenge for each check that went off (`found`) and is not already being answered. Returns the new ones."""
    if not found:
        return []
    office = Office.load(report.project.governance_class)
    unsettled = set(RatingChallenge.objects.unsettled().filter(project=report.project).values_list("check_code", "dimension"))
    opened = []
    for trigger in found:
        if (trigger.check, trigger.dimension) in unsettled:
            continue
        challenge = RatingChallenge(
            project=report.project,
            version=version,
            check_code=trigger.check,
            dimension=trigger.dimension,
            sentence=trigger.sentence,
            evidence=trigger.evidence,
            opened_at=at,
            due_at=after_workdays(at, office.rules.answer_days, office.calendar, office.zone),
        )
        save_as(challenge, by=None, reason="rating check")
        notices.challenged(challenge, at=at)
        opened.append(challenge)
    return opened


def answer_by_changing(
    report: StatusReport, version: DeliverableVersion, found: list[Trigger], *, by: Any, at: dt.datetime
) -> None:
    """Settle the challenges whose answer was to change the report, now that the changed one is in and their check is silent.

    `found` are the checks that the changed report sets off.
    """
    still = {(trigger.check, trigger.dimension) for trigger in found}
    accepted = RatingChallenge.objects.filter(
        project=report.project, state=ChallengeState.ANSWERED, answer=ChallengeAnswer.ACCEPT
    )
    for challenge in accepted.exclude(version=version):
        if (challenge.check_code, challenge.dimension) not in still:
            _settle(challenge, Ruling.CHANGED, "The report was changed.", by=by, at=at)


def answer(challenge: RatingChallenge, *, by: Any, answer: str, text: str, at: dt.datetime) -> None:
    """Answer a challenge. Raises Refused: `not_project_manager`, `answer_missing`, `text_missing`, `already_answered`."""
    if by.pk != challenge.project.project_manager_id:
        raise Refused("The project manager answers a challenge.", "not_project_manager")
    if answer not in ChallengeAnswer.values:
        raise Refused("Choose: accept and change, or justify with evidence.", "answer_missing")
    if not text.strip():
        raise Refused("Write what you will change, or the evidence for your rating.", "text_missing")
    with transaction.atomic():
        move(
            challenge,
            sources=[ChallengeState.OPEN],
            target=ChallengeState.ANSWERED,
            code="already_answered",
            refusal="This challenge was already answered.",
            answer=answer,
            answer_text=text.strip(),
            answered_by=by,
            answered_at=at,
        )
        save_as(challenge, by=by, fields=["state"], reason="answered")
        notices.answered(challenge, at=at)


def rule(challenge: RatingChallenge, *, by: Any, ruling: str, reason: str, at: dt.datetime) -> None:
    """Decide an answered or overdue challenge. Raises Refused.

    `ruling_missing`, `reason_missing`, `not_yet_due`, `already_ruled`, and what `authority` raises.
    """
    authority(challenge.version, by, Office.load().day(at))
    if ruling not in (Ruling.UPHELD, Ruling.OFFICE):
        raise Refused("Choose: the project manager's rating stands, or the office sets its own.", "ruling_missing")
    if not reason.strip():
        raise Refused("Give the reason; it stands in the record.", "reason_missing")
    if challenge.state == ChallengeState.OPEN and at < challenge.due_at:
        raise Refused("The project manager still has time to answer.", "not_yet_due")
    _settle(challenge, Ruling(ruling), reason.strip(), by=by, at=at)


def _settle(challenge: RatingChallenge, ruling: Ruling, reason: str, *, by: Any, at: dt.datetime) -> None:
    with transaction.atomic():
        move(
            challenge,
            sources=[ChallengeState.OPEN, ChallengeState.ANSWERED],
            target=ChallengeState.DECIDED,
            code="already_ruled",
            refusal="This challenge was already decided.",
            ruling=ruling,
            ruling_reason=reason,
            ruled_by=by,
            ruled_at=at,
        )
        save_as(challenge, by=by, fields=["state"], reason=str(ruling.label))
        notices.ruled(challenge, at=at)
