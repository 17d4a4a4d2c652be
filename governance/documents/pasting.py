"""A block that was copied from a spreadsheet, as rows of a table: cells parted by tabs, each problem with its place."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from governance.documents.cells import normal, problem_of
from governance.documents.drafting import new_row_id

Row = dict[str, Any]


@dataclass(frozen=True)
class Problem:
    """One cell of the block that does not fit: its row as counted there, its column, and what to do."""

    row: int
    column: str
    remedy: str

    def __str__(self) -> str:
        return f"Row {self.row}, {self.column}: {self.remedy}"


@dataclass(frozen=True)
class Block:
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


def read_block(text: str, columns: Sequence[Mapping[str, Any]]) -> Block:
    """Return the rows of `text`. A first line that repeats the heads of the table is left out; empty lines, too."""
    lines = [line for line in csv.reader(io.StringIO(text.replace("\x00", " ")), delimiter="\t") if any(map(str.strip, line))]
    heads = [column["label"].lower() for column in columns]
    first = 1
    if lines and [cell.strip().lower() for cell in lines[0]][: len(heads)] == heads[: len(lines[0])]:
        lines, first = lines[1:], 2
    rows: list[Row] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, start=first):
        row, found = _row(number, line, columns)
        rows.append(row)
        problems += found
    return Block(tuple(rows), tuple(problems))


def _row(number: int, line: Sequence[str], columns: Sequence[Mapping[str, Any]]) -> tuple[Row, list[Problem]]:
    cells = {column["key"]: normal(column, text) for column, text in zip(columns, line, strict=False)}
    problems = [
        Problem(number, column["label"], remedy)
        for column in columns
        if (remedy := problem_of(column, cells.get(column["key"], "")))
    ]
    if any(cell.strip() for cell in line[len(columns) :]):
        problems.append(
            Problem(number, columns[-1]["label"], f"There are more than {len(columns)} cells; the rest is left out.")
        )
    return {"row": new_row_id(), "cells": cells}, problems
