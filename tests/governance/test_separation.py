"""Who may decide. A prohibition always wins, whichever roles or delegations somebody holds."""

from __future__ import annotations

import datetime as dt

import pytest

from governance.models import Delegation
from governance.separation import authority, deciding_role, may_decide
from pmo.lib.errors import Refused
from pmo.roles import Role
from tests.governance.stories import NOON, THURSDAY, a_submitted, agreed_terms

pytestmark = pytest.mark.django_db


def delegate(giver, to, **overrides) -> Delegation:
    values = {
        "delegator": giver,
        "delegate": to,
        "starts_on": THURSDAY,
        "ends_on": THURSDAY + dt.timedelta(days=7),
        "kinds": ["status_report"],
        "highest_class": 4,
        "reason": "Leave",
        "created_at": NOON,
    }
    return Delegation.objects.create(**{**values, **overrides})


def refusal(version, by, on=THURSDAY) -> str:
    with pytest.raises(Refused) as refused:
        authority(version, by, on)
    return str(refused.value.code)


def test_only_the_deciding_role_decides(alpha, pia, gina, bea, stella, audrey, adam) -> None:
    version = a_submitted(alpha)
    assert may_decide(version, pia, THURSDAY)
    assert {refusal(version, person) for person in (gina, bea, stella, audrey, adam)} == {"not_reviewer"}


def test_author_submitter_and_project_manager_never_decide(alpha, max, pia) -> None:
    max.add_role(Role.PMO_MANAGER)
    version = a_submitted(alpha)
    assert refusal(version, max) == "own_work"
    alpha.project_manager = pia
    alpha.save()
    version.deliverable.project.refresh_from_db()
    assert refusal(version, pia) == "own_project"


def test_what_the_office_wrote_itself_goes_to_the_executive(alpha, pia) -> None:
    version = a_submitted(alpha, by=pia)
    assert deciding_role(version) == Role.EXECUTIVE


def test_a_delegate_decides_in_the_delegators_name(alpha, pia, bea) -> None:
    delegate(pia, bea)
    version = a_submitted(alpha)
    version.approve(by=bea, at=NOON, terms=agreed_terms(version))
    sign_off = version.sign_offs.get(action="approve")
    assert (sign_off.person, sign_off.acting_for_name, sign_off.role) == (bea, "Pia Orlov", "PMO manager")


@pytest.mark.parametrize(
    "limits",
    [
        {"starts_on": THURSDAY + dt.timedelta(days=1)},
        {"starts_on": THURSDAY - dt.timedelta(days=9), "ends_on": THURSDAY - dt.timedelta(days=1)},
        {"kinds": ["budget"]},
        {"highest_class": 2},
        {"revoked_at": NOON},
    ],
)
def test_a_delegation_ends_at_its_limits(limits, alpha, pia, bea) -> None:
    delegate(pia, bea, **limits)
    assert refusal(a_submitted(alpha), bea) == "not_reviewer"


def test_a_delegation_never_reaches_the_submitter(alpha, pia, max) -> None:
    delegate(pia, max)
    assert refusal(a_submitted(alpha), max) == "own_work"


def test_a_delegation_cannot_be_passed_on(alpha, pia, bea, olaf) -> None:
    delegate(pia, bea)
    delegate(bea, olaf)
    assert refusal(a_submitted(alpha), olaf) == "not_reviewer"


def test_a_delegation_carries_the_delegators_prohibitions(alpha, pia, gina, bea) -> None:
    delegate(pia, bea)
    version = a_submitted(alpha, by=pia)
    assert refusal(version, bea) == "not_reviewer"


def test_a_role_taken_away_ends_at_once(alpha, pia) -> None:
    version = a_submitted(alpha)
    pia.remove_role(Role.PMO_MANAGER)
    assert refusal(version, pia) == "not_reviewer"
