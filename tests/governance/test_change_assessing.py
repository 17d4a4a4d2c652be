"""Assessing: what was stated is confirmed or corrected, and who decides follows from what was found."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from governance.change_deciding import approve, reject
from governance.change_requests import Option, agree, assess, options_of, problems
from governance.models import ChangeRequest
from pmo.lib.errors import Refused
from portfolio.models import Project
from tests.governance.changed import HOUR, NOTHING, REASON, a_change, a_submitted_change, an_assessed_change, with_baseline
from tests.governance.pages import signed_in
from tests.governance.stories import NOON

pytestmark = pytest.mark.django_db
SAID = {"assessment": "Compared with the offer.", "recommendation": "Approve."}
LATER = NOON + 2 * HOUR


@pytest.fixture
def alpha(alpha):
    return with_baseline(alpha)


def refused(code, verb, *args, **options) -> None:
    with pytest.raises(Refused) as refusal:
        verb(*args, **options)
    assert refusal.value.code == code


def assessed(change, by, **found) -> ChangeRequest:
    assess(change, by=by, at=LATER, **SAID, **found)
    return ChangeRequest.objects.get(pk=change.pk)


@pytest.mark.parametrize(
    ("found", "authority"),
    [
        ({}, "manager_sponsor"),
        ({"changes_scope": True}, "board"),
        ({"within_contingency": False}, "pmo_manager"),
        ({"cost_effect": Decimal(60_000)}, "pmo_manager"),
        ({"cost_effect": Decimal(100_000)}, "board"),
        ({"days_effect": 10}, "pmo_manager"),
    ],
)
def test_who_decides_follows_from_what_the_assessor_found(found, authority, alpha, fay) -> None:
    change = a_submitted_change(alpha, cost_effect=Decimal(10_000))
    assert change.authority == "manager_sponsor"
    assert assessed(change, fay, **found).authority == authority


def test_what_was_stated_stays_beside_what_was_found(alpha, fay, gina) -> None:
    change = assessed(a_submitted_change(alpha, cost_effect=Decimal(10_000)), fay, cost_effect=Decimal(100_000))
    assert (change.stated_cost_effect, change.cost_effect, change.was_corrected) == (Decimal(10_000), Decimal(100_000), True)
    approve_record = ChangeRequest.objects.get(pk=change.pk)
    reject(approve_record, by=gina, at=LATER + HOUR, reason=REASON)
    assert json.loads(approve_record.record)["change"]["stated"]["cost_effect"] == "10000.00"
    page = signed_in(gina).get(change.get_absolute_url()).context["page"]
    assert [(fact.label, fact.asked, fact.found) for fact in page.facts if fact.is_corrected] == [
        ("Cost", "+$10,000", "+$100,000")
    ]


def test_a_confirmed_one_was_not_corrected(alpha, fay) -> None:
    change = assessed(a_submitted_change(alpha), fay, changes_scope=False, days_effect=0)
    assert not change.was_corrected
    assert change.agreed_by is not None


def test_the_manager_agrees_anew_to_another_size(alpha, fay, sam, max) -> None:
    change = assessed(a_submitted_change(alpha, days_effect=1), fay, days_effect=4)
    assert change.agreed_by is None
    refused("not_agreed", approve, change, by=sam, at=LATER, reason=REASON)
    agree(change, by=max, at=LATER)
    approve(change, by=sam, at=LATER, reason=REASON)


# Contingency


def left(alpha, amount: int | None) -> None:
    Project.objects.filter(pk=alpha.pk).update(contingency_amount=amount)
    alpha.refresh_from_db()


@pytest.mark.parametrize("amount", [None, 9_999])
def test_contingency_that_is_not_there_pays_for_nothing(amount, alpha, fay) -> None:
    change = a_submitted_change(alpha, cost_effect=Decimal(10_000))
    left(alpha, amount)
    drafted = a_change(alpha, cost_effect=Decimal(10_000))
    assert [problem.code for problem in problems(drafted, options_of(drafted))] == ["contingency_short"]
    refused("contingency_short", assess, change, by=fay, at=LATER, **SAID, within_contingency=True)
    change.refresh_from_db()
    assert assessed(change, fay, within_contingency=False).authority == "pmo_manager"


def test_contingency_to_the_cent_pays(alpha, fay) -> None:
    left(alpha, 10_000)
    assert assessed(a_submitted_change(alpha, cost_effect=Decimal(10_000)), fay).authority == "manager_sponsor"


def test_two_that_share_one_contingency_are_not_both_approved(alpha, fay, sam, pia) -> None:
    left(alpha, 10_000)
    first = an_assessed_change(alpha, assessor=fay, cost_effect=Decimal(10_000))
    second = an_assessed_change(alpha, assessor=fay, cost_effect=Decimal(10_000))
    approve(first, by=sam, at=LATER, reason=REASON)
    refused("not_authority", approve, second, by=sam, at=LATER, reason=REASON)
    refused("contingency_short", approve, second, by=pia, at=LATER, reason=REASON)
    reject(second, by=pia, at=LATER, reason=REASON)


# The recommended option


@pytest.mark.parametrize("option", [{"cost_effect": Decimal(1)}, {"days_effect": 7}])
def test_what_is_recommended_is_what_is_asked_for(option, alpha) -> None:
    recommended = Option("Move go-live", "Clerks scan from the first day.", is_recommended=True, **option)
    change = a_change(alpha, options=[NOTHING, recommended], cost_effect=Decimal(10_000), days_effect=5)
    assert [problem.code for problem in problems(change, options_of(change))] == ["option_differs"]


def test_a_recommended_option_without_figures_has_those_of_the_request(alpha) -> None:
    recommended = Option("Move go-live", "Clerks scan from the first day.", is_recommended=True)
    change = a_change(alpha, options=[NOTHING, recommended], cost_effect=Decimal(10_000), days_effect=5)
    assert problems(change, options_of(change)) == []
