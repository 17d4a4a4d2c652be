"""The risk matrix, 5 by 5: a hollow mark before treatment, a solid one after; a line joins the two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from pmo.lib.charts.kit import FONT_SIZE, drawing, fill, fill_and_stroke, join, path, px, rect, stroke, text, text_width

LEFT = 28.0
RADIUS = 9.0
Cell = tuple[int, int]


@dataclass(frozen=True)
class RiskPoint:
    """One risk: its short name and its (probability, impact), each 1 to 5, before and after treatment; None if not assessed."""

    label: str
    before: Cell | None
    after: Cell | None = None


def risk_matrix(points: Sequence[RiskPoint], width: float = 260) -> SafeString:
    side = (width - LEFT) / 5
    spots = _spots(points, side)
    parts = [_grid(side)]
    for point in points:
        if point.before and point.after and point.before != point.after:
            (x1, y1), (x2, y2) = spots[point.label, "before"], spots[point.label, "after"]
            parts.append(path(f"M{px(x1)} {px(y1)}L{px(x2)} {px(y2)}", stroke("ink", 1.25), "2 2"))
    for point in points:
        if point.before and point.before != point.after:
            parts.append(_mark(spots[point.label, "before"], point.label, solid=False))
        if point.after:
            parts.append(_mark(spots[point.label, "after"], point.label, solid=True))
    return drawing(width, 5 * side + 22, "Risks by probability and impact", _description(points), join(parts))


def _grid(side: float) -> SafeString:
    parts = []
    for probability in range(1, 6):
        y = (5 - probability) * side
        for impact in range(1, 6):
            score = probability * impact
            colour = "sunken" if score < 10 else "pale" if score < 15 else "mid"
            parts.append(rect(LEFT + (impact - 1) * side + 1, y + 1, side - 2, side - 2, fill(colour)))
        parts.append(text(LEFT - 8, y + side / 2 + 5, str(probability), "faint", "end"))
        parts.append(text(LEFT + (probability - 0.5) * side, 5 * side + 16, str(probability), "faint", "middle"))
    return join(parts)


def _spots(points: Sequence[RiskPoint], side: float) -> dict[tuple[str, str], tuple[float, float]]:
    """Return the centre of every mark; marks that share a cell stand side by side in rows of two or three."""
    shared: dict[Cell, list[tuple[str, str]]] = defaultdict(list)
    for point in points:
        if point.before and point.before != point.after:
            shared[point.before].append((point.label, "before"))
        if point.after:
            shared[point.after].append((point.label, "after"))
    spots = {}
    for (probability, impact), marks in shared.items():
        columns = min(_columns(len(marks)), max(1, int((side - 2) / max(2 * _half(label) for label, _ in marks))))
        lines = -(-len(marks) // columns)
        for at, mark in enumerate(marks):
            dx = (at % columns - (columns - 1) / 2) * (side - 2) / columns
            dy = (at // columns - (lines - 1) / 2) * (side - 2) / lines
            spots[mark] = (LEFT + (impact - 0.5) * side + dx, (5.5 - probability) * side + dy)
    return spots


def _columns(count: int) -> int:
    return 1 if count == 1 else 2 if count <= 4 else 3


def _half(label: str) -> float:
    return max(RADIUS, text_width(label, 600) / 2 + 3)


def _mark(centre: tuple[float, float], label: str, *, solid: bool) -> SafeString:
    x, y = centre
    half = _half(label)
    paint = fill("ink") if solid else fill_and_stroke("surface", "ink", 1.25)
    pill = format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="{}" {}/>',
        px(x - half), px(y - RADIUS), px(2 * half), px(2 * RADIUS), px(RADIUS), paint,
    )  # fmt: skip
    return pill + format_html(
        '<text x="{}" y="{}" font-size="{}" font-weight="600" text-anchor="middle" {}>{}</text>',
        px(x), px(y + 4.5), FONT_SIZE, fill("surface" if solid else "ink"), label,
    )  # fmt: skip


def _description(points: Sequence[RiskPoint]) -> str:
    if not points:
        return "No risks"
    key = "Hollow: before treatment. Solid: after treatment. Up is more probable, right is more harmful."
    told = [f"{point.label} {_score(point.before)} to {_score(point.after)}" for point in points]
    return f"{key} Scores: {', '.join(told)}."


def _score(cell: Cell | None) -> str:
    return "not assessed" if cell is None else str(cell[0] * cell[1])
