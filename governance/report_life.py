"""The life of a status report inside the review engine.

What is frozen, what a decision settles, and what follows from each act.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from governance import challenging, notices, standings, tasks
from governance.clock import Office
from governance.history_of_ratings import published_before
from governance.models import DeliverableVersion, ReportRating, ReviewFinding, StatusReport
from governance.periods import after_workdays
from governance.publication import WITHHOLDABLE
from governance.report_checks import obstacles, triggers
from governance.report_content import gather, rating_content, rating_of, read_typed, typed_content
from governance.states import GIVEN, STANDING_STATES, TOLD_STATES, Decision, Dimension, FindingState, VersionState
from pmo.lib.errors import Refused
from pmo.lib.history import save_as, update_many


def earlier_contents(report: StatusReport, count: int = 2) -> list[dict[str, Any]]:
    """Return the contents of the last accepted reports before this one, newest first. One query."""
    return _contents_before(report, STANDING_STATES, count)


def told_before(report: StatusReport) -> dict[str, Any] | None:
    """Return what its author told the office last: the report before this one, accepted or waiting. One query."""
    return next(iter(_contents_before(report, TOLD_STATES, 1)), None)


def _contents_before(report: StatusReport, states: Iterable[VersionState], count: int) -> list[dict[str, Any]]:
    rows = DeliverableVersion.objects.filter(
        state__in=states,
        deliverable__project=report.project_id,
        deliverable__kind="status_report",
        deliverable__period_end_on__lt=report.period_end_on,
    )
    return [read_typed(text) for text in rows.order_by("-deliverable__period_end_on").values_list("content", flat=True)[:count]]


def live_content(report: StatusReport, version: DeliverableVersion, office: Office | None = None) -> dict[str, Any]:
    """Return the content as it would be frozen now."""
    office = office or Office.load(report.project.governance_class)
    return gather(report, version.number, office.calendar, office.limits, published_before(report))


def unanswered(version: DeliverableVersion) -> int:
    """Return how many findings wait for an answer. A first version has none: nobody has read it yet."""
    if version.number == 1:
        return 0
    return version.deliverable.versions.filter(findings__state=FindingState.OPEN).count()


def what_stands_in_the_way(report: StatusReport, version: DeliverableVersion, content: Mapping[str, Any]) -> list[Any]:
    return obstacles(
        content,
        told_before(report),
        open_findings=unanswered(version),
        is_correction=version.corrects_id is not None,
    )


def freeze(report: StatusReport, version: DeliverableVersion, *, by: Any, at: dt.datetime) -> dict[str, Any]:
    """Return the content to be frozen and close the rows against change. Raises Refused(`obstacles`)."""
    content = live_content(report, version)
    found = what_stands_in_the_way(report, version, content)
    if found:
        raise Refused("; ".join(obstacle.sentence for obstacle in found) + ".", "obstacles")
    ratings = list(report.ratings.all())
    for rating in ratings:
        rating.computed = rating_of(content, rating.dimension)["computed"]
        rating.computed_letter = rating.computed["letter"]
    update_many(ReportRating, ratings, ["computed", "computed_letter"], by=by, reason="submitted")
    report.is_frozen = True
    save_as(report, by=by, fields=["is_frozen"], reason="submitted")
    return content


def review_due_at(at: dt.datetime) -> dt.datetime:
    office = Office.load()
    return after_workdays(at, office.rules.review_days, office.calendar, office.zone)


def after_submission(report: StatusReport, version: DeliverableVersion, *, by: Any, at: dt.datetime) -> None:
    earlier = earlier_contents(report)
    found = triggers(read_typed(version.content), earlier)
    challenging.open_challenges(report, version, found, at=at)
    challenging.answer_by_changing(report, version, found, by=by, at=at)
    standings.note_submission(report.project, at=at)
    notices.submitted(version, at=at)


def after_withdrawal(report: StatusReport, version: DeliverableVersion, *, by: Any, at: dt.datetime) -> None:
    notices.withdrawn(version, at=at)


def weigh(report: StatusReport, version: DeliverableVersion, decision: Decision, terms: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the decision adds to the record, the office’s ratings and the fields withheld from the public. Write nothing.

    Raises Refused: `office_rating_missing`, `office_reason_missing` where it differs from the project manager or the evidence,
    `field_not_withholdable`.
    """
    if decision == Decision.RETURN:
        findings = ReviewFinding.objects.filter(version__deliverable=version.deliverable, state=FindingState.OPEN)
        return {"findings": [list(row) for row in findings.order_by("pk").values_list("number", "section", "severity", "text")]}
    given = terms.get("ratings", {})
    office = {name: _office_rating(rating, given.get(name, {})) for name, rating in _by_dimension(report).items()}
    withheld = sorted(set(terms.get("withheld", [])))
    unknown = [name for name in withheld if name not in WITHHOLDABLE]
    if unknown:
        raise Refused(f"{unknown[0]} is not a field that can be withheld.", "field_not_withholdable")
    return {"office": office, "withheld": withheld}


def settle(report: StatusReport, decision: Decision, weighed: Mapping[str, Any], *, by: Any) -> None:
    """Write the office's ratings beside the project manager's."""
    if decision == Decision.RETURN:
        return
    ratings = list(report.ratings.all())
    for rating in ratings:
        decided = weighed["office"][rating.dimension]
        rating.pmo_letter, rating.pmo_reason = decided["letter"], decided["reason"]
    update_many(ReportRating, ratings, ["pmo_letter", "pmo_reason"], by=by, reason="accepted")


def _by_dimension(report: StatusReport) -> dict[str, ReportRating]:
    found = {rating.dimension: rating for rating in report.ratings.all()}
    return {name: found[name] for name in Dimension.values}


def needs_reason(letter: str, rating: ReportRating) -> bool:
    """Return whether the office's rating differs from the project manager's, or from a computed colour."""
    return letter != rating.pm_letter or (rating.computed_letter in GIVEN and letter != rating.computed_letter)


def _office_rating(rating: ReportRating, term: Mapping[str, str]) -> dict[str, str]:
    letter, reason = term.get("letter", ""), term.get("reason", "").strip()
    label = rating.get_dimension_display().lower()
    if letter not in GIVEN:
        raise Refused(f"Choose the office’s rating for {label}.", "office_rating_missing")
    if needs_reason(letter, rating) and not reason:
        raise Refused(f"Say why the office’s rating for {label} differs.", "office_reason_missing")
    return {"letter": letter, "reason": reason}


def after_decision(report: StatusReport, version: DeliverableVersion, decision: Decision, *, by: Any, at: dt.datetime) -> None:
    if decision == Decision.APPROVE:
        close_answered_findings(version, by=by, at=at)
        standings.refresh(report.project, at=at, accepted=version)
        tasks.build_copies_after_commit(version, at=at)
    notices.decided(version, decision, at=at)


def close_answered_findings(version: DeliverableVersion, *, by: Any, at: dt.datetime) -> None:
    """Close what was answered: accepting the version accepts the answers."""
    if version.number == 1:
        return  # findings are answered once a version has come back, so only a later one has any
    for finding in ReviewFinding.objects.filter(version__deliverable=version.deliverable, state=FindingState.ANSWERED):
        finding.state, finding.closed_by, finding.closed_at = FindingState.CLOSED, by, at
        save_as(finding, by=by, fields=["state", "closed_by", "closed_at"], reason="version accepted")


def fault(report: StatusReport, version: DeliverableVersion) -> str:
    """Return where the stored rows of a frozen report no longer say what was frozen, or an empty string."""
    content = read_typed(version.content)
    now = typed_content(report)
    changed = [name for name in now if now[name] != content[name]]
    for rating in report.ratings.all():
        frozen = rating_of(content, rating.dimension)
        if rating_content(rating, frozen["computed"]) != frozen:
            changed.append(rating.get_dimension_display().lower())
    return f"The rows of the report were changed after submission: {', '.join(changed)}." if changed else ""
