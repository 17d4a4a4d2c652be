"""The PDFs of a document: two copies of an approved version, built once and kept; any other version is printed as it stands.

The reading copy is PDF/UA-1, for everybody, screen readers included. The record copy is PDF/A-3u and sealed: a signature breaks
rules of PDF/UA, so that one file cannot be both. Both carry the same digest and the same page of signatures.
"""

from __future__ import annotations

import hashlib
from importlib.metadata import version as version_of

from django.conf import settings
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from governance import sealing
from governance.documents.paper import DECIDED, DocumentPaper, paper_of
from governance.models import DeliverableVersion, StoredPdf
from governance.states import Copy
from pmo.lib.errors import Refused
from pmo.lib.pdf import render_pdf
from pmo.lib.pdf_signs import drawn_in_full

VARIANT = {Copy.READING: "pdf/ua-1", Copy.RECORD: "pdf/a-3u"}


def ensure_copies(version: DeliverableVersion) -> dict[str, StoredPdf]:
    """Return both copies of an approved version, built now if need be. Raises as `copy_of`."""
    return {copy: copy_of(version, copy) for copy in Copy.values}


def copy_of(version: DeliverableVersion, copy: str) -> StoredPdf:
    """Return one copy of an approved version, built now if it is not stored yet. A second builder does no harm.

    Raises Refused(`not_approved`), PdfUnavailable, KeyUnusable.
    """
    stored = StoredPdf.objects.filter(version=version, edition=copy).first()
    return stored or _build(version, copy)


def print_of(version: DeliverableVersion) -> bytes:
    """Return a version in work as a PDF that says so; nothing is kept. Raises PdfUnavailable."""
    return printed(html_of(paper_of(version), Copy.READING), Copy.READING)


def _build(version: DeliverableVersion, copy: str) -> StoredPdf:
    if version.state not in DECIDED:
        raise Refused("Only an approved version has a record copy. Until then it can be printed as a draft.", "not_approved")
    file, made_with = printed(html_of(paper_of(version), copy), copy), f"WeasyPrint {version_of('weasyprint')}"
    if copy == Copy.RECORD and sealing.can_seal():
        file = sealing.seal(file, reason=f"Record copy of {file_name(version, copy)}")
        made_with += f", sealed with {sealing.made_with()}"
    values = {"file": file, "sha256": hashlib.sha256(file).hexdigest(), "built_at": timezone.now(), "built_with": made_with}
    try:
        with transaction.atomic():
            return StoredPdf.objects.create(version=version, edition=copy, **values)
    except IntegrityError:
        # Another process was quicker; what it stored is what counts.
        return StoredPdf.objects.get(version=version, edition=copy)


def printed(html: str, copy: str) -> bytes:
    """Return the PDF of a page of ours. Raises PdfUnavailable."""
    return drawn_in_full(lambda page: render_pdf(page, variant=VARIANT[Copy(copy)]), html)


def html_of(paper: DocumentPaper, copy: str) -> str:
    """Return the page that one copy is printed from. Raises KeyUnusable for a record copy where the key cannot be read."""
    context = {
        "paper": paper,
        "copy": copy_words(copy),
        "city": settings.CITY_NAME,
        "office": settings.OFFICE_NAME,
        "base_url": settings.BASE_URL,
    }
    return render_to_string("governance/paper/document.html", context)


def copy_words(copy: str) -> str:
    """Return what this copy is, and what else there is."""
    if copy == Copy.READING:
        return "Reading copy, made to be read aloud by machines too. It is not sealed; the record copy is for the files."
    if not sealing.can_seal():
        return "Record copy, not sealed: this installation has no signing key. Verify it by its digest."
    return f"Record copy, sealed electronically by {sealing.signer_name()}. One changed byte breaks the seal."


def file_name(version: DeliverableVersion, copy: str) -> str:
    """Return the name under which a person saves it: `P-2215-definition-1.0-record.pdf`."""
    record = "-record" if copy == Copy.RECORD else ""
    kind = version.deliverable.kind.replace("_", "-")
    return f"{version.deliverable.project.code}-{kind}-{version.label}{record}.pdf"
