"""The gates of the demo city: what each project has passed, consistent with its phase, and what lies ahead of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from governance import gates
from governance.condition_terms import ConditionTerms
from governance.conditions import close, give_evidence
from governance.gate_past import enter_past
from governance.gate_states import Artefact, Gate, GateDecision, phase_opened
from governance.gates import Answer, Attendee
from governance.models import Condition, GateCriterion, GateReview, Waiver
from governance.waivers import grant_waiver, waivable
from pmo.demo.clock import DAY, on_the_day
from pmo.demo.people import ADELA, DIRECTORS, MARGUERITE
from pmo.demo.portfolio import READINESS, Running
from pmo.demo.projects import designs
from portfolio.models import Milestone
from portfolio.states import MilestoneKind, Phase

#: The class whose gates the executive signs.
EXECUTIVE_CLASS = 4
RECORD = "Minutes of the governance board"
MOVED = "The forecast is later than it was when the review was planned, and the review follows it."
HOLD_REASON = (
    "The acceptance test failed in two of nine cases, and rollback was not rehearsed. The board meets again after both."
)
#: The one gate that was passed with conditions; one of them was met since, the other is due soon.
WITH_CONDITIONS = ("2388", Gate.G3)
CONDITIONAL_REASON = (
    "Both offers were scored by the same four people, and the better one is within the budget. Two points of the contract "
    "are not settled; work on the forms can begin meanwhile without a risk."
)
SANDBOX = "The payment provider’s sandbox answers test payments sent from the permit system."
CHARGE_BACKS = "The contract says who bears charge-backs, and Finance has agreed to it in writing."
SANDBOX_WORKS = "Twelve test payments went through on the first try; the protocol is filed with the execution plan."
WAIVED = "The execution plan is kept in the contractor’s tool until the contract is amended; the office has read access to it."


@cache
def _first_in(phase: Phase, lowest_class: int = 2) -> str:
    """Return the first project of the design in a phase."""
    found = (one.number for one in designs() if one.phase == phase and one.governance_class >= lowest_class)
    return next(found, "")


@dataclass
class GateKeeper:
    """Lays down what happens at the gates of one project."""

    running: Running
    criteria: Mapping[str, list[int]]
    paths: Mapping[int, tuple[Gate, ...]]

    @property
    def path(self) -> tuple[Gate, ...]:
        return self.paths[self.running.story.design.governance_class]

    @property
    def office(self) -> Any:
        """Return who decides at the gates: the executive where the class asks for that signature."""
        if self.running.story.design.governance_class == EXECUTIVE_CLASS:
            return self.running.city.people[MARGUERITE]
        return self.running.office

    @property
    def member(self) -> Any:
        """Return who sits on the board beside its chair and the sponsor."""
        people = self.running.city.people
        return people[ADELA] if self.office == people[MARGUERITE] else people[MARGUERITE]

    def events(self) -> Iterator[tuple[dt.datetime, Callable[[], Any]]]:
        yield self._at(self.running.story.start_on, 9, 30, self._begin)
        for gate in self.path:
            day = self.running.story.passed_on(gate)
            if day is not None and (self.running.number, gate) == WITH_CONDITIONS:
                yield from self._passed_with_conditions(gate, day)
            elif day is not None:
                yield self._at(day, 15, 30, self._enter, gate, day)
        upcoming = next((gate for gate in self.path if gate != Gate.G0 and self.running.story.passed_on(gate) is None), None)
        if upcoming is not None:
            yield from self._ahead(upcoming)

    def _at(
        self, day: dt.date, hour: int, minute: int, act: Callable[..., Any], *arguments: Any
    ) -> tuple[dt.datetime, Callable[[], Any]]:
        moment = self.running.city.time.moment(day, hour, minute)
        # The project itself is registered at ten on its first day.
        moment = max(moment, self.running.city.time.moment(self.running.story.start_on, 12))

        def happen() -> Any:
            with on_the_day(moment):
                return act(moment, *arguments)

        return moment, happen

    def _begin(self, at: dt.datetime) -> None:
        """Hold the first gate on the day the project began: it asks for no document."""
        review = self._planned(Gate.G0, at)
        self._prepare(review, at)
        gates.decide(
            review,
            by=self.office,
            at=at,
            decision=GateDecision.GO,
            rationale="The problem is real, the sponsor answers for it, and funds for the definition are there.",
            held_on=at.astimezone(self.running.city.time.zone).date(),
        )
        self.running.keep_people()

    def _planned(self, gate: Gate, at: dt.datetime, on: dt.date | None = None) -> GateReview:
        today = at.astimezone(self.running.city.time.zone).date()
        return gates.plan(self.running.project, gate, planned_on=on or today, by=self.running.manager, at=at)

    def _prepare(self, review: GateReview, at: dt.datetime, unmet: Collection[int] = ()) -> None:
        people, department = self.running.city.people, self.running.story.design.department
        keys = self.criteria[review.gate]
        gates.prepare(
            review,
            by=self.running.manager,
            at=at,
            answers=[Answer(key, place not in unmet) for place, key in enumerate(keys)],
            attendees=[
                Attendee(person=self.office, capacity="chair"),
                Attendee(person=self.member, capacity="member of the board"),
                Attendee(person=people[DIRECTORS[department]], capacity="sponsor"),
                Attendee(person=self.running.manager, capacity="project manager"),
            ],
        )

    def _enter(self, at: dt.datetime, gate: Gate, held_on: dt.date) -> None:
        late = self.running.story.own_chance(f"gate-{gate}").choice((0, 0, 0, 0, 4, 9))
        planned_on = self.running.city.time.calendar.add(held_on, -late)
        project = self.running.project
        enter_past(project, gate, planned_on=planned_on, held_on=held_on, source=RECORD, by=self.office, at=at)
        phase = phase_opened(gate, Phase(project.phase), procures=Gate.G3 in self.path)
        self.running.pass_into(phase, reason=f"{gate.label}: Go. {RECORD}")
        if gate == Gate.G4 and self._readiness:
            self._readiness.reach(by=self.running.manager, on=held_on)

    @property
    def _readiness(self) -> Milestone | None:
        """Return the milestone that is the gate before go-live; None in a plan that names none."""
        return next((row for row in self.running.milestones if row.name == READINESS), None)

    def _passed_with_conditions(self, gate: Gate, day: dt.date) -> Iterator[tuple[dt.datetime, Callable[[], Any]]]:
        calendar = self.running.city.time.calendar
        yield self._at(calendar.add(day, -8), 10, 0, self._plan_ahead, gate, day)
        yield self._at(day, 15, 30, self._pass_with_conditions)
        yield self._at(calendar.add(day, 16), 11, 10, self._give_evidence)
        yield self._at(calendar.add(day, 18), 9, 20, self._close_condition)

    def _pass_with_conditions(self, at: dt.datetime) -> None:
        review, time = self.next, self.running.city.time
        today = at.astimezone(time.zone).date()
        self._prepare(review, at, unmet=(2,))
        dues = {SANDBOX: time.calendar.on_or_before(today + DAY * 30), CHARGE_BACKS: time.calendar.add(time.today, 7)}
        manager, office = self.running.manager, self.office
        gates.decide(
            review,
            by=office,
            at=at,
            decision=GateDecision.CONDITIONAL,
            rationale=CONDITIONAL_REASON,
            held_on=today,
            minutes="Finance asked who pays when a card holder disputes a fee. The provider answers within two weeks.",
            conditions=[ConditionTerms(text, manager, office, due_on) for text, due_on in dues.items()],
        )
        self.running.keep_people()

    def _give_evidence(self, at: dt.datetime) -> None:
        give_evidence(self._sandbox(), by=self.running.manager, at=at, text=SANDBOX_WORKS)

    def _close_condition(self, at: dt.datetime) -> None:
        close(self._sandbox(), by=self.office, at=at)

    def _sandbox(self) -> Condition:
        return Condition.objects.select_related("project").get(project=self.running.project, text=SANDBOX)

    # What lies ahead

    def _ahead(self, gate: Gate) -> Iterator[tuple[dt.datetime, Callable[[], Any]]]:
        time, number = self.running.city.time, self.running.number
        if number == _first_in(Phase.TEST):
            yield self._at(time.workdays_ago(12), 14, 0, self._hold, gate)
            yield self._at(time.workdays_ago(9), 10, 0, self._plan_ahead, gate)
            return
        if self.running.story.design.phase == Phase.BUILD:
            yield self._at(time.calendar.on_or_before(time.today - DAY * 62), 11, 0, self._waive, gate)
        planned_on = time.calendar.on_or_before(time.today - DAY * self._chance(gate).randint(20, 40))
        missed = (time.workdays_ago(6),) if number == _first_in(Phase.PLANNING) else ()
        yield self._at(planned_on, 10, 0, self._plan_ahead, gate, *missed)
        if not missed:
            yield self._at(time.workdays_ago(1), 16, 0, self._move, gate)

    def _chance(self, gate: Gate) -> Random:
        return self.running.story.own_chance(f"next-{gate}")

    def _due_on(self, gate: Gate) -> dt.date:
        """Return the day for which a gate is planned: go-live and closing follow the forecast, the others come within weeks."""
        calendar, today = self.running.city.time.calendar, self.running.city.time.today
        if gate == Gate.G4:
            own = self._readiness
            live = next(row for row in self.running.milestones if row.kind == MilestoneKind.GO_LIVE)
            forecast_on = own.expected_on if own else calendar.add(live.expected_on or today, -5)
        elif gate == Gate.G5:
            forecast_on = calendar.add(self.running.project.forecast_finish_on or today, 5)
        else:
            forecast_on = calendar.add(today, self._chance(gate).randint(9, 35))
        return max(calendar.on_or_before(forecast_on or today), calendar.add(today, self._chance(gate).randint(5, 12)))

    def _plan_ahead(self, at: dt.datetime, gate: Gate, on: dt.date | None = None) -> None:
        self.next = self._planned(gate, at, on or self._due_on(gate))

    def _move(self, at: dt.datetime, gate: Gate) -> None:
        """Let the review follow a forecast that became later since it was planned."""
        on = self._due_on(gate)
        if on > self.next.planned_on:
            gates.reschedule(self.next, planned_on=on, reason=MOVED, by=self.running.manager, at=at)

    def _hold(self, at: dt.datetime, gate: Gate) -> None:
        review = self._planned(gate, at)
        self._prepare(review, at, unmet=(0, 1))
        held_on = at.astimezone(self.running.city.time.zone).date()
        gates.decide(
            review,
            by=self.office,
            at=at,
            decision=GateDecision.HOLD,
            rationale=HOLD_REASON,
            held_on=held_on,
            minutes="The test lead showed both failed cases. Operations asked for a rehearsal with live amounts of data.",
        )
        self.running.keep_people()

    def _waive(self, at: dt.datetime, gate: Gate) -> None:
        """Waive the plan of the first project in build that owes one and has none."""
        owed, _ = waivable(self.running.project, gate, at.astimezone(self.running.city.time.zone).date())
        if Artefact.EXECUTION_PLAN not in owed or Waiver.objects.exists():
            return
        grant_waiver(
            self.running.project,
            gate=gate,
            artefact=Artefact.EXECUTION_PLAN,
            reason=WAIVED,
            expires_on=self.running.city.time.calendar.add(self.running.city.time.today, 7),
            by=self.office,
            at=at,
        )


def criteria_by_gate() -> dict[str, list[int]]:
    """Return the keys of the criteria in force by gate. One query."""
    found: dict[str, list[int]] = {gate.value: [] for gate in Gate}
    for gate, key in GateCriterion.objects.filter(is_active=True).order_by("position").values_list("gate", "pk"):
        found[gate].append(key)
    return found
