"""What was asked to change in the demo city, and what became of it: new plans, small changes, one deferred, one rejected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils import timezone

from governance import change_deciding, change_requests
from governance.change_deciding import deciders
from governance.change_facts import Size, since_last_baseline
from governance.change_requests import Option
from governance.models import ChangeRequest
from governance.states import SignAction
from pmo.demo.clock import DAY, on_the_day
from pmo.demo.portfolio import Running, milestones_ahead
from pmo.demo.registers import Event

ASSESSOR = "Fenn Aldous"
#: What stands for “decided” in the list below; None waits where it is.
APPROVED, REJECTED, DEFERRED = SignAction.CHANGE_APPROVE, SignAction.CHANGE_REJECT, SignAction.CHANGE_DEFER


@dataclass(frozen=True)
class Asked:
    """One request: when it was made, its words, its size, and its fate: a decision, or how far it came."""

    days_ago: int
    title: str
    reason: str
    description: str
    consequence: str
    otherwise: str
    fate: SignAction | str
    said: str = ""
    days: int = 0
    permille: int = 0
    root_cause: str = ""
    scope: str = ""
    """What it does to the scope, where that changes."""
    found_days: int | None = None
    """What the assessor found instead of `days`."""


ASKED: Mapping[str, tuple[Asked, ...]] = {
    "2302": (
        Asked(
            74,
            "Read the outages from the residents’ reports",
            "business",
            "Residents report dark streets by telephone, and clerks retype the reports each Monday.",
            "A dark street is on the route of a crew the morning after, without retyping.",
            "A dark street is found out late, as happened twice last year.",
            APPROVED,
            "Small, useful and paid from contingency.",
            0,
            9,
        ),
        Asked(
            31,
            "One more week for the list of poles",
            "error",
            "Poles of the county were left out of the first list.",
            "County poles are in the register from the first day.",
            "County poles stay in a spreadsheet.",
            APPROVED,
            "A register with gaps would not be used.",
            5,
            11,
        ),
    ),
    "2231": (
        Asked(
            52,
            "Wall displays of the newer model",
            "vendor",
            "The vendor ends the display that was ordered in March.",
            "The newer display is supported for five more years.",
            "Spare parts end after two years.",
            APPROVED,
            "The old model would have to be replaced within the life of the system.",
            3,
            31,
            found_days=4,
        ),
    ),
    "2324": (
        Asked(
            40,
            "Text reminders to patients in this phase",
            "business",
            "Clinics ask to remind patients of their appointment by text message.",
            "Fewer appointments are missed from the first day.",
            "Clinics call their patients, as today.",
            REJECTED,
            "The need is real, but it belongs into the next phase; it would hold up the go-live for everybody.",
            18,
            64,
            scope="Reminders by text message are added for all eleven clinics.",
        ),
    ),
    "2360": (
        Asked(
            26,
            "Move the archive to the state’s data center",
            "funding",
            "The state offers storage at half the price from July on.",
            "The archive moves once, to its final place.",
            "The archive moves into the city’s data center, and again later.",
            DEFERRED,
            "To be taken up again when the state has signed the agreement.",
            0,
            -22,
        ),
    ),
    "2256": (
        Asked(
            9,
            "New finish after the tower permits",
            "legal",
            "Three tower sites need a new permit of the county, which takes eleven weeks from filing.",
            "All fourteen sites are finished with valid permits.",
            "Three sites are built without permit and may have to be taken down.",
            "assessed",
            days=41,
            root_cause="The permits were taken to carry over from the old towers. The county counts new antennas as a new "
            "structure; nobody had asked. Permits are now a milestone of every site.",
        ),
    ),
    "2388": (
        Asked(
            6,
            "Two more interfaces to the permit archive",
            "technical",
            "The archive holds plans in two formats that the first survey did not find.",
            "Old plans are found together with new ones.",
            "Plans of before 2009 are looked up on paper.",
            "submitted",
            "",
            6,
            38,
            scope="Two interfaces more than were agreed, both with the permit archive.",
        ),
    ),
    "2341": (Asked(3, "Bar code scanners for the clerks", "business", "", "", "", "draft"),),
}


def changes_of(running: Running) -> Iterator[Event]:
    """Yield what happens to the change requests of one project, moment by moment."""
    for asked in ASKED.get(running.number, ()):
        yield from _Course(running, asked).events()
    for rebaseline in running.story.rebaselines:
        yield from _NewPlan(running, rebaseline.on, rebaseline.finish_on).events()


@dataclass
class _Course:
    """The course of one request through the real verbs."""

    running: Running
    asked: Asked
    change: ChangeRequest | None = None

    def events(self) -> Iterator[Event]:
        calendar, begun_on = self.running.city.time.calendar, self.running.city.time.today - DAY * self.asked.days_ago
        begun_on = calendar.on_or_before(begun_on)
        steps: list[tuple[int, Callable[[dt.datetime], None]]] = [(0, self._begin)]
        if self.asked.fate != "draft":
            steps.append((1, self._submit))
        if self.asked.fate not in ("draft", "submitted"):
            steps.append((3, self._assess))
        if isinstance(self.asked.fate, SignAction):
            steps.append((8, self._decide))
        for workdays, act in steps:
            at = self.running.city.time.moment(calendar.add(begun_on, workdays), 10 + workdays % 6, 20)
            yield at, partial(_act, act, at)

    def _begin(self, at: dt.datetime) -> None:
        asked, running = self.asked, self.running
        cost = (running.project.budget_amount or Decimal(0)) * asked.permille / 1000
        values: dict[str, Any] = {"days_effect": asked.days, "cost_effect": round(cost / 100) * Decimal(100)}
        values |= {"within_contingency": cost > 0, "wants_baseline": bool(asked.root_cause), "root_cause": asked.root_cause}
        if asked.scope:
            values |= {"scope_effect": asked.scope, "changes_scope": True}
        if asked.root_cause:
            values["moved_dates"] = moved_dates(running, asked.days)
        manager = running.manager
        self.change = change_requests.begin(running.project, by=manager, at=at, title=asked.title, reason_code=asked.reason)
        if asked.fate == "draft":
            return
        words = _words(asked.description, asked.consequence)
        _write(self.change, manager, {**words, **values}, asked.otherwise, asked.title, asked.consequence)

    def _submit(self, at: dt.datetime) -> None:
        assert self.change is not None
        change_requests.submit(self.change, by=self.running.manager, at=at)

    def _assess(self, at: dt.datetime) -> None:
        assert self.change is not None
        found = {} if self.asked.found_days is None else {"days_effect": self.asked.found_days}
        _assess(self.change, self.running, at, **found)
        if found:
            change_requests.agree(self.change, by=self.running.manager, at=at)

    def _decide(self, at: dt.datetime) -> None:
        assert self.change is not None
        assert isinstance(self.asked.fate, SignAction)
        decider = deciders(Size(self.change), timezone.localdate(at))[0]
        change_deciding.decide(self.change, self.asked.fate, by=decider, at=at, reason=self.asked.said)


def _act(act: Callable[[dt.datetime], None], at: dt.datetime) -> None:
    with on_the_day(at):
        act(at)


def _words(description: str, risk: str) -> dict[str, Any]:
    return {
        "description": description,
        "scope_effect": "None; what is delivered stays the same.",
        "quality_effect": "None on what was agreed.",
        "risk_effect": risk,
        "benefits_effect": "None; they begin when the project finishes.",
        "resources_effect": "The team stays as it is.",
    }


def _write(change: ChangeRequest, by: Any, values: dict[str, Any], otherwise: str, title: str, consequence: str) -> None:
    options = [
        Option("Do nothing", otherwise, is_do_nothing=True, cost_effect=Decimal(0), days_effect=0),
        Option(
            title,
            consequence,
            is_recommended=True,
            cost_effect=values.get("cost_effect", Decimal(0)),
            days_effect=values.get("days_effect"),
        ),
    ]
    change_requests.edit(change, by=by, changes=values, options=options)


def _assess(change: ChangeRequest, running: Running, at: dt.datetime, **found: Any) -> None:
    change_requests.assess(
        change,
        by=running.city.people[ASSESSOR],
        at=at,
        assessment=FOUND_OTHERWISE if found else FOUND_AS_STATED,
        recommendation="Take the recommended option: the need is real, and nothing cheaper answers it.",
        **found,
    )


FOUND_AS_STATED = "The figures agree with the offer and with the forecast of the last report. No other project is touched."
FOUND_OTHERWISE = "The cost agrees with the offer. The finish moves a day more, because the displays are fitted at night only."


def moved_dates(running: Running, days: int) -> dict[str, str]:
    """Return for each milestone ahead its date after the finish has moved by working days."""
    calendar, old = running.city.time.calendar, running.project.baseline_finish_on
    assert old is not None
    new = calendar.add(old, days)
    ahead = [row for row in milestones_ahead(running) if row.baseline_on]
    moved = {row.number: calendar.on_or_before(row.baseline_on + (new - old)) for row in ahead if row.baseline_on}
    return {str(number): min(on, new).isoformat() for number, on in moved.items()}


BELIEVED = "The plan can be kept, and every report is measured by dates that are believed."
NEW_PLAN = {
    **_words(
        "The agreed finish cannot be kept; the forecast has been past it for weeks.", "Less: the new dates hold a reserve."
    ),
    "wants_baseline": True,
    "root_cause": "Deliveries of the vendor came later than the contract says, and test environments were shared with another"
    " project. The contract now pays by delivery, and the environments are the project’s own.",
}


@dataclass
class _NewPlan:
    """The course of the request by which the plan of a project is agreed anew on a day: the original stays."""

    running: Running
    on: dt.date
    finish_on: dt.date
    change: ChangeRequest | None = None

    def events(self) -> Iterator[Event]:
        time = self.running.city.time
        for workdays, hour, act in (
            (12, 11, self._begin),
            (10, 9, self._submit),
            (6, 15, self._assess),
            (0, 15, self._approve),
        ):
            at = time.moment(time.calendar.add(self.on, -workdays), hour)
            yield at, partial(_act, act, at)

    def _begin(self, at: dt.datetime) -> None:
        running = self.running
        old = running.project.baseline_finish_on
        assert old is not None
        self.change = change_requests.begin(
            running.project, by=running.manager, at=at, title="New finish", reason_code="vendor"
        )
        earlier = sum(one.days_effect for one in since_last_baseline(running.project))
        days = running.city.time.calendar.between(old, self.finish_on)
        values = {**NEW_PLAN, "days_effect": days - earlier, "moved_dates": moved_dates(running, days)}
        otherwise = "Every report stays red, whatever the team does."
        _write(self.change, running.manager, values, otherwise, "Agree a new finish", BELIEVED)

    def _submit(self, at: dt.datetime) -> None:
        assert self.change is not None
        change_requests.submit(self.change, by=self.running.manager, at=at)

    def _assess(self, at: dt.datetime) -> None:
        assert self.change is not None
        _assess(self.change, self.running, at)

    def _approve(self, at: dt.datetime) -> None:
        assert self.change is not None
        reason = "The cause is known and removed, and the new plan was reviewed."
        change_deciding.approve(self.change, by=deciders(Size(self.change), timezone.localdate(at))[0], at=at, reason=reason)
        _follow(self.running)


def _follow(running: Running) -> None:
    """Bring the forecasts to the new baseline, as the manager does on the same day."""
    running.project.refresh_from_db()
    running.keep_people()
    new = running.project.baseline_finish_on
    assert new is not None
    running.revise(running.manager, "", forecast_finish_on=new)
    for milestone in milestones_ahead(running):
        milestone.refresh_from_db()
        milestone.revise(by=running.manager, changes={"forecast_on": milestone.baseline_on})
