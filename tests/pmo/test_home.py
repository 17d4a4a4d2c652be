"""The first page of each role: its own work, with empty states that help, at a constant cost."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from governance.auditing import look_at_chain
from governance.due import run_due
from governance.models import SignOff
from governance.periods import Period
from governance.reports import open_period, start_correction
from governance.work import unsettled_reports
from portfolio.models import Project
from tests.factories import make_milestone, make_project
from tests.governance.portfolios import a_standing
from tests.governance.stories import NOON, THURSDAY, WEEK, a_draft, a_finding, a_submitted, an_accepted

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def home(client: Client, person: Any) -> str:
    client.force_login(person)
    answer = client.get("/")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def heading(said: str) -> str:
    return re.findall(r"<h1>(.*?)</h1>", said)[0]


# Who sees which


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("pia", "My queue"),
        ("gina", "My queue"),
        ("max", "My projects"),
        ("audrey", "Audit"),
        ("fay", "Home"),
        ("adam", "Home"),
        ("hugo", "Home"),
        ("tess", "Home"),
        ("olaf", "Home"),
    ],
)
def test_each_role_opens_its_own_page(name: str, title: str, request: Any, client: Client, alpha: Project) -> None:
    assert heading(home(client, request.getfixturevalue(name))) == title


def test_a_stakeholder_opens_the_dashboard(client: Client, stella: Any) -> None:
    client.force_login(stella)
    assert client.get("/")["Location"] == "/portfolio/"


def test_the_manager_of_a_closed_project_has_no_work_list(client: Client, bea: Any) -> None:
    make_project(project_manager=bea, status="closed", phase="closed")
    assert heading(home(client, bea)) == "Home"


# The office


def test_the_queue_holds_what_waits_and_the_cards_beside_it_what_changed(
    client: Client, alpha: Project, beta: Project, pia: Any
) -> None:
    make_milestone(alpha, name="Go-live", is_key=True, baseline_on=THURSDAY - 8 * WEEK, forecast_on=THURSDAY + 4 * WEEK)
    a_submitted(alpha)
    open_period(beta, Period(THURSDAY - WEEK + dt.timedelta(days=1), THURSDAY), at=NOON - 2 * WEEK)
    a_standing("R", was="G", project=make_project(name="Got worse"))
    said = home(client, pia)
    assert "1 item waits for you" in said
    assert f'href="{reverse("governance:review-detail", args=["P-1001", 1, 1])}"' in said
    assert "Ratings in dispute" in said
    assert re.search(r"Ratings in dispute</h2><span class=\"more\"><a [^>]*>1</a>", said)
    said_of_alpha = said.partition("Ratings in dispute")[2].partition("Reports not in")[0]
    assert re.search(r"evidence.*PM", said_of_alpha, re.DOTALL), "what the challenged report says, though none is accepted yet"
    assert re.search(r"Reports not in</h2><span class=\"more\"><a [^>]*>1</a>", said)
    assert "1 of 2 projects are in." in said
    assert "Got worse" in said


def test_an_empty_queue_says_so_and_names_the_next_thing_due(client: Client, alpha: Project, pia: Any) -> None:
    run_due(at=NOON - 3 * WEEK)
    open_period(alpha, Period(THURSDAY + dt.timedelta(days=1), THURSDAY + WEEK), at=NOON)
    said = home(client, pia)
    assert "Nothing waits for you" in said
    assert "Next due: report" in said


def test_the_executive_sees_the_portfolio_on_one_page(client: Client, gina: Any) -> None:
    red = a_standing("R").project
    a_standing("G")
    said = home(client, gina)
    assert "<b>2 projects</b>: 1 on plan, 0 off plan, 1 red, 0 without data." in said
    assert "The portfolio on one page" in said
    assert red.code in said


def test_a_manager_who_has_a_project_of_her_own_is_shown_her_own_reports(client: Client, alpha: Project, pia: Any) -> None:
    alpha.project_manager = pia
    alpha.save()
    a_draft(alpha)
    assert "Your own reports" in home(client, pia)


# The project manager


def test_what_came_back_stands_first_and_is_the_first_action(client: Client, alpha: Project, max: Any, pia: Any) -> None:
    other = make_project(code="P-1009", name="Other", project_manager=max)
    a_draft(other, end_on=THURSDAY - WEEK, at=NOON - WEEK)
    version = a_submitted(alpha)
    a_finding(version, by=pia)
    version.return_for_rework(by=pia, at=NOON + HOUR)
    said = home(client, max)
    assert "2 reports to write: 1 overdue, 1 came back." in said
    edit_url = reverse("governance:report-edit", args=["P-1001", 1])
    assert f'<a class="btn btn--first" href="{edit_url}">Answer the findings in report 1 of P-1001</a>' in said
    assert "Report 1</a> <b>came back</b>" in said


def test_what_is_due_has_its_clock_and_what_waits_is_with_the_office(
    client: Client, alpha: Project, beta: Project, max: Any
) -> None:
    a_submitted(alpha)
    open_period(alpha, Period(THURSDAY + dt.timedelta(days=1), THURSDAY + WEEK), at=NOON)
    said = home(client, max)
    assert "Write report 2" in said
    assert "With the office<span>1</span>" in said
    assert "Wed 25 Nov 17:00" in said  # Thursday is Thanksgiving
    assert beta.name not in said


def test_challenges_wait_for_an_answer_on_the_home_page(client: Client, alpha: Project, max: Any) -> None:
    make_milestone(alpha, name="Go-live", is_key=True, baseline_on=THURSDAY - 8 * WEEK, forecast_on=THURSDAY + 4 * WEEK)
    a_submitted(alpha)
    said = home(client, max)
    assert said.count("Answer it.") == 2
    assert "2 items wait for you" in said


def test_nothing_due_says_so(client: Client, alpha: Project, max: Any, pia: Any) -> None:
    an_accepted(alpha, by=pia)
    said = home(client, max)
    assert "Nothing is due" in said
    assert "Nothing is to be written now." in said


@pytest.mark.parametrize("story", ["none", "draft", "submitted", "returned", "withdrawn", "accepted", "correction", "excused"])
def test_which_reports_are_unsettled(alpha: Project, max: Any, pia: Any, story: str) -> None:
    tell(story, alpha, max, pia)
    found = [(task.state, task.words) for task in unsettled_reports([alpha], NOON + 9 * HOUR)]
    assert (
        found
        == {
            "none": [("", "Write report 1")],
            "draft": [("draft", "Continue report 1")],
            "submitted": [("submitted", "See report 1")],
            "returned": [("returned", "Answer the findings in report 1")],
            "withdrawn": [("withdrawn", "Continue report 1")],
            "accepted": [],
            "correction": [("draft", "Continue report 1")],
            "excused": [],
        }[story]
    )


def tell(story: str, project: Project, max: Any, pia: Any) -> None:
    from governance.reports import excuse

    if story in ("none", "excused"):
        deliverable = open_period(project, Period(THURSDAY - WEEK + dt.timedelta(days=1), THURSDAY), at=NOON)
        if story == "excused":
            excuse(deliverable, by=pia, reason="The team was at the fair.", at=NOON)
    elif story == "draft":
        a_draft(project)
    elif story in ("accepted", "correction"):
        version = an_accepted(project, by=pia)
        if story == "correction":
            start_correction(version, by=max, at=NOON + 3 * HOUR)
    else:
        version = a_submitted(project)
        if story == "returned":
            a_finding(version, by=pia)
            version.return_for_rework(by=pia, at=NOON + HOUR)
        elif story == "withdrawn":
            version.withdraw(by=max, at=NOON + HOUR)


# The auditor and the others


def test_the_auditor_sees_that_the_chain_holds_and_the_last_decisions(
    client: Client, alpha: Project, pia: Any, audrey: Any
) -> None:
    an_accepted(alpha, by=pia)
    said = home(client, audrey)
    assert "<b>It holds.</b> All 2 links were checked just now." in said
    assert "Accepted: report 1" in said


def test_the_auditor_is_told_of_a_broken_chain(client: Client, alpha: Project, pia: Any, audrey: Any) -> None:
    an_accepted(alpha, by=pia)
    SignOff.objects.filter(sequence=1).update(person_name="Somebody Else")
    assert "broken at sign-off 1" in home(client, audrey)


@pytest.mark.parametrize("damage", ["altered", "cut", "removed", "head"])
def test_a_look_at_the_chain_finds_what_the_command_finds(alpha: Project, pia: Any, damage: str) -> None:
    from governance.models import ChainHead
    from governance.signing import verify_chain

    for week in (1, 0):
        an_accepted(alpha, by=pia, at=NOON - week * WEEK, end_on=THURSDAY - week * WEEK)
    assert look_at_chain().holds
    assert look_at_chain(limit=2).checked == 2
    if damage == "altered":
        SignOff.objects.filter(sequence=3).update(role="Nobody")
    elif damage == "cut":
        SignOff.objects.filter(sequence=4).delete()
    elif damage == "removed":
        SignOff.objects.filter(sequence=1).delete()
    else:
        ChainHead.objects.update(sequence=5)
    assert not look_at_chain().holds
    assert verify_chain() is not None


def test_people_without_a_role_are_told_what_would_open_pages(client: Client, olaf: Any) -> None:
    assert "Nothing is assigned to you yet" in home(client, olaf)


def test_a_member_finds_their_projects(client: Client, alpha: Project, tess: Any) -> None:
    said = home(client, tess)
    assert "Your projects" in said
    assert "P-1001 Alpha" in said


# What it costs


@pytest.mark.parametrize("name", ["pia", "gina", "max", "audrey", "tess"])
def test_more_projects_cost_no_more_queries(
    name: str, request: Any, client: Client, alpha: Project, max: Any, pia: Any
) -> None:
    person = request.getfixturevalue(name)
    client.force_login(person)

    def add(count: int) -> None:
        for _ in range(count):
            project = make_project(project_manager=max)
            make_milestone(project, name="Go", is_key=True, baseline_on=THURSDAY - 8 * WEEK, forecast_on=THURSDAY + 4 * WEEK)
            an_accepted(project, by=pia, at=NOON - WEEK, end_on=THURSDAY - WEEK)
            a_submitted(project)
            open_period(project, Period(THURSDAY + dt.timedelta(days=1), THURSDAY + WEEK), at=NOON)

    def queries() -> int:
        client.get("/")
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/").status_code == 200
        return len(caught)

    add(2)
    few = queries()
    add(6)
    assert queries() == few
