"""How much work something takes, counted in calls: the same on every machine, however busy it is; and texts to measure with."""

from __future__ import annotations

import cProfile
import pstats
import random
from collections.abc import Callable
from typing import Any

COMMON = [f"word{place}" for place in range(2_000)]
WEIGHTS = [1 / (place + 2) for place in range(2_000)]


def steps_of(act: Callable[[], Any]) -> int:
    """Return how many calls `act` makes, those of Python's own functions among them."""
    profile = cProfile.Profile()
    profile.runcall(act)
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]


def prose(count: int, seed: int = 1) -> list[str]:
    """Return words as often as in a language: a few stand everywhere, most seldom."""
    return random.Random(seed).choices(COMMON, WEIGHTS, k=count)


def altered(words: list[str]) -> list[str]:
    """Return `words` with every fifth one exchanged."""
    return [f"new{place}" if place % 5 == 2 else word for place, word in enumerate(words)]
