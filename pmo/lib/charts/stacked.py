"""The portfolio by status: one bar, each part with its shape and its number below."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

from pmo.lib.charts.kit import NOTHING, drawing, fill, fill_and_stroke, join, rect, text, text_width
from pmo.lib.charts.shapes import COLOUR, WORD, letter_of, shape


def stacked_status(
    counts: Sequence[tuple[str, int]], width: float, height: float = 20, unit: str = "projects", labels: bool = True
) -> SafeString:
    """Draw (letter, number) pairs as one bar. A part that exists is never thinner than 2 px; gaps show on paper too."""
    parts = [(letter_of(letter), number) for letter, number in counts]
    total = sum(number for _, number in parts)
    edges = _edges([number for _, number in parts], total, width)
    bar = [
        rect(left, 0, max(2, right - left - 2), height, _paint(letter)) if number else NOTHING
        for (letter, number), (left, right) in zip(parts, edges, strict=True)
    ]
    if not total:
        bar = [rect(0, 0, width, height, fill("sunken"))]
    below = _labels(parts, [left for left, _ in edges], width, height) if labels else []
    description = ", ".join(f"{number} {WORD[letter].lower()}" for letter, number in parts) or "Nothing to count"
    return drawing(width, height + (28 if labels else 0), f"{total} {unit} by published rating", description, join(bar + below))


def _paint(letter: str) -> SafeString:
    return fill_and_stroke("yellow", "yellowline", 1) if letter == "Y" else fill(COLOUR[letter])


def _edges(numbers: list[int], total: int, width: float) -> list[tuple[float, float]]:
    edges, left = [], 0.0
    for number in numbers:
        right = left + (number / total * width if total else 0)
        edges.append((left, right))
        left = right
    return edges


def _labels(parts: list[tuple[str, int]], wanted: list[float], width: float, height: float) -> list[SafeString]:
    sizes = [24 + text_width(str(number), 600) for _, number in parts]
    lefts: list[float] = []
    for want, _ in zip(wanted, sizes, strict=True):  # from the left: never over the label before
        lefts.append(max(want, lefts[-1] + sizes[len(lefts) - 1]) if lefts else want)
    limit = width
    for at in reversed(range(len(lefts))):  # from the right: never past the edge, nor over the label after
        lefts[at] = max(0.0, min(lefts[at], limit - sizes[at]))
        limit = lefts[at]
    return [
        format_html(
            "<g>{}{}</g>", shape(letter, left + 6, height + 16, 5), text(left + 16, height + 21, str(number), "ink", weight=600)
        )
        for (letter, number), left in zip(parts, lefts, strict=True)
    ]
