"""A report that is not accepted yet, as stakeholders would see it if it were accepted as it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from governance.publication import PublicReport, published_record
from governance.states import Letter
from pmo.roles import Role


def as_if_accepted(
    content: Mapping[str, Any],
    *,
    at: dt.datetime,
    office: Mapping[str, Mapping[str, str]] | None = None,
    withheld: Iterable[str] = (),
) -> PublicReport:
    """Return the public side of `content`. Without the office's ratings, those of the project manager stand in for them."""
    ratings = {
        row["dimension"]: {"letter": row["pm"] or Letter.GREY.value, "reason": "" if row["pm"] else "Not rated yet."}
        for row in content["ratings"]
    }
    record = {
        "content": content,
        "office": {**ratings, **(office or {})},
        "withheld": list(withheld),
        "decision": {"decided_at": at, "role": Role.PMO_MANAGER.value},
    }
    return published_record(record)
