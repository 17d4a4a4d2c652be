"""The words of a parsed line of Markdown, two lines compared word by word, and words as tokens again.

A word carries the elements around it, so a word that became bold, or whose link leads elsewhere, is a changed word.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from markdown_it.token import Token

from pmo.lib.matching import opcodes

ADDED, REMOVED, SAME = "added", "removed", "same"
MARK = {ADDED: "ins", REMOVED: "del"}
BREAK = "\n"
#: What closes a word is compared apart from it: a full stop that became a comma leaves its word alone.
CLOSING = ".,;:!?)]"
#: Two lines with more words are not searched for what they have in common: that takes longer than a page may.
MOST_WORDS = 12_000
#: Two lines that have less in common than this are not mixed: one is removed, one added.
LIKE_ENOUGH = 0.5


class Element(NamedTuple):
    """An element around words. `href` is that of a link."""

    tag: str
    href: str = ""


class Word(NamedTuple):
    """One word, or a piece of code, or a line break; what is around it, outermost first; and the space behind it."""

    text: str
    around: tuple[Element, ...]
    space: str = ""

    @property
    def key(self) -> tuple[str, tuple[Element, ...]]:
        return self.text, self.around


Run = tuple[str, Sequence[Word]]


def words_in(tokens: Iterable[Token]) -> list[Word]:
    """Return the words of an inline token's children."""
    found: list[Word] = []
    around: list[Element] = []
    for token in tokens:
        if token.nesting == 1:
            around.append(Element(token.tag, str(token.attrs.get("href", ""))))
        elif token.nesting == -1:
            around.pop()
        elif token.type in ("softbreak", "hardbreak"):
            found.append(Word(BREAK, ()))
        elif token.type == "code_inline":
            found.append(Word(token.content, (*around, Element("code"))))
        else:
            _add_text(found, token.content, tuple(around))
    return found


def _add_text(found: list[Word], text: str, around: tuple[Element, ...]) -> None:
    for part in re.findall(r"\s+|\S+", text):
        if part.isspace():
            if found:
                found[-1] = found[-1]._replace(space=part)
            continue
        stem = part.rstrip(CLOSING)
        found += [Word(piece, around) for piece in (stem, part[len(stem) :]) if piece]


def compared(was: Sequence[Word], now: Sequence[Word]) -> list[Run]:
    """Return the words of `now` in runs, with those that were removed in their place."""
    if not was or not now or _is_other(was, now):
        return _exchanged(was, now)
    old, new = [word.key for word in was], [word.key for word in now]
    runs: list[Run] = []
    for kind, a, b, c, d in opcodes(old, new):
        if kind == "equal":
            # A space that only the earlier text had keeps the word from what was removed behind it.
            pairs = zip(was[a:b], now[c:d], strict=True)
            runs.append((SAME, [new_word._replace(space=new_word.space or word.space) for word, new_word in pairs]))
        else:
            runs += _exchanged(was[a:b], now[c:d])
    return runs


def _exchanged(was: Sequence[Word], now: Sequence[Word]) -> list[Run]:
    """Return what was removed, then what stands in its place, with a space between them (lines of code have their own)."""
    if was and now and not was[-1].text.endswith(BREAK):
        was = [*was[:-1], was[-1]._replace(space=was[-1].space or " ")]
    return [run for run in ((REMOVED, was), (ADDED, now)) if run[1]]


def _is_other(was: Sequence[Word], now: Sequence[Word]) -> bool:
    if len(was) + len(now) > MOST_WORDS:
        return True
    texts = [word.text for word in was], [word.text for word in now]
    return SequenceMatcher(None, *texts, autojunk=False).quick_ratio() < LIKE_ENOUGH


def changes_in(runs: Sequence[Run]) -> int:
    """Return how many changes there are: what was removed and what stands in its place are one."""
    kinds = [kind for kind, _ in runs]
    return sum(kind != SAME and (at == 0 or kinds[at - 1] == SAME) for at, kind in enumerate(kinds))


def hrefs_in(words: Iterable[Word]) -> set[str]:
    return {element.href for word in words for element in word.around if element.href}


def as_inline(runs: Sequence[Run], known: Collection[str] = ()) -> Token:
    """Return runs of words as one token. A changed link whose address is not `known` says where it leads.

    Elements are opened and closed as the words ask for it, so they always stand well inside one another.
    """
    children: list[Token] = []
    opened: list[Element] = []
    behind, before = "", None
    for kind, word in ((run[0], word) for run in runs for word in _with_addresses(*run, known)):
        if (kind, word.around) == before:
            _say(children, behind)
        else:
            wanted = _elements(kind, word)
            shared = _shared(opened, wanted)
            children += _closed(opened, shared)
            _say(children, behind)
            children += [
                Token(f"{one.tag}_open", one.tag, 1, {"href": one.href} if one.href else {}) for one in wanted[shared:]
            ]
            opened, before = wanted, (kind, word.around)
        _show(children, kind, word)
        behind = word.space
    children += _closed(opened, 0)
    return Token("inline", "", 0, children=children)


def _with_addresses(kind: str, words: Sequence[Word], known: Collection[str]) -> list[Word]:
    if kind == SAME:
        return list(words)
    shown: list[Word] = []
    for at, word in enumerate(words):
        link = _link_of(word)
        ends = link is not None and (at + 1 == len(words) or _link_of(words[at + 1]) != link)
        if link and ends and link.href not in known and word.text not in (link.href, link.href.removeprefix("mailto:")):
            shown += [word._replace(space=" "), Word(f"({link.href})", (), word.space)]
        else:
            shown.append(word)
    return shown


def _link_of(word: Word) -> Element | None:
    return next((element for element in word.around if element.tag == "a"), None)


def _elements(kind: str, word: Word) -> list[Element]:
    """Return what stands around a word, outermost first. A link goes around its changes, so that it stays one link."""
    links = [element for element in word.around if element.tag == "a"]
    others = [element for element in word.around if element.tag != "a"]
    return [*links, *([Element(MARK[kind])] if kind in MARK else []), *others]


def _shared(opened: Sequence[Element], wanted: Sequence[Element]) -> int:
    pairs = enumerate(zip(opened, wanted, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(opened), len(wanted)))


def _closed(opened: Sequence[Element], keep: int) -> list[Token]:
    return [Token(f"{element.tag}_close", element.tag, -1) for element in reversed(opened[keep:])]


def _show(children: list[Token], kind: str, word: Word) -> None:
    """A line break that came or went is shown as a sign."""
    if word.text != BREAK:
        _say(children, word.text)
        return
    if kind != SAME:
        _say(children, "\u21b5")
    if kind != REMOVED:
        children.append(Token("hardbreak", "br", 0))


def _say(children: list[Token], words: str) -> None:
    """Add `words` to the text that stands last, or begin one."""
    if children and children[-1].type == "text":
        children[-1].content += words
    elif words:
        children.append(Token("text", "", 0, content=words))
