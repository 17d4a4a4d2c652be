"""A change request on paper: what was asked for, by which size who decided, and the signature record."""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string

from governance.change_page import ChangePage
from governance.report_pdf import printed
from pmo.lib import words


def pdf_of_change(page: ChangePage) -> bytes:
    """Return the tagged PDF of a request as it stands. Raises PdfUnavailable."""
    change = page.change
    digest = change.record_sha256
    moved_at = change.decided_at or change.assessed_at or change.submitted_at or change.requested_at
    stands = f"{change.get_state_display().lower()}, {words.moment(moved_at)}"
    foot = f"{change.code}   {stands}   digest {digest[:16] or words.MISSING}"
    context = {
        "page": page,
        "change": change,
        "city": settings.CITY_NAME,
        "office": settings.OFFICE_NAME,
        "base_url": settings.BASE_URL,
        "foot": foot,
        "moved_at": moved_at,
        "digest_lines": [digest[start : start + 32] for start in range(0, len(digest), 32)],
    }
    return printed(render_to_string("governance/pdf/change.html", context))
