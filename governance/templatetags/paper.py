"""Marks and arrows on paper: as on screen, but each shape says its color aloud, because a tagged PDF needs a text for every
picture.
"""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from pmo.lib.charts.kit import NOTHING, stroke
from pmo.lib.charts.shapes import ARROWS, COLOUR_WORD, WORD, letter_of, shape

register = template.Library()


@lru_cache(maxsize=128)
def paper_glyph(letter: str, size: int, outline: bool) -> SafeString:
    return format_html(
        '<svg class="glyph" viewBox="0 0 16 16" width="{0}" height="{0}"><title>{1}</title>{2}</svg>',
        size,
        COLOUR_WORD[letter],
        shape(letter, 8, 8, 6, outline),
    )


@register.simple_tag
def paper_mark(letter: str | None, src: str = "", word: bool = False, size: int = 11) -> SafeString:
    """Show one rating on paper: shape and letter, solid when published; `src` ("evidence", "PM") makes an outline."""
    known = letter_of(letter)
    if known == "N":
        return format_html('<span class="m none">{}</span>', "not assessed")
    said = format_html(" {}", WORD[known]) if word else NOTHING
    whose = format_html(" <i>{}</i>", src) if src in ("evidence", "PM") else NOTHING
    return format_html(
        '<span class="m">{} {}{}{}</span>',
        paper_glyph(known, size, bool(src)),
        "–" if known == "-" else known,
        said,
        whose,
    )


@register.simple_tag
def paper_trend(kind: str) -> SafeString:
    """Show the trend on paper: arrow and word."""
    if kind not in ARROWS:
        return format_html("{}", "—")
    return format_html(
        '<svg class="arrow" viewBox="0 0 16 16" width="9" height="9"><title>arrow</title>'
        '<path d="{}" stroke-linecap="round" stroke-linejoin="round" {}/></svg> {}',
        ARROWS[kind],
        stroke("ink", 1.75),
        kind,
    )
