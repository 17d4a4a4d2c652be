"""What there is to do at gates in the queue: to prepare and decide, to plan the next one, to renew a waiver before it ends."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse

from governance.asking import AHEAD, Asking, Source, of_project
from governance.gate_authority import BOARD_FROM, with_stage
from governance.gate_next import expected_gates
from governance.gate_states import Gate, GateState
from governance.models import ClassGates, Condition, DeliverableVersion, GateReview, Waiver
from governance.queue_items import Glance, Item
from governance.signing import Signature
from pmo.roles import Role
from portfolio.states import ProjectStatus

MANAGER = "Project manager"


def gates(asking: Asking) -> list[Item]:
    """Return the gates of the next fortnight: the office decides at them, the project’s manager prepares them. One query."""
    written = GateReview.history.filter(id=OuterRef("pk"))  # type: ignore[attr-defined]
    first = written.order_by("history_id").values("history_date")[:1]
    rows = GateReview.objects.filter(state=GateState.PLANNED, planned_on__lte=asking.today + AHEAD)
    if not asking.sees_decisions:
        rows = rows.filter(project__project_manager=asking.person)
    signs = ClassGates.objects.filter(governance_class=OuterRef("project__governance_class")).values("executive_signs")
    # Benefits are looked at after a project was closed; nothing else of a project that is over waits for anybody.
    still = Q(project__status__in=[ProjectStatus.ACTIVE, ProjectStatus.ON_HOLD]) | Q(
        gate=Gate.G6, project__status=ProjectStatus.CLOSED
    )
    rows = rows.filter(still, kind_in_source="")
    rows = rows.defer("record").select_related("project__project_manager")
    rows = with_stage(rows).annotate(put_at=Subquery(first), executive_signs=Subquery(signs))
    return [_gate(row, asking) for row in rows]


def _gate(row: Any, asking: Asking) -> Item:
    project, due_at = row.project, asking.end_of(row.planned_on)
    prepares = _prepares(project, asking)
    # It waits from the day on which it came near, or was planned, whichever is later.
    since = max(due_at - AHEAD, min(row.put_at, asking.at)) if row.put_at else due_at - AHEAD
    return of_project(
        project,
        kind="gate",
        pk=row.pk,
        icon="gate",
        word="Gate",
        number=row.number,
        url=row.get_absolute_url(),
        from_name=project.project_manager.name if project.project_manager and not prepares else "",
        since=min(since, asking.at),
        due_at=due_at,
        waits_for=" or ".join(role.value for role in deciding(row, asking)),
        signature=prepares or _decides(row, asking),
        glance=Glance(sentence=_gate_words(row, asking)),
    )


def deciding(row: Any, asking: Asking) -> tuple[Role, ...]:
    """Return what `gate_authority.deciding_roles` does, without a query; the row knows what its class asks for."""
    if row.executive_signs:
        return (Role.EXECUTIVE,)
    project = row.project
    office = asking.office_role(project, asking.stage_managers(row))
    is_board = project.governance_class >= BOARD_FROM and office == Role.PMO_MANAGER
    return (Role.PMO_MANAGER, Role.EXECUTIVE) if is_board else (office,)


def _decides(row: Any, asking: Asking) -> Signature | None:
    if asking.person.pk in asking.stage_managers(row):
        return None
    return next((asking.own(role.value) for role in deciding(row, asking) if asking.holds(role)), None)


def _prepares(project: Any, asking: Asking) -> Signature | None:
    return asking.own(MANAGER) if asking.person.pk == project.project_manager_id else None


def _gate_words(row: GateReview, asking: Asking) -> str:
    if row.planned_on < asking.today:
        return f"{row.get_gate_display()}: not held when planned; hold it, or move its day"
    prepares = _prepares(row.project, asking)
    return f"{row.get_gate_display()}: {'prepare it' if prepares else 'decide'}"


def next_gates(asking: Asking) -> list[Item]:
    """Return the gates that the last decision named a day for and nobody has planned. One query.

    Plans them the project's manager; where there is none, the office.
    """
    near = GateReview.objects.filter(next_gate_on__lte=asking.today + AHEAD, project__status=ProjectStatus.ACTIVE)
    rows = expected_gates(near)
    if not asking.sees_decisions:
        rows = rows.filter(project__project_manager=asking.person)
    rows = rows.defer("record").select_related("project__project_manager", "decided_by")
    return [_next_gate(row, asking) for row in rows]


def _next_gate(row: Any, asking: Asking) -> Item:
    project, due_at = row.project, asking.end_of(row.next_gate_on)
    manager = project.project_manager
    is_mine = _prepares(project, asking) or (
        asking.own(Role.PMO_MANAGER.value) if manager is None and asking.acts_for_office(project) else None
    )
    return of_project(
        project,
        kind="next_gate",
        pk=row.pk,
        icon="gate",
        word="Gate",
        number=row.number,
        url=reverse("governance:gate-room", args=[project.code]),
        from_name=row.decided_by.name if row.decided_by else "",
        since=_came_near(due_at, row.decided_at),
        due_at=due_at,
        waits_for=manager.name if manager else Role.PMO_MANAGER.value,
        signature=is_mine or None,
        glance=Glance(sentence="Plan the next gate; the last decision named this day"),
    )


def _came_near(due_at: dt.datetime, known_at: dt.datetime | None) -> dt.datetime:
    near = due_at - AHEAD
    return max(near, known_at) if known_at else near


def waivers(asking: Asking) -> list[Item]:
    """Return the waivers about to end while what they waive is still missing. One query.

    The office renews one or lets it end; the project's manager brings what is missing.
    """
    rows = Waiver.objects.in_force(asking.today).filter(expires_on__lte=asking.today + AHEAD)
    rows = rows.filter(_still_missing(asking.today), project__status__in=[ProjectStatus.ACTIVE, ProjectStatus.ON_HOLD])
    if not asking.sees_decisions:
        rows = rows.filter(project__project_manager=asking.person)
    return [_waiver(row, asking) for row in with_stage(rows).select_related("project__project_manager", "granted_by")]


def _still_missing(today: dt.date) -> Q:
    approved = DeliverableVersion.objects.standing().filter(
        deliverable__project=OuterRef("project"), deliverable__kind=OuterRef("artefact")
    )
    overdue = Condition.objects.overdue(today).filter(project=OuterRef("project"))
    return (~Q(artefact="") & ~Exists(approved)) | (Q(artefact="") & Exists(overdue))


def _waiver(row: Any, asking: Asking) -> Item:
    project, due_at = row.project, asking.end_of(row.expires_on)
    brings = _prepares(project, asking)
    managers = asking.stage_managers(row)
    renews = asking.own(asking.office_role(project, managers).value) if asking.acts_for_office(project, managers) else None
    what = row.get_artefact_display() if row.artefact else "overdue conditions"
    to_do = "bring what is missing" if brings else "renew it or let it end"
    return of_project(
        project,
        kind="waiver",
        pk=row.pk,
        icon="gate",
        word="Waiver",
        number=row.pk,
        url=f"{reverse('governance:waiver-list')}?when=soon&q={project.code}",
        from_name=row.granted_by.name,
        since=max(due_at - AHEAD, asking.end_of(row.granted_on)),
        due_at=due_at,
        waits_for=asking.office_role(project, managers).value,
        signature=brings or renews,
        glance=Glance(sentence=f"{row.get_gate_display()}, {what}: {to_do}"),
    )


GATE_SOURCES: tuple[Source, ...] = (gates, next_gates, waivers)
