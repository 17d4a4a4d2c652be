"""Rows of the access table: document reviews."""

from __future__ import annotations

from typing import Any

from tests.access_rows.base import MANAGES, OFFICE, PIA, Row, office_page

TITLE = "Reviews of documents"
#: Who reads a review in work: the office, who wrote the document, and the sponsor, who is asked about it.
READS = OFFICE | {"max", "tess", "sam"}
READ = Row(READS)


def _of(allow: frozenset[str], method: str = "GET") -> Row:
    return Row(allow, READS - allow, method)


RAISES = PIA | {"sam"}
ROWS: dict[str, Row] = {
    "governance:routes-edit": office_page(PIA),
    "governance:document-review": READ,
    "governance:document-review-notes": _of(PIA, "POST"),
    "governance:document-review-finding-new": _of(RAISES, "POST"),
    "governance:document-review-finding-close": _of(RAISES, "POST"),
    "governance:document-review-finding-reopen": _of(RAISES, "POST"),
    "governance:document-review-approve": _of(PIA),
    "governance:document-review-conditions": _of(PIA),
    "governance:document-review-return": _of(PIA),
    "governance:document-review-reject": _of(PIA),
    "governance:document-review-findings": READ,
    "governance:document-review-finding-answer": _of(MANAGES, "POST"),
    "governance:document-review-finding-attach": _of(PIA, "POST"),
    "governance:document-review-part": _of(RAISES),
    "governance:document-review-part-opinion": _of(RAISES, "POST"),
    "governance:document-review-part-reassign": _of(RAISES, "POST"),
    "governance:document-review-part-excuse": _of(RAISES, "POST"),
    "governance:document-review-part-remind": _of(RAISES, "POST"),
    "governance:document-review-stop": _of(PIA),
    "governance:document-review-sheet-xlsx": READ,
    "governance:document-review-sheet-pdf": READ,
}


def prepare(world: Any) -> None:
    """Let a definition come back once, its finding be answered, and the next version wait with a finding and its sponsor."""
    # The user guide reads the rows without Django, so the verbs are named here only.
    from governance.findings import answer_finding
    from tests.governance.stories import a_finding
    from tests.governance.written import a_submitted_document

    pia, max_ = world.people["pia"], world.people["max"]
    first = a_submitted_document(world.alpha, at=world.now)
    finding = a_finding(first, by=pia, at=world.now, section="objectives")
    first.return_for_rework(by=pia, at=world.now)
    answer_finding(finding, by=max_, text="The target is 10.", at=world.now)
    world.reviewed_document = a_submitted_document(world.alpha, at=world.now)
    world.answered_finding = finding
    world.new_finding = a_finding(world.reviewed_document, by=pia, at=world.now, section="objectives")
    world.review_part = world.reviewed_document.reviews.get().parts.get(seat="sponsor")


def arguments(world: Any, name: str) -> dict[str, Any]:
    finding = world.new_finding if name.endswith("-attach") else world.answered_finding
    return {
        "code": world.alpha.code,
        "kind": "definition",
        "version": world.reviewed_document.number,
        "finding": finding.pk,
        "part": world.review_part.pk,
    }
