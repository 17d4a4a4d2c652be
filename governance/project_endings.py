"""What the end of a project, or its reopening, does to its planned reviews: by a gate, a page or a script alike."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from governance import gate_notices
from governance.gate_after import call_off_planned
from governance.gate_states import Gate
from pmo.lib.history import moment_kept
from portfolio.models import Project
from portfolio.states import ProjectStatus


def follow_status(sender: Any, *, project: Project, was: str, by: Any, reason: str, **signal: Any) -> None:
    """Call off what a project no longer needs: `portfolio.signals.status_changed` says how its status changed, by whom and why.

    A closed project keeps the reviews of its benefits; where it is reopened, they are counted anew from its next closing.
    """
    if project.status == ProjectStatus.CANCELLED:
        _call_off(project, "The project is cancelled", reason, by=by)
    elif project.status == ProjectStatus.CLOSED:
        _call_off(project, "The project is closed", reason, by=by, but=(Gate.G6,))
    elif was == ProjectStatus.CLOSED:
        said = "The project is reopened, so its benefits are reviewed after the next closing"
        _call_off(project, said, reason, by=by, but=tuple(gate for gate in Gate if gate != Gate.G6))


def _call_off(project: Project, happened: str, reason: str, *, by: Any, but: tuple[Gate, ...] = ()) -> None:
    at = moment_kept() or timezone.now()
    for review in call_off_planned(project, reason=f"{happened}: {reason}", by=by, but=but):
        gate_notices.off(review, at=at)
        gate_notices.called_off(review, by=by, at=at)
