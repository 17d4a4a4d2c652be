"""Findings on the review page: added, closed, opened again, and what is typed beside them."""

from __future__ import annotations

import datetime as dt

import pytest

from governance.findings import answer_finding
from governance.models import ReviewFinding
from governance.reports import start_draft
from pmo.lib.errors import Refused
from tests.governance.pages import review_address, signed_in, typed
from tests.governance.stories import NOON, a_finding, a_submitted

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
FINDING = {"finding_section": "headline", "finding_severity": "major", "finding_text": "Say how late go-live is."}


def add(client, version, **fields):
    return client.post(review_address(version, "finding-new"), typed(**{**FINDING, **fields}))


def test_a_finding_is_added_and_takes_the_report_up(alpha, pia) -> None:
    version = a_submitted(alpha)
    answer = add(signed_in(pia), version)
    version.refresh_from_db()
    assert answer.status_code == 302
    assert list(version.findings.values_list("section", "severity", "state")) == [("headline", "major", "open")]
    assert version.state == "in_review"


def test_a_finding_without_words_is_refused_and_the_rest_of_the_page_is_kept(alpha, pia) -> None:
    version = a_submitted(alpha)
    answer = add(signed_in(pia), version, finding_text=" ", reason_overall="Half a thought")
    assert answer.status_code == 422
    assert "Half a thought" in answer.content.decode()
    assert not version.findings.exists()


def test_ratings_typed_before_adding_a_finding_are_kept(alpha, pia) -> None:
    version = a_submitted(alpha)
    client = signed_in(pia)
    add(client, version, office_risk="R", reason_risk="Two risks are untreated.")
    text = client.get(review_address(version)).content.decode()
    assert "Two risks are untreated." in text
    assert "Say how late go-live is." in text


@pytest.mark.parametrize(("person", "status"), [("gina", 403), ("max", 403), ("stella", 404)])
def test_nobody_else_adds_findings(person, status, alpha, request) -> None:
    version = a_submitted(alpha)
    assert add(signed_in(request.getfixturevalue(person)), version).status_code == status
    assert not version.findings.exists()


def test_a_finding_on_a_decided_report_is_refused(alpha, pia) -> None:
    version = a_submitted(alpha)
    client = signed_in(pia)
    client.post(review_address(version, "review-accept"), typed())
    assert add(client, version).status_code == 422
    assert not version.findings.exists()


def test_a_finding_is_closed_and_not_twice(alpha, pia) -> None:
    version = a_submitted(alpha)
    finding = a_finding(version, by=pia)
    client = signed_in(pia)
    client.post(review_address(version, "finding-close", finding.pk), typed())
    finding.refresh_from_db()
    assert (finding.state, finding.closed_by) == ("closed", pia)
    answer = client.post(review_address(version, "finding-close", finding.pk), typed(), follow=True)
    assert "already closed" in answer.content.decode()


def test_an_answer_that_does_not_settle_it_reopens_the_finding_of_the_earlier_version(alpha, pia, max) -> None:
    first = a_submitted(alpha)
    finding = a_finding(first, by=pia)
    first.return_for_rework(by=pia, at=NOON + HOUR)
    second = start_draft(first.deliverable, by=max, at=NOON + HOUR)
    answer_finding(finding, by=max, text="Done.", at=NOON + HOUR)
    second.submit(by=max, at=NOON + 2 * HOUR)
    signed_in(pia).post(review_address(second, "finding-reopen", finding.pk), typed())
    finding.refresh_from_db()
    assert finding.state == "open"


def test_nobody_answers_the_finding_that_they_raised(alpha, pia) -> None:
    version = a_submitted(alpha)
    finding = a_finding(version, by=pia)
    version.return_for_rework(by=pia, at=NOON + HOUR)
    with pytest.raises(Refused) as refused:
        answer_finding(finding, by=pia, text="Done.", at=NOON + HOUR)
    finding.refresh_from_db()
    assert (refused.value.code, finding.state) == ("own_finding", "open")


def test_findings_of_another_report_are_not_reached_through_this_one(alpha, beta, pia) -> None:
    version, other = a_submitted(alpha), a_submitted(beta)
    finding = a_finding(other, by=pia)
    assert signed_in(pia).post(review_address(version, "finding-close", finding.pk), typed()).status_code == 404
    assert ReviewFinding.objects.get(pk=finding.pk).state == "open"
