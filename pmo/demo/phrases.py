"""The words of the demo city, read from `data/`: lines of work, register entries, reasons; and how their blanks are filled."""

from __future__ import annotations

import random
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pmo.demo.projects import Subject

DATA = Path(__file__).parent / "data"
#: Phases whose work is the same for every kind of project.
SHARED = {"intake": "prepare", "definition": "prepare", "planning": "prepare", "procurement": "buy"}
COUNTS = (180, 240, 310, 420, 560, 730, 900, 1_140, 1_480, 1_920, 2_350, 3_100, 4_200, 5_600)


@cache
def sections(name: str) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """Return the sections of one file: the parts of each line, without comments and empty lines."""
    found: dict[str, list[tuple[str, ...]]] = {}
    current = ""
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            current = line.strip("[]")
        elif line and not line.startswith("#"):
            found.setdefault(current, []).append(tuple(part.strip() for part in line.split(" > ")))
    return {name: tuple(rows) for name, rows in found.items()}


def work(kind: str, phase: str) -> tuple[tuple[str, ...], ...]:
    """Return the lines of work of a kind of project in a phase: (as planned, as done)."""
    known = sections("work.txt")
    if phase in SHARED:
        return known[SHARED[phase]]
    if phase == "closing":
        return known["close"] + known[f"{kind} rollout"][-3:]
    if phase == "test":
        return known.get(f"{kind} test") or known[f"{kind} build"][3:] + known[f"{kind} rollout"]
    return known[f"{kind} {phase}"]


def entries(name: str) -> tuple[tuple[str, ...], ...]:
    return sections("registers.txt")[name]


def one(name: str, chance: random.Random) -> str:
    """Return one line of a section of single sentences."""
    return chance.choice(entries(name))[0]


def blanks(subject: Subject, chance: random.Random, **more: object) -> dict[str, object]:
    """Return what fills the blanks of one line of work, the same in its plan and in its report."""
    return {
        "users": subject.users,
        "thing": subject.thing,
        "data": subject.data,
        "partner": subject.partner,
        "n": chance.randint(3, 28),
        "count": f"{chance.choice(COUNTS) + chance.randint(0, 39):,}",
        "percent": chance.randint(2, 14),
        **more,
    }


def written(text: str, values: Mapping[str, object]) -> str:
    """Return `text` with its blanks filled and a capital at its head."""
    said = text.format(**values)
    return said[:1].upper() + said[1:]
