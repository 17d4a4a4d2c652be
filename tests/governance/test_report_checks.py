"""The rating checks W1, W3 and W6 at their limits, and what stands in the way of submitting."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from governance.report_checks import keeps_slipping, likeness, rates_better, rating_obstacles, repeats_itself
from governance.states import Dimension

DAY = dt.date(2026, 12, 1)


def rated(pm: str, computed: str, dimension: str = "schedule") -> dict[str, Any]:
    explained = {"letter": computed, "sentence": "Two of three tests are outside green."}
    return {"ratings": [{"dimension": dimension, "pm": pm, "computed": explained}]}


@pytest.mark.parametrize(
    ("pm", "computed", "goes_off"),
    [
        ("G", "G", False),
        ("G", "Y", True),
        ("G", "R", True),
        ("Y", "R", True),
        ("Y", "Y", False),
        ("Y", "G", False),
        ("R", "G", False),
        ("R", "Y", False),
        ("G", "-", False),
        ("G", "N", False),
        ("", "R", False),
    ],
)
def test_w1_asks_about_a_rating_better_than_the_evidence_and_never_about_a_worse_one(pm, computed, goes_off):
    found = rates_better(rated(pm, computed))
    assert bool(found) == goes_off
    assert [(trigger.check, trigger.dimension) for trigger in found] == ([("W1", "schedule")] if goes_off else [])


def forecasts(*days: int | None, is_key: bool = True, actual: bool = False) -> list[dict[str, Any]]:
    """Return contents, newest first, in which one milestone is forecast so many days after the first of December."""
    return [
        {
            "milestones": [
                {
                    "number": 1,
                    "name": "Go-live",
                    "is_key": is_key,
                    "forecast_on": None if day is None else DAY + dt.timedelta(days=day),
                    "actual_on": DAY if actual else None,
                }
            ]
        }
        for day in days
    ]


@pytest.mark.parametrize(
    ("contents", "goes_off"),
    [
        (forecasts(2, 1, 0), True),
        (forecasts(9, 5, 4), True),
        (forecasts(1, 1, 0), False),
        (forecasts(2, 0, 1), False),
        (forecasts(1, 0, 0), False),
        (forecasts(0, 1, 2), False),
        (forecasts(2, 1), False),
        (forecasts(2, None, 0), False),
        (forecasts(2, 1, 0, is_key=False), False),
        (forecasts(2, 1, 0, actual=True), False),
    ],
)
def test_w3_asks_about_a_key_milestone_that_moved_later_twice_running(contents, goes_off):
    assert bool(keeps_slipping(contents[0], contents[1:])) == goes_off


def text(words: int, changed: int) -> dict[str, Any]:
    said = " ".join(f"other{at}" if at < changed else f"word{at}" for at in range(words))
    return {"headline": said, "accomplishments": [], "plan": []}


@pytest.mark.parametrize(
    ("words", "changed", "goes_off"), [(100, 0, True), (100, 4, True), (100, 5, False), (100, 6, False), (100, 100, False)]
)
def test_w6_asks_about_a_text_more_than_95_percent_the_same(words, changed, goes_off):
    assert bool(repeats_itself(text(words, changed), text(words, 0))) == goes_off


def test_w6_has_nothing_to_compare_a_first_report_with():
    assert repeats_itself(text(100, 0), None) == []


def test_likeness_counts_words_and_not_their_line_breaks():
    assert likeness("one two\nthree", "one two three") == 1
    assert likeness("", "one") == 0


def rating(**values: Any) -> dict[str, Any]:
    empty = {"reason": "", "cause": "", "action": "", "action_owner": "", "action_due_on": None, "measure": ""}
    return {"dimension": "budget", "pm": "G", **empty, **values}


FULL = {
    "cause": "Late delivery",
    "action": "Second team",
    "action_owner": "Nadia",
    "action_due_on": DAY,
    "measure": "Test passed",
}


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        (rating(), []),
        (rating(pm=""), ["rating_missing"]),
        (rating(pm="Y"), ["reason_missing"]),
        (rating(pm="Y", reason="two words"), ["reason_missing"]),
        (rating(pm="Y", reason="just three words"), []),
        (rating(pm="R", reason="just three words"), ["path_missing"] * 5),
        (rating(pm="R", **FULL), ["reason_missing"]),
        (rating(pm="R", reason="just three words", **FULL), []),
        *[(rating(pm="R", reason="just three words", **{**FULL, name: ""}), ["path_missing"]) for name in FULL],
    ],
)
def test_yellow_asks_for_a_reason_and_red_for_a_whole_path(row, codes):
    assert [obstacle.code for obstacle in rating_obstacles([row])] == codes


def test_each_dimension_names_its_own_fields():
    rows = [{**rating(pm=""), "dimension": name} for name in Dimension.values]
    assert [obstacle.field for obstacle in rating_obstacles(rows)] == [f"{name}-pm_letter" for name in Dimension.values]
