"""What the page of the report form shows: its preview, what came back after sign-in, facts of the project, and its cost."""

from __future__ import annotations

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from governance.models import DeliverableVersion, StatusReport
from governance.reports import start_correction, start_draft
from tests.factories import PASSWORD, make_issue, make_milestone, make_project, make_risk
from tests.governance.stories import NOON, THURSDAY, WEEK, a_draft, a_finding, a_submitted, an_accepted
from tests.governance.typed import address, report_of, sent

pytestmark = pytest.mark.django_db
NEW = "/projects/P-1001/reports/new/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def browser(client, max):
    client.force_login(max)
    return client


# Preview


def test_the_preview_saves_and_shows_what_stakeholders_would_see(browser, alpha):
    make_risk(alpha, title="If the county is late, then go-live slips", show_on_report=True)
    version = a_draft(alpha)
    answer = browser.post(address("report-preview", version), sent(version, headline="Seen by everyone"))
    page = browser.get(answer.url).content.decode()
    assert "Seen by everyone" in page
    assert "If the county is late" not in page
    assert DeliverableVersion.objects.get().state == "draft"


# Signed out, or with a token that is no longer right


def test_signed_out_meanwhile_the_words_come_back_after_sign_in_and_can_be_sent(client, alpha, max):
    version = a_draft(alpha)
    typed = sent(version, headline="Typed while signed out")
    answer = client.post(address("report-submit", version), typed)
    assert answer.status_code == 401
    assert "Typed while signed out" in answer.content.decode()
    client.post("/accounts/login/", {"login": max.email, "password": PASSWORD, "next": "/resend/"})
    kept = client.get("/resend/").context["post"]
    assert kept.path == address("report-submit", version)
    assert client.post(kept.path, dict(kept.fields)).status_code == 302
    assert "Typed while signed out" in DeliverableVersion.objects.get().content


def test_a_stale_token_loses_nothing(alpha, max):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(max)
    version = a_draft(alpha)
    origin = {"Origin": "http://testserver", "Referer": "http://testserver/"}
    typed = {**sent(version, headline="Typed with an old token"), "csrfmiddlewaretoken": "x" * 64}
    answer = strict.post(address("report-edit", version), typed, headers=origin)
    assert answer.status_code == 403
    assert "Typed with an old token" in answer.content.decode()
    assert report_of(version).headline != "Typed with an old token"


# What the page says


def test_the_form_names_the_challenges_that_submitting_would_open(browser, alpha):
    make_milestone(alpha, name="Go-live", is_key=True, baseline_on=THURSDAY - 8 * WEEK, forecast_on=THURSDAY + 4 * WEEK)
    version = a_draft(alpha)
    page = browser.get(address("report-edit", version)).content.decode()
    assert "You will be asked" in page
    assert "Schedule is rated green; the evidence says red." in page


def test_figures_of_the_project_come_from_the_project_and_lead_back_to_it(browser, alpha):
    make_milestone(alpha, name="Go-live", baseline_on=THURSDAY, forecast_on=THURSDAY, show_on_report=True)
    make_issue(alpha, title="Parcels lack addresses", show_on_report=True)
    version = a_draft(alpha)
    here = address("report-edit", version)
    page = browser.get(here).content.decode()
    assert "Go-live" in page
    assert "Parcels lack addresses" in page
    back = here.replace("/", "%2F")
    for name in ("milestone-list", "project-edit", "project-risk-list", "project-issue-list", "project-decision-list"):
        assert f"{reverse(f'portfolio:{name}', args=['P-1001'])}?next={back}" in page
    for name in ("milestone-edit", "issue-edit"):
        form = f"{reverse(f'portfolio:{name}', args=['P-1001', 1])}?next={back}"
        assert f'href="{form}"' in page
        assert browser.get(form).context["next"] == here


def test_what_changed_since_last_week_is_said(browser, alpha, pia):
    milestone = make_milestone(alpha, name="Go-live", baseline_on=THURSDAY, forecast_on=THURSDAY, show_on_report=True)
    an_accepted(alpha, by=pia, end_on=THURSDAY - WEEK, at=NOON - WEEK)
    milestone.forecast_on = THURSDAY + WEEK
    milestone.save()
    version = a_draft(alpha)
    page = browser.get(address("report-edit", version)).content.decode()
    state = page[page.index("Since last week") :]
    assert "Go-live" in state
    assert "days late" in state


def test_without_a_draft_the_page_says_what_can_be_done(browser, alpha, pia, max):
    version = a_submitted(alpha)
    assert "Withdraw version 1" in browser.get(address("report-edit", version)).content.decode()
    a_finding(version, by=pia)
    version.return_for_rework(by=pia, at=NOON)
    assert "Write the next version" in browser.get(address("report-edit", version)).content.decode()
    start_draft(version.deliverable, by=max, at=NOON)
    assert "Draft of version 2" in browser.get(address("report-edit", version)).content.decode()


def test_an_accepted_report_offers_a_correction_instead_of_the_form(browser, alpha, pia):
    version = an_accepted(alpha, by=pia)
    assert "Begin a correction" in browser.get(address("report-edit", version)).content.decode()


def test_the_page_is_never_stored_by_the_browser(browser, alpha):
    version = a_draft(alpha)
    assert "no-store" in browser.get(address("report-edit", version))["Cache-Control"]


def test_the_form_costs_the_same_for_one_row_of_each_kind_and_for_ten(browser, alpha, max):
    def count(project) -> int:
        version = a_draft(project)
        url = address("report-edit", version)
        browser.get(url)
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(url).status_code == 200
        return len(seen)

    other = make_project(code="P-1003", project_manager=max, governance_class=3)
    for project, rows in ((alpha, 1), (other, 10)):
        for _ in range(rows):
            make_milestone(project, baseline_on=THURSDAY, forecast_on=THURSDAY, show_on_report=True)
            make_risk(project, show_on_report=True)
            make_issue(project, show_on_report=True)
    assert count(alpha) == count(other)
    assert StatusReport.objects.count() == 2


def test_a_correction_asks_what_it_changes(browser, alpha, pia, max):
    accepted = an_accepted(alpha, by=pia)
    version = start_correction(accepted, by=max, at=NOON)
    refused = browser.post(address("report-submit", version), sent(version, headline="Corrected"))
    assert '<li><a href="#change_note' in refused.content.decode()
    answer = browser.post(address("report-submit", version), sent(version, change_note="The headline named the wrong week."))
    assert answer.status_code == 302
