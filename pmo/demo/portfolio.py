"""The projects of the demo city as their people keep them: record, team, class, milestones, dates and money, week by week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from governance.report_facts import Registers
from pmo.demo import phrases
from pmo.demo.clock import DAY, CityTime, on_the_day
from pmo.demo.people import ADELA, DIRECTORS, MARGUERITE, NADIA, OWNERS, TEAM, People
from pmo.demo.projects import PROGRAMS
from pmo.demo.story import Story
from portfolio.classification import QUESTIONS
from portfolio.models import (
    ClassScore,
    Decision,
    Department,
    Dependency,
    Issue,
    Milestone,
    Program,
    Project,
    ProjectMember,
    Risk,
)
from portfolio.states import MilestoneKind, Phase

#: The milestone that is the gate before go-live: reached when the board says Go, and not before.
READINESS = "Gate G4, go-live readiness"
#: (name, kind, key, part of the time) by kind of project.
PLANS: Mapping[str, tuple[tuple[str, str, bool, float], ...]] = {
    "service": (
        ("Requirements agreed", MilestoneKind.WORK, False, 0.17),
        ("Contract signed", MilestoneKind.CONTRACT, False, 0.36),
        ("First build shown", MilestoneKind.WORK, False, 0.52),
        ("Interface with the {partner} accepted", MilestoneKind.WORK, False, 0.68),
        (READINESS, MilestoneKind.GATE, False, 0.89),
        ("Go-live", MilestoneKind.GO_LIVE, True, 0.94),
        ("Handover to operations", MilestoneKind.WORK, True, 1.0),
    ),
    "field": (
        ("Survey of the first district", MilestoneKind.WORK, False, 0.22),
        ("Contract with the installer signed", MilestoneKind.CONTRACT, False, 0.38),
        ("First devices in use", MilestoneKind.WORK, False, 0.55),
        ("Half of the places equipped", MilestoneKind.PUBLIC, False, 0.74),
        ("All places equipped", MilestoneKind.GO_LIVE, True, 0.94),
        ("Handover to operations", MilestoneKind.WORK, True, 1.0),
    ),
    "network": (
        ("Design approved", MilestoneKind.GATE, False, 0.24),
        ("Equipment ordered", MilestoneKind.CONTRACT, False, 0.40),
        ("First {thing} in use", MilestoneKind.WORK, False, 0.58),
        ("Failover test passed", MilestoneKind.GATE, False, 0.80),
        ("Last {thing} in use", MilestoneKind.GO_LIVE, True, 0.95),
        ("Old equipment switched off", MilestoneKind.WORK, True, 1.0),
    ),
    "devices": (
        ("Sites agreed", MilestoneKind.WORK, False, 0.20),
        ("Purchase approved by council", MilestoneKind.CONTRACT, False, 0.40),
        ("First site in use", MilestoneKind.WORK, False, 0.62),
        ("Half of the sites in use", MilestoneKind.PUBLIC, False, 0.80),
        ("All sites in use", MilestoneKind.GO_LIVE, True, 0.95),
        ("Handover to operations", MilestoneKind.WORK, True, 1.0),
    ),
    "records": (
        ("Inventory agreed", MilestoneKind.WORK, False, 0.25),
        ("Rules approved by counsel", MilestoneKind.GATE, False, 0.42),
        ("First department in use", MilestoneKind.WORK, False, 0.64),
        ("Open to all departments", MilestoneKind.GO_LIVE, True, 0.92),
        ("Handover to operations", MilestoneKind.WORK, True, 1.0),
    ),
}
POINTS = {1: 4, 2: 8, 3: 13, 4: 17}
ROLES_BY_KIND: Mapping[str, tuple[str, ...]] = {
    "service": ("lead", "analyst", "developer", "tester", "trainer"),
    "field": ("lead", "engineer", "analyst"),
    "network": ("engineer", "security", "lead"),
    "devices": ("engineer", "trainer", "analyst"),
    "records": ("analyst", "trainer"),
}


@dataclass
class City:
    """What the projects share: people, programs, departments, time."""

    time: CityTime
    people: People
    programs: dict[str, Program] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)

    @property
    def office(self) -> Any:
        return self.people[ADELA]


def found_city(time: CityTime, people: People) -> City:
    """Return the city with its departments and programs, a year and a half old."""
    city = City(time, people)
    with on_the_day(time.moment(time.last_on - DAY * 540, 9)):
        for name in DIRECTORS:
            city.departments[name] = Department.enter(by=city.office, name=name)
        for code, (name, purpose) in PROGRAMS.items():
            owner = people[DIRECTORS["Information Technology"]]
            city.programs[code] = Program.enter(by=city.office, code=code, name=name, purpose=purpose, owner=owner)
    return city


@dataclass
class Running:
    """One project while its story is told."""

    story: Story
    city: City
    project: Project
    manager: Any
    milestones: list[Milestone] = field(default_factory=list)
    risks: list[Risk] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    dependencies: list[Dependency] = field(default_factory=list)

    def registers(self) -> Registers:
        """Return what a report reads of the registers, as it stands in memory and in the order of the database."""
        far = dt.date.max
        return Registers(
            sorted(self.milestones, key=lambda row: (row.expected_on or far, row.pk)),
            sorted(_open(self.risks), key=lambda row: (-row.score, row.next_action_on or far, row.number)),
            sorted(_open(self.issues), key=lambda row: (row.raised_on, row.number)),
            sorted(_open(self.decisions), key=lambda row: (row.needed_by_on, row.number)),
            sorted(_open(self.dependencies), key=lambda row: (row.needed_on, row.number)),
        )

    @property
    def number(self) -> str:
        return self.story.design.number

    def keep_people(self) -> None:
        """Put the known people back after a reload, so that nobody's roles are read again."""
        self.project.project_manager = self.manager
        self.project.sponsor = self.city.people[DIRECTORS[self.story.design.department]]

    @property
    def office(self) -> Any:
        """Return who decides for the office here: the executive where the office's manager manages the project herself."""
        people = self.city.people
        return people[MARGUERITE] if self.manager == people[ADELA] else people[ADELA]

    def pass_into(self, phase: Phase, reason: str) -> None:
        """Follow a gate that the board passed on paper."""
        self.project.enter_phase(phase, by=self.office, reason=reason)
        self.keep_people()

    def follow_work(self, phase: Phase) -> None:
        """Let the executive say that the work has come to a phase that no gate opens."""
        before, reason = NO_GATE_OPENS.get(phase, ("", ""))
        # A gate opens the build, but to a project whose class passes none between planning and go-live.
        if before == self.project.phase and (phase != Phase.BUILD or self.story.design.governance_class == 1):
            self.project.correct_phase(phase, by=self.city.people[MARGUERITE], reason=reason)
            self.keep_people()

    def revise(self, by: Any, reason: str = "", **changes: Any) -> None:
        self.project.revise(by=by, changes=changes, reason=reason)
        self.keep_people()


def _open(rows: Iterable[Any]) -> list[Any]:
    return [row for row in rows if row.is_open]


#: Phase that no gate opens, or none of the project's class, to the phase before it and why it has begun.
NO_GATE_OPENS: Mapping[Phase, tuple[Phase, str]] = {
    Phase.BUILD: (Phase.PLANNING, "A project of class 1 plans and builds without a gate between; the work has begun."),
    Phase.TEST: (Phase.BUILD, "What was ordered is built, and the acceptance test has begun."),
    Phase.CLOSING: (Phase.ROLLOUT, "The service is handed over; what is left to do is the closing."),
}
#: What was approved beside each budget, for what nobody could foresee.
CONTINGENCY_PERCENT = 8


def open_project(story: Story, city: City) -> Running:
    """Register a project with its class, team and milestones on the day it began."""
    design, people = story.design, city.people
    manager = people[design.manager]
    with on_the_day(city.time.moment(story.start_on, 10)):
        project = Project.register(
            by=city.office,
            code=design.code,
            name=design.name,
            purpose=design.subject.purpose,
            program=city.programs.get(design.program),
            department=city.departments[design.department],
            sponsor=people[DIRECTORS[design.department]],
            business_owner=people[OWNERS[design.department]],
            project_manager=manager,
            phase=story.phase_on(story.start_on),
            governance_class=design.governance_class,
            priority=design.priority,
            reporting_from_on=story.ends[0],
            start_on=story.start_on,
            baseline_finish_on=story.first_finish_on,
            forecast_finish_on=story.first_finish_on,
            budget_amount=Decimal(design.budget),
            contingency_amount=hundreds(Decimal(design.budget) * CONTINGENCY_PERCENT / 100),
            spent_amount=Decimal(0),
            committed_amount=Decimal(0),
            forecast_amount=Decimal(design.budget),
            money_as_of=story.start_on,
        )
        running = Running(story, city, project, manager)
        _score(running)
        _name_team(running)
        running.milestones = [_planned(running, *row) for row in PLANS[design.subject.kind]]
    running.keep_people()
    city.projects[design.number] = project
    return running


def _score(running: Running) -> None:
    design, chance = running.story.design, running.story.own_chance("class")
    answers = {question.key: 0 for question in QUESTIONS}
    answers["cost"] = 0 if design.budget < 250_000 else 1 if design.budget <= 1_000_000 else 2
    answers["duration"] = min(2, design.governance_class)
    left = POINTS[design.governance_class] - sum(answers.values())
    others = [key for key in answers if key not in ("cost", "duration")] * 2
    chance.shuffle(others)
    for key in others[:left]:
        answers[key] += 1
    ClassScore.score(
        project=running.project,
        answers=answers,
        by=running.city.office,
        at=running.city.time.moment(running.story.start_on, 11),
        is_over_five_million=design.budget > 5_000_000,
    )


def _name_team(running: Running) -> None:
    design, chance = running.story.design, running.story.own_chance("team")
    roles = ROLES_BY_KIND[design.subject.kind][: 2 + design.governance_class // 2]
    for role in roles:
        names = [name for name, (_, does) in TEAM.items() if does == role]
        name = NADIA if role == "analyst" and design.number in ("2215", "2388", "2290") else chance.choice(names)
        ProjectMember.add(project=running.project, user=running.city.people[name], role=role, by=running.manager)


def _planned(running: Running, name: str, kind: str, is_key: bool, part: float) -> Milestone:
    story = running.story
    days = (story.first_finish_on - story.start_on).days
    on = running.city.time.calendar.on_or_before(story.start_on + DAY * round(days * part))
    return Milestone.plan(
        project=running.project,
        by=running.manager,
        name=phrases.written(name, phrases.blanks(story.design.subject, story.chance)),
        kind=kind,
        is_key=is_key,
        baseline_on=on,
        forecast_on=on,
    )


def team_of(running: Running) -> list[Any]:
    """Return the people who may own an entry of the registers: the manager and the team."""
    return [running.manager, *(member.user for member in running.project.memberships.select_related("user"))]


# What changes from week to week


def milestones_ahead(running: Running) -> Iterator[Milestone]:
    return (milestone for milestone in running.milestones if milestone.actual_on is None)


def update_project(running: Running, week: int) -> None:
    """Let the manager bring dates and money up to date on the Wednesday before the status date number `week`."""
    story, calendar = running.story, running.city.time.calendar
    end_on = story.ends[week]
    with on_the_day(running.city.time.moment(end_on - DAY, 16)):
        slip = story.slips[week]
        baseline = running.project.baseline_finish_on
        changes: dict[str, Any] = {"forecast_finish_on": calendar.add(baseline, slip) if baseline else None}
        if week % 5 == 0 or week >= len(story.ends) - 3:
            changes |= _money(running, week)
        if any(getattr(running.project, name) != value for name, value in changes.items()):
            running.revise(running.manager, "", **changes)
        running.follow_work(story.phase_on(end_on))
        for milestone in list(milestones_ahead(running)):
            _move(milestone, slip, end_on - DAY, running)


def _move(milestone: Milestone, slip: int, on: dt.date, running: Running) -> None:
    assert milestone.baseline_on is not None
    expected = running.city.time.calendar.add(milestone.baseline_on, slip)
    if expected <= on and milestone.name != READINESS:
        milestone.reach(by=running.manager, on=max(expected, running.story.start_on))
    elif milestone.forecast_on != expected:
        milestone.revise(by=running.manager, changes={"forecast_on": expected})


def _money(running: Running, week: int) -> dict[str, Any]:
    story = running.story
    budget = Decimal(story.design.budget)
    forecast = budget * (100 + story.over_percents[week]) / 100
    part = Decimal(max(0.0, min(1.0, story.elapsed(story.ends[week]), story.most_done(story.ends[week]))))
    # Money follows work on an S-curve: slow, fast, slow.
    done = part * part * (3 - 2 * part)
    spent, bound = forecast * done * Decimal("0.94"), forecast * min(Decimal(1), done + Decimal("0.22"))
    return {
        "spent_amount": hundreds(spent),
        "committed_amount": hundreds(max(Decimal(0), bound - spent) * Decimal("0.8")),
        "forecast_amount": hundreds(forecast),
        "money_as_of": story.ends[week] - DAY * 2,
    }


def hundreds(amount: Decimal) -> Decimal:
    return (amount / 100).quantize(Decimal(1)) * 100
