"""One report as every page and the PDF of the office show it: from the frozen text where there is one, live for a draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from governance.models import DeliverableVersion, SignOff
from governance.publication import trend_of
from governance.report_content import read_typed
from governance.report_life import live_content
from governance.states import Dimension


@dataclass(frozen=True)
class RatingRow:
    """One dimension with all three ratings. `office` is empty before a decision.

    `previous` is the last published letter or empty.
    """

    dimension: str
    label: str
    pm: str
    computed: str
    office: str
    previous: str
    trend: str
    strip: str
    reason: str
    office_reason: str
    path: dict[str, Any]
    explained: dict[str, Any]
    """The computed rating's sentence, tests, inputs, rows and thresholds_version."""

    @property
    def shown(self) -> str:
        """Return the letter that counts now: the office's, or before a decision the project manager's."""
        return self.office or self.pm


@dataclass(frozen=True)
class ReportPage:
    """All that a page or PDF of one version needs, in typed plain values."""

    version: DeliverableVersion
    content: dict[str, Any]
    ratings: list[RatingRow]
    decision: dict[str, Any] | None
    submitted: dict[str, Any] | None
    withheld: list[str]
    sign_offs: list[SignOff]
    siblings: list[DeliverableVersion]
    """Every version of the same report, oldest first."""

    @property
    def overall(self) -> RatingRow:
        return self.ratings[0]

    @property
    def digest(self) -> str:
        """Return the digest of what was decided, else of what was submitted, else an empty string."""
        return self.version.record_sha256 or self.version.content_sha256


PATH_FIELDS = ("cause", "action", "action_owner", "action_due_on", "measure")


def _rating_row(row: dict[str, Any], office: dict[str, dict[str, str]], before: dict[str, Any]) -> RatingRow:
    name = row["dimension"]
    decided = office.get(name, {"letter": "", "reason": ""})
    shown = decided["letter"] or row["pm"]
    return RatingRow(
        dimension=name,
        label=Dimension(name).label,
        pm=row["pm"],
        computed=row["computed"]["letter"],
        office=decided["letter"],
        previous=before["letters"].get(name, ""),
        trend=trend_of(shown, before["letters"].get(name)),
        strip=(before["strips"].get(name, "") + (shown or "-"))[-12:],
        reason=row["reason"],
        office_reason=decided["reason"],
        path={field: row[field] for field in PATH_FIELDS if row[field]},
        explained=row["computed"],
    )


def decided_page(version: DeliverableVersion) -> ReportPage:
    """Return the page of a decided version without its sign-offs and other versions. Reads the frozen record: no query."""
    record = read_typed(version.record)
    content = record["content"]
    return ReportPage(
        version=version,
        content=content,
        ratings=[_rating_row(row, record.get("office", {}), content["before"]) for row in content["ratings"]],
        decision=record["decision"],
        submitted=record["submitted"],
        withheld=record.get("withheld", []),
        sign_offs=[],
        siblings=[],
    )


def page_of(version: DeliverableVersion) -> ReportPage:
    """Return the page of a version. A frozen one costs two queries (sign-offs, versions), a draft about fifteen."""
    record = read_typed(version.record) if version.record else None
    content = (
        record["content"]
        if record
        else read_typed(version.content)
        if version.content
        else live_content(version.content_row, version)
    )
    office = record.get("office", {}) if record else {}
    return ReportPage(
        version=version,
        content=content,
        ratings=[_rating_row(row, office, content["before"]) for row in content["ratings"]],
        decision=record["decision"] if record else None,
        submitted=record["submitted"] if record else None,
        withheld=record.get("withheld", []) if record else [],
        sign_offs=list(version.sign_offs.order_by("sequence")) if version.pk else [],
        siblings=list(version.deliverable.versions.order_by("number").select_related("author", "decided_by")),
    )
