"""A PMO manager who manages a project leaves its phase and what was agreed to others in the office."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from pmo.lib.errors import Refused
from pmo.roles import Role
from tests.governance.pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(alpha, pia):
    alpha.project_manager, alpha.budget_amount = pia, Decimal(1_000_000)
    alpha.save()
    return alpha


def test_the_form_offers_neither_phase_nor_agreed_figures(own, beta, pia) -> None:
    client = signed_in(pia)
    form = client.get(reverse("portfolio:project-edit", args=[own.code])).context["form"]
    assert "phase" not in form.fields
    assert form.fields["budget_amount"].disabled
    assert "phase" not in client.get(reverse("portfolio:project-edit", args=[beta.code])).context["form"].fields


@pytest.mark.parametrize("changes", [{"phase": "closing"}, {"contingency_amount": Decimal(9)}])
def test_they_change_neither(changes, own, pia) -> None:
    with pytest.raises(Refused) as refused:
        own.revise(by=pia, changes=changes, reason="It is time.")
    assert refused.value.code == "own_project"


def test_everything_else_is_theirs_and_another_in_the_office_may(own, pia, bea) -> None:
    own.revise(by=pia, changes={"purpose": "Shorter queues."})
    bea.add_role(Role.PMO_MANAGER)
    own.revise(by=bea, changes={"priority": 1}, reason="Council said so.")
    assert own.priority == 1


def test_a_phase_moves_by_gates_and_is_corrected_by_the_executive_alone(beta, pia, gina, max) -> None:
    with pytest.raises(Refused) as refused:
        beta.revise(by=pia, changes={"phase": "closing"}, reason="It is time.")
    assert refused.value.code == "phase_by_gate"
    for person, reason, code in ((pia, "Wrong.", "executive_only"), (gina, " ", "reason_missing")):
        with pytest.raises(Refused) as refused:
            beta.correct_phase("test", by=person, reason=reason)
        assert refused.value.code == code
    page = reverse("portfolio:project-phase", args=[beta.code])
    assert signed_in(pia).get(page).status_code == 403
    signed_in(gina).post(page, {"phase": "test", "reason": "The minutes say so."})
    beta.refresh_from_db()
    assert beta.phase == "test"
    assert beta.history.first().history_change_reason == "Correction: The minutes say so."
