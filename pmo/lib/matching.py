"""Two rows of words searched for what they have in common, in a time that grows with their length and not with its square.

Words that stand once in either text hold it in place; what lies between two of them is compared by itself.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

#: Rows of fewer words than this, in sum, are compared as they are.
FEW_WORDS = 200
#: How often words may meet their like, each place in one row with each in the other. Where they would meet more often,
#: those that stand everywhere are not searched for and are found beside rarer ones only.
MOST_MEETINGS = 20_000

Row = Sequence[Hashable]
#: Kind as `difflib` calls it (equal, replace, delete, insert), begin and end in the earlier row, begin and end in the later.
Code = tuple[str, int, int, int, int]
Test = Callable[[Any], bool]


def opcodes(was: Row, now: Row, is_filler: Test = lambda word: False) -> list[Code]:
    """Return how `was` became `now`. What `is_filler`, such as spaces, is the same beside other words only."""
    found: list[Code] = []
    at_old = at_new = 0
    for old, new in [*_anchors(was, now, is_filler), (len(was), len(now))]:
        for kind, a, b, c, d in _between(was[at_old:old], now[at_new:new], is_filler):
            _add(found, (kind, a + at_old, b + at_old, c + at_new, d + at_new))
        if old < len(was):
            _add(found, ("equal", old, old + 1, new, new + 1))
        at_old, at_new = old + 1, new + 1
    return found


def _add(found: list[Code], code: Code) -> None:
    if found and found[-1][0] == code[0] == "equal":
        _, a, _, c, _ = found.pop()
        code = ("equal", a, code[2], c, code[4])
    found.append(code)


def _between(was: Row, now: Row, is_filler: Test) -> Iterator[Code]:
    if not was or not now:
        if was or now:
            yield "delete" if was else "insert", 0, len(was), 0, len(now)
        return
    counted = Counter(word for word in was if not is_filler(word))
    meetings = sum(counted[word] for word in now)
    yield from SequenceMatcher(is_filler, was, now, autojunk=meetings > MOST_MEETINGS).get_opcodes()


def _anchors(was: Row, now: Row, is_filler: Test) -> list[tuple[int, int]]:
    """Return the places of words that stand once in either row, the most of them that come in the same order in both."""
    if len(was) + len(now) < FEW_WORDS:
        return []
    old, new = _single(was, is_filler), _single(now, is_filler)
    return _longest_rising([(place, new[word]) for word, place in old.items() if word in new])


def _single(row: Row, is_filler: Test) -> dict[Hashable, int]:
    counted = Counter(row)
    return {word: place for place, word in enumerate(row) if counted[word] == 1 and not is_filler(word)}


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest part of `pairs`, which rise in their first, that rises in its second too."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for at, (_, new) in enumerate(pairs):
        length = bisect_left(ends, new)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [new]
        last[length : length + 1] = [at]
    chain: list[tuple[int, int]] = []
    at = last[-1] if last else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]
