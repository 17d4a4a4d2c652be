"""The gate pack: everything that a gate is, or was, decided on, as one PDF."""

from __future__ import annotations

import datetime as dt
import json

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from governance.gate_pack import contents_of
from governance.gate_page import gate_page
from governance.gate_states import GateDecision
from governance.models import GateReview
from governance.paper_signing import SignaturePage, conditions_in, grouped, paper_signs, signed_until
from governance.stored_pdfs import printed
from pmo.lib import words

HOLDS = "The project stays in its phase; the gate comes back to the board."


def pack_of(review: GateReview, at: dt.datetime, *, shows_risks: bool) -> bytes:
    """Return the PDF of a gate that is not decided; the risks only for those who read the registers. Raises PdfUnavailable."""
    return printed(html_of(review, at, shows_risks=shows_risks))


def html_of(review: GateReview, at: dt.datetime | None = None, *, shows_risks: bool, copy: str = "") -> str:
    """Return the page that the pack is printed from. A decided one says the same for ever and needs no `at`.

    Without the risks it is abridged: the change requests and the documents in work are left out too.
    """
    made_at = review.decided_at or at
    assert made_at is not None
    digest = review.record_sha256
    foot = f"{review.project.code}, {review.get_gate_display()}   " + (
        f"digest {grouped(digest[:16], 4)}" if digest else f"as of {words.moment(made_at)}, not decided"
    )
    contents = contents_of(review, timezone.localdate(made_at))
    context = {
        "page": gate_page(review, timezone.localdate(made_at)),
        "contents": contents if shows_risks else contents.abridged(),
        "review": review,
        "project": review.project,
        "shows_risks": shows_risks,
        "made_at": made_at,
        "foot": foot,
        "signing": _signing(review) if digest else None,
        "copy": copy,
        "city": settings.CITY_NAME,
        "office": settings.OFFICE_NAME,
        "base_url": settings.BASE_URL,
    }
    return render_to_string("governance/pdf/gate.html", context)


def _signing(review: GateReview) -> SignaturePage:
    decision = review.get_decision_display()
    return SignaturePage(
        kicker=f"{review.project.code} {review.project.name}, {review.get_gate_display()}, review {review.number}",
        meaning_head="What the decision means",
        meaning=f"{decision}. {_meaning(review)}",
        rows=paper_signs(signed_until(review)),
        digest=review.record_sha256,
        conditions=conditions_in(json.loads(review.record)),
    )


def _meaning(review: GateReview) -> str:
    """Return what the decision did to the project, as it was on that day."""
    if review.decision == GateDecision.HOLD:
        return HOLDS
    if review.decision == GateDecision.STOP:
        return "The project goes no further."
    if review.phase_after == review.phase_before:
        return f"The gate is passed; the project stays in {review.get_phase_after_display()}."
    return (
        f"The gate is passed; the project moves from {review.get_phase_before_display()} to {review.get_phase_after_display()}."
    )
