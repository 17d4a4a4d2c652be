"""What a browser would send of the report's form."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse

from governance.drafting import form_for
from governance.models import DeliverableVersion, StatusReport


def sent(version: DeliverableVersion, **changes: Any) -> dict[str, Any]:
    """Return the fields of the form as it opens now, with `changes` typed (`__` stands for the dash in a name)."""
    form = form_for(version)
    fields: dict[str, Any] = {"revision": form.report.revision}
    for name, value in form.stored().items():
        if value is True:
            fields[name] = "on"
        elif value not in (None, False):
            fields[name] = value.isoformat() if isinstance(value, dt.date) else value
    return {**fields, **{name.replace("__", "-"): value for name, value in changes.items()}}


def address(name: str, version: DeliverableVersion, *more: object) -> str:
    deliverable = version.deliverable
    return reverse(f"governance:{name}", args=[deliverable.project.code, deliverable.number, *more])


def report_of(version: DeliverableVersion) -> StatusReport:
    """Return the stored report anew."""
    return StatusReport.objects.get(pk=version.status_report_id)
