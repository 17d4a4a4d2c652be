"""Rows of the access table: gates."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from tests.access_rows.base import MANAGES, OFFICE, PIA, SEES, Row, of_alpha, office_page

TITLE = "Gates, waivers and tailoring"
#: The manager of ALPHA, and those who decide at the gates of a class 3.
PLANS = MANAGES | {"gina"}
DECIDES = frozenset({"pia", "gina"})
#: Whoever is measured by the rules reads them.
READS_RULES = OFFICE | {"max", "bea"}
ROWS: dict[str, Row] = {
    "governance:gate-list": office_page(SEES),
    "governance:gate-list-csv": office_page(SEES),
    "governance:gate-list-xlsx": office_page(SEES),
    "governance:gate-months": office_page(SEES),
    "governance:gate-cycle-times": office_page(SEES),
    "governance:gate-cycle-times-csv": office_page(SEES),
    "governance:gate-cycle-times-xlsx": office_page(SEES),
    "governance:gate-room": of_alpha(SEES),
    "governance:gate-readiness": of_alpha(SEES),
    "governance:gate-detail": of_alpha(SEES),
    "governance:gate-pdf": of_alpha(SEES),
    "governance:gate-record-pdf": of_alpha(SEES),
    "governance:gate-plan": of_alpha(PLANS),
    "governance:gate-past": of_alpha(DECIDES),
    "governance:gate-import": office_page(PIA),
    "governance:gate-import-preview": Row(PIA, frozenset({"audrey"})),
    "governance:gate-import-apply": Row(PIA, frozenset({"audrey"}), "POST"),
    "governance:gate-move": of_alpha(PLANS),
    "governance:gate-cancel": of_alpha(PLANS),
    "governance:gate-prepare": of_alpha(PLANS, method="POST"),
    "governance:gate-decide": of_alpha(DECIDES, method="POST"),
    "governance:waiver-list": office_page(SEES),
    "governance:waiver-list-csv": office_page(SEES),
    "governance:waiver-list-xlsx": office_page(SEES),
    "governance:waiver-new": of_alpha(DECIDES),
    "governance:waiver-revoke": of_alpha(DECIDES),
    "governance:class-gates-edit": office_page(READS_RULES),
    "governance:tailoring-edit": office_page(READS_RULES),
    "governance:criteria-edit": office_page(READS_RULES),
}


def prepare(world: Any) -> None:
    """Hold and plan again the first gate of ALPHA, and waive one artefact for its second."""
    # The user guide reads the rows without Django, so the verbs are named here only.
    from governance import gates
    from governance.gate_history.planning import Origin
    from governance.gate_history.run import bring_in
    from governance.waivers import grant_waiver

    max_, pia, today = world.people["max"], world.people["pia"], timezone.localdate(world.now)
    world.held = gates.plan(world.alpha, "G0", planned_on=today, by=max_, at=world.now)
    board = {"pia": "chair of the board", "gina": "member of the board", "sam": "sponsor", "max": "project manager"}
    there = [gates.Attendee(person=world.people[name], capacity=capacity) for name, capacity in board.items()]
    gates.decide(
        world.held,
        decision="hold",
        rationale="The sponsor is away.",
        held_on=today,
        attendees=there,
        by=pia,
        at=world.now,
    )
    world.gate = gates.plan(world.alpha, "G0", planned_on=today + dt.timedelta(days=20), by=max_, at=world.now)
    origin = Origin("Water works", "USD")
    world.gate_import = bring_in(b"Code,G0,G1\nW1,2020-01-01,2020-02-01\n", "w.csv", origin, by=pia, at=world.now)
    world.waiver = grant_waiver(
        world.alpha,
        gate="G2",
        artefact="execution_plan",
        reason="The law takes effect in March.",
        expires_on=today + dt.timedelta(days=30),
        by=pia,
        at=world.now,
    )


def arguments(world: Any, name: str) -> dict[str, Any]:
    if name.startswith("governance:gate-import"):
        return {"pk": world.gate_import.pk}
    if name.endswith("class-gates-edit"):
        return {"number": 2}
    number = (world.held if name.endswith("record-pdf") else world.gate).number
    return {"code": world.alpha.code, "gate": "G0", "number": number, "pk": world.waiver.pk}
