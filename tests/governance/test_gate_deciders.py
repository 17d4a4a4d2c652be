"""Who decides at a gate: attempts to get round the separation of duties."""

from __future__ import annotations

import pytest

from governance import gates
from governance.models import SignOff
from pmo.roles import Role
from portfolio.models import Project
from tests.factories import make_project
from tests.governance.gated import DAY, TODAY, a_passed, a_prepared, fresh, refusal, terms
from tests.governance.stories import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(max, sam) -> Project:
    return make_project(code="P-3001", project_manager=max, sponsor=sam, governance_class=2, phase="intake")


def test_the_manager_never_decides_their_own_gate(project, max) -> None:
    assert refusal(gates.decide, a_prepared(project), by=max, at=NOON, **terms()) == "own_project"


def test_nor_as_pmo_manager_who_manages_it(project, max, pia, gina) -> None:
    review = a_prepared(project)
    max.add_role(Role.PMO_MANAGER)
    assert refusal(gates.decide, review, by=fresh(max), at=NOON, **terms()) == "own_project"
    # Another PMO manager would decide on the office's own work: the executive does.
    assert refusal(gates.decide, review, by=pia, at=NOON, **terms()) == "not_decider"
    gates.decide(review, by=gina, at=NOON, **terms())


def test_nor_with_both_deciding_roles(project, max) -> None:
    review = a_prepared(project)
    max.add_role(Role.PMO_MANAGER)
    max.add_role(Role.EXECUTIVE)
    assert refusal(gates.decide, review, by=fresh(max), at=NOON, **terms()) == "own_project"


def test_the_executive_does_not_decide_small_gates_in_passing(project, gina) -> None:
    assert refusal(gates.decide, a_prepared(project), by=gina, at=NOON, **terms()) == "not_decider"


def test_the_board_of_a_large_project_is_chaired_by_executive_or_pmo_manager(max, gina, pia) -> None:
    for chair in (gina, pia):
        large = make_project(project_manager=max, governance_class=4, phase="intake")
        a_passed(large, by=chair)
        assert "chair of the board" in SignOff.objects.filter(gate_review__project=large).get().role


@pytest.mark.parametrize("name", ["tess", "sam", "stella", "fay", "audrey", "adam", "olaf", "bea"])
def test_nobody_else_decides(project, name, request) -> None:
    person = request.getfixturevalue(name)
    assert refusal(gates.decide, a_prepared(project), by=person, at=NOON, **terms()) == "not_decider"


def test_who_lost_the_role_no_longer_decides(project, pia) -> None:
    review = a_prepared(project)
    pia.groups.clear()
    assert refusal(gates.decide, review, by=fresh(pia), at=NOON, **terms()) == "not_decider"


def test_an_inactive_holder_does_not_decide(project, pia) -> None:
    review = a_prepared(project)
    pia.is_active = False
    pia.save()
    assert refusal(gates.decide, review, by=pia, at=NOON, **terms()) == "not_decider"


def test_a_deputy_does_not_decide_gates(project, pia, bea) -> None:
    from governance.delegating import give_delegation

    values = {"starts_on": TODAY, "ends_on": TODAY + 5 * DAY, "kinds": ["status_report"], "highest_class": 4, "reason": "Leave"}
    give_delegation(by=pia, to=bea, at=NOON, **values)
    assert refusal(gates.decide, a_prepared(project), by=bea, at=NOON, **terms()) == "not_decider"
