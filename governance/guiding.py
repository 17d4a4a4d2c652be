"""Guidance on a project: written by the office or a peer, read and answered by the project's manager."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from governance import policy_notices
from governance.models import Deliverable, GuidanceNote
from governance.policy_states import OUTCOMES, GuidanceKind, GuidanceState
from pmo.lib.errors import Refused
from pmo.lib.history import save_as
from pmo.lib.transitions import move
from pmo.roles import Role
from portfolio.models import Project
from portfolio.models.projects import manages_any_project


def may_guide(project: Project, person: Any) -> bool:
    """Say whether `person` may write guidance on `project`: the office, and other project managers as peers."""
    is_own = project.project_manager_id == person.pk
    return not is_own and bool(person.has_role(Role.PMO_MANAGER, Role.EXECUTIVE) or manages_any_project(person))


def may_answer(note: GuidanceNote, person: Any) -> bool:
    return bool(note.project.project_manager_id == person.pk)


def write(
    project: Project,
    *,
    by: Any,
    at: dt.datetime,
    kind: str,
    subject: str,
    text: str,
    for_whom: Any = None,
    deliverable: Deliverable | None = None,
) -> GuidanceNote:
    """Write guidance and tell the project's manager. Raises Refused.

    `own_project`, `not_adviser`, `no_manager`, `kind_missing`, `text_missing`, `other_project`.
    """
    _require_adviser(project, by)
    if kind not in GuidanceKind.values:
        raise Refused("Choose: technical or analytical guidance.", "kind_missing")
    if not subject.strip() or not text.strip():
        raise Refused("Write what it is about and what you advise.", "text_missing")
    if deliverable is not None and deliverable.project_id != project.pk:
        raise Refused("The deliverable belongs to another project.", "other_project")
    note = GuidanceNote(
        project=project,
        deliverable=deliverable,
        kind=kind,
        subject=subject.strip(),
        text=text.strip(),
        for_whom=for_whom,
        written_by=by,
        written_at=at,
    )
    with transaction.atomic():
        save_as(note, by=by, reason="written")
        policy_notices.guided(note, at=at)
    return note


def _require_adviser(project: Project, by: Any) -> None:
    if project.project_manager_id == by.pk:
        raise Refused("This is your own project. Guidance comes from the office or from a peer.", "own_project")
    if not may_guide(project, by):
        raise Refused("The PMO manager, executives and project managers write guidance.", "not_adviser")
    if project.project_manager_id is None:
        raise Refused("The project has no manager who could take it up. Name one first.", "no_manager")


@transaction.atomic
def mark_read(note: GuidanceNote, *, by: Any, at: dt.datetime) -> None:
    """Say that the project's manager has read it. Raises Refused: `not_project_manager`, `already_read`."""
    _manager(note, by)
    move(
        note,
        sources=[GuidanceState.OPEN],
        target=GuidanceState.READ,
        refusal="This guidance was read already.",
        code="already_read",
        read_by=by,
        read_at=at,
    )
    save_as(note, by=by, fields=["state"], reason="read")


@transaction.atomic
def settle(note: GuidanceNote, *, by: Any, at: dt.datetime, outcome: str, answer: str) -> None:
    """Say what was done with it. Raises Refused.

    `not_project_manager`, `outcome_missing`, `answer_missing`, `already_settled`.
    """
    _manager(note, by)
    if outcome not in OUTCOMES:
        raise Refused("Choose: taken up, or not taken up.", "outcome_missing")
    if not answer.strip():
        raise Refused("Write what was done, or why it was not taken up.", "answer_missing")
    first_read = {} if note.read_at else {"read_by": by, "read_at": at}
    move(
        note,
        sources=[GuidanceState.OPEN, GuidanceState.READ],
        target=outcome,
        refusal="This guidance was answered already.",
        code="already_settled",
        answer=answer.strip(),
        settled_by=by,
        settled_at=at,
        **first_read,
    )
    save_as(note, by=by, fields=["state"], reason=str(GuidanceState(outcome).label))
    policy_notices.guidance_settled(note, at=at)


def _manager(note: GuidanceNote, by: Any) -> None:
    if not may_answer(note, by):
        raise Refused("The project manager answers guidance.", "not_project_manager")
