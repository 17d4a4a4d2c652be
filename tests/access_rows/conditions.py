"""Rows of the access table: conditions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from tests.access_rows.base import PAGE_FOR_ALL, SEES_REGISTERS, Row, of_alpha, office_page

TITLE = "Conditions and compliance findings"
#: Who owes the condition of the tests is olaf, who has no other part in ALPHA; tess verifies.
SEES_CONDITION = SEES_REGISTERS | {"olaf"}
#: Who moves its date and its people: the office, and nobody about their own project.
CHANGES_TERMS = frozenset({"pia", "gina"})
#: The evidence of a condition may come from its owner and from the project manager.
BRINGS = frozenset({"max", "olaf"})
ROWS: dict[str, Row] = {
    **{f"governance:condition-list{export}": PAGE_FOR_ALL for export in ("", "-csv", "-xlsx")},
    "governance:condition-detail": of_alpha(SEES_CONDITION, seen_by=SEES_CONDITION),
    "governance:condition-evidence": of_alpha(BRINGS, "POST", SEES_CONDITION),
    "governance:condition-close": of_alpha(frozenset({"tess"}), "POST", SEES_CONDITION),
    "governance:condition-refuse": of_alpha(frozenset({"tess"}), "POST", SEES_CONDITION),
    "governance:condition-extend": of_alpha(CHANGES_TERMS, seen_by=SEES_CONDITION),
    "governance:condition-reassign": of_alpha(CHANGES_TERMS, seen_by=SEES_CONDITION),
    # Whoever has a part in a project reads its findings; bea manages another one.
    **{f"governance:compliance-list{export}": office_page(SEES_REGISTERS | {"bea"}) for export in ("", "-csv", "-xlsx")},
    "governance:compliance-close": of_alpha(frozenset({"pia"}), seen_by=SEES_REGISTERS),
}


def prepare(world: Any) -> None:
    """Make a condition of ALPHA, put by a gate, and a finding."""
    # The user guide reads the rows without Django, so the verbs are named here only.
    from governance.compliance import open_finding
    from governance.condition_terms import put_conditions
    from governance.gate_states import ComplianceRule
    from governance.models import GateReview
    from tests.governance.written import a_condition

    today = timezone.localdate(world.now)
    gate = GateReview.objects.create(project=world.alpha, gate="G5", number=90, planned_on=today, first_planned_on=today)
    terms = [a_condition(world.people["olaf"], world.people["tess"], due_on=today + dt.timedelta(days=30))]
    put_conditions(terms, project=world.alpha, gate_review=gate, by=world.people["pia"], at=world.now)
    open_finding(world.alpha, ComplianceRule.OTHER, "access", "The charter was not renewed.", at=world.now)


def arguments(world: Any, name: str) -> dict[str, Any]:
    from governance.models import ComplianceFinding

    condition = world.alpha.conditions.get()
    return {"code": world.alpha.code, "number": condition.number, "pk": ComplianceFinding.objects.get(key="access").pk}
