"""The way of one import: its choices of columns, its preview, carrying it out, and what is kept of it."""

import datetime as dt

import pytest

from governance.due import run_due
from pmo.lib.errors import Refused
from pmo.models import User
from pmo.roles import Role
from portfolio.importing import run as importing
from portfolio.importing.options import ImportOptions
from portfolio.importing.problems import FileRefused
from portfolio.models import ColumnMapping, ImportRun, Project
from tests.factories import make_project, make_user
from tests.portfolio.importing import AT, HEAD, SMALL, TODAY, brought_in, checked, imported, portfolio_digest

pytestmark = pytest.mark.django_db


def test_columns_are_suggested_by_their_headings() -> None:
    run = brought_in(SMALL)
    assert run.options["import"]["columns"] == {
        "Project code": "code",
        "Project name": "name",
        "Department": "department",
        "Start date": "start",
        "Forecast finish": "forecast_finish",
        "Budget": "budget",
        "Rating": "rating",
    }


def test_columns_without_telling_headings_are_suggested_by_their_cells() -> None:
    rows = "".join(f"X-{n},Renew the pipes of street {n},Amber\n" for n in range(9))
    run = brought_in("Eins,Zwei,Drei\n" + rows)
    assert run.options["import"]["columns"] == {"Eins": "code", "Zwei": "name", "Drei": "rating"}


def test_a_column_of_words_is_not_suggested_as_an_amount_or_date() -> None:
    run = brought_in("code,name,budget,start date\n1,a,approved by council,soon\n2,b,pending,later\n")
    assert set(run.options["import"]["columns"].values()) == {"code", "name"}


def test_an_import_is_carried_out_once(pia: User) -> None:
    run = imported(SMALL, by=pia)
    stale = ImportRun.objects.get(pk=run.pk)
    stale.state = "checked"
    for row in (run, stale):
        with pytest.raises(Refused) as error:
            importing.apply(row, by=pia, at=AT, is_accepting_rows=True)
        assert error.value.code == "run_closed"
    assert Project.objects.count() == 3


def test_an_import_must_be_previewed_first(pia: User) -> None:
    with pytest.raises(Refused) as error:
        importing.apply(brought_in(SMALL), by=pia, at=AT, is_accepting_rows=True)
    assert error.value.code == "not_checked"


def test_what_changed_since_the_preview_stops_the_import(pia: User) -> None:
    run = checked(brought_in(SMALL))
    make_project(code="A-2", name="Opened by hand meanwhile")
    before = portfolio_digest()
    with pytest.raises(Refused) as error:
        importing.apply(run, by=pia, at=AT, is_accepting_rows=True)
    assert error.value.code == "changed_meanwhile"
    assert portfolio_digest() == before
    run.refresh_from_db()
    assert run.state == "checked"


def test_nothing_is_half_imported_when_the_last_write_fails(pia: User, monkeypatch: pytest.MonkeyPatch) -> None:
    run = checked(brought_in(SMALL))
    before = portfolio_digest()

    def fail(*args: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(importing, "_write_standings", fail)
    with pytest.raises(RuntimeError):
        importing.apply(run, by=pia, at=AT, is_accepting_rows=True)
    assert portfolio_digest() == before
    run.refresh_from_db()
    assert run.state == "checked"


@pytest.mark.parametrize(
    "columns",
    [
        {"Project code": ""},
        {"Project name": ""},
        {"Department": "name"},
        {"No such heading": "purpose"},
    ],
)
def test_an_impossible_choice_of_columns_is_refused_and_kept(columns: dict[str, str]) -> None:
    run = brought_in(SMALL)
    with pytest.raises(FileRefused) as error:
        checked(run, columns=columns)
    assert error.value.code == "columns"
    kept = importing.options_of(ImportRun.objects.get(pk=run.pk)).columns
    assert kept.items() >= columns.items(), "what was chosen stands there to be corrected"


def test_the_choice_of_columns_is_remembered_for_the_same_headings_in_any_order(pia: User) -> None:
    imported("Nr,Titel,Kosten\n1,a b,10\n", by=pia, columns={"Nr": "code", "Titel": "name", "Kosten": "spent"}, unit=1000)
    assert ColumnMapping.objects.count() == 1
    run = brought_in("Titel,Kosten,Nr\nc d,12,2\n", "next.csv")
    options = importing.options_of(run)
    assert (options.columns, options.unit) == ({"Nr": "code", "Titel": "name", "Kosten": "spent"}, 1000)
    assert (options.source, options.as_of_on) == ("next", TODAY), "a name and a date belong to one file"


def test_the_same_file_is_offered_with_all_its_choices_again(pia: User) -> None:
    imported(SMALL, by=pia, source="City list", as_of_on=dt.date(2026, 10, 1))
    options = importing.options_of(brought_in(SMALL))
    assert (options.source, options.as_of_on) == ("City list", dt.date(2026, 10, 1))


def test_options_survive_their_way_through_the_database() -> None:
    options = ImportOptions(columns={"a": "code"}, as_of_on=dt.date(2026, 1, 2), unit=1000, phases={"Bau": "build"})
    assert ImportOptions.from_json(options.to_json()) == options


def test_a_code_prefix_keeps_two_sources_apart(pia: User) -> None:
    imported("code,name\n1,a\n", by=pia, code_prefix="NYC-")
    assert Project.objects.get().code == "NYC-1"


def test_reading_can_be_corrected_and_the_choice_of_columns_is_kept(pia: User) -> None:
    run = brought_in("h1,h2;h3\n1,2;3\n", by=pia)
    assert (run.state, run.summary["code"]) == ("read", "dialect")
    importing.read(run, importing.ReadingChoice(delimiter=";"), on=TODAY)
    assert run.summary["headings"] == ["h1,h2", "h3"]
    assert "refusal" not in run.summary


def test_a_refused_file_is_not_kept(pia: User) -> None:
    run = brought_in(b"%PDF-1.7 secret", "plan.pdf", by=pia)
    assert (run.state, bytes(run.raw), run.summary["code"]) == ("refused", b"", "wrong_type")


def test_an_open_import_can_be_discarded_and_a_finished_one_cannot(pia: User) -> None:
    importing.discard(checked(brought_in(SMALL)))
    assert not ImportRun.objects.exists()
    run = imported(SMALL, by=pia)
    with pytest.raises(Refused) as error:
        importing.discard(run)
    assert error.value.code == "run_closed"


def test_files_are_forgotten_after_ninety_days_and_unfinished_imports_given_up(pia: User) -> None:
    done, waiting = imported(SMALL, by=pia), checked(brought_in(SMALL))
    early, late = AT + dt.timedelta(days=89), AT + dt.timedelta(days=91)
    assert run_due(at=early).files_emptied == 0
    assert run_due(at=late).files_emptied == 2
    assert run_due(at=late).files_emptied == 0
    done.refresh_from_db()
    waiting.refresh_from_db()
    assert (done.state, bytes(done.raw), done.lines.count()) == ("imported", b"", 3)
    assert (waiting.state, bytes(waiting.raw), waiting.summary["code"]) == ("refused", b"", "given_up")


def test_imports_are_seen_by_the_office_and_the_auditor_only(pia: User, max: User) -> None:
    run = brought_in(SMALL, by=pia)
    auditor = make_user("Audrey Second", Role.AUDITOR)
    admin = make_user("Adam Second", Role.ADMINISTRATOR)
    assert [ImportRun.objects.visible_to(user).filter(pk=run.pk).exists() for user in (pia, auditor, max, admin)] == [
        True,
        True,
        False,
        False,
    ]


def test_planning_costs_the_same_number_of_queries_for_three_rows_and_for_three_hundred(
    pia: User, django_assert_max_num_queries
) -> None:
    from portfolio.importing.plan import plan_import

    for count in (3, 300):
        rows = "".join(f"Q-{n},Project {n},Dept {n % 7},,,{n},Red\n" for n in range(count))
        run = brought_in(f"{HEAD}\n{rows}", by=pia)
        with django_assert_max_num_queries(8):
            plan_import(importing.table_of(run), importing.options_of(run))
