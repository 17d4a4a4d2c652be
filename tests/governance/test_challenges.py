"""Challenges of a self-rating: who sees, answers and rules, and how each settles."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from governance.challenging import answer, rule
from governance.findings import answer_finding
from governance.models import RatingChallenge
from governance.reports import save_draft, start_draft
from pmo.lib.errors import Refused
from pmo.models import CityHoliday
from tests.factories import make_milestone
from tests.governance.pages import signed_in
from tests.governance.stories import CITY, NOON, RED, THURSDAY, WEEK, a_finding, a_submitted, all_letters, an_accepted

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
ANSWER = {"answer": "justify", "text": "The vendor confirmed the date in writing."}
RULING = {"ruling": "office", "reason": "The letter promises nothing."}


@pytest.fixture
def challenge(alpha) -> RatingChallenge:
    """Return the challenge of a schedule that is rated green beside red evidence, opened now."""
    make_milestone(alpha, name="Go-live", is_key=True, baseline_on=THURSDAY - 8 * WEEK, forecast_on=THURSDAY + 4 * WEEK)
    a_submitted(alpha, at=timezone.now(), end_on=THURSDAY)
    return RatingChallenge.objects.get(dimension="schedule")


def address(challenge, name="challenge-detail") -> str:
    return reverse(f"governance:{name}", args=[challenge.project.code, challenge.pk])


def state(challenge) -> str:
    challenge.refresh_from_db()
    return challenge.state


def test_the_project_manager_answers(challenge, max) -> None:
    assert signed_in(max).post(address(challenge, "challenge-answer"), ANSWER).status_code == 302
    assert state(challenge) == "answered"


def test_an_answer_without_words_is_refused_and_kept(challenge, max) -> None:
    reply = signed_in(max).post(address(challenge, "challenge-answer"), {"answer": "justify", "text": ""})
    assert reply.status_code == 422
    assert state(challenge) == "open"


def test_a_second_answer_is_refused_and_its_words_stay_on_the_page(challenge, max) -> None:
    client = signed_in(max)
    client.post(address(challenge, "challenge-answer"), ANSWER)
    reply = client.post(address(challenge, "challenge-answer"), {**ANSWER, "text": "Another thought."})
    assert reply.status_code == 409
    challenge.refresh_from_db()
    assert challenge.answer_text == ANSWER["text"]


@pytest.mark.parametrize(("person", "status"), [("pia", 403), ("gina", 403), ("bea", 404), ("stella", 404)])
def test_nobody_else_answers(person, status, challenge, request) -> None:
    client = signed_in(request.getfixturevalue(person))
    assert client.post(address(challenge, "challenge-answer"), ANSWER).status_code == status
    assert state(challenge) == "open"


def test_verbs_are_not_reached_by_a_link(challenge, pia) -> None:
    client = signed_in(pia)
    assert client.get(address(challenge, "challenge-answer")).status_code == 405
    assert client.get(address(challenge, "challenge-rule")).status_code == 405


def test_the_office_waits_until_the_answer_is_in_or_late(challenge, pia, max) -> None:
    client = signed_in(pia)
    assert client.post(address(challenge, "challenge-rule"), RULING).status_code == 409
    assert state(challenge) == "open"
    signed_in(max).post(address(challenge, "challenge-answer"), ANSWER)
    assert client.post(address(challenge, "challenge-rule"), RULING).status_code == 302
    challenge.refresh_from_db()
    assert (challenge.state, challenge.ruling, challenge.ruled_by) == ("decided", "office", pia)


def test_an_unanswered_challenge_can_be_decided_once_it_is_late(challenge, pia) -> None:
    rule(challenge, by=pia, at=challenge.due_at + HOUR, **RULING)
    assert state(challenge) == "decided"


@pytest.mark.parametrize(("person", "status"), [("max", 403), ("gina", 403), ("audrey", 403), ("bea", 404)])
def test_nobody_else_rules(person, status, challenge, max, request) -> None:
    answer(challenge, by=max, at=timezone.now(), **ANSWER)
    client = signed_in(request.getfixturevalue(person))
    assert client.post(address(challenge, "challenge-rule"), RULING).status_code == status
    assert state(challenge) == "answered"


def test_a_ruling_needs_a_reason(challenge, pia, max) -> None:
    answer(challenge, by=max, at=timezone.now(), **ANSWER)
    reply = signed_in(pia).post(address(challenge, "challenge-rule"), {"ruling": "upheld", "reason": ""})
    assert reply.status_code == 422
    assert state(challenge) == "answered"


def test_two_rulings_have_one_winner(challenge, pia, max) -> None:
    answer(challenge, by=max, at=timezone.now(), **ANSWER)
    other = RatingChallenge.objects.get(pk=challenge.pk)
    rule(challenge, by=pia, at=timezone.now(), **RULING)
    with pytest.raises(Refused) as refused:
        rule(other, by=pia, at=timezone.now(), ruling="upheld", reason="Late thought.")
    assert refused.value.code == "already_ruled"


def test_the_project_managers_own_rating_stays_within_the_office_and_the_project(challenge, bea, sam, fay, pia) -> None:
    challenge.version.approve(by=pia, at=timezone.now(), terms=terms_of(challenge))
    visible = {person.name for person in (bea, sam, fay, pia) if RatingChallenge.objects.visible_to(person).exists()}
    assert visible == {"Sam Okafor", "Pia Orlov"}


def terms_of(challenge):
    from tests.governance.stories import agreed_terms

    return agreed_terms(challenge.version)


def test_the_page_shows_the_values_behind_it(challenge, max) -> None:
    text = signed_in(max).get(address(challenge)).content.decode()
    assert "Schedule is rated green; the evidence says red." in text
    assert "What the evidence says" in text
    assert "Send the answer" in text


def test_the_list_offers_what_is_not_settled(challenge, pia, stella) -> None:
    text = signed_in(pia).get(reverse("governance:challenge-list"), {"state": "open"}).content.decode()
    assert challenge.get_absolute_url() in text
    assert signed_in(stella).get(reverse("governance:challenge-list")).status_code == 403


def changed_version(first, max, *, at, **values):
    """Return the next version of a returned report, changed and submitted."""
    second = start_draft(first.deliverable, by=max, at=at)
    for finding in first.findings.all():
        answer_finding(finding, by=max, text="Changed.", at=at)
    save_draft(second, values, revision=second.status_report.revision, by=max, at=at)
    second.submit(by=max, at=at + HOUR)
    return second


def test_accepting_and_changing_settles_it_when_the_changed_report_is_in(alpha, pia, max) -> None:
    make_milestone(alpha, name="Go-live", is_key=True, baseline_on=THURSDAY - 8 * WEEK, forecast_on=THURSDAY + 4 * WEEK)
    first = a_submitted(alpha)
    for one in RatingChallenge.objects.all():
        answer(one, by=max, answer="accept", text="I rate it red.", at=NOON + HOUR)
    a_finding(first, by=pia)
    first.return_for_rework(by=pia, at=NOON + HOUR)
    changed_version(first, max, at=NOON + 2 * HOUR, ratings=all_letters(schedule=RED, overall=RED))
    assert set(RatingChallenge.objects.values_list("state", "ruling")) == {("decided", "changed")}


def test_a_promise_to_change_that_changed_nothing_stays_open(alpha, pia, max) -> None:
    words = {
        "headline": "The forms are tested.",
        "accomplishments": "Forms tested",
        "plan": "Test the forms",
        "keeps_plan": True,
    }
    an_accepted(alpha, by=pia, at=NOON - WEEK, end_on=THURSDAY - WEEK, **words)
    first = a_submitted(alpha, **words)
    repeated = RatingChallenge.objects.get(check_code="W6")
    answer(repeated, by=max, answer="accept", text="I will write it anew.", at=NOON + HOUR)
    a_finding(first, by=pia)
    first.return_for_rework(by=pia, at=NOON + HOUR)
    changed_version(first, max, at=NOON + 2 * HOUR)
    assert state(repeated) == "answered"


def test_the_two_working_days_of_an_answer_skip_the_days_on_which_the_city_is_closed(alpha) -> None:
    """Opened on a Wednesday: Thursday is closed by the city, Friday and Monday are worked, the weekend is none."""
    wednesday = dt.datetime(2026, 11, 18, 10, 0, tzinfo=CITY)
    CityHoliday.objects.create(on=dt.date(2026, 11, 19), name="Founders’ Day")
    make_milestone(alpha, name="Go-live", is_key=True, baseline_on=THURSDAY - 8 * WEEK, forecast_on=THURSDAY + 4 * WEEK)
    a_submitted(alpha, at=wednesday, end_on=THURSDAY)
    assert RatingChallenge.objects.get(dimension="schedule").due_at == dt.datetime(2026, 11, 23, 10, 0, tzinfo=CITY)
