"""The overview of a project: what each reader sees of it, its next step, and what it costs."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from governance.condition_terms import put_conditions
from governance.models import Condition
from governance.open_conditions import open_conditions_of
from pmo.lib import words
from portfolio.models import Project
from tests.factories import make_decision, make_issue, make_milestone, make_project, make_risk
from tests.governance.portfolios import a_standing
from tests.governance.stories import (
    NOON,
    THURSDAY,
    WEEK,
    a_draft,
    a_finding,
    a_submitted,
    agreed_terms,
    all_letters,
    an_accepted,
)
from tests.governance.written import a_condition, a_submitted_document

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
YELLOW = {"pm_letter": "Y", "reason": "The interface is a week late."}


def overview(client: Client, person: Any, code: str = "P-1001") -> str:
    client.force_login(person)
    answer = client.get(f"/projects/{code}/")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def buttons(said: str) -> list[str]:
    actions = re.findall(r'<div class="actions">(.*?)</div>', said)[0]
    return re.findall(r"<a [^>]*>([^<]*)", actions)


def card(said: str, title: str) -> str:
    return re.findall(f"<h2>{title}</h2>(.*?)</section>", said)[0]


@pytest.fixture
def full(alpha: Project) -> Project:
    """Return ALPHA with dates, money and registers."""
    today = timezone.localdate()
    alpha.start_on, alpha.original_finish_on = today - dt.timedelta(days=400), today
    alpha.baseline_finish_on, alpha.forecast_finish_on, alpha.baseline_number = today + 10 * WEEK, today + 13 * WEEK, 2
    alpha.budget_amount, alpha.spent_amount = Decimal(8_420_000), Decimal(5_120_000)
    alpha.committed_amount, alpha.forecast_amount = Decimal(1_860_000), Decimal(8_960_000)
    alpha.save()
    for weeks in range(5):
        make_milestone(alpha, name=f"Step {weeks}", baseline_on=today + weeks * WEEK, forecast_on=today + (weeks + 2) * WEEK)
    for impact in (5, 4, 3, 2):
        make_risk(alpha, title=f"Risk of {impact}", impact=impact)
    make_decision(alpha, title="Release the contingency", needed_by_on=today - dt.timedelta(days=1))
    return alpha


def test_the_first_screenful_says_where_it_stands(client: Client, full: Project, max: Any, pia: Any) -> None:
    an_accepted(full, by=pia, ratings=all_letters(overall=YELLOW, schedule=YELLOW))
    said = overview(client, max)
    for part in ("Replace the paper form.", "Re-baselined twice.", "$0.54 M over", "(6.4 %)", "against baseline 2"):
        assert part in said
    steps, risks = card(said, "Next gate and milestones"), card(said, "Top risks")
    assert re.findall(r"Step \d", steps) == ["Step 0", "Step 1", "Step 2"]
    assert re.findall(r"Risk of \d", risks) == ["Risk of 5", "Risk of 4", "Risk of 3"]
    assert "All 4" in said
    assert "overdue</span>" in said
    assert said.count('class="strip"') == 7


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("pia", True),
        ("gina", True),
        ("audrey", True),
        ("fay", True),
        ("max", True),
        ("bea", False),
        ("tess", False),
        ("sam", False),
    ],
)
def test_money_is_for_those_who_may_see_it(
    name: str, sees: bool, request: Any, client: Client, full: Project, beta: Project
) -> None:
    said = overview(client, request.getfixturevalue(name))
    assert ("$8.42 M" in said) is sees
    assert ("<h2>Money</h2>" in said) is sees


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("pia", True),
        ("gina", True),
        ("audrey", True),
        ("fay", False),
        ("max", True),
        ("bea", False),
        ("tess", True),
        ("sam", True),
    ],
)
def test_registers_are_for_those_who_may_read_them(
    name: str, sees: bool, request: Any, client: Client, full: Project, beta: Project
) -> None:
    said = overview(client, request.getfixturevalue(name))
    assert ("Risk of 5" in said) is sees
    assert ("Release the contingency" in said) is sees


@pytest.mark.parametrize(("name", "sees"), [("pia", True), ("max", True), ("tess", True), ("bea", False), ("fay", False)])
def test_the_managers_own_rating_stays_within_the_office_and_the_project(
    name: str, sees: bool, request: Any, client: Client, alpha: Project, beta: Project, pia: Any
) -> None:
    version = a_submitted(alpha)
    red = {"letter": "R", "reason": "The vendor is bankrupt."}
    version.approve(by=pia, at=NOON + HOUR, terms=agreed_terms(version, overall=red))
    said = overview(client, request.getfixturevalue(name))
    assert ('<span class="src">PM</span>' in said) is sees
    assert "The vendor is bankrupt." in said


@pytest.mark.parametrize("name", ["stella", "olaf", "hugo", "adam"])
def test_for_others_it_does_not_exist(name: str, request: Any, client: Client, alpha: Project) -> None:
    client.force_login(request.getfixturevalue(name))
    assert client.get("/projects/P-1001/").status_code == 404


def test_marks_explain_themselves_in_place_and_weeks_lead_to_reports(
    client: Client, alpha: Project, pia: Any, monkeypatch: Any
) -> None:
    make_issue(alpha, title="Data center flooded", severity="critical", raised_on=THURSDAY - WEEK)
    an_accepted(alpha, by=pia)
    said = overview(client, pia)
    assert 'popovertarget="why-quality"' in said
    assert 'id="why-quality"' in said
    assert "Oldest critical issue" in said
    assert f'href="{reverse("governance:report-detail", args=["P-1001", 1])}"' in said


# The next step


@pytest.mark.parametrize(
    ("story", "words"),
    [
        ("none", "Write report"),
        ("draft", "Continue report 1"),
        ("submitted", "See report 1"),
        ("returned", "Answer the findings in report 1"),
    ],
)
def test_the_managers_first_button_is_the_next_step(
    client: Client, alpha: Project, max: Any, pia: Any, story: str, words: str
) -> None:
    if story == "draft":
        a_draft(alpha)
    elif story != "none":
        version = a_submitted(alpha)
        if story == "returned":
            a_finding(version, by=pia)
            version.return_for_rework(by=pia, at=NOON + HOUR)
    assert buttons(overview(client, max))[0] == words


def test_the_office_is_led_to_the_review_and_others_are_not(
    client: Client, alpha: Project, pia: Any, fay: Any, gina: Any
) -> None:
    a_submitted(alpha)
    assert buttons(overview(client, pia))[0] == "Review report 1"
    assert "Review report 1" not in buttons(overview(client, fay))


def test_the_report_on_one_page_is_the_second_button(client: Client, alpha: Project, max: Any, pia: Any) -> None:
    an_accepted(alpha, by=pia)
    assert "One-page PDF" in buttons(overview(client, max))


def test_at_most_two_buttons_of_which_one_is_filled(client: Client, full: Project, max: Any, pia: Any) -> None:
    an_accepted(full, by=pia, at=NOON - WEEK, end_on=THURSDAY - WEEK)
    a_draft(full)
    said = overview(client, max)
    assert len(buttons(said)) == 2
    assert said.count("btn--first") == 1


# Empty and unusual


def test_a_bare_project_says_what_is_missing(client: Client, pia: Any) -> None:
    make_project(code="P-7000", purpose="")
    said = overview(client, pia, "P-7000")
    for part in (
        "Not written yet.",
        "No project manager is named",
        "No milestone lies ahead.",
        "No risk is open.",
        "No finish date yet",
        "No amounts are kept",
    ):
        assert part in said


def test_imported_ratings_stand_in_their_own_words(client: Client, pia: Any) -> None:
    project = make_project(source="Another portfolio")
    a_standing("-", project=project, imported_rating="Amber/Red", imported_as_of=THURSDAY)
    said = overview(client, pia, project.code)
    assert "Amber/Red, imported, not reviewed" in said
    assert "Nobody in this office has reviewed it." in said


def test_a_budget_and_a_forecast_alone_say_that_nothing_is_compared(client: Client, alpha: Project, pia: Any) -> None:
    alpha.budget_amount, alpha.forecast_finish_on = Decimal(1_000_000), timezone.localdate()
    alpha.save()
    said = overview(client, pia)
    assert "no budget and forecast to compare" in card(said, "Money")
    assert "—" not in card(said, "Money").partition("</div>")[0]
    assert "no baseline and forecast to compare" in card(said, "Finish")


def test_other_currencies_keep_their_sign(client: Client, pia: Any) -> None:
    make_project(
        code="P-7001", currency="GBP", amount_unit=1_000_000, budget_amount=Decimal("12.40"), forecast_amount=Decimal("13.00")
    )
    said = overview(client, pia, "P-7001")
    assert "£0.60 M over" in said
    assert "$" not in re.sub(r"<script.*?</script>", "", said)


# What it costs


@pytest.mark.parametrize("name", ["pia", "max", "tess", "fay"])
def test_a_long_history_and_long_registers_cost_no_more_queries(
    name: str, request: Any, client: Client, full: Project, pia: Any
) -> None:
    person = request.getfixturevalue(name)
    client.force_login(person)

    def queries() -> int:
        client.get("/projects/P-1001/")
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/projects/P-1001/").status_code == 200
        return len(caught)

    for week in (8, 7):
        an_accepted(full, by=pia, at=NOON - week * WEEK, end_on=THURSDAY - week * WEEK)
    few = queries()
    for week in range(6, 0, -1):
        an_accepted(full, by=pia, at=NOON - week * WEEK, end_on=THURSDAY - week * WEEK)
    for number in range(20):
        make_risk(full, title=f"Risk {number}")
        make_decision(full)
        make_milestone(full)
    assert queries() == few
    assert few <= 12


# Conditions


def test_the_overview_counts_what_is_not_met_and_leads_to_it(
    client: Client, alpha: Project, pia: Any, tess: Any, olaf: Any
) -> None:
    version = a_submitted_document(alpha)
    today = NOON.date()
    days = [today - dt.timedelta(days=2), today + dt.timedelta(days=5), today + dt.timedelta(days=9)]
    terms = [a_condition(tess, olaf, due_on=day) for day in (days[1], days[1], days[2])]
    rows = put_conditions(terms, project=alpha, version=version, by=pia, at=NOON)
    Condition.objects.filter(pk=rows[0].pk).update(due_on=days[0])
    client.force_login(pia)
    said = client.get(reverse("project-overview", args=[alpha.code])).content.decode()
    assert ">3 not met</a>" in said
    assert "1 overdue" in said
    assert f"next due {words.day(days[1])}" in said
    found = open_conditions_of(alpha, pia, today)
    assert found is not None
    assert len(client.get(found.url).context["page"].object_list) == 3


def test_where_nothing_is_open_or_readable_the_overview_says_nothing_of_conditions(
    client: Client, alpha: Project, pia: Any, tess: Any, olaf: Any, stella: Any
) -> None:
    client.force_login(pia)
    address = reverse("project-overview", args=[alpha.code])
    assert "Open conditions" not in client.get(address).content.decode()
    put_conditions([a_condition(tess, olaf)], project=alpha, version=a_submitted_document(alpha), by=pia, at=NOON)
    assert "Open conditions" in client.get(address).content.decode()
    assert open_conditions_of(alpha, stella, NOON.date()) is None
