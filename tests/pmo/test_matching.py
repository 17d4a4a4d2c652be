"""What two texts have in common is found in a time that grows with their length, not with its square."""

from __future__ import annotations

import random
from collections.abc import Callable
from difflib import SequenceMatcher

import pytest

from pmo.lib.diffs import word_changes
from pmo.lib.markdown_changes import beside
from pmo.lib.matching import FEW_WORDS, opcodes
from tests.steps import altered, prose, steps_of

#: Of twice the text at most so many times the work; by its square it would be four times.
LINEAR = 2.6


def names(count: int, seed: int = 1) -> list[str]:
    return [f"name{place}" for place in range(count)]


def two_words(count: int, seed: int = 1) -> list[str]:
    return random.Random(seed).choices(["yes", "no"], k=count)


def rebuilt(was: list[str], now: list[str]) -> list[str]:
    """Return `now` made of `was` by the codes, and check that they cover both rows in order."""
    made: list[str] = []
    at_old = at_new = 0
    for kind, a, b, c, d in opcodes(was, now):
        assert (a, c) == (at_old, at_new)
        made += was[a:b] if kind == "equal" else now[c:d]
        at_old, at_new = b, d
    assert (at_old, at_new) == (len(was), len(now))
    return made


@pytest.mark.parametrize("words", [prose, names, two_words])
@pytest.mark.parametrize("count", [0, 1, 60, FEW_WORDS, 1_000])
def test_one_row_becomes_the_other(words: Callable[..., list[str]], count: int) -> None:
    was = words(count)
    for now in (altered(was), was[::-1], words(count, 2), [*was[count // 2 :], *was[: count // 2]], []):
        assert rebuilt(was, now) == now


def test_short_rows_are_compared_as_by_difflib() -> None:
    was, now = prose(90), altered(prose(90))
    assert opcodes(was, now) == SequenceMatcher(None, was, now, autojunk=False).get_opcodes()


def test_what_moved_across_a_long_row_does_not_tear_the_rest_apart() -> None:
    was = names(600)
    now = [was[599], *was[:599]]
    assert opcodes(was, now) == [("insert", 0, 0, 0, 1), ("equal", 0, 599, 1, 600), ("delete", 599, 600, 600, 600)]


@pytest.mark.parametrize("words", [prose, names, two_words])
@pytest.mark.parametrize("compare", [word_changes, beside])
def test_twice_the_text_takes_about_twice_the_work(compare: Callable[..., object], words: Callable[..., list[str]]) -> None:
    def steps(count: int) -> int:
        was = words(count)
        return steps_of(lambda: compare(" ".join(was), " ".join(altered(was))))

    assert steps(2_800) < LINEAR * steps(1_400)
