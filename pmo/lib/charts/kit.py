"""What every chart is made of: the print palette, paint, text, and the frame with its title and description."""

from __future__ import annotations

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

# The print palette. The class beside each colour lets `static/css/components/chart.css` give the screen its theme.
HEX = {
    "ink": "#1b1d22",
    "soft": "#434954",
    "faint": "#5d6470",
    "rule": "#d8dce2",
    "strong": "#838b98",
    "accent": "#1d4f91",
    "mid": "#86a8d6",
    "pale": "#d5e1f2",
    "surface": "#ffffff",
    "sunken": "#eef0f4",
    "green": "#1a7f37",
    "yellow": "#f2b417",
    "red": "#b3261e",
    "grey": "#5d6570",
    "greenline": "#1a7f37",
    "yellowline": "#8a6100",
    "redline": "#b3261e",
    "greyline": "#5d6570",
}
NOTHING = SafeString("")
FONT_SIZE = 13


def px(value: float) -> str:
    """Write a length to a hundredth of a pixel, without trailing zeros, so that equal charts are equal bytes."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@lru_cache(maxsize=256)
def fill(colour: str) -> SafeString:
    return format_html('fill="{}" class="f-{}"', HEX[colour], colour)


@lru_cache(maxsize=256)
def stroke(colour: str, width: float = 1) -> SafeString:
    return format_html('fill="none" stroke="{}" stroke-width="{}" class="s-{}"', HEX[colour], px(width), colour)


@lru_cache(maxsize=256)
def fill_and_stroke(colour: str, line: str, width: float = 1) -> SafeString:
    return format_html(
        'fill="{}" stroke="{}" stroke-width="{}" class="f-{} s-{}"', HEX[colour], HEX[line], px(width), colour, line
    )


def path(data: str, paint: SafeString, dashes: str = "") -> SafeString:
    extra = format_html(' stroke-dasharray="{}"', dashes) if dashes else NOTHING
    return format_html('<path d="{}"{} stroke-linejoin="round" {}/>', data, extra, paint)


def rect(x: float, y: float, width: float, height: float, paint: SafeString, dashes: str = "") -> SafeString:
    """Draw a rectangle; nothing where there is no width."""
    if width <= 0:
        return NOTHING
    extra = format_html(' stroke-dasharray="{}"', dashes) if dashes else NOTHING
    return format_html('<rect x="{}" y="{}" width="{}" height="{}"{} {}/>', px(x), px(y), px(width), px(height), extra, paint)


def text(x: float, y: float, words: str, colour: str = "soft", anchor: str = "start", weight: int = 400) -> SafeString:
    return format_html(
        '<text x="{}" y="{}" font-size="{}" font-weight="{}" text-anchor="{}" {}>{}</text>',
        px(x),
        px(y),
        FONT_SIZE,
        weight,
        anchor,
        fill(colour),
        words,
    )


def join(parts: list[SafeString]) -> SafeString:
    """Concatenate drawn parts; the sum of safe strings is safe."""
    whole = NOTHING
    for part in parts:
        whole += part
    return whole


def sentence(parts: list[str]) -> str:
    """Join what is known into one sentence with a capital; empty when nothing is known."""
    told = ", ".join(parts)
    return told[:1].upper() + told[1:]


def drawing(
    width: float, height: float, title: str, description: str, body: SafeString, css_class: str = "chart"
) -> SafeString:
    """Frame a body as one picture. `title` is what it is, `description` what it says, for people who cannot see it."""
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" width="{}" height="{}" role="img" xmlns="http://www.w3.org/2000/svg"'
        ' font-family="Public Sans, Arial, sans-serif"><title>{}</title><desc>{}</desc>{}</svg>',
        css_class,
        px(width),
        px(height),
        px(width),
        px(height),
        title,
        description,
        body,
    )


def text_width(words: str, weight: int = 400) -> float:
    """Return the width of a line in Public Sans at FONT_SIZE with tabular figures; a sign it does not know counts as wide."""
    thousandths = sum(_ADVANCE.get(sign, _WIDE) for sign in words)
    return thousandths * FONT_SIZE / 1000 * (1.03 if weight >= 600 else 1)


# Advances of the font's signs in thousandths of its size, in classes, each rounded up.
_WIDE = 960
_ADVANCE = {
    sign: thousandths
    for thousandths, signs in {
        265: "`:’; i'!j|",
        310: "I,.(l[])",
        395: "{}/\\-Jtr*f",
        430: '”“"',
        520: "^zvs_",
        560: "?yc<>a+=−–",
        600: "kxeo~hnLuFTbdpq#",
        640: "YEgPZ",
        700: "BSVRKCXD0123456789U$£€",
        740: "&AGO",
        780: "QNHw…",
        910: "@mM%",
    }.items()
    for sign in signs
}
