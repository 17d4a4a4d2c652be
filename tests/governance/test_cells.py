"""Cells of typed columns: how they are read, stored and shown; what a spreadsheet's block becomes."""

from __future__ import annotations

import time

import pytest

from governance.documents.cells import TOO_LONG, normal, problem_of, shown
from governance.documents.pasting import lines_of, read_block


def column(kind: str, *, required: bool = True, choices=(), label: str = "Cell", key: str = "cell") -> dict[str, object]:
    return {"key": key, "label": label, "type": kind, "required": required, "choices": list(choices), "help": ""}


@pytest.mark.parametrize(
    ("kind", "typed", "stored", "read"),
    [
        ("date", "12/4/2026", "2026-12-04", "4 Dec 2026"),
        ("date", "4 Dec 2026", "2026-12-04", "4 Dec 2026"),
        ("date", "soon", "soon", "soon"),
        ("money", "$240,000.50", "240000.50", "$240,000.50"),
        ("money", "240 000", "240000", "$240,000"),
        ("money", "-12", "-12", "−$12"),
        ("money", "about 5", "about 5", "about 5"),
        ("money", " $ 1,234.00 ", "1234.00", "$1,234"),
        ("money", "$ (1,234.50)", "-1234.50", "−$1,234.50"),
        ("money", "-$5", "-5", "−$5"),
        ("money", " $ -   ", "0", "$0"),
        ("money", "$", "$", "$"),
        ("money", "12,5", "12,5", "12,5"),
        ("money", "1.234,50", "1.234,50", "1.234,50"),
        ("money", "€ 5", "€ 5", "€ 5"),
        ("number", "--5", "--5", "--5"),
        ("number", "12%", "12%", "12%"),
        ("number", "1,000,000", "1000000", "1,000,000"),
        ("date", "4-Dec-26", "2026-12-04", "4 Dec 2026"),
        ("date", "Friday, December 4, 2026", "2026-12-04", "4 Dec 2026"),
        ("date", "2026/12/04", "2026-12-04", "4 Dec 2026"),
        ("date", "31/12/2026", "31/12/2026", "31/12/2026"),
        ("number", "99.95", "99.95", "99.95"),
        ("number", "1e9", "1e9", "1e9"),
        ("number", "NaN", "NaN", "NaN"),
        ("number", "٣", "٣", "٣"),
        ("yes_no", "Y", "yes", "yes"),
        ("text", " a \n b ", "a b", "a b"),
        ("long", "a\nb", "a\nb", "a\nb"),
        ("text", "a\x00b\ud800", "a b", "a b"),
        ("text", "", "", "—"),
    ],
)
def test_a_cell_is_stored_in_one_form_and_what_cannot_be_read_as_typed(kind, typed, stored, read) -> None:
    one = column(kind)
    assert normal(one, typed) == stored
    assert shown(one, stored) == read


@pytest.mark.parametrize(
    ("one", "text", "is_fine"),
    [
        (column("text"), "", False),
        (column("text", required=False), "", True),
        (column("date"), "2026-12-04", True),
        (column("date"), "2026-13-04", False),
        (column("number"), "12", True),
        (column("number"), "twelve", False),
        (column("choice", choices=("low", "high")), "high", True),
        (column("choice", choices=("low", "high")), "huge", False),
        (column("yes_no"), "maybe", False),
    ],
)
def test_what_is_wrong_with_a_cell_is_said_with_a_remedy(one, text, is_fine) -> None:
    assert bool(problem_of(one, text)) is not is_fine


def test_a_block_names_row_and_column_of_each_problem() -> None:
    columns = [column("text", label="Item", key="item"), column("money", label="Limit", key="limit")]
    block = read_block('A\t100\nB\tmuch\n"C\nstill C"\t12,5\n', columns)
    assert [row["cells"]["item"] for row in block.rows] == ["A", "B", "C still C"]
    assert [(problem.row, problem.column) for problem in block.problems] == [(2, "Limit"), (3, "Limit")]


ITEMS = [
    column("text", label="Item", key="item"),
    column("long", label="Note", key="note", required=False),
    column("money", label="Limit", key="limit", required=False),
]


def cells_in(text: str) -> list[list[str]]:
    block = read_block(text, ITEMS)
    assert block.refused == ()
    return [[row["cells"].get(key, "") for key in ("item", "note", "limit")] for row in block.rows]


@pytest.mark.parametrize(
    ("block", "rows"),
    [
        ("A\tfine\t100\r\nB\tgood\t5\r\n", [["A", "fine", "100"], ["B", "good", "5"]]),
        ('A\t"two\nlines"\t1\r\nB\t\t', [["A", "two\nlines", "1"], ["B", "", ""]]),
        ('A\t"says ""yes"" twice\n"\t', [["A", 'says "yes" twice', ""]]),
        ('5" pipe\t"quoted"\t1\n"open\tx\t2\nC\ty\t3', [['5" pipe', '"quoted"', "1"], ['"open', "x", "2"], ["C", "y", "3"]]),
        ("A\tfine\t100\t\t\t\n\t\t\t\nB\t\t\t\t", [["A", "fine", "100"], ["B", "", ""]]),
        ("Limit\titem\n100\tA\n", [["A", "", "100"]]),
        ("What it costs\t\t\nItem\tNote\tLimit\nA\tx\t1", [["A", "x", "1"]]),
        ("\nItem\tNote\tLimit\t\t\nA\tx\t1\t\t", [["A", "x", "1"]]),
        ("A\nB\nC", [["A", "", ""], ["B", "", ""], ["C", "", ""]]),
        ("A\tfine\t100", [["A", "fine", "100"]]),
        ("Item\nA", [["A", "", ""]]),
    ],
)
def test_what_spreadsheets_put_on_the_clipboard_becomes_rows(block, rows) -> None:
    assert cells_in(block) == rows


@pytest.mark.parametrize(
    ("block", "row"),
    [
        ("A\tx\t1\tlost\n", 1),
        ("Item\t\tLimit\nA\tlost\t1", 2),
        (f"A\tx\t1\nB\t{'n' * 4_001}\t2", 2),
    ],
)
def test_a_block_of_which_something_would_be_lost_is_refused_with_its_place(block, row) -> None:
    assert [problem.row for problem in read_block(block, ITEMS).refused] == [row]


def test_quotes_that_close_nowhere_take_no_time() -> None:
    begun = time.process_time()
    assert len(lines_of('"a""\t' * 40_000 + '"' * 40_000)[0]) == 40_001
    assert time.process_time() - begun < 1


def test_five_hundred_rows_with_twelve_columns_are_read_in_a_moment() -> None:
    columns = [column("text", label=f"C{number}", key=f"c{number}") for number in range(12)]
    begun = time.process_time()
    assert len(read_block(("x\t" * 12 + "\r\n") * 500, columns).rows) == 500
    assert time.process_time() - begun < 1


def test_an_empty_block_is_no_row() -> None:
    assert read_block(" \n\t\n", [column("text")]).rows == ()


@pytest.mark.parametrize("typed", ["(" + " " * 200_000 + "1", "1," * 100_000 + "1", "9" * 200_000])
@pytest.mark.parametrize("kind", ["number", "money", "date"])
def test_a_cell_beyond_all_measure_is_left_whole_and_takes_no_time(kind, typed) -> None:
    began = time.perf_counter()
    assert normal(column(kind), typed) == typed
    assert problem_of(column(kind), typed) == TOO_LONG
    assert time.perf_counter() - began < 1
