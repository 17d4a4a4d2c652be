"""Two real portfolios, counted by others beforehand. Skipped, with a count, where the data is not beside the project."""

import csv
import datetime as dt
import json
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Count, Sum

from pmo.models import User
from portfolio.models import Department, ImportedStanding, ImportRun, Project
from tests.portfolio.importing import AT, brought_in, checked, codes, imported

pytestmark = pytest.mark.django_db


@pytest.fixture
def majors(real_data: Path) -> bytes:
    return (real_data / "gmpp" / "uk_2021.csv").read_bytes()


@pytest.fixture
def majors_expected(real_data: Path) -> dict[str, Any]:
    return json.loads((real_data / "gmpp" / "EXPECTED.json").read_text())["2021"]  # type: ignore[no-any-return]


@pytest.fixture
def capital(real_data: Path) -> bytes:
    return (real_data / "nyc_capital" / "NYC_capital_projects_20190901.csv").read_bytes()


@pytest.fixture
def capital_expected(real_data: Path) -> dict[str, Any]:
    return json.loads((real_data / "nyc_capital" / "EXPECTED.json").read_text())  # type: ignore[no-any-return]


def test_major_projects_are_read_as_they_come(majors: bytes) -> None:
    run = brought_in(majors, "uk_2021.csv")
    assert (run.encoding, run.delimiter, run.header_row, run.summary["rows"]) == ("cp1252", ";", 1, 184)
    suggested = run.options["import"]
    assert suggested["columns"]["wlc_baseline_incl_NCG"] == "budget"
    assert suggested["columns"]["project_number"] == "code"
    assert "yearly_forecast" not in suggested["columns"], "a figure of one year is no forecast at completion"
    assert (suggested["currency"], suggested["unit"]) == ("GBP", 1_000_000)


def test_major_projects_are_imported_with_every_expected_figure(
    majors: bytes, majors_expected: dict[str, Any], pia: User
) -> None:
    run = imported(majors, by=pia, name="uk_2021.csv")
    summary = run.summary
    assert (summary["rows"], summary["accepted"], summary["rejected"], summary["created"]) == (184, 184, 0, 184)
    assert Project.objects.count() == majors_expected["rows"]
    assert Department.objects.count() == majors_expected["departments"]
    priced = Project.objects.exclude(budget_amount=None)
    assert priced.count() == majors_expected["wlc_numeric_rows"]
    assert priced.aggregate(total=Sum("budget_amount"))["total"] == Decimal(str(majors_expected["wlc_sum_gbp_m"]))
    assert set(priced.values_list("currency", "amount_unit")) == {("GBP", 1_000_000)}


def test_ratings_of_major_projects_stand_in_their_own_words(majors: bytes, pia: User) -> None:
    run = imported(majors, by=pia)
    counts = dict(ImportedStanding.objects.values_list("rating_text").annotate(count=Count("pk")))
    five = {word: counts.pop(word) for word in ("Amber", "Amber/Red", "Amber/Green", "Green", "Red")}
    assert five == {"Amber": 84, "Amber/Red": 44, "Amber/Green": 29, "Green": 12, "Red": 7}
    assert sum(counts.values()) == 8
    assert run.summary["ratings"] == {"Amber": 84, "Amber/Red": 44, "Amber/Green": 29, "Green": 12, "in words": 8, "Red": 7}


def test_costs_written_as_text_are_accepted_with_a_remark_and_kept(
    majors: bytes, majors_expected: dict[str, Any], pia: User
) -> None:
    run = imported(majors, by=pia)
    remarks = run.findings.filter(column="wlc_baseline_incl_NCG", code="text_for_value", level="warning")
    assert remarks.count() == majors_expected["wlc_nonnumeric_nonblank"]
    assert not run.findings.filter(level="rejected").exists()
    kept = [row for row in ImportedStanding.objects.filter(budget_amount=None) if row.other.get("wlc_baseline_incl_NCG")]
    assert len(kept) == 20
    assert all("\ufffd" not in row.other["wlc_baseline_incl_NCG"] for row in kept)


def test_line_breaks_in_cells_survive(majors: bytes, majors_expected: dict[str, Any], pia: User) -> None:
    imported(majors, by=pia)
    texts = [
        [row.comment, *row.other.values(), row.project.purpose] for row in ImportedStanding.objects.select_related("project")
    ]
    assert sum(1 for cells in texts if any("\n" in cell for cell in cells)) == majors_expected["rows_with_newline_in_cell"]


def test_a_second_import_of_the_same_file_changes_nothing(majors: bytes, pia: User) -> None:
    imported(majors, by=pia, name="uk_2021.csv")
    history = Project.history.count()
    again = imported(majors, by=pia, name="uk_2021.csv")
    assert {key: again.summary[key] for key in ("created", "changed", "unchanged")} == {
        "created": 0,
        "changed": 0,
        "unchanged": 184,
    }
    assert (again.summary["standings_new"], again.summary["standings_changed"], again.summary["standings_same"]) == (0, 0, 184)
    assert Project.history.count() == history


def test_imported_projects_owe_no_report_until_somebody_manages_them(majors: bytes, pia: User) -> None:
    imported(majors, by=pia)
    assert not Project.objects.reporting().exists()
    assert set(Project.objects.values_list("project_manager", "reporting_from_on")) == {(None, None)}


def test_capital_projects_become_one_project_each_with_a_history(
    capital: bytes, capital_expected: dict[str, Any], pia: User
) -> None:
    run = imported(capital, by=pia, code_prefix="NYC-")
    assert (run.summary["rows"], run.summary["rejected"]) == (capital_expected["rows"], 0)
    assert Project.objects.count() == capital_expected["projects"] == run.summary["created"]
    assert ImportedStanding.objects.count() == capital_expected["rows"]
    days = sorted({day.isoformat() for day in ImportedStanding.objects.values_list("as_of", flat=True)})
    assert days == capital_expected["report_dates"]
    last = ImportedStanding.objects.filter(as_of=dt.date(2019, 9, 1))
    assert last.count() == capital_expected["rows_at_2019_09_01"]
    total = last.aggregate(total=Sum("forecast_amount"))["total"]
    assert total == Project.objects.aggregate(total=Sum("forecast_amount"))["total"] == Decimal("31974750591.36")
    assert ImportedStanding.objects.filter(forecast_amount=None).count() == capital_expected["blank_budget"]
    assert ImportedStanding.objects.filter(forecast_finish_on=None).count() == capital_expected["blank_forecast_completion"]


def test_departments_of_capital_projects_add_up(capital: bytes, capital_expected: dict[str, Any], pia: User) -> None:
    imported(capital, by=pia)
    for name, (count, total) in capital_expected["by_agency_2019_09_01"].items():
        projects = Project.objects.filter(department__name=name, forecast_amount__isnull=False)
        assert projects.count() == count, name
        assert (projects.aggregate(total=Sum("forecast_amount"))["total"] or 0) == pytest.approx(Decimal(str(total))), name


def test_one_capital_project_keeps_every_figure_of_its_history(
    capital: bytes, capital_expected: dict[str, Any], pia: User
) -> None:
    imported(capital, by=pia)
    project = Project.objects.get(code="3")
    expected = capital_expected["PID3"]
    history = list(project.imported_standings.order_by("as_of"))
    assert len(history) == expected["rows"]
    assert (float(history[0].forecast_amount or 0), float(history[-1].forecast_amount or 0)) == (
        expected["budget_first"],
        expected["budget_last"],
    )
    assert project.forecast_amount == history[-1].forecast_amount
    assert f"{project.forecast_finish_on:%m/%d/%Y}" == expected["completion_last"]


def test_the_rows_that_contradict_themselves_are_listed_and_only_those(
    capital: bytes, capital_expected: dict[str, Any]
) -> None:
    run = checked(brought_in(capital))
    cost = [row for row, code in codes(run) if code == "cost_change_contradicts"]
    finish = [row for row, code in codes(run) if code == "finish_change_contradicts"]
    assert (
        len(cost)
        == capital_expected["rows_with_previous"] - capital_expected["rows_where_diff_equals_latest_budget_change"]
        == 4
    )
    assert len(finish) == capital_expected["sched_rows_with_previous"] - capital_expected["sched_rows_equal"] == 4
    assert (cost, finish) == ([564, 637, 935, 1411], [532, 564, 637, 935])
    assert set(run.findings.filter(level="quality").values_list("code", flat=True)) == {
        "cost_change_contradicts",
        "finish_change_contradicts",
    }


def test_phases_follow_the_words_and_unknown_ones_are_remarked(
    capital: bytes, capital_expected: dict[str, Any], pia: User
) -> None:
    run = imported(capital, by=pia)
    assert run.findings.filter(code="phase_unknown").count() == capital_expected["phases"]["IT"]
    counts = dict(ImportedStanding.objects.values_list("phase_text").annotate(count=Count("pk")))
    assert counts.pop("") == capital_expected["blank_phase"]
    assert counts == capital_expected["phases"]
    assert Project.objects.filter(phase="build").exists()


def written(records: list[list[str]]) -> str:
    file = StringIO()
    csv.writer(file).writerows(records)
    return file.getvalue()


def test_capital_projects_imported_in_two_parts_equal_one_import(capital: bytes, pia: User) -> None:
    head, *rows = list(csv.reader(StringIO(capital.decode())))
    early = [row for row in rows if row[0][6:10] < "2019"]
    late = [row for row in rows if row[0][6:10] == "2019"]
    imported(written([head, *late]), by=pia)
    later = imported(written([head, *early]), by=pia)
    assert later.summary["changed"] == 0, "older rows add to the history and change no project"
    assert Project.objects.aggregate(total=Sum("forecast_amount"))["total"] == Decimal("31974750591.36")
    assert ImportedStanding.objects.count() == 2259


def test_the_file_itself_is_forgotten_after_ninety_days_and_the_report_stays(majors: bytes, pia: User) -> None:
    run = imported(majors, by=pia)
    assert ImportRun.objects.forget_files(at=AT + dt.timedelta(days=89)) == 0
    assert ImportRun.objects.forget_files(at=AT + dt.timedelta(days=91)) == 1
    run.refresh_from_db()
    assert bytes(run.raw) == b""
    assert run.lines.count() == 184
