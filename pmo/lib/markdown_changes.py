"""Two Markdown texts as one: the later one as it is rendered, with what was removed and added marked in place.

Compared is what the texts mean (blocks, then the words in them), never how they were typed; and what comes out is again a list
of tokens for the one renderer and the one cleaner. So no change can leave an element open, and nothing typed becomes markup.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property

from django.utils.safestring import SafeString
from markdown_it.token import Token

from pmo.lib.markdown import parse, rendered
from pmo.lib.markdown_words import (
    ADDED,
    LIKE_ENOUGH,
    REMOVED,
    SAME,
    Run,
    Word,
    as_inline,
    changes_in,
    compared,
    hrefs_in,
    words_in,
)

#: More pairs of blocks than this are not searched for those that are alike.
MOST_PAIRS = 2_500


@dataclass(frozen=True)
class MarkedText:
    """A text with its changes marked. Beside nothing, it has none."""

    html: SafeString
    changes: int
    words: int


NO_TEXT = MarkedText(rendered(()), 0, 0)


@dataclass
class Block:
    """An element with others in it, or one with words: a line of text, or code. `close` is None for the latter."""

    open: Token
    close: Token | None = None
    children: list[Block] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)

    @cached_property
    def shape(self) -> str:
        """Return what two blocks have to share for one to be a changed form of the other."""
        start = self.open.attrs.get("start", "")
        width = self.children[0].children[0].children if self.open.type == "table_open" else ()
        return f"{self.open.tag} {start} {len(width)}"

    @cached_property
    def key(self) -> str:
        """Return the same for two blocks that read the same."""
        return f"<{self.shape}>{[word.key for word in self.words]}{''.join(child.key for child in self.children)}</>"

    @cached_property
    def vocabulary(self) -> Counter[str]:
        own = Counter(word.text for word in self.words if any(map(str.isalnum, word.text)))
        return sum((child.vocabulary for child in self.children), own)

    @property
    def stands_in_place(self) -> bool:
        """Whether it is compared with what stands in the same place, alike or not: a cell, or the words of a line."""
        return self.open.tag in ("td", "th") or self.open.type == "inline"


def beside(was: str | None, now: str) -> MarkedText:
    """Return `now` with its changes against `was`; None has nothing to compare with."""
    blocks = _blocks(parse(now))
    words = sum(block.vocabulary.total() for block in blocks)
    if was is None:
        return MarkedText(rendered(parse(now)), 0, words)
    merged = _Merged()
    merged.add(_blocks(parse(was)), blocks)
    return MarkedText(rendered(merged.tokens), merged.changes, words)


def _blocks(tokens: Sequence[Token]) -> list[Block]:
    root = Block(Token("root", "", 1))
    around = [root]
    for token in tokens:
        if token.nesting == -1:
            around.pop().close = token
            continue
        block = Block(token, words=_words(token))
        around[-1].children.append(block)
        if token.nesting == 1:
            around.append(block)
    return root.children


def _words(token: Token) -> list[Word]:
    """Return the words of a line; of code its lines."""
    if token.type in ("fence", "code_block"):
        return [Word(line, ()) for line in token.content.splitlines(keepends=True)]
    return words_in(token.children or ())


class _Merged:
    """Tokens of both texts in the order of reading."""

    def __init__(self) -> None:
        self.tokens: list[Token] = []
        self.changes = 0

    def add(self, was: Sequence[Block], now: Sequence[Block]) -> None:
        for old, new in _aligned(was, now):
            if old and new:
                self._add_pair(old, new)
            elif old or new:
                self.changes += 1
                self._add_whole(old or new, ADDED if new else REMOVED)  # type: ignore[arg-type]

    def _add_pair(self, old: Block, new: Block) -> None:
        if old.key == new.key:
            self._add_whole(new, SAME)
        elif new.close is None:
            runs = compared(old.words, new.words)
            self.changes += changes_in(runs)
            self._add_words(new, runs, hrefs_in(old.words) & hrefs_in(new.words))
        else:
            self.tokens.append(new.open)
            self.add(old.children, new.children)
            self.tokens.append(new.close)

    def _add_whole(self, block: Block, kind: str) -> None:
        """Marks stand inside the innermost elements: a list has nothing but items in it, a table nothing but rows."""
        if block.close:
            self.tokens.append(_gone(block.open) if kind == REMOVED and block.open.tag == "li" else block.open)
            for child in block.children:
                self._add_whole(child, kind)
            self.tokens.append(block.close)
        elif kind == SAME:
            self.tokens.append(block.open)
        else:
            self._add_words(block, [(kind, block.words)], set())

    def _add_words(self, block: Block, runs: Sequence[Run], known: set[str]) -> None:
        match block.open.type:
            case "inline":
                self.tokens.append(as_inline(runs, known))
            case "hr":
                mark = "del" if runs[0][0] == REMOVED else "ins"
                self.tokens += [Token(f"{mark}_open", mark, 1), block.open, Token(f"{mark}_close", mark, -1)]
            case _:
                code = [Token(f"{tag}_open", tag, 1) for tag in ("pre", "code")]
                self.tokens += [*code, as_inline(runs), Token("code_close", "code", -1), Token("pre_close", "pre", -1)]


def _gone(token: Token) -> Token:
    """Return the opening of a removed list item: it takes no number."""
    marked = copy(token)
    marked.attrs = {**token.attrs, "class": "is-gone"}
    return marked


Pair = tuple[Block | None, Block | None]


def _aligned(was: Sequence[Block], now: Sequence[Block]) -> Iterator[Pair]:
    """Pair what is the same or alike, in the order of both; what has no partner was removed or added."""
    if len(was) == len(now) > 0 and now[0].stands_in_place:
        yield from zip(was, now, strict=True)
        return
    old, new = [block.key for block in was], [block.key for block in now]
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from zip(was[a:b], now[c:d], strict=True)
        else:
            yield from _alike(was[a:b], now[c:d])


def _alike(was: Sequence[Block], now: Sequence[Block]) -> Iterator[Pair]:
    at_old = at_new = 0
    for old, new in [*_best_pairs(was, now), (len(was), len(now))]:
        yield from ((block, None) for block in was[at_old:old])
        yield from ((None, block) for block in now[at_new:new])
        if old < len(was):
            yield was[old], now[new]
        at_old, at_new = old + 1, new + 1


def _best_pairs(was: Sequence[Block], now: Sequence[Block]) -> list[tuple[int, int]]:
    """Return the pairs, in order, that are most alike in sum."""
    if len(was) * len(now) > MOST_PAIRS:
        return []
    best = [[0.0] * (len(now) + 1) for _ in range(len(was) + 1)]
    alike = [[_likeness(old, new) for new in now] for old in was]
    for i in reversed(range(len(was))):
        for j in reversed(range(len(now))):
            paired = best[i + 1][j + 1] + alike[i][j] if alike[i][j] >= LIKE_ENOUGH else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    return _walked(best, alike)


def _walked(best: list[list[float]], alike: list[list[float]]) -> list[tuple[int, int]]:
    i = j = 0
    pairs = []
    while i < len(alike) and j < len(alike[0]):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((i, j))
            i, j = i + 1, j + 1
    return pairs


def _likeness(old: Block, new: Block) -> float:
    if old.shape != new.shape:
        return 0.0
    total = old.vocabulary.total() + new.vocabulary.total()
    return 2 * (old.vocabulary & new.vocabulary).total() / total if total else 1.0
