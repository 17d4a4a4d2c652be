"""The two copies of everything that was decided: one to read, one sealed for the files, built once and kept.

The reading copy is PDF/UA-1, for everybody, screen readers included. The record copy is PDF/A-3u and sealed: a signature breaks
rules of PDF/UA, so that one file cannot be both. Both carry the same digest and the same page of signatures. Where some readers
of a page may not read all of it, each copy also exists abridged: a report for stakeholders, a gate without the risks and
without what is in work, a change without the amounts.
"""

from __future__ import annotations

import json
from functools import partial

from governance import change_paper, document_pdf, gate_paper, report_pdf, sealing
from governance.change_facts import DECIDED as DECIDED_CHANGES
from governance.documents.confidential import holds_back, said_on
from governance.gate_states import GateState
from governance.models import DeliverableVersion, GateReview, StoredPdf
from governance.signed_things import Signed
from governance.states import STANDING_STATES, Copy, Edition, Kind, VersionState
from governance.stored_pdfs import kept
from pmo.lib.errors import Refused

LEFT_OUT_OF_GATES = "Risks, change requests and documents in work are left out: not every reader of a gate reads them."
DECIDED_VERSIONS = (*STANDING_STATES, VersionState.SUPERSEDED)


def ensure_copies(subject: Signed) -> dict[str, StoredPdf]:
    """Return by edition the copies that are built without being asked for, built now if need be. Raises as `copy_of`."""
    copies = [copy_of(subject, copy) for copy in Copy]
    if _is_report(subject):
        copies.append(copy_of(subject, Copy.READING, abridged=True))
    return {str(row.edition): row for row in copies}


def copy_of(subject: Signed, copy: str, *, abridged: bool = False) -> StoredPdf:
    """Return one copy of what was decided, built now if it is not stored yet. A second builder does no harm.

    Raises Refused(`not_decided`), PdfUnavailable, KeyUnusable.
    """
    if not is_decided(subject):
        raise Refused("Only what is decided has a PDF that is kept. Until then it can be printed as it stands.", "not_decided")
    abridged = abridged and can_be_abridged(subject)
    html = partial(html_of, subject, copy, abridged=abridged)
    if _is_report(subject) and copy == Copy.READING:
        return kept(subject, Edition.PUBLIC if abridged else Edition.OFFICE, html)
    return kept(
        subject, copy, html, is_abridged=abridged, reason=f"Record copy of {file_name(subject, copy, abridged=abridged)}"
    )


def office_edition_of(version: DeliverableVersion) -> StoredPdf:
    """Return the edition of a decided document that leaves no confidential row out, built now if nobody asked before.

    It is stored beside the copies for everybody and never in their place. Who may read it is the caller's question.
    Raises Refused: `not_decided`, `nothing_withheld`; PdfUnavailable.
    """
    if not has_office_edition(version):
        if not is_decided(version):
            raise Refused("Only what is decided has an edition for the office.", "not_decided")
        raise Refused("Nothing is left out of the reading copy, so there is no edition for the office.", "nothing_withheld")
    words = (
        f"{Edition.WHOLE.label}. It is made to be read aloud by machines too, and is not sealed. "
        "The copies for everybody leave these rows out and name the same record."
    )
    return kept(version, Edition.WHOLE, lambda: document_pdf.html_of(document_pdf.paper_of(version, is_whole=True), words))


def has_office_edition(version: DeliverableVersion) -> bool:
    """Return whether a document was decided of which the copies for everybody leave something out. No query."""
    if _is_report(version) or not is_decided(version):
        return False
    return holds_back(json.loads(version.record)["content"], said_on(version))


def is_decided(subject: Signed) -> bool:
    """Return whether there is a record that copies can be built from. An imported gate has none."""
    if isinstance(subject, DeliverableVersion):
        return subject.state in DECIDED_VERSIONS
    if isinstance(subject, GateReview):
        return subject.state == GateState.DECIDED and bool(subject.record)
    return subject.state in DECIDED_CHANGES and bool(subject.record)


def can_be_abridged(subject: Signed) -> bool:
    """Return whether the copies differ by reader. A document leaves the same rows out of every copy."""
    return not isinstance(subject, DeliverableVersion) or _is_report(subject)


def _is_report(subject: Signed) -> bool:
    return isinstance(subject, DeliverableVersion) and subject.deliverable.kind == Kind.STATUS_REPORT


def html_of(subject: Signed, copy: str, *, abridged: bool) -> str:
    """Return the page that a copy is printed from. Raises KeyUnusable for a record copy where the key cannot be read."""
    if isinstance(subject, GateReview):
        words = copy_words(copy, LEFT_OUT_OF_GATES if abridged else "")
        return gate_paper.html_of(subject, shows_risks=not abridged, copy=words)
    if not isinstance(subject, DeliverableVersion):
        words = copy_words(copy, "The amounts are left out: not every reader of a request reads them." if abridged else "")
        return change_paper.html_of(subject, shows_money=not abridged, copy=words)
    if _is_report(subject):
        return report_pdf.html_of(subject, Edition.PUBLIC if abridged else Edition.OFFICE, copy=copy_words(copy))
    return document_pdf.html_of(document_pdf.paper_of(subject), copy_words(copy))


def copy_words(copy: str, left_out: str = "") -> str:
    """Return what this copy is, what else there is, and what is left out of it."""
    if copy == Copy.READING:
        said = "Reading copy, made to be read aloud by machines too. It is not sealed; the record copy is for the files."
    elif not sealing.can_seal():
        said = "Record copy, not sealed: this installation has no signing key. Verify it by its digest."
    else:
        said = f"Record copy, sealed electronically by {sealing.signer_name()}. One changed byte breaks the seal."
    return f"{said} {left_out}".strip()


def file_name(subject: Signed, copy: str = Copy.READING, *, abridged: bool = False) -> str:
    """Return the name under which a person saves it: `P-2215-definition-1.0-record.pdf`."""
    cut = ("-public" if _is_report(subject) else "-abridged") if abridged and can_be_abridged(subject) else ""
    return f"{_stem(subject)}{cut}{'-record' if copy == Copy.RECORD else ''}.pdf"


def office_file_name(version: DeliverableVersion) -> str:
    """Return the name under which a person saves the edition for the office: `P-2215-execution-plan-1.0-office.pdf`."""
    return f"{_stem(version)}-office.pdf"


def _stem(subject: Signed) -> str:
    if isinstance(subject, GateReview):
        return f"{subject.project.code}-{subject.gate}-{subject.number}"
    if not isinstance(subject, DeliverableVersion):
        return subject.code
    deliverable = subject.deliverable
    if _is_report(subject):
        return f"{deliverable.project.code}-report-{deliverable.number}-v{subject.number}"
    return f"{deliverable.project.code}-{deliverable.kind.replace('_', '-')}-{subject.label}"
