"""A block that was copied from a spreadsheet, as rows of a table. What does not fit is refused whole: no cell is dropped."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from governance.documents.cells import LONGEST_CELL, TOO_LONG, normal, problem_of
from governance.documents.drafting import new_row_id
from pmo.lib.words import count

Row = dict[str, Any]
Columns = Sequence[Mapping[str, Any]]
#: Spreadsheets put a cell in quotes that has a line break, a tab or a quote in it; a quote that closes nowhere is a letter.
QUOTED = re.compile(r'"((?:[^"]++|"")*+)"(?=\t|\n|\Z)')
PLAIN = re.compile(r"[^\t\n]*")
#: Above the heads there may be titles over several columns: this many lines are looked at.
MOST_TITLES = 3


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
    """`problems` are stored and mended later; with one that is `refused` nothing of the block is taken."""

    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()
    refused: tuple[Problem, ...] = ()


def read_block(text: str, columns: Columns) -> Block:
    """Return the rows of `text`. Heads say which column is which; they, titles above them and empty lines are no rows."""
    lines = [(number, line) for number, line in enumerate(lines_of(text), start=1) if any(map(str.strip, line))]
    heads, lines = _heads(lines, columns)
    rows, problems, refused = [], [], []
    for number, line in lines:
        cells = {one["key"]: normal(one, words) for one, words in zip(heads, line, strict=False) if one}
        rows.append({"row": new_row_id(), "cells": cells})
        problems += [
            Problem(number, column["label"], remedy)
            for column in columns
            if (remedy := problem_of(column, cells.get(column["key"], "")))
        ]
        refused += _lost(number, line, heads)
    return Block(tuple(rows), tuple(problems), tuple(refused))


def lines_of(text: str) -> list[list[str]]:
    """Return the lines of a block, each with its cells."""
    text = text.replace("\x00", " ").replace("\r\n", "\n").replace("\r", "\n")
    lines: list[list[str]] = [[]]
    at = 0
    while at < len(text):
        cell, at = _cell_at(text, at)
        lines[-1].append(cell)
        if text[at : at + 1] == "\n":
            lines.append([])
        at += 1
    return lines


def _cell_at(text: str, at: int) -> tuple[str, int]:
    """Return the cell that begins at `at`, and where it ends."""
    quoted = QUOTED.match(text, at)
    words = quoted[1].replace('""', '"') if quoted else ""
    if quoted and re.search(r'[\n\t"]', words):
        return words, quoted.end()
    plain = PLAIN.match(text, at)
    return (plain[0], plain.end()) if plain else ("", at)


Lines = list[tuple[int, list[str]]]


def _heads(lines: Lines, columns: Columns) -> tuple[list[Mapping[str, Any] | None], Lines]:
    """Return the column of each place, None where the heads name none, and the lines below the heads."""
    by_label = {column["label"].lower(): column for column in columns}
    for place, (_, line) in enumerate(lines[:MOST_TITLES]):
        labels = [cell.strip().lower() for cell in line]
        named = [label for label in labels if label]
        is_heads = set(named) <= set(by_label) and len(set(named)) == len(named)
        if is_heads and (len(named) > 1 or len(line) == 1 or len(columns) == 1):
            return [by_label.get(label) for label in labels], lines[place + 1 :]
        if len(named) > 1:
            break  # this is a row, not a title
    return list(columns), lines


def _lost(number: int, line: Sequence[str], heads: Sequence[Mapping[str, Any] | None]) -> list[Problem]:
    """Return what of a line has no place in the table."""
    beyond = [cell.strip() for cell in line[len(heads) :] if cell.strip()]
    beyond += [cell.strip() for cell, column in zip(line, heads, strict=False) if column is None and cell.strip()]
    last = next((column["label"] for column in reversed(heads) if column), "")
    found = [Problem(number, f"beyond “{last}”", _too_many(beyond))] if beyond else []
    return found + [
        Problem(number, column["label"], TOO_LONG)
        for cell, column in zip(line, heads, strict=False)
        if column and len(cell.strip()) > LONGEST_CELL
    ]


def _too_many(beyond: Sequence[str]) -> str:
    return f"{count(len(beyond), 'cell')} without a column, first “{beyond[0][:40]}”. Copy the columns of this table only."
