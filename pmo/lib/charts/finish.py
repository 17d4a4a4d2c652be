"""The finish date on one line: original baseline, current baseline, forecast. The slip between the last two is drawn heavy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from pmo.lib import words
from pmo.lib.charts.kit import NOTHING, drawing, fill_and_stroke, join, path, px, sentence, stroke, text, text_width
from pmo.lib.charts.labels import ROW_HEIGHT, Label, Placed, place, rows

TITLE = "Finish date on three plans"
MONTH_ROW = 20.0
# Months between two ticks, and the least room in pixels that one month's tick needs for its label.
STEPS = (1, 3, 6, 12, 24, 60, 120)
TICK_ROOM = 44.0


@dataclass(frozen=True)
class Axis:
    """The days from `first` to `last`, laid over a width."""

    first: dt.date
    last: dt.date
    width: float

    def x(self, day: dt.date) -> float:
        return 10 + (day - self.first).days / max(1, (self.last - self.first).days) * (self.width - 20)


def finish_line(
    original: dt.date | None,
    current: dt.date | None,
    forecast: dt.date | None,
    today: dt.date,
    baseline_number: int | None = None,
    slip_days: int | None = None,
    width: float = 640,
    labels: bool = True,
    today_word: str = "Today",
    weekdays: bool = True,
) -> SafeString:
    """Draw what is known of three finish dates; `slip_days` are working days between current baseline and forecast.

    `today_word` is "Today" on screen and the status date on paper; `weekdays` off makes the labels shorter.
    """
    known = [day for day in (original, current, forecast) if day]
    if not known:
        return drawing(width, 24, TITLE, "No finish date yet", text(0, 17, "No finish date yet", "soft"))
    write = words.day if weekdays else words.day_without_weekday
    axis = Axis(min(*known, today) - dt.timedelta(days=24), max(*known, today) + dt.timedelta(days=14), width)
    above = place(_above(axis, original, current, baseline_number, write), width) if labels else []
    below = place(_below(axis, forecast, today, today_word, write), width) if labels else []
    y = 16 + ROW_HEIGHT * rows(above)
    bottom = y + (MONTH_ROW + ROW_HEIGHT * rows(below) + 4 if labels else 16)
    parts = [_months(axis, y, labels), _marks(axis, y, original, current, forecast, today)]
    parts += [_label(axis, item, y - 20 - ROW_HEIGHT * item.row) for item in above]
    parts += [_label(axis, item, y + 34 + ROW_HEIGHT * item.row) for item in below]
    return drawing(width, bottom, TITLE, _description(original, current, forecast, baseline_number, slip_days), join(parts))


def _above(
    axis: Axis, original: dt.date | None, current: dt.date | None, number: int | None, write: Callable[[dt.date], str]
) -> list[Label]:
    name = "Baseline" if number is None else f"Baseline {number}"
    found = []
    if current:
        found.append(Label(axis.x(current) + 1, f"{name} {write(current)}", "ink", "end", 600))
    if original and original != current:
        early = current is None or original <= current
        word = f"Original {words.day_without_weekday(original)}"
        found.append(Label(axis.x(original), word, "soft", "start" if early else "end"))
    return found


def _below(
    axis: Axis, forecast: dt.date | None, today: dt.date, today_word: str, write: Callable[[dt.date], str]
) -> list[Label]:
    found = [Label(axis.x(today), today_word, "accent", "middle", 600)]
    if forecast:
        found.append(Label(axis.x(forecast) + 6, f"Forecast {write(forecast)}", "ink", "end", 600))
    return found


def _label(axis: Axis, item: Placed, y: float) -> SafeString:
    label = item.label
    return text(item.anchor_x(), y, label.words, label.colour, label.anchor, label.weight)


def _months(axis: Axis, y: float, labels: bool) -> SafeString:
    """Draw the axis with a tick at the first of a month, quarter or year, as the room allows."""
    months = max(1.0, (axis.last - axis.first).days / 30.44)
    step = next((step for step in STEPS if axis.width / months * step >= TICK_ROOM), STEPS[-1])
    parts = [path(f"M0 {px(y)}H{px(axis.width)}", stroke("rule"))]
    for day in _firsts(axis, step):
        x = axis.x(day)
        parts.append(path(f"M{px(x)} {px(y - 3)}V{px(y + 3)}", stroke("strong")))
        word = _tick_word(day, step)
        if labels and x + 3 + text_width(word) <= axis.width:
            parts.append(text(x + 3, y + 16, word, "faint"))
    return join(parts)


def _firsts(axis: Axis, step: int) -> list[dt.date]:
    months = range(axis.first.year * 12 + axis.first.month, axis.last.year * 12 + axis.last.month)
    return [dt.date(month // 12, month % 12 + 1, 1) for month in months if month % step == 0]


def _tick_word(day: dt.date, step: int) -> str:
    return str(day.year) if step >= 12 or (step > 1 and day.month == 1) else words.MONTHS[day.month - 1]


def _marks(
    axis: Axis, y: float, original: dt.date | None, current: dt.date | None, forecast: dt.date | None, today: dt.date
) -> SafeString:
    parts = []
    if original and current:
        parts.append(path(f"M{px(axis.x(original))} {px(y)}H{px(axis.x(current))}", stroke("strong", 1.5)))
    if current and forecast:
        parts.append(path(f"M{px(axis.x(current))} {px(y)}H{px(axis.x(forecast))}", stroke("ink", 5)))
    if original and original != current:
        parts.append(path(f"M{px(axis.x(original))} {px(y - 9)}V{px(y + 9)}", stroke("soft", 2), "3 2"))
    if current:
        parts.append(path(f"M{px(axis.x(current))} {px(y - 10)}V{px(y + 10)}", stroke("ink", 2.5)))
    if forecast:
        ring = fill_and_stroke("surface", "ink", 2.5)
        parts.append(format_html('<circle cx="{}" cy="{}" r="6" {}/>', px(axis.x(forecast)), px(y), ring))
    parts.append(path(f"M{px(axis.x(today))} {px(y - 9)}V{px(y + 4)}", stroke("accent", 2)))
    return join(parts) if parts else NOTHING


def _description(
    original: dt.date | None, current: dt.date | None, forecast: dt.date | None, number: int | None, slip_days: int | None
) -> str:
    name = "baseline" if number is None else f"baseline {number}"
    dates = (("original baseline", original), (name, current), ("forecast", forecast))
    said = [f"{what} {words.day(day)}" for what, day in dates if day]
    if slip_days is not None:
        said.append(words.slip(slip_days))
    return sentence(said)
