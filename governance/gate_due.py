"""What the clock does at the gates: opens a finding for a gate not held and a waiver run out, and warns before one runs out."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q

from governance import gate_notices
from governance.compliance import due_to_mend, open_finding
from governance.document_states import ConditionState
from governance.gate_deciding import late_key
from governance.gate_states import KIND_OF, Artefact, ComplianceRule, GateState
from governance.models import ComplianceFinding, DeliverableVersion, GateReview, Waiver
from governance.periods import WEEK
from pmo.lib import words
from portfolio.models import Project
from portfolio.states import ProjectStatus

#: How long before its end a waiver is announced.
WARNING = dt.timedelta(days=14)
#: After a downtime of so long the reminder of a gate is still sent; later it would say nothing that is not known.
CATCH_UP = dt.timedelta(days=2)


def open_late_gates(at: dt.datetime, today: dt.date) -> int:
    """Open a finding for each planned review whose day is over, once. Two queries and what is new."""
    rows = GateReview.objects.filter(
        state=GateState.PLANNED, source="", planned_on__lt=today, project__status=ProjectStatus.ACTIVE
    )
    reviews = {late_key(row): row for row in rows.select_related("project__project_manager").defer("record")}
    new = _new(reviews)
    for key, review in new:
        planned = words.day_without_weekday(review.planned_on)
        sentence = f"{review.get_gate_display()} was planned for {planned} and was not held."
        _open(key, ComplianceRule.GATE_LATE, review.project, sentence, at=at, today=today)
        gate_notices.late(review, at=at)
    return len(new)


def remind_of_gates(at: dt.datetime, today: dt.date) -> int:
    """Remind of each gate a week before its day and on the day; the notice's key lets nobody be told twice."""
    rows = GateReview.objects.filter(state=GateState.PLANNED, kind_in_source="", project__status=ProjectStatus.ACTIVE)
    near = rows.filter(Q(planned_on=today) | Q(planned_on__range=(today + WEEK - CATCH_UP, today + WEEK)))
    told = 0
    for row in near.select_related("project__project_manager").defer("record"):
        tell = gate_notices.today if row.planned_on == today else gate_notices.soon
        told += tell(row, at=at)
    return told


def open_expired_waivers(at: dt.datetime, today: dt.date) -> int:
    """Open a finding for each waiver that ran out while what it waived is still not approved, once."""
    rows = Waiver.objects.filter(revoked_at=None, expires_on__lt=today).select_related("project__project_manager", "condition")
    waivers = {f"waiver-expired-{row.pk}": row for row in rows}
    opened = 0
    for key, waiver in _new(waivers):
        if not _is_mended(waiver):
            what = waiver.what
            ended = words.day_without_weekday(waiver.expires_on)
            sentence = f"{what}: the waiver for {waiver.get_gate_display()} ended {ended}, and it is still open."
            _open(key, ComplianceRule.WAIVER_EXPIRED, waiver.project, sentence, at=at, today=today)
            gate_notices.waiver_ended(waiver, at=at)
            opened += 1
    return opened


def warn_of_waivers(at: dt.datetime, today: dt.date) -> int:
    """Announce each waiver that ends within two weeks; the notice's key lets nobody be told twice."""
    rows = Waiver.objects.filter(revoked_at=None, expires_on__range=(today, today + WARNING))
    return sum(gate_notices.waiver_ends(row, at=at) for row in rows.select_related("project__project_manager"))


def _is_mended(waiver: Waiver) -> bool:
    if waiver.condition:
        return waiver.condition.state == ConditionState.CLOSED or waiver.condition.due_on >= waiver.expires_on
    if not waiver.artefact:
        return not waiver.project.conditions.unsettled().filter(due_on__lt=waiver.expires_on).exists()
    kind = KIND_OF[Artefact(waiver.artefact)]
    return DeliverableVersion.objects.standing().filter(deliverable__project=waiver.project, deliverable__kind=kind).exists()


def _new(rows: dict[str, Any]) -> list[tuple[str, Any]]:
    known = set(ComplianceFinding.objects.filter(key__in=list(rows)).values_list("key", flat=True))
    return [(key, row) for key, row in rows.items() if key not in known]


def _open(key: str, rule: ComplianceRule, project: Project, sentence: str, *, at: dt.datetime, today: dt.date) -> None:
    due_on = due_to_mend(today)
    open_finding(project, rule, key, sentence, at=at, owner=project.project_manager, due_on=due_on)
