"""Short ways to a project at some gate, through the real verbs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from governance import gates
from governance.gate_states import Gate, GateDecision
from governance.gates import Answer, Attendee
from governance.models import GateCriterion, GateReview
from pmo.lib.errors import Refused
from pmo.models import User
from portfolio.models import Project
from tests.factories import make_user
from tests.governance.stories import NOON
from tests.governance.written import an_approved_document, give_sponsor

TODAY = NOON.date()
DAY = dt.timedelta(days=1)


def a_planned(project: Project, gate: str = "G0", *, by: Any = None, on: dt.date = TODAY, at: dt.datetime = NOON) -> GateReview:
    return gates.plan(project, gate, planned_on=on, by=by or project.project_manager, at=at)


def all_met(gate: str, is_met: bool | None = True) -> list[Answer]:
    return [Answer(key, is_met) for key in GateCriterion.objects.filter(gate=gate).values_list("pk", flat=True)]


def a_prepared(project: Project, gate: str = "G0", *, at: dt.datetime = NOON, on: dt.date = TODAY) -> GateReview:
    """Return a planned review with every criterion met and everybody there whom the class asks for, but who signs."""
    review = a_planned(project, gate, on=on, at=at)
    gates.prepare(review, by=project.project_manager, at=at, answers=all_met(gate), attendees=everybody(project))
    return review


def everybody(project: Project) -> list[Attendee]:
    """Return the manager and, as far as the class asks for them, the sponsor and a member of the board."""
    there = [Attendee(person=project.project_manager, capacity="project manager")]
    if project.governance_class >= 2:
        give_sponsor(project)
        there.append(Attendee(person=project.sponsor, capacity="sponsor"))
    if project.governance_class >= 3:
        member = User.objects.filter(name="Mo Board").first() or make_user("Mo Board")
        there.append(Attendee(person=member, capacity="member of the board"))
    return there


def terms(**some: Any) -> dict[str, Any]:
    return {"decision": GateDecision.GO, "rationale": "Everything is there.", "held_on": TODAY, **some}


def a_passed(project: Project, gate: str = "G0", *, by: Any, at: dt.datetime = NOON, **some: Any) -> GateReview:
    review = a_prepared(project, gate, at=at, on=timezone.localdate(at))
    gates.decide(review, by=by, at=at, **terms(held_on=timezone.localdate(at), **some))
    return review


def up_to(project: Project, gate: str, *, by: Any) -> None:
    """Let the project pass every gate before `gate`, with the documents that they ask for."""
    for earlier in Gate:
        if earlier == gate:
            return
        if earlier == Gate.G1:
            an_approved_document(project, "definition", by=by)
        if earlier == Gate.G2 and project.governance_class > 1:
            an_approved_document(project, "execution_plan", by=by)
        if earlier != Gate.G3 and not (earlier == Gate.G2 and project.governance_class == 1):
            a_passed(project, earlier, by=by)


def refusal(act: Any, *arguments: Any, **options: Any) -> str:
    with pytest.raises(Refused) as caught:
        act(*arguments, **options)
    return str(caught.value.code)


def fresh(row: Any) -> Any:
    return type(row)._base_manager.get(pk=row.pk)
