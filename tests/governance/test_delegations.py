"""Giving and taking back delegations. What they are worth in a decision is proved in test_separation."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from governance.delegating import give_delegation, revoke_delegation
from governance.models import Delegation
from pmo.lib.errors import Refused
from tests.governance.pages import review_address, signed_in, typed
from tests.governance.stories import a_submitted

pytestmark = pytest.mark.django_db
NEW = "governance:delegation-new"
DAY = dt.timedelta(days=1)


def given(by, to, **overrides) -> Delegation:
    today = timezone.localdate()
    values = {
        "by": by,
        "to": to,
        "starts_on": today,
        "ends_on": today + 7 * DAY,
        "kinds": ["status_report"],
        "highest_class": 4,
        "reason": "Leave",
        "at": timezone.now(),
    }
    return give_delegation(**{**values, **overrides})


def sent(to, **overrides) -> dict[str, object]:
    today = timezone.localdate()
    values = {"to": to.pk, "starts_on": today.isoformat(), "ends_on": (today + 7 * DAY).isoformat(), "kinds": ["status_report"]}
    return {**values, "highest_class": 4, "reason": "Leave", **overrides}


def refusal(by, to, **overrides) -> str:
    with pytest.raises(Refused) as refused:
        given(by, to, **overrides)
    return str(refused.value.code)


def test_the_pmo_manager_delegates_and_the_delegate_is_told(pia, bea) -> None:
    assert signed_in(pia).post(reverse(NEW), sent(bea)).status_code == 302
    delegation = Delegation.objects.get()
    assert (delegation.delegator, delegation.delegate) == (pia, bea)
    assert bea.notifications.filter(kind="delegation").count() == 1


@pytest.mark.parametrize("person", ["bea", "stella", "audrey", "adam"])
def test_who_holds_no_deciding_role_cannot_delegate(person, max, request) -> None:
    somebody = request.getfixturevalue(person)
    assert signed_in(somebody).post(reverse(NEW), sent(max)).status_code == 403
    assert refusal(somebody, max) == "no_role"


def test_a_delegate_cannot_pass_it_on(pia, bea, max) -> None:
    given(pia, bea)
    assert refusal(bea, max) == "no_role"


def test_what_a_delegation_has_to_say(pia, bea) -> None:
    today = timezone.localdate()
    assert refusal(pia, pia) == "to_self"
    assert refusal(pia, bea, reason=" ") == "reason_missing"
    assert refusal(pia, bea, kinds=[]) == "kinds_missing"
    assert refusal(pia, bea, kinds=["personnel_action"]) == "kinds_missing"
    assert refusal(pia, bea, ends_on=today - DAY) == "days_wrong"
    assert refusal(pia, bea, starts_on=today - DAY) == "days_wrong"
    assert refusal(pia, bea, ends_on=today + 92 * DAY) == "days_wrong"


def test_auditors_and_administrators_decide_in_nobodys_name(pia, audrey, adam) -> None:
    assert refusal(pia, audrey) == refusal(pia, adam) == "delegate_barred"


def test_one_person_stands_in_once_at_a_time(pia, bea) -> None:
    first = given(pia, bea)
    assert refusal(pia, bea) == "overlaps"
    revoke_delegation(first, by=pia, at=timezone.now())
    given(pia, bea)


def test_what_was_typed_stays_when_it_is_refused(pia, bea) -> None:
    given(pia, bea)
    answer = signed_in(pia).post(reverse(NEW), sent(bea, reason="A second absence"))
    assert answer.status_code == 422
    assert "A second absence" in answer.content.decode()


def test_the_delegate_opens_decides_and_signs_for_the_delegator(alpha, pia, bea) -> None:
    given(pia, bea)
    version = a_submitted(alpha, at=timezone.now())
    client = signed_in(bea)
    assert "You decide for" in client.get(review_address(version)).content.decode()
    assert client.post(review_address(version, "review-accept"), typed()).status_code == 302
    sign_off = version.sign_offs.get(action="approve")
    assert (sign_off.person, sign_off.acting_for_name) == (bea, "Pia Orlov")


def test_who_stands_in_is_told_what_waits(alpha, pia, bea, max) -> None:
    given(pia, bea)
    a_submitted(alpha, at=timezone.now())
    told = {person.name for person in (pia, bea, max) if person.notifications.filter(kind="review").exists()}
    assert told == {"Pia Orlov", "Bea Lindqvist"}


def test_a_delegation_ends_the_moment_it_is_revoked(alpha, pia, bea) -> None:
    delegation = given(pia, bea)
    version = a_submitted(alpha, at=timezone.now())
    assert signed_in(pia).post(reverse("governance:delegation-revoke", args=[delegation.pk])).status_code == 302
    assert signed_in(bea).get(review_address(version)).status_code == 404


def test_it_is_revoked_once(pia, bea) -> None:
    delegation = given(pia, bea)
    revoke_delegation(delegation, by=pia, at=timezone.now())
    with pytest.raises(Refused) as refused:
        revoke_delegation(delegation, by=pia, at=timezone.now())
    assert refused.value.code == "already_over"


@pytest.mark.parametrize(("person", "status"), [("bea", 403), ("audrey", 403), ("gina", 302), ("olaf", 404)])
def test_who_may_revoke(person, status, pia, bea, request) -> None:
    delegation = given(pia, bea)
    client = signed_in(request.getfixturevalue(person))
    assert client.post(reverse("governance:delegation-revoke", args=[delegation.pk])).status_code == status


@pytest.mark.parametrize(("person", "status"), [("pia", 200), ("bea", 200), ("audrey", 200), ("max", 403), ("stella", 403)])
def test_who_reads_the_list(person, status, pia, bea, request) -> None:
    given(pia, bea)
    assert signed_in(request.getfixturevalue(person)).get(reverse("governance:delegation-list")).status_code == status
