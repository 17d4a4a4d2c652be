"""Reading reports: the Status room, a version, why a rating is what it is; who reads what; at a constant number of queries."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from governance.findings import answer_finding
from governance.models import Deliverable
from governance.reports import excuse, start_correction, start_draft
from tests.factories import make_decision, make_issue, make_milestone, make_risk
from tests.governance.stories import (
    NOON,
    RED,
    THURSDAY,
    WEEK,
    a_draft,
    a_finding,
    a_submitted,
    agreed_terms,
    all_letters,
    an_accepted,
)

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _thursday_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def address(name: str, *parts: object) -> str:
    return reverse(f"governance:{name}", args=["P-1001", *parts])


def read(client, person, name: str, *parts: object):
    client.force_login(person)
    return client.get(address(name, *parts))


# The Status room


def test_the_room_says_what_is_due_and_has_one_button_for_it(client, alpha, max):
    page = read(client, max, "report-list").content.decode()
    assert "today 17:00" in page
    assert "5 h 00 min" in page
    assert page.count("btn--first") == 1
    assert "Write report 1" in page


def test_looking_writes_nothing(client, alpha, max):
    read(client, max, "report-list")
    read(client, max, "report-new")
    assert not Deliverable.objects.exists()


def test_who_does_not_write_has_no_button(client, alpha, tess):
    assert "btn--first" not in read(client, tess, "report-list").content.decode()


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (lambda project, pia: a_draft(project), "Continue report 1"),
        (lambda project, pia: a_submitted(project), "Waits for review"),
        (lambda project, pia: an_accepted(project, by=pia), "Accepted"),
        (lambda project, pia: came_back(project, pia), "Write version 2 of report 1"),
    ],
)
def test_the_room_names_the_next_step_in_each_state(client, alpha, pia, max, prepare, said):
    prepare(alpha, pia)
    assert said in read(client, max, "report-list").content.decode()


def came_back(project, pia):
    version = a_submitted(project)
    finding = a_finding(version, by=pia)
    version.return_for_rework(by=pia, at=NOON)
    return version, finding


def test_a_missed_report_is_still_offered_beside_the_one_due_now(client, alpha, pia, max):
    an_accepted(alpha, by=pia, end_on=THURSDAY - 2 * WEEK, at=NOON - 2 * WEEK)
    from governance.clock import Office
    from governance.periods import period_ending
    from governance.reports import open_period

    rules = Office.load(3).rules
    open_period(alpha, period_ending(THURSDAY - WEEK, 3, rules), at=NOON - WEEK)
    a_draft(alpha)
    page = read(client, max, "report-list").content.decode()
    assert "Also waits for you" in page
    assert "Write report 2" in page
    assert "5 working days late" in page


def test_a_project_on_hold_owes_nothing(client, alpha, pia, max):
    alpha.put_on_hold(by=pia, reason="The vendor is in court.")
    page = read(client, max, "report-list").content.decode()
    assert "on hold, so it owes no status reports" in page
    assert "btn--first" not in page


def test_the_room_counts_what_came_in_on_time_and_marks_what_did_not(client, alpha, pia, max):
    an_accepted(alpha, by=pia, end_on=THURSDAY - 2 * WEEK, at=NOON - 2 * WEEK)
    an_accepted(alpha, by=pia, end_on=THURSDAY - WEEK, at=NOON - WEEK + 24 * HOUR)
    page = read(client, max, "report-list").content.decode()
    assert "1 of 2 on time" in page
    assert "1 working day late" in page


def test_the_strips_lead_to_the_reports_of_their_weeks(client, alpha, pia, max):
    an_accepted(alpha, by=pia, end_on=THURSDAY - WEEK, at=NOON - WEEK)
    page = read(client, max, "report-list").content.decode()
    assert page.count(f'href="{address("report-detail", 1)}" aria-label=') == 7


def test_an_excuse_is_shown_with_its_reason(client, alpha, pia, max):
    from governance.reports import current_deliverable

    excuse(current_deliverable(alpha, at=NOON), by=pia, reason="The office is closed.", at=NOON)
    page = read(client, max, "report-list").content.decode()
    assert "The office is closed." in page
    assert "btn--first" not in page


def test_the_room_pages_a_long_past(client, alpha, pia, max):
    from governance.clock import Office
    from governance.periods import period_ending
    from governance.reports import open_period

    office = Office.load(3)
    for back in range(30):
        open_period(alpha, period_ending(THURSDAY - back * WEEK, 3, office.rules), at=NOON, office=office)
    page = read(client, max, "report-list").content.decode()
    assert "1 to 26 of 30" in page


def queries(client, person, url: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(person)
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def test_the_room_costs_the_same_for_three_reports_and_for_twenty(client, alpha, pia, max):
    for back in range(3, 0, -1):
        an_accepted(alpha, by=pia, end_on=THURSDAY - back * WEEK, at=NOON - back * WEEK)
    few = queries(client, max, address("report-list"))
    for back in range(20, 3, -1):
        an_accepted(alpha, by=pia, end_on=THURSDAY - back * WEEK, at=NOON - back * WEEK)
    assert queries(client, max, address("report-list")) == few
    assert few <= 30


# A version


@pytest.mark.parametrize("person", ["max", "pia", "gina", "audrey", "tess", "sam"])
def test_those_inside_read_the_whole_accepted_report(client, alpha, request, pia, person):
    make_risk(alpha, title="If the county is late, then go-live slips", show_on_report=True)
    an_accepted(alpha, by=pia)
    page = read(client, request.getfixturevalue(person), "report-detail", 1).content.decode()
    assert "If the county is late" in page
    assert "Sign-off record" in page


@pytest.mark.parametrize("person", ["bea", "fay"])
def test_those_outside_read_what_is_published(client, alpha, beta, request, pia, person):
    make_risk(alpha, title="If the county is late, then go-live slips", show_on_report=True)
    an_accepted(alpha, by=pia, ratings=all_letters(schedule=dict(RED)))
    page = read(client, request.getfixturevalue(person), "report-detail", 1).content.decode()
    assert "If the county is late" not in page
    assert "Sign-off record" not in page
    assert "Week to" in page


@pytest.mark.parametrize("person", ["tess", "sam", "bea", "fay"])
@pytest.mark.parametrize("prepare", [a_draft, a_submitted])
def test_what_is_in_work_does_not_exist_for_others(client, alpha, beta, request, person, prepare):
    prepare(alpha)
    reader = request.getfixturevalue(person)
    assert read(client, reader, "report-version", 1, 1).status_code == 404
    assert read(client, reader, "report-why", 1, 1, "schedule").status_code == 404
    page = read(client, reader, "report-detail", 1)
    assert page.status_code == 200
    assert "the intake forms are tested" not in page.content.decode()


@pytest.mark.parametrize("name", ["report-list", "report-new"])
@pytest.mark.parametrize("person", ["stella", "olaf", "adam", "hugo"])
def test_the_project_does_not_exist_for_outsiders(client, alpha, request, person, name):
    assert read(client, request.getfixturevalue(person), name).status_code == 404


def test_an_accepted_report_reads_the_same_whatever_happens_later(client, alpha, pia, max):
    milestone = make_milestone(alpha, name="Go-live", is_key=True, baseline_on=THURSDAY, forecast_on=THURSDAY)
    an_accepted(alpha, by=pia)
    before = read(client, max, "report-detail", 1).content.decode()
    milestone.name, milestone.forecast_on = "Another name", THURSDAY + 4 * WEEK
    milestone.save()
    after = read(client, max, "report-detail", 1).content.decode()
    assert "Another name" not in after
    assert content_part(before) == content_part(after)


def content_part(page: str) -> str:
    return page[page.index('id="section-headline"') : page.index('id="section-sign-offs"')]


def test_a_superseded_version_stays_readable_and_is_marked(client, alpha, pia, max):
    accepted = an_accepted(alpha, by=pia)
    correction = start_correction(accepted, by=max, at=NOON)
    correction.status_report.change_note = "The headline named the wrong week."
    correction.status_report.save()
    correction.submit(by=max, at=NOON)
    correction.approve(by=pia, at=NOON, terms=agreed_terms(correction))
    old = read(client, max, "report-version", 1, 1).content.decode()
    assert "This version is superseded" in old
    assert address("report-detail", 1) in old
    new = read(client, max, "report-detail", 1).content.decode()
    assert "The headline named the wrong week." in new
    assert "This version is superseded" not in new


def test_findings_stand_on_the_page_with_their_answers(client, alpha, pia, max):
    version, finding = came_back(alpha, pia)
    page = read(client, max, "report-version", 1, 1).content.decode()
    assert "Say how late go-live is." in page
    assert address("finding-answer", 1, 1, 1) in page
    answer_finding(finding, by=max, text="It is 12 days late.", at=NOON)
    start_draft(version.deliverable, by=max, at=NOON)
    assert "It is 12 days late." in read(client, max, "report-version", 1, 2).content.decode()


@pytest.mark.parametrize(
    ("prepare", "person", "shown", "hidden"),
    [
        (an_accepted, "max", ["Begin a correction", "One-page PDF"], ["Withdraw"]),
        (a_submitted, "max", ["Withdraw"], ["Begin a correction", "One-page PDF"]),
        (an_accepted, "tess", ["One-page PDF"], ["Begin a correction", "Withdraw"]),
        (a_submitted, "audrey", [], ["Withdraw", "Begin a correction"]),
        (a_draft, "max", ["Continue writing"], ["Withdraw", "One-page PDF"]),
    ],
)
def test_the_buttons_are_those_of_the_state_and_the_person(client, alpha, pia, request, prepare, person, shown, hidden):
    prepare(alpha, **({"by": pia} if prepare is an_accepted else {}))
    page = read(client, request.getfixturevalue(person), "report-version", 1, 1).content.decode()
    assert [word for word in shown if f">{word}<" not in page] == []
    assert [word for word in hidden if f">{word}<" in page] == []


def test_each_rating_says_why_on_a_page_and_in_a_panel(client, alpha, pia, max):
    make_milestone(alpha, name="Go-live", is_key=True, baseline_on=THURSDAY - 4 * WEEK, forecast_on=THURSDAY)
    an_accepted(alpha, by=pia)
    page = read(client, max, "report-why", 1, 1, "schedule").content.decode()
    assert "Why is schedule red?" in page
    assert "Go-live" in page
    assert 'id="why-schedule"' in read(client, max, "report-version", 1, 1).content.decode()
    assert read(client, max, "report-why", 1, 1, "weather").status_code == 404


def test_the_version_page_costs_the_same_for_one_row_of_each_kind_and_for_ten(client, alpha, pia, max):
    def rows(count):
        for _ in range(count):
            make_milestone(alpha, baseline_on=THURSDAY, forecast_on=THURSDAY, show_on_report=True)
            make_risk(alpha, show_on_report=True)
            make_issue(alpha, show_on_report=True)
            make_decision(alpha, show_on_report=True)

    rows(1)
    an_accepted(alpha, by=pia, end_on=THURSDAY - WEEK, at=NOON - WEEK)
    few = queries(client, max, address("report-detail", 1))
    rows(10)
    an_accepted(alpha, by=pia)
    assert queries(client, max, address("report-detail", 2)) <= few
    assert few <= 25
    many = queries(client, pia, address("report-version", 2, 1))
    assert many <= 30


@pytest.mark.pdf
@pytest.mark.parametrize(("person", "edition"), [("max", "office"), ("tess", "office"), ("fay", "public"), ("bea", "public")])
def test_the_paper_is_the_stored_one_in_the_edition_of_the_reader(client, alpha, beta, pia, request, person, edition):
    version = an_accepted(alpha, by=pia)
    answer = read(client, request.getfixturevalue(person), "report-pdf", 1, 1)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content == bytes(version.pdfs.get(edition=edition).file)


def test_a_report_that_is_not_accepted_has_no_paper_and_says_so(client, alpha, max):
    a_submitted(alpha)
    answer = read(client, max, "report-pdf", 1, 1)
    assert answer.url == address("report-version", 1, 1)
    assert "Only what is decided has a PDF" in client.get(answer.url).content.decode()
