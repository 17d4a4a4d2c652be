"""All that the review page shows of one version, gathered once. The number of queries does not depend on the content."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from governance.comparison import Section, compare, words_of
from governance.models import ChecklistAnswer, ChecklistItem, DeliverableVersion, RatingChallenge, Review, ReviewFinding
from governance.publication import WITHHOLDABLE
from governance.queue import Neighbors
from governance.report_checks import CheckResult, automatic_checks
from governance.report_content import read_typed
from governance.report_life import earlier_contents
from governance.report_page import RatingRow, ReportPage, page_of
from governance.reviewing import Problem, Rated, Typed, all_agree, rated
from governance.signing import Signature
from governance.states import GIVEN, Dimension, FindingState, Letter, ReviewState, Severity, VersionState
from pmo.lib.charts.shapes import COLOUR_WORD
from pmo.lib.diffs import Piece
from pmo.lib.words import day, moment

LAST_WEEK, EARLIER = "report", "version"
RATINGS = ("ratings", "Ratings")


@dataclass(frozen=True)
class Basis:
    """What the report is compared with: its words, where to read it, and the address that compares with the other one."""

    kind: str
    words: str
    url: str
    content: Mapping[str, Any]


@dataclass(frozen=True)
class OfficeRow:
    """One dimension on the page: what others say, and where the office's rating stands now."""

    rated: Rated
    row: RatingRow
    letter: str
    reason: str
    pm_before: str
    """The project manager's letter in the compared version, where it differs; else empty."""
    said: tuple[Piece, ...]
    """The project manager's reason, marked against the compared report's."""
    evidence: str
    why: Mapping[str, Any]
    problem: str

    @property
    def is_overall(self) -> bool:
        return self.rated.dimension == Dimension.OVERALL

    @property
    def needs_reason(self) -> bool:
        return self.rated.needs_reason(self.letter) if self.letter else False


@dataclass(frozen=True)
class FindingRow:
    finding: ReviewFinding
    where: str
    where_url: str
    answered: str


@dataclass(frozen=True)
class ReviewPage:
    """One version as its reviewer sees it."""

    version: DeliverableVersion
    report: ReportPage
    rows: list[OfficeRow]
    sections: list[Section]
    basis: Basis | None
    other_basis: Basis | None
    checks: list[CheckResult]
    checklist: list[tuple[ChecklistItem, bool]]
    findings: list[FindingRow]
    challenges: list[RatingChallenge]
    typed: Typed
    revision: int
    signature: Signature | None
    neighbors: Neighbors | None
    problems: Sequence[Problem]

    @property
    def content(self) -> dict[str, Any]:
        return self.report.content

    @property
    def is_open(self) -> bool:
        """Whether the person can still decide on this page."""
        return self.version.is_waiting and self.signature is not None

    @property
    def open_findings(self) -> int:
        return sum(row.finding.state == FindingState.OPEN for row in self.findings)

    @property
    def all_agree(self) -> bool:
        return all_agree(row.rated for row in self.rows)

    @property
    def holding(self) -> int:
        return sum(check.holds for check in self.checks)

    @property
    def ticked(self) -> int:
        return sum(holds for _, holds in self.checklist)

    @property
    def places(self) -> list[tuple[str, str]]:
        """Return where a finding can be tied to: section name and title."""
        return [RATINGS, *((section.name, section.title) for section in self.sections)]

    @property
    def severities(self) -> list[tuple[str, str]]:
        return list(Severity.choices)

    @property
    def withholdable(self) -> list[tuple[str, str, bool]]:
        return [(name, words, name in self.typed.withheld) for name, words in WITHHOLDABLE.items()]


def review_page(
    version: DeliverableVersion,
    *,
    signature: Signature | None,
    neighbors: Neighbors | None,
    against: str = "",
    typed: Typed | None = None,
    problems: Sequence[Problem] = (),
    on: dt.date,
) -> ReviewPage:
    """Return the page of a submitted version. About ten queries, besides those of `signature` and `neighbors`.

    `typed` is what was just sent; None takes what was kept. `against` chooses the other basis.
    """
    report = page_of(version)
    earlier = earlier_contents(version.status_report, 1) if version.status_report else []
    basis, other = _bases(version, report, earlier, against)
    sections = compare(
        report.content, basis.content if basis else None, same_period=basis is not None and basis.kind == EARLIER
    )
    review = version.reviews.filter(state=ReviewState.OPEN).first()
    shown = typed or Typed.from_notes(review.notes if review else {})
    return ReviewPage(
        version=version,
        report=report,
        rows=_office_rows(version, report, shown, basis, problems),
        sections=sections,
        basis=basis,
        other_basis=other,
        checks=automatic_checks(report.content, earlier[0] if earlier else None, on),
        checklist=_checklist(version, review),
        findings=_findings(version, sections),
        challenges=_challenges(version),
        typed=shown,
        revision=review.notes_revision if review else 0,
        signature=signature,
        neighbors=neighbors,
        problems=problems,
    )


def _bases(
    version: DeliverableVersion, report: ReportPage, earlier: list[dict[str, Any]], against: str
) -> tuple[Basis | None, Basis | None]:
    """Return what the version is compared with, and what it could be compared with instead.

    A version that came back opens beside the one that was returned, because that one has been read.
    """
    last_week = _last_week(version, earlier[0]) if earlier else None
    before = _version_before(version, report)
    came_back = before is not None and against != LAST_WEEK
    if last_week is None or before is None:
        return last_week or before, None
    return (before, last_week) if came_back else (last_week, before)


def _last_week(version: DeliverableVersion, content: dict[str, Any]) -> Basis:
    number = content["report"]["number"]
    url = reverse("governance:report-detail", args=[version.deliverable.project.code, number])
    return Basis(LAST_WEEK, f"report {number}, accepted", url, content)


def _version_before(version: DeliverableVersion, report: ReportPage) -> Basis | None:
    seen = [
        row for row in report.siblings if row.number < version.number and row.content and row.state != VersionState.WITHDRAWN
    ]
    if not seen:
        return None
    before = seen[-1]
    code, number = version.deliverable.project.code, version.deliverable.number
    url = reverse("governance:report-version", args=[code, number, before.number])
    return Basis(EARLIER, f"version {before.number}, {before.get_state_display().lower()}", url, read_typed(before.content))


def _office_rows(
    version: DeliverableVersion, report: ReportPage, typed: Typed, basis: Basis | None, problems: Sequence[Problem]
) -> list[OfficeRow]:
    said = {problem.field: problem.sentence for problem in problems}
    compared = {row["dimension"]: row for row in basis.content["ratings"]} if basis else {}
    before = {name: row["pm"] for name, row in compared.items()} if basis and basis.kind == EARLIER else {}
    return [
        OfficeRow(
            rated=one,
            row=row,
            letter=row.office or typed.letter(one),
            reason=row.office_reason or typed.reasons.get(one.dimension, ""),
            pm_before=before.get(one.dimension, "") if before.get(one.dimension) != one.pm else "",
            said=words_of(compared[one.dimension]["reason"] if compared else None, row.reason),
            evidence=evidence_words(row),
            why=why(version, row),
            problem=said.get(f"office-{one.dimension}", "") or said.get(f"reason-{one.dimension}", ""),
        )
        for one, row in zip(rated(report.content), report.ratings, strict=True)
    ]


def evidence_words(row: RatingRow) -> str:
    """Return what keeps the evidence from green, in one line; empty when nothing does."""
    if row.computed in (Letter.GREEN, Letter.NOT_ASSESSED):
        return ""
    outside = [test for test in row.explained["tests"] if test[4] in (Letter.YELLOW, Letter.RED)]
    if row.computed not in GIVEN or not outside or row.dimension == Dimension.OVERALL:
        return str(row.explained["sentence"])
    if row.dimension == Dimension.OVERALL:
        return str(row.explained["sentence"])
    return " ".join(f"{name}: {value}; green is {green}." for name, value, green, _, _ in outside)


def why(version: DeliverableVersion, row: RatingRow) -> dict[str, Any]:
    """Return what the panel of a computed rating says."""
    explained = row.explained
    project = version.deliverable.project
    return {
        "letter": row.computed,
        "src": "evidence",
        "title": f"Why does the evidence say {COLOUR_WORD[row.computed]} for {row.label.lower()}?",
        "sentence": explained["sentence"],
        "tests": explained["tests"],
        "inputs": explained["inputs"],
        "rows": [(words, "", value) for words, value in explained["rows"]],
        "source": (
            f"Status date {day(version.deliverable.period_end_on)}. Thresholds version {explained['thresholds_version']}, "
            f"class {project.governance_class}. Computed {moment(version.submitted_at)}; inputs kept with the result."
        ),
    }


def _checklist(version: DeliverableVersion, review: Review | None) -> list[tuple[ChecklistItem, bool]]:
    answers = ChecklistAnswer.objects.filter(review__version=version).order_by("review__opened_at")
    if review is not None:
        answers = answers.filter(review=review)
    holds = dict(answers.values_list("item_id", "holds"))
    items = ChecklistItem.objects.filter(kind=version.deliverable.kind).order_by("position", "pk")
    return [(item, holds.get(item.pk, False)) for item in items if item.is_active or item.pk in holds]


def _findings(version: DeliverableVersion, sections: list[Section]) -> list[FindingRow]:
    """Return the findings of this version and those of earlier ones that travel with it, open ones first."""
    titles = dict([RATINGS, *((section.name, section.title) for section in sections)])
    rows = ReviewFinding.objects.filter(version__deliverable=version.deliverable_id, version__number__lte=version.number)
    found = [
        FindingRow(row, _where(row, version, titles), f"#s-{row.section}" if row.section in titles else "", _answered(row))
        for row in rows.select_related("version", "answered_by", "raised_by")
    ]
    order = list(FindingState.values)
    return sorted(found, key=lambda one: (order.index(one.finding.state), one.finding.pk))


def _where(finding: ReviewFinding, version: DeliverableVersion, titles: Mapping[str, str]) -> str:
    title = titles.get(finding.section, finding.section.replace("-", " ").capitalize())
    return title if finding.version_id == version.pk else f"{title}, version {finding.version.number}"


def _answered(finding: ReviewFinding) -> str:
    if not finding.answered_at or not finding.answered_by:
        return ""
    return f"{finding.answered_by.name}, {day(finding.answered_at)}"


def _challenges(version: DeliverableVersion) -> list[RatingChallenge]:
    rows = RatingChallenge.objects.unsettled().filter(project=version.deliverable.project_id)
    return list(rows.select_related("project").order_by("due_at", "pk"))
