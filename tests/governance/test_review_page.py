"""The page on which a report is reviewed: what it shows, keeps and costs."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.models import ChecklistItem, RatingChallenge, Review
from governance.reviewing import Rated, Typed, problems
from tests.factories import make_issue, make_milestone, make_risk
from tests.governance.pages import review_address, signed_in, typed
from tests.governance.stories import NOON, RED, THURSDAY, WEEK, a_finding, a_submitted, all_letters, an_accepted

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("pm", "computed", "last", "start"),
    [
        ("G", "G", "G", "G"),
        ("Y", "Y", "G", "Y"),  # the evidence carries the project manager's rating
        ("G", "R", "Y", "Y"),  # it does not: what is published stands
        ("Y", "G", "G", "G"),
        ("G", "N", "Y", "Y"),  # better without evidence is not taken over
        ("R", "N", "G", "R"),  # worse needs none
        ("G", "N", "", "G"),
        ("G", "R", "", ""),  # a first report in dispute: the office has to choose
        ("G", "-", "G", "G"),
    ],
)
def test_where_the_offices_rating_starts(pm, computed, last, start) -> None:
    assert Rated("schedule", pm, computed, last).start == start


@pytest.mark.parametrize(
    ("pm", "computed", "letters"),
    [("G", "G", "Y R"), ("G", "R", "G Y R"), ("Y", "N", "G R"), ("Y", "-", "G R"), ("R", "R", "G Y")],
)
def test_which_ratings_need_a_reason(pm, computed, letters) -> None:
    assert Rated("schedule", pm, computed, "G").reason_letters == letters


@pytest.mark.parametrize(
    ("pm", "computed", "last", "agrees"),
    [("G", "G", "G", True), ("G", "N", "G", True), ("G", "-", "G", False), ("G", "G", "Y", False), ("G", "G", "", False)],
)
def test_what_counts_as_agreement(pm, computed, last, agrees) -> None:
    assert Rated("schedule", pm, computed, last).is_agreed is agrees


def test_problems_name_the_field_and_a_reason_no_longer_needed_is_not_published() -> None:
    rows = [Rated("schedule", "G", "R", ""), Rated("risk", "G", "G", "G")]
    assert [problem.field for problem in problems(rows, Typed())] == ["office-schedule"]
    sent = Typed(letters={"schedule": "R", "risk": "G"}, reasons={"schedule": "27 days late.", "risk": "Left over."})
    assert problems(rows, sent) == []
    assert sent.terms(rows)["ratings"]["risk"] == {"letter": "G", "reason": ""}


def test_the_page_shows_last_weeks_report_in_place(alpha, pia) -> None:
    an_accepted(alpha, by=pia, at=NOON - WEEK, end_on=THURSDAY - WEEK)
    version = a_submitted(alpha)
    text = signed_in(pia).get(review_address(version)).content.decode()
    assert "report 1, accepted" in text
    assert "<ins>2026-11-19:</ins>" in text


def test_the_path_to_green_stands_beside_a_red_rating(alpha, pia) -> None:
    version = a_submitted(alpha, ratings=all_letters(schedule=RED, overall=RED))
    text = signed_in(pia).get(review_address(version)).content.decode()
    assert "Second team from Monday, Nadia Fenwold, by" in text


def test_a_challenge_is_announced_with_a_way_to_it(alpha, pia) -> None:
    make_milestone(alpha, name="Go-live", is_key=True, baseline_on=THURSDAY - 8 * WEEK, forecast_on=THURSDAY + 4 * WEEK)
    version = a_submitted(alpha)
    text = signed_in(pia).get(review_address(version)).content.decode()
    for challenge in RatingChallenge.objects.all():
        assert challenge.get_absolute_url() in text


def test_what_is_typed_saves_itself(alpha, pia) -> None:
    version = a_submitted(alpha)
    client = signed_in(pia)
    answer = client.post(
        review_address(version, "review-notes"),
        {**typed("Y", reason_risk="So far."), "revision": "0"},
        headers={"Accept": "application/json"},
    )
    assert json.loads(answer.content)["revision"] == 1
    text = client.get(review_address(version)).content.decode()
    assert "So far." in text


def test_notes_of_an_older_page_are_refused_not_overwritten(alpha, pia) -> None:
    version = a_submitted(alpha)
    client = signed_in(pia)
    address = review_address(version, "review-notes")
    client.post(address, {**typed(reason_risk="First tab."), "revision": "0"}, headers={"Accept": "application/json"})
    answer = client.post(address, {**typed(reason_risk="Second tab."), "revision": "0"}, headers={"Accept": "application/json"})
    assert answer.status_code == 409
    assert json.loads(answer.content)["url"] == review_address(version)
    assert Review.objects.get(version=version).notes["reasons"]["risk"] == "First tab."


def test_without_javascript_keeping_comes_back_to_the_page(alpha, pia) -> None:
    version = a_submitted(alpha)
    answer = signed_in(pia).post(review_address(version, "review-notes"), typed(reason_risk="Kept."), follow=True)
    assert answer.redirect_chain[0][0] == review_address(version)
    assert "Kept." in answer.content.decode()


def test_the_checklist_keeps_its_ticks(alpha, pia) -> None:
    version = a_submitted(alpha)
    first, second = ChecklistItem.objects.filter(kind="status_report")[:2]
    client = signed_in(pia)
    client.post(review_address(version, "review-notes"), {**typed(), "checklist": [first.pk]})
    review = Review.objects.get(version=version)
    assert dict(review.checklist_answers.values_list("item", "holds")) == {first.pk: True}
    client.post(review_address(version, "review-notes"), {**typed(), "checklist": [second.pk]})
    assert dict(review.checklist_answers.values_list("item", "holds")) == {first.pk: False, second.pk: True}


def test_reading_changes_nothing(alpha, pia) -> None:
    version = a_submitted(alpha)
    client = signed_in(pia)
    client.get(review_address(version))
    client.get(review_address(version, "review-public"))
    version.refresh_from_db()
    assert version.state == "submitted"


def test_a_decided_report_is_shown_without_its_decision_bar(alpha, pia) -> None:
    version = an_accepted(alpha, by=pia)
    text = signed_in(pia).get(review_address(version)).content.decode()
    assert 'class="decide"' not in text
    assert "Open the report" in text


def test_what_was_typed_is_escaped(alpha, pia) -> None:
    version = a_submitted(alpha, headline="<script>alert(1)</script> tested")
    client = signed_in(pia)
    client.post(review_address(version, "review-notes"), typed(reason_risk="</textarea><script>alert(2)</script>"))
    assert "<script>alert" not in client.get(review_address(version)).content.decode()


def queries_for(version, pia) -> int:
    client = signed_in(pia)
    client.get(review_address(version))
    with CaptureQueriesContext(connection) as context:
        assert client.get(review_address(version)).status_code == 200
    return len(context)


def test_a_full_report_costs_as_many_queries_as_a_bare_one(alpha, beta, pia) -> None:
    bare = a_submitted(alpha)
    for _ in range(12):
        make_milestone(beta, baseline_on=THURSDAY + WEEK, forecast_on=THURSDAY + WEEK)
        make_risk(beta, show_on_report=True)
        make_issue(beta, show_on_report=True)
    full = a_submitted(beta)
    for number in range(6):
        a_finding(full, by=pia, text=f"Finding {number}")
    assert queries_for(bare, pia) == queries_for(full, pia)
