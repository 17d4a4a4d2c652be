"""All that the review page of a document shows, gathered once. The number of queries does not depend on the content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from governance.comparison import Comparison, DocumentSection, compare_documents
from governance.comparison.documents import anchor_of
from governance.document_notes import DocumentNotes
from governance.document_offers import Offer, offers
from governance.document_review_access import DocumentReviewAccess, review_address
from governance.document_states import Opinion, PartState
from governance.documents.confidential import Withheld, content_for, said_on
from governance.documents.content import read_content
from governance.documents.questions import shown_items
from governance.models import ChecklistAnswer, ChecklistItem, DeliverableVersion, Review, ReviewFinding, ReviewPart
from governance.objections import objection_words, overruling_of
from governance.queue import Neighbors
from governance.routing import Stop, missing_in, stop_of
from governance.seats import OPEN_PARTS
from governance.signing import Signature
from governance.states import STANDING_STATES, FindingState, ReviewState, Severity, VersionState
from pmo.lib.words import day

APPROVED, SUBMITTED = "approved", "submitted"
#: States of a version that was approved once.
EVER_APPROVED = (*STANDING_STATES, VersionState.SUPERSEDED)


@dataclass(frozen=True)
class Basis:
    """What the version is compared with."""

    kind: str
    version: DeliverableVersion

    @property
    def words(self) -> str:
        at = self.version.decided_at or self.version.submitted_at
        state = "approved" if self.version.state in EVER_APPROVED else self.version.get_state_display().lower()
        return f"version {self.version.label}, {state} {day(at)}"

    @property
    def url(self) -> str:
        return review_address(self.version)


@dataclass(frozen=True)
class FindingRow:
    """One finding with the words of its place."""

    finding: ReviewFinding
    where: str
    where_url: str

    answer_url: str = ""
    close_url: str = ""

    @property
    def answered(self) -> str:
        by, at = self.finding.answered_by, self.finding.answered_at
        return f"{by.name}, {day(at)}" if by and at else ""

    @property
    def closed(self) -> str:
        """Return who closed it in the place of whoever raised it, and why; else an empty string."""
        row = self.finding
        if not row.closing_reason or row.closed_by is None:
            return ""
        return f"{row.closed_by.name} closed it in the place of {row.raised_by.name}: {row.closing_reason}"


#: In which order checks stand: what fails, what holds, what is not asked.
ORDER = (False, True, None)


@dataclass(frozen=True)
class CheckRow:
    """One automatic check in the form of components/checks.html."""

    title: str
    note: str
    holds: bool | None
    """None where the class owes none of what is checked; `note` says so."""
    url: str


@dataclass(frozen=True)
class DocumentReviewPage:
    """One version of a document as its reviewer sees it."""

    version: DeliverableVersion
    content: Mapping[str, Any]
    comparison: Comparison
    basis: Basis | None
    other_basis: Basis | None
    checks: list[CheckRow]
    checklist: list[tuple[ChecklistItem, bool]]
    findings: list[FindingRow]
    parts: list[ReviewPart]
    offers: list[Offer]
    notes: DocumentNotes
    revision: int
    signature: Signature | None
    neighbors: Neighbors | None
    reads_review: bool
    is_writer: bool
    can_raise: bool
    part: ReviewPart | None
    route_lacks: str
    stop: Stop | None

    @property
    def is_open(self) -> bool:
        """Whether the person can still decide on this page."""
        return self.version.is_waiting and self.signature is not None

    @property
    def holding(self) -> int:
        return sum(check.holds is True for check in self.checks)

    @property
    def checked(self) -> int:
        return sum(check.holds is not None for check in self.checks)

    @property
    def ticked(self) -> int:
        return sum(holds for _, holds in self.checklist)

    @property
    def first_offer(self) -> Offer | None:
        """Return the decision whose button is filled: the first that is open."""
        return next((offer for offer in self.offers if offer.is_open), None)

    @property
    def closed(self) -> str:
        return next((offer.closed for offer in self.offers if offer.closed), "")

    @property
    def proposed_as(self) -> str:
        """Return what the version will be called once approved, where that differs and is not decided yet."""
        label = self.version.label_if_approved
        return label if self.version.is_waiting and label != self.version.label else ""

    @property
    def objections(self) -> str:
        """Return who objects, while an approval would have to go over it; else an empty string."""
        return objection_words([part for part in self.parts if part.opinion == Opinion.OBJECT] if self.is_open else [])

    @property
    def overruled(self) -> Mapping[str, Any]:
        """Return which objections the decision went over, and why."""
        return overruling_of(self.version)

    @property
    def notes_url(self) -> str:
        return review_address(self.version, "document-review-notes")

    @property
    def verb_urls(self) -> dict[str, str]:
        """Return where findings are added, closed and answered, and where the review sheet is."""
        return {
            "findings": review_address(self.version, "document-review-findings"),
            "xlsx": review_address(self.version, "document-review-sheet-xlsx"),
            "pdf": review_address(self.version, "document-review-sheet-pdf"),
        }

    @property
    def finding_counts(self) -> Counter[str]:
        """Return how many findings are not closed, by section."""
        return Counter(row.finding.section for row in self.findings if row.finding.state != FindingState.CLOSED)

    @property
    def part_rows(self) -> list[tuple[ReviewPart, str]]:
        """Return the parts of the route, each with the address where it is answered or moved, where this person may."""
        return [(part, self._part_url(part) if self._acts_on(part) else "") for part in self.parts]

    def _acts_on(self, part: ReviewPart) -> bool:
        is_mine = self.part is not None and self.part.pk == part.pk
        return self.version.is_waiting and part.state in OPEN_PARTS and (self.is_open or is_mine)

    def _part_url(self, part: ReviewPart) -> str:
        return review_address(self.version, "document-review-part", part.pk)

    @property
    def part_url(self) -> str:
        """Return where the person gives the opinion that is asked of them, or an empty string."""
        return self._part_url(self.part) if self.part else ""

    @property
    def stop_url(self) -> str:
        """Return where the person stops the asking, while somebody is asked; or an empty string."""
        is_asked = any(part.state in OPEN_PARTS for part in self.parts)
        return review_address(self.version, "document-review-stop") if self.is_open and is_asked else ""

    @property
    def unticked(self) -> int:
        return len(self.checklist) - self.ticked

    @property
    def parts_done(self) -> int:
        return sum(bool(part.opinion) for part in self.parts)

    @property
    def findings_words(self) -> str:
        states = [row.finding.state for row in self.findings]
        parts = [f"{number} {state.label.lower()}" for state in FindingState if (number := states.count(state))]
        return ", ".join(parts) or "none"

    @property
    def runs(self) -> list[tuple[bool, list[tuple[DocumentSection, int]]]]:
        """Return the sections, each with its findings, in runs: those that stand open, and those that are folded together."""
        counts = self.finding_counts
        found: list[tuple[bool, list[tuple[DocumentSection, int]]]] = []
        for section in self.comparison.sections:
            is_shown = section.is_changed or (self.comparison.is_first and not section.is_empty)
            if not found or found[-1][0] != is_shown:
                found.append((is_shown, []))
            found[-1][1].append((section, counts[section.key]))
        return found

    @property
    def places(self) -> list[tuple[str, str, list[tuple[str, str]]]]:
        """Return where a finding can be tied to: section, its title, and its rows."""
        return [
            (section.key, f"{section.number} {section.title}".strip(), _row_places(section))
            for section in self.comparison.sections
            if not section.is_gone
        ]

    @property
    def severities(self) -> list[tuple[str, str]]:
        return list(Severity.choices)


def _row_places(section: DocumentSection) -> list[tuple[str, str]]:
    rows = [row for row in section.rows if row.kind != "removed" and row.anchor]
    return [(f"{section.key}/{row.row}", f"{section.number} {row.name[:80] or 'a row without words'}") for row in rows]


def document_review_page(
    version: DeliverableVersion,
    access: DocumentReviewAccess,
    *,
    neighbors: Neighbors | None,
    against: str = "",
    notes: DocumentNotes | None = None,
) -> DocumentReviewPage:
    """Return the page of a submitted version. `notes` is what was just sent; None takes what was kept."""
    whole = read_content(version.content)
    content, withheld = told(whole, version, access)
    basis, other = _bases(version, against)
    comparison = compare_documents(content, _before(basis, access) if basis else None)
    review = version.reviews.order_by("-opened_at").first()
    found = findings_until(version)
    decides = version.is_waiting and access.can_decide
    lacks = missing_in(review) if review and decides else ""
    parts = _parts(review)
    return DocumentReviewPage(
        version=version,
        content=content,
        comparison=comparison,
        basis=basis,
        other_basis=other,
        checks=check_rows(content, comparison),
        checklist=_checklist(version, review) if access.reads_review else [],
        findings=finding_rows(traveling(readable(found, access, withheld), version), version, comparison),
        parts=parts,
        offers=offers(version, found, _standing(version), lacks) if decides else [],
        notes=notes or _kept_notes(review),
        revision=review.notes_revision if review else 0,
        signature=access.signature,
        neighbors=neighbors,
        reads_review=access.reads_review,
        is_writer=access.is_writer,
        can_raise=version.is_waiting and access.can_raise,
        part=access.part,
        route_lacks=lacks,
        stop=_stop(review, parts),
    )


def _kept_notes(review: Review | None) -> DocumentNotes:
    return DocumentNotes.of(review.notes if review and review.state == ReviewState.OPEN else {})


def told(
    whole: Mapping[str, Any], version: DeliverableVersion, access: DocumentReviewAccess
) -> tuple[dict[str, Any], Withheld]:
    """Return what `version` says as the person may read it, and what stays in the office."""
    on = said_on(version)
    if access.reads_confidential:
        return content_for(whole, reads=True, on=on), Withheld()
    withheld = Withheld.of(whole, on)
    content = content_for(whole, reads=False, on=on)
    if "checks" in whole:
        content["checks"] = [check for check in whole["checks"] if not withheld.holds(check["section"], check["row"])]
    return content, withheld


def _bases(version: DeliverableVersion, against: str) -> tuple[Basis | None, Basis | None]:
    """Return what the version is compared with, and what it could be compared with instead. One query."""
    rows = DeliverableVersion.objects.filter(deliverable=version.deliverable_id, number__lt=version.number)
    seen = list(rows.exclude(content="").exclude(state=VersionState.WITHDRAWN).defer("record").order_by("number"))
    for row in seen:
        row.deliverable = version.deliverable
    approved = next((Basis(APPROVED, row) for row in reversed(seen) if row.state in EVER_APPROVED), None)
    submitted = Basis(SUBMITTED, seen[-1]) if seen else None
    if approved is None or submitted is None or approved.version.pk == submitted.version.pk:
        return approved or submitted, None
    return (submitted, approved) if against == SUBMITTED else (approved, submitted)


def _before(basis: Basis, access: DocumentReviewAccess) -> dict[str, Any]:
    return told(read_content(basis.version.content), basis.version, access)[0]


def _standing(version: DeliverableVersion) -> DeliverableVersion | None:
    row = version.deliverable.versions.standing().defer("content", "record").first()
    if row:
        row.deliverable = version.deliverable
    return row


def findings_until(version: DeliverableVersion) -> list[ReviewFinding]:
    """Return the findings of this version and of all earlier ones: they travel along until they are closed. Two queries."""
    rows = ReviewFinding.objects.filter(version__deliverable=version.deliverable_id, version__number__lte=version.number)
    people = ("version", "answered_by", "raised_by", "closed_by")
    found = list(rows.select_related(*people).prefetch_related("attachments").defer("version__content", "version__record"))
    for row in found:
        row.version.deliverable = version.deliverable
    return found


def readable(found: Sequence[ReviewFinding], access: DocumentReviewAccess, withheld: Withheld) -> list[ReviewFinding]:
    """Return what the person may read: who wrote the document sees a review's findings once it is decided."""
    return [
        row for row in found if not withheld.holds(row.section, row.row) and (access.reads_review or not row.version.is_waiting)
    ]


def traveling(found: Sequence[ReviewFinding], version: DeliverableVersion) -> list[ReviewFinding]:
    """Return the findings of `version` and those of earlier ones that are not closed."""
    return [row for row in found if row.version_id == version.pk or row.state != FindingState.CLOSED]


def finding_rows(found: Sequence[ReviewFinding], version: DeliverableVersion, comparison: Comparison) -> list[FindingRow]:
    """Return findings with the words of their places, open ones first."""
    sections = {section.key: section for section in comparison.sections}
    order = list(FindingState.values)
    rows = [_finding_row(row, version, sections.get(row.section)) for row in found]
    return sorted(rows, key=lambda row: (order.index(row.finding.state), row.finding.pk))


def _finding_row(finding: ReviewFinding, version: DeliverableVersion, section: DocumentSection | None) -> FindingRow:
    row = next((one for one in section.rows if one.row == finding.row), None) if section and finding.row else None
    title = f"{section.number} {section.title}" if section else finding.section.replace("_", " ").capitalize()
    parts = [title]
    if row:
        parts.append(row.name[:60])
    if finding.version_id != version.pk:
        parts.append(f"version {finding.version.label}")
    url = f"#{anchor_of(section.key, row.row if row else '')}" if section else ""
    answer_url = review_address(version, "document-review-finding-answer", finding.pk)
    close_url = review_address(version, "document-review-finding-close", finding.pk)
    return FindingRow(finding, ", ".join(parts), url, answer_url, close_url)


def check_rows(content: Mapping[str, Any], comparison: Comparison) -> list[CheckRow]:
    """Return the automatic checks that were frozen with the content, failing ones first; nothing where none were made."""
    anchors = {row.anchor for section in comparison.sections for row in section.rows}
    anchors |= {anchor_of(section.key, "") for section in comparison.sections}
    rows = []
    for check in content.get("checks", ()):
        if check["holds"] is None and not check["sentence"]:
            continue  # there was nothing to check
        anchor = anchor_of(check["section"], check["row"])
        anchor = anchor if anchor in anchors else anchor_of(check["section"], "")
        url = f"#{anchor}" if anchor in anchors else ""
        rows.append(CheckRow(check["label"], "" if check["holds"] else check["sentence"], check["holds"], url))
    return sorted(rows, key=lambda row: ORDER.index(row.holds))


def _checklist(version: DeliverableVersion, review: Review | None) -> list[tuple[ChecklistItem, bool]]:
    holds = dict(ChecklistAnswer.objects.filter(review=review).values_list("item_id", "holds")) if review else {}
    return [(item, holds.get(item.pk, False)) for item in shown_items(version, holds)]


def _parts(review: Review | None) -> list[ReviewPart]:
    rows = ReviewPart.objects.filter(review=review).select_related("person", "acting_for")
    return list(rows) if review else []


def _stop(review: Review | None, parts: list[ReviewPart]) -> Stop | None:
    """Return how the route was stopped; where no part was cancelled, it was not, and nothing is asked."""
    return stop_of(review) if any(part.state == PartState.CANCELLED for part in parts) else None
