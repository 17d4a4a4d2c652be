"""A document as the page that its PDFs are printed from; a version in work is printed as it stands, and says so."""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string

from governance.documents.paper import DocumentPaper, paper_of
from governance.models import DeliverableVersion
from governance.stored_pdfs import printed


def print_of(version: DeliverableVersion) -> bytes:
    """Return a version in work as a PDF that says so; nothing is kept. Raises PdfUnavailable."""
    return printed(html_of(paper_of(version)))


def html_of(paper: DocumentPaper, copy: str = "") -> str:
    """Return the page; `copy` says what the copy is, where it is one that is kept."""
    context = {
        "paper": paper,
        "copy": copy,
        "city": settings.CITY_NAME,
        "office": settings.OFFICE_NAME,
        "base_url": settings.BASE_URL,
    }
    return render_to_string("governance/paper/document.html", context)
