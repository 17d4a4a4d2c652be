"""Readiness for a gate: how each artefact stands, what blocks and what does not, and what it costs."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance import gates
from governance.readiness import Standing, readiness_of
from portfolio.models import Project
from tests.factories import make_project
from tests.governance.gated import DAY, TODAY, a_prepared, terms
from tests.governance.stories import NOON
from tests.governance.written import a_condition, a_document, an_approved_document, review_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(max, sam) -> Project:
    return make_project(code="P-3001", project_manager=max, sponsor=sam, governance_class=2, phase="intake")


def test_readiness_says_how_each_artefact_stands(project, pia) -> None:
    states = {line.artefact: line.standing for line in readiness_of(project, "G2", TODAY).artefacts}
    assert states == {
        "definition": Standing.MISSING,
        "execution_plan": Standing.MISSING,
        "schedule": Standing.NOT_YET,
        "budget": Standing.NOT_YET,
        "resource_plan": Standing.NOT_YET,
    }
    version = a_document(project)
    assert readiness_of(project, "G1", TODAY).artefacts[0].standing == Standing.DRAFT
    version.submit(by=project.project_manager, at=NOON)
    assert readiness_of(project, "G1", TODAY).artefacts[0].standing == Standing.IN_REVIEW
    review_all(version, by=pia, at=NOON)
    version.approve(by=pia, at=NOON, terms={})
    line = readiness_of(project, "G1", TODAY).artefacts[0]
    assert (line.standing, line.blocks) == (Standing.APPROVED, False)


def test_what_does_not_exist_yet_blocks_nothing(project) -> None:
    readiness = readiness_of(project, "G2", TODAY)
    blocking = {line.artefact for line in readiness.artefacts if line.blocks}
    assert blocking == {"definition", "execution_plan"}
    assert len(readiness.blockers) == 2
    assert len(readiness.to_do) == 2 + 2 + 1


def test_status_reports_that_are_not_in_block_go_live(project, pia) -> None:
    from governance.clock import Office
    from governance.periods import period_ending
    from governance.reports import open_period

    office = Office.load(2)
    deliverable = open_period(project, period_ending(dt.date(2026, 11, 12), 2, office.rules), at=NOON - 7 * DAY, office=office)
    readiness = readiness_of(project, "G4", TODAY)
    assert readiness.reports.missing == 1
    assert any(line.standing == Standing.NOT_IN and line.blocks for line in readiness.artefacts)
    deliverable.excused_at = NOON
    deliverable.save()
    assert readiness_of(project, "G4", TODAY).reports.due == 0


def test_readiness_costs_the_same_however_much_there_is(project, pia, max, sam) -> None:
    with CaptureQueriesContext(connection) as before:
        readiness_of(project, "G2", TODAY).to_do  # noqa: B018
    given = [a_condition(max, sam) for _ in range(4)]
    gates.decide(a_prepared(project), by=pia, at=NOON, **terms(decision="conditional", conditions=given))
    an_approved_document(project, by=pia)
    a_prepared(project, "G2")
    with CaptureQueriesContext(connection) as after:
        readiness_of(project, "G2", TODAY).to_do  # noqa: B018
    assert len(after) <= len(before) + 1
    assert len(after) <= 12
