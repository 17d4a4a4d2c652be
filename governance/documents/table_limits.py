"""How much a table can hold. What is more is refused with its place and a remedy; nothing is cut off unseen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from governance.documents.cells import LONGEST_CELL, TOO_LONG
from pmo.lib.words import count

MOST_ROWS = 500


@dataclass(frozen=True)
class Excess:
    """One thing that does not fit: the input to go to, a sentence with place and remedy, and the code of its refusal."""

    address: str
    sentence: str
    code: str


def excess_of(rows: Sequence[Mapping[str, Any]], columns: Sequence[Mapping[str, Any]]) -> Iterator[Excess]:
    """Yield what of `rows` a table with these columns cannot hold: too many rows, then each cell that is too long."""
    if len(rows) > MOST_ROWS:
        sentence = (
            f"A table holds at most {MOST_ROWS} rows, and these are {len(rows):,}. Take out "
            f"{count(len(rows) - MOST_ROWS, 'row')}, or attach the longer list as a file."
        )
        first = rows[MOST_ROWS]["row"]
        yield Excess(f"#{first}" if first else "", f"Row {MOST_ROWS + 1}: {sentence}", "rows_too_many")
    for number, row in enumerate(rows, start=1):
        for column in columns:
            if len(row["cells"].get(column["key"], "")) > LONGEST_CELL:
                address = f"#{row['row']}.{column['key']}"
                yield Excess(address, f"Row {number}, {column['label']}: {TOO_LONG}", "cell_too_long")
