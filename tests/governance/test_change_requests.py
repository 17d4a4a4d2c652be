"""A change request up to its assessment: each verb, whoever tries it, in every state."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from governance import change_requests
from governance.change_requests import Option, agree, assess, begin, edit, options_mark, problems, submit, withdraw
from governance.change_states import ChangeState
from governance.models import ChangeRequest, SignOff
from governance.signing import verify_chain
from pmo.lib.errors import Refused
from pmo.models import MailMessage, Notification
from pmo.models.revising import Stale
from portfolio.states import ProjectStatus
from tests.governance.changed import (
    HOUR,
    LATER,
    NOTHING,
    a_change,
    a_submitted_change,
    an_assessed_change,
    with_baseline,
)
from tests.governance.stories import NOON

pytestmark = pytest.mark.django_db
SAID = {"assessment": "Plausible.", "recommendation": "Approve."}


@pytest.fixture
def alpha(alpha):
    return with_baseline(alpha)


def refused(code, verb, *args, **options) -> None:
    with pytest.raises(Refused) as refusal:
        verb(*args, **options)
    assert refusal.value.code == code


def in_state(change, state) -> ChangeRequest:
    ChangeRequest.objects.filter(pk=change.pk).update(state=state)
    return change


def test_a_draft_begins_with_the_option_to_do_nothing(alpha, max) -> None:
    change = begin(alpha, by=max, at=NOON, title="Later scanners")
    assert (change.number, change.state, change.requested_by) == (1, "draft", max)
    assert [(one.title, one.is_do_nothing) for one in change.options.all()] == [("Do nothing", True)]
    assert change.history.first().history_user == max


@pytest.mark.parametrize("person", ["pia", "max", "tess", "sam"])
def test_whoever_has_a_part_in_the_project_asks(person, alpha, request) -> None:
    assert begin(alpha, by=request.getfixturevalue(person), at=NOON, title="More").number == 1


@pytest.mark.parametrize("person", ["bea", "gina", "fay", "audrey", "adam", "stella", "olaf"])
def test_nobody_else_asks(person, alpha, request) -> None:
    refused("not_requester", begin, alpha, by=request.getfixturevalue(person), at=NOON, title="More")
    assert not ChangeRequest.objects.exists()


def test_nothing_of_a_project_that_is_over_is_changed(alpha, max) -> None:
    change = a_change(alpha)
    type(alpha).objects.filter(pk=alpha.pk).update(status=ProjectStatus.CLOSED)
    alpha.refresh_from_db()
    refused("project_over", begin, alpha, by=max, at=NOON, title="More")
    refused("project_over", submit, change, by=max, at=NOON)


def test_numbers_count_up_within_the_project(alpha, beta, bea) -> None:
    assert [a_change(alpha).number, a_change(alpha).number, a_change(beta, by=bea).number] == [1, 2, 1]


def test_a_draft_keeps_whatever_was_typed(alpha, max) -> None:
    change = begin(alpha, by=max, at=NOON, title="More")
    half = Option("Rent scanners", days_effect=3)
    edit(change, by=max, changes={"description": "Half a", "root_cause": ""}, options=[NOTHING, half])
    change.refresh_from_db()
    assert change.description == "Half a"
    assert change_requests.options_of(change) == [NOTHING, half]
    assert change.history.count() == 2


def test_an_empty_row_of_options_is_left_out(alpha, max) -> None:
    change = begin(alpha, by=max, at=NOON, title="More")
    edit(change, by=max, changes={}, options=[NOTHING, Option("", ""), LATER])
    assert change_requests.options_of(change) == [NOTHING, LATER]


@pytest.mark.parametrize("person", ["pia", "tess", "sam", "gina", "bea", "olaf"])
def test_only_the_requester_and_the_manager_edit(person, alpha, request) -> None:
    change = a_change(alpha)
    refused("not_requester", edit, change, by=request.getfixturevalue(person), changes={"title": "Mine"})
    refused("not_requester", submit, change, by=request.getfixturevalue(person), at=NOON)
    refused("not_requester", withdraw, change, by=request.getfixturevalue(person), at=NOON, reason="No")


@pytest.mark.parametrize(
    "state", [state for state in ChangeState if state != ChangeState.DRAFT and state not in ("approved", "rejected")]
)
def test_what_was_submitted_is_not_edited(state, alpha, max) -> None:
    change = in_state(a_change(alpha), state)
    refused("not_draft", edit, change, by=max, changes={"title": "Other"})
    refused("not_draft", ChangeRequest.objects.get(pk=change.pk).revise, by=max, changes={"title": "Other"})


def test_the_outcome_is_not_typed(alpha, max) -> None:
    refused("not_editable", a_change(alpha).revise, by=max, changes={"authority": "board"})


def test_two_editors_do_not_overwrite_each_other(alpha, max, tess) -> None:
    change = a_change(alpha, by=tess)
    seen, mark = change.version(), options_mark(change)
    edit(change, by=tess, changes={"title": "First"}, options=[NOTHING, LATER, Option("Rent", "Costs more.")])
    with pytest.raises(Stale):
        edit(change, by=max, changes={"title": "Second"}, version=seen)
    with pytest.raises(Stale):
        edit(change, by=max, changes={}, options=[NOTHING, LATER], options_seen=mark)
    change.refresh_from_db()
    assert (change.title, change.options.count()) == ("First", 3)


def test_submitting_freezes_signs_and_tells_the_assessors(alpha, max, pia) -> None:
    from django.utils import timezone

    change = a_submitted_change(alpha, at=timezone.now() - HOUR)
    assert (change.state, change.authority, change.agreed_by) == ("submitted", "manager_sponsor", max)
    signed = SignOff.objects.get(change_request=change)
    assert (signed.action, signed.person, signed.content_sha256) == ("submit", max, change.record_sha256)
    assert verify_chain() is None
    assert Notification.objects.get(recipient=pia).key == f"change-assess-{change.pk}"
    assert "Later scanners" not in MailMessage.objects.get().body


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"description": " "}, "description_missing"),
        ({"reason_code": ""}, "reason_code_missing"),
        ({"risk_effect": ""}, "effect_missing"),
        ({"cost_effect": 5, "within_contingency": False}, "funding_missing"),
        ({"wants_baseline": True}, "root_cause_missing"),
        ({"options": [NOTHING]}, "options_missing"),
        ({"options": [LATER, Option("Rent", "Costs more.")]}, "do_nothing_missing"),
        ({"options": [NOTHING, Option("Rent", "Costs more.")]}, "recommendation_missing"),
        ({"options": [NOTHING, Option("Rent", "", is_recommended=True)]}, "option_blank"),
    ],
)
def test_what_is_incomplete_is_not_submitted(values, code, alpha, max) -> None:
    change = a_change(alpha, **values)
    refused(code, submit, change, by=max, at=NOON)
    assert problems(change, change_requests.options_of(change))[0].code == code
    change.refresh_from_db()
    assert (change.state, SignOff.objects.count()) == ("draft", 0)


def test_a_new_baseline_needs_one_to_replace(beta, bea) -> None:
    change = a_change(beta, by=bea, wants_baseline=True, root_cause="Soil")
    refused("baseline_missing", submit, change, by=bea, at=NOON)


def test_the_named_assessor_is_somebody_else_of_the_team(alpha, max, tess, olaf) -> None:
    refused("own_request", submit, a_change(alpha, by=tess, assessor=tess), by=tess, at=NOON)
    refused("assessor_not_in_team", submit, a_change(alpha, assessor=olaf), by=max, at=NOON)


@pytest.mark.parametrize("state", [state for state in ChangeState if state not in ("draft", "approved", "rejected")])
def test_only_a_draft_is_submitted(state, alpha, max) -> None:
    refused("wrong_state", submit, in_state(a_change(alpha), state), by=max, at=NOON)


@pytest.mark.parametrize("person", ["pia", "gina", "fay"])
def test_office_and_finance_assess(person, alpha, request) -> None:
    assessor = request.getfixturevalue(person)
    change = an_assessed_change(alpha, assessor=assessor)
    assert (change.state, change.assessed_by) == ("assessed", assessor)
    assert change.history.first().history_change_reason == "assessed"


@pytest.mark.parametrize("person", ["bea", "sam", "tess", "audrey", "olaf"])
def test_nobody_else_assesses(person, alpha, request) -> None:
    refused("not_assessor", assess, a_submitted_change(alpha), by=request.getfixturevalue(person), at=NOON, **SAID)


def test_the_team_member_named_assesses(alpha, tess) -> None:
    change = a_submitted_change(alpha, assessor=tess)
    assess(change, by=tess, at=NOON + 2 * HOUR, **SAID)
    assert change.assessed_by == tess


def test_nobody_assesses_the_own_request_whatever_the_role(alpha, pia, max) -> None:
    change = a_submitted_change(alpha, by=pia)
    refused("own_request", assess, change, by=pia, at=NOON, **SAID)
    with pytest.raises(IntegrityError), transaction.atomic():
        ChangeRequest.objects.filter(pk=change.pk).update(assessed_by=pia)


@pytest.mark.parametrize("missing", ["assessment", "recommendation"])
def test_an_assessment_says_something(missing, alpha, pia) -> None:
    refused("assessment_missing", assess, a_submitted_change(alpha), by=pia, at=NOON, **{**SAID, missing: " "})


@pytest.mark.parametrize("state", ["draft", "assessed", "deferred", "withdrawn"])
def test_only_what_was_submitted_is_assessed(state, alpha, pia) -> None:
    refused("wrong_state", assess, in_state(a_submitted_change(alpha), state), by=pia, at=NOON, **SAID)


def test_the_manager_agrees_to_what_a_member_asked_for(alpha, tess, max) -> None:
    change = a_submitted_change(alpha, by=tess)
    assert change.agreed_by is None
    refused("not_manager", agree, change, by=tess, at=NOON)
    agree(change, by=max, at=NOON + 2 * HOUR)
    assert change.agreed_by == max
    refused("already_agreed", agree, change, by=max, at=NOON)


def test_a_draft_is_not_agreed_to(alpha, tess, max) -> None:
    refused("wrong_state", agree, a_change(alpha, by=tess), by=max, at=NOON)


@pytest.mark.parametrize("state", ["draft", "submitted", "assessed", "deferred"])
def test_a_request_is_taken_back_until_it_is_decided(state, alpha, max) -> None:
    change = in_state(a_submitted_change(alpha), state)
    withdraw(change, by=max, at=NOON, reason="Not needed")
    assert (change.state, change.decision_reason) == ("withdrawn", "Not needed")
    refused("wrong_state", withdraw, change, by=max, at=NOON, reason="Again")


def test_taking_back_what_others_work_on_needs_a_reason(alpha, max) -> None:
    refused("reason_missing", withdraw, a_submitted_change(alpha), by=max, at=NOON)
    change = a_change(alpha)
    withdraw(change, by=max, at=NOON)
    assert change.state == "withdrawn"


def test_who_reads_a_request(alpha, pia, gina, max, bea, tess, sam, stella, fay, hugo, audrey, adam, olaf) -> None:
    a_change(alpha)
    everybody = [pia, gina, max, bea, tess, sam, stella, fay, hugo, audrey, adam, olaf]
    seen = {
        person.first_name if hasattr(person, "first_name") else person.name
        for person in everybody
        if ChangeRequest.objects.visible_to(person).exists()
    }
    assert seen == {person.name for person in (pia, gina, max, tess, sam, fay, audrey)}
