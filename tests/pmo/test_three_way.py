"""Two texts begun from the same one are joined line by line; what only one side changed is never lost."""

from __future__ import annotations

import time

import pytest

from pmo.lib.three_way import join

BASE = "One\n\nTwo\n\nThree"


@pytest.mark.parametrize(
    ("mine", "theirs", "text", "met"),
    [
        (BASE, BASE, BASE, 0),
        ("One!\n\nTwo\n\nThree", BASE, "One!\n\nTwo\n\nThree", 0),
        (BASE, "One\n\nTwo\n\nThree!", "One\n\nTwo\n\nThree!", 0),
        ("One!\n\nTwo\n\nThree", "One\n\nTwo\n\nThree!", "One!\n\nTwo\n\nThree!", 0),
        ("One\n\nTwo\n\nThree\n\nMine", "One\n\nTwo\n\nThree!", "One\n\nTwo\n\nThree!\n\nMine", 0),
        ("One\n\nTwo\n\nThree\n\nMine", "One\n\nTwo\n\nThree\n\nTheirs", "One\n\nTwo\n\nThree\n\nTheirs\n\nMine", 0),
        ("One\n\nTwo\n\nThree\n\nSame", "One\n\nTwo\n\nThree\n\nSame", "One\n\nTwo\n\nThree\n\nSame", 0),
        ("One\n\nMine\n\nThree", "One\n\nTheirs\n\nThree", "One\n\nMine\n\nThree", 1),
        ("One\n\nSame\n\nThree", "One\n\nSame\n\nThree", "One\n\nSame\n\nThree", 0),
        ("One\n\nThree", "One!\n\nTwo\n\nThree", "One!\n\nThree", 0),
        ("", "One\n\nTwo!\n\nThree", "", 1),
    ],
)
def test_what_only_one_side_changed_is_taken(mine: str, theirs: str, text: str, met: int) -> None:
    joined = join(BASE, mine=mine, theirs=theirs)
    assert (joined.text, joined.met) == (text, met)


def test_sides_begun_from_nothing_stand_one_after_the_other_or_meet() -> None:
    joined = join("", mine="Mine", theirs="Theirs")
    assert (joined.text, joined.met) == ("Mine", 1)


def test_long_texts_of_empty_lines_take_a_moment() -> None:
    begun = time.process_time()
    join("\n" * 60_000, mine="\n" * 59_000 + "x", theirs="y" + "\n" * 59_000)
    assert time.process_time() - begun < 2
