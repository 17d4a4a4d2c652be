"""Gate records of another house: what its file says, the one gate out of order, and how long its projects took."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum
from django.test import Client
from django.urls import reverse

from governance.gate_cycles import ALL_KINDS, cycle_times, spread_of
from governance.gate_history.planning import Origin
from governance.gate_history.run import import_gates
from governance.gate_history.source import amount_in, moment_in, read_projects
from governance.models import GateReview
from pmo.lib.errors import Refused
from portfolio.models import ImportFinding, ImportRun, Milestone, Project
from tests.factories import make_project
from tests.governance.gated import a_passed
from tests.governance.stories import NOON
from tests.portfolio.importing import workbook

HEAD = "ID,FFC,Delivery Program,Tender Closed,Owner Group,BNI,BCA,PBC,EPT,Stage1,Stage2,Stage3\r\n"
ROW = "Q1,1000.5,Works,2016-03-01 00:00:00,Services,5/02/2016 5:00:00 PM,2016-05-25 17:00:00,30/03/2016,3 Gate Works,{}\r\n"


FIRST = dt.date(2026, 1, 5)
ORIGIN = Origin("Melbourne Water capital delivery", "AUD")


@pytest.fixture
def folder(real_data: Path) -> Path:
    found = real_data / "melbourne_water"
    if not found.is_dir():
        pytest.skip("the real gate records are not there")
    return found


@pytest.fixture
def content(folder: Path) -> bytes:
    return next(folder.glob("*.csv")).read_bytes()


@pytest.fixture
def expected(folder: Path) -> dict:
    return json.loads((folder / "EXPECTED.json").read_text())


def a_file(*stages: str) -> bytes:
    return ("\ufeff" + HEAD + "".join(ROW.format(one).replace("Q1", f"Q{n}") for n, one in enumerate(stages, 1))).encode()


def test_the_real_file_is_read_whole(content: bytes, expected: dict) -> None:
    rows, problems = read_projects(content)
    assert len(rows) == expected["rows"]
    assert len({row.code for row in rows}) == expected["unique_ids"]
    assert Counter(row.sort for row in rows) == expected["EPT"]
    assert Counter(row.program for row in rows) == expected["programs"]
    blank = {
        "Tender Closed": sum(row.tender_on is None for row in rows),
        "BNI": sum("G0" not in row.moments for row in rows),
        "PBC": sum("G1" not in row.moments for row in rows),
        "Stage2": sum("G5" not in row.moments for row in rows),
        "Stage3": sum("G6" not in row.moments for row in rows),
    }
    assert blank == expected["blank"]
    assert float(sum(row.amount for row in rows if row.amount)) == pytest.approx(expected["FFC_sum"], abs=5)
    assert [(problem.code, problem.column) for problem in problems] == [("gates_out_of_order", "Stage1, Stage2")]
    assert len(problems) == expected["order_violations"]["Stage1>Stage2"]


@pytest.mark.django_db
@pytest.mark.slow
def test_the_real_file_becomes_projects_and_dated_gates(content: bytes, expected: dict, pia) -> None:
    run = import_gates(content, "capital.csv", ORIGIN, by=pia, at=NOON)
    done = run.summary
    assert [done[key] for key in ("rows", "created", "changed", "rejected")] == [expected["rows"], expected["rows"], 0, 0]
    assert Project.objects.filter(source=ORIGIN.source).count() == expected["rows"]
    gates = GateReview.objects.filter(source=ORIGIN.source)
    assert done["held"] + done["planned"] == gates.count()
    assert gates.count() == expected["rows"] * 6 - sum(expected["blank"][name] for name in ("BNI", "PBC", "Stage2", "Stage3"))
    assert not gates.filter(state="decided", held_on__gt=NOON.date()).exists()
    total = Project.objects.filter(source=ORIGIN.source).aggregate(total=Sum("budget_amount"))["total"]
    assert float(total) == pytest.approx(expected["FFC_sum"], abs=5)
    assert set(Project.objects.filter(source=ORIGIN.source).values_list("currency", flat=True)) == {"AUD"}
    finding = ImportFinding.objects.get(level="quality")
    assert (finding.value, finding.code) == ("Q05658", "gates_out_of_order")
    early = gates.filter(held_on=dt.date(2016, 2, 5), gate="G0").first()
    assert early.history.get().history_date.date() == dt.date(2016, 2, 5)
    report = cycle_times(gates)
    assert report.projects == expected["rows"]
    assert {line.kind for line in report.lines} - {ALL_KINDS} <= set(expected["EPT"])
    again = import_gates(content, "capital.csv", ORIGIN, by=pia, at=NOON).summary
    assert [again[key] for key in ("created", "changed", "unchanged", "held", "planned")] == [0, 0, expected["rows"], 0, 0]
    assert gates.count() == again["kept"]
    client = Client()
    client.force_login(pia)
    assert client.get(run.get_absolute_url()).status_code == 200
    page = client.get(reverse("governance:gate-cycle-times"))
    assert "nine of ten within" in page.content.decode()


@pytest.mark.django_db
def test_two_gates_of_one_day_can_be_in_the_wrong_order(pia) -> None:
    run = import_gates(a_file("2018-06-08 17:00:00,2018-06-08 08:00:00,2019-06-08 17:00:00"), "x.csv", ORIGIN, by=pia, at=NOON)
    assert list(run.findings.values_list("code", "level")) == [("gates_out_of_order", "quality")]
    assert GateReview.objects.count() == 6


@pytest.mark.django_db
def test_a_known_project_is_taken_and_days_ahead_are_planned(pia, max) -> None:
    known = make_project(code="Q1", name="Known here", project_manager=max)
    a_passed(known, by=pia)
    run = import_gates(a_file("2018-06-08,2018-09-08,2030-01-01"), "x.csv", ORIGIN, by=pia, at=NOON)
    assert [run.summary[key] for key in ("created", "changed", "kept", "held", "planned")] == [0, 1, 1, 4, 1]
    before = known.phase
    known.refresh_from_db()
    assert (known.name, known.phase) == ("Known here", before)
    assert GateReview.objects.get(state="planned", source=ORIGIN.source).planned_on == dt.date(2030, 1, 1)
    assert not Milestone.objects.filter(project=known).exists()
    numbers = list(known.gate_reviews.values_list("number", flat=True))
    assert sorted(numbers) == list(range(1, len(numbers) + 1))


@pytest.mark.django_db
def test_a_gate_that_is_on_record_keeps_its_day_and_the_other_day_is_a_remark(pia, max) -> None:
    known = make_project(code="Q1", project_manager=max)
    review = a_passed(known, by=pia)
    run = import_gates(a_file("2018-06-08,2018-09-08,2019-01-01"), "x.csv", ORIGIN, by=pia, at=NOON)
    assert list(run.findings.values_list("code", "level", "column")) == [("gate_on_record", "warning", "G0")]
    assert list(known.gate_reviews.filter(gate="G0").values_list("pk", flat=True)) == [review.pk]


@pytest.mark.django_db
def test_what_cannot_be_read_is_named_and_the_rest_is_taken(pia) -> None:
    run = import_gates(a_file("soon,,", "2018-06-08,2018-09-08,2019-01-01"), "x.csv", ORIGIN, by=pia, at=NOON)
    assert list(run.findings.values_list("row_number", "code", "column", "value")) == [(2, "unreadable", "Stage1", "soon")]
    assert (run.summary["created"], run.summary["rejected"]) == (1, 1)
    assert Project.objects.get(source=ORIGIN.source).budget_amount == Decimal("1000.50")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "code"),
    [
        (",2020-01-01,2020-02-01,1", "code_missing"),
        ("w1,2020-01-01,2020-02-01,1", "code_twice"),
        ("W 2/..,2020-01-01,2020-02-01,1", "not_valid"),
        ("W2,2020-13-01,,1", "unreadable"),
        ("W2,0001-01-01,,1", "unreadable"),
        ("W2,2020-01-01,,NaN", "unreadable"),
        ("W2,2020-01-01,,-1", "unreadable"),
        ("W2,2020-01-01,,99999999999999999999", "not_valid"),
    ],
)
def test_a_row_that_cannot_be_taken_is_rejected_with_its_reason(row: str, code: str, pia) -> None:
    content = f"Code,G0,G1,Budget\nW1,2020-01-01,2020-02-01,5\n{row}\n".encode()
    run = import_gates(content, "x.csv", ORIGIN, by=pia, at=NOON)
    assert list(run.findings.values_list("row_number", "level", "code")) == [(3, "rejected", code)]
    assert [project.code for project in Project.objects.filter(source=ORIGIN.source)] == ["W1"]


@pytest.mark.django_db
def test_plain_headings_are_read_and_a_workbook_as_well(pia) -> None:
    heads = ["Code", "Name", "Class", "Program", "Department", "G0", "G3", "G6"]
    days = [dt.date(year, 1, 1) for year in (2020, 2021, 2030)]
    content = workbook([heads, ["W7", "New pumps", 3, "Water", "Works", *days]])
    import_gates(content, "gates.xlsx", ORIGIN, by=pia, at=NOON)
    project = Project.objects.select_related("program", "department").get(code="W7")
    assert (project.name, project.governance_class, project.phase) == ("New pumps", 3, "build")
    assert (project.program.name, project.department.name) == ("Water", "Works")
    states = project.gate_reviews.order_by("gate").values_list("gate", "state", "planned_on")
    assert list(states) == [
        ("G0", "decided", dt.date(2020, 1, 1)),
        ("G3", "decided", dt.date(2021, 1, 1)),
        ("G6", "planned", dt.date(2030, 1, 1)),
    ]


@pytest.mark.django_db
def test_only_the_pmo_manager_imports_and_only_such_a_table(pia, max, tmp_path) -> None:
    with pytest.raises(Refused) as caught:
        import_gates(a_file(""), "x.csv", ORIGIN, by=max, at=NOON)
    assert caught.value.code == "not_importer"
    with pytest.raises(Refused) as caught:
        import_gates(b"a,b\r\n1,2\r\n", "x.csv", ORIGIN, by=pia, at=NOON)
    assert caught.value.code == "columns_missing"
    with pytest.raises(CommandError):
        call_command("import_gates", tmp_path / "absent.csv", "--by", pia.email)
    (tmp_path / "x.csv").write_bytes(a_file("2018-06-08,2018-09-08,2019-01-01"))
    call_command("import_gates", tmp_path / "x.csv", "--by", pia.email)
    assert ImportRun.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("5/02/2016 5:00:00 PM", "2016-02-05T17:00:00"),
        ("24/10/2016", "2016-10-24T00:00:00"),
        ("2016-05-25 17:00:00", "2016-05-25T17:00:00"),
        (" ", None),
    ],
)
def test_dates_are_read_as_the_source_writes_them(text: str, moment: str | None) -> None:
    found = moment_in(text)
    assert (found and found.isoformat()) == moment


def test_amounts_are_read_as_people_write_them() -> None:
    assert amount_in(" $1,250,000.5 ") == Decimal("1250000.50")
    assert amount_in("") is None


@pytest.mark.django_db
def test_the_ninetieth_percentile_of_a_step_is_that_of_the_house() -> None:
    """By hand: 90 per cent of 11 steps is 9.9, so the tenth in order counts."""
    for length in (5, 1, 40, 2, 3, 12, 2, 7, 4, 8, 6):
        project = make_project()
        for number, (gate, on) in enumerate((("G0", FIRST), ("G1", FIRST + dt.timedelta(days=length))), start=1):
            held = {"state": "decided", "decision": "go", "planned_on": on, "first_planned_on": on, "held_on": on}
            GateReview.objects.create(project=project, gate=gate, number=number, **held)
    line = cycle_times(GateReview.objects.all()).lines[0]
    assert (line.count, line.ninetieth, line.longest) == (11, 12, 40)


def test_of_no_steps_there_is_no_distribution() -> None:
    assert spread_of([]) == ()


def test_a_distribution_counts_every_project_once() -> None:
    days = [*range(0, 400, 3), 4000]
    spread = spread_of(days)
    assert sum(count for _, count in spread) == len(days)
    assert len(spread) <= 12
    assert spread[-1][0].endswith("and more")


@pytest.mark.django_db
def test_the_report_is_empty_without_gates_and_has_files(pia) -> None:
    client = Client()
    client.force_login(pia)
    assert "No project has passed two gates yet" in client.get(reverse("governance:gate-cycle-times")).content.decode()
    import_gates(a_file("2018-06-08,2018-09-08,2019-01-01"), "x.csv", ORIGIN, by=pia, at=NOON)
    text = b"".join(client.get(reverse("governance:gate-cycle-times-csv")).streaming_content).decode()
    assert "G4 Go-live readiness to G5 Closeout" in text
    assert "92" in text
    assert client.get(reverse("governance:gate-cycle-times-xlsx"), {"records": "own"}).status_code == 200


@pytest.mark.django_db
def test_the_report_says_which_sort_is_slow_and_how_the_years_went(pia) -> None:
    lines = ["Code,Class,G0,G1"]
    for number in range(6):
        lines.append(f"A{number},2 Gate,2020-01-01,2020-01-{11 + number}")
        lines.append(f"B{number},3 Gate,2021-01-01,2021-04-{11 + number}")
    import_gates("\n".join([*lines, "C1,4 Gate,2000-01-01,2021-04-11"]).encode(), "x.csv", ORIGIN, by=pia, at=NOON)
    report = cycle_times(GateReview.objects.all())
    assert [(year, count) for year, count, _ in report.years] == [(2020, 6), (2021, 7)]
    assert report.years[0][2] == 12.5
    # One project of a sort says nothing about the sort.
    assert "slowest sort is 3 Gate" in report.standing_out
    assert [line.kind for line in report.sorts] == ["4 Gate", "3 Gate", "2 Gate"]
    narrowed = cycle_times(GateReview.objects.all(), kind="2 Gate")
    assert (narrowed.standing_out, narrowed.sorts) == ("", [])


@pytest.mark.django_db
def test_a_step_is_put_in_front_by_its_name(pia) -> None:
    import_gates(a_file("2018-06-08,2018-09-08,2019-01-01"), "x.csv", ORIGIN, by=pia, at=NOON)
    client = Client()
    client.force_login(pia)
    page = client.get(reverse("governance:gate-cycle-times"), {"step": "G4 to G5"})
    assert page.context["report"].chosen.name == "G4 to G5"
    assert "step=G5+to+G6" in page.content.decode()
