"""Cells of typed columns: how they are read, stored and shown; what a spreadsheet's block becomes."""

from __future__ import annotations

import pytest

from governance.documents.cells import normal, problem_of, shown
from governance.documents.pasting import read_block


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
    block = read_block('A\t100\nB\tmuch\n"C\nstill C"\t5\textra\n', columns)
    assert [row["cells"]["item"] for row in block.rows] == ["A", "B", "C still C"]
    assert [(problem.row, problem.column) for problem in block.problems] == [(2, "Limit"), (3, "Limit")]


def test_an_empty_block_is_no_row() -> None:
    assert read_block(" \n\t\n", [column("text")]).rows == ()
