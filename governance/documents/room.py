"""The room of a project's deliverables: one line for each kind, what state it is in, and what comes next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from governance.documents.access import DocumentAccess, slug_of
from governance.documents.content import content_of
from governance.documents.reading import progress_of
from governance.gate_states import GateState
from governance.kinds import KINDS
from governance.models import Deliverable, DeliverableVersion
from governance.models.templates import DOCUMENT_KINDS
from governance.states import STANDING_STATES, Kind, VersionState
from portfolio.models import Project

S = VersionState


@dataclass(frozen=True)
class RoomLine:
    """One kind of deliverable of a project: where it stands, and the next step of this person (words and address)."""

    kind: Kind
    url: str = ""
    state: str = ""
    chip: str = ""
    version: str = ""
    standing: str = ""
    progress: str = ""
    step: str = ""
    step_url: str = ""
    step_is_post: bool = False
    due_at: dt.datetime | None = None
    is_late: bool = False
    is_available: bool = True

    @property
    def label(self) -> str:
        return self.kind.label


def room_lines(project: Project, user: Any, at: dt.datetime) -> list[RoomLine]:
    """Return one line for each of the six kinds, in their order."""
    seen = set(DeliverableVersion.objects.filter(deliverable__project=project).visible_to(user).values_list("pk", flat=True))
    return [_line(kind, project, user, seen, at) for kind in Kind]


def _line(kind: Kind, project: Project, user: Any, seen: set[int], at: dt.datetime) -> RoomLine:
    if kind not in KINDS:
        return RoomLine(kind, state="Not available yet", is_available=False)
    if kind in DOCUMENT_KINDS:
        return _document_line(DocumentAccess(user, project, kind), seen, at)
    return _report_line(project, at)


def _document_line(access: DocumentAccess, seen: set[int], at: dt.datetime) -> RoomLine:
    kind, version = access.kind, access.newest
    slug = slug_of(kind)
    url = reverse("governance:document-detail", args=[access.project.code, slug])
    if version is None:
        begin = reverse("governance:document-begin", args=[access.project.code, slug]) if access.can_send else ""
        return RoomLine(kind, url, "Not begun", step="Begin" if begin else "", step_url=begin)
    is_read = version.pk in seen
    words, step_url = _next_step(access, version) if is_read else ("", "")
    due = version.review_due_at if version.is_waiting else None
    return RoomLine(
        kind,
        url,
        state_words(version),
        chip_of(version),
        version=version.label if is_read else "",
        standing=_standing_label(access, version),
        progress=progress_of(content_of(version.document)).words if is_read and version.state == S.DRAFT else "",  # type: ignore[arg-type]
        step=words,
        step_url=step_url,
        due_at=due,
        is_late=bool(due and due < at),
    )


def next_gate_url(project: Project) -> str:
    """Return where the next gate of a project is decided, or its gates where none is planned. One query."""
    planned = project.gate_reviews.filter(state=GateState.PLANNED).order_by("planned_on").first()
    return planned.get_absolute_url() if planned else reverse("governance:gate-room", args=[project.code])


def state_words(version: DeliverableVersion) -> str:
    return str(version.get_state_display())


def chip_of(version: DeliverableVersion) -> str:
    if version.state in STANDING_STATES:
        return "plain"
    return "on" if version.is_waiting else "bold" if version.state in (S.RETURNED, S.REJECTED) else ""


def _standing_label(access: DocumentAccess, newest: DeliverableVersion) -> str:
    """Return the label of the approved version beside a newer one. One query where the newest does not stand itself."""
    if newest.is_standing:
        return ""
    rows = DeliverableVersion.objects.filter(deliverable_id=newest.deliverable_id).standing().select_related("deliverable")
    found = rows.first()
    return found.label if found else ""


def _next_step(access: DocumentAccess, version: DeliverableVersion) -> tuple[str, str]:
    where = [access.project.code, slug_of(access.kind)]
    if version.state == S.DRAFT and access.can_write:
        return "Continue", reverse("governance:document-edit", args=where)
    if version.state in (S.RETURNED, S.WITHDRAWN, S.REJECTED) and access.can_send:
        return "Begin the next version", reverse("governance:document-begin", args=where)
    return "Read", reverse("governance:document-detail", args=where)


def _report_line(project: Project, at: dt.datetime) -> RoomLine:
    newest = Deliverable.objects.reports().filter(project=project).first()
    url = reverse("governance:report-list", args=[project.code])
    if newest is None:
        return RoomLine(Kind.STATUS_REPORT, url, "Not begun", step="Open", step_url=url)
    state = "Excused" if newest.excused_at else "In" if newest.first_submitted_at else "Not in yet"
    due = None if newest.first_submitted_at or newest.excused_at else newest.due_at
    return RoomLine(
        Kind.STATUS_REPORT,
        url,
        state,
        version=f"Report {newest.number}",
        step="Open",
        step_url=url,
        due_at=due,
        is_late=bool(due and due < at),
    )
