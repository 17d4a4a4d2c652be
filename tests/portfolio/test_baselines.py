"""Baselines: rows that are never altered. The first comes with the first agreement, the next by a change."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from pmo.lib.errors import Refused
from portfolio.models import Baseline, BaselineDate, Milestone, Project
from portfolio.models.baselines import correct
from portfolio.models.projects import Project as ProjectModel

pytestmark = pytest.mark.django_db
START, FINISH, LATER, GO_LIVE = dt.date(2026, 1, 5), dt.date(2027, 4, 30), dt.date(2027, 6, 30), dt.date(2027, 3, 1)
FIGURES = {"start_on": START, "baseline_finish_on": FINISH, "budget_amount": Decimal(100), "contingency_amount": Decimal(10)}


@pytest.fixture
def agreed(alpha, pia) -> Project:
    """A project with a milestone, agreed in one step."""
    Milestone.plan(project=alpha, by=pia, name="Go-live", is_key=True, baseline_on=GO_LIVE)
    alpha.revise(by=pia, changes=FIGURES)
    return alpha


def refused(code, verb, *args, **options) -> None:
    with pytest.raises(Refused) as refusal:
        verb(*args, **options)
    assert refusal.value.code == code


def figures(row) -> tuple:
    return row.number, row.edition, row.start_on, row.finish_on, row.budget_amount, row.contingency_amount


def test_the_first_agreement_is_baseline_0_with_its_milestones(agreed, pia) -> None:
    row = agreed.baselines.get()
    assert figures(row) == (0, 0, START, FINISH, Decimal(100), Decimal(10))
    assert (row.origin, row.currency, row.amount_unit, row.agreed_by) == ("start", "USD", 1, pia)
    date = row.dates.get()
    assert (date.milestone_number, date.name, date.is_key, date.on) == (1, "Go-live", True, GO_LIVE)


def test_registering_with_figures_agrees_them(pia) -> None:
    project = Project.register(by=pia, code="P-1", name="New", **FIGURES)
    assert figures(project.baselines.get())[:4] == (0, 0, START, FINISH)


def test_what_was_not_agreed_yet_is_entered_once(alpha, max, pia) -> None:
    alpha.revise(by=max, changes={"baseline_finish_on": FINISH})
    row = alpha.baselines.get()
    assert (row.budget_amount, row.currency) == (None, "")
    alpha.revise(by=max, changes={"budget_amount": Decimal(7), "currency": "EUR", "start_on": START})
    Milestone.plan(project=alpha, by=max, name="Training", baseline_on=GO_LIVE)
    row.refresh_from_db()
    assert (row.budget_amount, row.currency, row.start_on) == (Decimal(7), "EUR", START)
    assert row.dates.get().name == "Training"


@pytest.mark.parametrize(
    "changes",
    [{"finish_on": dt.date(2028, 1, 3)}, {"budget_amount": Decimal(1)}, {"number": 3}, {"start_on": None}, {"reason": "x"}],
)
def test_neither_the_model_nor_the_database_alters_a_baseline(changes, agreed, pia) -> None:
    agreed.rebaseline(by=pia, at=timezone.now(), finish_on=LATER, reason="CR-1")
    row = agreed.baselines.get(number=1)
    for name, value in changes.items():
        setattr(row, name, value)
    refused("baseline_fixed", row.save)
    refused("baseline_fixed", row.delete)
    with pytest.raises(DatabaseError), transaction.atomic():
        Baseline.objects.filter(pk=row.pk).update(**changes)


def test_neither_alters_a_date_of_a_baseline(agreed) -> None:
    date = BaselineDate.objects.get()
    refused("baseline_fixed", date.save)
    refused("baseline_fixed", date.delete)
    with pytest.raises(DatabaseError), transaction.atomic():
        BaselineDate.objects.filter(pk=date.pk).update(on=LATER)


def test_a_new_baseline_stands_beside_the_original_and_moves_what_it_names(agreed, pia) -> None:
    Milestone.plan(project=agreed, by=pia, name="Training", baseline_on=GO_LIVE)
    moved = GO_LIVE + dt.timedelta(days=40)
    agreed.rebaseline(by=pia, at=timezone.now(), finish_on=LATER, budget_amount=Decimal(120), dates={1: moved}, reason="CR-1")
    first, second = agreed.baselines.in_order()
    assert figures(first) == (0, 0, START, FINISH, Decimal(100), Decimal(10))
    assert figures(second) == (1, 0, START, LATER, Decimal(120), Decimal(10))
    assert (first.dates_by_number(), second.dates_by_number()) == ({1: GO_LIVE, 2: GO_LIVE}, {1: moved, 2: GO_LIVE})
    go_live = agreed.milestones.get(number=1)
    assert (go_live.original_on, go_live.baseline_on) == (GO_LIVE, moved)
    assert go_live.history.first().history_change_reason == "CR-1"


def test_a_removed_milestone_stays_in_the_baseline(agreed, pia) -> None:
    agreed.milestones.get().remove(by=pia, reason="Joined with another")
    assert agreed.baselines.get().dates.get().name == "Go-live"


def test_a_project_without_rows_gets_its_baseline_before_the_next_one_opens(alpha, pia) -> None:
    ProjectModel.objects.filter(pk=alpha.pk).update(baseline_finish_on=FINISH, original_finish_on=FINISH)
    alpha.rebaseline(by=pia, at=timezone.now(), finish_on=LATER, reason="CR-1")
    assert [figures(row)[:4:3] for row in alpha.baselines.in_order()] == [(0, FINISH), (1, LATER)]


# Corrections
def corrected(project, by, **values) -> Baseline:
    given = {"at": timezone.now(), "reason": "A nought too many", "figures": {"budget_amount": Decimal(90)}, "dates": {}}
    return correct(project, by=by, **{**given, **values})


def test_the_executive_corrects_a_typing_error_and_both_stand_there(agreed, gina) -> None:
    moved = GO_LIVE + dt.timedelta(days=7)
    corrected(agreed, gina, figures={"budget_amount": Decimal(90), "finish_on": LATER}, dates={1: moved})
    first, second = agreed.baselines.in_order()
    assert figures(first) == (0, 0, START, FINISH, Decimal(100), Decimal(10))
    assert figures(second) == (0, 1, START, LATER, Decimal(90), Decimal(10))
    assert (second.origin, second.reason, second.agreed_by) == ("correction", "A nought too many", gina)
    agreed.refresh_from_db()
    assert (agreed.budget_amount, agreed.baseline_finish_on, agreed.original_finish_on) == (Decimal(90), LATER, LATER)
    assert (agreed.baseline_number, agreed.rebaselined_on) == (0, None)
    go_live = agreed.milestones.get()
    assert (go_live.original_on, go_live.baseline_on) == (moved, moved)
    assert "A nought too many" in agreed.history.first().history_change_reason


def test_correcting_a_later_baseline_leaves_the_original(agreed, pia, gina) -> None:
    agreed.rebaseline(by=pia, at=timezone.now(), finish_on=LATER, reason="CR-1")
    corrected(agreed, gina, figures={"finish_on": LATER + dt.timedelta(days=1)})
    agreed.refresh_from_db()
    assert (agreed.original_finish_on, agreed.baseline_finish_on) == (FINISH, LATER + dt.timedelta(days=1))


@pytest.mark.parametrize("person", ["pia", "max", "sam", "fay", "audrey", "adam"])
def test_nobody_else_corrects(person, agreed, request) -> None:
    refused("executive_only", corrected, agreed, request.getfixturevalue(person))


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"reason": " "}, "reason_missing"),
        ({"figures": {"budget_amount": Decimal(100)}}, "nothing_changed"),
        ({"figures": {"finish_on": START - dt.timedelta(days=1)}}, "finish_before_start"),
        ({"figures": {"budget_amount": Decimal(-1)}}, "budget_negative"),
        ({"figures": {}, "dates": {9: LATER}}, "nothing_changed"),
    ],
)
def test_a_correction_is_checked(values, code, agreed, gina) -> None:
    refused(code, corrected, agreed, gina, **values)
    assert agreed.baselines.count() == 1


def test_nothing_is_corrected_before_it_was_agreed_nor_after_the_end(agreed, beta, pia, gina) -> None:
    refused("baseline_missing", corrected, beta, gina)
    agreed.cancel(by=pia, reason="No money")
    refused("project_over", corrected, agreed, gina)


def test_an_executive_does_not_correct_a_project_of_their_own(agreed, gina) -> None:
    ProjectModel.objects.filter(pk=agreed.pk).update(project_manager=gina)
    refused("own_project", corrected, agreed, gina)
