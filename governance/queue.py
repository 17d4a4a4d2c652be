"""What waits for a person, whoever they are: all that somebody has to decide, answer, read, prepare or mend.

Reports and challenges are looked for here, all else in the sources of `waiting`. A constant number of queries.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from governance.asking import Asking
from governance.clock import Office
from governance.models import Deliverable, DeliverableVersion, RatingChallenge
from governance.notices import review_url
from governance.periods import WEEK, after_workdays
from governance.queue_items import Glance, Item
from governance.report_content import read_typed
from governance.reviewing import Rated, all_agree, rated
from governance.separation import Duties
from governance.states import ChallengeState, FindingState, ReviewState
from governance.waiting import SOURCES
from pmo.lib.words import count
from pmo.roles import Role

PAGE = 50
#: Who reads the whole office's queue, besides what waits for themselves.
READERS = (Role.PMO_MANAGER, Role.EXECUTIVE, Role.AUDITOR)


@dataclass(frozen=True)
class Row:
    """One item as a page shows it."""

    item: Item
    waiting_days: int
    is_overdue: bool
    is_due_today: bool


@dataclass(frozen=True)
class Queue:
    """All that waits for one person, in the order in which it falls due."""

    items: list[Item]
    at: dt.datetime
    office: Office

    def of_kind(self, *kinds: str) -> Queue:
        """Return the items of some kinds; of all where none is named."""
        return Queue([item for item in self.items if not kinds or item.kind in kinds], self.at, self.office)

    def is_overdue(self, item: Item) -> bool:
        return item.due_at < self.at

    def is_due_today(self, item: Item) -> bool:
        return not self.is_overdue(item) and self.office.day(item.due_at) == self.office.day(self.at)

    @property
    def overdue(self) -> int:
        return sum(self.is_overdue(item) for item in self.items)

    @property
    def due_today(self) -> int:
        return sum(self.is_due_today(item) for item in self.items)

    def waiting_days(self, item: Item) -> int:
        return (self.office.day(self.at) - self.office.day(item.since)).days

    def sentence(self) -> str:
        """Return what waits in one sentence, or an empty string when nothing does."""
        if not self.items:
            return ""
        late = f"{self.overdue} overdue" if self.overdue else ""
        today = f"{self.due_today} due today" if self.due_today else ""
        parts = ", ".join(part for part in (late, today) if part)
        oldest = max(self.waiting_days(item) for item in self.items)
        verb = "waits" if len(self.items) == 1 else "wait"
        head = f"{count(len(self.items), 'item')} {verb} for you{': ' if parts else ''}{parts}."
        return f"{head} Oldest: {count(oldest, 'day')}." if oldest else head

    def rows(self) -> list[Row]:
        """Return every item as a page shows it, in order."""
        return [self._row(item) for item in self.items]

    def _row(self, item: Item) -> Row:
        return Row(item, self.waiting_days(item), self.is_overdue(item), self.is_due_today(item))

    def groups(self, shown: Iterable[Item]) -> list[tuple[str, int, list[Row]]]:
        """Return `shown` by when it is due: (title, how many there are altogether, rows)."""
        totals: dict[str, int] = {}
        for item in self.items:
            totals[self.when(item)] = totals.get(self.when(item), 0) + 1
        found: dict[str, list[Row]] = {}
        for item in shown:
            found.setdefault(self.when(item), []).append(self._row(item))
        return [(title, totals[title], rows) for title, rows in found.items()]

    def when(self, item: Item) -> str:
        """Return the stretch of time in which an item falls due; a week ends on Sunday."""
        if self.is_overdue(item):
            return "Overdue"
        today, due_on = self.office.day(self.at), self.office.day(item.due_at)
        if due_on == today:
            return "Today"
        sunday = today + dt.timedelta(days=6 - today.weekday())
        if due_on <= sunday:
            return "This week"
        return "Next week" if due_on <= sunday + WEEK else "Later"

    def position(self, kind: str, pk: int) -> int | None:
        """Return the place of an item from 0 on, or None when it is not in the queue."""
        return next((place for place, item in enumerate(self.items) if (item.kind, item.pk) == (kind, pk)), None)


@dataclass(frozen=True)
class Neighbors:
    """Where an item stands in the queue, and what stands before and after it."""

    place: int
    total: int
    previous: Item | None
    next: Item | None


def neighbors(queue: Queue, kind: str, pk: int) -> Neighbors | None:
    """Return the neighbors of an item, or None when it does not wait for this person."""
    place = queue.position(kind, pk)
    if place is None:
        return None
    before = queue.items[place - 1] if place else None
    after = queue.items[place + 1] if place + 1 < len(queue.items) else None
    return Neighbors(place + 1, len(queue.items), before, after)


def waiting_versions() -> QuerySet[DeliverableVersion]:
    """Return all that waits for review, without the frozen texts, oldest due first."""
    rows = DeliverableVersion.objects.waiting().filter(deliverable__kind="status_report", reviews__state=ReviewState.OPEN)
    people = ("deliverable__project__project_manager", "submitted_by")
    return rows.select_related(*people).defer("content", "record").order_by("review_due_at", "submitted_at", "pk")


def challenges_to_rule(at: dt.datetime) -> QuerySet[RatingChallenge]:
    """Return the challenges that wait for the office: answered ones, and those that nobody answered in time."""
    late = Q(state=ChallengeState.OPEN, due_at__lt=at)
    rows = RatingChallenge.objects.filter(Q(state=ChallengeState.ANSWERED) | late)
    people = ("project__project_manager", "version__deliverable__project", "version__submitted_by")
    return rows.select_related(*people).defer("version__content", "version__record")


def queue_of(person: Any, at: dt.datetime, *, everybody: bool = False) -> Queue:
    """Return what waits for `person`; with `everybody` all that waits in the office, whoever it waits for. Constant queries."""
    office = Office.load()
    asking = Asking(person, at, office, Duties.of(person, office.day(at)), everybody)
    items = [*_decisions(asking), *(item for source in SOURCES for item in source(asking))]
    if not everybody:
        items = [item for item in items if item.signature is not None]
    return Queue(sorted(items, key=lambda item: (item.due_at, item.since, item.code)), at, office)


def _decisions(asking: Asking) -> list[Item]:
    """Return the reports and challenges that wait for a decision. Two queries, none for people who decide nothing."""
    if not asking.sees_decisions:
        return []
    items = [_report_item(version, asking.duties) for version in waiting_versions()]
    challenges = challenges_to_rule(asking.at)
    return [*items, *(_challenge_item(challenge, asking.duties, asking.office) for challenge in challenges)]


def _report_item(version: DeliverableVersion, duties: Duties) -> Item:
    project, submitted_by = version.deliverable.project, version.submitted_by
    assert version.submitted_at is not None
    assert version.review_due_at is not None
    assert submitted_by is not None
    return Item(
        kind="report",
        pk=version.pk,
        icon="report",
        word="Report" if version.number == 1 else f"Report, v{version.number}",
        code=project.code,
        project_name=project.name,
        number=version.deliverable.number,
        url=review_url(version),
        from_name=submitted_by.name,
        since=version.submitted_at,
        due_at=version.review_due_at,
        waits_for=duties.role_for(version).value,
        signature=duties.signature_or_none(version),
    )


def _challenge_item(challenge: RatingChallenge, duties: Duties, office: Office) -> Item:
    project = challenge.project
    # It waits for the office from the answer, or from the moment at which the answer was due; then the office has its days.
    since = challenge.answered_at or challenge.due_at
    return Item(
        kind="challenge",
        pk=challenge.pk,
        icon="bang",
        word="Challenge",
        code=project.code,
        project_name=project.name,
        number=challenge.version.deliverable.number,
        url=reverse("governance:challenge-detail", args=[project.code, challenge.pk]),
        from_name=project.project_manager.name if project.project_manager else "",
        since=since,
        due_at=after_workdays(since, office.rules.review_days, office.calendar, office.zone),
        waits_for=duties.role_for(challenge.version).value,
        signature=duties.signature_or_none(challenge.version),
        glance=Glance(sentence=challenge.sentence),
    )


def with_glances(items: Sequence[Item]) -> list[Item]:
    """Return `items` (of one page) with what they say at a glance. Three queries."""
    keys = [item.pk for item in items if item.kind == "report"]
    contents = dict(DeliverableVersion.objects.filter(pk__in=keys).values_list("pk", "content"))
    findings, disputes = _open_findings(keys), _disputes(keys)
    return [
        item
        if item.kind != "report"
        else replace(item, glance=_glance(contents[item.pk], findings[item.pk], disputes[item.pk]))
        for item in items
        if item.kind != "report" or item.pk in contents
    ]


def _glance(content: str, open_findings: int, challenges: int) -> Glance:
    rows: list[Rated] = rated(read_typed(content))
    overall = rows[0]
    return Glance(
        pm=overall.pm,
        computed=overall.computed,
        last=overall.last,
        is_agreed=all_agree(rows),
        open_findings=open_findings,
        challenges=challenges,
    )


def _open_findings(keys: Sequence[int]) -> dict[int, int]:
    """Return for each version how many findings are open on any version of its report."""
    is_open = Q(deliverable__versions__findings__state=FindingState.OPEN)
    rows = DeliverableVersion.objects.filter(pk__in=keys).annotate(
        open_findings=Count("deliverable__versions__findings", filter=is_open, distinct=True)
    )
    return dict(rows.values_list("pk", "open_findings"))


def _disputes(keys: Sequence[int]) -> dict[int, int]:
    """Return for each version how many challenges of its project are unsettled."""
    unsettled = Q(deliverable__project__rating_challenges__state__in=[ChallengeState.OPEN, ChallengeState.ANSWERED])
    rows = DeliverableVersion.objects.filter(pk__in=keys).annotate(
        disputes=Count("deliverable__project__rating_challenges", filter=unsettled, distinct=True)
    )
    return dict(rows.values_list("pk", "disputes"))


def may_be_accepted_unread(version: DeliverableVersion) -> bool:
    """Return whether nothing is open against a waiting version and nothing in it differs. Two queries."""
    disputes, findings = _disputes([version.pk]), _open_findings([version.pk])
    return _glance(version.content, findings[version.pk], disputes[version.pk]).may_be_accepted_unread


def next_report_due(at: dt.datetime) -> Deliverable | None:
    """Return the report that falls due next, for an empty queue to name."""
    rows = Deliverable.objects.reports().filter(due_at__gte=at, first_submitted_at=None, excused_at=None)
    return rows.select_related("project").order_by("due_at", "project__code").first()


def reader_of_queue(person: Any) -> bool:
    return bool(person.has_role(*READERS))
