"""Who must sit at a gate: the body of the project's class, its quorum, the sponsor. Only people with an account count."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from governance.class_gates import class_gates
from governance.models import ClassGates
from governance.readiness import Readiness
from pmo.lib import words
from pmo.lib.errors import Refused
from portfolio.models import Project


def still_missing(project: Project, body: ClassGates, present: Iterable[int | None], signer: Any = None) -> tuple[str, ...]:
    """Return in sentences who is still missing at a review; `present` are the keys of the accounts on its list.

    Whoever signs is there. The project's manager is heard, and sits in no body that decides on the project.
    """
    there = {key for key in (*present, getattr(signer, "pk", None)) if key is not None} - {project.project_manager_id}
    found = []
    if body.needs_sponsor and project.sponsor is None:
        found.append("The project has no sponsor. Name one on the page of the project.")
    elif body.needs_sponsor and project.sponsor_id not in there:
        found.append(f"The sponsor, {project.sponsor}, is not on the list.")
    if (short := body.quorum - len(there)) > 0:
        more = words.count(short, "more person", "more people")
        found.append(f"{body.body}: {body.quorum} people are a quorum, so {more} with an account must be there.")
    return tuple(found)


def require_body(project: Project, present: Iterable[int | None], signer: Any) -> None:
    """Raise Refused(`body_incomplete`) unless the body of the class can decide. One query."""
    if missing := still_missing(project, class_gates(project.governance_class), present, signer):
        raise Refused(" ".join(missing), "body_incomplete")


def require_other_giver(readiness: Readiness, by: Any) -> None:
    """Raise Refused(`own_waiver`) where `by` would pass the gate by a waiver of their own."""
    if any(waiver.granted_by_id == by.pk for waiver in readiness.relied_on):
        raise Refused(
            "This Go would rest on a waiver that you granted. Somebody else decides, or another person grants the waiver.",
            "own_waiver",
        )
