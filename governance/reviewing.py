"""What a reviewer starts from and has to say: where the office's ratings begin, which need a reason, what nobody disputes.

Pure: typed content and what was typed come in as plain values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from governance.publication import RANK, WITHHOLDABLE
from governance.states import GIVEN, Dimension, Letter

LETTERS = tuple(letter.value for letter in GIVEN)


@dataclass(frozen=True)
class Rated:
    """One dimension before the office has rated it. `last` is the last published letter, or empty."""

    dimension: str
    pm: str
    computed: str
    last: str

    @property
    def label(self) -> str:
        return Dimension(self.dimension).label

    @property
    def has_evidence(self) -> bool:
        return self.computed in GIVEN

    @property
    def is_agreed(self) -> bool:
        """Whether project manager, evidence (where there is any) and last week say the same. Missing data is no agreement."""
        return self.pm == self.last and (self.computed == self.pm or self.computed == Letter.NOT_ASSESSED)

    @property
    def start(self) -> str:
        """Return where the office's rating begins: last week's, or the project manager's where nothing speaks against it.

        Empty when there is neither.
        """
        is_better = self.last in GIVEN and RANK[Letter(self.pm)] < RANK[Letter(self.last)]
        if self.computed == self.pm or (not self.has_evidence and not is_better):
            return self.pm
        return self.last if self.last in GIVEN else ""

    def needs_reason(self, letter: str) -> bool:
        """Return whether the office has to say why it gives `letter`."""
        return letter != self.pm or (self.has_evidence and letter != self.computed)

    @property
    def reason_letters(self) -> str:
        """Return the letters that need a reason, with spaces between, as forms want them."""
        return " ".join(letter for letter in LETTERS if self.needs_reason(letter))


def rated(content: Mapping[str, Any]) -> list[Rated]:
    """Return the seven dimensions of a submitted report."""
    before = content["before"]["letters"]
    return [
        Rated(row["dimension"], row["pm"], row["computed"]["letter"], before.get(row["dimension"], ""))
        for row in content["ratings"]
    ]


def all_agree(rows: Iterable[Rated]) -> bool:
    """Return whether nothing differs in any dimension, so that the report may be accepted as it stands."""
    return all(row.is_agreed for row in rows)


@dataclass(frozen=True)
class Typed:
    """What a reviewer has typed and not yet decided."""

    letters: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    withheld: tuple[str, ...] = ()
    finding: Mapping[str, str] = field(default_factory=dict)

    def as_notes(self) -> dict[str, Any]:
        return {
            "letters": dict(self.letters),
            "reasons": dict(self.reasons),
            "withheld": list(self.withheld),
            "finding": dict(self.finding),
        }

    @classmethod
    def from_notes(cls, notes: Mapping[str, Any]) -> Typed:
        return cls(
            letters=notes.get("letters", {}),
            reasons=notes.get("reasons", {}),
            withheld=tuple(notes.get("withheld", ())),
            finding=notes.get("finding", {}),
        )

    def letter(self, row: Rated) -> str:
        return self.letters.get(row.dimension) or row.start

    def terms(self, rows: Iterable[Rated]) -> dict[str, Any]:
        """Return what `approve` asks for. A reason that the chosen letter no longer needs is not published."""
        ratings = {}
        for row in rows:
            letter = self.letter(row)
            reason = self.reasons.get(row.dimension, "").strip() if row.needs_reason(letter) else ""
            ratings[row.dimension] = {"letter": letter, "reason": reason}
        return {"ratings": ratings, "withheld": list(self.withheld)}


@dataclass(frozen=True)
class Problem:
    """One thing to mend before the report can be accepted: the field's id on the page, and what to do."""

    field: str
    sentence: str


def problems(rows: Iterable[Rated], typed: Typed) -> list[Problem]:
    """Return what stands in the way of accepting, in the order of the page."""
    found = []
    for row in rows:
        letter, label = typed.letter(row), row.label.lower()
        if letter not in GIVEN:
            found.append(Problem(f"office-{row.dimension}", f"Choose the office’s rating for {label}"))
        elif row.needs_reason(letter) and not typed.reasons.get(row.dimension, "").strip():
            found.append(Problem(f"reason-{row.dimension}", f"Say why the office’s rating for {label} differs"))
    return found


def known_withheld(names: Iterable[str]) -> tuple[str, ...]:
    """Return the fields among `names` that may be withheld."""
    return tuple(name for name in WITHHOLDABLE if name in set(names))
