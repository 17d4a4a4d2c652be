"""The form of the weekly report: filled in, saved, refused with links, submitted; nothing typed is lost."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from governance.models import Deliverable, DeliverableVersion, SignOff
from governance.reports import start_draft
from governance.states import VersionState
from pmo.lib.errors import Refused
from tests.governance.stories import NOON, RED, THURSDAY, WEEK, a_draft, a_finding, a_submitted, all_letters, an_accepted
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


# Beginning


def test_one_button_begins_the_report_that_is_due(browser, alpha):
    answer = browser.post(NEW, {"number": 1})
    version = DeliverableVersion.objects.get()
    assert answer.url == address("report-edit", version)
    assert (version.state, version.deliverable.number, version.deliverable.period_end_on) == ("draft", 1, THURSDAY)


def test_beginning_twice_leads_to_the_same_draft(browser, alpha):
    browser.post(NEW)
    browser.post(NEW)
    assert DeliverableVersion.objects.count() == 1


def test_a_get_shows_what_would_be_opened_and_opens_nothing(browser, alpha):
    page = browser.get(NEW).content.decode()
    assert "Weekly report 1" in page
    assert not Deliverable.objects.exists()


def test_a_new_report_is_filled_in_from_the_last_accepted_one(browser, alpha, pia):
    yellow = {"pm_letter": "Y", "reason": "The vendor is a week late."}
    ratings = all_letters(budget=yellow, risk=dict(RED))
    an_accepted(alpha, by=pia, end_on=THURSDAY - WEEK, at=NOON - WEEK, ratings=ratings, plan="Train the clerks\nClose sprint 9")
    browser.post(NEW)
    version = DeliverableVersion.objects.get(state="draft")
    page = browser.get(address("report-edit", version)).content.decode()
    assert "filled in from report 1" in page
    assert "The vendor is a week late." in page
    assert "The vendor missed the acceptance test." in page
    assert "0 of 2 answered" in page
    assert page.count("same text as last week") == 4


def test_a_new_report_goes_on_from_one_that_still_waits(browser, alpha, pia):
    an_accepted(alpha, by=pia, end_on=THURSDAY - 2 * WEEK, at=NOON - 2 * WEEK, plan="Train the clerks")
    a_submitted(alpha, end_on=THURSDAY - WEEK, at=NOON - WEEK, plan="Close sprint 9")
    browser.post(NEW)
    version = DeliverableVersion.objects.get(state="draft")
    page = browser.get(address("report-edit", version)).content.decode()
    assert "filled in from report 2" in page
    assert "Close sprint 9" in page
    assert "Train the clerks" not in page


def test_a_reason_is_not_carried_over_from_a_week_that_was_green(browser, alpha, pia):
    left_over = {"pm_letter": "G", "reason": "A reason of long ago, left over."}
    accepted = an_accepted(alpha, by=pia, end_on=THURSDAY - WEEK, at=NOON - WEEK, ratings=all_letters(budget=left_over))
    assert "left over" not in accepted.content
    browser.post(NEW)
    version = DeliverableVersion.objects.get(state="draft")
    assert version.status_report.ratings.get(dimension="budget").reason == ""


@pytest.mark.parametrize("person", ["tess", "sam", "gina", "audrey"])
def test_only_the_manager_and_the_office_begin_a_report(client, alpha, request, person):
    someone = request.getfixturevalue(person)
    client.force_login(someone)
    assert client.post(NEW).status_code == 403
    deliverable = a_draft(alpha).deliverable
    deliverable.versions.update(
        state="withdrawn", submitted_at=NOON, submitted_by=alpha.project_manager, content_sha256="0" * 64
    )
    with pytest.raises(Refused) as refused:
        start_draft(deliverable, by=someone, at=NOON)
    assert refused.value.code == "not_writer"


def test_the_office_manager_may_write_for_the_project_manager(client, alpha, pia):
    client.force_login(pia)
    assert client.post(NEW).status_code == 302
    assert DeliverableVersion.objects.get().author == pia


def test_a_project_that_owes_no_reports_begins_none(browser, alpha, pia):
    alpha.put_on_hold(by=pia, reason="The vendor is in court.")
    assert browser.post(NEW).url == "/projects/P-1001/reports/"
    assert not Deliverable.objects.exists()


def test_before_the_first_status_date_the_first_report_is_offered(browser, alpha):
    alpha.reporting_from_on = THURSDAY + 2 * WEEK
    alpha.save()
    browser.post(NEW)
    assert Deliverable.objects.get().period_end_on == THURSDAY + 2 * WEEK


# Saving


def test_the_button_save_stores_every_field(browser, alpha):
    version = a_draft(alpha)
    typed = sent(
        version,
        headline="Forms tested",
        accomplishments="Forms tested\r\nClerks trained",
        plan="Close sprint 9",
        keeps_plan="on",
        quality__pm_letter="R",
        quality__reason="Answer times are over the target.",
        quality__cause="Too few agents",
        quality__action="Second shift",
        quality__action_owner="Nadia Fenwold",
        quality__action_due_on="2026-12-11",
        quality__measure="90 % in five minutes",
    )
    assert browser.post(address("report-edit", version), typed).url == address("report-edit", version)
    report = report_of(version)
    quality = report.ratings.get(dimension="quality")
    assert (report.headline, report.accomplishments, report.plan) == (
        "Forms tested",
        "Forms tested\nClerks trained",
        "Close sprint 9",
    )
    assert report.keeps_plan
    assert (quality.pm_letter, quality.reason, quality.cause) == ("R", "Answer times are over the target.", "Too few agents")
    assert (quality.action_owner, quality.action_due_on) == ("Nadia Fenwold", dt.date(2026, 12, 11))


def test_last_weeks_plan_is_answered_item_by_item(browser, alpha, pia):
    an_accepted(alpha, by=pia, end_on=THURSDAY - WEEK, at=NOON - WEEK, plan="Train the clerks\nClose sprint 9")
    version = a_draft(alpha)
    typed = sent(version, outcome__0="done", outcome__1="not_done", note__1="The vendor was ill")
    browser.post(address("report-edit", version), typed)
    rows = list(report_of(version).reconciliations.values_list("outcome", "note"))
    assert rows == [("done", ""), ("not_done", "The vendor was ill")]


def test_a_draft_may_be_incomplete(browser, alpha):
    version = a_draft(alpha)
    assert browser.post(address("report-edit", version), sent(version, headline="", plan="")).status_code == 302
    assert report_of(version).headline == ""


@pytest.mark.parametrize(
    ("field", "text"), [("headline", "x" * 301), ("schedule-action_due_on", "next week"), ("schedule-pm_letter", "P")]
)
def test_what_cannot_be_read_is_named_and_everything_typed_stays(browser, alpha, field, text):
    version = a_draft(alpha)
    before = report_of(version).revision
    typed = {**sent(version, accomplishments="Typed words"), field: text}
    answer = browser.post(address("report-edit", version), typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#{field}' in page
    assert "Typed words" in page
    assert report_of(version).revision == before


def test_a_form_that_could_not_be_read_keeps_the_revision_it_was_opened_at(browser, alpha):
    version = a_draft(alpha)
    typed = sent(version, headline="x" * 301)
    browser.post(address("report-edit", version), sent(version, plan="Saved in another tab"))
    page = browser.post(address("report-edit", version), typed).content.decode()
    assert f'name="revision" value="{typed["revision"]}"' in page


@pytest.mark.parametrize("state", [state for state in VersionState if state != VersionState.DRAFT])
def test_a_version_that_is_no_draft_takes_no_words_and_shows_what_was_typed(browser, alpha, pia, state):
    version = a_submitted(alpha)
    typed = sent(version, headline="Words that came too late")
    bring_to(version, state, pia)
    before = version.content
    for name in ("report-edit", "report-submit", "report-preview", "report-conflict"):
        answer = browser.post(address(name, version), typed)
        assert answer.status_code == 409
        assert "Words that came too late" in answer.content.decode()
    version.refresh_from_db()
    assert version.content == before
    assert version.status_report.headline != "Words that came too late"


def bring_to(version, state, pia) -> None:
    decided = {"decided_at": NOON, "decided_by": pia}
    open_states = (VersionState.SUBMITTED, VersionState.IN_REVIEW, VersionState.WITHDRAWN)
    DeliverableVersion.objects.filter(pk=version.pk).update(state=state, **({} if state in open_states else decided))


# Submitting


def test_submitting_saves_what_was_typed_and_freezes_it(browser, alpha, max):
    version = a_draft(alpha)
    answer = browser.post(address("report-submit", version), sent(version, headline="Typed in the same moment"))
    version.refresh_from_db()
    assert answer.url == address("report-version", version, 1)
    assert version.state == "submitted"
    assert "Typed in the same moment" in version.content
    assert (SignOff.objects.get().action, SignOff.objects.get().person) == ("submit", max)
    assert "submitted" in set(version.history.values_list("history_change_reason", flat=True))


def test_submitting_needs_a_post(browser, alpha):
    version = a_draft(alpha)
    assert browser.get(address("report-submit", version)).status_code == 405
    assert DeliverableVersion.objects.get().state == "draft"


@pytest.mark.parametrize(
    ("person", "status"), [("tess", 403), ("sam", 403), ("gina", 403), ("bea", 403), ("stella", 404), ("olaf", 404)]
)
@pytest.mark.parametrize("name", ["report-edit", "report-submit", "report-autosave", "report-conflict", "report-preview"])
def test_nobody_else_writes(client, alpha, beta, request, person, status, name):
    version = a_draft(alpha)
    client.force_login(request.getfixturevalue(person))
    before = report_of(version).headline
    assert client.post(address(name, version), sent(version, headline="A stranger's words")).status_code == status
    assert report_of(version).headline == before
    assert DeliverableVersion.objects.get().state == "draft"


OBSTACLES = {
    "overall-pm_letter": {"overall__pm_letter": ""},
    "quality-reason": {"quality__pm_letter": "Y", "quality__reason": "Too short"},
    "quality-measure": {**{f"quality__{name}": str(value) for name, value in RED.items()}, "quality__measure": ""},
    "headline": {"headline": " "},
    "outcome-0": {"outcome__0": ""},
    "accomplishments": {"accomplishments": ""},
    "plan": {"plan": ""},
    "keeps_plan": {"plan": "Train the clerks"},
}


@pytest.mark.parametrize("field", OBSTACLES)
def test_what_stands_in_the_way_is_listed_with_a_link_to_its_field_and_the_words_stay(browser, alpha, pia, field):
    an_accepted(alpha, by=pia, end_on=THURSDAY - WEEK, at=NOON - WEEK, plan="Train the clerks")
    version = a_draft(alpha)
    typed = sent(version, **OBSTACLES[field])
    typed["risk-reason"] = "Words beside the obstacle"
    answer = browser.post(address("report-submit", version), typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "1 thing stands in the way of submitting" in page
    assert f'<li><a href="#{field}' in page
    assert f'id="{field}' in page
    assert "Words beside the obstacle" in page
    assert report_of(version).ratings.get(dimension="risk").reason == "Words beside the obstacle"
    assert DeliverableVersion.objects.get(pk=version.pk).state == "draft"


def test_the_field_of_an_obstacle_is_marked_for_readers(browser, alpha):
    version = a_draft(alpha)
    page = browser.post(address("report-submit", version), sent(version, headline="")).content.decode()
    field = page[page.index('name="headline"') :].split(">")[0]
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="headline_error"' in field


def test_after_a_refusal_the_next_try_goes_through(browser, alpha):
    version = a_draft(alpha)
    page = browser.post(address("report-submit", version), sent(version, headline="")).content.decode()
    revision = page.split('name="revision" value="')[1].split('"')[0]
    typed = {**sent(version, headline="Now with a headline"), "revision": revision}
    assert browser.post(address("report-submit", version), typed).status_code == 302
    assert DeliverableVersion.objects.get(pk=version.pk).state == "submitted"


def test_an_unchanged_week_takes_an_answer_an_item_one_line_one_tick_and_the_button(browser, alpha, pia):
    an_accepted(alpha, by=pia, end_on=THURSDAY - WEEK, at=NOON - WEEK, plan="Train the clerks")
    browser.post(NEW)
    version = DeliverableVersion.objects.get(state="draft")
    typed = sent(version, outcome__0="not_done", accomplishments="None this week, the office was closed", keeps_plan="on")
    assert browser.post(address("report-submit", version), typed).status_code == 302


# What came back


def came_back(project, pia, max):
    first = a_submitted(project)
    finding = a_finding(first, by=pia)
    first.return_for_rework(by=pia, at=NOON)
    return start_draft(first.deliverable, by=max, at=NOON), finding


def test_findings_stand_at_the_top_and_are_answered_with_the_report(browser, alpha, pia, max):
    version, finding = came_back(alpha, pia, max)
    page = browser.get(address("report-edit", version)).content.decode()
    assert page.index("Say how late go-live is.") < page.index('id="section-ratings"')
    refused = browser.post(address("report-submit", version), sent(version))
    assert refused.status_code == 422
    assert '<li><a href="#section-findings">' in refused.content.decode()
    typed = sent(version, **{f"finding-{finding.pk}": "The headline says 12 days."})
    assert browser.post(address("report-submit", version), typed).status_code == 302
    finding.refresh_from_db()
    assert (finding.state, finding.answer, finding.answered_by) == ("answered", "The headline says 12 days.", max)


def test_an_answer_is_not_taken_back_to_nothing(browser, alpha, pia, max):
    version, finding = came_back(alpha, pia, max)
    name = f"finding-{finding.pk}"
    browser.post(address("report-edit", version), sent(version, **{name: "The headline says 12 days."}))
    assert browser.post(address("report-edit", version), sent(version, **{name: ""})).status_code == 422
    finding.refresh_from_db()
    assert finding.answer == "The headline says 12 days."


def test_an_answer_is_kept_even_if_the_draft_is_saved_again(browser, alpha, pia, max):
    version, finding = came_back(alpha, pia, max)
    browser.post(address("report-edit", version), sent(version, **{f"finding-{finding.pk}": "The headline says 12 days."}))
    answered_at = type(finding).objects.get(pk=finding.pk).answered_at
    browser.post(address("report-edit", version), sent(version, headline="Another headline"))
    finding.refresh_from_db()
    assert (finding.answer, finding.answered_at) == ("The headline says 12 days.", answered_at)
