"""The projects of the demo city, as designed: what each is, who leads it, and how it stands today."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from pmo.demo.phrases import DATA
from portfolio.states import Phase, Priority

PROGRAMS: Mapping[str, tuple[str, str]] = {
    "FRONT": ("Services to Residents", "Residents do their business with the city in one visit, online or at a counter."),
    "SAFE": ("Public Safety Systems", "Police, fire, court and emergency staff see the same facts at the same time."),
    "FIELD": ("Field and Assets", "The city knows what it owns, where it stands and in what state it is."),
    "BASE": ("Technology Foundations", "Networks, devices and data that keep every other service running and safe."),
    "BACK": ("Running the City", "Finance, records and contracts are kept once, and on time."),
}


@dataclass(frozen=True)
class Subject:
    """What a project is about, for its texts: the kind decides the phrases."""

    kind: str
    purpose: str
    users: str
    thing: str
    data: str
    partner: str


ELAPSED: Mapping[str, Decimal] = {
    "definition": Decimal("0.12"),
    "planning": Decimal("0.20"),
    "procurement": Decimal("0.33"),
    "build": Decimal("0.50"),
    "test": Decimal("0.63"),
    "rollout": Decimal("0.75"),
    "closing": Decimal("0.92"),
}
#: A project is at least so long, in days, by class.
SHORTEST = {1: 130, 2: 170, 3: 225, 4: 560}


@dataclass(frozen=True)
class Design:
    """One project as designed."""

    number: str
    name: str
    department: str
    manager: str
    governance_class: int
    phase: Phase
    strip: str
    original_finish_on: dt.date
    finish_on: dt.date
    late_days: int
    budget: int
    over_percent: Decimal
    program: str
    subject: Subject

    @property
    def code(self) -> str:
        return f"P-{self.number}"

    @property
    def priority(self) -> int:
        return {4: Priority.CRITICAL, 3: Priority.HIGH, 2: Priority.MEDIUM, 1: Priority.LOW}[self.governance_class]

    def start_on(self, last_on: dt.date, finish_on: dt.date) -> dt.date:
        """Return a start that fits the phase: so much of the time to `finish_on` has passed by `last_on`, fourteen weeks at
        least.
        """
        ahead = max(1, (finish_on - last_on).days)
        whole = max(SHORTEST[self.governance_class], int(ahead / (1 - ELAPSED[self.phase])), ahead + 14 * 7)
        return finish_on - dt.timedelta(days=whole)


def _design(row: dict[str, str]) -> Design:
    return Design(
        number=row["number"],
        name=row["name"],
        department=row["department"],
        manager=row["manager"],
        governance_class=int(row["class"]),
        phase=Phase(row["phase"].lower()),
        strip=row["ratings"],
        original_finish_on=dt.date.fromisoformat(row["original_finish_on"]),
        finish_on=dt.date.fromisoformat(row["finish_on"]),
        late_days=int(row["late_days"]),
        budget=int(row["budget"]),
        over_percent=Decimal(row["over_percent"]),
        program=row["program"],
        subject=Subject(row["kind"], row["purpose"], row["users"], row["thing"], row["data"], row["partner"]),
    )


@cache
def designs() -> tuple[Design, ...]:
    """Return the projects in the order of the file; their dates are those of the week the city was designed for."""
    with (DATA / "projects.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_design(row) for row in csv.DictReader(file))
