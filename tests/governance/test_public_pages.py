"""The public side of a project: who opens it, what stands on it in each situation, and what it costs."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from governance.findings import answer_finding, close_finding
from governance.reports import start_correction, start_draft
from governance.standings import rebuild_standings
from tests.factories import make_milestone, make_project
from tests.governance.portfolios import a_standing
from tests.governance.stories import NOON, THURSDAY, WEEK, a_finding, a_submitted, agreed_terms, all_letters, an_accepted

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
YELLOW = {"pm_letter": "Y", "reason": "The interface is a week late."}


@pytest.fixture
def reader(client: Client, stella: Any) -> Client:
    client.force_login(stella)
    return client


def html(client: Client, name: str, *args: Any) -> str:
    answer = client.get(reverse(f"governance:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def page_opens_at(monkeypatch: pytest.MonkeyPatch, at: dt.datetime) -> None:
    """Let the public pages believe that it is `at`; sessions keep the real time."""
    monkeypatch.setattr("governance.views.public.timezone", SimpleNamespace(now=lambda: at))


@pytest.fixture
def now_is_later(monkeypatch: pytest.MonkeyPatch) -> None:
    page_opens_at(monkeypatch, NOON + dt.timedelta(days=1))


@pytest.mark.parametrize(
    ("name", "status"),
    [("stella", 200), ("pia", 200), ("bea", 200), ("tess", 200), ("sam", 200), ("olaf", 404), ("hugo", 404), ("adam", 404)],
)
@pytest.mark.parametrize("page", ["public-project", "public-report", "public-why"])
def test_who_reads_what_is_published(
    name: str, status: int, page: str, request: Any, client: Client, alpha: Any, beta: Any, pia: Any
) -> None:
    an_accepted(alpha, by=pia)
    client.force_login(request.getfixturevalue(name))
    more = {"public-project": [], "public-report": [1], "public-why": ["overall"]}[page]
    assert client.get(reverse(f"governance:{page}", args=["P-1001", *more])).status_code == status


def test_a_member_reads_the_public_side_of_their_own_project_only(client: Client, alpha: Any, beta: Any, tess: Any) -> None:
    client.force_login(tess)
    assert client.get("/portfolio/P-1001/").status_code == 200
    assert client.get("/portfolio/P-1002/").status_code == 404


@pytest.mark.usefixtures("now_is_later")
def test_each_mark_of_a_strip_leads_to_the_report_of_its_week(reader: Client, alpha: Any, pia: Any) -> None:
    for week in (2, 1, 0):
        an_accepted(alpha, by=pia, at=NOON - week * WEEK, end_on=THURSDAY - week * WEEK)
    said = html(reader, "public-project", alpha.code)
    for number, day in ((1, "Thu 5 Nov 2026"), (2, "Thu 12 Nov 2026"), (3, "Thu 19 Nov 2026")):
        assert f'<a href="/portfolio/P-1001/reports/{number}/" aria-label="Schedule, week to {day}: On plan">' in said
    assert "Schedule, week to Thu 29 Oct 2026: no accepted report" in said


@pytest.mark.usefixtures("now_is_later")
def test_the_evidence_stands_beside_where_it_differs_and_says_its_tests(reader: Client, alpha: Any, pia: Any) -> None:
    make_milestone(alpha, name="Go-live", is_key=True, baseline_on=THURSDAY - 4 * WEEK, forecast_on=THURSDAY + WEEK)
    an_accepted(alpha, by=pia)
    said = html(reader, "public-why", alpha.code, "schedule")
    assert "Why is schedule green?" in said
    assert "The office agrees." in said
    assert "Key milestone" in said
    assert '<span class="src">evidence</span>' in html(reader, "public-project", alpha.code)


def test_a_project_without_a_report_says_so_and_shows_no_working_fact(reader: Client) -> None:
    project = make_project(purpose="An unpublished purpose", budget_amount=777_777)
    said = html(reader, "public-project", project.code)
    assert "Nothing is published yet" in said
    assert "unpublished purpose" not in said
    assert "777,777" not in said
    assert "Grey means that nobody knows" in html(reader, "public-why", project.code, "overall")


def test_imported_words_are_said_to_be_unreviewed(reader: Client) -> None:
    project = make_project(source="Another portfolio")
    a_standing("-", project=project, imported_rating="Amber/Red", imported_as_of=THURSDAY)
    for name, more in (("public-project", []), ("public-why", ["overall"])):
        said = html(reader, name, project.code, *more)
        assert "Amber/Red" in said
        assert "has not reviewed" in said


def test_a_stale_report_is_grey_and_still_readable(reader: Client, alpha: Any, pia: Any, monkeypatch: Any) -> None:
    an_accepted(alpha, by=pia)
    later = NOON + 4 * WEEK
    rebuild_standings(at=later)
    page_opens_at(monkeypatch, later)
    said = html(reader, "public-project", alpha.code)
    assert "Why no data" in said
    assert "The last accepted report is 28 days old." in said
    assert "Read report 1" in html(reader, "public-why", alpha.code, "overall")
    assert "the intake forms are tested" in html(reader, "public-report", alpha.code, 1)


def test_a_correction_takes_the_place_of_what_it_corrects(reader: Client, alpha: Any, pia: Any, max: Any) -> None:
    accepted = an_accepted(alpha, by=pia, headline="The wrong week is named here.")
    correction = start_correction(accepted, by=max, at=NOON + 4 * HOUR)
    report = correction.status_report
    report.headline, report.change_note = "The right week is named here.", "The headline named the wrong week."
    report.save()
    correction.submit(by=max, at=NOON + 5 * HOUR)
    correction.approve(by=pia, at=NOON + 6 * HOUR, terms=agreed_terms(correction))
    said = html(reader, "public-report", alpha.code, 1)
    assert "The right week" in said
    assert "The wrong week is named" not in said
    assert "The headline named the wrong week." in said
    assert "corrected" in html(reader, "public-project", alpha.code)


def test_a_report_that_was_returned_before_its_acceptance_is_no_correction(
    reader: Client, alpha: Any, pia: Any, max: Any
) -> None:
    returned = a_submitted(alpha)
    finding = a_finding(returned, by=pia)
    returned.return_for_rework(by=pia, at=NOON + 2 * HOUR)
    again = start_draft(returned.deliverable, by=max, at=NOON + 3 * HOUR)
    answer_finding(finding, by=max, text="Four days.", at=NOON + 3 * HOUR)
    again.submit(by=max, at=NOON + 4 * HOUR)
    close_finding(finding, by=pia, at=NOON + 4 * HOUR)
    again.approve(by=pia, at=NOON + 5 * HOUR, terms=agreed_terms(again))
    said = html(reader, "public-project", alpha.code)
    assert 'href="/portfolio/P-1001/reports/1/"' in said
    assert "corrected" not in said


def test_a_report_that_waits_is_not_there(reader: Client, alpha: Any) -> None:
    a_submitted(alpha)
    assert reader.get("/portfolio/P-1001/reports/1/").status_code == 404
    assert "Nothing is published yet" in html(reader, "public-project", alpha.code)


def test_unknown_dimensions_and_projects_do_not_exist(reader: Client, alpha: Any) -> None:
    assert reader.get("/portfolio/P-1001/why/morale/").status_code == 404
    assert reader.get("/portfolio/P-0000/").status_code == 404


@pytest.mark.pdf
def test_the_public_pdf_is_the_stored_one(reader: Client, alpha: Any, pia: Any) -> None:
    version = an_accepted(alpha, by=pia)
    first = reader.get("/portfolio/P-1001/reports/1.pdf")
    assert (first.status_code, first["Content-Type"]) == (200, "application/pdf")
    assert first.content == bytes(version.pdfs.get(edition="public").file)
    assert reader.get("/portfolio/P-1001/reports/1.pdf").content == first.content


def test_reports_are_listed_twelve_a_page(reader: Client, alpha: Any, pia: Any) -> None:
    for week in range(14, 0, -1):
        an_accepted(alpha, by=pia, at=NOON - week * WEEK, end_on=THURSDAY - week * WEEK)
    said = html(reader, "public-project", alpha.code)
    assert "14 published" in said
    assert said.count("PDF<span") == 12
    assert reader.get("/portfolio/P-1001/?page=2").content.decode().count("PDF<span") == 2


def test_fourteen_reports_cost_as_many_queries_as_two(reader: Client, alpha: Any, pia: Any) -> None:
    def queries() -> int:
        reader.get("/portfolio/P-1001/")
        with CaptureQueriesContext(connection) as caught:
            reader.get("/portfolio/P-1001/")
        return len(caught)

    for week in (14, 13):
        an_accepted(alpha, by=pia, at=NOON - week * WEEK, end_on=THURSDAY - week * WEEK)
    few = queries()
    for week in range(12, 0, -1):
        an_accepted(alpha, by=pia, at=NOON - week * WEEK, end_on=THURSDAY - week * WEEK, ratings=all_letters(schedule=YELLOW))
    assert queries() == few
    assert few <= 12
