"""The life of a document inside the review engine: what is frozen, what a decision settles, what follows from each act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from governance.clock import Office
from governance.documents.content import content_of, read_content
from governance.kinds import rules_for
from governance.models import DeliverableVersion, Document
from governance.periods import after_workdays
from governance.states import Decision
from governance.tasks import build_copies_after_commit
from pmo.lib.history import save_as


def freeze(document: Document, version: DeliverableVersion, *, by: Any, at: dt.datetime) -> dict[str, Any]:
    """Return the content to be frozen and close the sections against change."""
    content = content_of(document)
    document.is_frozen = True
    save_as(document, by=by, fields=["is_frozen"], reason="submitted")
    return content


def review_due_at(document: Document, at: dt.datetime) -> dt.datetime:
    """Return when the decision is due: so many working days by class after submission."""
    governance_class = document.project.governance_class
    office = Office.load(governance_class)
    days = rules_for(document.kind).review_days[governance_class]
    return after_workdays(at, days, office.calendar, office.zone)


def after_submission(document: Document, version: DeliverableVersion, *, by: Any, at: dt.datetime) -> None:
    """Nothing follows yet."""


def after_withdrawal(document: Document, version: DeliverableVersion, *, by: Any, at: dt.datetime) -> None:
    """Nothing follows yet."""


def weigh(document: Document, version: DeliverableVersion, decision: Decision, terms: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the decision adds to the record. Write nothing."""
    return {"conditions": list(terms.get("conditions", []))}


def settle(document: Document, decision: Decision, weighed: Mapping[str, Any], *, by: Any) -> None:
    """A decision changes nothing in the document itself."""


def after_decision(document: Document, version: DeliverableVersion, decision: Decision, *, by: Any, at: dt.datetime) -> None:
    """Have the copies for the files built."""
    if version.is_standing:
        build_copies_after_commit(version, at=at)


def fault(document: Document, version: DeliverableVersion) -> str:
    """Return where the stored sections no longer say what was frozen, or an empty string."""
    frozen, now = read_content(version.content), content_of(document)
    stored = {section["key"]: (section["text"], section["rows"]) for section in now["sections"]}
    changed = [
        section["title"] for section in frozen["sections"] if stored.get(section["key"]) != (section["text"], section["rows"])
    ]
    return f"Sections were changed after submission: {', '.join(changed)}." if changed else ""
