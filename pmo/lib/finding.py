"""Looking for words: which are looked for, the condition that all occur, and the piece of a text in which they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Q

from pmo.lib.storable import storable

#: What more is typed is not looked for: every word is compared with every text, and nobody remembers thirteen.
MOST_WORDS = 12
LONGEST = 200
#: Characters of an excerpt before the first word found in it, and altogether.
BEFORE, LENGTH = 60, 200
#: Markdown that says how a text looks, not what it says.
DRESS = re.compile(r"\*\*|__|^#+ +|^> +", re.MULTILINE)


class Piece(NamedTuple):
    """A piece of a text; `is_hit` where it is a word that was looked for."""

    text: str
    is_hit: bool = False


Labels = Mapping[str, Iterable[tuple[Any, Any]]]


def words_of(text: str) -> list[str]:
    """Return the words of `text` that are looked for: at most twelve of its first 200 characters."""
    return storable(text)[:LONGEST].split()[:MOST_WORDS]


def is_cut(text: str) -> bool:
    """Say whether more was typed than is looked for."""
    return len(storable(text).strip()) > LONGEST or len(text.split()) > MOST_WORDS


def any_field(word: str, fields: Iterable[str], labels: Labels | None = None) -> Q:
    """Return the condition that `word` occurs in one of `fields`, or in the label of the choice that a field holds.

    Capitals are the same as small letters. SQLite knows that of English letters only, unless it is asked for a pattern.
    """
    lookup, wanted = ("icontains", word) if word.isascii() else ("iregex", re.escape(word))
    condition = Q(*[(f"{field}__{lookup}", wanted) for field in fields], _connector=Q.OR)
    for field, choices in (labels or {}).items():
        meant = [value for value, label in choices if word.casefold() in str(label).casefold()]
        if meant:
            condition |= Q((f"{field}__in", meant))
    return condition


def each_word(text: str, *fields: str, labels: Labels | None = None) -> Q:
    """Return the condition that every word of `text` occurs in one of `fields`. Without words it is met by everything."""
    condition = Q()
    for word in words_of(text):
        condition &= any_field(word, fields, labels)
    return condition


def holds_all(words: Iterable[str], texts: Iterable[str]) -> bool:
    """Say whether every word occurs in one of `texts`, whatever its capitals."""
    said = "\n".join(texts).casefold()
    return all(word.casefold() in said for word in words)


def marked(text: str, words: Sequence[str]) -> tuple[Piece, ...]:
    """Return `text` in pieces, those marked that are one of `words`."""
    if not words:
        return (Piece(text),)
    pattern = re.compile(f"({'|'.join(re.escape(word) for word in sorted(words, key=len, reverse=True))})", re.IGNORECASE)
    return tuple(Piece(piece, place % 2 == 1) for place, piece in enumerate(pattern.split(text)) if piece)


def excerpt(texts: Iterable[str], words: Sequence[str]) -> tuple[Piece, ...]:
    """Return the part of the text that holds most of `words`, those marked; nothing where no text holds any."""
    plain = [" ".join(DRESS.sub("", text).split()) for text in texts]
    best = max(plain, key=lambda text: _held(text, words), default="")
    if not _held(best, words):
        return ()
    low = best.lower()
    first = min((place for word in words if (place := low.find(word.lower())) >= 0), default=0)
    return marked(_around(best, first), words)


def _held(text: str, words: Iterable[str]) -> int:
    low = text.lower()
    return sum(word.lower() in low for word in words)


def _around(text: str, place: int) -> str:
    """Return `text` around a place, cut between words."""
    begin = text.find(" ", place - BEFORE, place) + 1 if place > BEFORE else 0
    end = begin + LENGTH
    if end < len(text):
        end = text.rfind(" ", place, end) if " " in text[place:end] else end
    return f"{'… ' if begin else ''}{text[begin:end]}{' …' if end < len(text) else ''}"
