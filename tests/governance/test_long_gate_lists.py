"""Five hundred gates, waivers, conditions and changes: lists ask no more of the database than five do; files hold all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from governance.gate_states import Artefact, Gate
from governance.models import ChangeRequest, Condition, GateReview, Waiver
from portfolio.models import Project
from tests.factories import make_project
from tests.governance.gated import TODAY
from tests.governance.stories import NOON

pytestmark = pytest.mark.django_db
FEW, MANY = 5, 500
PROJECTS = 100
DAY = dt.timedelta(days=1)


@pytest.fixture
def projects(max: Any, sam: Any) -> list[Project]:
    return [
        make_project(code=f"L-{number:03}", project_manager=max, sponsor=sam, governance_class=3) for number in range(PROJECTS)
    ]


def add_gates(projects: list[Project], first: int, last: int, **people: Any) -> None:
    order = list(Gate)
    rows = [
        GateReview(
            project=projects[at % PROJECTS],
            gate=order[at // PROJECTS],
            number=100 + at,
            planned_on=TODAY + DAY * (at % 300 - 10),
            first_planned_on=TODAY + DAY * (at % 300 - 20),
        )
        for at in range(first, last)
    ]
    GateReview.objects.bulk_create(rows)


def add_waivers(projects: list[Project], first: int, last: int, *, pia: Any, **people: Any) -> None:
    rows = [
        Waiver(
            project=projects[at % PROJECTS],
            gate=Gate.G4,
            artefact=Artefact.DEFINITION,
            reason=f"Reason {at}",
            granted_by=pia,
            granted_on=TODAY,
            expires_on=TODAY + DAY * (at % 170),
        )
        for at in range(first, last)
    ]
    Waiver.objects.bulk_create(rows)


def add_conditions(projects: list[Project], first: int, last: int, *, tess: Any, sam: Any, **people: Any) -> None:
    add_gates(projects, 0, 1) if not GateReview.objects.exists() else None
    review = GateReview.objects.first()
    rows = [
        Condition(
            project=projects[at % PROJECTS],
            number=at + 1,
            gate_review=review,
            text=f"Point {at} of the contract is settled.",
            owner=tess,
            verifier=sam,
            due_on=TODAY + DAY * (at % 90 - 30),
            created_at=NOON,
        )
        for at in range(first, last)
    ]
    Condition.objects.bulk_create(rows)


def add_changes(projects: list[Project], first: int, last: int, *, sam: Any, **people: Any) -> None:
    rows = [
        ChangeRequest(
            project=projects[0 if at % 2 else at % PROJECTS],
            number=at + 1,
            title=f"Change {at}",
            requested_by=sam,
            requested_at=NOON,
            days_effect=at % 30,
        )
        for at in range(first, last)
    ]
    ChangeRequest.objects.bulk_create(rows)


LISTS: list[tuple[str, list[str], Callable[..., None]]] = [
    ("gate-list", [], add_gates),
    ("gate-months", [], add_gates),
    ("waiver-list", [], add_waivers),
    ("condition-list", [], add_conditions),
    ("change-list", [], add_changes),
    ("change-room", ["L-000"], add_changes),
]


WITH_FILES = [row for row in LISTS if row[0].endswith("list")]


@pytest.mark.parametrize(("name", "arguments", "add"), LISTS, ids=[name for name, _, _ in LISTS])
def test_five_hundred_rows_ask_no_more_than_five(
    name: str, arguments: list[str], add: Callable[..., None], projects: list[Project], request: Any
) -> None:
    people = {who: request.getfixturevalue(who) for who in ("pia", "tess", "sam")}
    client = Client()
    client.force_login(people["pia"])
    url = reverse(f"governance:{name}", args=arguments)

    def queries() -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url).status_code == 200
        return len(caught)

    add(projects, 0, FEW, **people)
    few = queries()
    add(projects, FEW, MANY, **people)
    assert queries() <= few + 1  # a second page asks how many there are
    assert few < 20


@pytest.mark.parametrize(("name", "arguments", "add"), WITH_FILES, ids=[name for name, _, _ in WITH_FILES])
def test_a_file_holds_every_row(name: str, arguments: list[str], add: Callable[..., None], projects: Any, request: Any) -> None:
    people = {who: request.getfixturevalue(who) for who in ("pia", "tess", "sam")}
    client = Client()
    client.force_login(people["pia"])
    add(projects, 0, MANY, **people)
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(reverse(f"governance:{name}-csv", args=arguments))
        lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == MANY + 1
    assert len(caught) < 20
