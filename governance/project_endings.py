"""Ending a project beside its gates: cancelling it, with a reason, calls its planned reviews off."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from governance.gate_after import call_off_planned
from portfolio.models import Project


@transaction.atomic
def cancel_project(project: Project, *, by: Any, reason: str) -> None:
    """Cancel a project and what was planned for it. Raises Refused as `Project.cancel` does."""
    project.cancel(by=by, reason=reason)
    call_off_planned(project, reason="The project is cancelled.", by=by)
