"""The next gate in one line: it counts what the readiness page lists, in one query."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from governance import gates
from governance.class_gates import paths
from governance.condition_terms import put_conditions
from governance.gate_next import NextGate, gate_after, next_gate_of, with_next_gate
from governance.gate_states import Gate
from governance.gates import Answer
from governance.models import Condition, GateCriterion
from governance.readiness import readiness_of
from governance.waivers import grant_waiver
from portfolio.models import Project
from portfolio.states import Phase
from tests.factories import make_project
from tests.governance.gated import TODAY, a_passed, a_planned
from tests.governance.stories import NOON
from tests.governance.written import a_condition, an_approved_document

pytestmark = pytest.mark.django_db


def read(project: Project) -> NextGate | None:
    return next_gate_of(with_next_gate(Project.objects.all()).get(pk=project.pk), TODAY)


def as_listed(project: Project, gate: str) -> tuple[int, int]:
    return readiness_of(Project.objects.get(pk=project.pk), gate, TODAY).in_place


@pytest.fixture
def project(max: Any, pia: Any) -> Project:
    project = make_project(code="P1", project_manager=max, governance_class=3, phase="intake")
    a_passed(project, by=pia)
    project.refresh_from_db()
    return project


def test_it_counts_what_the_readiness_page_lists(project: Project, max: Any, pia: Any) -> None:
    review = a_planned(project, "G1", on=TODAY + dt.timedelta(days=5))

    def counted() -> tuple[int, int]:
        found = read(project)
        assert found is not None
        assert (found.gate, found.planned_on, found.url) == (Gate.G1, review.planned_on, review.get_absolute_url())
        assert (found.in_place, found.asked) == as_listed(project, "G1")
        return found.in_place, found.asked

    begun = counted()
    key = GateCriterion.objects.filter(gate="G1").first().pk
    gates.prepare(review, by=max, at=NOON, answers=[Answer(key, False)])
    assert counted() == (begun[0] + 1, begun[1])
    GateCriterion.objects.filter(pk=key).update(is_active=False)
    assert counted() == (begun[0] + 1, begun[1])
    an_approved_document(project, "definition", by=pia)
    assert counted() == (begun[0] + 2, begun[1])


def test_a_waiver_counts_and_an_overdue_condition_is_missed(project: Project, pia: Any, max: Any, tess: Any) -> None:
    a_planned(project, "G1", on=TODAY + dt.timedelta(days=5))
    before = read(project)
    until = TODAY + dt.timedelta(days=30)
    grant_waiver(project, gate="G1", artefact="definition", reason="Law.", expires_on=until, by=pia, at=NOON)
    waived = read(project)
    assert before is not None
    assert waived is not None
    assert waived.in_place == before.in_place + 1
    first = project.gate_reviews.first()
    put_conditions([a_condition(max, tess)], project=project, gate_review=first, by=pia, at=NOON)
    Condition.objects.filter(project=project).update(due_on=TODAY - dt.timedelta(days=1))
    late = read(project)
    assert late is not None
    assert (late.in_place, late.asked) == (before.in_place, before.asked) == as_listed(project, "G1")
    grant_waiver(project, gate="G1", condition=Condition.objects.get(), reason="Law.", expires_on=until, by=pia, at=NOON)
    assert read(project) == waived


def test_a_gate_that_nobody_planned_is_named_and_not_counted(project: Project) -> None:
    found = read(project)
    assert found is not None
    assert (found.gate, found.planned_on, found.asked) == (Gate.G1, None, 0)


def test_a_project_that_is_over_has_no_next_gate() -> None:
    assert read(make_project(code="P2", phase="closed", status="closed")) is None


@pytest.mark.parametrize(
    ("phase", "number", "gate"),
    [
        (Phase.INTAKE, 1, Gate.G0),
        (Phase.DEFINITION, 3, Gate.G1),
        (Phase.PLANNING, 3, Gate.G2),
        (Phase.PLANNING, 1, Gate.G4),
        (Phase.PROCUREMENT, 3, Gate.G3),
        (Phase.BUILD, 3, Gate.G4),
        (Phase.TEST, 2, Gate.G4),
        (Phase.ROLLOUT, 4, Gate.G5),
        (Phase.CLOSED, 4, None),
    ],
)
def test_the_phase_tells_which_gate_leads_on(phase: Phase, number: int, gate: Gate | None) -> None:
    assert gate_after(phase, paths()[number]) == gate


def test_the_overview_shows_it(project: Project, max: Any) -> None:
    client = Client()
    client.force_login(max)
    assert "gate, not planned yet" in client.get("/projects/P1/").content.decode()
    a_planned(project, "G1", on=TODAY + dt.timedelta(days=5))
    page = client.get("/projects/P1/").content.decode()
    asked = as_listed(project, "G1")
    assert f"gate, {asked[0]} of {asked[1]} in place" in page
