"""What is said of a version beside its sections: what it changes, its basis, which change request it carries out.

A version that carries out an approved change request becomes the next whole number, and may change what was agreed.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from governance.change_states import ChangeState
from governance.models import ChangeRequest, DeliverableVersion
from governance.separation import require_writer
from governance.states import STANDING_STATES, VersionState
from pmo.lib.errors import Refused
from pmo.lib.history import save_as
from pmo.lib.storable import storable
from portfolio.models import Project

EVER_APPROVED = (*STANDING_STATES, VersionState.SUPERSEDED)


def changes_to_carry_out(project: Project, kind: str) -> Any:
    """Return the approved change requests of a project that no approved version of this document has carried out yet."""
    done = DeliverableVersion.objects.filter(
        deliverable__project=project, deliverable__kind=kind, state__in=EVER_APPROVED, change_request__isnull=False
    )
    rows = ChangeRequest.objects.approved().filter(project=project)
    return rows.exclude(pk__in=done.values("change_request")).order_by("number")


def is_approved_for(version: DeliverableVersion) -> bool:
    """Return whether the version carries out a change request of its own project that was approved."""
    change = version.change_request
    return change is not None and change.state == ChangeState.APPROVED and change.project_id == version.deliverable.project_id


def set_change(version: DeliverableVersion, change: ChangeRequest | None) -> None:
    """Let an unsaved version, or a draft, carry out `change`. Raises Refused(`change_not_approved`)."""
    deliverable = version.deliverable
    if change is not None and not changes_to_carry_out(deliverable.project, deliverable.kind).filter(pk=change.pk).exists():
        raise Refused(
            "Only an approved change request of this project that the document has not carried out yet can be chosen.",
            "change_not_approved",
        )
    version.change_request, version.is_major_change = change, change is not None


def describe(
    version: DeliverableVersion, *, by: Any, change_summary: str, change: ChangeRequest | None, basis: str | None = None
) -> None:
    """Keep what a draft says of itself; `basis` None leaves that as it is. Raises Refused.

    `not_writer`, `not_draft`, `change_not_approved`, `basis_missing`.
    """
    require_writer(version, by)
    with transaction.atomic():
        fresh = DeliverableVersion.objects.select_for_update().get(pk=version.pk)
        if fresh.state != VersionState.DRAFT:
            raise Refused("This version was submitted; what it says does not change any more.", "not_draft")
        set_change(fresh, change)
        fresh.change_summary = storable(change_summary).strip()
        if basis is not None:
            fresh.basis = storable(basis).strip() or _kept(fresh)
        fields = ["change_request", "is_major_change", "change_summary", "basis"]
        save_as(fresh, by=by, fields=fields, reason="described")
    for name in fields:
        setattr(version, name, getattr(fresh, name))


def _kept(version: DeliverableVersion) -> str:
    if version.basis:
        raise Refused("Say what is new in the basis of this version: the one before was rejected.", "basis_missing")
    return ""


def basis_record(version: DeliverableVersion) -> dict[str, str]:
    """Return what is frozen of the new basis of a submission that follows a rejected one; else nothing."""
    return {"basis": version.basis} if version.basis else {}


def change_record(version: DeliverableVersion) -> dict[str, Any]:
    """Return what is frozen of the change request that a version carries out; nothing where it carries out none."""
    change = version.change_request
    return {"change": {"code": change.code, "title": change.title}} if change else {}
