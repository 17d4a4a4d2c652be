"""What follows from a gate: the next review, the reviews of benefits, and the calling off of what a project no longer needs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from governance.gate_after import call_off_planned, months_after, plan_benefits
from governance.gate_states import Gate
from tests.factories import make_project
from tests.governance.gated import TODAY, a_passed, a_planned
from tests.governance.stories import NOON

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def project(max: Any, sam: Any) -> Any:
    return make_project(project_manager=max, sponsor=sam, governance_class=2, phase="intake")


def planned(project: Any) -> list[tuple[str, dt.date]]:
    return list(project.gate_reviews.filter(state="planned").order_by("planned_on").values_list("gate", "planned_on"))


def test_the_day_that_a_go_names_plans_the_gate_after_it(project: Any, pia: Any) -> None:
    a_passed(project, by=pia, next_gate_on=TODAY + 40 * DAY)
    assert planned(project) == [("G1", TODAY + 40 * DAY)]


def test_the_day_that_a_hold_names_plans_the_same_gate_again(project: Any, pia: Any) -> None:
    a_passed(project, by=pia, decision="hold", next_gate_on=TODAY + 10 * DAY)
    assert planned(project) == [("G0", TODAY + 10 * DAY)]


def test_nothing_is_planned_twice(project: Any, pia: Any) -> None:
    a_planned(project, "G1", on=TODAY + 20 * DAY)
    a_passed(project, by=pia, next_gate_on=TODAY + 40 * DAY)
    assert planned(project) == [("G1", TODAY + 20 * DAY)]


@pytest.mark.parametrize(("governance_class", "months"), [(1, []), (2, [12]), (3, [6, 12]), (4, [6, 12, 24])])
def test_benefits_are_reviewed_as_the_class_asks(governance_class: int, months: list[int], project: Any, pia: Any) -> None:
    project.governance_class = governance_class
    plan_benefits(project, TODAY, by=pia, at=NOON)
    assert planned(project) == [("G6", months_after(TODAY, number)) for number in months]


def test_what_is_over_keeps_only_the_reviews_of_its_benefits(project: Any, pia: Any) -> None:
    a_planned(project, "G1", on=TODAY + 20 * DAY)
    plan_benefits(project, TODAY, by=pia, at=NOON)
    assert [row.gate for row in call_off_planned(project, reason="It is over.", by=pia, but=(Gate.G6,))] == ["G1"]
    assert [gate for gate, _ in planned(project)] == ["G6"]


@pytest.mark.parametrize(
    ("day", "months", "wanted"),
    [
        (dt.date(2026, 11, 30), 3, dt.date(2027, 2, 28)),
        (dt.date(2026, 12, 15), 12, dt.date(2027, 12, 15)),
        (dt.date(2027, 11, 30), 3, dt.date(2028, 2, 29)),
        (dt.date(2026, 1, 31), 1, dt.date(2026, 2, 28)),
    ],
)
def test_months_are_counted_to_the_same_day_or_the_last(day: dt.date, months: int, wanted: dt.date) -> None:
    assert months_after(day, months) == wanted
