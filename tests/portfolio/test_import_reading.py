"""Files as they come: encodings, delimiters, headings, limits, wrong kinds. Every refusal names a code."""

import pytest

from portfolio.importing.limits import MAX_COLUMNS, MAX_FILE_BYTES, MAX_ROWS
from portfolio.importing.problems import FileRefused
from portfolio.importing.reading import ReadingChoice, read_table
from tests.portfolio.importing import SMALL, workbook


def refusal(content: bytes, choice: ReadingChoice | None = None) -> str:
    with pytest.raises(FileRefused) as error:
        read_table(content, choice)
    assert error.value.sentence
    return str(error.value.code)


def test_plain_csv_is_read() -> None:
    table = read_table(SMALL.encode())
    assert (table.encoding, table.delimiter, table.header_row, len(table.rows)) == ("utf-8", ",", 1, 3)
    assert table.rows[0].number == 2
    assert table.rows[0].cells[5] == "1,200,000.00"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_told_apart(encoding: str) -> None:
    table = read_table("code;name\n1;Café – “Straße”\n2;Œuvre\n".encode(encoding))
    assert table.rows[0].cells[1] == "Café – “Straße”"


def test_an_encoding_may_be_forced() -> None:
    content = "code;name\n1;Café\n2;b\n".encode("mac-roman")
    assert read_table(content, ReadingChoice(encoding="mac-roman")).rows[0].cells[1] == "Café"
    assert refusal(content, ReadingChoice(encoding="utf-8")) == "encoding"
    assert refusal(content, ReadingChoice(encoding="rot13")) == "encoding"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "\x1f"])
def test_delimiters_are_found_even_when_prose_is_full_of_others(delimiter: str) -> None:
    lines = [["code", "name", "comment"]] + [[str(n), f"Project {n}", '"one, two; three, four; five | six"'] for n in range(9)]
    table = read_table("\n".join(delimiter.join(line) for line in lines).encode())
    assert table.delimiter == delimiter
    assert table.headings == ["code", "name", "comment"]
    assert len(table.rows) == 9


def test_a_delimiter_may_be_forced_and_a_control_character_too() -> None:
    assert refusal(b"id\x01value\nA\x011\n") == "dialect"
    assert read_table(b"id\x01value\nA\x011\n", ReadingChoice(delimiter="\x01")).headings == ["id", "value"]


def test_the_row_of_headings_is_found_below_titles() -> None:
    content = "Capital projects of the city\nAs of,2026-11-20\n\nProject code,Project name,Budget\nA-1,Permits,12\n"
    table = read_table(content.encode())
    assert (table.header_row, table.rows[0].number) == (4, 5)
    assert [row.number for row in table.above] == [1, 2, 3]
    unknown = "Our list\n\nNummer;Bezeichnung;Kosten\n1;Rathaus;12\n"
    assert read_table(unknown.encode()).header_row == 3


def test_the_row_of_headings_may_be_forced() -> None:
    table = read_table(b"a,b\ncode,name\n1,x\n", ReadingChoice(header_row=2))
    assert table.headings == ["code", "name"]
    assert refusal(b"a,b\n1,x\n", ReadingChoice(header_row=9)) == "headings"


def test_two_columns_of_one_heading_are_refused() -> None:
    assert refusal(b"code,name,Name\n1,a,b\n") == "headings"


def test_a_row_with_more_filled_cells_than_headings_is_refused() -> None:
    assert refusal(b"code,name\n1,a\n2,b,c\n3,d\n") == "headings"
    assert len(read_table(b"code,name\n1,a,,\n2,b\n").rows) == 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "headings"),
        (b"\n \n\t\n", "headings"),
        (b"only\n1\n", "dialect"),
        (b"a,b\nx\x00,y\n", "encoding"),
        (b"%PDF-1.7\n", "wrong_type"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "wrong_type"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "wrong_type"),
        (b"<?xml version='1.0'?><a/>", "wrong_type"),
        (b"<!DOCTYPE html><html></html>", "wrong_type"),
        (b"PK\x03\x04 and nothing more", "workbook"),
        (b'id,value\nA,"12"x\n', "csv_parse"),
        (b'id,value\nA,"123\n', "csv_parse"),
    ],
)
def test_what_is_no_table_is_refused_by_its_content(content: bytes, code: str) -> None:
    assert refusal(content) == code


def test_limits_hold_before_and_while_reading() -> None:
    assert refusal(b"a" * (MAX_FILE_BYTES + 1)) == "too_large"
    assert refusal(b"a,b\n" + b"1,2\n" * (MAX_ROWS + 1)) == "too_many_rows"
    assert refusal(b"a,b\n" + b"1,2\n" * (MAX_ROWS + 5_000)) == "too_many_rows"
    wide = ",".join(f"c{n}" for n in range(MAX_COLUMNS + 1)) + "\n"
    assert refusal(wide.encode() + b"1\n") == "too_many_columns"
    assert refusal(b'a,b\n1,"' + b"x" * 200_000 + b'"\n') == "csv_parse"
    assert len(read_table(b"a,b\n" + b"1,2\n" * MAX_ROWS).rows) == MAX_ROWS


def test_row_numbers_are_those_of_a_spreadsheet_even_with_line_breaks_in_cells() -> None:
    table = read_table(b'code,name\n1,"two\nlines"\n\n2,x\n')
    assert [row.number for row in table.rows] == [2, 4]


def test_a_workbook_is_read_like_the_csv_of_the_same_table() -> None:
    import datetime as dt

    content = workbook(
        [
            ["Our projects"],
            [],
            ["Project code", "Project name", "Start", "Budget"],
            ["A-1", "Permits", dt.date(2026, 1, 5), 1234.5],
            [17, "x", "", 3],
        ]
    )
    table = read_table(content)
    assert (table.sheet, table.header_row, table.headings) == (
        "Projects",
        3,
        ["Project code", "Project name", "Start", "Budget"],
    )
    assert [row.cells for row in table.rows] == [["A-1", "Permits", "2026-01-05", "1234.5"], ["17", "x", "", "3"]]
    assert [row.number for row in table.rows] == [4, 5]


def test_a_character_that_no_database_holds_is_left_out_of_a_workbook() -> None:
    assert read_table(workbook([["code", "name"], ["1", "a\x00b\x01c"]])).rows[0].cells[1] == "ab\x01c"


def test_a_sheet_may_be_chosen_and_an_unknown_one_is_refused() -> None:
    content = workbook([["code", "name"], ["1", "a"]], sheets=("Data", "Notes"))
    assert read_table(content).sheets == ["Data", "Notes"]
    assert refusal(content, ReadingChoice(sheet="Elsewhere")) == "headings"


def test_a_note_beside_the_table_gets_a_column_of_its_own_in_a_workbook() -> None:
    table = read_table(workbook([["code", "name"], ["1", "a", "", "see page 2"]]))
    assert table.headings == ["code", "name", "Column C", "Column D"]
