"""While the whole office is away, the executive decides on changes and gates in its place; at any other time not."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from governance.change_deciding import approve, deciders
from governance.change_facts import Size
from governance.deputies import DEPUTY, office_is_away
from governance.gate_authority import gate_signature
from governance.models import Delegation, SignOff
from pmo.lib.errors import Refused
from pmo.roles import Role
from tests.conftest import FRIDAY
from tests.governance.changed import HOUR, REASON, an_assessed_change, with_baseline
from tests.governance.pages import signed_in
from tests.governance.stories import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + 3 * HOUR
TODAY = LATER.date()


def away(person, delegate) -> Delegation:
    days = {"starts_on": TODAY - dt.timedelta(days=1), "ends_on": FRIDAY.date() + dt.timedelta(days=1)}
    return Delegation.objects.create(
        delegator=person, delegate=delegate, kinds=["status_report"], reason="Leave", created_at=NOON, **days
    )


@pytest.fixture
def change(alpha, fay):
    return an_assessed_change(with_baseline(alpha), assessor=fay, cost_effect=Decimal(60_000))


def test_the_executive_decides_on_a_change_while_the_office_is_away(change, pia, bea, gina) -> None:
    with pytest.raises(Refused) as refusal:
        approve(change, by=gina, at=LATER, reason=REASON)
    assert refusal.value.code == "not_authority"
    away(pia, bea)
    assert {person.pk for person in deciders(Size(change), TODAY)} == {pia.pk, gina.pk}
    approve(change, by=gina, at=LATER, reason=REASON)
    assert SignOff.objects.filter(change_request=change).last().role == DEPUTY


def test_whom_the_office_named_for_deliverables_decides_on_no_change(change, pia, bea) -> None:
    away(pia, bea)
    with pytest.raises(Refused) as refusal:
        approve(change, by=bea, at=LATER, reason=REASON)
    assert refusal.value.code == "not_authority"


def test_one_who_is_here_is_enough(change, pia, hugo, bea) -> None:
    hugo.add_role(Role.PMO_MANAGER)
    away(pia, bea)
    assert not office_is_away(TODAY)
    away(hugo, bea)
    assert office_is_away(TODAY)
    assert not office_is_away(TODAY + dt.timedelta(days=60))


def test_a_delegation_that_was_taken_back_says_nothing(pia, bea) -> None:
    given = away(pia, bea)
    given.revoked_at = NOON
    given.save()
    assert not office_is_away(TODAY)


def test_the_list_of_the_executive_holds_it_meanwhile(change, pia, bea, gina) -> None:
    def waiting() -> int:
        page = signed_in(gina).get(reverse("governance:change-list"), {"waits": "me"}).context["list"].page
        return len(page.object_list)

    assert waiting() == 0
    away(pia, bea)
    assert waiting() == 1


def test_gates_of_small_projects_are_the_executives_meanwhile(alpha, pia, bea, gina) -> None:
    alpha.governance_class = 2
    with pytest.raises(Refused):
        gate_signature(alpha, gina)
    away(pia, bea)
    assert gate_signature(alpha, gina).role == DEPUTY
    with pytest.raises(Refused):
        gate_signature(alpha, bea)
