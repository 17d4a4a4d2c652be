"""Rows of the access table: document reviews."""

from __future__ import annotations

from typing import Any

from governance.findings import answer_finding
from governance.states import Kind
from tests.access_rows.base import OFFICE, PIA, Row, office_page
from tests.governance.stories import a_finding
from tests.governance.written import a_submitted_document, deliverable

TITLE = "Reviews of documents"
#: Who reads a review in work: the office and who wrote the document. For everybody else it does not exist.
READS = OFFICE | {"max"}
READ = Row(READS)
DECIDES = Row(frozenset({"pia"}), READS - {"pia"}, "POST")
SIGNS = Row(frozenset({"pia"}), READS - {"pia"})
ANSWERS = Row(frozenset({"pia", "max"}), READS - {"pia", "max"}, "POST")
ROWS: dict[str, Row] = {
    "governance:routes-edit": office_page(PIA),
    "governance:document-review": READ,
    "governance:document-review-notes": DECIDES,
    "governance:document-review-finding-new": DECIDES,
    "governance:document-review-finding-close": DECIDES,
    "governance:document-review-finding-reopen": DECIDES,
    "governance:document-review-approve": SIGNS,
    "governance:document-review-conditions": SIGNS,
    "governance:document-review-return": SIGNS,
    "governance:document-review-reject": SIGNS,
    "governance:document-review-findings": READ,
    "governance:document-review-finding-answer": ANSWERS,
    "governance:document-review-sheet-xlsx": READ,
    "governance:document-review-sheet-pdf": READ,
}


def prepare(world: Any) -> None:
    """Let an execution plan come back once, its finding be answered, and the next version wait."""
    pia, max_ = world.people["pia"], world.people["max"]
    first = a_submitted_document(world.alpha, Kind.EXECUTION_PLAN, at=world.now)
    section = first.document.sections.first().section.key
    finding = a_finding(first, by=pia, at=world.now, section=section)
    first.return_for_rework(by=pia, at=world.now)
    answer_finding(finding, by=max_, text="The target is 10.", at=world.now)
    world.reviewed_document = a_submitted_document(world.alpha, Kind.EXECUTION_PLAN, at=world.now)
    world.document_finding = finding


def arguments(world: Any, name: str) -> dict[str, Any]:
    row = deliverable(world.alpha, Kind.EXECUTION_PLAN)
    return {
        "code": world.alpha.code,
        "kind": row.kind.replace("_", "-"),
        "version": world.reviewed_document.number,
        "finding": world.document_finding.pk,
    }
