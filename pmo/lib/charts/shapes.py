"""Status shapes, trend arrows and icons: the smallest pictures, made once each and kept."""

from __future__ import annotations

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

from pmo.lib.charts.kit import NOTHING, fill_and_stroke, px, stroke

COLOUR = {"G": "green", "Y": "yellow", "R": "red", "-": "grey", "N": "faint"}
WORD = {
    "G": "On plan",
    "Y": "Off plan, within tolerance",
    "R": "Needs a new approval or intervention",
    "-": "No data",
    "N": "Not assessed",
}
SHORT_WORD = {"G": "On plan", "Y": "Off plan", "R": "Needs approval", "-": "No data", "N": "Not assessed"}
COLOUR_WORD = {"G": "green", "Y": "yellow", "R": "red", "-": "no data", "N": "not assessed"}

ARROWS = {
    "better": "M3.5 12.5L12.2 3.8M6 3.5h6.5V10",
    "same": "M2.5 8h10.6M9 3.9L13.2 8 9 12.1",
    "worse": "M3.5 3.5l8.7 8.7M6 12.5h6.5V6",
}
ICONS = {
    "report": "M3 2.5h10v11H3zM5.5 5.5h5M5.5 8h5M5.5 10.5h3",
    "doc": "M3.5 1.5h6l3 3v10h-9zM9.5 1.5v3h3",
    "money": "M8 1.5v13M11 4.5c-.6-1-1.6-1.5-3-1.5-1.7 0-3 .9-3 2.4C5 9 11 7 11 10.5 11 12 9.7 13 8 13c-1.5 0-2.6-.6-3.2-1.6",
    "plan": "M2 3.5h7M5 8h7M8 12.5h6",
    "people": "M8 7.5a2.5 2.5 0 100-5 2.5 2.5 0 000 5zM3 14c0-3 2-4.5 5-4.5s5 1.5 5 4.5",
    "minus": "M3.5 8h9",
    "condition": "M2.5 8.5l3.5 3.5 7.5-8",
    "change": "M3 5.5h9l-2.5-2.5M13 10.5H4l2.5 2.5",
    "check": "M3 8.5l3.3 3.3L13 4.8",
    "bang": "M8 1.5a6.5 6.5 0 100 13 6.5 6.5 0 000-13zM8 4.7v4M8 11v.3",
    "x": "M4 4l8 8M12 4l-8 8",
    "right": "M2.5 8h10.5M9 4l4 4-4 4",
    "down": "M4 6l4 4 4-4",
    "up": "M4 10l4-4 4 4",
    "search": "M7 12A5 5 0 107 2a5 5 0 000 10zM10.7 10.7L14 14",
    "bell": "M4 11V7a4 4 0 018 0v4l1.2 1.5H2.8zM6.5 14.2h3",
    "risk": "M8 2L14.5 13.5H1.5zM8 6.5v3.2M8 11.6v.2",
    "gate": "M3 14V3h10v11M3 6.5h10M6 14V9.5h4V14",
    "action": "M2.5 3.5h11v9h-11zM5 8l2 2 4-4",
}


def letter_of(rating: str | None) -> str:
    """Return the letter a rating is drawn by; none, or one that is no letter of ours, is drawn as no data."""
    return rating if rating in COLOUR else "-"


@lru_cache(maxsize=4096)
def shape(letter: str, cx: float, cy: float, radius: float, outline: bool = False) -> SafeString:
    """Draw one status shape: circle, triangle, diamond, dashed ring, or a dash. Solid is published, an outline is not."""
    if letter == "N":
        return format_html('<path d="M{} {}h{}" {}/>', px(cx - radius / 2), px(cy), px(radius), stroke("faint", 1.5))
    name = COLOUR[letter]
    line = name + "line"
    width = max(1.0, round(radius * 0.24, 2))
    paint = stroke(line, width) if outline else fill_and_stroke(name, line, 1)
    if letter == "G":
        return format_html(
            '<circle cx="{}" cy="{}" r="{}" {}/>', px(cx), px(cy), px(radius - (width / 2 if outline else 0.5)), paint
        )
    if letter == "Y":
        k = radius * 1.08
        corners = f"M{px(cx)} {px(cy - k + 0.6)}L{px(cx + k)} {px(cy + k - 0.9)}H{px(cx - k)}Z"
        return format_html('<path d="{}" stroke-linejoin="round" {}/>', corners, paint)
    if letter == "R":
        k = radius * 1.14
        corners = f"M{px(cx)} {px(cy - k)}L{px(cx + k)} {px(cy)}L{px(cx)} {px(cy + k)}L{px(cx - k)} {px(cy)}Z"
        return format_html('<path d="{}" stroke-linejoin="round" {}/>', corners, paint)
    return format_html(
        '<circle cx="{}" cy="{}" r="{}" stroke-dasharray="{} {}" {}/>',
        px(cx),
        px(cy),
        px(radius - 0.8),
        f"{radius * 0.52:.2f}",
        f"{radius * 0.42:.2f}",
        stroke(line, max(1.3, width)),
    )


@lru_cache(maxsize=128)
def glyph(letter: str, size: int = 16, outline: bool = False) -> SafeString:
    """Draw the shape of a rating without a word; the word or the letter stands beside it, so it is hidden from readers."""
    return format_html(
        '<svg class="glyph" viewBox="0 0 16 16" width="{}" height="{}" aria-hidden="true">{}</svg>',
        size,
        size,
        shape(letter_of(letter), 8, 8, 6, outline),
    )


@lru_cache(maxsize=64)
def arrow(kind: str, size: int = 16) -> SafeString:
    """Draw the trend `better`, `same` or `worse`; nothing for any other word (no earlier report to compare with)."""
    if kind not in ARROWS:
        return NOTHING
    return format_html(
        '<svg class="arrow" viewBox="0 0 16 16" width="{}" height="{}" aria-hidden="true">'
        '<path d="{}" stroke-linecap="round" stroke-linejoin="round" {}/></svg>',
        size,
        size,
        ARROWS[kind],
        stroke("ink", 1.75),
    )


@lru_cache(maxsize=256)
def icon(name: str, size: int = 16, css_class: str = "") -> SafeString:
    """Draw an icon in the colour of the text around it; a word always stands beside it. Raises KeyError for an unknown name."""
    return format_html(
        '<svg viewBox="0 0 16 16" width="{}" height="{}" aria-hidden="true"{} fill="none" stroke="currentColor"'
        ' stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"><path d="{}"/></svg>',
        size,
        size,
        format_html(' class="{}"', css_class) if css_class else NOTHING,
        ICONS[name],
    )
