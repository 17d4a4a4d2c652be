"""The gate pack: everything that a gate is, or was, decided on, as one PDF."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from governance.gate_page import gate_page
from governance.models import GateReview
from pmo.lib import words
from pmo.lib.pdf import render_pdf
from pmo.lib.pdf_signs import drawn_in_full


def pack_of(review: GateReview, at: dt.datetime, *, shows_risks: bool) -> bytes:
    """Return the PDF of a gate review; the risks only for those who read the registers. Raises PdfUnavailable."""
    return drawn_in_full(render_pdf, html_of(review, at, shows_risks=shows_risks))


def html_of(review: GateReview, at: dt.datetime, *, shows_risks: bool) -> str:
    """Return the page that the pack is printed from. A decided one says the same for ever."""
    made_at = review.decided_at or at
    digest = review.record_sha256
    foot = f"{review.project.code}, {review.get_gate_display()}   " + (
        f"digest {digest[:16]}" if digest else f"as of {words.moment(made_at)}, not decided"
    )
    context = {
        "page": gate_page(review, timezone.localdate(at)),
        "review": review,
        "project": review.project,
        "shows_risks": shows_risks,
        "made_at": made_at,
        "foot": foot,
        "digest_lines": [digest[start : start + 32] for start in range(0, len(digest), 32)],
        "city": settings.CITY_NAME,
        "office": settings.OFFICE_NAME,
        "base_url": settings.BASE_URL,
    }
    return render_to_string("governance/pdf/gate.html", context)
