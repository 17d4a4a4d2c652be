"""Short ways to the office's pages in a test client: who is signed in, freshly or long ago, and where things are."""

from __future__ import annotations

import time
from typing import Any

from django.test import Client
from django.urls import reverse

from governance.models import DeliverableVersion

HOUR_SECONDS = 3600


def signed_in(person: Any, *, seconds_ago: float = 0) -> Client:
    """Return a client signed in as `person`, whose password was given `seconds_ago`."""
    client = Client()
    client.force_login(person)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - seconds_ago}]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return client


def long_signed_in(person: Any) -> Client:
    """Return a client whose sign-in no longer counts for signing."""
    return signed_in(person, seconds_ago=HOUR_SECONDS)


def review_address(version: DeliverableVersion, name: str = "review-detail", *more: Any) -> str:
    deliverable = version.deliverable
    return reverse(f"governance:{name}", args=[deliverable.project.code, deliverable.number, version.number, *more])


def typed(letter: str = "G", **fields: str) -> dict[str, str]:
    """Return what a reviewer sends who gives every dimension `letter`; `office_risk` names the field `office-risk`."""
    from governance.states import Dimension

    given = {f"office-{name}": letter for name in Dimension.values}
    given["reason-overall"] = "The dates are being agreed."  # a project without dates has grey evidence, so overall differs
    return {**given, **{name.replace("_", "-"): value for name, value in fields.items()}}
