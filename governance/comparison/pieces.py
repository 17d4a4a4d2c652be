"""Differences between two texts, two lists of lines and two tables of rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from pmo.lib.diffs import Piece, word_changes
from pmo.lib.matching import opcodes

#: Two lines that are less alike than this are shown as one removed and one added.
LIKE_ENOUGH = 0.55
#: Longer texts, and more pairs of lines, are not searched for what they have in common: that takes longer than a page may.
MOST_WORDS, MOST_PAIRS = 4_000, 2_500
ADDED, REMOVED, CHANGED, SAME = "added", "removed", "changed", "same"


def likeness(was: str, now: str) -> float:
    """Return which share of the words of both is the same, from 0 to 1; two empty texts are alike."""
    old, new = was.split(), now.split()
    same = sum(b - a for kind, a, b, _, _ in opcodes(old, new) if kind == "equal")
    return 2 * same / (len(old) + len(new)) if old or new else 1.0


def words_of(was: str | None, now: str) -> tuple[Piece, ...]:
    """Return `now` with what was removed in its place.

    Nothing to compare with (None) marks nothing; too little in common marks everything.
    """
    if was is None or was == now:
        return (Piece(SAME, now),) if now else ()
    is_long = len(was.split()) + len(now.split()) > MOST_WORDS
    if not was or not now or is_long or likeness(was, now) < LIKE_ENOUGH:
        found = [Piece(kind, text) for kind, text in ((REMOVED, was), (ADDED, now)) if text]
        return (found[0], Piece(SAME, " "), found[1]) if len(found) == 2 else tuple(found)
    return _in_runs(word_changes(was, now))


def _in_runs(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Join changes that only a space keeps apart, and put what was removed before what was added."""
    shown: list[Piece] = []
    removed = added = ""
    for at, piece in enumerate(pieces):
        joins = piece.kind == SAME and not piece.text.strip() and 0 < at < len(pieces) - 1 and (removed or added)
        if piece.kind == REMOVED:
            removed += piece.text
        elif piece.kind == ADDED:
            added += piece.text
        elif joins:
            removed, added = removed + piece.text, added + piece.text
        else:
            shown += _run(removed, added)
            removed = added = ""
            shown.append(piece)
    return tuple(shown + _run(removed, added))


def _run(removed: str, added: str) -> list[Piece]:
    """Return one change; spaces that both sides share at the end stand outside the marks."""
    tail = " " if removed.endswith(" ") and added.endswith(" ") else ""
    parts = ((REMOVED, removed.strip() if not added.strip() else removed.rstrip()), (ADDED, added.rstrip()))
    found = [Piece(kind, text) for kind, text in parts if text.strip()]
    spaced = [piece for pair in zip(found, [Piece(SAME, " ")] * len(found), strict=True) for piece in pair]
    return [*spaced[:-1], *([Piece(SAME, tail)] if tail and found else [])]


@dataclass(frozen=True)
class Line:
    """One line of a list: same, added, removed, or changed within (then `pieces` says how)."""

    kind: str
    pieces: tuple[Piece, ...]


def lines_of(was: Sequence[str] | None, now: Sequence[str]) -> tuple[Line, ...]:
    """Return the lines of `now` with those that were removed in their place; None has nothing to compare with."""
    if was is None:
        return tuple(Line(SAME, (Piece(SAME, text),)) for text in now)
    shown: list[Line] = []
    for kind, a, b, c, d in SequenceMatcher(None, list(was), list(now), autojunk=False).get_opcodes():
        if kind == "equal":
            shown += [Line(SAME, (Piece(SAME, text),)) for text in now[c:d]]
        else:
            shown += _changed_lines(list(was[a:b]), now[c:d])
    return tuple(shown)


def _changed_lines(was: list[str], now: Sequence[str]) -> list[Line]:
    shown = []
    is_much = len(was) * len(now) > MOST_PAIRS
    for text in now:
        closest = "" if is_much else max(was, key=lambda old: likeness(old, text), default="")
        if closest and likeness(closest, text) >= LIKE_ENOUGH:
            was.remove(closest)
            shown.append(Line(CHANGED, words_of(closest, text)))
        else:
            shown.append(Line(ADDED, (Piece(ADDED, text),)))
    return shown + [Line(REMOVED, (Piece(REMOVED, text),)) for text in was]


@dataclass(frozen=True)
class Cell:
    """One cell: what it is, and what it was where that differs."""

    label: str
    now: str
    was: str | None = None
    css: str = ""
    is_text: bool = False

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Return a changed text with its words marked in place; nothing for dates, figures and what is the same."""
        return words_of(self.was, self.now) if self.is_text and self.was is not None else ()


@dataclass(frozen=True)
class Row:
    """One row of a table: same, changed, added or removed. The first cell names it."""

    kind: str
    cells: tuple[Cell, ...]
    anchor: str = ""


@dataclass(frozen=True)
class Column:
    """How one column of a table reads a row, in words. Of a column that is not `compared` no change is marked."""

    label: str
    read: Callable[[Mapping[str, Any]], str]
    css: str = ""
    compared: bool = True
    is_text: bool = False

    def cell(self, row: Mapping[str, Any]) -> Cell:
        return Cell(self.label, self.read(row), css=self.css, is_text=self.is_text)


@dataclass(frozen=True)
class Table:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def count(self, kind: str) -> int:
        return sum(row.kind == kind for row in self.rows)

    @property
    def changes(self) -> int:
        return sum(row.kind != SAME for row in self.rows)


def table_of(
    columns: tuple[Column, ...],
    was: Sequence[Mapping[str, Any]] | None,
    now: Sequence[Mapping[str, Any]],
    *,
    key: str = "number",
    prefix: str = "",
) -> Table:
    """Return the rows of `now`, then those that are gone, matched by `key`; None has nothing to compare with."""
    before = {row[key]: row for row in was or ()}
    rows = [_row(columns, before.get(row[key]), row, is_first=was is None, anchor=f"{prefix}{row[key]}") for row in now]
    kept = {row[key] for row in now}
    gone = [row for row in was or () if row[key] not in kept]
    rows += [Row(REMOVED, tuple(column.cell(row) for column in columns)) for row in gone]
    return Table(columns, tuple(rows))


def _row(
    columns: tuple[Column, ...], was: Mapping[str, Any] | None, now: Mapping[str, Any], *, is_first: bool, anchor: str
) -> Row:
    cells = tuple(column.cell(now) for column in columns)
    if was is None:
        return Row(SAME if is_first else ADDED, cells, anchor)
    cells = tuple(
        replace(cell, was=old) if column.compared and (old := column.read(was)) != cell.now else cell
        for column, cell in zip(columns, cells, strict=True)
    )
    return Row(CHANGED if any(cell.was is not None for cell in cells) else SAME, cells, anchor)
