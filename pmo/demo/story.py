"""How each project went, week by week: its ratings, how late it was, what it cost, and when its plan was agreed anew."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import groupby

from governance.gate_states import Gate
from pmo.demo.clock import DAY, WEEK, CityTime
from pmo.demo.projects import Design
from portfolio.states import Phase

SEED = 20261203
#: Working days late that each letter stands for: the least and the most.
BANDS: Mapping[str, tuple[int, int]] = {
    "G": (-3, 5),
    "Y": (6, 14),
    "R": (17, 60),
}
#: The most that the forecast may lie over the budget, in percent, while the project is rated so.
MOST_OVER = {"G": Decimal("4.9"), "Y": Decimal("9.8"), "R": Decimal(99)}
#: How many status dates ago the plan was agreed anew, and where the finish lay then, in parts of the whole shift.
REBASELINED: Mapping[str, tuple[tuple[int, float], ...]] = {
    "2215": ((47, 0.53), (17, 1.0)),
    "2341": ((31, 1.0),),
    "2377": ((24, 1.0),),
    "2256": ((40, 1.0),),
    "2290": ((4, 1.0),),
    "2318": ((0, 1.0),),
}
#: Projects whose newest report waits for a decision, and since when: overdue, due today, or due later this week.
WAITS: Mapping[str, str] = {
    "2409": "overdue",
    "2231": "overdue",
    "2388": "today",
    "2341": "today",
    "2272": "today",
    "2267": "week",
    "2338": "week",
    "2420": "week",
    "2365": "week",
}
#: Its reports stopped coming in two weeks before the last.
SILENT = "2402"
WATERMELON, DISPUTED, RETURNED = "2388", "2341", "2324"
#: Drafts of the running week that somebody has begun.
DRAFTED = ("2302", "2351", "2228")
PHASES = (Phase.DEFINITION, Phase.PLANNING, Phase.PROCUREMENT, Phase.BUILD, Phase.TEST, Phase.ROLLOUT, Phase.CLOSING)
#: The part of the time after which each phase ends.
PHASE_ENDS = (0.13, 0.30, 0.42, 0.72, 0.86, 0.955, 1.01)
#: From this class on a project passes G3, so it has a phase of procurement; below, what it buys is bought while it builds.
PROCURES_FROM = 3
#: The phase in which a project is at least, once it has passed the gate.
PASSED_IN: Mapping[Gate, Phase] = {
    Gate.G1: Phase.PLANNING,
    Gate.G2: Phase.PROCUREMENT,
    Gate.G3: Phase.BUILD,
    Gate.G4: Phase.ROLLOUT,
}
#: A plan is not agreed anew before it was agreed: so long, in weeks, after the gate of planning, which took so many to reach.
AGREED_BEFORE, PLANNED_IN = 8, 18


@dataclass(frozen=True)
class Rebaseline:
    on: dt.date
    finish_on: dt.date


@dataclass(frozen=True)
class Story:
    """One project over its time in the demo city."""

    design: Design
    time: CityTime
    weeks: int
    ends: list[dt.date] = field(default_factory=list)
    """The status dates of its reports, oldest first, up to the last that is over."""

    @cached_property
    def chance(self) -> random.Random:
        return random.Random(f"{SEED}-{self.design.number}")

    def own_chance(self, what: str) -> random.Random:
        """Return a source of its own for one purpose, so that texts do not change when dates do."""
        return random.Random(f"{SEED}-{self.design.number}-{what}")

    @property
    def first_finish_on(self) -> dt.date:
        return self.time.shifted(self.design.original_finish_on)

    @property
    def finish_on(self) -> dt.date:
        return self.time.shifted(self.design.finish_on)

    @cached_property
    def start_on(self) -> dt.date:
        """Return the start; a plan that was agreed anew began before that."""
        start = self.design.start_on(self.time.last_on, self.finish_on)
        first_ago = max((ago for ago, _ in self._rebaselined), default=0)
        earliest = self.time.last_on - WEEK * (first_ago + AGREED_BEFORE + PLANNED_IN if self._rebaselined else 9)
        # A delay that is yellow may not be a tenth of the whole, or the percentage alone would make it red.
        shortest = DAY * (220 if self.design.late_days > BANDS["G"][1] or self._rebaselined else 150)
        return self.time.calendar.on_or_before(min(start, earliest, self.first_finish_on - shortest))

    @property
    def _rebaselined(self) -> tuple[tuple[int, float], ...]:
        return REBASELINED.get(self.design.number, ())

    @cached_property
    def rebaselines(self) -> list[Rebaseline]:
        whole = (self.finish_on - self.first_finish_on).days
        return [
            Rebaseline(self.time.last_on - WEEK * ago - DAY, self.first_finish_on + DAY * round(whole * part))
            for ago, part in self._rebaselined
        ]

    @cached_property
    def letters(self) -> list[str]:
        """Return the published overall rating of each of `ends`."""
        shown = self.design.strip.rstrip("-")
        if self.design.number in WAITS:
            shown += "R" if self.design.number == WATERMELON else shown[-1]
        earlier = len(self.ends) - len(shown)
        if earlier <= 0:
            return list(shown[-len(self.ends) :])
        return self._earlier(earlier, shown[0]) + list(shown)

    def _earlier(self, count: int, then: str) -> list[str]:
        """Return the ratings before the last twelve: mostly green, a rough patch or two, and worse before each new plan."""
        letters, chance = ["G"] * count, self.own_chance("letters")
        if then != "G":
            run = chance.randint(2, 5)
            letters[-run:] = ["Y"] * min(run, count)
        for _ in range(chance.choice((0, 1, 1, 2)) if self.design.governance_class > 1 else 0):
            at = chance.randrange(count)
            for week in range(at, min(at + chance.randint(2, 4), count)):
                letters[week] = "Y"
        for rebaseline in self.rebaselines:
            before = sum(end_on < rebaseline.on for end_on in self.ends)
            for week in range(max(0, before - 7), min(before, count)):
                letters[week] = "R" if week >= before - 4 else "Y"
            for week in range(before, min(before + 4, count)):
                letters[week] = "G"
        return letters

    @cached_property
    def slips(self) -> list[int]:
        """Return how many working days late the finish was forecast at each of `ends`."""
        chance, slips = self.own_chance("slips"), []
        runs = [(letter, len(list(group))) for letter, group in groupby(self.letters)]
        for number, (letter, length) in enumerate(runs):
            is_last = number == len(runs) - 1
            slips += self._run(letter, length, self._last_slip(letter) if is_last else None, chance)
        return slips

    def _last_slip(self, letter: str) -> int | None:
        late, (least, most) = self.design.late_days, BANDS[letter]
        return late if least <= late <= most else None

    def _run(self, letter: str, length: int, last: int | None, chance: random.Random) -> list[int]:
        """Return the lateness inside one run of equal ratings: it grows in steps three weeks apart, and ends at `last`."""
        least, most = BANDS[letter]
        if letter == "G":
            level = last if last is not None else chance.choice((0, 0, 0, 1, 2, 3))
            return [level] * length
        step = 3 if letter == "R" else 2
        end = last if last is not None else min(most, least + step * (length // 3) + chance.randint(0, 2))
        return [max(least, min(most, end - step * ((length - 1 - week) // 3))) for week in range(length)]

    @cached_property
    def over_percents(self) -> list[Decimal]:
        """Return by how much the forecast lay over the budget at each of `ends`, in percent."""
        whole, count = self.design.over_percent, len(self.ends)
        found = []
        for week, letter in enumerate(self.letters):
            grown = whole * min(Decimal(1), Decimal(max(0, week - count // 3)) / max(1, count - count // 3 - 2))
            stepped = (grown * 2).quantize(Decimal(1)) / 2 if week < count - 3 else grown
            found.append(min(stepped, MOST_OVER[letter]).quantize(Decimal("0.1")))
        return found

    def elapsed(self, on: dt.date) -> float:
        return (on - self.start_on).days / max(1, (self.finish_on - self.start_on).days)

    def most_done(self, on: dt.date) -> float:
        """Return the part of the work that can be done in the phase of a day: nobody spends before a contract is signed."""
        phase = PHASES.index(self.phase_on(on))
        begun = PHASE_ENDS[phase - 1] if phase else 0.0
        return (begun + PHASE_ENDS[phase]) / 2

    def phase_on(self, on: dt.date) -> Phase:
        """Return the phase on a day; today's is as designed, and no day before is in a later one."""
        designed = PHASES.index(self.design.phase)
        begun, reached = PHASE_ENDS[designed - 1] if designed else 0.0, self._reached(on)
        if on >= self.time.last_on - WEEK * 6 or reached >= begun:
            return self.design.phase
        phase = next(phase for phase, end in zip(PHASES, PHASE_ENDS, strict=True) if reached < end)
        return Phase.BUILD if phase == Phase.PROCUREMENT and not self.procures else phase

    @property
    def procures(self) -> bool:
        return self.design.governance_class >= PROCURES_FROM

    def _reached(self, on: dt.date) -> float:
        """Return the part of its whole course that is behind the project, which on the last status date ends its phase.

        The phases share the time so far as they would share the whole; a plan that was agreed anew had been agreed before.
        """
        end, planned = PHASE_ENDS[PHASES.index(self.design.phase)], PHASE_ENDS[PHASES.index(Phase.PLANNING)]
        now, day = (self.time.last_on - self.start_on).days, (on - self.start_on).days
        bend = now * planned / end
        if self.rebaselines:
            bend = min(bend, (self.rebaselines[0].on - self.start_on).days - AGREED_BEFORE * 7)
        if day <= bend or bend >= now:
            return planned * day / bend
        return planned + (end - planned) * (day - bend) / (now - bend)

    def passed_on(self, gate: Gate) -> dt.date | None:
        """Return the first day, week by week, on which the project was in a later phase; None where it is not yet."""
        wanted = PHASES.index(PASSED_IN[gate]) if gate in PASSED_IN else len(PHASES)
        if PHASES.index(self.design.phase) < wanted:
            return None
        day = self.start_on
        while PHASES.index(self.phase_on(day)) < wanted:
            day += WEEK
        return self.time.calendar.on_or_before(day)
