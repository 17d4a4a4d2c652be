"""What `manage.py check` says about this machine."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Warning, register

from pmo.lib.pdf import NO_PANGO, pango_is_found


@register("pdf")
def pdf_can_be_made(**_: Any) -> list[CheckMessage]:
    """Warn where PDFs cannot be made; everything else works without them."""
    return [] if pango_is_found() else [Warning(NO_PANGO, id="pmo.W001")]
