"""Computed ratings at their limits. The bands are those of the office's rating rules: 5 and 10 %, 5 and 15 working days,
scores of 10 and 15, critical issues at once and after 5 days."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from governance.health import (
    HealthInputs,
    IssueFact,
    MilestoneFact,
    RiskFact,
    compute,
    default_limits,
    overall_letter,
    slip_pct,
)
from governance.states import Dimension, Letter

START = dt.date(2026, 1, 1)
#: 200 days after the start, so that one percent of slip is two days.
FINISH = START + dt.timedelta(days=200)
STATUS = START + dt.timedelta(days=100)
D = Dimension


def inputs(**overrides: object) -> HealthInputs:
    values: dict[str, object] = {
        "status_on": STATUS,
        "governance_class": 3,
        "start_on": START,
        "baseline_finish_on": FINISH,
        "forecast_finish_on": FINISH,
        "actual_finish_on": None,
        "schedule_age_days": 0,
    }
    return HealthInputs(**{**values, **overrides})  # type: ignore[arg-type]


def letter(dimension: Dimension, **overrides: object) -> str:
    return str(compute(inputs(**overrides), default_limits(3))[dimension].letter)


@pytest.mark.parametrize(("days", "expected"), [(-20, "G"), (0, "G"), (10, "G"), (11, "Y"), (20, "Y"), (21, "R")])
def test_finish_slip_is_measured_against_the_baseline_duration(days: int, expected: str) -> None:
    assert letter(D.SCHEDULE, forecast_finish_on=FINISH + dt.timedelta(days=days)) == expected


@pytest.mark.parametrize(("late", "expected"), [(5, "G"), (6, "Y"), (15, "Y"), (16, "R")])
def test_key_milestone_lateness(late: int, expected: str) -> None:
    assert letter(D.SCHEDULE, milestones=(MilestoneFact("Go-live", True, FINISH, FINISH, None, late),)) == expected


def test_a_milestone_that_is_not_key_does_not_count() -> None:
    assert letter(D.SCHEDULE, milestones=(MilestoneFact("Kick-off", False, FINISH, FINISH, None, 60),)) == "G"


def test_open_past_the_baseline_finish_is_red() -> None:
    assert letter(D.SCHEDULE, status_on=FINISH + dt.timedelta(days=1)) == "R"


@pytest.mark.parametrize(("age", "expected"), [(14, "G"), (15, "-"), (None, "-")])
def test_stale_dates_are_grey_never_green(age: int | None, expected: str) -> None:
    assert letter(D.SCHEDULE, schedule_age_days=age) == expected


def test_without_dates_the_schedule_is_grey_and_the_overall_not_green() -> None:
    found = compute(inputs(start_on=None, baseline_finish_on=None, forecast_finish_on=None), default_limits(3))
    assert (found[D.SCHEDULE].letter, found[D.OVERALL].letter) == (Letter.GREY, Letter.YELLOW)


@pytest.mark.parametrize(
    ("score", "overdue", "idle", "expected"),
    [
        (9, True, None, "G"),
        (10, False, 30, "G"),
        (10, False, 31, "Y"),
        (14, False, None, "Y"),
        (15, True, 3, "R"),
        (15, False, None, "R"),
        (15, False, 3, "Y"),
    ],
)
def test_risk_by_score_and_treatment(score: int, overdue: bool, idle: int | None, expected: str) -> None:
    assert letter(D.RISK, risks=(RiskFact(1, "If", score, overdue, idle),)) == expected


@pytest.mark.parametrize(
    ("severity", "age", "expected"),
    [
        ("critical", 0, "Y"),
        ("critical", 5, "Y"),
        ("critical", 6, "R"),
        ("major", 30, "G"),
        ("major", 31, "Y"),
        ("major", 61, "R"),
        ("minor", 400, "G"),
    ],
)
def test_quality_by_the_age_of_issues(severity: str, age: int, expected: str) -> None:
    assert letter(D.QUALITY, issues=(IssueFact(1, "Fault", severity, age),)) == expected


def test_what_has_no_source_in_the_product_is_not_assessed() -> None:
    found = compute(inputs(), default_limits(3))
    assert {dimension for dimension, rating in found.items() if rating.letter == Letter.NOT_ASSESSED} == {
        D.SCOPE,
        D.BUDGET,
        D.RESOURCES,
    }


G, Y, R, GREY, N = Letter


@pytest.mark.parametrize(
    ("schedule", "quality", "risk", "expected"),
    [
        (G, G, G, G), (G, Y, G, G), (G, Y, Y, Y), (G, R, G, Y), (G, R, R, R), (Y, G, G, Y),
        (R, G, G, R), (GREY, G, G, Y), (GREY, R, R, R), (N, G, G, G), (N, N, N, GREY),
    ],
)  # fmt: skip
def test_overall_by_core_and_other_dimensions(schedule: Letter, quality: Letter, risk: Letter, expected: Letter) -> None:
    assert (
        overall_letter({D.SCOPE: N, D.SCHEDULE: schedule, D.BUDGET: N, D.QUALITY: quality, D.RISK: risk, D.RESOURCES: N})
        == expected
    )


def test_every_light_says_why() -> None:
    found = compute(inputs(forecast_finish_on=FINISH + dt.timedelta(days=30)), default_limits(3, version=4))[
        D.SCHEDULE
    ].as_dict()
    assert found["letter"] == "R"
    assert found["thresholds_version"] == 4
    assert ["Finish slip", "15.0 %", "5 % or less", "over 10 %", "R"] in found["tests"]
    assert ["Baseline finish", "Mon 20 Jul 2026"] in found["inputs"]


@pytest.mark.parametrize(
    ("start", "baseline", "expected"), [(START, FINISH, Decimal("10.0")), (FINISH, FINISH, None), (None, FINISH, None)]
)
def test_slip_has_no_value_without_a_duration(start: dt.date | None, baseline: dt.date, expected: Decimal | None) -> None:
    assert slip_pct(start, baseline, FINISH + dt.timedelta(days=20)) == expected


def test_class_1_may_be_a_week_older() -> None:
    assert default_limits(1).letter("report_age_days", 21) == G
    assert default_limits(2).letter("report_age_days", 15) == R
