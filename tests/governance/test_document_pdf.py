"""The PDFs of a document: what they say, that the copies stay the same for ever, who reads them, what is withheld."""

from __future__ import annotations

import datetime as dt
import hashlib
import re

import pytest
from django.urls import reverse

from governance.document_pdf import html_of, print_of
from governance.documents.drafting import start_document
from governance.documents.paper import paper_of
from governance.models import DeliverableVersion, StoredPdf
from governance.pdf_digest import marked_digest
from governance.record_copies import copy_of, copy_words, ensure_copies
from governance.sealing import read_seal
from governance.states import Copy
from governance.stored_pdfs import printed
from pmo.lib.errors import Refused
from tests.governance.pages import signed_in
from tests.governance.stories import NOON
from tests.governance.written import a_condition, a_document, a_submitted_document, an_approved_document, bought, review_all
from tests.poppler import told

pytestmark = [pytest.mark.pdf, pytest.mark.django_db]
HOUR = dt.timedelta(hours=1)
RICH = """# Why now

The clerks retype **310 forms** a week; see [the study](https://example.org/study).

## Who is affected

- the clerks of both courts
- every applicant <script>alert(1)</script>

1. Scan
2. Check

| Court | Forms |
|---|---|
| First | 190 |

> Nobody should type twice.
"""


@pytest.fixture(autouse=True)
def _own_var(settings, tmp_path) -> None:
    settings.VAR_DIR = tmp_path


def text_of(file: bytes) -> str:
    return " ".join(told(["pdftotext", "-layout", "FILE", "-"], bytes(file)).split())


def failed_rules(file: bytes, profile: str) -> list[str]:
    page = pytest.importorskip("page")
    report = page.validate_pdf_bytes(bytes(file), profile=getattr(page.ValidationProfile, profile))
    failed = [failure.rule_id for failure in report.failures]
    return [rule for rule in failed if not (rule.endswith("STREAM-LENGTH-001") and lengths_are_right(bytes(file)))]


def lengths_are_right(file: bytes) -> bool:
    """Return whether each stream is as long as it says, up to the line feed before its end.

    Compressed data end in a carriage return now and then, which the validator counts with the line feed as one end of line.
    """
    streams = list(re.finditer(rb"/Length (\d+)\b(?:(?!endobj).)*?>>\s*stream\r?\n", file, re.DOTALL))
    ends = [file[found.end() + int(found[1]) :][:10] for found in streams]
    return len(ends) == len(re.findall(rb"\nendstream\b", file)) and set(ends) == {b"\nendstream"}


def test_a_stream_that_is_not_as_long_as_it_says_is_told_from_one_that_ends_in_a_carriage_return() -> None:
    def file(length: int) -> bytes:
        return b"1 0 obj\n<</Length %d>>\nstream\nab\r\nendstream\nendobj" % length

    assert [length for length in range(1, 6) if lengths_are_right(file(length))] == [3]


def pdf_address(version, name: str = "document-pdf") -> str:
    deliverable = version.deliverable
    kind = deliverable.kind.replace("_", "-")
    return reverse(f"governance:{name}", args=[deliverable.project.code, kind, version.number])


def approved_on_conditions(project, pia, tess, sam) -> DeliverableVersion:
    version = a_submitted_document(project, problem=RICH)
    review_all(version, by=pia, at=NOON)
    version.approve_with_conditions(by=pia, at=NOON + HOUR, conditions=[a_condition(tess, sam)])
    return version


def test_an_approved_document_carries_cover_sections_and_signatures(alpha, pia, tess, sam) -> None:
    version = approved_on_conditions(alpha, pia, tess, sam)
    text = text_of(copy_of(version, Copy.READING).file)
    for words in (
        "City of Port Ansel",
        "Project definition document",
        "P-1001 Alpha",
        "Version 1.0",
        "Approved with conditions",
        "Approved by Pia Orlov, PMO manager",
        "planning may begin on this basis",
        "Revision history",
        "1.3 Objectives",
        "310 forms",
        "Signatures",
        "The vendor's test report is filed.",
        "Tess Moreau",
        "Page 1 of",
    ):
        assert words in text, words
    assert version.record_sha256[:4] in text
    declared = "I approve project definition document of P-1001, version 1.0, on the conditions recorded here."
    assert declared in html_of(paper_of(version))


def test_both_copies_carry_the_same_digest_and_the_same_signatures(alpha, pia, tess, sam) -> None:
    version = approved_on_conditions(alpha, pia, tess, sam)
    copies = ensure_copies(version)
    assert {marked_digest(bytes(row.file)) for row in copies.values()} == {version.record_sha256}
    said = [text_of(row.file).split("Who signed")[1].split("This copy")[0] for row in copies.values()]
    assert said[0] == said[1]


@pytest.mark.parametrize("kind", ["definition", "execution_plan"])
def test_the_reading_copy_is_readable_by_machine_and_the_record_copy_keeps(kind, alpha, pia) -> None:
    version = an_approved_document(alpha, kind, by=pia, **({"problem": RICH} if kind == "definition" else {}))
    copies = ensure_copies(version)
    assert failed_rules(copies["reading"].file, "PDF_UA_1") == []
    assert failed_rules(copies["record"].file, "PDF_A_3U") == []


def test_the_record_copy_is_sealed_and_one_changed_byte_breaks_the_seal(alpha, pia) -> None:
    copies = ensure_copies(an_approved_document(alpha, by=pia))
    file = bytes(copies["record"].file)
    seal = read_seal(file)
    assert seal is not None
    assert (seal.is_intact, seal.is_ours) == (True, True)
    place = file.index(b"sha256:") + 10
    changed = file[:place] + bytes([file[place] ^ 1]) + file[place + 1 :]
    altered = read_seal(changed)
    assert altered is None or not altered.is_intact
    grown = read_seal(file + b"\n% more")
    assert grown is None or not grown.is_intact
    assert read_seal(bytes(copies["reading"].file)) is None


def test_the_copies_are_stored_once_and_never_change(alpha, pia) -> None:
    version = an_approved_document(alpha, by=pia)
    first, again = ensure_copies(version), ensure_copies(version)
    assert [first[copy].pk for copy in Copy.values] == [again[copy].pk for copy in Copy.values]
    assert all(hashlib.sha256(row.file).hexdigest() == row.sha256 for row in first.values())
    alpha.name = "Another name"
    alpha.save()
    following = start_document(alpha, "definition", by=alpha.project_manager, at=NOON + 24 * HOUR, change_summary="Dates.")
    following.submit(by=alpha.project_manager, at=NOON + 25 * HOUR)
    review_all(following, by=pia, at=NOON + 25 * HOUR)
    following.approve(by=pia, at=NOON + 26 * HOUR, terms={})
    later = DeliverableVersion.objects.get(pk=version.pk)
    assert later.state == "superseded"
    assert printed(html_of(paper_of(later), copy_words(Copy.READING))) == bytes(first["reading"].file)
    assert "Dates." in text_of(copy_of(following, Copy.READING).file)
    assert StoredPdf.objects.count() == 3


def test_a_draft_says_that_it_binds_nobody_and_has_no_signatures(alpha, max) -> None:
    version = a_document(alpha, problem=RICH)
    file = print_of(version)
    text = text_of(file)
    assert "Draft, not approved" in text
    assert "Who signed" not in text
    assert failed_rules(file, "PDF_UA_1") == []
    assert not StoredPdf.objects.exists()
    with pytest.raises(Refused) as refused:
        copy_of(version, Copy.RECORD)
    assert refused.value.code == "not_decided"


def test_what_was_typed_runs_nowhere(alpha) -> None:
    html = html_of(paper_of(a_document(alpha, problem=RICH)))
    assert "<script" not in html
    assert "<strong>310 forms</strong>" in html


def test_rows_wait_for_their_award_and_the_pdf_says_how_many(alpha, pia) -> None:
    rows = [
        {
            "row": "one",
            "cells": bought("Scanner lease", limit="777123"),
        },
        {
            "row": "two",
            "cells": {
                "item": "Court software",
                "method": "RFP",
                "contract_type": "Fixed",
                "lead_time": "8",
                "awarded_on": "2026-10-01",
            },
        },
    ]
    text = text_of(copy_of(an_approved_document(alpha, "execution_plan", by=pia, procurement=rows), Copy.READING).file)
    assert "Court software" in text
    assert "Scanner lease" not in text
    assert "777,123" not in text
    assert "1 row withheld until the contract is awarded." in text


def test_a_table_of_many_rows_repeats_its_head_and_loses_no_row(alpha) -> None:
    rows = [{"row": f"r{n}", "cells": {"item": f"Thing {n:03}", "note": "As agreed"}} for n in range(500)]
    text = text_of(print_of(a_document(alpha, in_scope=rows)))
    assert all(f"Thing {n:03}" in text for n in range(500))
    assert text.count("What Note") > 5


def test_pages_serve_what_each_person_may_read(alpha, beta, pia, max, bea, olaf, stella) -> None:
    version = an_approved_document(alpha, by=pia)
    reply = signed_in(bea).get(pdf_address(version))
    assert (reply.status_code, reply["Content-Type"]) == (200, "application/pdf")
    assert reply.content == bytes(copy_of(version, Copy.READING).file)
    record = signed_in(max).get(pdf_address(version, "document-record-pdf"))
    assert record.content == bytes(copy_of(version, Copy.RECORD).file)
    assert "P-1001-definition-1.0-record.pdf" in record["Content-Disposition"]
    for person in (olaf, stella):
        assert signed_in(person).get(pdf_address(version)).status_code == 404


def test_a_draft_is_printed_for_its_writers_and_has_no_record_copy(alpha, beta, max, bea) -> None:
    version = a_document(alpha)
    assert signed_in(max).get(pdf_address(version)).status_code == 200
    assert signed_in(max).get(pdf_address(version, "document-record-pdf")).status_code == 404
    assert signed_in(bea).get(pdf_address(version)).status_code == 404


def test_production_without_a_key_seals_nothing_and_says_so(alpha, pia, settings) -> None:
    settings.PRODUCTION = True
    file = copy_of(an_approved_document(alpha, by=pia), Copy.RECORD).file
    assert read_seal(bytes(file)) is None
    assert "Record copy, not sealed" in text_of(file)
