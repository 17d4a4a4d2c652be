"""Correcting an accepted report: a new version that says what changed; the accepted one never changes."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from governance.models import DeliverableVersion
from governance.reports import start_correction
from governance.signing import verify_versions
from pmo.lib.errors import Refused
from tests.governance.stories import NOON, a_draft, a_submitted, agreed_terms, an_accepted
from tests.governance.typed import address, sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _thursday_evening():
    with time_machine.travel(NOON + dt.timedelta(hours=5), tick=False):
        yield


def test_a_correction_opens_with_the_accepted_words_and_names_the_version_it_corrects(client, alpha, pia, max):
    accepted = an_accepted(alpha, by=pia)
    client.force_login(max)
    answer = client.post(address("report-correct", accepted))
    version = DeliverableVersion.objects.get(number=2)
    assert answer.url == address("report-edit", version)
    assert (version.state, version.corrects, version.author) == ("draft", accepted, max)
    assert version.status_report.headline == accepted.status_report.headline
    assert "Correction, version 2" in client.get(answer.url).content.decode()


def test_the_accepted_version_counts_until_the_correction_is_accepted(client, alpha, pia, max):
    accepted = an_accepted(alpha, by=pia)
    client.force_login(max)
    client.post(address("report-correct", accepted))
    version = DeliverableVersion.objects.get(number=2)
    typed = sent(version, headline="The right headline", change_note="The headline named the wrong week.")
    client.post(address("report-submit", version), typed)
    accepted.refresh_from_db()
    assert accepted.state == "approved"
    assert "The right headline" not in client.get(address("report-detail", version)).content.decode()
    version.refresh_from_db()
    version.approve(by=pia, at=NOON + dt.timedelta(hours=6), terms=agreed_terms(version))
    page = client.get(address("report-detail", version)).content.decode()
    assert "The right headline" in page
    assert "The headline named the wrong week." in page
    accepted.refresh_from_db()
    assert accepted.state == "superseded"
    assert list(verify_versions()) == []


def test_the_moment_the_report_first_came_in_stays(client, alpha, pia, max):
    accepted = an_accepted(alpha, by=pia)
    start_correction(accepted, by=max, at=NOON)
    assert accepted.deliverable.first_submitted_at == NOON


@pytest.mark.parametrize("prepare", [a_draft, a_submitted])
def test_only_an_accepted_report_is_corrected(client, alpha, max, prepare):
    version = prepare(alpha)
    client.force_login(max)
    assert client.post(address("report-correct", version)).url == address("report-detail", version)
    assert DeliverableVersion.objects.count() == 1
    with pytest.raises(Refused) as refused:
        start_correction(version, by=max, at=NOON)
    assert refused.value.code == "not_accepted"


def test_one_correction_at_a_time(client, alpha, pia, max):
    accepted = an_accepted(alpha, by=pia)
    client.force_login(max)
    client.post(address("report-correct", accepted))
    client.post(address("report-correct", accepted))
    assert DeliverableVersion.objects.count() == 2


def test_correcting_needs_a_post(client, alpha, pia, max):
    accepted = an_accepted(alpha, by=pia)
    client.force_login(max)
    assert client.get(address("report-correct", accepted)).status_code == 405


@pytest.mark.parametrize(("person", "status"), [("tess", 403), ("gina", 403), ("bea", 403), ("stella", 404), ("olaf", 404)])
def test_nobody_else_corrects(client, alpha, beta, pia, request, person, status):
    accepted = an_accepted(alpha, by=pia)
    client.force_login(request.getfixturevalue(person))
    assert client.post(address("report-correct", accepted)).status_code == status
    assert DeliverableVersion.objects.count() == 1
