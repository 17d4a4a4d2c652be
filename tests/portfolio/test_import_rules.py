"""What an import does to projects, and what it leaves alone."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from pmo.lib.errors import Refused
from pmo.models import User
from pmo.roles import Role
from portfolio.importing import run as importing
from portfolio.models import Department, ImportedStanding, Program, Project
from tests.factories import make_project, make_user
from tests.portfolio.importing import AT, HEAD, SMALL, TODAY, brought_in, checked, codes, imported, portfolio_digest

pytestmark = pytest.mark.django_db


def test_an_import_opens_projects_with_history_and_reason(pia: User) -> None:
    run = imported(SMALL, by=pia, name="list.csv")
    project = Project.objects.get(code="A-1")
    assert (project.name, project.department and project.department.name) == ("Permits online", "Public Works")
    assert (project.start_on, project.forecast_finish_on) == (dt.date(2026, 1, 5), dt.date(2027, 3, 31))
    assert (project.budget_amount, project.money_as_of, project.source) == (Decimal("1200000.00"), TODAY, "list")
    entry = project.history.get()
    assert (entry.history_user, entry.history_change_reason) == (pia, "Imported from list.csv")
    assert (run.state, run.imported_at) == ("imported", AT)
    standing = project.imported_standings.get()
    assert (standing.rating_text, standing.as_of, standing.budget_amount) == ("Green", TODAY, Decimal("1200000.00"))


def test_the_preview_says_what_becomes_of_each_project(pia: User) -> None:
    imported(SMALL, by=pia)
    run = checked(
        brought_in(SMALL.replace("350000", "360000").replace("Library cards", "Library cards again") + "A-4,New,,,,,\n")
    )
    assert {key: run.summary[key] for key in ("created", "changed", "unchanged")} == {
        "created": 1,
        "changed": 2,
        "unchanged": 1,
    }
    line = run.lines.get(code="A-2")
    assert (line.kind, line.changes) == ("changed", [["Approved budget", "350,000.00", "360,000.00"]])
    assert Project.objects.get(code="A-2").budget_amount == Decimal(350_000), "a preview writes nothing"


def test_a_change_is_written_with_its_history(pia: User) -> None:
    imported(SMALL, by=pia)
    imported(SMALL.replace("350000", "360000"), by=pia, name="again.csv")
    project = Project.objects.get(code="A-2")
    assert project.budget_amount == Decimal(360_000)
    assert project.history.first().history_change_reason == "Imported from again.csv"
    assert Project.objects.get(code="A-1").history.count() == 1


def test_codes_are_the_same_in_capitals_and_small_letters(pia: User) -> None:
    imported(SMALL, by=pia)
    run = imported(SMALL.replace("A-1", "a-1"), by=pia)
    assert (run.summary["created"], run.summary["unchanged"]) == (0, 3)


def test_an_empty_cell_empties_nothing(pia: User) -> None:
    imported(SMALL, by=pia)
    run = imported(f"{HEAD}\nA-1,Permits online,,,,,\n", by=pia)
    assert run.summary["unchanged"] == 1
    assert Project.objects.get(code="A-1").budget_amount == Decimal(1_200_000)


REJECTED = [
    ("A-1,,x,,,,", "name_missing", "Project name"),
    (",Nameless,x,,,,", "code_missing", "Project code"),
    ("A/1,Slash,x,,,,", "code_form", "Project code"),
    (f"A-1,{'n' * 201},x,,,,", "too_long", "Project name"),
    ("A-1,Dates,x,2026-02-31,,,", "no_such_day", "Start date"),
    ("A-1,Dates,x,44927,,,", "not_a_date", "Start date"),
    ("A-1,Money,x,,,12O.50,", "not_an_amount", "Budget"),
    ("A-1,Money,x,,,£12.50,", "other_currency", "Budget"),
    ("A-1,Money,x,,,(12.50),", "invalid_value", "Budget"),
]


@pytest.mark.parametrize(("row", "code", "column"), REJECTED)
def test_a_bad_row_is_rejected_with_place_reason_and_remedy(row: str, code: str, column: str) -> None:
    run = checked(brought_in(f"{HEAD}\nOK-1,Fine,x,2026-01-05,2027-01-05,100,Red\n{row}\n"), currency="USD", columns=ALL)
    finding = run.findings.get(level="rejected")
    assert (finding.row_number, finding.code, finding.column) == (3, code, column)
    assert len(finding.message) > 20
    assert (run.summary["accepted"], run.summary["rejected"]) == (1, 1)


ALL = {
    "Start date": "start",
    "Forecast finish": "forecast_finish",
    "Budget": "budget",
    "Rating": "rating",
    "Department": "department",
}


def test_the_second_row_of_one_code_and_date_is_rejected() -> None:
    run = checked(brought_in(SMALL + "A-1,Twin,,,,,\n"))
    assert codes(run) == [(5, "duplicate_row")]


def test_a_baseline_before_the_start_is_rejected_and_the_row_before_it_speaks(pia: User) -> None:
    text = (
        "code,name,start,baseline finish,as of\n"
        "B-1,One,2026-01-05,2026-09-01,2026-10-01\nB-1,One,2026-01-05,2025-09-01,2026-11-01\n"
    )
    run = imported(text, by=pia, is_accepting_rows=True)
    assert codes(run) == [(3, "invalid_value")]
    project = Project.objects.get(code="B-1")
    assert (project.baseline_finish_on, project.original_finish_on) == (dt.date(2026, 9, 1), dt.date(2026, 9, 1))
    assert ImportedStanding.objects.count() == 1


def test_with_a_rejected_row_nothing_is_imported_unless_the_accepted_are_asked_for(pia: User) -> None:
    run = checked(brought_in(SMALL + ",Nameless,,,,,\n", by=pia))
    before = portfolio_digest()
    with pytest.raises(Refused) as error:
        importing.apply(run, by=pia, at=AT, is_accepting_rows=False)
    assert error.value.code == "rows_rejected"
    assert portfolio_digest() == before
    run.refresh_from_db()
    assert run.state == "checked"
    importing.apply(run, by=pia, at=AT, is_accepting_rows=True)
    assert Project.objects.count() == 3


def test_people_are_found_by_address_or_name_and_unknown_ones_get_a_remark_but_no_account(pia: User, max: User) -> None:
    make_user("Twin Name", email="one@example.org")
    make_user("Twin Name", email="two@example.org")
    people = User.objects.count()
    rows = [max.name, max.email.upper(), f"Max <{max.email}>", "Nobody Known", "Twin Name", "n/a"]
    text = "code,name,project manager\n" + "".join(f"M-{n},Project {n},{who}\n" for n, who in enumerate(rows))
    run = imported(text, by=pia)
    managers = list(Project.objects.order_by("code").values_list("project_manager", flat=True))
    assert managers == [max.pk, max.pk, max.pk, None, None, None]
    assert codes(run) == [(5, "person_unknown"), (6, "person_unknown")]
    assert User.objects.count() == people
    assert Project.objects.get(code="M-3").imported_standings.get().other == {"project manager": "Nobody Known"}


def test_an_auditor_is_told_apart_from_nobody_and_namesakes_from_each_other(pia: User, audrey: User, max: User) -> None:
    make_user(max.name, Role.AUDITOR, email="other.max@example.org")
    text = f"code,name,project manager\nA-1,First,{audrey.name}\nA-2,Second,{max.name}\nA-3,Third,{max.email}\n"
    run = imported(text, by=pia)
    assert codes(run) == [(2, "manager_is_auditor"), (3, "person_unknown")]
    assert list(Project.objects.order_by("code").values_list("project_manager", flat=True)) == [None, None, max.pk]


def test_a_sponsor_is_not_made_project_manager_by_a_file(pia: User, sam: User) -> None:
    make_project(code="S-1", name="Mine", sponsor=sam)
    run = imported(f"code,name,project manager\nS-1,Mine,{sam.email}\n", by=pia)
    assert codes(run) == [(2, "sponsor_is_manager")]
    assert Project.objects.get(code="S-1").project_manager is None


def test_departments_and_programs_are_found_whatever_the_capitals_and_opened_when_new(pia: User) -> None:
    Department.objects.create(name="Public Works")
    Program.objects.create(code="GREEN", name="Green city")
    text = (
        "code,name,department,program\n1,a,PUBLIC  works,green\n"
        "2,b,Parks,Open data for everyone\n3,c,parks,Open Data for Everyone\n"
    )
    run = imported(text, by=pia)
    assert run.summary["departments_new"] == ["Parks"]
    assert set(Department.objects.values_list("name", flat=True)) == {"Public Works", "Parks"}
    assert set(Program.objects.values_list("code", flat=True)) == {"GREEN", "OPEN-DATA-FOR-EV"}
    assert Project.objects.get(code="1").program == Program.objects.get(code="GREEN")


def test_a_department_of_rejected_rows_only_is_not_opened(pia: User) -> None:
    imported(SMALL + "A-9,,Ghosts,,,,\n", by=pia, is_accepting_rows=True)
    assert not Department.objects.filter(name="Ghosts").exists()


def test_agreed_baselines_and_budgets_of_our_own_projects_are_not_overwritten(pia: User) -> None:
    make_project(
        code="A-1",
        name="Permits online",
        baseline_finish_on=dt.date(2026, 6, 30),
        original_finish_on=dt.date(2026, 6, 30),
        budget_amount=5,
    )
    text = "code,name,baseline finish,original finish,budget\nA-1,Permits online,2027-06-30,2027-06-30,9\n"
    run = imported(text, by=pia)
    project = Project.objects.get(code="A-1")
    assert (project.baseline_finish_on, project.original_finish_on) == (dt.date(2026, 6, 30), dt.date(2026, 6, 30))
    assert project.budget_amount == 5
    assert [code for _, code in codes(run)] == ["agreed_kept"] * 3


def test_a_project_kept_in_dollars_takes_no_amount_in_another_currency_or_unit(pia: User) -> None:
    make_project(code="A-1", name="Permits online", spent_amount=5)
    text = "code,name,spent\nA-1,Permits online,9\n"
    for choice in ({"currency": "GBP"}, {"unit": 1000}):
        assert codes(checked(brought_in(text), **choice)) == [(2, "currency_differs")]
    imported(text, by=pia)
    assert Project.objects.get(code="A-1").spent_amount == 9


def test_a_unit_chosen_by_mistake_can_be_corrected_for_imported_projects(pia: User) -> None:
    imported(SMALL, by=pia, currency="GBP")
    run = imported(SMALL, by=pia, currency="GBP", unit=1_000_000)
    assert (run.summary["changed"], run.summary["standings_changed"]) == (3, 3)
    assert set(Project.objects.values_list("currency", "amount_unit")) == {("GBP", 1_000_000)}
    assert set(ImportedStanding.objects.values_list("currency", "amount_unit")) == {("GBP", 1_000_000)}


def test_a_project_that_is_over_keeps_its_record_and_gains_history_only(pia: User) -> None:
    project = make_project(code="A-1", name="Permits", status="cancelled")
    run = imported(SMALL, by=pia)
    project.refresh_from_db()
    assert project.name == "Permits"
    assert project.imported_standings.count() == 1
    assert (2, "project_over") in codes(run)


def test_a_closed_phase_opens_a_closed_project_and_closes_none(pia: User) -> None:
    text = "code,name,phase\nC-1,Old,Completed\n"
    imported(text, by=pia)
    project = Project.objects.get(code="C-1")
    assert (project.phase, project.status) == ("closed", "closed")
    make_project(code="C-2", name="Running", phase="build")
    run = imported("code,name,phase\nC-2,Running,Completed\n", by=pia)
    assert codes(run) == [(2, "close_by_hand")]
    assert Project.objects.get(code="C-2").phase == "build"


def test_several_dates_of_one_code_are_one_project_whose_latest_row_speaks(pia: User) -> None:
    text = (
        "code,name,forecast at completion,as of\n"
        "H-1,New name,300,2026-11-01\nH-1,Old name,100,2026-09-01\nH-1,Old name,200,2026-10-01\n"
    )
    run = imported(text, by=pia)
    project = Project.objects.get()
    assert (project.name, project.forecast_amount, project.money_as_of) == ("New name", 300, dt.date(2026, 11, 1))
    assert list(project.imported_standings.values_list("as_of__month", "forecast_amount")) == [(11, 300), (10, 200), (9, 100)]
    assert run.summary["dates"] == 3


def test_an_older_file_adds_history_and_does_not_set_the_project_back(pia: User) -> None:
    head = "code,name,forecast at completion,as of\n"
    imported(head + "H-1,Now,300,2026-11-01\n", by=pia)
    run = imported(head + "H-1,Then,100,2026-09-01\n", by=pia)
    project = Project.objects.get()
    assert (project.name, project.forecast_amount) == ("Now", 300)
    assert project.imported_standings.count() == 2
    assert codes(run) == [(2, "older_than_known")]


def test_a_corrected_row_of_the_same_date_replaces_the_standing(pia: User) -> None:
    head = "code,name,rating,as of\n"
    imported(head + "H-1,a,Green,2026-11-01\n", by=pia)
    run = imported(head + "H-1,a,Red,2026-11-01\n", by=pia)
    standing = ImportedStanding.objects.get()
    assert (standing.rating_text, standing.run) == ("Red", run)
    assert run.summary["standings_changed"] == 1


def test_a_stated_change_is_compared_with_what_was_imported_before(pia: User) -> None:
    head = "code,name,forecast at completion,budget change,as of\n"
    imported(head + "H-1,a,100,,2026-10-01\n", by=pia)
    assert codes(checked(brought_in(head + "H-1,a,150,50,2026-11-01\n"))) == []
    assert codes(checked(brought_in(head + "H-1,a,150,40,2026-11-01\n"))) == [(2, "cost_change_contradicts")]


def test_a_finish_before_the_start_is_a_finding_and_no_reason_to_reject() -> None:
    run = checked(brought_in("code,name,start,forecast finish\nQ-1,a,2026-05-01,2026-04-01\n"))
    assert codes(run) == [(2, "finish_before_start")]
    assert run.summary["accepted"] == 1


def test_cells_without_a_meaning_are_kept_with_the_standing(pia: User) -> None:
    imported("code,name,Ward,Councillor\n1,a,North,Ms. Vega\n", by=pia)
    assert ImportedStanding.objects.get().other == {"Ward": "North", "Councillor": "Ms. Vega"}


# Baselines
def test_what_a_file_says_was_agreed_is_the_first_baseline(pia: User) -> None:
    imported(
        "code,name,baseline finish,original finish,budget\nA-1,One,2027-06-30,2027-03-31,9\nA-2,Two,2027-06-30,,5\n", by=pia
    )
    again, plain = (Project.objects.get(code=code) for code in ("A-1", "A-2"))
    kept = [(row.number, row.finish_on, row.budget_amount, row.origin) for row in again.baselines.in_order()]
    assert kept == [(0, dt.date(2027, 3, 31), None, "import"), (1, dt.date(2027, 6, 30), 9, "import")]
    assert (again.baseline_number, plain.baseline_number) == (1, 0)
    assert plain.baselines.get().budget_amount == 5


def test_what_the_source_agreed_anew_opens_a_baseline_and_the_earlier_one_stays(pia: User) -> None:
    imported(SMALL, by=pia)
    imported(SMALL.replace("350000", "360000"), by=pia, name="again.csv")
    rows = Project.objects.get(code="A-2").baselines.in_order()
    assert [(row.number, row.budget_amount, row.origin) for row in rows] == [(0, 350_000, "import"), (1, 360_000, "import")]


def test_what_was_agreed_here_since_is_not_overwritten_by_the_source(pia: User) -> None:
    imported(SMALL, by=pia)
    project = Project.objects.get(code="A-2")
    project.rebaseline(by=pia, at=timezone.now(), budget_amount=1, reason="CR-A-2-01: the soil")
    run = imported(SMALL.replace("350000", "360000"), by=pia, name="again.csv")
    project.refresh_from_db()
    assert project.budget_amount == 1
    assert "agreed_kept" in [code for _, code in codes(run)]
