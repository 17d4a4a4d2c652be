"""Building the demo city: everything that happened in its year, in the order in which it happened."""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import transaction

from governance.class_gates import paths
from governance.clock import Office
from governance.due import run_due
from governance.gate_states import Gate
from governance.kinds import Kind
from governance.models import ClassGates, Delegation, ReportingRules
from governance.periods import current_period, reports_in
from governance.report_facts import Registers
from governance.reports import open_period, save_draft, start_draft
from governance.separation import holders_kept
from pmo.demo.accounts import keep_accounts
from pmo.demo.changes import changes_of
from pmo.demo.clock import DAY, WEEK, CityTime
from pmo.demo.daily import daily_checks
from pmo.demo.documents import document_events
from pmo.demo.gates import GateKeeper, criteria_by_gate
from pmo.demo.people import ADELA, settle_people
from pmo.demo.portfolio import City, Running, found_city, open_project, update_project
from pmo.demo.projects import Design, designs
from pmo.demo.registers import Event, Keeper
from pmo.demo.rulebook import keep_rulebook
from pmo.demo.story import DISPUTED, DRAFTED, RETURNED, SILENT, WAITS, WATERMELON, Story
from pmo.demo.weeks import HIGHEST_DELEGATED, Desk, ordinary_week, status_date_for, waiting_since
from pmo.demo.writing import Writer
from pmo.lib.history import dated, save_as
from pmo.lib.history_rows import gathered
from pmo.lib.statistics import refresh_statistics
from pmo.models import CityHoliday

CHECKLIST = (
    "The headline says what a resident would want to know",
    "No name of a private person and nothing of an open procurement stands in it",
    "Reasons and path to green would convince the governance board",
)
DEPUTY = "Corwin Bexley"


@dataclass
class Built:
    """What was built, for the command to say."""

    projects: int = 0
    reports: int = 0


@dataclass
class Builder:
    """The city while it is being built: everything that is to happen, then made to happen in order."""

    time: CityTime
    weeks: int
    city: City
    offices: dict[int, Office]
    events: list[Event] = field(default_factory=list)
    desks: dict[str, Desk] = field(default_factory=dict)
    criteria: dict[str, list[int]] = field(default_factory=criteria_by_gate)
    paths: Mapping[int, tuple[Gate, ...]] = field(default_factory=paths)

    def at(self, moment: dt.datetime, act: Callable[[], Any]) -> None:
        self.events.append((moment, act))

    # Before anything else

    def story_of(self, design: Design) -> Story:
        """Return the story with its status dates: those that its class reports on, from its start on."""
        story = Story(design, self.time, self.weeks)
        newest = self.time.last_on
        if design.number in WAITS:
            newest = status_date_for(self.time, waiting_since(self.time, WAITS[design.number], 16))
        elif design.number == SILENT:
            newest -= WEEK * 2
        rules = self.offices[design.governance_class].rules
        ends = [newest - WEEK * back for back in range(self.weeks - 1, -1, -1)]
        earliest = story.start_on + DAY * 10
        story.ends.extend(end for end in ends if end >= earliest and reports_in(end, design.governance_class, rules))
        return story

    # One project

    def plan(self, running: Running) -> None:
        """Lay down everything that will happen to one project."""
        story = running.story
        desk = Desk(running, Writer(running), self.offices, self.city.people[DEPUTY], self.delegated)
        self.desks[running.number] = desk
        self.events += Keeper(running).events()
        self.events += GateKeeper(running, self.criteria, self.paths).events()
        self.events += changes_of(running)
        self.events += document_events(running)
        for week, end_on in enumerate(story.ends):
            self.at(self.time.moment(end_on - DAY, 16), partial(update_project, running, week))
            is_newest = week == len(story.ends) - 1
            if is_newest and running.number in WAITS:
                self._waits(desk, week)
            elif is_newest and running.number == RETURNED:
                self._returned(desk, week)
            else:
                self.events += ordinary_week(desk, week)

    @property
    def delegated(self) -> tuple[dt.date, dt.date]:
        """Return the days of last summer's vacation, when the deputy decided."""
        return self.time.last_on - DAY * 125, self.time.last_on - DAY * 116

    def _waits(self, desk: Desk, week: int) -> None:
        bucket = WAITS[desk.running.number]
        submitted_at = waiting_since(self.time, bucket, 10 + int(desk.running.number) % 7)
        self.at(submitted_at, lambda: desk.submit(week, submitted_at))
        if desk.running.number == DISPUTED:
            answered_at = min(submitted_at + dt.timedelta(hours=18), self.time.now)
            self.at(answered_at, lambda: desk.answer_challenges(answered_at))
        if desk.running.number == WATERMELON:
            taken_at = min(submitted_at + dt.timedelta(hours=3), self.time.now)
            self.at(taken_at, lambda: self._take_up(desk, week, taken_at))

    def _take_up(self, desk: Desk, week: int, at: dt.datetime) -> None:
        with dated(at):
            desk.waiting[week].take_up(by=self.city.office, at=at)

    def _returned(self, desk: Desk, week: int) -> None:
        end_on = desk.running.story.ends[week]
        submitted_at = self.time.moment(end_on, 11, 10)
        back_at = self.time.moment(self.time.calendar.add(end_on, 1), 14, 20)
        self.at(submitted_at, lambda: desk.submit(week, submitted_at))
        self.at(max(back_at, submitted_at), lambda: desk.give_back(week, max(back_at, submitted_at), count=2))

    # Today

    def fall_silent(self) -> None:
        """Open the reports that one project owes and has not begun."""
        for end_on in (self.time.last_on - WEEK, self.time.last_on):
            self.desks[SILENT].open(end_on)

    def begin_drafts(self) -> None:
        """Begin this week's report of a few projects, half filled in, as people leave them."""
        for number in DRAFTED:
            running = self.desks[number].running
            office = self.offices[running.story.design.governance_class]
            period = current_period(self.time.today, running.story.design.governance_class, office.rules)
            at = self.time.now - dt.timedelta(hours=2, minutes=int(number) % 50)
            with dated(at):
                deliverable = open_period(running.project, period, at=at, office=office)
                version = start_draft(deliverable, by=running.manager, at=at)
                rows = version.status_report.reconciliations.all()  # type: ignore[union-attr]
                values = {"outcomes": {row.position: {"outcome": "done", "note": ""} for row in rows[:1]}}
                save_draft(version, values, revision=0, by=running.manager, at=at)


def build_city(now: dt.datetime, weeks: int = 52) -> Built:
    """Build the city as of `now`, with `weeks` weeks of reports behind it. All of it or nothing."""
    with transaction.atomic(), gathered(), Office.kept(), _undisturbed():
        _set_rules(CityTime.at(now))
        time = CityTime.at(now)
        city = found_city(time, settle_people(time))
        offices = {governance_class: Office.load(governance_class) for governance_class in (1, 2, 3, 4)}
        builder = Builder(time, weeks, city, offices)
        _delegate(builder)
        for design in designs():
            builder.plan(open_project(builder.story_of(design), city))
        builder.events += daily_checks(time, Office.load())
        registers = {desk.running.project.pk: desk.running.registers for desk in builder.desks.values()}
        with Registers.known(registers), holders_kept():
            _let_happen(sorted(builder.events, key=lambda event: event[0]))
        builder.fall_silent()
        builder.begin_drafts()
        keep_accounts(city.people)
        keep_rulebook(city)
        run_due(at=now)
    return Built(len(city.projects), sum(len(desk.running.story.ends) for desk in builder.desks.values()))


def _let_happen(events: list[Event]) -> None:
    """Let everything happen; the planner of the database is told each time that four times as much has happened."""
    begun = 0
    for end in (len(events) // 64, len(events) // 16, len(events) // 4, len(events)):
        refresh_statistics()
        for _, act in events[begun:end]:
            act()
        begun = end
    refresh_statistics()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let nothing be searched for garbage meanwhile: all that is made here is kept, and searching takes a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _set_rules(time: CityTime) -> None:
    """Set the office's figures: its clocks, the thresholds, the reviewer's questions, a day on which city hall was closed."""
    begun_at = time.moment(time.last_on - DAY * 540, 8)
    with dated(begun_at):
        save_as(ReportingRules(pk=1), by=None, reason="First rules of the office")
        for row in ClassGates.objects.all():
            row.kept_from = time.today
            save_as(row, by=None, fields=["kept_from"], reason="Until then the board kept its minutes on paper")
        closure = CityHoliday(on=_a_monday(time.last_on - DAY * 70), name="Charter Day, city hall closed")
        save_as(closure, by=None, reason="Resolution of the council")


def _a_monday(day: dt.date) -> dt.date:
    return day - DAY * day.weekday()


def _delegate(builder: Builder) -> None:
    """Let the PMO manager pass on her decisions during last summer's vacation, and for the days around the next one."""
    people, time = builder.city.people, builder.time
    spans = (
        (*builder.delegated, "Summer vacation"),
        (time.last_on + DAY * 18, time.last_on + DAY * 27, "Year-end vacation"),
    )
    for starts_on, ends_on, reason in spans:
        created_at = time.moment(min(starts_on - DAY * 10, time.today), 9)
        with dated(created_at):
            row = Delegation(
                delegator=people[ADELA],
                delegate=people[DEPUTY],
                starts_on=starts_on,
                ends_on=ends_on,
                kinds=[Kind.STATUS_REPORT.value],
                highest_class=HIGHEST_DELEGATED,
                reason=reason,
                created_at=created_at,
            )
            save_as(row, by=people[ADELA], reason=reason)
