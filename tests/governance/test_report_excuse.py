"""Excusing a project from one report, and answering a finding from the page of the version that came back."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse

from governance.models import Deliverable
from governance.reports import current_deliverable, excuse
from pmo.lib.errors import Refused
from tests.governance.stories import NOON, a_finding, a_submitted, an_accepted
from tests.governance.typed import address

pytestmark = pytest.mark.django_db
EXCUSE = "/projects/P-1001/reports/1/excuse/"


@pytest.fixture(autouse=True)
def _thursday_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def owed(alpha):
    return current_deliverable(alpha, at=NOON)


def test_the_office_excuses_with_a_reason_that_stands_in_the_list(client, alpha, owed, pia):
    client.force_login(pia)
    assert client.get(EXCUSE).status_code == 200
    client.post(EXCUSE, {"reason": "The team is at the county fair."})
    owed.refresh_from_db()
    assert (owed.excused_at, owed.excuse) == (NOON, "The team is at the county fair.")
    assert owed.history.first().history_change_reason == "excused"
    assert "The team is at the county fair." in client.get("/projects/P-1001/reports/").content.decode()


def test_a_reason_is_needed_and_nothing_changes_without_one(client, owed, pia):
    client.force_login(pia)
    assert client.post(EXCUSE, {"reason": "  "}).status_code == 422
    owed.refresh_from_db()
    assert owed.excused_at is None


def test_a_report_that_is_in_needs_no_excuse_and_the_reason_stays_on_the_page(client, alpha, pia):
    version = a_submitted(alpha)
    client.force_login(pia)
    answer = client.post(EXCUSE, {"reason": "The team is at the county fair."})
    assert answer.status_code == 422
    assert "The team is at the county fair." in answer.content.decode()
    with pytest.raises(Refused) as refused:
        excuse(version.deliverable, by=pia, reason="Fair", at=NOON)
    assert refused.value.code == "already_in"


@pytest.mark.parametrize(
    ("person", "status"), [("max", 403), ("gina", 403), ("tess", 403), ("audrey", 403), ("stella", 404), ("olaf", 404)]
)
def test_nobody_else_excuses(client, owed, request, person, status):
    someone = request.getfixturevalue(person)
    client.force_login(someone)
    assert client.post(EXCUSE, {"reason": "Fair"}).status_code == status
    with pytest.raises(Refused) as refused:
        excuse(owed, by=someone, reason="Fair", at=NOON)
    assert refused.value.code == "office_only"
    assert not Deliverable.objects.exclude(excused_at=None).exists()


def test_an_excused_report_can_still_be_written(client, alpha, owed, pia, max):
    excuse(owed, by=pia, reason="The team is at the county fair.", at=NOON)
    client.force_login(max)
    client.post("/projects/P-1001/reports/new/", {"number": 1})
    assert owed.versions.get().state == "draft"


# Answering one finding


def returned(alpha, pia):
    version = a_submitted(alpha)
    finding = a_finding(version, by=pia)
    version.return_for_rework(by=pia, at=NOON)
    return version, finding, reverse("governance:finding-answer", args=["P-1001", 1, 1, finding.number])


def test_a_finding_is_answered_on_the_page_of_the_version(client, alpha, pia, max):
    version, finding, url = returned(alpha, pia)
    client.force_login(max)
    assert client.post(url, {"text": "The headline says 12 days."}).url == address("report-version", version, 1)
    finding.refresh_from_db()
    assert (finding.state, finding.answer, finding.answered_by) == ("answered", "The headline says 12 days.", max)
    assert finding.history.first().history_change_reason == "answered"


def test_an_empty_answer_is_none(client, alpha, pia, max):
    _, finding, url = returned(alpha, pia)
    client.force_login(max)
    client.post(url, {"text": "  "})
    finding.refresh_from_db()
    assert finding.state == "open"


def test_a_closed_finding_takes_no_answer(client, alpha, pia, max):
    _, finding, url = returned(alpha, pia)
    type(finding).objects.filter(pk=finding.pk).update(state="closed", closed_at=NOON, closed_by=pia)
    client.force_login(max)
    client.post(url, {"text": "Late words"})
    finding.refresh_from_db()
    assert (finding.state, finding.answer) == ("closed", "")


def test_a_finding_is_not_answered_before_the_version_has_come_back(client, alpha, pia, max):
    version = a_submitted(alpha)
    finding = a_finding(version, by=pia)
    client.force_login(max)
    client.post(reverse("governance:finding-answer", args=["P-1001", 1, 1, 1]), {"text": "Early words"})
    finding.refresh_from_db()
    assert finding.state == "open"


def test_answering_needs_a_post_and_a_finding(client, alpha, pia, max):
    _, _, url = returned(alpha, pia)
    client.force_login(max)
    assert client.get(url).status_code == 405
    assert client.post(url.replace("findings/1", "findings/9"), {"text": "x"}).status_code == 404


@pytest.mark.parametrize(("person", "status"), [("gina", 403), ("audrey", 403), ("tess", 404), ("bea", 404), ("olaf", 404)])
def test_nobody_else_answers(client, alpha, beta, pia, request, person, status):
    _, finding, url = returned(alpha, pia)
    client.force_login(request.getfixturevalue(person))
    assert client.post(url, {"text": "A stranger's words"}).status_code == status
    finding.refresh_from_db()
    assert finding.answer == ""


def test_an_accepted_report_is_still_listed_with_its_paper(client, alpha, pia, max):
    an_accepted(alpha, by=pia)
    client.force_login(max)
    assert reverse("governance:report-pdf", args=["P-1001", 1, 1]) in client.get("/projects/P-1001/reports/").content.decode()
