"""Separation of duties: who may decide on a version, and in whose place. The verbs ask it, so shell and scripts obey it too."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from governance.signing import Signature
from pmo.lib.errors import Refused
from pmo.roles import Role

if TYPE_CHECKING:
    from governance.models import DeliverableVersion


def deciding_role(version: DeliverableVersion) -> Role:
    """Return the role that decides: the PMO manager, or the executive where the office would decide on its own work."""
    project = version.deliverable.project
    own = [person for person in (project.project_manager, version.author, version.submitted_by) if person is not None]
    return Role.EXECUTIVE if any(person.has_role(Role.PMO_MANAGER) for person in own) else Role.PMO_MANAGER


def authority(version: DeliverableVersion, by: Any, on: dt.date) -> Signature:
    """Return in which role, and for whom, `by` may decide on `version` on day `on`.

    Raises Refused: `own_work` for author and submitter, `own_project` for the project's manager, `not_reviewer` for anyone else
    who neither holds the role nor a delegation of it.
    """
    if by.pk in {version.author_id, version.submitted_by_id}:
        raise Refused("You wrote or submitted this yourself. Somebody else decides on it.", "own_work")
    if by.pk == version.deliverable.project.project_manager_id:
        raise Refused("You manage this project. Somebody else decides on its deliverables.", "own_project")
    role = deciding_role(version)
    if by.has_role(role):
        return Signature(by, role.value)
    delegator = _delegator_for(version, by, role, on)
    if delegator is None:
        who = "executive" if role == Role.EXECUTIVE else "PMO manager"
        raise Refused(
            f"This waits for the {who}. Ask for a delegation if you are to stand in.",
            "not_reviewer",
        )
    return Signature(by, role.value, acting_for=delegator)


def _delegator_for(version: DeliverableVersion, by: Any, role: Role, on: dt.date) -> Any:
    """Return who has delegated to `by`: an active holder of the role, for this kind and class, who may decide it themself."""
    barred = {version.author_id, version.submitted_by_id, version.deliverable.project.project_manager_id}
    held = (
        by.delegations_held.active(on)
        .filter(highest_class__gte=version.deliverable.project.governance_class)
        .select_related("delegator")
    )
    for delegation in held:
        holder = delegation.delegator
        # A delegation carries the delegator's own prohibitions: nobody passes on what they may not do.
        if version.deliverable.kind in delegation.kinds and holder.has_role(role) and holder.pk not in barred:
            return holder
    return None


def may_decide(version: DeliverableVersion, by: Any, on: dt.date) -> bool:
    try:
        authority(version, by, on)
    except Refused:
        return False
    return True


def require_writer(version: DeliverableVersion, by: Any) -> None:
    """Raise Refused(`not_writer`) unless `by` is the project's manager, the author, or the PMO manager."""
    project = version.deliverable.project
    if by.pk not in {project.project_manager_id, version.author_id} and not by.has_role(Role.PMO_MANAGER):
        raise Refused("Only the project manager, the author or the PMO manager writes this.", "not_writer")


def writing_role(version: DeliverableVersion, by: Any) -> str:
    return (
        "Project manager"
        if by.pk == version.deliverable.project.project_manager_id
        else Role.PMO_MANAGER.value
        if by.has_role(Role.PMO_MANAGER)
        else "Author"
    )
