"""The weekly reports of the demo city: written, submitted, disputed, returned and accepted, each at its own moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone

from governance import challenging, findings
from governance.clock import Office
from governance.models import Deliverable, DeliverableVersion, RatingChallenge
from governance.periods import period_ending
from governance.report_facts import computed_ratings
from governance.reports import open_period, save_draft, start_draft
from governance.states import ChallengeAnswer, ChallengeState, Dimension, Letter, Ruling, Severity
from pmo.demo.clock import DAY, CityTime
from pmo.demo.people import ADELA, MARGUERITE
from pmo.demo.portfolio import Running
from pmo.demo.story import WATERMELON
from pmo.demo.writing import Writer
from pmo.lib.history import dated

#: What sends a report back, and how it is answered.
FINDINGS: tuple[tuple[str, str, str], ...] = (
    (
        "headline",
        "The headline does not say that the next milestone moved.",
        "The headline now names the milestone and its date.",
    ),
    (
        "plan",
        "The second item of the plan has no result that could be checked.",
        "Reworded: it names what will be there next Thursday.",
    ),
    ("risks", "Risk 1 has no step before its date.", "The next step and its date are set in the register."),
    (
        "accomplishments",
        "The numbers differ from those of last week without a word.",
        "Last week counted twice; the numbers are right now.",
    ),
    ("ratings", "The reason does not say what the delay is measured against.", "The reason now names the baseline."),
)
#: The deputy decides up to this class.
HIGHEST_DELEGATED = 3
EVIDENCE = (
    "The vendor’s plan of this week shows the test complete before the date; the new forecast is not in our dates yet.",
    "Two of three interfaces passed on the first try; the third has a written date.",
    "The steering group agreed to fewer acceptance cases, which wins the days back.",
)


@dataclass
class Desk:
    """One project's reports: who writes, who decides."""

    running: Running
    writer: Writer
    offices: dict[int, Office]
    delegate: Any
    """Who stands in for the PMO manager, and between which days."""
    delegated: tuple[dt.date, dt.date]
    waiting: dict[int, DeliverableVersion] = field(default_factory=dict)

    @property
    def time(self) -> CityTime:
        return self.running.city.time

    @property
    def office(self) -> Office:
        return self.offices[self.running.story.design.governance_class]

    def open(self, end_on: dt.date) -> Deliverable:
        period = period_ending(end_on, self.running.story.design.governance_class, self.office.rules)
        at = self.time.moment(period.start_on, 0, 20)
        with dated(at):
            return open_period(self.running.project, period, at=at, office=self.office)

    def computed(self, end_on: dt.date) -> dict[Dimension, Letter]:
        running, office = self.running, self.office
        found = computed_ratings(running.project, end_on, office.calendar, office.limits, running.registers())
        return {dimension: part.letter for dimension, part in found.items()}

    def write(self, week: int, at: dt.datetime) -> DeliverableVersion:
        """Begin the report of a week and fill it in."""
        end_on = self.running.story.ends[week]
        deliverable = self.open(end_on)
        with dated(at):
            version = start_draft(deliverable, by=self.running.manager, at=at)
            report = version.status_report
            assert report is not None
            # Kept in memory from here on: the same rows are read again on submission and on acceptance.
            prefetch_related_objects([report], "ratings", "reconciliations")
            values = self.writer.report(report, week, self.computed(end_on))
            save_draft(version, values, revision=report.revision, by=self.running.manager, at=at)
        self.waiting[week] = version
        return version

    def submit(self, week: int, at: dt.datetime) -> None:
        version = self.write(week, at)
        with dated(at):
            version.submit(by=self.running.manager, at=at)

    def reviewer(self, at: dt.datetime) -> Any:
        """Return who decides at a moment: never the manager of the project."""
        people = self.running.city.people
        if self.running.manager == people[ADELA]:
            return people[MARGUERITE]
        first_on, last_on = self.delegated
        deputized = self.delegate != self.running.manager and self.running.story.design.governance_class <= HIGHEST_DELEGATED
        if deputized and first_on <= self.office.day(at) <= last_on:
            return self.delegate
        return people[ADELA]

    def accept(self, week: int, at: dt.datetime) -> None:
        version = self.waiting.pop(week)
        by = self.reviewer(at)
        with dated(at):
            self.settle_challenges(version, by, at)
            version.approve(by=by, at=at, terms=self.terms(version, week))

    def terms(self, version: DeliverableVersion, week: int) -> dict[str, Any]:
        """Return the office's ratings: the manager's where the evidence agrees, else the evidence's with a reason."""
        assert version.status_report is not None
        ratings = {}
        for row in version.status_report.ratings.all():
            letter, reason = row.pm_letter, ""
            computed = row.computed_letter
            if computed in ("G", "Y", "R") and computed != letter:
                if self.running.number == WATERMELON:
                    letter, reason = computed, "The dates in the plan say otherwise; the office follows the evidence."
                elif row.dimension == Dimension.OVERALL:
                    reason = "Budget and resources count too; the registers alone would say otherwise."
                else:
                    reason = "The office follows the project manager: the entry is a week old and a repair is agreed."
            ratings[row.dimension] = {"letter": letter, "reason": reason}
        return {"ratings": ratings, "withheld": []}

    # A report that comes back

    def give_back(self, week: int, at: dt.datetime, count: int = 1) -> None:
        version = self.waiting[week]
        by = self.reviewer(at)
        chance = self.running.story.own_chance(f"findings-{week}")
        with dated(at):
            for section, text, _ in chance.sample(FINDINGS, k=count):
                severity = Severity.MAJOR if section in ("headline", "ratings") else Severity.MINOR
                findings.raise_finding(version, by=by, at=at, section=section, severity=severity, text=text)
            version.return_for_rework(by=by, at=at)

    def answer(self, week: int, at: dt.datetime) -> None:
        """Answer every finding and send the next version."""
        earlier = self.waiting[week]
        answers = {text: reply for _, text, reply in FINDINGS}
        with dated(at):
            for finding in earlier.findings.all():
                findings.answer_finding(finding, by=self.running.manager, text=answers[finding.text], at=at)
            version = start_draft(earlier.deliverable, by=self.running.manager, at=at)
            report = version.status_report
            assert report is not None
            headline = report.headline.rstrip(".") + ", as the plan now shows."
            save_draft(version, {"headline": headline[:300]}, revision=report.revision, by=self.running.manager, at=at)
            version.submit(by=self.running.manager, at=at)
        self.waiting[week] = version

    # Challenges

    def open_challenges(self) -> list[RatingChallenge]:
        return list(RatingChallenge.objects.unsettled().filter(project=self.running.project).select_related("version"))

    def answer_challenges(self, at: dt.datetime) -> None:
        chance = self.running.story.own_chance(f"evidence-{timezone.localdate(at)}")
        with dated(at):
            for challenge in self.open_challenges():
                if challenge.state == ChallengeState.OPEN:
                    text = chance.choice(EVIDENCE)
                    challenging.answer(
                        challenge,
                        by=self.running.manager,
                        answer=ChallengeAnswer.JUSTIFY,
                        text=text,
                        at=max(at, challenge.opened_at),
                    )

    def settle_challenges(self, version: DeliverableVersion, by: Any, at: dt.datetime) -> None:
        """Answer and decide what this report has opened, just before it is accepted."""
        if not self.open_challenges():
            return
        assert version.submitted_at is not None
        self.answer_challenges(version.submitted_at + (at - version.submitted_at) / 2)
        for challenge in self.open_challenges():
            stands = challenge.check_code != "W1"
            ruling = Ruling.UPHELD if stands else Ruling.OFFICE
            reason = (
                "The new dates are explained and inside the tolerance."
                if stands
                else "The written date is not in the plan; until it is, the evidence counts."
            )
            challenging.rule(challenge, by=by, ruling=ruling, reason=reason, at=at)


# When things happen


@dataclass(frozen=True)
class Calendar:
    """The moments of one report's life."""

    desk: Desk
    week: int

    @property
    def end_on(self) -> dt.date:
        return self.desk.running.story.ends[self.week]

    def submitted_at(self) -> dt.datetime:
        """Return Thursday between ten and five, now and then Friday: some are late."""
        chance = self.desk.running.story.own_chance(f"submit-{self.week}")
        time = self.desk.time
        day = time.calendar.on_or_before(self.end_on)
        if chance.random() < 0.05:
            return time.moment(time.calendar.add(self.end_on, 1), 9 + chance.randrange(3), chance.randrange(60))
        return time.moment(day, 9 + chance.randrange(8), chance.randrange(60))

    def decided_at(self, submitted_at: dt.datetime) -> dt.datetime:
        """Return a moment one or two working days later; what would lie ahead of now is decided early instead."""
        chance, time = self.desk.running.story.own_chance(f"decide-{self.week}"), self.desk.time
        hour, minute = 9 + chance.randrange(7), chance.randrange(60)
        for days in (chance.choice((1, 1, 1, 2)), 1):
            day = time.calendar.add(self.desk.office.day(submitted_at), days)
            if day < time.today:
                return time.moment(day, hour, minute)
        return min(submitted_at + dt.timedelta(hours=2), time.now)

    def comes_back(self) -> bool:
        return self.week > 0 and self.desk.running.story.own_chance(f"return-{self.week}").random() < 0.06


def ordinary_week(desk: Desk, week: int) -> list[tuple[dt.datetime, Callable[[], Any]]]:
    """Return the events of a report that is accepted in the end."""
    plan = Calendar(desk, week)
    submitted_at = plan.submitted_at()
    decided_at = plan.decided_at(submitted_at)
    events: list[tuple[dt.datetime, Callable[[], Any]]] = [(submitted_at, lambda: desk.submit(week, submitted_at))]
    if plan.comes_back() and decided_at + DAY * 2 < desk.time.now:
        answered_at = decided_at + dt.timedelta(hours=3)
        again_at = desk.time.moment(desk.time.calendar.add(desk.office.day(decided_at), 1), 10, 5)
        events.append((decided_at, lambda: desk.give_back(week, decided_at)))
        events.append((answered_at, lambda: desk.answer(week, answered_at)))
        events.append((again_at, lambda: desk.accept(week, again_at)))
    else:
        events.append((decided_at, lambda: desk.accept(week, decided_at)))
    return events


def waiting_since(time: CityTime, bucket: str, hour: int) -> dt.datetime:
    """Return when a report was submitted that is overdue, due today or due later; a review takes two working days."""
    if bucket == "overdue":
        return time.moment(time.last_on - DAY * 3, hour, 40)
    day = time.workdays_ago(2 if bucket == "today" else 1)
    return time.moment(day, hour, 25)


def status_date_for(time: CityTime, submitted_at: dt.datetime) -> dt.date:
    """Return the status date that one would report on at a moment: the last one until Sunday, then the running one."""
    day = submitted_at.astimezone(time.zone).date()
    return time.last_on if day <= time.last_on + DAY * 3 else time.running_on
