"""The dashboard: who sees it, what it says, filters, order, pages, files, and what it costs."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from governance.dashboard import Lens, move_of, totals_of
from pmo.models import SavedView
from tests.factories import make_department, make_project
from tests.governance.portfolios import WEEK, a_standing, today

pytestmark = pytest.mark.django_db
CODE = re.compile(r'class="code">(P-[\w-]+)<')


@pytest.fixture
def reader(client: Client, stella: Any) -> Client:
    client.force_login(stella)
    return client


def page(client: Client, query: str = "") -> str:
    answer = client.get(f"/portfolio/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def codes(client: Client, query: str = "") -> list[str]:
    return CODE.findall(page(client, query))


def csv_rows(client: Client, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/portfolio.csv{query}")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


# Who


@pytest.mark.parametrize("name", ["stella", "pia", "gina", "fay", "audrey", "max"])
def test_stakeholders_office_and_project_managers_see_it(name: str, request: Any, client: Client, alpha: Any) -> None:
    client.force_login(request.getfixturevalue(name))
    assert client.get("/portfolio/").status_code == 200


@pytest.mark.parametrize("name", ["olaf", "hugo", "adam", "tess", "sam"])
@pytest.mark.parametrize(
    "path", ["/portfolio/", "/portfolio.csv", "/portfolio.xlsx", "/portfolio.json", "/portfolio.pdf", "/portfolio/changes/"]
)
def test_everybody_else_is_refused(name: str, path: str, request: Any, client: Client, alpha: Any) -> None:
    client.force_login(request.getfixturevalue(name))
    assert client.get(path).status_code == 403


# What it says


def test_the_sentence_counts_ratings_and_the_week(reader: Client) -> None:
    a_standing("G", was="G")
    a_standing("R", was="Y")
    a_standing("G", was="R")
    a_standing("-", was="G")
    a_standing("Y", rebaselined_on=today() - dt.timedelta(days=3))
    said = re.sub(r"<[^>]+>", "", re.findall(r'<p class="sentence.*?</p>', page(reader))[0])
    assert said == (
        "5 projects: 2 on plan, 1 off plan, 1 red, 1 without data. "
        "Since last week: 1 worse, 1 better, 1 without data now, 1 re-baselined."
    )


@pytest.mark.parametrize(
    ("now", "was", "move"),
    [
        ("R", "Y", "worse"),
        ("G", "R", "better"),
        ("G", "G", ""),
        ("-", "G", "lost"),
        ("R", "-", "found"),
        ("-", "-", ""),
        ("G", "", "new"),
    ],
)
def test_what_a_week_did_to_a_rating(now: str, was: str, move: str) -> None:
    assert move_of(now, was) == move


def test_a_project_nobody_reported_on_is_there_grey_and_says_why(reader: Client) -> None:
    make_project(code="P-7001", name="Unreported")
    html = page(reader)
    assert "P-7001" in html
    assert "No report has been accepted yet." in html
    assert "1 without data" in html


def test_worst_comes_first_and_the_larger_budget_before_the_smaller(reader: Client) -> None:
    green, grey, red, yellow = (a_standing(letter).project.code for letter in "G-RY")
    large = a_standing("R", budget_amount=Decimal(9000)).project.code
    assert codes(reader) == [large, red, yellow, grey, green]


def test_evidence_stands_beside_only_where_it_differs(reader: Client) -> None:
    a_standing("Y", evidence_overall="R")
    assert page(reader).count('<span class="src">evidence</span>') == 1
    a_standing("G", evidence_overall="N")
    assert page(reader).count('<span class="src">evidence</span>') == 1


def test_the_project_managers_own_rating_is_nowhere(reader: Client) -> None:
    a_standing("Y", pm_overall="R", evidence_overall="Y")
    assert "mark--R" not in page(reader)
    assert not re.search(r"\bPM\b", re.sub(r"(?s)<header.*?</header>", "", page(reader)))
    assert csv_rows(reader)[0]["Evidence where it differs"] == ""
    assert "pm_overall" not in reader.get("/portfolio.json").content.decode()


def test_imported_words_are_shown_as_imported_and_rate_nothing(reader: Client) -> None:
    a_standing("-", imported_rating="Amber/Red", imported_as_of=today())
    html = page(reader)
    assert 'Amber/Red <span class="src">imported</span>' in html
    assert "1 without data" in html


def test_other_currencies_enter_no_total(reader: Client) -> None:
    a_standing("G", budget_amount=Decimal(2_000_000))
    a_standing("G", budget_amount=Decimal("12.40"), variance_amount=Decimal("1.20"), currency="GBP", amount_unit=1_000_000)
    html = page(reader)
    assert 'data-l="Budget">$2,000,000' in html
    assert "Not in the total, because it is no dollar amount: £12.40 M in 1 project" in html
    totals = json.loads(reader.get("/portfolio.json").content)["totals"]
    assert totals["dollars"] == {"projects": 1, "budget": "2000000.00", "against_budget": "0.00"}
    assert totals["other_currencies"] == [{"currency": "GBP", "unit": 1_000_000, "projects": 1, "budget": "12.40"}]


def test_dollars_in_thousands_are_added_as_dollars() -> None:
    a_standing("R", budget_amount=Decimal(5), amount_unit=1000)
    a_standing("R", budget_amount=Decimal(1))
    lens = Lens(today())
    assert totals_of(lens.rows(), lens).budget == 5001


def test_an_overdue_report_says_so(reader: Client) -> None:
    a_standing("-", report_period_end_on=today() - dt.timedelta(days=19), report_number=4, is_report_overdue=True)
    assert '<span class="age-late">19 days, overdue</span>' in page(reader)


def test_a_report_accepted_before_its_week_is_over_is_no_day_old(reader: Client) -> None:
    a_standing(report_period_end_on=today() + dt.timedelta(days=2), report_number=4)
    assert "-2" not in csv_rows(reader)[0]["Age of the last report, days"]
    assert '<td role="cell" data-l="Last report" class="num">today</td>' in page(reader)
    assert reader.get("/portfolio.json").json()["projects"][0]["last_report"]["age_days"] == 0


def test_names_are_escaped(reader: Client) -> None:
    a_standing(project=make_project(name="<b>Bold</b>"))
    html = page(reader)
    assert "<b>Bold</b>" not in html
    assert "&lt;b&gt;Bold&lt;/b&gt;" in html


def test_names_lead_stakeholders_to_the_public_and_the_office_to_the_working_page(reader: Client, pia: Any) -> None:
    code = a_standing().project.code
    assert f'data-open href="/portfolio/{code}/"' in page(reader)
    office = Client()
    office.force_login(pia)
    assert f'data-open href="/projects/{code}/"' in page(office)


# Filters, order, pages


def test_each_filter_finds_its_rows_and_no_other(reader: Client, max: Any) -> None:
    water = make_department(name="Water")
    wanted = make_project(code="P-7100", name="Wanted", department=water, governance_class=4, project_manager=max, phase="test")
    a_standing("R", project=wanted, phase="test", was="Y")
    a_standing("G", project=make_project(code="P-7200", governance_class=1), phase="build")
    for query in (
        "?q=wanted",
        "?q=p-7100",
        "?q=harrow",
        "?q=water",
        "?rating=R",
        f"?department={water.pk}",
        "?governance_class=4",
        "?phase=test",
        "?show=attention",
        "?show=changed",
    ):
        assert codes(reader, query) == ["P-7100"], query


def test_filters_of_one_kind_widen_and_of_two_kinds_narrow(reader: Client) -> None:
    red = a_standing("R", project=make_project(governance_class=2)).project.code
    yellow = a_standing("Y", project=make_project(governance_class=3)).project.code
    assert codes(reader, "?rating=R&rating=Y") == [red, yellow]
    assert codes(reader, "?rating=R&governance_class=3") == []


def test_projects_that_are_over_are_there_when_asked_for(reader: Client) -> None:
    over = a_standing(project=make_project(status="closed")).project.code
    going = a_standing().project.code
    assert codes(reader) == [going]
    assert codes(reader, "?state=over") == [over]
    assert sorted(codes(reader, "?state=all")) == sorted([going, over])


@pytest.mark.parametrize("sort", ["project", "phase", "finish", "slip", "budget", "variance", "report", "rating"])
def test_every_head_sorts_both_ways(reader: Client, sort: str) -> None:
    first = {"phase": "build", "forecast_finish_on": today(), "slip_days": 1, "budget_amount": 1, "variance_amount": 1}
    second = {"phase": "test", "forecast_finish_on": today() + WEEK, "slip_days": 2, "budget_amount": 2, "variance_amount": 2}
    a_standing("G", project=make_project(code="P-1", name="A"), report_period_end_on=today() - WEEK, **first)
    a_standing("R", project=make_project(code="P-2", name="B"), report_period_end_on=today(), **second)
    assert codes(reader, f"?sort={sort}") == ["P-1", "P-2"]
    assert codes(reader, f"?sort=-{sort}") == ["P-2", "P-1"]


def test_unknown_orders_and_filters_do_no_harm(reader: Client) -> None:
    a_standing("R")
    assert len(codes(reader, "?sort=standing__pm_overall")) == 1
    html = page(reader, "?rating=Q&on=yesterday")
    assert "A filter was not understood" in html
    assert "The day was not understood" in html


def test_totals_are_of_all_filtered_rows_not_of_the_page(reader: Client) -> None:
    for _ in range(27):
        a_standing("Y")
    a_standing("G")
    html = page(reader, "?rating=Y&per_page=25")
    assert len(CODE.findall(html)) == 25
    assert "<b>27 projects</b>: 0 on plan, 27 off plan" in html
    assert 'data-l="Budget">$27,000' in html
    assert "All 28" in html
    assert len(codes(reader, "?rating=Y&per_page=25&page=2")) == 2


def test_a_saved_view_of_ones_own_opens_first(reader: Client, stella: Any) -> None:
    SavedView.objects.create(owner=stella, list_name="dashboard", name="Red", query="rating=R", is_default=True)
    answer = reader.get("/portfolio/")
    assert (answer.status_code, answer["Location"]) == (302, "/portfolio/?rating=R")
    assert "Red" in page(reader, "?view=all")


# Files


def test_the_csv_holds_exactly_the_filtered_rows_in_the_order_of_the_page(reader: Client) -> None:
    for letter in "GRYRG":
        a_standing(letter)
    query = "?rating=R&rating=Y&sort=project"
    assert [row["Code"] for row in csv_rows(reader, query)] == codes(reader, query)


def test_the_csv_runs_no_formula(reader: Client) -> None:
    a_standing(project=make_project(name="=HYPERLINK(1)"))
    assert csv_rows(reader)[0]["Project"] == "'=HYPERLINK(1)"


def test_the_workbook_holds_the_same_rows_and_says_where_they_come_from(reader: Client) -> None:
    codes_red = [a_standing("R").project.code for _ in range(2)]
    a_standing("G")
    answer = reader.get("/portfolio.xlsx?rating=R")
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    head, *rows = book.get_sheet_by_name("Rows").to_python()
    assert sorted(str(row[head.index("Code")]) for row in rows) == sorted(codes_red)
    assert ["Filter: Published rating", "Needs approval"] in [row[:2] for row in book.get_sheet_by_name("About").to_python()]


def test_the_json_holds_the_same_rows(reader: Client) -> None:
    a_standing("R", evidence_overall="G", slip_days=12)
    a_standing("G")
    found = json.loads(reader.get("/portfolio.json?show=attention").content)
    assert [row["code"] for row in found["projects"]] == codes(reader, "?show=attention")
    assert (found["projects"][0]["rating"], found["projects"][0]["evidence"]) == ("R", "G")
    assert found["projects"][0]["finish"]["slip_working_days"] == 12
    assert found["sentence"].startswith("1 project: 0 on plan, 0 off plan, 1 red")
    assert found["filters"] == [{"filter": "Only", "value": "Needs attention"}]


@pytest.mark.pdf
def test_the_portfolio_prints_as_a_pdf(reader: Client) -> None:
    a_standing("R")
    answer = reader.get("/portfolio.pdf?rating=R")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


# What it costs


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


@pytest.mark.parametrize(
    "path", ["/portfolio/", "/portfolio/?rating=G", f"/portfolio/?on={today() - WEEK}", "/portfolio/changes/"]
)
def test_thirty_projects_cost_as_many_queries_as_three(reader: Client, path: str) -> None:
    for _ in range(3):
        a_standing("G", was="R")
    few = queries(reader, path)
    for _ in range(27):
        a_standing("G", was="R")
    assert queries(reader, path) == few
    assert few <= 10


def test_the_office_reads_the_dashboard_in_eight_queries(client: Client, pia: Any) -> None:
    a_standing()
    client.force_login(pia)
    assert queries(client, "/portfolio/") <= 8
