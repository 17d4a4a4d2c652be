"""Opening, filling in and changing status reports until they are submitted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from governance import notices
from governance.clock import Office
from governance.models import Deliverable, DeliverableVersion, PlanReconciliation, ReportRating, StatusReport
from governance.models.reports import blank_ratings
from governance.periods import Period, current_period, due_at, period_ending
from governance.report_content import asked_of
from governance.separation import require_writer
from governance.states import OPEN_STATES, STANDING_STATES, TOLD_STATES, Kind, PlanOutcome
from governance.writers import add_writer, taken_over
from pmo.lib.bulk import insert_row, update_rows
from pmo.lib.errors import Refused
from pmo.lib.history import create_many, save_as, update_many
from pmo.roles import Role
from portfolio.models import Project
from portfolio.states import ProjectStatus

RATING_FIELDS = ("pm_letter", "reason", "cause", "action", "action_owner", "action_due_on", "measure")
TEXT_FIELDS = ("headline", "accomplishments", "plan", "keeps_plan", "change_note")


def next_report_number(project: Project) -> int:
    highest = Deliverable.objects.filter(project=project, kind=Kind.STATUS_REPORT).aggregate(highest=Max("number"))["highest"]
    return (highest or 0) + 1


def open_period(project: Project, period: Period, *, at: dt.datetime, office: Office | None = None) -> Deliverable:
    """Return the deliverable that a project owes for a period, opened now if need be. Safe to call at any time, by anyone."""
    found = Deliverable.objects.filter(project=project, kind=Kind.STATUS_REPORT, period_end_on=period.end_on).first()
    if found:
        return found
    office = office or Office.load(project.governance_class)
    row = Deliverable(
        project=project,
        kind=Kind.STATUS_REPORT,
        number=next_report_number(project),
        period_end_on=period.end_on,
        opened_at=at,
        due_at=due_at(period.end_on, office.rules, office.calendar, office.zone),
    )
    try:
        with transaction.atomic():
            save_as(row, by=None, reason="period opened")
    except IntegrityError:
        return Deliverable.objects.get(project=project, kind=Kind.STATUS_REPORT, period_end_on=period.end_on)
    return row


@dataclass(frozen=True)
class Due:
    """What a project reports on now. `deliverable` is None while nobody has opened the period."""

    number: int
    period: Period
    due_at: dt.datetime
    deliverable: Deliverable | None


def what_is_due(project: Project, *, at: dt.datetime, office: Office) -> Due:
    """Return what the project's manager would report on now, and write nothing. At most two queries.

    The newest period that is over and not reported, else the running one; before the first status date, the first one.
    """
    today = office.day(at)
    reports = Deliverable.objects.reports().filter(project=project)
    owed = reports.filter(first_submitted_at=None, excused_at=None, period_end_on__lte=today)
    day = max(today, project.reporting_from_on or today)
    period = current_period(day, project.governance_class, office.rules)
    found = owed.order_by("-period_end_on").first() or reports.filter(period_end_on=period.end_on).first()
    if found is None:
        return Due(next_report_number(project), period, due_at(period.end_on, office.rules, office.calendar, office.zone), None)
    assert found.period_end_on is not None
    assert found.due_at is not None
    return Due(found.number, period_ending(found.period_end_on, project.governance_class, office.rules), found.due_at, found)


def current_deliverable(project: Project, *, at: dt.datetime, office: Office | None = None) -> Deliverable:
    """Return what the project's manager would report on now, opened if need be. Raises Refused(`not_reporting`)."""
    if not owes_reports(project):
        raise Refused("This project owes no status reports. The PMO manager can change that.", "not_reporting")
    office = office or Office.load(project.governance_class)
    due = what_is_due(project, at=at, office=office)
    return due.deliverable or open_period(project, due.period, at=at, office=office)


def owes_reports(project: Project) -> bool:
    """Return whether the project owes reports now, as `Project.objects.reporting()` says it of many."""
    return project.status == ProjectStatus.ACTIVE and project.is_reporting and project.project_manager_id is not None


def start_draft(deliverable: Deliverable, *, by: Any, at: dt.datetime) -> DeliverableVersion:
    """Return the version in work, begun now if there is none.

    Filled in from the last report that is accepted or waits for its decision, or from the version that came back.

    Raises Refused: `not_writer`, `waiting` while a version waits for a decision, `already_accepted`.
    """
    # The version in work, where there is one, is always the newest.
    last = deliverable.versions.order_by("-number").first()
    if last and last.is_waiting:
        raise Refused("This report waits for a decision. Withdraw it to change it.", "waiting")
    if last and last.state in OPEN_STATES:
        return last
    if last and last.state in STANDING_STATES:
        raise Refused("This report is accepted. Begin a correction if something in it is wrong.", "already_accepted")
    number = last.number + 1 if last else 1
    return _new_version(deliverable, number, earlier=last, by=by, at=at)


def start_correction(accepted: DeliverableVersion, *, by: Any, at: dt.datetime) -> DeliverableVersion:
    """Begin a new version of an accepted report. Raises Refused: `not_accepted`, `in_work`, `not_writer`."""
    if not accepted.is_standing:
        raise Refused("Only the accepted version can be corrected.", "not_accepted")
    if accepted.deliverable.versions.open().exists():
        raise Refused("A correction of this report is already in work.", "in_work")
    number = (accepted.deliverable.versions.aggregate(highest=Max("number"))["highest"] or 0) + 1
    return _new_version(accepted.deliverable, number, earlier=accepted, by=by, at=at, corrects=accepted)


def _new_version(
    deliverable: Deliverable,
    number: int,
    *,
    earlier: DeliverableVersion | None,
    by: Any,
    at: dt.datetime,
    corrects: DeliverableVersion | None = None,
) -> DeliverableVersion:
    _require_starter(deliverable.project, by)
    version = DeliverableVersion(deliverable=deliverable, number=number, author=by, created_at=at, corrects=corrects)
    version.writers = taken_over(earlier)
    source = earlier.status_report if earlier else None
    with transaction.atomic():
        report = _copied(source, deliverable) if source else _filled_in(deliverable)
        report.saved_at = at
        save_as(report, by=by, reason="draft begun")
        _add_rows(report, source, deliverable, by=by)
        version.status_report = report
        try:
            with transaction.atomic():
                save_as(version, by=by, reason="draft begun")
        except IntegrityError as error:
            raise Refused("Somebody else has just begun this report. Open it again.", "in_work") from error
    return version


def _require_starter(project: Project, by: Any) -> None:
    """Whoever begins a version becomes its author, and an author may write: so beginning asks for more than authorship."""
    if by.only_reads or (by.pk != project.project_manager_id and not by.has_role(Role.PMO_MANAGER)):
        raise Refused("Only the project manager or the PMO manager begins a report.", "not_writer")


def _blank(deliverable: Deliverable) -> StatusReport:
    project = deliverable.project
    assert deliverable.period_end_on is not None
    office = Office.load(project.governance_class)
    period = period_ending(deliverable.period_end_on, project.governance_class, office.rules)
    return StatusReport(
        project=project, number=deliverable.number, period_start_on=period.start_on, period_end_on=period.end_on
    )


def last_told_report(deliverable: Deliverable) -> StatusReport | None:
    """Return the last report before this one that was said to the office and not sent back."""
    rows = StatusReport.objects.filter(
        project=deliverable.project_id, period_end_on__lt=deliverable.period_end_on, version__state__in=TOLD_STATES
    )
    return rows.order_by("-period_end_on").first()


def _filled_in(deliverable: Deliverable) -> StatusReport:
    """Return a new report with last week's headline and plan as a start."""
    report = _blank(deliverable)
    report.previous = last_told_report(deliverable)
    if report.previous:
        report.headline, report.plan = report.previous.headline, report.previous.plan
    return report


def _copied(source: StatusReport, deliverable: Deliverable) -> StatusReport:
    report = _blank(deliverable)
    report.previous = source.previous
    for name in TEXT_FIELDS:
        setattr(report, name, getattr(source, name))
    return report


def _add_rows(report: StatusReport, source: StatusReport | None, deliverable: Deliverable, *, by: Any) -> None:
    start = source or report.previous
    given = {row.dimension: row for row in start.ratings.all()} if start else {}
    ratings = blank_ratings(report)
    for rating in (rating for rating in ratings if rating.dimension in given):
        before = given[rating.dimension]
        for name in ("pm_letter", *asked_of(before.pm_letter)) if source is None else RATING_FIELDS:
            setattr(rating, name, getattr(before, name))
    create_many(ReportRating, ratings, by=by, reason="draft begun")
    rows = _copied_items(source) if source else _items_to_reconcile(report)
    for position, values in enumerate(rows):
        insert_row(PlanReconciliation(report=report, position=position, **values))


def _copied_items(source: StatusReport) -> list[dict[str, Any]]:
    return [
        {"text": row.text, "outcome": row.outcome, "note": row.note, "weeks_planned": row.weeks_planned}
        for row in source.reconciliations.all()
    ]


def _items_to_reconcile(report: StatusReport) -> list[dict[str, Any]]:
    """Return last week's plan, item by item; an item that was not done before and is planned again counts its weeks."""
    if report.previous is None:
        return []
    undone = {row.text: row.weeks_planned for row in report.previous.reconciliations.filter(outcome=PlanOutcome.NOT_DONE)}
    return [{"text": text[:400], "weeks_planned": undone.get(text[:400], 0) + 1} for text in report.previous.plan_items()]


class Conflict(Refused):
    """Somebody, or another tab, saved this draft meanwhile."""

    def __init__(self) -> None:
        super().__init__("This draft was saved elsewhere meanwhile. Compare both and choose.", "conflict")


def save_draft(version: DeliverableVersion, values: Mapping[str, Any], *, revision: int, by: Any, at: dt.datetime) -> int:
    """Save what was typed; return the new revision. Raises Conflict on another revision, Refused `frozen` or `not_writer`.

    `values` has the text fields, `ratings` {dimension: {field: value}} and `outcomes` {position: {"outcome", "note"}};
    what is absent stays.
    """
    require_writer(version, by)
    report = version.status_report
    assert report is not None
    with transaction.atomic():
        claimed = StatusReport.objects.filter(pk=report.pk, revision=revision, is_frozen=False).update(
            revision=revision + 1, saved_at=at
        )
        if claimed != 1:
            report.refresh_from_db()
            raise (
                Refused("This version is submitted and can no longer be changed.", "frozen") if report.is_frozen else Conflict()
            )
        report.revision, report.saved_at = revision + 1, at
        wrote = (
            _save_texts(report, values, by=by),
            _save_ratings(report, values.get("ratings", {}), by=by),
            _save_outcomes(report, values.get("outcomes", {})),
        )
        if any(wrote) and by.pk != version.author_id:  # the author is behind the version anyway
            add_writer(version, by)
    return report.revision


def _save_texts(report: StatusReport, values: Mapping[str, Any], *, by: Any) -> bool:
    changed = [name for name in TEXT_FIELDS if name in values and getattr(report, name) != values[name]]
    for name in changed:
        setattr(report, name, values[name])
    if changed:
        save_as(report, by=by, fields=changed, reason="draft saved")
    return bool(changed)


def _save_ratings(report: StatusReport, ratings: Mapping[str, Mapping[str, Any]], *, by: Any) -> bool:
    changed = []
    for rating in report.ratings.all():
        given = ratings.get(rating.dimension, {})
        fields = [name for name in RATING_FIELDS if name in given and getattr(rating, name) != given[name]]
        for name in fields:
            setattr(rating, name, given[name])
        if fields:
            changed.append(rating)
    update_many(ReportRating, changed, list(RATING_FIELDS), by=by, reason="draft saved")
    return bool(changed)


def _save_outcomes(report: StatusReport, outcomes: Mapping[int, Mapping[str, str]]) -> bool:
    changed = []
    for row in report.reconciliations.all() if outcomes else ():
        said = outcomes.get(row.position, {"outcome": row.outcome, "note": row.note})
        given = said.get("outcome", ""), said.get("note", "")[:240]
        if given != (row.outcome, row.note):
            row.outcome, row.note = given
            changed.append(row)
    update_rows(PlanReconciliation, changed, ["outcome", "note"])
    return bool(changed)


def excuse(deliverable: Deliverable, *, by: Any, reason: str, at: dt.datetime) -> None:
    """Excuse a project from one report. Raises Refused: `office_only`, `reason_missing`, `already_in`."""
    if not by.has_role(Role.PMO_MANAGER):
        raise Refused("Only the PMO manager excuses a project from a report.", "office_only")
    if not reason.strip():
        raise Refused("Say why this report is not needed.", "reason_missing")
    if deliverable.first_submitted_at is not None:
        raise Refused("This report is in.", "already_in")
    deliverable.excused_at, deliverable.excuse = at, reason.strip()
    with transaction.atomic():
        save_as(deliverable, by=by, fields=["excused_at", "excuse"], reason="excused")
        notices.no_longer_owed(deliverable, at=at)


def is_late(deliverable: Deliverable, at: dt.datetime) -> bool:
    return bool(deliverable.due_at and (deliverable.first_submitted_at or at) > deliverable.due_at)
