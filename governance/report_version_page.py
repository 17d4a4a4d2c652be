"""All that the page of one version shows, gathered once: the content, its panels, findings and signatures, what may be done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from governance.models import DeliverableVersion, RatingChallenge, ReviewFinding
from governance.report_access import ReportAccess
from governance.report_page import ReportPage, page_of
from governance.states import OPEN_STATES, STANDING_STATES, FindingState, VersionState
from governance.why import Why, whys_of
from pmo.lib.words import local_date

S = VersionState


@dataclass(frozen=True)
class VersionPage:
    """One version as its readers inside see it."""

    page: ReportPage
    on: dt.date
    """The day that dates are held against: the status date, or the day of submission (today for a draft) before it."""
    whys: dict[str, Why]
    findings: list[ReviewFinding]
    """Raised on this version, or on earlier ones and answered with it."""
    challenges: list[RatingChallenge]
    can_correct: bool
    can_withdraw: bool
    can_go_on: bool
    """There is a draft to write on, or a next version to begin."""
    can_review: bool
    can_answer: bool
    counting: DeliverableVersion | None
    """The accepted version of this report, where it is another one."""
    newest: DeliverableVersion

    @property
    def open_findings(self) -> int:
        return sum(finding.state == FindingState.OPEN for finding in self.findings)


def version_page(version: DeliverableVersion, access: ReportAccess) -> VersionPage:
    """Return the page of a version that the person may read. A frozen one costs about eight queries."""
    if version.status_report is not None:
        version.status_report.project = version.deliverable.project
    page = page_of(version)
    newest = page.siblings[-1]
    standing = next((sibling for sibling in page.siblings if sibling.state in STANDING_STATES), None)
    is_newest, is_open = newest.pk == version.pk, newest.state in OPEN_STATES
    return VersionPage(
        page=page,
        on=min(page.content["report"]["period_end_on"], local_date(version.submitted_at or timezone.now())),
        whys=whys_of(page),
        findings=_findings(version),
        challenges=list(version.challenges.select_related("answered_by", "ruled_by")),
        can_correct=access.can_edit and version.is_standing and not is_open,
        can_withdraw=access.can_write and version.is_waiting,
        can_go_on=access.can_write and is_newest and (newest.state == S.DRAFT or (standing is None and not is_open)),
        can_review=access.can_review(version),
        can_answer=access.can_write and version.state in (S.RETURNED, S.WITHDRAWN),
        counting=standing if standing and standing.pk != version.pk else None,
        newest=newest,
    )


def _findings(version: DeliverableVersion) -> list[ReviewFinding]:
    """Return the findings that were raised on this version or carried by it. One query."""
    rows = ReviewFinding.objects.filter(
        version__deliverable=version.deliverable_id, version__number__lte=version.number
    ).select_related("version", "raised_by", "answered_by")
    return list(rows.order_by("version__number", "number"))
