"""What `manage.py check` says about this machine."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils import timezone

from governance import sealing
from pmo.lib.pdf import NO_PANGO, pango_is_found


@register("pdf")
def pdf_can_be_made(**_: Any) -> list[CheckMessage]:
    """Warn where PDFs cannot be made; everything else works without them."""
    return [] if pango_is_found() else [Warning(NO_PANGO, id="pmo.W001")]


#: So many days before its end the office is told, because a city's certificate is not had in a day.
SOON = 30


@register("signing")
def the_citys_key_works(**_: Any) -> list[CheckMessage]:
    """Refuse to run with a signing key that cannot be used: decisions would stay without their sealed copies, unseen.

    The self-made key of one's own machine is made when it is first needed, so there is nothing to look at.
    """
    if not settings.SIGNING_KEY_FILE:
        return []
    problem = sealing.key_note()
    if problem:
        return [Error(problem, hint="See “The key that seals record copies” in the administrator's guide.", id="pmo.E001")]
    left = sealing.days_left(timezone.now())
    if left is not None and left < SOON:
        return [Warning(f"The certificate of the signing key ends in {left} days.", id="pmo.W002")]
    return []
