"""Two people in one section: what each of them says, row by row or word by word, to choose from. Nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from governance.comparison import words_of
from governance.documents.reading import Cell, cells_in_words
from governance.documents.rows_typed import ROW_ID
from governance.models import DocumentSection
from pmo.lib.diffs import Piece

Row = Mapping[str, Any]
MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True)
class MetRow:
    """One row that differs: both sides in words, empty where a side has no such row, and the side that is offered first."""

    key: str
    label: str
    theirs: tuple[Cell, ...]
    mine: tuple[Cell, ...]
    offered: str

    @property
    def pairs(self) -> list[tuple[str, str, str]]:
        """Return (column, theirs, mine) of the cells that differ; all of them where a side has no such row."""
        labels = [cell.label for cell in self.theirs or self.mine]
        left = [cell.words for cell in self.theirs] or [""] * len(labels)
        right = [cell.words for cell in self.mine] or [""] * len(labels)
        return [found for found in zip(labels, left, right, strict=True) if found[1] != found[2]]


def opened_at(section: DocumentSection, revision: int) -> tuple[str, list[Row]] | None:
    """Return the text and the rows that stood there when the form was opened, None where that is not known. One query."""
    found = section.history.filter(revision=revision).order_by("-history_id").values_list("text", "rows").first()
    return None if found is None else (found[0], list(found[1]))


def joined_rows(section: DocumentSection, mine: Sequence[Row], opened: Sequence[Row]) -> list[Row]:
    """Return `mine` with the cells that only the other side changed, in the rows that both changed."""
    stored, before = by_key(section.rows), by_key(opened)
    return [{**row, "cells": _joined(row["cells"], stored.get(row["row"]), before.get(row["row"]))} for row in mine]


def _joined(mine: Mapping[str, str], theirs: Mapping[str, str] | None, before: Mapping[str, str] | None) -> Mapping[str, str]:
    if theirs is None or before is None or _same(mine, before):
        return mine
    return {key: theirs.get(key, "") if text == before.get(key, "") else text for key, text in mine.items()}


def met_rows(section: DocumentSection, mine: Sequence[Row], *, opened: Sequence[Row] | None) -> list[MetRow]:
    """Return the rows in which `mine` differs from what is stored. A side that left a row as it was gives way to the other."""
    columns = section.section.columns
    stored, typed, before = by_key(section.rows), by_key(mine), by_key(opened or ())
    keys = [*typed, *(key for key in stored if key not in typed)]
    return [
        MetRow(
            key=key,
            label=_label(typed.get(key) or stored[key], columns),
            theirs=cells_in_words(columns, stored[key]) if key in stored else (),
            mine=cells_in_words(columns, typed[key]) if key in typed else (),
            offered=THEIRS if opened is not None and _same(before.get(key), typed.get(key)) else MINE,
        )
        for key in keys
        if not _same(stored.get(key), typed.get(key))
    ]


def by_key(rows: Sequence[Row]) -> dict[str, Mapping[str, str]]:
    return {row["row"]: row["cells"] for row in rows}


def _same(one: Mapping[str, str] | None, other: Mapping[str, str] | None) -> bool:
    if one is None or other is None:
        return one is other
    return {key: text for key, text in one.items() if text} == {key: text for key, text in other.items() if text}


def _label(cells: Mapping[str, str], columns: Sequence[Mapping[str, Any]]) -> str:
    return next((text for column in columns if (text := cells.get(column["key"], ""))), "empty row")


def chosen_rows(section: DocumentSection, mine: Sequence[Row], sides: Mapping[str, str]) -> list[Row]:
    """Return the rows after the choice: in my order, then those that only the other side has.

    A key that `sides` does not name is taken from whichever side has it, mine first.
    """
    stored, typed = {row["row"]: row for row in section.rows}, {row["row"]: row for row in mine}
    rows: list[Row] = []
    for key in [*typed, *(key for key in stored if key not in typed)]:
        side = sides.get(key, MINE if key in typed else THEIRS)
        found = (typed if side == MINE else stored).get(key)
        if found is not None:
            rows.append(found)
    return rows


def text_pieces(theirs: str, mine: str) -> tuple[Piece, ...]:
    """Return my words with those of the other side in their place."""
    return words_of(theirs, mine)


def carried(rows: Sequence[Row]) -> str:
    return json.dumps(list(rows))


def taken_up(text: str, columns: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Return the rows that the page carried along. What is no row is left out."""
    try:
        found = json.loads(text)
    except ValueError:
        return []
    keys = [column["key"] for column in columns]
    return [
        {"row": one["row"], "cells": {key: str(one["cells"].get(key, "")) for key in keys}}
        for one in (found if isinstance(found, list) else [])
        if isinstance(one, dict) and isinstance(one.get("cells"), dict) and ROW_ID.fullmatch(str(one.get("row", "")))
    ]
