"""The day on which a gate was held: a few working days back at most, and never a way around what stands in the way today."""

from __future__ import annotations

from typing import Any

import pytest

from governance import gates
from governance.condition_terms import put_conditions
from governance.models import Condition
from portfolio.models import Project
from tests.factories import make_project
from tests.governance.gated import DAY, TODAY, a_passed, a_planned, a_prepared, fresh, refusal, terms
from tests.governance.stories import NOON
from tests.governance.written import a_condition, an_approved_document

pytestmark = pytest.mark.django_db
WEEK = DAY * 7


@pytest.fixture
def project(max: Any, sam: Any) -> Project:
    return make_project(code="P-3001", project_manager=max, sponsor=sam, governance_class=2, phase="intake")


def test_a_day_before_the_condition_fell_due_does_not_walk_past_it(project: Project, pia: Any, max: Any, sam: Any) -> None:
    a_passed(project, "G0", by=pia, at=NOON - WEEK * 2)
    an_approved_document(project, "definition", by=pia)
    review = a_prepared(project, "G1", at=NOON - WEEK, on=TODAY)
    put_conditions([a_condition(max, sam)], project=project, gate_review=project.gate_reviews.first(), by=pia, at=NOON)
    Condition.objects.update(due_on=TODAY - DAY)
    assert refusal(gates.decide, review, by=pia, at=NOON, **terms(held_on=TODAY - DAY * 2)) == "not_ready"


def test_a_decision_may_be_signed_within_five_working_days(project: Project, pia: Any) -> None:
    review = a_prepared(project, at=NOON - WEEK * 4)
    assert refusal(gates.decide, review, by=pia, at=NOON, **terms(held_on=TODAY - DAY * 8)) == "held_too_early"
    gates.decide(review, by=pia, at=NOON, **terms(held_on=TODAY - WEEK))
    assert fresh(review).held_on == TODAY - WEEK


def test_a_review_is_not_held_before_it_was_planned(project: Project, pia: Any) -> None:
    review = a_prepared(project)
    assert refusal(gates.decide, review, by=pia, at=NOON, **terms(held_on=TODAY - DAY)) == "held_too_early"


def test_a_review_is_not_held_before_the_gate_before_it(project: Project, pia: Any) -> None:
    later = a_planned(project, "G1", at=NOON - WEEK, on=TODAY)
    a_passed(project, "G0", by=pia)
    assert refusal(gates.decide, later, by=pia, at=NOON, **terms(held_on=TODAY - DAY)) == "held_too_early"
