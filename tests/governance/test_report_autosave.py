"""Words are saved while they are typed: what the answer says, when nothing is stored, and what two tabs do to each other."""

from __future__ import annotations

import pytest
import time_machine

from governance.models import DeliverableVersion
from tests.governance.stories import NOON, a_draft, a_submitted
from tests.governance.typed import address, report_of, sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _thursday_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def browser(client, max):
    client.force_login(max)
    return client


def save(browser, version, typed):
    return browser.post(address("report-autosave", version), typed, headers={"X-Requested-With": "XMLHttpRequest"})


def test_what_is_typed_is_stored_and_the_new_revision_comes_back(browser, alpha):
    version = a_draft(alpha)
    typed = sent(version, headline="Half a sente")
    answer = save(browser, version, typed)
    assert answer.status_code == 200
    assert answer.json()["revision"] == typed["revision"] + 1
    assert answer.json()["saved_at"].startswith("2026-11-19T18:00:00")
    assert answer.json()["clock"] == "12:00", "the office's clock, as the page shows it when it is opened"
    assert report_of(version).headline == "Half a sente"


def test_saving_goes_on_with_the_revision_that_came_back(browser, alpha):
    version = a_draft(alpha)
    typed = sent(version, headline="One")
    for headline in ("One", "One, two", "One, two, three"):
        answer = save(browser, version, {**typed, "headline": headline})
        typed["revision"] = answer.json()["revision"]
    assert report_of(version).headline == "One, two, three"


def test_the_draft_remembers_who_saved_it_and_when(browser, alpha, max):
    version = a_draft(alpha)
    save(browser, version, sent(version, headline="Half a sente"))
    report = report_of(version)
    assert report.saved_at == NOON
    assert report.history.first().history_user == max


def test_another_tab_is_told_to_compare_and_overwrites_nothing(browser, alpha):
    version = a_draft(alpha)
    stale = sent(version, headline="Typed in the second tab")
    save(browser, version, sent(version, headline="Typed in the first tab"))
    answer = save(browser, version, stale)
    assert answer.status_code == 409
    assert answer.json() == {"url": address("report-edit", version), "post": True, "code": "conflict"}
    assert report_of(version).headline == "Typed in the first tab"


def test_another_tab_with_the_same_words_is_no_conflict(browser, alpha):
    version = a_draft(alpha)
    stale = sent(version, headline="The same words")
    first = save(browser, version, stale)
    second = save(browser, version, stale)
    assert (second.status_code, second.json()["revision"]) == (200, first.json()["revision"])


def test_a_field_that_cannot_be_read_is_named_and_nothing_is_stored(browser, alpha):
    version = a_draft(alpha)
    answer = save(browser, version, sent(version, headline="x" * 301, plan="Another plan"))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert "Headline" in answer.json()["message"]
    assert report_of(version).plan != "Another plan"


def test_a_submitted_version_takes_nothing_more(browser, alpha):
    version = a_submitted(alpha)
    answer = save(browser, version, sent(version, headline="Too late"))
    assert (answer.status_code, answer.json()["code"]) == (409, "not_draft")
    assert "Too late" not in DeliverableVersion.objects.get().content
    assert report_of(version).headline != "Too late"


def test_signed_out_the_script_is_told_so(client, alpha):
    version = a_draft(alpha)
    answer = save(client, version, sent(version, headline="Typed while signed out"))
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")
    assert report_of(version).headline != "Typed while signed out"


def test_saving_needs_a_post(browser, alpha):
    assert browser.get(address("report-autosave", a_draft(alpha))).status_code == 405
