import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from governance.models import ProjectStanding
from governance.standings import total_in_dollars
from pmo.models import User
from portfolio.models import ImportRun, Project
from tests.portfolio.importing import SMALL, portfolio_digest, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_text(SMALL)
    return path


def run(path: Path, **options: Any) -> str:
    out = StringIO()
    call_command("import_portfolio", str(path), stdout=out, **options)
    return out.getvalue()


def counts(text: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in text.splitlines() if ": " in line and not line.startswith(" "))


def test_a_dry_run_prints_the_counts_and_writes_nothing(small: Path) -> None:
    before = portfolio_digest()
    said = counts(run(small, dry_run=True))
    assert {key: said[key] for key in ("Rows read", "Rows accepted", "Rows rejected", "Created", "Changed")} == {
        "Rows read": "3",
        "Rows accepted": "3",
        "Rows rejected": "0",
        "Created": "3",
        "Changed": "0",
    }
    assert portfolio_digest() == before
    assert not ImportRun.objects.exists()


def test_the_import_prints_what_the_dry_run_printed(small: Path, pia: User) -> None:
    dry = counts(run(small, dry_run=True))
    real = counts(run(small, email=pia.email))
    dry.pop("Dry run")
    real.pop("Imported")
    assert dry == real
    assert Project.objects.count() == 3


def test_the_import_rebuilds_the_standings_of_what_it_touched(small: Path, pia: User) -> None:
    run(small, email=pia.email)
    standing = ProjectStanding.objects.get(project__code="A-1")
    assert (standing.overall, standing.imported_rating) == ("-", "Green"), "an imported rating is no published one"


def test_amounts_in_another_currency_or_unit_never_enter_a_total_in_dollars(small: Path, pia: User) -> None:
    run(small, email=pia.email)
    assert total_in_dollars(ProjectStanding.objects.all(), "budget_amount") == 1_630_000
    small.write_text(SMALL.replace("A-", "B-"))
    run(small, email=pia.email, currency="GBP", unit="millions")
    assert total_in_dollars(ProjectStanding.objects.all(), "budget_amount") == 1_630_000


def test_an_import_needs_somebody_of_the_office(small: Path, max: User) -> None:
    for email in ("", max.email, "nobody@example.org"):
        with pytest.raises(CommandError):
            run(small, email=email)
    assert not ImportRun.objects.exists()


def test_rejected_rows_stop_the_import_unless_the_accepted_are_asked_for(small: Path, pia: User) -> None:
    small.write_text(SMALL + ",Nameless,,,,,\n")
    with pytest.raises(CommandError):
        run(small, email=pia.email)
    assert not Project.objects.exists()
    assert not ImportRun.objects.exists()
    assert "row 5, Project code" in run(small, email=pia.email, accept_rows=True)
    assert Project.objects.count() == 3


def test_what_is_said_on_the_command_line_wins(tmp_path: Path, pia: User) -> None:
    path = tmp_path / "liste.xlsx"
    path.write_bytes(workbook([["Nr", "Titel", "Kosten", "a=b"], ["1", "Rathaus neu", 12.5, "Bau"]]))
    run(
        path,
        email=pia.email,
        mapping=["Nr=code", "Titel=name", "Kosten=spent", "a=b=phase"],
        phase=["Bau=build"],
        currency="eur",
        unit="thousands",
        code_prefix="X-",
        source="Bauamt",
    )
    project = Project.objects.get()
    assert (project.code, project.phase, project.currency, project.amount_unit) == ("X-1", "build", "EUR", 1000)
    assert (project.spent_amount, project.source) == (12.5, "Bauamt")


@pytest.mark.parametrize(
    "options", [{"mapping": ["Project name"]}, {"mapping": ["Project name=nonsense"]}, {"phase": ["Bau=nonsense"]}]
)
def test_nonsense_on_the_command_line_is_refused(small: Path, options: dict[str, Any]) -> None:
    with pytest.raises(CommandError):
        run(small, dry_run=True, **options)


def test_a_file_that_cannot_be_read_is_named_with_the_reason(tmp_path: Path, pia: User) -> None:
    path = tmp_path / "plan.csv"
    path.write_bytes(b'id,value\nA,"12"x\n')
    for options in ({"dry_run": True}, {"email": pia.email}):
        with pytest.raises(CommandError, match=r"plan\.csv") as error:
            run(path, **options)
        assert "Row 2" in str(error.value)
    with pytest.raises(CommandError, match=r"missing\.csv"):
        run(tmp_path / "missing.csv", dry_run=True)
    assert not ImportRun.objects.exists()


def test_the_command_counts_two_real_portfolios_right(real_data: Path) -> None:
    majors = counts(run(real_data / "gmpp" / "uk_2021.csv", dry_run=True))
    assert (majors["Created"], majors["Sum of budgets"]) == ("184", "541,951.37 (GBP, millions)")
    capital = counts(run(real_data / "nyc_capital" / "NYC_capital_projects_20190901.csv", dry_run=True))
    expected = json.loads((real_data / "nyc_capital" / "EXPECTED.json").read_text())
    assert (capital["Created"], capital["Dates"], capital["Data-quality findings"]) == (str(expected["projects"]), "15", "8")
    assert capital["Sum of forecasts"] == "31,974,750,591.36 (USD, units)"
