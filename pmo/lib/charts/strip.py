"""A strip: the ratings of the last weeks as small shapes, oldest first."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.safestring import SafeString

from pmo.lib.charts.kit import drawing, join
from pmo.lib.charts.shapes import COLOUR_WORD, letter_of, shape

HEIGHT = 16


def strip(letters: Sequence[str], label: str, step: float = 14, radius: float = 4.6) -> SafeString:
    """Draw `letters` (G, Y, R, - for no data) from the oldest week to the newest."""
    clean = [letter_of(letter) for letter in letters]
    body = join([shape(letter, step * at + step / 2, HEIGHT / 2, radius) for at, letter in enumerate(clean)])
    description = "Oldest first: " + ", ".join(COLOUR_WORD[letter] for letter in clean) if clean else "No report yet"
    return drawing(step * max(1, len(clean)), HEIGHT, label, description, body, "strip-svg")
