"""What an auditor sees first: whether the chain of sign-offs holds, and what was decided lately."""

from __future__ import annotations

from dataclasses import dataclass

from governance.models import ChainHead, SignOff
from governance.signing import entry_text
from governance.states import SignAction
from pmo.lib.canonical import sha256_of

#: How many of the newest sign-offs a page checks; the command checks them all.
CHECKED = 2000
SHOWN = 12


@dataclass(frozen=True)
class ChainState:
    """What a look at the newest links found. `broken_at` is the first sign-off that does not hold, or None."""

    total: int
    checked: int
    broken_at: int | None

    @property
    def holds(self) -> bool:
        return self.broken_at is None


def look_at_chain(limit: int = CHECKED) -> ChainState:
    """Check the newest `limit` links, their order and the head. Two queries."""
    head = ChainHead.objects.filter(pk=1).first()
    newest = list(SignOff.objects.order_by("-sequence")[:limit])
    total = head.sequence if head else 0
    fault = _first_fault(newest, total, head.entry_sha256 if head else "", is_all=len(newest) < limit)
    return ChainState(total, len(newest), fault)


def _first_fault(newest: list[SignOff], total: int, head_sha256: str, *, is_all: bool) -> int | None:
    """Return the sequence of a link that does not hold, going back from the head, or None.

    `is_all`: no link is left unread, so nothing may be missing before the last one.
    """
    expected, expected_sha256 = total, head_sha256
    for sign_off in newest:
        if sign_off.sequence != expected or sign_off.entry_sha256 != expected_sha256:
            return expected
        if sha256_of(entry_text(sign_off)) != sign_off.entry_sha256:
            return sign_off.sequence
        expected, expected_sha256 = sign_off.sequence - 1, sign_off.previous_sha256
    return expected if is_all and (expected or expected_sha256) else None


def latest_decisions(limit: int = SHOWN) -> list[SignOff]:
    """Return the last decisions, the newest first. One query."""
    rows = SignOff.objects.exclude(action__in=[SignAction.SUBMIT, SignAction.SUPERSEDE])
    return list(
        rows.select_related("version__deliverable__project", "gate_review__project")
        .defer("version__content", "version__record", "gate_review__record")
        .order_by("-sequence")[:limit]
    )
