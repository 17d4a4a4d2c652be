"""What was signed, in words: a version of a deliverable, a gate review or a change request, its project and its page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from governance.models import ChangeRequest, DeliverableVersion, GateReview
from governance.states import Kind, VersionState
from pmo.lib import words
from portfolio.models import Project

Signed = DeliverableVersion | GateReview | ChangeRequest
MODELS: tuple[type[Signed], ...] = (DeliverableVersion, GateReview, ChangeRequest)


@dataclass(frozen=True)
class SignedThing:
    """`short` names it within its project, `what` for a stranger."""

    subject: Signed
    project: Project
    short: str
    what: str
    state: str
    url: str
    decided_at: dt.datetime | None
    decided_by: str


def describe(subject: Signed) -> SignedThing:
    """Return what `subject` is. No query where its project, deliverable and decider were fetched."""
    if isinstance(subject, DeliverableVersion):
        return _version(subject)
    if isinstance(subject, GateReview):
        short, what = subject.get_gate_display(), f"{subject.get_gate_display()}, review {subject.number}"
        state = subject.get_decision_display() or subject.get_state_display()
    else:
        short, what, state = subject.code, str(subject), subject.get_state_display()
    return _thing(subject, subject.project, short, what, state, subject.get_absolute_url())


def _version(version: DeliverableVersion) -> SignedThing:
    deliverable, kind = version.deliverable, version.deliverable.get_kind_display()
    place = [deliverable.project.code]
    if deliverable.kind == Kind.STATUS_REPORT:
        later = f", version {version.number}" if version.number > 1 else ""
        short = f"report {deliverable.number}{later}"
        what = f"{kind} {deliverable.number}, version {version.number}, week to {words.day(deliverable.period_end_on)}"
        url = reverse("governance:report-version", args=[*place, deliverable.number, version.number])
    else:
        short, what = f"{kind.lower()} {version.label}", f"{kind}, version {version.label}"
        url = reverse("governance:document-version", args=[*place, deliverable.kind.replace("_", "-"), version.number])
    is_approved = version.state == VersionState.APPROVED
    state = version.rules.approved_word if is_approved else version.get_state_display()
    return _thing(version, deliverable.project, short, what, state, url)


def _thing(subject: Any, project: Project, short: str, what: str, state: str, url: str) -> SignedThing:
    who = subject.decided_by.name if subject.decided_by_id else ""
    return SignedThing(subject, project, short, what, state, url, subject.decided_at, who)
