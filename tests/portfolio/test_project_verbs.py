"""What may be done with a project, by whom, from which state, and what it leaves behind."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from pmo.lib.errors import Refused
from pmo.models.revising import Stale
from portfolio.models import Project
from portfolio.states import PROJECT_MOVES, ProjectStatus
from tests.factories import make_project

VERBS = {
    "hold": (ProjectStatus.ON_HOLD, lambda project, by: project.put_on_hold(by=by, reason="Waits for money")),
    "reactivate": (ProjectStatus.ACTIVE, lambda project, by: project.reactivate(by=by, reason="Money is there")),
    "cancel": (ProjectStatus.CANCELLED, lambda project, by: project.cancel(by=by, reason="No longer needed")),
    "close": (
        ProjectStatus.CLOSED,
        lambda project, by: project.close(by=by, reason="Accepted by Water", finished_on=timezone.localdate()),
    ),
}
ALLOWED = [(verb, source) for verb, (target, _) in VERBS.items() for source in ProjectStatus if target in PROJECT_MOVES[source]]
REFUSED = [
    (verb, source) for verb, (target, _) in VERBS.items() for source in ProjectStatus if target not in PROJECT_MOVES[source]
]


@pytest.mark.parametrize(("verb", "source"), ALLOWED)
def test_a_verb_moves_a_project_from_each_state_that_allows_it(pia, verb, source):
    project = make_project(status=source)
    target, act = VERBS[verb]
    act(project, pia)
    project.refresh_from_db()
    assert project.status == target
    latest = project.history.first()
    assert (latest.status, latest.history_user) == (target, pia)
    assert latest.history_change_reason


@pytest.mark.parametrize(("verb", "source"), REFUSED)
def test_a_verb_is_refused_in_every_other_state_and_changes_nothing(pia, verb, source):
    project = make_project(status=source)
    changes = project.history.count()
    with pytest.raises(Refused) as refusal:
        VERBS[verb][1](project, pia)
    assert refusal.value.code == "wrong_status"
    project.refresh_from_db()
    assert project.status == source
    assert project.history.count() == changes


def test_of_two_hands_the_second_is_refused(pia):
    project = make_project()
    same = Project.objects.get(pk=project.pk)
    project.cancel(by=pia, reason="No longer needed")
    with pytest.raises(Refused):
        same.cancel(by=pia, reason="Again")
    assert project.history.filter(status="cancelled").count() == 1


@pytest.mark.parametrize("reason", ["", "   "])
def test_no_state_changes_without_a_reason(pia, reason):
    project = make_project()
    with pytest.raises(Refused) as refusal:
        project.put_on_hold(by=pia, reason=reason)
    assert refusal.value.code == "reason_missing"


def test_closing_dates_the_finish_and_reopening_takes_it_back(pia):
    project = make_project(start_on=dt.date(2025, 1, 6))
    project.close(by=pia, reason="Accepted", finished_on=timezone.localdate())
    project.refresh_from_db()
    assert (project.phase, project.actual_finish_on) == ("closed", timezone.localdate())
    project.reactivate(by=pia, reason="Defects found")
    project.refresh_from_db()
    assert (project.phase, project.actual_finish_on) == ("closing", None)


@pytest.mark.parametrize(("days", "code"), [(1, "finish_in_future"), (-4000, "finish_before_start")])
def test_a_project_does_not_close_on_an_impossible_day(pia, days, code):
    project = make_project(start_on=dt.date(2025, 1, 6))
    with pytest.raises(Refused) as refusal:
        project.close(by=pia, reason="Accepted", finished_on=timezone.localdate() + dt.timedelta(days=days))
    assert refusal.value.code == code


def test_hold_changes_its_own_field_only(pia):
    project = make_project(name="As stored")
    project.name = "Not meant to be saved"
    project.put_on_hold(by=pia, reason="Waits")
    project.refresh_from_db()
    assert project.name == "As stored"


# Revising
def test_a_revision_writes_what_changed_with_its_reason_and_nothing_else(pia, alpha):
    changed = alpha.revise(by=pia, changes={"name": "Alpha two", "purpose": alpha.purpose}, reason="Renamed by the council")
    assert changed == ["name"]
    latest = alpha.history.first()
    assert (latest.name, latest.history_change_reason, latest.history_user) == ("Alpha two", "Renamed by the council", pia)


def test_a_revision_that_changes_nothing_leaves_no_trace(pia, alpha):
    before = alpha.history.count()
    assert alpha.revise(by=pia, changes={"name": alpha.name}) == []
    assert alpha.history.count() == before


def test_a_revision_of_an_old_version_is_refused(pia, max, alpha):
    version = alpha.version()
    alpha.revise(by=pia, changes={"name": "Alpha two"})
    with pytest.raises(Stale) as refusal:
        alpha.revise(by=max, changes={"purpose": "Else"}, version=version)
    assert refusal.value.code == "changed_meanwhile"


@pytest.mark.parametrize("status", ["closed", "cancelled"])
def test_the_record_of_a_project_that_is_over_is_closed(pia, status):
    project = make_project(status=status)
    with pytest.raises(Refused) as refusal:
        project.revise(by=pia, changes={"name": "New"})
    assert refusal.value.code == "project_over"


@pytest.mark.parametrize("field", ["code", "original_finish_on"])
def test_code_and_original_baseline_never_change(pia, alpha, field):
    value = "P-9" if field == "code" else dt.date(2027, 1, 4)
    with pytest.raises(Refused) as refusal:
        alpha.revise(by=pia, changes={field: value})
    assert refusal.value.code == "fixed_for_ever"


@pytest.mark.parametrize("field", ["phase", "priority", "is_reporting"])
def test_the_project_manager_leaves_phase_priority_and_reporting_to_the_office(max, alpha, field):
    value = {"phase": "test", "priority": 1, "is_reporting": False}[field]
    with pytest.raises(Refused) as refusal:
        alpha.revise(by=max, changes={field: value})
    assert refusal.value.code == "office_only"


def test_the_first_baseline_becomes_the_original_one(max, alpha):
    day = dt.date(2027, 4, 30)
    alpha.revise(by=max, changes={"baseline_finish_on": day})
    assert (alpha.original_finish_on, alpha.baseline_number, alpha.rebaselined_on) == (day, 0, None)


def test_a_later_baseline_is_not_typed_by_anybody(pia, max, alpha):
    first, second = dt.date(2027, 4, 30), dt.date(2027, 6, 30)
    alpha.revise(by=max, changes={"baseline_finish_on": first})
    for by in (max, pia):
        with pytest.raises(Refused) as refusal:
            alpha.revise(by=by, changes={"baseline_finish_on": second}, reason="Vendor is late")
        assert refusal.value.code == "by_change_only"
    alpha.refresh_from_db()
    assert (alpha.baseline_finish_on, alpha.baseline_number) == (first, 0)


def test_a_new_baseline_counts_up_is_dated_and_keeps_the_original(pia, max, alpha):
    first, second = dt.date(2027, 4, 30), dt.date(2027, 6, 30)
    alpha.revise(by=max, changes={"baseline_finish_on": first, "budget_amount": Decimal(100)})
    at = timezone.now()
    number = alpha.rebaseline(by=pia, at=at, finish_on=second, budget_amount=Decimal(120), reason="CR-1: the soil")
    alpha.refresh_from_db()
    assert (number, alpha.original_finish_on, alpha.baseline_finish_on, alpha.baseline_number) == (1, first, second, 1)
    assert (alpha.rebaselined_on, alpha.budget_amount) == (timezone.localdate(at), Decimal(120))
    assert alpha.history.first().history_change_reason == "CR-1: the soil"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"reason": " "}, "reason_missing"),
        ({"finish_on": dt.date(2025, 1, 1)}, "finish_before_start"),
        ({"budget_amount": Decimal(-1)}, "budget_negative"),
    ],
)
def test_a_new_baseline_is_checked(values, code, pia, alpha):
    alpha.revise(by=pia, changes={"start_on": dt.date(2026, 1, 5), "baseline_finish_on": dt.date(2027, 4, 30)})
    given = {"finish_on": dt.date(2027, 6, 30), "budget_amount": None, "reason": "CR-1", **values}
    with pytest.raises(Refused) as refusal:
        alpha.rebaseline(by=pia, at=timezone.now(), **given)
    assert refusal.value.code == code
    alpha.refresh_from_db()
    assert (alpha.baseline_number, alpha.baseline_finish_on) == (0, dt.date(2027, 4, 30))


@pytest.mark.parametrize(
    "changes", [{"budget_amount": Decimal(200)}, {"currency": "EUR"}, {"amount_unit": 1000}, {"start_on": dt.date(2026, 2, 2)}]
)
def test_what_was_agreed_is_typed_over_by_nobody(changes, pia, max, alpha):
    alpha.revise(by=max, changes={"budget_amount": Decimal(100), "currency": "GBP", "start_on": dt.date(2026, 1, 5)})
    for by in (max, pia):
        with pytest.raises(Refused) as refusal:
            alpha.revise(by=by, changes=changes, reason="Approved by the council")
        assert refusal.value.code == "by_change_only"


def test_the_office_enters_the_contingency(pia, max, alpha):
    with pytest.raises(Refused) as refusal:
        alpha.revise(by=max, changes={"contingency_amount": Decimal(10)})
    assert refusal.value.code == "office_only"
    alpha.revise(by=pia, changes={"contingency_amount": Decimal(10)})
    assert alpha.contingency_amount == Decimal(10)


def test_before_anything_is_agreed_the_start_is_free(max, alpha):
    alpha.revise(by=max, changes={"start_on": dt.date(2026, 1, 5)})
    alpha.revise(by=max, changes={"start_on": dt.date(2026, 2, 2)})
    assert not alpha.baselines.exists()


def test_values_are_checked_before_they_are_written(pia, alpha):
    alpha.revise(by=pia, changes={"start_on": dt.date(2026, 1, 5)})
    with pytest.raises(ValidationError):
        alpha.revise(by=pia, changes={"baseline_finish_on": dt.date(2025, 1, 6)})
    alpha.refresh_from_db()
    assert alpha.baseline_finish_on is None


def test_registering_keeps_the_baseline_as_the_original_one(pia):
    day = dt.date(2027, 4, 30)
    project = Project.register(by=pia, code="P-1", name="New", baseline_finish_on=day)
    assert project.original_finish_on == day
    assert project.history.get().history_user == pia


def test_sponsor_and_project_manager_are_two_people(pia, max):
    with pytest.raises(ValidationError) as refusal:
        Project.register(by=pia, code="P-1", name="New", sponsor=max, project_manager=max)
    assert refusal.value.error_dict["sponsor"][0].code == "sponsor_is_manager"
