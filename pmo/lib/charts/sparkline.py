"""A sparkline: one measure over some weeks, with a target as a dashed line."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

from pmo.lib.charts.kit import NOTHING, drawing, fill, path, px, stroke


def sparkline(
    values: Sequence[float | None],
    label: str,
    unit: str = "",
    width: float = 120,
    height: float = 28,
    target: float | None = None,
    period: str = "weeks",
) -> SafeString:
    """Draw `values`, oldest first; None is a period without a figure and breaks the line.

    `period` names the steps, in the plural.
    """
    known = [value for value in values if value is not None]
    if not known:
        return drawing(width, height, label, "No figures yet", NOTHING)
    levels = known if target is None else [*known, target]
    low, spread = min(levels), (max(levels) - min(levels)) or 1

    def x(at: int) -> float:
        return 3 + at * (width - 6) / max(1, len(values) - 1)

    def y(value: float) -> float:
        return height - 4 - (value - low) / spread * (height - 8)

    goal = path(f"M0 {px(y(target))}H{px(width)}", stroke("rule"), "3 3") if target is not None else NOTHING
    last = max(at for at, value in enumerate(values) if value is not None)
    dot = format_html('<circle cx="{}" cy="{}" r="2.75" {}/>', px(x(last)), px(y(known[-1])), fill("accent"))
    line = path(_line([None if value is None else (x(at), y(value)) for at, value in enumerate(values)]), stroke("accent", 1.5))
    weeks = f"over {len(values)} {period}" if len(values) > 1 else f"in one {period.removesuffix('s')}"
    return drawing(width, height, label, f"From {known[0]:g}{unit} to {known[-1]:g}{unit} {weeks}", goal + line + dot)


def _line(points: list[tuple[float, float] | None]) -> str:
    data, pen_down = "", False
    for point in points:
        if point is not None:
            data += f"{'L' if pen_down else 'M'}{px(point[0])} {px(point[1])}"
        pen_down = point is not None
    return data
