"""PDFs that are built once and kept byte for byte: the low level, which knows nothing of what stands on the pages."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib.metadata import version as version_of
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from governance import sealing
from governance.models import StoredPdf
from governance.states import Copy
from pmo.lib.pdf import render_pdf
from pmo.lib.pdf_signs import drawn_in_full

READABLE, LASTING = "pdf/ua-1", "pdf/a-3u"


def kept(subject: Any, edition: str, html: Callable[[], str], *, is_abridged: bool = False, reason: str = "") -> StoredPdf:
    """Return a stored PDF of a decided thing, built from `html` now if there is none. A second builder does no harm.

    A record copy is sealed for `reason`. Raises PdfUnavailable, KeyUnusable.
    """
    place = {
        subject.sign_field: subject,
        "record_sha256": subject.record_sha256,
        "edition": edition,
        "is_abridged": is_abridged,
    }
    stored = StoredPdf.objects.filter(**place).first()
    return stored or _store(place, *_built(edition, html(), reason))


def _built(edition: str, html: str, reason: str) -> tuple[bytes, str]:
    file, made_with = printed(html, edition), f"WeasyPrint {version_of('weasyprint')}"
    if edition == Copy.RECORD and sealing.can_seal():
        return sealing.seal(file, reason=reason), f"{made_with}, sealed with {sealing.made_with()}"
    return file, made_with


def _store(place: dict[str, Any], file: bytes, made_with: str) -> StoredPdf:
    values = {"file": file, "sha256": hashlib.sha256(file).hexdigest(), "built_at": timezone.now(), "built_with": made_with}
    try:
        with transaction.atomic():
            return StoredPdf.objects.create(**place, **values)
    except IntegrityError:
        # Another process was quicker; what it stored is what counts.
        return StoredPdf.objects.get(**place)


def printed(html: str, edition: str = Copy.READING) -> bytes:
    """Return the PDF of a page of ours. Raises PdfUnavailable."""
    variant = LASTING if edition == Copy.RECORD else READABLE
    return drawn_in_full(lambda page: render_pdf(page, variant=variant), html)
