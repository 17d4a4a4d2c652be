"""Other people's torture files, each with the outcome that its own table states. Skipped, with a count, where absent."""

import csv
import json
import re
from io import StringIO
from pathlib import Path

import pytest

from pmo.lib.exports import csv_lines
from pmo.lib.tables import Column
from pmo.models import User
from portfolio.importing import run as importing
from portfolio.importing.problems import FileRefused
from portfolio.importing.reading import ReadingChoice, read_table
from portfolio.importing.rows import LIMITS
from portfolio.models import ImportRun, Project
from tests.portfolio.importing import AT, imported, portfolio_digest, torture_table, with_part, workbook

#: XML, and so a workbook, has no place for these.
UNHOLDABLE = re.compile("[\x00-\x1f\ufffe\uffff]")
OUTCOMES = {"E_HEADERS": "headings", "E_DIALECT": "dialect", "E_ENCODING": "encoding", "E_CSV_PARSE": "csv_parse"}
DELIMITERS = {"PIPE": "|", r"\t": "\t", "0x1F": "\x1f", "0x01": "\x01"}
#: Files whose table asks for a dialect by hand. Left alone they are refused, and with the dialect they are read.
FORCED = {"control_byte_header.csv": ("\x01", "a control character as delimiter is taken only when somebody says so")}
#: What the well-known spectrum of CSV files holds, file by file.
SPECTRUM = {
    "comma_in_quotes.csv": (
        ["first", "last", "address", "city", "zip"],
        [["John", "Doe", "120 any st.", "Anytown, WW", "08123"]],
    ),
    "empty.csv": (["a", "b", "c"], [["1", "", ""], ["2", "3", "4"]]),
    "empty_crlf.csv": (["a", "b", "c"], [["1", "", ""], ["2", "3", "4"]]),
    "escaped_quotes.csv": (["a", "b"], [["1", 'ha "ha" ha'], ["3", "4"]]),
    "json.csv": (["key", "val"], [["1", '{"type": "Point", "coordinates": [102.0, 0.5]}']]),
    "newlines.csv": (["a", "b", "c"], [["1", "2", "3"], ["Once upon \na time", "5", "6"], ["7", "8", "9"]]),
    "newlines_crlf.csv": (["a", "b", "c"], [["1", "2", "3"], ["Once upon \na time", "5", "6"], ["7", "8", "9"]]),
    "quotes_and_newlines.csv": (["a", "b"], [["1", 'ha \n"ha" \nha'], ["3", "4"]]),
    "simple.csv": (["a", "b", "c"], [["1", "2", "3"]]),
    "simple_crlf.csv": (["a", "b", "c"], [["1", "2", "3"]]),
    "utf8.csv": (["a", "b", "c"], [["1", "2", "3"], ["4", "5", "ʤ"]]),
}


@pytest.fixture
def nasty(real_data: Path) -> Path:
    folder = real_data / "nasty"
    if not folder.is_dir():
        pytest.skip("no folder of torture files in the real data")
    return folder


def test_every_torture_file_ends_as_its_table_says(nasty: Path) -> None:
    folder = nasty / "csv-torture" / "tests" / "fixtures" / "corpus"
    table = torture_table(folder)
    assert {path.name for path in folder.glob("*.csv")} == set(table)
    assert len(table) >= 80
    wrong = []
    for name, (outcome, delimiter) in sorted(table.items()):
        content = (folder / name).read_bytes()
        if name in FORCED:
            forced, _ = FORCED[name]
            assert outcome_of(content) == ("dialect", "")
            got = outcome_of(content, ReadingChoice(delimiter=forced))
        else:
            got = outcome_of(content)
        expected = ("parse_ok", DELIMITERS.get(delimiter, delimiter)) if outcome == "parse_ok" else (OUTCOMES[outcome], "")
        if got != expected:
            wrong.append((name, got, expected))
    assert wrong == []


def outcome_of(content: bytes, choice: ReadingChoice | None = None) -> tuple[str, str]:
    try:
        return "parse_ok", read_table(content, choice).delimiter
    except FileRefused as error:
        return str(error.code) if error.sentence.endswith(".") else "no sentence", ""


def test_the_cells_of_torture_files_are_what_was_written(nasty: Path) -> None:
    folder = nasty / "csv-torture" / "tests" / "fixtures" / "corpus"

    def cells(name: str) -> list[list[str]]:
        return [row.cells for row in read_table((folder / name).read_bytes()).rows]

    assert cells("backslash_escape.csv") == [['a"b']]
    assert cells("backslash_in_quoted_rfc.csv") == [["1", "path C:\\temp\\file"], ["2", "literal \\\\ backslash"]]
    assert cells("excel_quoted_commas.csv")[2] == ["3", 'O"Brien, Tim', 'Quote "" inside']
    assert cells("multiline_quoted.csv")[0] == ["1", "first line\nsecond line"]
    assert cells("blank_records_between.csv") == [["1", "10"], ["2", "20"]]
    assert cells("ragged_rows_short.csv") == [["1", "10", ""], ["2", "20", "ok"], ["3", "", ""]]
    assert cells("header_only.csv") == []
    assert read_table((folder / "header_with_spaces.csv").read_bytes()).headings == ["id", "value"]
    assert read_table((folder / "empty_headers.csv").read_bytes()).headings == ["Column A", "value", "Column C", "amount"]
    assert read_table((folder / "non_ascii_header.csv").read_bytes()).headings == ["café", "naïve", "value"]


def test_every_file_of_the_spectrum_gives_its_cells(nasty: Path) -> None:
    folder = nasty / "csv-spectrum" / "csvs"
    assert {path.name for path in folder.glob("*.csv")} == set(SPECTRUM)
    for name, (headings, rows) in SPECTRUM.items():
        table = read_table((folder / name).read_bytes())
        assert (table.headings, [row.cells for row in table.rows]) == (headings, rows), name


def naughty_strings(nasty: Path) -> list[str]:
    return json.loads((nasty / "blns" / "blns.json").read_text())  # type: ignore[no-any-return]


def test_naughty_strings_survive_as_names_and_come_out_as_they_went_in(nasty: Path, pia: User) -> None:
    names = naughty_strings(nasty)
    assert len(names) == 515
    file = StringIO()
    csv.writer(file).writerows([["code", "name"], *([f"N-{number}", name] for number, name in enumerate(names))])
    run = imported(file.getvalue(), by=pia, is_accepting_rows=True)
    stored = dict(Project.objects.values_list("code", "name"))
    for number, name in enumerate(names):
        expected = name.strip()
        if not expected or len(expected) > LIMITS["name"]:
            assert f"N-{number}" not in stored
        else:
            assert stored[f"N-{number}"] == expected
    refused = run.findings.filter(level="rejected")
    assert set(refused.values_list("code", flat=True)) <= {"name_missing", "too_long"}
    assert len(stored) + refused.count() == len(names)
    again = imported(file.getvalue(), by=pia, is_accepting_rows=True)
    assert (again.summary["created"], again.summary["changed"]) == (0, 0)


def test_naughty_strings_survive_in_a_workbook(nasty: Path) -> None:
    names = [name for name in naughty_strings(nasty) if name.strip() and not UNHOLDABLE.search(name)]
    table = read_table(workbook([["code", "name"], *([f"N-{number}", f"a{name}"] for number, name in enumerate(names))]))
    assert [row.cells[1] for row in table.rows] == [f"a{name}" for name in names]


def test_injected_formulas_stay_text_on_the_way_in_and_out(nasty: Path, pia: User) -> None:
    payloads = [line for line in (nasty / "csv-injection" / "payloadbox.txt").read_text().splitlines() if line.strip()]
    payloads += ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "＝1+1", '=HYPERLINK("http://example.org","x")']
    file = StringIO()
    csv.writer(file).writerows([["code", "name"], *([f"F-{number}", payload] for number, payload in enumerate(payloads))])
    imported(file.getvalue(), by=pia)
    projects = list(Project.objects.order_by("pk"))
    assert [project.name for project in projects] == [payload.strip() for payload in payloads]
    columns = [Column("code", "Code", lambda row: row.code), Column("name", "Name", lambda row: row.name)]
    written = list(csv.reader(StringIO("".join(csv_lines(columns, projects)).removeprefix("\ufeff"))))
    assert all(cells[1].lstrip()[:1] not in set("=+-@＝＋－＠\t\r") for cells in written[1:])


def test_xml_attacks_are_refused_as_text_and_inside_a_workbook(nasty: Path) -> None:
    plain = workbook([["code", "name"], ["1", "a"]])
    attacks = sorted((nasty / "xml-attacks").rglob("*.x*"))
    assert len(attacks) >= 12
    for path in attacks:
        content = path.read_bytes()
        assert outcome_of(content)[0] == "wrong_type", path.name
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            assert outcome_of(with_part(plain, "xl/worksheets/sheet1.xml", content))[0] == "zip_unsafe", path.name


@pytest.mark.django_db
def test_no_torture_file_leaves_anything_in_the_portfolio(nasty: Path, pia: User) -> None:
    before = portfolio_digest()
    for path in sorted(nasty.rglob("*.csv")):
        run = importing.bring_in(path.read_bytes(), path.name, by=pia, at=AT)
        assert run.state in {"read", "refused"}
        assert run.summary.get("refusal") or run.summary["headings"]
    assert portfolio_digest() == before
    assert not ImportRun.objects.filter(state="imported").exists()
