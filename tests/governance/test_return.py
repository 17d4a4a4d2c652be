"""Returning a report with findings, and its way back."""

from __future__ import annotations

import datetime as dt

import pytest

from governance.findings import answer_finding
from governance.models import DeliverableVersion
from governance.reports import start_draft
from tests.governance.pages import long_signed_in, review_address, signed_in, typed
from tests.governance.stories import NOON, a_finding, a_submitted

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def state_of(version: DeliverableVersion) -> str:
    return str(DeliverableVersion.objects.values_list("state", flat=True).get(pk=version.pk))


def test_a_report_goes_back_with_its_findings(alpha, pia) -> None:
    version = a_submitted(alpha)
    a_finding(version, by=pia)
    assert signed_in(pia).post(review_address(version, "review-return"), typed()).status_code == 302
    assert state_of(version) == "returned"


def test_returning_without_a_finding_is_refused(alpha, pia) -> None:
    version = a_submitted(alpha)
    answer = signed_in(pia).post(review_address(version, "review-return"), typed(reason_overall="Kept."))
    assert answer.status_code == 409
    assert "Kept." in answer.content.decode()
    assert state_of(version) == "in_review"


def test_returning_by_address_alone_does_nothing(alpha, pia) -> None:
    version = a_submitted(alpha)
    assert signed_in(pia).get(review_address(version, "review-return")).status_code == 405


@pytest.mark.parametrize(("person", "status"), [("gina", 403), ("audrey", 403), ("max", 403), ("olaf", 404)])
def test_nobody_else_returns(person, status, alpha, pia, request) -> None:
    version = a_submitted(alpha)
    a_finding(version, by=pia)
    client = signed_in(request.getfixturevalue(person))
    assert client.post(review_address(version, "review-return"), typed()).status_code == status
    assert state_of(version) == "in_review"


def test_a_return_is_signed_too(alpha, pia) -> None:
    version = a_submitted(alpha)
    a_finding(version, by=pia)
    answer = long_signed_in(pia).post(review_address(version, "review-return"), typed())
    assert answer.url.startswith("/accounts/reauthenticate/")
    assert state_of(version) == "in_review"


def test_a_decided_report_is_not_returned_again(alpha, pia) -> None:
    version = a_submitted(alpha)
    a_finding(version, by=pia)
    client = signed_in(pia)
    client.post(review_address(version, "review-return"), typed())
    answer = client.post(review_address(version, "review-return"), typed())
    assert answer.status_code == 409
    assert "already decided" in answer.content.decode()


def test_what_came_back_opens_beside_the_version_that_was_returned(alpha, pia, max) -> None:
    first = a_submitted(alpha)
    finding = a_finding(first, by=pia)
    first.return_for_rework(by=pia, at=NOON + HOUR)
    second = start_draft(first.deliverable, by=max, at=NOON + HOUR)
    answer_finding(finding, by=max, text="The headline names the days.", at=NOON + HOUR)
    second.status_report.headline = "Week to 2026-11-19: the intake forms are tested, 27 days late."
    second.status_report.save()
    second.submit(by=max, at=NOON + 2 * HOUR)
    text = signed_in(pia).get(review_address(second)).content.decode()
    assert "version 1, returned for rework" in text
    assert "<ins>" in text
    assert "The headline names the days." in text
