"""The PDF of an accepted report: two editions, built once from the stored record, and their bytes kept with a digest."""

from __future__ import annotations

import hashlib
from importlib.metadata import version as version_of

from django.conf import settings
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from governance.models import DeliverableVersion, StoredPdf
from governance.report_paper import paper_of
from governance.states import STANDING_STATES, Edition, VersionState
from pmo.lib.errors import Refused
from pmo.lib.pdf import render_pdf
from pmo.lib.pdf_signs import drawn_in_full

PRINTED_STATES = (*STANDING_STATES, VersionState.SUPERSEDED)


def ensure_pdfs(version: DeliverableVersion) -> dict[str, StoredPdf]:
    """Return both editions of an accepted version, built now if need be. A second builder at the same moment does no harm.

    Raises Refused(`not_accepted`), PdfUnavailable.
    """
    return {edition: pdf_of(version, edition) for edition in Edition.values}


def pdf_of(version: DeliverableVersion, edition: str) -> StoredPdf:
    """Return one edition of an accepted version, built now if it is not stored yet. Raises as `ensure_pdfs`."""
    stored = StoredPdf.objects.filter(version=version, edition=edition).first()
    return stored or _build(version, edition)


def _build(version: DeliverableVersion, edition: str) -> StoredPdf:
    if version.state not in PRINTED_STATES:
        raise Refused("Only an accepted report has a PDF. Until then the page can be printed.", "not_accepted")
    file = printed(html_of(version, edition))
    values = {
        "file": file,
        "sha256": hashlib.sha256(file).hexdigest(),
        "built_at": timezone.now(),
        "built_with": f"WeasyPrint {version_of('weasyprint')}",
    }
    try:
        with transaction.atomic():
            return StoredPdf.objects.create(version=version, edition=edition, **values)
    except IntegrityError:
        # Another process was quicker; what it stored is what counts.
        return StoredPdf.objects.get(version=version, edition=edition)


def printed(html: str) -> bytes:
    """Return the PDF of a page of ours. Raises PdfUnavailable."""
    return drawn_in_full(render_pdf, html)


def html_of(version: DeliverableVersion, edition: str) -> str:
    """Return the page that the PDF of one edition is printed from."""
    paper = paper_of(version, edition)
    context = {"paper": paper, "city": settings.CITY_NAME, "office": settings.OFFICE_NAME, "base_url": settings.BASE_URL}
    return render_to_string("governance/pdf/report.html", context)


def file_name(version: DeliverableVersion, edition: str) -> str:
    """Return the name under which a person saves it: `P-2215-report-83-v2.pdf`."""
    deliverable = version.deliverable
    public = "-public" if edition == Edition.PUBLIC else ""
    return f"{deliverable.project.code}-report-{deliverable.number}-v{version.number}{public}.pdf"
