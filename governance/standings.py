"""The read model of lists and dashboards: one row a project, and one row for each span of days on which nothing changed."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils import timezone

from governance.clock import Office
from governance.history_of_ratings import STRIP_LENGTH, strip_of
from governance.models import Deliverable, DeliverableVersion, ProjectStanding, ReportRating, StandingSnapshot
from governance.models.standings import StandingFields
from governance.periods import current_period, previous_ends
from governance.publication import PublicReport, publish
from governance.states import STANDING_STATES, Dimension, Letter
from pmo.lib.bulk import insert_row, update_rows
from portfolio.models import ImportedStanding, Project


def refresh(project: Project, *, at: dt.datetime, accepted: DeliverableVersion | None = None) -> ProjectStanding:
    """Rebuild the standing of one project and keep a snapshot of the day if anything changed. About nine queries.

    `accepted` is the report that was accepted just now, where that is what changed: it need not be looked for.
    """
    office = Office.load(project.governance_class)
    known = ProjectStanding.objects.select_for_update().filter(project=project).first() if accepted else None
    newest = accepted if accepted and known and _is_newest(accepted, known) else None
    return _store(project, _facts(project, office, at, newest), at=at, office=office, known=known)


def note_submission(project: Project, *, at: dt.datetime) -> None:
    """Keep the standing true when a report comes in: only a project without a row, or one that was overdue, changes by it."""
    if not ProjectStanding.objects.filter(project=project, is_report_overdue=False).exists():
        refresh(project, at=at)


def rebuild_standings(project_ids: Iterable[int] | None = None, *, at: dt.datetime | None = None) -> int:
    """Rebuild the standings of all (or some) projects as of `at`. Returns how many rows changed."""
    at = at or timezone.now()
    projects = Project.objects.all() if project_ids is None else Project.objects.filter(pk__in=list(project_ids))
    offices = {governance_class: Office.load(governance_class) for governance_class in (1, 2, 3, 4)}
    changed = 0
    for project in projects.select_related("standing"):
        office = offices[project.governance_class]
        before = _row_values(project.standing) if hasattr(project, "standing") else None
        changed += before != _row_values(_store(project, _facts(project, office, at), at=at, office=office))
    return changed


def _row_values(standing: ProjectStanding) -> dict[str, Any]:
    return {
        **{name: getattr(standing, name) for name in StandingFields.field_names()},
        "version": standing.version_id,
    }


def _facts(project: Project, office: Office, at: dt.datetime, newest: DeliverableVersion | None = None) -> dict[str, Any]:
    """Return the values of the standing row of `project` as of `at`. Four to five queries."""
    day = office.day(at)
    version = newest or _last_accepted(project)
    values = _published_values(publish(version), version, office, day) if version else _unreported_values(project, day)
    values["strip"] = _strip(project, office, at)
    values["is_report_overdue"] = Deliverable.objects.filter(project=project).not_in(at).exists()
    imported = ImportedStanding.objects.filter(project=project, as_of__lte=day).first() if project.source else None
    if imported:
        values["imported_rating"], values["imported_as_of"] = imported.rating_text, imported.as_of
    return values


def _is_newest(accepted: DeliverableVersion, known: ProjectStanding) -> bool:
    """Return whether the standing that is `known` shows no accepted report of a later period."""
    end_on = accepted.deliverable.period_end_on
    return end_on is not None and (known.report_period_end_on is None or known.report_period_end_on <= end_on)


def _last_accepted(project: Project) -> DeliverableVersion | None:
    rows = DeliverableVersion.objects.standing().filter(deliverable__project=project, deliverable__kind="status_report")
    return rows.select_related("deliverable").order_by("-deliverable__period_end_on").first()


def _published_values(report: PublicReport, version: DeliverableVersion, office: Office, day: dt.date) -> dict[str, Any]:
    letters = {rating.dimension: rating.letter for rating in report.ratings}
    content = json.loads(version.content)
    pm_overall = next(row for row in content["ratings"] if row["dimension"] == Dimension.OVERALL)["pm"]
    next_milestone = next(
        (row for row in report.milestones if row["actual_on"] is None and row["forecast_on"] is not None), None
    )
    money = report.money or {}
    values: dict[str, Any] = {
        **letters,
        "previous_overall": (report.overall.strip[-2:-1] or "-"),
        "evidence_overall": report.overall.evidence or report.overall.letter,
        "pm_overall": pm_overall,
        "reason": report.overall.reason,
        "phase": content["project"]["phase"],
        "original_finish_on": report.finish["original_on"],
        "baseline_finish_on": report.finish["baseline_on"],
        "forecast_finish_on": report.finish["actual_on"] or report.finish["forecast_on"],
        "slip_days": report.finish["late_days"],
        "currency": money.get("currency", "USD"),
        "amount_unit": money.get("amount_unit", 1),
        "budget_amount": money.get("budget_amount"),
        "forecast_amount": money.get("forecast_amount"),
        "variance_amount": money.get("variance_amount"),
        "next_milestone": next_milestone["name"] if next_milestone else "",
        "next_milestone_on": next_milestone["forecast_on"] if next_milestone else None,
        "report_number": report.number,
        "report_period_end_on": report.period_end_on,
        "accepted_at": report.accepted_at,
        "rebaselined_on": report.project["rebaselined_on"],
        "version": version,
    }
    age = (day - report.period_end_on).days
    if office.limits.letter("report_age_days", age) != Letter.GREEN and version.deliverable.project.is_open:
        values.update(dict.fromkeys(Dimension.values, Letter.GREY.value))
        values["reason"] = f"The last accepted report is {age} days old."
    return values


def _unreported_values(project: Project, day: dt.date) -> dict[str, Any]:
    """Return the row of a project without an accepted report: grey, and why. Imported facts stand in their source's unit."""
    values: dict[str, Any] = {
        "phase": project.phase,
        "reason": _why_grey(project),
        "version": None,
        "currency": project.currency,
        "amount_unit": project.amount_unit,
    }
    if project.source:
        values |= {
            "original_finish_on": project.original_finish_on,
            "baseline_finish_on": project.baseline_finish_on,
            "forecast_finish_on": project.forecast_finish_on,
            "budget_amount": project.budget_amount,
            "forecast_amount": project.forecast_amount,
            "variance_amount": project.variance_amount,
        }
    return values


def _why_grey(project: Project) -> str:
    if project.project_manager_id is None:
        return "No project manager is named, so no report is due."
    if not project.is_reporting:
        return "This project owes no status reports."
    return "No report has been accepted yet."


def _strip(project: Project, office: Office, at: dt.datetime) -> str:
    """Return the published overall letters of the last twelve periods that are over, oldest first. One query."""
    period = current_period(office.day(at), project.governance_class, office.rules)
    ends = previous_ends(period.end_on, STRIP_LENGTH + 1, project.governance_class, office.rules)
    rows = ReportRating.objects.filter(
        report__project=project,
        dimension=Dimension.OVERALL,
        report__period_end_on__gte=ends[0],
        report__period_end_on__lte=ends[-1],
        report__version__state__in=STANDING_STATES,
    ).values_list("report__period_end_on", "pmo_letter")
    by_end = {end_on: {"letters": {"overall": letter}} for end_on, letter in rows}
    shown = ends[1:] if ends[-1] in by_end else ends[:-1]
    return strip_of(shown, by_end, "overall")


EMPTY: dict[str, Any] = {
    **dict.fromkeys(Dimension.values, Letter.GREY.value),
    "previous_overall": "-",
    "evidence_overall": "N",
    "pm_overall": "",
    "reason": "",
    "strip": "",
    "phase": "",
    "original_finish_on": None,
    "baseline_finish_on": None,
    "forecast_finish_on": None,
    "slip_days": None,
    "currency": "USD",
    "amount_unit": 1,
    "budget_amount": None,
    "forecast_amount": None,
    "variance_amount": None,
    "next_milestone": "",
    "next_milestone_on": None,
    "report_number": None,
    "report_period_end_on": None,
    "accepted_at": None,
    "is_report_overdue": False,
    "rebaselined_on": None,
    "imported_rating": "",
    "imported_as_of": None,
}


def _store(
    project: Project, values: dict[str, Any], *, at: dt.datetime, office: Office, known: ProjectStanding | None = None
) -> ProjectStanding:
    row = known or ProjectStanding.objects.select_for_update().filter(project=project).first()
    if row is None:
        row, _ = ProjectStanding.objects.update_or_create(project=project, defaults={**EMPTY, **values})
    else:
        for name, value in {**EMPTY, **values}.items():
            setattr(row, name, value)
        update_rows(ProjectStanding, [row], (*StandingFields.field_names(), "version"))
    snapshot(row, on=office.day(at), status=project.status)
    return row


def snapshot(standing: ProjectStanding, *, on: dt.date, status: str) -> None:
    """Keep how the project stands on `on`: nothing when unchanged, one row a day at most. One to three queries."""
    now = {**{name: getattr(standing, name) for name in StandingFields.field_names()}, "status": status}
    current = StandingSnapshot.objects.filter(project=standing.project_id, until_on=None).first()
    if current is not None:
        if {name: getattr(current, name) for name in now} == now or current.from_on > on:
            return
        if current.from_on == on:
            StandingSnapshot.objects.filter(pk=current.pk).update(**now)
            return
        StandingSnapshot.objects.filter(pk=current.pk).update(until_on=on)
    insert_row(StandingSnapshot(project_id=standing.project_id, from_on=on, **now))


def total_in_dollars(standings: Iterable[Any], name: str) -> Decimal:
    """Return the sum of one amount over the rows kept in whole dollars; other currencies and units stay out of it."""
    return sum(
        (getattr(row, name) * row.amount_unit for row in standings if row.currency == "USD" and getattr(row, name) is not None),
        Decimal(0),
    )
