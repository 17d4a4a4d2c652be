"""What a gate pack lists beside the gate itself: what is on record, changes that wait, waivers, the next gate."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date

from governance.change_page import moved_days
from governance.change_states import ChangeState
from governance.gate_states import GOES, Gate, GateDecision, GateState
from governance.models import ChangeRequest, DeliverableVersion, GateReview, Waiver
from governance.states import STANDING_STATES, Kind, VersionState
from portfolio.models import Project

#: The states of a change request that still wait for somebody. A draft asks for nothing yet.
WAITING = (ChangeState.SUBMITTED, ChangeState.ASSESSED, ChangeState.DEFERRED)


@dataclass(frozen=True)
class IndexRow:
    """One thing on record. Nobody and no day stand where it is not decided; `address` is its page without the host.

    `stands`: a decision holds. What does not stand is in work or was rejected, and is not for every reader of a gate.
    """

    what: str
    version: str
    state: str
    by: str
    on: dt.date | None
    digest: str
    address: str
    stands: bool = False


@dataclass(frozen=True)
class WaitingChange:
    """A change request that waits; `days` is what it would move the finish by, in working days."""

    number: int
    title: str
    state: str
    asked_on: dt.date | None
    days: int

    @property
    def moves(self) -> str:
        return moved_days(self.days, "working day")


@dataclass(frozen=True)
class InForce:
    """A waiver in force, for whatever gate of the project."""

    gate: str
    what: str
    reason: str
    by: str
    until: dt.date | None


@dataclass(frozen=True)
class NextGate:
    """The gate that comes next; `gate` is empty where only a day is known.

    Expected: named at the decision, not planned; None where it was not kept whether it was planned.
    """

    gate: str
    on: dt.date
    is_expected: bool | None


@dataclass(frozen=True)
class Contents:
    """What a pack lists. Of a decision taken before packs had an index, what was not kept then is None: nobody knows it now."""

    index: tuple[IndexRow, ...] | None
    changes: tuple[WaitingChange, ...] | None
    waivers: tuple[InForce, ...] | None
    next_gate: NextGate | None

    @property
    def is_of_before(self) -> bool:
        return self.index is None

    def abridged(self) -> Contents:
        """Return what every reader of the gate may read of it: of what is on record, what stands."""
        return self if self.index is None else replace(self, index=tuple(row for row in self.index if row.stands))


def contents_of(review: GateReview, on: dt.date) -> Contents:
    """Return what the pack of a review lists: as frozen once it is decided, else as things stand `on`. Four queries at most."""
    if review.state != GateState.DECIDED or not review.record:
        return _read(as_record(review, on, meant=None))
    record = json.loads(review.record)
    return _read(record["pack"]) if "pack" in record else _of_before(review, record)


def as_record(review: GateReview, on: dt.date, *, meant: Gate | None) -> dict[str, Any]:
    """Return what a decision freezes; `meant` is the gate for which the decision names a day. Five queries."""
    return {
        "index": [*_documents(review.project), *_gates(review)],
        "changes": [_change(row) for row in ChangeRequest.objects.filter(project=review.project, state__in=WAITING)],
        "waivers": [_waiver(row) for row in _waivers(review.project, on)],
        "next_gate": _next_gate(review, meant),
    }


def _documents(project: Project) -> Iterator[dict[str, Any]]:
    """Say of each document which version holds, or how far the newest is; of the reports, which was accepted last."""
    rows = DeliverableVersion.objects.filter(deliverable__project=project).select_related("deliverable__project", "decided_by")
    rows = rows.defer("content", "record").order_by("deliverable__kind", "deliverable__number", "-number")
    documents = rows.exclude(deliverable__kind=Kind.STATUS_REPORT)
    found: dict[str, DeliverableVersion] = {}
    for row in documents:
        holds = found.get(row.deliverable.kind)
        if holds is None or (row.state in STANDING_STATES and holds.state not in STANDING_STATES):
            found[row.deliverable.kind] = row
    yield from (_version(row) for row in found.values())
    reports = rows.filter(deliverable__kind=Kind.STATUS_REPORT, state__in=STANDING_STATES)
    last = reports.order_by("-deliverable__number", "-number").first()
    if last is not None:
        yield _version(last)


def _version(row: DeliverableVersion) -> dict[str, Any]:
    name, number = row.deliverable.get_kind_display(), row.deliverable.number
    return {
        "what": f"{name} {number}" if row.deliverable.kind == Kind.STATUS_REPORT else name,
        "version": row.label,
        "state": row.rules.approved_word if row.state == VersionState.APPROVED else row.get_state_display(),
        "by": row.decided_by.name if row.decided_by else "",
        "on": timezone.localdate(row.decided_at) if row.decided_at else None,
        "digest": row.record_sha256,
        "address": row.deliverable.get_absolute_url(),
        "stands": row.state in STANDING_STATES,
    }


def _gates(review: GateReview) -> Iterator[dict[str, Any]]:
    rows = GateReview.objects.filter(project=review.project, decision__in=GOES).exclude(pk=review.pk)
    for row in rows.select_related("project", "decided_by").defer("record").order_by("number"):
        yield {
            "what": row.get_gate_display(),
            "version": f"review {row.number}",
            "state": row.get_decision_display(),
            "by": row.decided_by.name if row.decided_by else "",
            "on": timezone.localdate(row.decided_at) if row.decided_at else row.held_on,
            "digest": row.record_sha256,
            "address": row.get_absolute_url(),
            "stands": True,
        }


def _change(row: ChangeRequest) -> dict[str, Any]:
    return {
        "number": row.number,
        "title": row.title,
        "state": row.get_state_display(),
        "asked_on": timezone.localdate(row.requested_at),
        "days": row.days_effect,
    }


def _waivers(project: Project, on: dt.date) -> Any:
    rows = Waiver.objects.filter(project=project).in_force(on)
    return rows.select_related("granted_by", "condition").order_by("gate", "expires_on", "pk")


def _waiver(row: Waiver) -> dict[str, Any]:
    return {
        "gate": row.get_gate_display(),
        "what": row.what,
        "reason": row.reason,
        "by": row.granted_by.name,
        "until": row.expires_on,
    }


def _next_gate(review: GateReview, meant: Gate | None) -> dict[str, Any] | None:
    """Return the next review that is planned, else the day that this decision names."""
    rows = review.project.gate_reviews.filter(state=GateState.PLANNED, source="").exclude(pk=review.pk)
    ahead = rows.defer("record").order_by("planned_on", "number").first()
    if ahead is not None:
        return {"gate": ahead.get_gate_display(), "on": ahead.planned_on, "is_expected": False}
    if review.next_gate_on is None or review.decision == GateDecision.STOP:
        return None
    return {"gate": meant.label if meant else "", "on": review.next_gate_on, "is_expected": True}


def _read(record: dict[str, Any]) -> Contents:
    """Return the contents from what is, or would be, frozen."""
    following = record["next_gate"]
    return Contents(
        index=tuple(IndexRow(**{**row, "on": _day(row["on"])}) for row in record["index"]),
        changes=tuple(WaitingChange(**{**row, "asked_on": _day(row["asked_on"])}) for row in record["changes"]),
        waivers=tuple(InForce(**{**row, "until": _day(row["until"])}) for row in record["waivers"]),
        next_gate=NextGate(**{**following, "on": _day(following["on"])}) if following else None,
    )


def _of_before(review: GateReview, record: dict[str, Any]) -> Contents:
    """Return what was frozen before packs had an index: the waivers of the gate, and the day named for the next one.

    Without a waiver of this gate there may have been some of others, so that nothing is said of them.
    """
    gate = review.get_gate_display()
    rows = record["readiness"].get("waivers", [])
    waivers = tuple(InForce(gate, row["what"], row["reason"], row["by"], _day(row["until"])) for row in rows)
    day = _day(record["decision"].get("next_gate_on"))
    return Contents(None, None, waivers or None, NextGate("", day, None) if day else None)


def _day(value: dt.date | str | None) -> dt.date | None:
    return parse_date(value) if isinstance(value, str) else value
