"""Money on one line from zero: spent, committed, still to commit up to the forecast; the approved budget as a tick."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from django.utils.safestring import SafeString

from pmo.lib import words
from pmo.lib.charts.kit import NOTHING, drawing, fill, join, path, px, rect, sentence, stroke, text
from pmo.lib.charts.labels import GAP, ROW_HEIGHT, Label, Placed, place, rows

THICKNESS = 18.0
Money = Decimal | int | float | None


def bullet(
    budget: Money,
    spent: Money,
    committed: Money,
    forecast: Money,
    width: float = 640,
    labels: bool = True,
    show: Callable[[Money], str] = words.millions,
) -> SafeString:
    """Draw what is known of four amounts in one currency; None is left out, and without any amount the bar is empty."""
    known = {"Spent": spent, "Committed": committed, "Forecast": forecast, "Budget": budget}
    description = sentence([f"{name.lower()} {show(value)}" for name, value in known.items() if value is not None])
    top = 26.0 if labels else 8.0
    largest = max((float(value) for value in (budget, forecast, (spent or 0) + (committed or 0)) if value), default=0.0)  # type: ignore[operator]
    if largest <= 0:
        body = rect(0, top, width, THICKNESS, fill("sunken"))
        return drawing(width, top + THICKNESS + 8, "Money against the approved budget", description or "No amounts yet", body)
    scale = (width - 8) / largest / 1.02
    ends = {name: float(value) * scale if value is not None else None for name, value in known.items()}
    ends["Committed"] = ((ends["Spent"] or 0) + ends["Committed"]) if ends["Committed"] is not None else None
    below = place(_below(ends, known, show), width) if labels else []
    bottom = top + THICKNESS + (8 + ROW_HEIGHT * rows(below) if labels else 8)
    body = join(
        [_bars(ends, top), _budget(ends["Budget"], show(budget), top, width, labels), *_drawn(below, ends["Forecast"], top)]
    )
    return drawing(width, bottom, "Money against the approved budget", description, body)


def _bars(ends: dict[str, float | None], top: float) -> SafeString:
    spent, committed, forecast = ends["Spent"] or 0.0, ends["Committed"], ends["Forecast"]
    reached = committed if committed is not None else spent
    if (ends["Spent"], committed, forecast) == (None, None, None):
        return rect(0, top, ends["Budget"] or 0.0, THICKNESS, fill("sunken"))  # the budget alone: an empty bar up to its tick
    parts = [rect(0, top, spent, THICKNESS, fill("accent"))]
    parts.append(rect(spent + 1, top, reached - spent - 1, THICKNESS, fill("mid")))
    if forecast is not None:
        parts.append(rect(reached + 1.5, top + 0.5, forecast - reached - 2, THICKNESS - 1, stroke("strong"), "3 2"))
    return join(parts)


def _budget(end: float | None, words_: str, top: float, width: float, labels: bool) -> SafeString:
    if end is None:
        return NOTHING
    tick = path(f"M{px(end)} {px(top - 6)}V{px(top + THICKNESS + 6)}", stroke("ink", 2.5))
    if not labels:
        return tick
    [placed] = place([Label(end + 1, f"Budget {words_}", "ink", "end", 600)], width)
    return tick + text(placed.anchor_x(), top - 11, placed.label.words, "ink", "end", 600)


def _below(ends: dict[str, float | None], known: dict[str, Money], show: Callable[[Money], str]) -> list[Label]:
    found = []
    if known["Spent"] is not None:
        found.append(Label(0, f"Spent {show(known['Spent'])}", "ink"))
    if known["Committed"]:
        found.append(_beside_line(Label((ends["Spent"] or 0) + 1, f"Committed {show(known['Committed'])}"), ends["Forecast"]))
    if ends["Forecast"] is not None:
        found.append(Label(ends["Forecast"], f"Forecast {show(known['Forecast'])}", "ink", "end", 600))
    return found


def _beside_line(label: Label, line: float | None) -> Label:
    """Return the label, moved to end before the line that leads down to the forecast where it would be crossed by it."""
    if line is None or not label.x < line < label.x + label.width + GAP:
        return label
    return replace(label, x=line - GAP / 2, anchor="end")


def _drawn(placed: list[Placed], forecast: float | None, top: float) -> list[SafeString]:
    parts = []
    for item in placed:
        label = item.label
        y = top + THICKNESS + ROW_HEIGHT * (item.row + 1)
        parts.append(text(item.anchor_x(), y, label.words, label.colour, label.anchor, label.weight))
        if label.weight == 600 and item.row and forecast is not None:
            parts.append(path(f"M{px(forecast)} {px(top + THICKNESS)}V{px(y - 12)}", stroke("strong")))
    return parts
