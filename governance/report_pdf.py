"""A status report as the page that its PDFs are printed from."""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string

from governance.models import DeliverableVersion
from governance.report_paper import paper_of


def html_of(version: DeliverableVersion, edition: str, copy: str = "") -> str:
    """Return the page of one edition; `copy` says which copy it is."""
    context = {
        "paper": paper_of(version, edition),
        "copy": copy,
        "city": settings.CITY_NAME,
        "office": settings.OFFICE_NAME,
        "base_url": settings.BASE_URL,
    }
    return render_to_string("governance/pdf/report.html", context)
