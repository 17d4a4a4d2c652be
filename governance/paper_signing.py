"""The page of signatures of everything that is decided: who signed as what, what they declared, and on which content."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from governance.models import SignOff
from governance.states import SignAction

ACTS = {SignAction.SUBMIT: "Submitted", SignAction.WITHDRAW: "Withdrawn"}
#: Digits of a link's digest that stand in the table; the whole of it is in the chain.
SHOWN_DIGITS = 8


@dataclass(frozen=True)
class PaperSign:
    """One line of the table: `place` and `digest` are those of the link in the chain, `previous` that of the link before."""

    act: str
    note: str
    person: str
    role: str
    acting_for: str
    signed_at: dt.datetime
    intent: str
    place: str
    digest: str
    previous: str


@dataclass(frozen=True)
class SignaturePage:
    """What stands on the page. `meaning_head` says whose meaning it tells: `What approval means`."""

    kicker: str
    meaning_head: str
    meaning: str
    rows: Sequence[PaperSign]
    digest: str
    conditions: Sequence[Mapping[str, Any]] = field(default_factory=list)

    @property
    def digest_lines(self) -> list[str]:
        return digest_lines(self.digest)


def grouped(digest: str, size: int) -> str:
    return " ".join(digest[at : at + size] for at in range(0, len(digest), size))


def digest_lines(digest: str) -> list[str]:
    return [grouped(digest[:32], 8), grouped(digest[32:], 8)] if digest else []


def paper_signs(
    rows: Iterable[SignOff], *, acts: Mapping[Any, str] = ACTS, notes: Mapping[Any, str] | None = None
) -> list[PaperSign]:
    """Return the lines of the table; `acts` and `notes` say how an action is called here, and what is noted below it."""
    return [_sign(row, acts, notes or {}) for row in rows]


def act_word(row: SignOff, acts: Mapping[Any, str] = ACTS) -> str:
    return acts.get(SignAction(row.action), row.get_action_display())


def _sign(row: SignOff, acts: Mapping[Any, str], notes: Mapping[Any, str]) -> PaperSign:
    return PaperSign(
        act=act_word(row, acts),
        note=notes.get(SignAction(row.action), ""),
        person=row.person_name,
        role=row.role,
        acting_for=row.acting_for_name,
        signed_at=row.signed_at,
        intent=row.intent,
        place=f"{row.sequence:,}".replace(",", " "),
        digest=grouped(row.entry_sha256[:SHOWN_DIGITS], 4),
        previous=grouped(row.previous_sha256[:SHOWN_DIGITS], 4),
    )


def signed_until(subject: Any) -> list[SignOff]:
    """Return the sign-offs on a decided thing up to its decision: what comes later changes no paper. One query."""
    kept = []
    for row in subject.sign_offs.order_by("sequence"):
        kept.append(row)
        if row.content_sha256 == subject.record_sha256:
            break
    return kept


def conditions_in(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the conditions of a decided record, with days that a template can write."""
    return [{**row, "due_on": dt.date.fromisoformat(row["due_on"])} for row in record.get("conditions", [])]
