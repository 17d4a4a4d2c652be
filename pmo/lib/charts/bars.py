"""Bars from zero, one line each, with the name before and the figure behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from pmo.lib.charts.kit import drawing, fill, join, rect, text, text_width

ROW = 28.0


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its length as a number not below zero, and the figure as it is written."""

    name: str
    value: float
    figure: str


def bars(rows: Sequence[Bar], title: str, width: float = 640) -> SafeString:
    """Draw bars on one scale that starts at zero; names and figures keep their own columns, so nothing overlaps."""
    if not rows:
        return drawing(width, ROW, title, "Nothing to show", text(0, 18, "Nothing to show", "soft"))
    names = min(width * 0.45, max(text_width(row.name) for row in rows) + 12)
    figures = max(text_width(row.figure, 600) for row in rows) + 8
    room = max(20.0, width - names - figures)
    largest = max(row.value for row in rows) or 1
    parts: list[SafeString] = []
    for at, row in enumerate(rows):
        y, length = at * ROW, max(0.0, row.value) / largest * room
        parts.append(text(0, y + 18, _fitting(row.name, names - 12), "ink"))
        parts.append(rect(names, y + 6, length, 16, fill("mid")))
        parts.append(text(names + length + 8, y + 18, row.figure, "ink", weight=600))
    return drawing(width, ROW * len(rows), title, ", ".join(f"{row.name} {row.figure}" for row in rows), join(parts))


def _fitting(name: str, room: float) -> str:
    """Shorten a name that has no room; the whole name stands in the description and in the table beside the chart."""
    if text_width(name) <= room:
        return name
    return name[: max(1, int(room / text_width("n")) - 1)].rstrip() + "…"
