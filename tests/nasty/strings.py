"""The naughty strings themselves, and one text that holds them all, with a mark before and after so that it is found again."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

#: What the list is known to hold; a shorter one is another list.
COUNT = 515


def naughty(folder: Path) -> list[str]:
    """Return all strings. Skips, with a count, where the list is absent."""
    path = folder / "nasty" / "blns" / "blns.json"
    if not path.is_file():
        pytest.skip("no list of naughty strings in the real data")
    strings: list[str] = json.loads(path.read_text())
    assert len(strings) >= COUNT
    return strings


def settled(text: str) -> str:
    """Return a text as it is compared: how much white space stands between its words does not count, nor what none is."""
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f\u200b\ufeff]+", " ", text).strip()


def marked(key: str, body: str) -> str:
    return f"⟦{key}⟧ {body} ⟦/⟧"


def kept_in(text: str, body: str) -> tuple[set[str], list[str]]:
    """Return the keys whose text stands in `text` whole, and a sentence for each that stands there altered.

    What a list cuts short ends with three dots and is neither.
    """
    whole, altered = set(), []
    wanted = settled(body)
    for found in re.finditer(r"⟦([\w.:]+)⟧", text):
        rest = text[found.end() : found.end() + 3 * len(body)]
        said = settled(rest.partition("⟦/⟧")[0])
        if said == wanted:
            whole.add(found[1])
        elif not _is_cut(said, wanted):
            altered.append(f"{found[1]}: {_first_difference(said, wanted)}")
    return whole, altered


def _is_cut(said: str, wanted: str) -> bool:
    head = said.partition("…")[0].rstrip()
    return "…" in said and wanted.startswith(head)


def _first_difference(said: str, wanted: str) -> str:
    pairs = enumerate(zip(said, wanted, strict=False))
    place = next((at for at, (one, other) in pairs if one != other), min(len(said), len(wanted)))
    return f"{said[max(0, place - 20) : place + 30]!r} instead of {wanted[max(0, place - 20) : place + 30]!r}"
