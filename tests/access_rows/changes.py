"""Rows of the access table: changes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.access_rows.base import SEES_REGISTERS, Row, office_page

TITLE = "Change requests"
#: Who reads the change requests of ALPHA: whoever reads its registers, and finance, which judges the money.
READS = SEES_REGISTERS | {"fay"}
#: Who may ask for a change: the office and those who have a part in the project.
ASKS = frozenset({"pia", "max", "tess", "sam"})
WRITES = frozenset({"max"})


def of_change(allow: frozenset[str], method: str = "GET") -> Row:
    """A page or verb of a request of ALPHA, which max asked for and fay assessed; it waits for sam, the sponsor."""
    return Row(allow, READS - allow, method)


ROWS: dict[str, Row] = {
    **{f"governance:change-list{export}": office_page(READS | {"bea"}) for export in ("", "-csv", "-xlsx")},
    **{f"governance:change-room{export}": Row(READS, frozenset({"bea"})) for export in ("", "-csv", "-xlsx")},
    "governance:change-new": Row(ASKS, (READS | {"bea"}) - ASKS),
    "governance:change-detail": of_change(READS),
    "governance:change-pdf": of_change(READS),
    "governance:change-record-pdf": of_change(READS),
    "governance:change-edit": of_change(WRITES),
    "governance:change-submit": of_change(WRITES, "POST"),
    "governance:change-agree": of_change(WRITES, "POST"),
    "governance:change-assess": of_change(frozenset({"pia", "gina", "fay"}), "POST"),
    **{f"governance:change-{verb}": of_change(frozenset({"sam"}), "POST") for verb in ("approve", "reject", "defer")},
    "governance:change-resume": of_change(WRITES, "POST"),
    "governance:change-withdraw": of_change(WRITES, "POST"),
    "governance:baseline-correct": Row(frozenset({"gina"}), (READS | {"bea"}) - {"gina"}),
    "governance:change-limits": office_page(frozenset({"pia", "gina", "audrey", "max", "bea"})),
}


def prepare(world: Any) -> None:
    """Make what the addresses of this area lead to: request 1 waits for the sponsor, 2 is a draft, 3 was rejected."""
    from governance.change_deciding import reject
    from tests.governance.changed import a_change, an_assessed_change

    long_ago = world.now - dt.timedelta(days=30)
    world.change = an_assessed_change(world.alpha, assessor=world.people["fay"], at=long_ago)
    world.change_draft = a_change(world.alpha, at=long_ago)
    world.change_rejected = an_assessed_change(world.alpha, assessor=world.people["fay"], at=long_ago)
    reject(world.change_rejected, by=world.alpha.sponsor, at=world.now, reason="The price is too high.")


def arguments(world: Any, name: str) -> dict[str, Any]:
    if name.endswith("baseline-correct"):
        return {"code": world.alpha.code}
    row = world.change_draft if name.endswith(("-edit", "-submit")) else world.change
    if name.endswith("record-pdf"):
        row = world.change_rejected
    return {"code": world.alpha.code, "number": row.number}
