"""Where the figures come from: one query, or two, for each kind of record, whatever the number of rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from governance.clock import Office
from governance.document_states import ConditionState, PartState
from governance.gate_states import GateState
from governance.models import Condition, Deliverable, DeliverableVersion, GateReview, ReportRating, Review, ReviewPart, Waiver
from governance.performance.figures import Occurrence
from governance.publication import RANK
from governance.states import GIVEN, STANDING_STATES, Decision, Dimension, Kind, Letter, ReviewState, VersionState
from portfolio.models import Milestone


@dataclass(frozen=True)
class Scope:
    """What is looked at: a stretch of days, as seen at moment `at`, and what the reader narrowed it to. Empty means all."""

    start: dt.date
    end: dt.date
    office: Office
    at: dt.datetime
    kind: str = ""
    governance_class: int | None = None
    reviewer: int | None = None

    def days(self, field: str, project: str = "project__") -> Q:
        """Return the condition that `field` lies in the stretch, of projects of the class."""
        return Q(**{f"{field}__gte": self.start, f"{field}__lte": self.end}) & self.classes(project)

    def days_over(self, field: str, project: str = "project__") -> Q:
        """Return the same of days that are over: what is due today can still be done in time."""
        return self.days(field, project) & Q(**{f"{field}__lt": self.office.day(self.at)})

    def moments(self, field: str, project: str) -> Q:
        """Return the same for a moment; the days are the office's."""
        first = dt.datetime.combine(self.start, dt.time.min, self.office.zone)
        after = dt.datetime.combine(self.end + dt.timedelta(days=1), dt.time.min, self.office.zone)
        return Q(**{f"{field}__gte": first, f"{field}__lt": after}) & self.classes(project)

    def classes(self, project: str) -> Q:
        return Q(**{f"{project}governance_class": self.governance_class}) if self.governance_class else Q()


Source = Callable[[Scope], list[Occurrence]]


def kind_word(kind: str) -> str:
    return "Report" if kind == Kind.STATUS_REPORT else Kind(kind).label


def review_url(kind: str, code: str, number: int, version: int) -> str:
    if kind == Kind.STATUS_REPORT:
        return reverse("governance:report-version", args=[code, number, version])
    return reverse("governance:document-review", args=[code, kind.replace("_", "-"), version])


def reviews(scope: Scope) -> list[Occurrence]:
    """Return the decided reviews: how many working days from submission to decision, and whether that was in time."""
    where = scope.moments("closed_at", "version__deliverable__project__") & Q(state=ReviewState.DECIDED)
    if scope.kind:
        where &= Q(version__deliverable__kind=scope.kind)
    if scope.reviewer:
        where &= Q(reviewer=scope.reviewer)
    names = (
        "version__deliverable__kind",
        "version__deliverable__number",
        "version__number",
        "version__deliverable__project__code",
        "version__deliverable__project__name",
        "opened_at",
        "closed_at",
        "due_at",
        "decision",
        "reviewer__name",
        "version__deliverable__project__governance_class",
    )
    rows = Review.objects.filter(where).order_by("-closed_at").values_list(*names)
    return [_review(scope, *row) for row in rows.iterator(chunk_size=2000)]


def _review(scope: Scope, kind: str, number: int, version: int, code: str, name: str, *rest: Any) -> Occurrence:
    opened_at, closed_at, due_at, decision, reviewer, governance_class = rest
    day = scope.office.day
    return Occurrence(
        on=day(closed_at),
        code=code,
        project=name,
        what=f"{kind_word(kind)} {number}, version {version}" if kind == Kind.STATUS_REPORT else kind_word(kind),
        url=review_url(kind, code, number, version),
        holds=closed_at <= due_at,
        amount=Decimal(scope.office.calendar.between(day(opened_at), day(closed_at))),
        detail=Decision(decision).label,
        who=reviewer or "",
        kind=kind_word(kind),
        governance_class=governance_class,
    )


def opinions(scope: Scope) -> list[Occurrence]:
    """Return the opinions given: how many working days each took, and whether it was there by the day the review was due."""
    where = scope.moments("done_at", "review__version__deliverable__project__") & Q(
        state=PartState.DONE, asked_at__isnull=False
    )
    if scope.kind:
        where &= Q(review__version__deliverable__kind=scope.kind)
    if scope.reviewer:
        where &= Q(person=scope.reviewer)
    rows = ReviewPart.objects.filter(where).select_related("person", "review__version__deliverable__project")
    return [_opinion(scope, row) for row in rows.order_by("-done_at")]


def _opinion(scope: Scope, row: ReviewPart) -> Occurrence:
    version = row.review.version
    project, day = version.deliverable.project, scope.office.day
    assert row.asked_at is not None
    assert row.done_at is not None
    return Occurrence(
        on=day(row.done_at),
        code=project.code,
        project=project.name,
        what=kind_word(version.deliverable.kind),
        url=review_url(version.deliverable.kind, project.code, version.deliverable.number, version.number),
        holds=row.done_at <= row.review.due_at,
        amount=Decimal(scope.office.calendar.between(day(row.asked_at), day(row.done_at))),
        who=row.person.name if row.person else "",
    )


def first_reviews(scope: Scope) -> list[Occurrence]:
    """Return the decisions on first submissions: whether they were approved, with conditions or without."""
    where = scope.moments("decided_at", "deliverable__project__") & Q(number=1)
    if scope.kind:
        where &= Q(deliverable__kind=scope.kind)
    if scope.reviewer:
        where &= Q(decided_by=scope.reviewer)
    names = (*_VERSION_NAMES, "state", "decided_by__name", "deliverable__project__governance_class")
    passed = {*STANDING_STATES, VersionState.SUPERSEDED}
    return [
        _version(
            scope,
            row,
            holds=row[6] in passed,
            detail=VersionState(row[6]).label,
            who=row[7] or "",
            kind=kind_word(row[0]),
            governance_class=row[8],
        )
        for row in DeliverableVersion.objects.filter(where).order_by("-decided_at").values_list(*names)
    ]


_VERSION_NAMES = (
    "deliverable__kind",
    "deliverable__number",
    "number",
    "deliverable__project__code",
    "deliverable__project__name",
    "decided_at",
)


def _version(scope: Scope, row: tuple[Any, ...], **more: Any) -> Occurrence:
    kind, number, version, code, name, at = row[:6]
    what = f"Report {number}" if kind == Kind.STATUS_REPORT else kind_word(kind)
    return Occurrence(scope.office.day(at), code, name, what, review_url(kind, code, number, version), **more)


def rework(scope: Scope) -> list[Occurrence]:
    """Return what was approved, each with how often it had come back before."""
    where = scope.moments("decided_at", "deliverable__project__") & Q(state__in=[*STANDING_STATES, VersionState.SUPERSEDED])
    if scope.kind:
        where &= Q(deliverable__kind=scope.kind)
    rows = DeliverableVersion.objects.filter(where).order_by("-decided_at")
    found = list(rows.values_list(*_VERSION_NAMES, "deliverable"))
    back = _times_returned({row[6] for row in found})
    return [_version(scope, row, amount=Decimal(_before(back.get(row[6], []), row[2]))) for row in found]


def _times_returned(deliverables: set[int]) -> Mapping[int, list[int]]:
    """Return for each deliverable the numbers of its returned versions."""
    found: dict[int, list[int]] = {}
    rows = DeliverableVersion.objects.filter(state=VersionState.RETURNED).values_list("deliverable", "number")
    for deliverable, number in rows:
        if deliverable in deliverables:
            found.setdefault(deliverable, []).append(number)
    return found


def _before(numbers: list[int], version: int) -> int:
    return sum(number < version for number in numbers)


def reports(scope: Scope) -> list[Occurrence]:
    """Return the reports that fell due: whether they were in by then. Missing counts as late, excused does not count."""
    where = scope.moments("due_at", "project__") & Q(kind=Kind.STATUS_REPORT, excused_at=None, due_at__lt=scope.at)
    names = ("due_at", "first_submitted_at", "number", "project__code", "project__name", "project__project_manager__name")
    found = []
    for due_at, sent_at, number, code, name, manager in (
        Deliverable.objects.filter(where).order_by("-due_at").values_list(*names)
    ):
        said = "not in" if sent_at is None else "in time" if sent_at <= due_at else "late"
        url = reverse("governance:report-detail", args=[code, number])
        holds = sent_at is not None and sent_at <= due_at
        found.append(
            Occurrence(scope.office.day(due_at), code, name, f"Report {number}", url, holds, None, said, manager or "")
        )
    return found


def ratings(scope: Scope) -> list[Occurrence]:
    """Return the accepted reports whose overall rating could be computed: whether the project manager said the same."""
    return _rated(scope, lambda pm, computed: pm == computed)


def watermelons(scope: Scope) -> list[Occurrence]:
    """Return the same reports: whether the project manager's overall rating was better than the evidence."""
    return _rated(scope, lambda pm, computed: RANK[Letter(pm)] < RANK[Letter(computed)])


def _rated(scope: Scope, holds: Callable[[str, str], bool]) -> list[Occurrence]:
    version = "report__version__"
    where = scope.moments(f"{version}decided_at", "report__project__")
    where &= Q(dimension=Dimension.OVERALL, computed_letter__in=GIVEN, pm_letter__in=GIVEN)
    where &= Q(**{f"{version}state__in": [*STANDING_STATES, VersionState.SUPERSEDED]})
    names = [f"{version}{name}" for name in _VERSION_NAMES]
    rows = ReportRating.objects.filter(where).order_by(f"-{version}decided_at")
    return [
        _version(scope, row, holds=holds(row[6], row[7]), detail=f"project manager {row[6]}, evidence {row[7]}")
        for row in rows.values_list(*names, "pm_letter", "computed_letter")
    ]


def gates(scope: Scope) -> list[Occurrence]:
    """Return the gates first planned on a day that is over: whether they were held by that day."""
    rows = GateReview.objects.filter(scope.days_over("first_planned_on"), source="").exclude(state=GateState.CANCELLED)
    return [_gate(row) for row in rows.select_related("project").defer("record").order_by("-first_planned_on")]


def _gate(row: GateReview) -> Occurrence:
    held = row.held_on
    said = f"held {held:%d %b %Y}" if held else "not held yet"
    holds = held is not None and held <= row.first_planned_on
    place = (row.project.code, row.project.name, row.get_gate_display(), row.get_absolute_url())
    return Occurrence(row.first_planned_on, *place, holds, None, said)


def conditions(scope: Scope) -> list[Occurrence]:
    """Return the conditions whose first day is over, whatever it was extended to since: whether they were closed by then."""
    rows = Condition.objects.annotate(first=Coalesce("first_due_on", "due_on")).filter(scope.days_over("first"))
    rows = rows.select_related("project", "owner").order_by("-first")
    return [_condition(scope, row) for row in rows]


def _condition(scope: Scope, row: Condition) -> Occurrence:
    closed_on = scope.office.day(row.closed_at) if row.closed_at else None
    said = f"closed {closed_on:%d %b %Y}" if closed_on else ConditionState(row.state).label.lower()
    due_on = row.first_due_on or row.due_on
    holds = closed_on is not None and closed_on <= due_on
    place = (row.project.code, row.project.name, f"Condition {row.number}", row.get_absolute_url())
    return Occurrence(due_on, *place, holds, None, said, row.owner.name)


def waivers(scope: Scope) -> list[Occurrence]:
    """Return every waiver, with the days on which it was in force."""
    rows = Waiver.objects.filter(scope.classes("project__"), granted_on__lte=scope.end).select_related("project", "granted_by")
    return [_waiver(scope, row) for row in rows.order_by("-granted_on")]


def _waiver(scope: Scope, row: Waiver) -> Occurrence:
    revoked = scope.office.day(row.revoked_at) - dt.timedelta(days=1) if row.revoked_at else row.expires_on
    url = row.project.get_absolute_url()
    said = f"until {row.expires_on:%d %b %Y}"
    what = row.what
    until = min(revoked, row.expires_on)
    return Occurrence(
        row.granted_on, row.project.code, row.project.name, what, url, True, None, said, row.granted_by.name, until
    )


def milestones(scope: Scope) -> list[Occurrence]:
    """Return the key milestones whose baseline day is over: whether they were met by then."""
    rows = (
        Milestone.objects.filter(scope.days_over("baseline_on"), is_key=True).select_related("project").order_by("-baseline_on")
    )
    return [_milestone(row) for row in rows]


def _milestone(row: Milestone) -> Occurrence:
    baseline, actual = row.baseline_on, row.actual_on
    assert baseline is not None
    said = f"met {actual:%d %b %Y}" if actual else "not met yet"
    place = (row.project.code, row.project.name, row.name, row.get_absolute_url())
    return Occurrence(baseline, *place, actual is not None and actual <= baseline, None, said)
