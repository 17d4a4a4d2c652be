"""The Status room of a project: what is due now and the one thing to do about it, what else waits, the reports so far."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.urls import reverse

from governance.clock import Office
from governance.history_of_ratings import STRIP_LENGTH, published_letters
from governance.models import Deliverable, DeliverableVersion, ReportRating
from governance.periods import Period, current_period, previous_ends
from governance.report_words import day_and_time, time_left
from governance.reports import Due, is_late, owes_reports, what_is_due
from governance.states import OPEN_STATES, STANDING_STATES, Dimension, VersionState
from pmo.lib import words
from pmo.lib.charts.shapes import SHORT_WORD, letter_of
from pmo.lib.workdays import WorkCalendar
from portfolio.models import Project

S = VersionState


@dataclass(frozen=True)
class Clock:
    """When something is due, in words. `left` is empty once it is past; `late` is empty before."""

    due_at: dt.datetime
    due: str
    left: str
    late: str


def clock_of(due_at: dt.datetime, at: dt.datetime, office: Office) -> Clock:
    left = time_left(due_at, at)
    return Clock(due_at, day_and_time(due_at, at, office.zone), left, "" if left else late_by(due_at, at, office.calendar))


def late_by(due_at: dt.datetime, at: dt.datetime, calendar: WorkCalendar) -> str:
    """Write how late `at` is: `2 working days late`, or `late, the same day`."""
    days = calendar.between(words.local_date(due_at), words.local_date(at))
    return f"{words.count(days, 'working day')} late" if days > 0 else "late, the same day"


@dataclass(frozen=True)
class NextStep:
    """The one button of the room: its words and where it leads."""

    words: str
    url: str
    number: int = 0
    """The report to begin, where the button posts; 0 where it is a link."""


@dataclass(frozen=True)
class DueNow:
    """What is due now, for the card at the head of the room and for the page that begins a report."""

    number: int
    period: Period
    clock: Clock
    state: str
    """In words, as a sentence begins: `Not begun`, `Submitted, waits for review`."""
    is_done: bool
    step: NextStep | None


@dataclass(frozen=True)
class ReportRow:
    """One line of the list."""

    deliverable: Deliverable
    version: DeliverableVersion | None
    """The version that counts for this reader: the accepted one, else the newest they may read."""
    count: int
    state: str
    chip: str
    timing: str
    is_late: bool
    published: str
    evidence: str
    pm: str
    step: NextStep | None

    @property
    def is_accepted(self) -> bool:
        return self.version is not None and self.version.state in (*STANDING_STATES, S.SUPERSEDED)


#: What a version's state is called in the list, and the kind of its chip.
STATE_WORDS = {
    S.DRAFT: ("Draft", ""),
    S.SUBMITTED: ("Waits for review", "on"),
    S.IN_REVIEW: ("In review", "on"),
    S.APPROVED: ("Accepted", "plain"),
    S.CONDITIONAL: ("Accepted", "plain"),
    S.RETURNED: ("Came back", "bold"),
    S.REJECTED: ("Rejected", "bold"),
    S.WITHDRAWN: ("Withdrawn", ""),
    S.SUPERSEDED: ("Superseded", "plain"),
}


def address(name: str, row: Deliverable) -> str:
    return reverse(f"governance:{name}", args=[row.project.code, row.number])


def counts(versions: list[DeliverableVersion]) -> DeliverableVersion | None:
    """Return the version that counts among those the reader may see: the accepted one, else the newest."""
    standing = [version for version in versions if version.is_standing]
    found = standing or versions
    return found[-1] if found else None


def rows_of(project: Project, user: Any) -> QuerySet[Deliverable]:
    """Return the reports of a project, newest first, each with the versions that `user` may read. Three queries in all."""
    ratings = ReportRating.objects.filter(dimension=Dimension.OVERALL)
    versions = (
        DeliverableVersion.objects.visible_to(user)
        .select_related("status_report", "decided_by")
        .defer("content", "record")
        .order_by("number")
        .prefetch_related(Prefetch("status_report__ratings", ratings, to_attr="overall_ratings"))
    )
    rows = Deliverable.objects.reports().filter(project=project).order_by("-period_end_on")
    return rows.prefetch_related(Prefetch("versions", versions, to_attr="visible_versions"))


def row_of(deliverable: Deliverable, *, at: dt.datetime, calendar: WorkCalendar, writes: bool) -> ReportRow:
    """Return the line of a report that came from `rows_of`. No query."""
    versions: list[DeliverableVersion] = deliverable.visible_versions  # type: ignore[attr-defined]
    version = counts(versions)
    state, chip = state_words(deliverable, versions, at)
    report: Any = version.status_report if version else None
    overall = report.overall_ratings[0] if report else None
    late = is_late(deliverable, at) and deliverable.excused_at is None
    return ReportRow(
        deliverable=deliverable,
        version=version,
        count=versions[-1].number if versions else 0,
        state=state,
        chip=chip,
        timing=_timing(deliverable, at, calendar),
        is_late=late,
        published=overall.pmo_letter if overall else "",
        evidence=overall.computed_letter if overall and version and version.state != S.DRAFT else "",
        pm=overall.pm_letter if overall else "",
        step=next_step(deliverable, versions) if writes else None,
    )


def state_words(deliverable: Deliverable, versions: list[DeliverableVersion], at: dt.datetime) -> tuple[str, str]:
    newest, standing = (versions[-1] if versions else None), counts(versions)
    if newest is None:
        if deliverable.excused_at:
            return "Excused", "plain"
        if deliverable.first_submitted_at:
            return "Waits for acceptance", ""
        return ("Not in, overdue", "late") if is_late(deliverable, at) else ("Not in", "")
    if standing is not newest and standing is not None and newest.state in OPEN_STATES:
        return f"{standing.rules.approved_word}; correction {STATE_WORDS[S(newest.state)][0].lower()}", "on"
    if standing is not None and standing.is_standing:
        return STATE_WORDS[S(standing.state)]
    return STATE_WORDS[S(newest.state)]


def _timing(deliverable: Deliverable, at: dt.datetime, calendar: WorkCalendar) -> str:
    if deliverable.excused_at:
        return "excused"
    if deliverable.due_at is None:
        return words.MISSING
    if deliverable.first_submitted_at is None:
        return late_by(deliverable.due_at, at, calendar) if at > deliverable.due_at else "not due yet"
    return late_by(deliverable.due_at, deliverable.first_submitted_at, calendar) if is_late(deliverable, at) else "on time"


def next_step(deliverable: Deliverable, versions: list[DeliverableVersion]) -> NextStep | None:
    """Return what a writer does next with a report, or None while there is nothing to do."""
    newest = versions[-1] if versions else None
    number = deliverable.number
    if newest is None:
        if deliverable.excused_at:
            return None
        return NextStep(f"Write report {number}", reverse("governance:report-new", args=[deliverable.project.code]), number)
    if newest.state == S.DRAFT:
        return NextStep(f"Continue report {number}", address("report-edit", deliverable))
    if newest.is_waiting:
        return None
    if newest.state in (S.RETURNED, S.WITHDRAWN) and not any(version.is_standing for version in versions):
        return NextStep(f"Write version {newest.number + 1} of report {number}", address("report-edit", deliverable))
    return None


def due_now(project: Project, user: Any, *, at: dt.datetime, office: Office, writes: bool) -> DueNow | None:
    """Return what the project reports on now, or None while it owes no reports. About five queries; writes nothing."""
    if not owes_reports(project):
        return None
    due = what_is_due(project, at=at, office=office)
    versions = _visible_versions(due, user)
    newest = versions[-1] if versions else None
    deliverable = due.deliverable or Deliverable(project=project, number=due.number)
    return DueNow(
        number=due.number,
        period=due.period,
        clock=clock_of(due.due_at, at, office),
        state=_sentence(due, newest),
        is_done=bool(due.deliverable and (due.deliverable.first_submitted_at or due.deliverable.excused_at)),
        step=next_step(deliverable, versions) if writes else None,
    )


def _visible_versions(due: Due, user: Any) -> list[DeliverableVersion]:
    if due.deliverable is None:
        return []
    return list(due.deliverable.versions.visible_to(user).defer("content", "record").order_by("number"))


SENTENCES = {
    S.DRAFT: "A draft is in work",
    S.SUBMITTED: "Submitted, waits for review",
    S.IN_REVIEW: "In review",
    S.APPROVED: "Accepted",
    S.CONDITIONAL: "Accepted",
    S.RETURNED: "Came back with findings",
    S.WITHDRAWN: "Withdrawn before a decision",
}


def _sentence(due: Due, newest: DeliverableVersion | None) -> str:
    if newest is not None:
        return SENTENCES.get(S(newest.state), newest.get_state_display())
    if due.deliverable and due.deliverable.excused_at:
        return f"Excused: {due.deliverable.excuse}"
    if due.deliverable and due.deliverable.first_submitted_at:
        return "Submitted, not accepted yet"
    return "Not begun"


def also_waiting(project: Project, due: DueNow | None, *, at: dt.datetime) -> list[tuple[Deliverable, NextStep]]:
    """Return the other reports that wait for their writer, newest first: missed, in work, come back. Two queries.

    Reports of the last year only; what is older is found in the list.
    """
    mine = DeliverableVersion.objects.filter(deliverable=OuterRef("pk"))
    settled = mine.filter(state__in=[*STANDING_STATES, S.SUBMITTED, S.IN_REVIEW])
    rows = (
        Deliverable.objects.reports()
        .filter(project=project, excused_at=None, due_at__gte=at - dt.timedelta(days=365))
        .exclude(number=due.number if due else 0)
        .filter(Exists(mine.filter(state=S.DRAFT)) | ~Exists(settled))
        .order_by("-period_end_on")
        .prefetch_related(
            Prefetch(
                "versions", DeliverableVersion.objects.defer("content", "record").order_by("number"), to_attr="visible_versions"
            )
        )
    )
    found = [(row, next_step(_of(row, project), row.visible_versions)) for row in rows[:12]]  # type: ignore[attr-defined]
    return [(row, step) for row, step in found if step]


def _of(row: Deliverable, project: Project) -> Deliverable:
    row.project = project
    return row


@dataclass(frozen=True)
class Strip:
    """Twelve periods of one dimension: (letter, address, label), oldest first."""

    dimension: str
    label: str
    weeks: list[tuple[str, str, str]]


def strips_of(project: Project, *, at: dt.datetime, office: Office) -> list[Strip]:
    """Return the published letters of the last twelve status dates; each week leads to its report. One query."""
    # The running period counts: it may be reported, and accepted, before it ends.
    running = current_period(office.day(at), project.governance_class, office.rules)
    ends = previous_ends(running.end_on, STRIP_LENGTH, project.governance_class, office.rules)
    by_end = published_letters(project.pk, ends[-1] + dt.timedelta(days=1), ends[0])
    return [
        Strip(name, Dimension(name).label, [_week(project, end_on, by_end.get(end_on), name) for end_on in ends])
        for name in Dimension.values
    ]


def _week(project: Project, end_on: dt.date, found: dict[str, Any] | None, name: str) -> tuple[str, str, str]:
    label = f"{Dimension(name).label}, {words.short_day(end_on)}"
    if found is None:
        return "-", "", f"{label}: no accepted report"
    letter = found["letters"].get(name) or "-"
    url = reverse("governance:report-detail", args=[project.code, found["number"]])
    return letter, url, f"{label}: report {found['number']}, {SHORT_WORD[letter_of(letter)].lower()}"


def on_time(project: Project, *, at: dt.datetime, count: int = STRIP_LENGTH) -> tuple[int, int]:
    """Return how many of the last reports that were due came in on time, and how many were due; excused ones do not count."""
    rows = Deliverable.objects.reports().filter(project=project, excused_at=None, due_at__lte=at)
    last = rows.order_by("-due_at").values_list("due_at", "first_submitted_at")[:count]
    return sum(bool(sent and due and sent <= due) for due, sent in last), len(last)
