"""The percentile of the house: one method for every figure, so that no two pages say different things of the same days."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar

Amount = TypeVar("Amount", int, Decimal)


def percentile(amounts: Sequence[Amount], share: int) -> Amount | None:
    """Return the smallest amount that at least `share` per cent (1 to 100) do not exceed; None of no amounts.

    This is the nearest-rank method: of n amounts in order, the one at place ⌈share × n ÷ 100⌉. It is always an amount that
    occurred, never one between two, so that a reader can find it among the rows.
    """
    if not amounts:
        return None
    place = -(-len(amounts) * share // 100)
    return sorted(amounts)[max(1, place) - 1]
