"""Serving the PDFs of what was decided: at an address beside the page, to whoever reads the page."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from governance.record_copies import copy_of, file_name, is_decided
from governance.sealing import KeyUnusable
from governance.signed_things import Signed, describe
from governance.states import Copy
from pmo.lib.errors import Refused
from pmo.lib.pdf import PdfUnavailable


def serve_copy(request: HttpRequest, subject: Signed, copy: str, *, abridged: bool = False) -> HttpResponse:
    """Return the stored copy, built now if nobody asked before; where none can be built, go back to the page and say why."""
    try:
        stored = copy_of(subject, copy, abridged=abridged)
    except (Refused, PdfUnavailable, KeyUnusable) as error:
        return cannot_print(request, subject, error)
    return as_pdf(bytes(stored.file), file_name(subject, copy, abridged=abridged))


def serve_record_copy(request: HttpRequest, subject: Signed, *, abridged: bool = False) -> HttpResponse:
    """Return the sealed copy; what is not decided has none."""
    if not is_decided(subject):
        raise Http404("Only what is decided has a record copy.")
    return serve_copy(request, subject, Copy.RECORD, abridged=abridged)


def as_pdf(file: bytes, name: str) -> HttpResponse:
    return HttpResponse(file, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})


def cannot_print(request: HttpRequest, subject: Signed, error: Exception) -> HttpResponse:
    messages.error(request, error.sentence if isinstance(error, Refused) else str(error))
    return redirect(describe(subject).url)
