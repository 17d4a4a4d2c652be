"""Rows of a table as a form sends them: read back, changed by the button that was pressed, laid out again for the page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from governance.document_states import ColumnType
from governance.documents.cells import normal, problem_of, read_date, read_number
from governance.documents.drafting import new_row_id
from governance.documents.table_limits import MOST_ROWS

Row = dict[str, Any]
Columns = Sequence[Mapping[str, Any]]
ROW_ID = re.compile(r"[\w-]{1,40}", re.ASCII)


def rows_in(data: QueryDict, columns: Columns) -> list[Row]:
    """Return the rows that were sent, in the order of the page, without those in which nothing stands, however many."""
    rows: list[Row] = []
    for name in data.getlist("row"):
        key = name if ROW_ID.fullmatch(name) else new_row_id()
        cells = {column["key"]: normal(column, data.get(f"{name}.{column['key']}", "")) for column in columns}
        if any(cells.values()):
            rows.append({"row": key, "cells": cells})
    return rows


def changed(rows: list[Row], action: str) -> list[Row]:
    """Return `rows` after a button: `remove:<row>`, `up:<row>`, `down:<row>`; any other leaves them as they are."""
    verb, _, key = action.partition(":")
    place = next((place for place, row in enumerate(rows) if row["row"] == key), None)
    if place is None:
        return rows
    if verb == "remove":
        return rows[:place] + rows[place + 1 :]
    other = {"up": place - 1, "down": place + 1}.get(verb, -1)
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
    return rows


@dataclass(frozen=True)
class CellInput:
    """One input: its name, label, value and kind, and what is wrong with what stands in it."""

    name: str
    label: str
    value: str
    kind: str
    choices: tuple[str, ...]
    problem: str
    hint: str
    is_required: bool


@dataclass(frozen=True)
class RowInputs:
    key: str
    number: int
    inputs: tuple[CellInput, ...]
    is_new: bool = False

    @property
    def is_first(self) -> bool:
        return self.number == 1


def inputs_of(rows: Sequence[Mapping[str, Any]], columns: Columns) -> list[RowInputs]:
    """Return the inputs of `rows`, and of one empty row at the end; it has its name already, so that it keeps it when saved."""
    found = [
        RowInputs(
            row["row"], number, tuple(_input(column, row["row"], row["cells"].get(column["key"], "")) for column in columns)
        )
        for number, row in enumerate(rows, start=1)
    ]
    if len(found) >= MOST_ROWS:
        return found
    key = new_row_id()
    empty = tuple(_input(column, key, "", is_new=True) for column in columns)
    return [*found, RowInputs(key, len(found) + 1, empty, is_new=True)]


def _input(column: Mapping[str, Any], row: str, text: str, *, is_new: bool = False) -> CellInput:
    kind = column["type"]
    choices = tuple(column["choices"]) if kind == ColumnType.CHOICE else ("yes", "no") if kind == ColumnType.YES_NO else ()
    if choices and text and text not in choices:
        choices = (*choices, text)  # what was pasted stays to be seen
    return CellInput(
        name=f"{row}.{column['key']}",
        label=column["label"],
        value=_written(kind, text),
        kind=_control(kind, text),
        choices=choices,
        problem="" if is_new else problem_of(column, text),
        hint=column.get("help", ""),
        is_required=column["required"],
    )


def _control(kind: str, text: str) -> str:
    """Return the control of a cell. A date that cannot be read needs a plain line, or the browser would drop it."""
    if kind == ColumnType.DATE:
        return "date" if not text or read_date(text) else "text"
    return {ColumnType.CHOICE: "select", ColumnType.YES_NO: "select"}.get(kind, kind)  # type: ignore[call-overload, no-any-return]


def _written(kind: str, text: str) -> str:
    number = read_number(text) if kind in (ColumnType.NUMBER, ColumnType.MONEY) else None
    return f"{number:,f}" if number is not None else text


def problems_of(rows: Sequence[Mapping[str, Any]], columns: Columns) -> list[tuple[str, str]]:
    """Return what is wrong in stored rows as (address of the input, sentence with row, column and remedy)."""
    return [
        (f"#{row['row']}.{column['key']}", f"Row {number}, {column['label']}: {remedy}")
        for number, row in enumerate(rows, start=1)
        for column in columns
        if (remedy := problem_of(column, row["cells"].get(column["key"], "")))
    ]
