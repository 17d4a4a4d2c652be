"""The registers of the demo city: risks that are treated, issues that are resolved, decisions that somebody has to take."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from pmo.demo import phrases
from pmo.demo.clock import DAY, on_the_day
from pmo.demo.people import DIRECTORS
from pmo.demo.portfolio import Running, team_of
from portfolio.models import Action, Decision, Dependency, Issue, Risk
from portfolio.states import IssueSeverity, RiskResponse

#: Something that happens in a register: when, and what.
Event = tuple[dt.datetime, Callable[[], Any]]
#: Projects whose worst risk is above the limit and treated late, and those whose worst is high and treated.
LATE_RISK, HIGH_RISK = frozenset({"2318"}), frozenset({"2256", "2341"})
#: Projects that need a decision now.
NEEDS_DECISION = frozenset({"2215", "2388", "2341", "2256", "2377", "2333", "2318", "2329", "2360", "2312", "2402"})
#: Code of a project to (needs, from which project, days from now until needed, days from now until promised).
NEEDS: dict[str, tuple[tuple[str, str, int, int], ...]] = {
    "2388": (("Single sign-on for contractors", "2261", 40, 52),),
    "2333": (("Case numbers from the court system", "2341", 60, 95),),
    "2244": (("Payment gateway contract", "2388", 30, 30),),
    "2382": (("Payment gateway contract", "2388", 35, 35),),
    "2302": (("Work order codes for lighting", "2290", 20, 14),),
    "2396": (("Storage network in the new hall", "2360", 90, 108),),
    "2231": (("Radio status feed", "2256", 55, 120),),
    "2377": (("Single sign-on for field staff", "2261", 25, 20),),
    "2414": (("Network ports in city hall", "2228", 70, 70),),
}


@dataclass
class Keeper:
    """One project's registers over its time."""

    running: Running

    def __post_init__(self) -> None:
        self.chance: random.Random = self.running.story.own_chance("registers")
        self.team = team_of(self.running)
        self.subject = self.running.story.design.subject
        self.last_on = self.running.city.time.last_on
        self.first_on = self.running.story.start_on

    def events(self) -> list[Event]:
        """Return everything that happens in the registers, in any order."""
        return [*self._risks(), *self._issues(), *self._decisions(), *self._actions(), *self._dependencies()]

    def _at(self, day: dt.date, hour: int = 11) -> dt.datetime:
        """Return a moment on the first working day from `day` on that is past."""
        time = self.running.city.time
        while not time.calendar.is_workday(day) and day < time.today:
            day += DAY
        return time.moment(min(day, time.today), hour, self.chance.randrange(60))

    def _workday(self, day: dt.date) -> dt.date:
        return self.running.city.time.calendar.on_or_before(day)

    def _event(self, day: dt.date, act: Callable[[], Any], hour: int = 11) -> Event:
        moment = self._at(day, hour)

        def happen() -> Any:
            with on_the_day(moment):
                return act()

        return moment, happen

    def _fill(self, text: str, **more: Any) -> str:
        director = DIRECTORS[self.running.story.design.department]
        values = phrases.blanks(
            self.subject, self.chance, director=director, amount=f"{self.chance.randint(4, 30) * 10_000:,}", **more
        )
        return phrases.written(text, values)

    def _day(self, back_from: int, back_to: int) -> dt.date:
        """Return a day between so many days before the last status date, but not before the project began."""
        return max(self.first_on + DAY * 7, self.last_on - DAY * self.chance.randint(back_to, back_from))

    # Risks

    def _risks(self) -> list[Event]:
        found: list[Event] = []
        rows = phrases.entries(f"{self.subject.kind} risks")
        for number, (title, treatment, step) in enumerate(rows[: 2 + self.running.story.design.governance_class // 2]):
            found += self._risk(number, title, treatment, step)
        return found

    def _scales(self, number: int) -> tuple[int, int]:
        if number == 0 and self.running.number in LATE_RISK | HIGH_RISK:
            return 4, 4
        if number == 0 and self.running.story.design.governance_class == 4:
            return 3, 4
        return self.chance.choice(((3, 3), (2, 4), (2, 3), (3, 2), (2, 2), (1, 4), (1, 5)))

    def _risk(self, number: int, title: str, treatment: str, step: str) -> list[Event]:
        opened_on = self._day(300, 60 + 20 * number)
        owner = self.chance.choice(self.team)
        probability, impact = self._scales(number)
        kept: list[Risk] = []
        step = self._fill(step)

        def record() -> None:
            kept.append(
                Risk.record(
                    project=self.running.project,
                    by=self.running.manager,
                    title=self._fill(title)[:240],
                    owner=owner,
                    probability=probability,
                    impact=impact,
                    treated_probability=max(1, probability - 1),
                    treated_impact=max(1, impact - 1),
                    chance_pct=probability * 15,
                    cost_amount=impact * 12_000,
                    response=RiskResponse.MITIGATE,
                    treatment=self._fill(treatment),
                    next_action=step,
                    next_action_on=self._workday(opened_on + DAY * 60),
                    progressed_on=opened_on,
                    proximity_on=opened_on + DAY * 70,
                    show_on_report=number < 2,
                )
            )
            self.running.risks.append(kept[0])

        return [self._event(opened_on, record), *self._treated(kept, opened_on, number, probability * impact >= 10)]

    def _treated(self, kept: list[Risk], opened_on: dt.date, number: int, kept_close: bool) -> list[Event]:
        """Return the steps of the treatment: every four or ten weeks, the last a few days ago, but for one that is late."""
        last = self.last_on - DAY * (2 + number)
        if number == 0 and self.running.number in LATE_RISK:
            last -= DAY * 75
        days, day = [], last
        pause = 28 if kept_close else 70
        while day > opened_on + DAY * 10:
            days.append(day)
            day -= DAY * pause

        def progress(on: dt.date) -> None:
            changes = {
                "progressed_on": on,
                "next_action_on": self._workday(on + DAY * (pause + 8 - (on.toordinal() + number) % 7)),
            }
            kept[0].revise(by=self.running.manager, changes=changes)

        return [self._event(day, partial(progress, day), 10) for day in days]

    # Issues

    def _issues(self) -> list[Event]:
        found: list[Event] = []
        rows = phrases.entries(f"{self.subject.kind} issues")
        for back in (260, 150, 80):
            found += self._past_issue(rows, back)
        troubled = self.running.story.letters[-1] != "G"
        for number in range(2 if troubled else self.chance.choice((0, 1, 1))):
            found.append(self._open_issue(rows[(number + 1) % len(rows)], number, troubled))
        return found

    def _past_issue(self, rows: tuple[tuple[str, ...], ...], back: int) -> list[Event]:
        raised_on = self.last_on - DAY * (back + self.chance.randint(0, 20))
        if raised_on < self.first_on + DAY * 14:
            return []
        title, step = self.chance.choice(rows)
        resolved_on = self._workday(raised_on + DAY * self.chance.randint(8, 24))
        kept: list[Issue] = []

        def resolve() -> None:
            kept[0].resolve(
                by=self.running.manager, resolution="Repaired, and tested again with the people who found it.", on=resolved_on
            )

        record = self._recorder(kept, title, step, raised_on, IssueSeverity.MINOR, resolved_on)
        return [self._event(raised_on, record, 9), self._event(resolved_on, resolve, 14)]

    def _open_issue(self, row: tuple[str, ...], number: int, troubled: bool) -> Event:
        raised_on = self._day(24, 9)
        severity = IssueSeverity.MAJOR if troubled and number == 0 else IssueSeverity.MINOR
        due_on = self._workday(self.last_on + DAY * self.chance.randint(6, 18))
        return self._event(raised_on, self._recorder([], row[0], row[1], raised_on, severity, due_on), 9)

    def _recorder(
        self, kept: list[Issue], title: str, step: str, raised_on: dt.date, severity: str, due_on: dt.date
    ) -> Callable[[], None]:
        owner = self.chance.choice(self.team)

        def record() -> None:
            values = {"title": self._fill(title)[:240], "next_action": self._fill(step)[:240], "owner": owner}
            kept.append(
                Issue.record(
                    project=self.running.project,
                    by=self.running.manager,
                    severity=severity,
                    raised_on=raised_on,
                    due_on=due_on,
                    show_on_report=True,
                    **values,
                )
            )
            self.running.issues.append(kept[0])

        return record

    # Decisions

    def _decisions(self) -> list[Event]:
        found: list[Event] = []
        rows = list(phrases.entries("decisions"))
        self.chance.shuffle(rows)
        for back, row in ((200, rows[0]), (95, rows[1])):
            found += self._taken(row, self.last_on - DAY * back)
        if self.running.number in NEEDS_DECISION:
            for number, row in enumerate(rows[2 : 3 + (self.running.story.design.governance_class > 3)]):
                found.append(self._needed(row, number))
        return found

    def _decision(self, kept: list[Decision], row: tuple[str, ...], needed_by_on: dt.date) -> Callable[[], None]:
        def record() -> None:
            kept.append(
                Decision.record(
                    project=self.running.project,
                    by=self.running.manager,
                    title=self._fill(row[0]),
                    needed_from=self._fill(row[1]),
                    needed_by_on=needed_by_on,
                    consequence=self._fill(row[2]),
                    owner=self.running.manager,
                    show_on_report=True,
                )
            )
            self.running.decisions.append(kept[0])

        return record

    def _taken(self, row: tuple[str, ...], raised_on: dt.date) -> list[Event]:
        if raised_on < self.first_on + DAY * 14:
            return []
        decided_on = raised_on + DAY * self.chance.randint(9, 20)
        kept: list[Decision] = []

        def decide() -> None:
            kept[0].decide(by=self.running.manager, outcome="Agreed as proposed.", on=decided_on)

        return [self._event(raised_on, self._decision(kept, row, decided_on)), self._event(decided_on, decide, 15)]

    def _needed(self, row: tuple[str, ...], number: int) -> Event:
        needed_by_on = self._workday(
            self.last_on + DAY * (self.chance.randint(-3, 4) if number == 0 else self.chance.randint(8, 20))
        )
        return self._event(self._day(30, 10), self._decision([], row, needed_by_on), 13)

    # Actions and dependencies

    def _actions(self) -> list[Event]:
        found: list[Event] = []
        rows = [row[0] for row in phrases.entries("actions")]
        for number, title in enumerate(self.chance.sample(rows, k=3)):
            found += self._action(title, number)
        return found

    def _action(self, title: str, number: int) -> list[Event]:
        raised_on = self._day(60, 12)
        due_on = self._workday(raised_on + DAY * self.chance.randint(10, 40))
        owner, kept = self.chance.choice(self.team), []  # type: ignore[var-annotated]

        def record() -> None:
            kept.append(
                Action.record(
                    project=self.running.project, by=self.running.manager, title=self._fill(title), owner=owner, due_on=due_on
                )
            )

        found = [self._event(raised_on, record, 12)]
        done_on = due_on - DAY * 2
        if number == 0 and raised_on < done_on < self.last_on:
            found.append(
                self._event(
                    done_on, lambda: kept[0].finish(by=owner, outcome="Done and filed with the project.", on=done_on), 16
                )
            )
        return found

    def _dependencies(self) -> list[Event]:
        found = []
        for title, number, needed_in, promised_in in NEEDS.get(self.running.number, ()):
            found.append(self._event(self._day(70, 40), self._dependency(title, number, needed_in, promised_in), 15))
        if self.running.story.design.governance_class >= 3:
            title, source = self.chance.choice(phrases.entries("dependencies"))
            needed_in = self.chance.randint(20, 70)
            found.append(self._event(self._day(70, 40), self._dependency(title, self._fill(source), needed_in, needed_in), 15))
        return found

    def _dependency(self, title: str, source: str, needed_in: int, promised_in: int) -> Callable[[], None]:
        def record() -> None:
            other = self.running.city.projects.get(source)
            row = Dependency.record(
                project=self.running.project,
                by=self.running.manager,
                title=title,
                owner=self.running.manager,
                on_project=other,
                on_outside="" if other else source,
                needed_on=self._workday(self.last_on + DAY * needed_in),
                promised_on=self._workday(self.last_on + DAY * promised_in),
                show_on_report=True,
            )
            self.running.dependencies.append(row)

        return record
