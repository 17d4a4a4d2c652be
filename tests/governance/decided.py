"""One decided thing of each kind, by name, and everything that can be done to its PDF."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from governance.models import StoredPdf
from governance.record_copies import copy_of, ensure_copies
from tests.factories import make_user
from tests.governance.changed import an_approved_change, with_baseline
from tests.governance.gated import a_passed
from tests.governance.stories import an_accepted
from tests.governance.written import an_approved_document


def a_decided_change(project: Any, by: Any) -> Any:
    project.sponsor = project.sponsor or make_user("Sid Sponsor")
    return an_approved_change(with_baseline(project), assessor=by, decider=project.sponsor)


KINDS: dict[str, Callable[[Any, Any], Any]] = {
    "report": lambda project, by: an_accepted(project, by=by),
    "document": lambda project, by: an_approved_document(project, by=by),
    "gate": lambda project, by: a_passed(project, by=by),
    "change": a_decided_change,
}


def every_copy(subject: Any) -> list[StoredPdf]:
    """Return each PDF that is kept of a decided thing, the abridged ones too."""
    made = {row.pk: row for row in ensure_copies(subject).values()}
    for copy in ("reading", "record"):
        row = copy_of(subject, copy, abridged=True)
        made[row.pk] = row
    return list(made.values())


def flipped(file: bytes, place: int, bit: int = 1) -> bytes:
    return file[:place] + bytes([file[place] ^ bit]) + file[place + 1 :]


def places(file: bytes, count: int = 52) -> list[int]:
    """Return places all over a file: the first and the last byte, and what lies evenly between."""
    return sorted({round(step * (len(file) - 1) / (count - 1)) for step in range(count)})
