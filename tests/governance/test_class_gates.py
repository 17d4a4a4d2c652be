"""How the gates of a class are run: read by whoever is measured by it, changed by the PMO manager with a reason."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from governance.class_gates import Terms, class_gates, set_class_gates
from governance.models import ClassGates
from pmo.lib.errors import Refused
from tests.governance.pages import signed_in

pytestmark = pytest.mark.django_db
PATH = ("G0", "G1", "G2", "G4", "G5", "G6")
ADDRESS = reverse("governance:class-gates-edit", args=[2])


def terms(**some: Any) -> Terms:
    values = {
        "path": PATH,
        "body": "PMO manager with the sponsor",
        "quorum": 2,
        "needs_sponsor": True,
        "executive_signs": False,
    }
    return Terms(**{**values, "months": (12,), "kept_from": None, **some})


def typed(**some: Any) -> dict[str, Any]:
    values = {"path": list(PATH), "body": "Steering group", "quorum": "3", "needs_sponsor": "on", "benefits_after": "6, 12"}
    return {**values, "reason": "By the charter of October.", **some}


@pytest.mark.parametrize(
    ("some", "code"),
    [
        ({"body": " "}, "body_missing"),
        ({"path": ("G0", "G1", "G2", "G4")}, "gate_needed"),
        ({"quorum": 0}, "quorum_missing"),
        ({"months": (0,)}, "months_wrong"),
        ({"months": (12,), "path": ("G0", "G1", "G2", "G4", "G5")}, "months_wrong"),
        ({"path": ("G0", "G1", "G4", "G5", "G6")}, "owed_there"),
        ({}, "unchanged"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(some: dict[str, Any], code: str, pia: Any) -> None:
    before = ClassGates.objects.filter(governance_class=2).values().get()
    with pytest.raises(Refused) as refused:
        set_class_gates({2: terms(**some)}, by=pia, reason="So.")
    assert refused.value.code == code
    assert ClassGates.objects.filter(governance_class=2).values().get() == before


def test_only_the_pmo_manager_sets_it_and_with_a_reason(pia: Any, gina: Any) -> None:
    for by, reason, code in ((gina, "So.", "not_rule_maker"), (pia, " ", "reason_missing")):
        with pytest.raises(Refused) as refused:
            set_class_gates({2: terms(quorum=3)}, by=by, reason=reason)
        assert refused.value.code == code


def test_the_page_changes_one_class_and_shows_who_and_why(pia: Any, max: Any, alpha: Any) -> None:
    assert signed_in(pia).post(ADDRESS, typed()).status_code == 302
    row = class_gates(2)
    assert (row.body, row.quorum, row.months, row.executive_signs) == ("Steering group", 3, (6, 12), False)
    assert class_gates(3).body == "Governance board"
    page = signed_in(max).get(ADDRESS).content.decode()
    assert "By the charter of October." in page
    assert pia.name in page
    assert "Put in force" not in page
    assert signed_in(max).post(ADDRESS, typed(quorum="1")).status_code == 403


@pytest.mark.parametrize(
    "some", [{"benefits_after": "soon"}, {"quorum": ""}, {"path": []}, {"reason": ""}, {"kept_from": "then"}]
)
def test_what_was_typed_wrong_stays_and_stores_nothing(some: dict[str, Any], pia: Any) -> None:
    answer = signed_in(pia).post(ADDRESS, typed(**some))
    assert answer.status_code == 422
    assert "Steering group" in answer.content.decode()
    assert class_gates(2).body == "PMO manager with the sponsor"


def test_a_class_that_does_not_exist_has_no_page(pia: Any) -> None:
    assert signed_in(pia).get(reverse("governance:class-gates-edit", args=[9])).status_code == 404
