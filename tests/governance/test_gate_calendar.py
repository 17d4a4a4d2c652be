"""The calendar of gates shows the day that a decision named for the next gate, as expected, until somebody plans the review."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from governance import gates
from governance.gate_calendar import Entry, by_month
from governance.gate_tables import calendar_rows
from governance.models import GateReview
from portfolio.models import Project
from tests.factories import make_project
from tests.governance.gated import TODAY, a_passed, a_planned, an_approved_document
from tests.governance.pages import signed_in
from tests.governance.stories import NOON

pytestmark = pytest.mark.django_db
NAMED = dt.date(2027, 1, 14)


@pytest.fixture
def project(max: Any, sam: Any) -> Project:
    return make_project(code="P-3001", project_manager=max, sponsor=sam, governance_class=2, phase="intake")


def an_expecting(project: Project, *, by: Any, gate: str = "G0", **some: Any) -> Project:
    """Let a decision name a day, and call the review off that was planned for it."""
    a_passed(project, gate, by=by, next_gate_on=NAMED, **some)
    for review in project.gate_reviews.filter(state="planned"):
        gates.cancel(review, reason="No room yet", by=by, at=NOON)
    return project


def entries() -> list[Entry]:
    own = GateReview.objects.filter(kind_in_source="").select_related("project")
    return [entry for _, some in by_month(calendar_rows(own, TODAY), own, TODAY) for entry in some]


def expected() -> list[tuple[str, dt.date, str]]:
    return [(entry.project.code, entry.on, entry.what) for entry in entries() if entry.is_expected]


def listed(client: Client, **asked: str) -> str:
    page: str = client.get(reverse("governance:gate-list"), asked).content.decode()
    return page


def test_a_day_that_was_named_and_not_planned_stands_in_its_month_as_expected(project, pia) -> None:
    an_expecting(project, by=pia)
    assert expected() == [("P-3001", NAMED, "G1 Definition")]
    page = signed_in(pia).get(reverse("governance:gate-months")).content.decode()
    month = page[page.index("January 2027") :]
    assert "expected, not planned" in month
    assert "G1 Definition" in month
    assert reverse("governance:gate-room", args=["P-3001"]) in month


def test_after_a_hold_the_same_gate_is_expected(project, pia) -> None:
    an_expecting(project, by=pia, decision="hold")
    assert expected() == [("P-3001", NAMED, "G0 Intake")]


def test_once_it_is_planned_it_is_expected_no_longer(project, pia) -> None:
    an_expecting(project, by=pia)
    a_planned(project, "G1", on=NAMED, by=pia)
    assert expected() == []
    assert [(entry.on, entry.what, entry.state) for entry in entries()][-1] == (NAMED, "G1 Definition", "Planned")


def test_neither_after_a_later_decision_nor_once_the_project_is_over(project, pia) -> None:
    an_expecting(project, by=pia)
    an_approved_document(project, "definition", by=pia)
    a_passed(project, "G1", by=pia)
    assert expected() == []
    other = an_expecting(make_project(project_manager=project.project_manager, governance_class=2, phase="intake"), by=pia)
    assert len(expected()) == 1
    other.cancel(by=pia, reason="No funds")
    assert expected() == []


def test_a_stop_lets_nothing_be_expected(project, pia) -> None:
    an_expecting(project, by=pia, decision="stop")
    assert expected() == []


def test_the_list_says_so_beside_the_decision_and_finds_it(project, pia) -> None:
    an_expecting(project, by=pia)
    other = make_project(code="P-3002", project_manager=project.project_manager, governance_class=2, phase="intake")
    a_passed(other, by=pia, next_gate_on=NAMED)
    client = signed_in(pia)
    assert "G1 14 Jan 2027, expected, not planned" in listed(client)
    found = listed(client, when="expected")
    assert "P-3001" in found
    assert "P-3002" not in found
    text = b"".join(client.get(reverse("governance:gate-list-csv")).streaming_content).decode()
    assert "G1 14 Jan 2027, expected, not planned" in text


def test_whoever_does_not_see_the_project_sees_nothing_expected_of_it(project, pia, tess) -> None:
    own = make_project(code="P-3002", project_manager=project.project_manager, governance_class=2, phase="intake")
    own.memberships.create(user=tess, role="member")
    an_expecting(project, by=pia)
    page = signed_in(tess).get(reverse("governance:gate-months")).content.decode()
    assert "P-3001" not in page


@pytest.mark.parametrize("name", ["gate-list", "gate-months"])
def test_many_expected_gates_cost_no_more_queries_than_one(name: str, pia: Any, max: Any) -> None:
    client, url = signed_in(pia), reverse(f"governance:{name}")

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert b"expected, not planned" in client.get(url).content
        return len(asked)

    an_expecting(make_project(project_manager=max, governance_class=1, phase="intake"), by=pia)
    client.get(url)
    few = cost()
    for _ in range(4):
        an_expecting(make_project(project_manager=max, governance_class=1, phase="intake"), by=pia)
    assert cost() == few
