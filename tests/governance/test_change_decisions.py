"""Deciding on a change request: who may, who never may, what is sealed, and the baseline that follows."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from governance.change_deciding import allow_baseline, approve, defer, reject
from governance.change_facts import Size, approved_changes_of, since_last_baseline
from governance.change_requests import agree, resume, withdraw
from governance.change_states import ChangeState
from governance.models import ChangeRequest, Delegation, SignOff
from governance.signing import verify_chain, verify_records
from pmo.lib.errors import Refused
from pmo.models.calendar import office_calendar
from pmo.roles import Role
from tests.governance.changed import (
    HOUR,
    REASON,
    a_submitted_change,
    an_approved_change,
    an_assessed_change,
    with_baseline,
)
from tests.governance.stories import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + 3 * HOUR


@pytest.fixture
def alpha(alpha):
    return with_baseline(alpha)


def refused(code, verb, change, **options) -> None:
    with pytest.raises(Refused) as refusal:
        verb(change, **{"at": LATER, "reason": REASON, **options})
    assert refusal.value.code == code
    assert not SignOff.objects.filter(action__startswith="cr_").exists()


def state(change) -> str:
    return ChangeRequest.objects.get(pk=change.pk).state


@pytest.mark.parametrize(("verb", "target"), [(approve, "approved"), (reject, "rejected"), (defer, "deferred")])
def test_the_sponsor_decides_on_a_small_one(verb, target, alpha, pia, sam) -> None:
    change = an_assessed_change(alpha, assessor=pia)
    verb(change, by=sam, at=LATER, reason=REASON)
    assert (state(change), change.decided_by, change.baseline_number) == (target, sam, 0)
    signed = SignOff.objects.filter(change_request=change).last()
    assert (signed.role, signed.content_sha256) == ("Sponsor", change.record_sha256)
    record = json.loads(change.record)
    assert (record["decision"]["reason"], record["authority"]["authority"]) == (REASON, "manager_sponsor")
    assert verify_chain() is None
    assert not list(verify_records())
    assert change.history.first().history_user == sam


@pytest.mark.parametrize("verb", [approve, reject, defer])
def test_a_decision_gives_its_reason(verb, alpha, pia, sam) -> None:
    refused("reason_missing", verb, an_assessed_change(alpha, assessor=pia), by=sam, reason=" ")


@pytest.mark.parametrize("verb", [approve, reject, defer])
@pytest.mark.parametrize("wrong", ["draft", "submitted", "deferred", "withdrawn"])
def test_only_what_was_assessed_is_decided(verb, wrong, alpha, pia, sam) -> None:
    change = an_assessed_change(alpha, assessor=pia)
    ChangeRequest.objects.filter(pk=change.pk).update(state=wrong)
    with pytest.raises(Refused) as refusal:
        verb(change, by=sam, at=LATER, reason=REASON)
    assert refusal.value.code in {"wrong_state", "already_decided"}
    assert state(change) == wrong


def test_the_second_decider_is_told_that_it_is_decided(alpha, pia, sam) -> None:
    change = an_assessed_change(alpha, assessor=pia)
    same = ChangeRequest.objects.get(pk=change.pk)
    approve(change, by=sam, at=LATER, reason=REASON)
    with pytest.raises(Refused) as refusal:
        reject(same, by=sam, at=LATER, reason=REASON)
    assert refusal.value.code == "already_decided"
    with pytest.raises(Refused):
        withdraw(same, by=alpha.project_manager, at=LATER, reason="No")
    assert state(change) == "approved"


@pytest.mark.parametrize("person", ["pia", "gina", "fay", "tess", "bea", "audrey", "adam", "olaf"])
def test_nobody_but_the_sponsor_decides_on_a_small_one(person, alpha, hugo, request) -> None:
    hugo.add_role(Role.FINANCE)
    change = an_assessed_change(alpha, assessor=hugo)
    refused("not_authority", approve, change, by=request.getfixturevalue(person))


def test_five_to_ten_percent_is_the_pmo_managers(alpha, fay, pia, sam, gina) -> None:
    change = an_assessed_change(alpha, assessor=fay, cost_effect=Decimal(60_000))
    refused("not_authority", approve, change, by=sam)
    refused("not_authority", approve, change, by=gina)
    approve(change, by=pia, at=LATER, reason=REASON)
    assert change.authority == "pmo_manager"


def test_ten_percent_is_the_boards(alpha, fay, pia, sam, gina) -> None:
    change = an_assessed_change(alpha, assessor=fay, cost_effect=Decimal(100_000))
    refused("not_authority", approve, change, by=sam)
    refused("not_authority", approve, change, by=pia)
    approve(change, by=gina, at=LATER, reason=REASON)
    assert change.authority == "board"


def test_scope_of_a_class_3_project_is_the_boards(alpha, fay, gina) -> None:
    approve(an_assessed_change(alpha, assessor=fay, changes_scope=True), by=gina, at=LATER, reason=REASON)


def test_slices_add_up_to_the_pmo_manager_and_to_the_board(alpha, fay, pia, sam, gina) -> None:
    """Four changes of 3 %, each small alone."""
    for number, decider in enumerate((sam, pia, pia, gina)):
        at = NOON + number * 10 * HOUR
        change = an_assessed_change(alpha, assessor=fay, at=at, cost_effect=Decimal(30_000))
        for other in {sam, pia, gina} - {decider}:
            with pytest.raises(Refused) as refusal:
                approve(change, by=other, at=at + 3 * HOUR, reason=REASON)
            assert refusal.value.code == "not_authority"
        approve(change, by=decider, at=at + 3 * HOUR, reason=REASON)
    assert len(since_last_baseline(alpha)) == 4


def test_two_small_ones_assessed_side_by_side_do_not_both_pass_the_sponsor(alpha, fay, sam, pia) -> None:
    first = an_assessed_change(alpha, assessor=fay, cost_effect=Decimal(30_000))
    second = an_assessed_change(alpha, assessor=fay, cost_effect=Decimal(30_000))
    assert (first.authority, second.authority) == ("manager_sponsor", "manager_sponsor")
    approve(first, by=sam, at=LATER, reason=REASON)
    with pytest.raises(Refused) as refusal:
        approve(second, by=sam, at=LATER, reason=REASON)
    assert refusal.value.code == "not_authority"
    approve(second, by=pia, at=LATER, reason=REASON)
    assert second.authority == "pmo_manager"


def test_rejected_and_deferred_ones_do_not_count(alpha, fay, sam) -> None:
    for verb in (reject, defer):
        verb(an_assessed_change(alpha, assessor=fay, cost_effect=Decimal(40_000)), by=sam, at=LATER, reason=REASON)
    assert an_assessed_change(alpha, assessor=fay, cost_effect=Decimal(40_000)).authority == "manager_sponsor"


# Separation of duties


def test_1_the_requester_never_decides_with_any_role(alpha, fay, pia, gina) -> None:
    for person in (pia, gina):
        person.add_role(Role.EXECUTIVE)
        person.add_role(Role.PMO_MANAGER)
    change = an_assessed_change(alpha, assessor=fay, by=pia, cost_effect=Decimal(100_000))
    refused("own_request", approve, change, by=pia)


def test_2_the_assessor_never_decides_with_any_role(alpha, pia) -> None:
    pia.add_role(Role.EXECUTIVE)
    for cost in (60_000, 100_000):
        change = an_assessed_change(alpha, assessor=pia, cost_effect=Decimal(cost))
        refused("own_assessment", approve, change, by=pia)


def test_3_the_projects_manager_never_decides_with_any_role(alpha, fay, tess, max) -> None:
    max.add_role(Role.EXECUTIVE)
    max.add_role(Role.PMO_MANAGER)
    change = an_assessed_change(alpha, assessor=fay, by=tess, cost_effect=Decimal(100_000))
    refused("own_project", approve, change, by=max)


def test_4_a_sponsor_who_asks_or_assesses_hands_it_up(alpha, fay, pia, sam) -> None:
    change = an_assessed_change(alpha, assessor=fay, by=sam)
    refused("own_request", approve, change, by=sam)
    assert change.authority == "pmo_manager"
    assert "sponsor has a part" in Size(change).raised[0].sentence
    approve(change, by=pia, at=LATER, reason=REASON)


def test_5_a_pmo_manager_with_a_part_in_it_hands_it_up(alpha, pia, gina) -> None:
    change = an_assessed_change(alpha, assessor=pia, cost_effect=Decimal(60_000))
    assert change.authority == "board"
    other = an_assessed_change(alpha, assessor=gina, by=pia, cost_effect=Decimal(60_000))
    assert other.authority == "board"
    refused("own_assessment", approve, other, by=gina)
    approve(change, by=gina, at=LATER, reason=REASON)


def test_6_a_delegation_of_reports_decides_on_no_change(alpha, fay, pia, bea) -> None:
    days = {"starts_on": dt.date(2026, 1, 1), "ends_on": dt.date(2027, 12, 31)}
    Delegation.objects.create(
        delegator=pia, delegate=bea, kinds=["status_report"], highest_class=4, reason="Leave", created_at=NOON, **days
    )
    change = an_assessed_change(alpha, assessor=fay, cost_effect=Decimal(60_000))
    refused("not_authority", approve, change, by=bea)


def test_7_the_database_refuses_what_a_shell_would_write(alpha, fay, max) -> None:
    change = an_assessed_change(alpha, assessor=fay)
    for person in (max, fay):
        with pytest.raises(IntegrityError), transaction.atomic():
            ChangeRequest.objects.filter(pk=change.pk).update(state="approved", decided_by=person, decided_at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        ChangeRequest.objects.filter(pk=change.pk).update(state="approved")
    with pytest.raises(IntegrityError), transaction.atomic():
        ChangeRequest.objects.filter(pk=change.pk).update(new_baseline_number=1)


def test_8_a_stale_page_does_not_hide_who_assessed(alpha, pia) -> None:
    """The object was read before the assessment; the verb reads it again."""
    pia.add_role(Role.EXECUTIVE)
    stale = a_submitted_change(alpha, cost_effect=Decimal(100_000))
    fresh = ChangeRequest.objects.get(pk=stale.pk)
    from governance.change_requests import assess

    assess(fresh, by=pia, at=LATER, assessment="Fine.", recommendation="Approve.")
    refused("own_assessment", approve, stale, by=pia)


def test_9_whoever_left_the_office_decides_nothing(alpha, fay, sam) -> None:
    change = an_assessed_change(alpha, assessor=fay)
    sam.is_active = False
    refused("not_authority", approve, change, by=sam)


def test_the_sponsor_alone_is_not_enough(alpha, pia, tess, sam, max) -> None:
    change = an_assessed_change(alpha, assessor=pia, by=tess)
    refused("not_agreed", approve, change, by=sam)
    agree(change, by=max, at=LATER)
    approve(change, by=sam, at=LATER, reason=REASON)
    assert state(change) == "approved"


def test_without_a_sponsor_the_pmo_manager_decides(beta, bea, fay, pia) -> None:
    change = an_assessed_change(with_baseline(beta), by=bea, assessor=fay)
    assert change.authority == "pmo_manager"
    approve(change, by=pia, at=LATER, reason=REASON)


def test_without_a_budget_the_board_decides(beta, bea, fay, pia, gina) -> None:
    with_baseline(beta, budget=None)
    change = an_assessed_change(beta, by=bea, assessor=fay, cost_effect=Decimal(1))
    assert change.authority == "board"


# Deferred


def test_a_deferred_one_is_taken_up_again_and_decided(alpha, pia, sam, max) -> None:
    change = an_assessed_change(alpha, assessor=pia)
    defer(change, by=sam, at=LATER, reason="After the budget.")
    resume(change, by=max, at=LATER + HOUR, reason="The budget is adopted.")
    assert (state(change), change.decided_by, change.decision_reason) == ("assessed", None, "")
    approve(change, by=sam, at=LATER + 2 * HOUR, reason=REASON)
    actions = list(SignOff.objects.filter(change_request=change).values_list("action", flat=True))
    assert actions == ["submit", "cr_defer", "cr_approve"]
    assert verify_chain() is None


def test_taking_up_again_has_rules(alpha, pia, sam, max, bea) -> None:
    change = an_assessed_change(alpha, assessor=pia)
    for by, reason, code in ((max, "New", "wrong_state"), (bea, "New", "not_requester"), (max, " ", "reason_missing")):
        with pytest.raises(Refused) as refusal:
            resume(change, by=by, at=LATER, reason=reason)
        assert refusal.value.code == code


# Baselines


def a_rebaseline(project, fay, decider, *, at=NOON, **values):
    given = {"cost_effect": Decimal(40_000), "days_effect": 8, "wants_baseline": True, "root_cause": "The soil is polluted."}
    return an_approved_change(project, assessor=fay, decider=decider, at=at, **{**given, **values})


def test_an_approved_one_sets_the_new_baseline_and_keeps_the_original(alpha, fay, gina) -> None:
    first = alpha.baseline_finish_on
    change = a_rebaseline(alpha, fay, gina)
    alpha.refresh_from_db()
    assert (alpha.original_finish_on, alpha.baseline_number) == (first, 1)
    assert alpha.baseline_finish_on == office_calendar().add(first, 8)
    assert alpha.budget_amount == Decimal(1_040_000)
    assert alpha.rebaselined_on == LATER.date()
    assert (change.new_baseline_number, change.new_finish_on) == (1, alpha.baseline_finish_on)
    assert json.loads(change.record)["was"]["finish_on"] == first.isoformat()


def test_the_next_baseline_gathers_what_was_approved_since_and_the_sums_begin_anew(alpha, fay, gina, sam) -> None:
    first = alpha.baseline_finish_on
    an_approved_change(alpha, assessor=fay, decider=sam, cost_effect=Decimal(20_000), days_effect=3)
    change = a_rebaseline(alpha, fay, gina, at=NOON + 10 * HOUR, cost_effect=Decimal(10_000), days_effect=4)
    alpha.refresh_from_db()
    assert change.new_finish_on == alpha.baseline_finish_on == office_calendar().add(first, 7)
    assert alpha.budget_amount == Decimal(1_030_000)
    assert since_last_baseline(alpha) == []
    small = an_assessed_change(alpha, assessor=fay, at=NOON + 20 * HOUR, cost_effect=Decimal(40_000))
    assert small.authority == "manager_sponsor"


def test_a_project_is_rebaselined_twice(alpha, fay, gina) -> None:
    first = alpha.original_finish_on
    a_rebaseline(alpha, fay, gina)
    alpha.refresh_from_db()
    a_rebaseline(alpha, fay, gina, at=NOON + 10 * HOUR)
    alpha.refresh_from_db()
    assert (alpha.baseline_number, alpha.original_finish_on) == (2, first)


def test_what_is_not_approved_or_asks_for_none_sets_no_baseline(alpha, fay, gina, sam) -> None:
    before = alpha.baseline_finish_on
    values = {"cost_effect": Decimal(60_000), "wants_baseline": True, "root_cause": "Soil"}
    reject(an_assessed_change(alpha, assessor=fay, **values), by=gina, at=LATER, reason=REASON)
    an_approved_change(alpha, assessor=fay, decider=sam, days_effect=3)
    alpha.refresh_from_db()
    assert (alpha.baseline_number, alpha.baseline_finish_on) == (0, before)


class Plan:
    """A baselined thing that exists in the tests only: what a schedule or a budget will do."""

    def __init__(self, project) -> None:
        self.project, self.baselines = project, {0: "original"}

    def become_baseline(self, change, content: str) -> None:
        self.baselines[allow_baseline(self.project, change)] = content


def test_a_plan_takes_the_baseline_that_the_change_opened_and_keeps_the_original(alpha, fay, gina) -> None:
    change = a_rebaseline(alpha, fay, gina)
    alpha.refresh_from_db()
    plan = Plan(alpha)
    plan.become_baseline(change, "after the soil")
    assert plan.baselines == {0: "original", 1: "after the soil"}


def test_a_plan_takes_none_without_the_right_change(alpha, beta, fay, gina, sam) -> None:
    def refuses(project, change, code) -> None:
        plan = Plan(project)
        with pytest.raises(Refused) as refusal:
            plan.become_baseline(change, "sneaked in")
        assert refusal.value.code == code
        assert plan.baselines == {0: "original"}

    small = an_approved_change(alpha, assessor=fay, decider=sam, days_effect=2)
    refuses(alpha, small, "baseline_not_asked")
    refuses(alpha, an_assessed_change(alpha, assessor=fay, wants_baseline=True, root_cause="Soil"), "not_approved")
    first = a_rebaseline(alpha, fay, gina, at=NOON + 10 * HOUR)
    refuses(beta, first, "other_project")
    alpha.refresh_from_db()
    a_rebaseline(alpha, fay, gina, at=NOON + 20 * HOUR)
    alpha.refresh_from_db()
    refuses(alpha, first, "not_current")


def test_documents_may_refer_to_approved_changes_only(alpha, fay, sam) -> None:
    approved = an_approved_change(alpha, assessor=fay, decider=sam)
    an_assessed_change(alpha, assessor=fay)
    assert list(approved_changes_of(alpha)) == [approved]


def test_an_altered_record_is_named(alpha, fay, sam) -> None:
    change = an_approved_change(alpha, assessor=fay, decider=sam)
    ChangeRequest.objects.filter(pk=change.pk).update(record=change.record.replace("Later", "Never"))
    assert [(found.pk, bool(fault)) for found, fault in verify_records()] == [(change.pk, True)]


def test_decided_states_lead_nowhere(alpha, fay, sam) -> None:
    change = an_approved_change(alpha, assessor=fay, decider=sam)
    for verb in (approve, reject, defer):
        with pytest.raises(Refused) as refusal:
            verb(change, by=sam, at=LATER, reason=REASON)
        assert refusal.value.code == "already_decided"
    assert state(change) == ChangeState.APPROVED
