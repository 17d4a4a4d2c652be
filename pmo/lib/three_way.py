"""Two texts that were begun from the same one, as one text: what only one side changed is taken, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

Lines = Sequence[str]


@dataclass(frozen=True)
class Joined:
    """`met` counts the places where both sides changed the same lines: there the words of the first side stand."""

    text: str
    met: int


@dataclass(frozen=True)
class Edit:
    """Lines of the common text, from `start` to before `end`, and what one side has in their place."""

    start: int
    end: int
    lines: tuple[str, ...]
    is_mine: bool

    def meets(self, other: Edit) -> bool:
        """Say whether both change the same lines. What both add in one place does not meet: it stands one after the other."""
        return self.start < other.end and other.start < self.end


def join(base: str, *, mine: str, theirs: str) -> Joined:
    lines = base.split("\n")
    edits = [*_edits(lines, theirs.split("\n"), is_mine=False), *_edits(lines, mine.split("\n"), is_mine=True)]
    shown: list[str] = []
    at = met = 0
    for group in _groups(sorted(edits, key=lambda edit: (edit.start, edit.end, edit.is_mine))):
        start, end = group[0].start, max(edit.end for edit in group)
        left, right = (_side(lines, group, start, end, is_mine=is_mine) for is_mine in (False, True))
        shown += lines[at:start]
        if len({edit.is_mine for edit in group}) == 1:
            shown += right if group[0].is_mine else left
        else:
            shown += right
            met += left != right
        at = end
    return Joined("\n".join([*shown, *lines[at:]]), met)


def _edits(base: Lines, side: Lines, *, is_mine: bool) -> list[Edit]:
    found = SequenceMatcher(None, list(base), list(side)).get_opcodes()
    return [Edit(a, b, tuple(side[c:d]), is_mine) for kind, a, b, c, d in found if kind != "equal"]


def _groups(edits: Sequence[Edit]) -> Iterator[list[Edit]]:
    """Return the edits in groups of those that meet. The same lines added by both are one edit."""
    group: list[Edit] = []
    for edit in edits:
        if group and (any(edit.meets(other) for other in group) or _is_twin(group[-1], edit)):
            group.append(edit)
        else:
            if group:
                yield group
            group = [edit]
    if group:
        yield group


def _is_twin(one: Edit, other: Edit) -> bool:
    return (one.start, one.end, one.lines) == (other.start, other.end, other.lines)


def _side(base: Lines, group: Sequence[Edit], start: int, end: int, *, is_mine: bool) -> list[str]:
    """Return what one side has between two lines of the common text."""
    shown: list[str] = []
    at = start
    for edit in group:
        if edit.is_mine == is_mine:
            shown += [*base[at : edit.start], *edit.lines]
            at = edit.end
    return [*shown, *base[at:end]]
