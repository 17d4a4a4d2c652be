"""What a reviewer is shown of two reports: words within texts, lines of lists, rows of tables."""

from __future__ import annotations

import datetime as dt
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from governance.comparison import Section, compare, words_of
from governance.comparison.pieces import lines_of, table_of
from governance.comparison.sections import MILESTONES

DAY = dt.date(2026, 12, 4)


def content(**overrides: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "headline": "The forms are tested.",
        "change_note": "",
        "accomplishments": ["Forms tested"],
        "plan": ["Train the clerks"],
        "keeps_plan": False,
        "reconciled": [{"text": "Test the forms", "outcome": "done", "note": "", "weeks_planned": 1}],
        "milestones": [
            {
                "number": 1,
                "name": "Go-live",
                "is_key": True,
                "baseline_on": DAY,
                "forecast_on": DAY,
                "actual_on": None,
                "late_days": 0,
            }
        ],
        "finish": {"original_on": DAY, "baseline_on": DAY, "forecast_on": DAY, "actual_on": None, "late_days": 0},
        "money": {
            "budget_amount": Decimal(100),
            "spent_amount": Decimal(40),
            "committed_amount": None,
            "forecast_amount": Decimal(110),
            "variance_amount": Decimal(10),
            "variance_pct": Decimal("10.0"),
            "as_of_on": DAY,
            "currency": "USD",
            "amount_unit": 1,
        },
        "risks": [],
        "issues": [],
        "decisions": [],
        "dependencies": [],
    }
    return {**deepcopy(values), **overrides}


def section(name: str, now: dict[str, Any], before: dict[str, Any] | None = None, **options: Any) -> Section:
    return next(one for one in compare(now, before, **options) if one.name == name)


def kinds(pieces: Any) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in pieces]


def test_changed_words_stand_beside_each_other_in_place() -> None:
    was, now = "Build is 81 % complete", "Build is 84 % complete"
    found = kinds(words_of(was, now))
    assert ("removed", "81") in found
    assert ("added", "84") in found
    assert "".join(text for kind, text in found if kind != "removed").split() == now.split()
    assert "".join(text for kind, text in found if kind != "added").split() == was.split()


def test_neighbouring_changes_are_one_change() -> None:
    found = kinds(words_of("We test the first two forms on Monday", "We test all seven forms on Monday"))
    assert found.count(("removed", "the first two")) == 1
    assert found.count(("added", "all seven")) == 1


def test_texts_with_little_in_common_are_shown_whole() -> None:
    assert kinds(words_of("All quiet", "The vendor is late and nobody answers")) == [
        ("removed", "All quiet"),
        ("same", " "),
        ("added", "The vendor is late and nobody answers"),
    ]


@pytest.mark.parametrize(("was", "now"), [(None, "Same"), ("Same", "Same")])
def test_equal_texts_and_first_reports_are_not_marked(was: str | None, now: str) -> None:
    assert kinds(words_of(was, now)) == [("same", "Same")]


def test_lines_are_added_removed_or_changed_within() -> None:
    found = lines_of(["Train 10 clerks on the forms", "Close sprint 17"], ["Train 12 clerks on the forms", "Open the counter"])
    assert [line.kind for line in found] == ["changed", "added", "removed"]


def test_a_moved_date_is_shown_as_was_and_is() -> None:
    before = content()
    now = content()
    now["milestones"][0]["forecast_on"] = DAY + dt.timedelta(days=7)
    row = section("milestones", now, before).table.rows[0]  # type: ignore[union-attr]
    assert (row.kind, row.cells[2].was, row.cells[2].now) == ("changed", "Fri 4 Dec 2026", "Fri 11 Dec 2026")


def test_rows_are_matched_by_number_not_by_place() -> None:
    one = content()["milestones"][0]
    two = {**one, "number": 2, "name": "Training"}
    found = table_of(MILESTONES, [one], [two, one])
    assert [row.kind for row in found.rows] == ["added", "same"]


def test_a_row_that_is_gone_stays_readable() -> None:
    found = table_of(MILESTONES, content()["milestones"], [])
    assert [(row.kind, row.cells[0].now) for row in found.rows] == [("removed", "Go-live (key)")]


def test_a_milestone_that_only_ages_is_no_change() -> None:
    now = content()
    now["milestones"][0]["late_days"] = 3
    assert not section("milestones", now, content()).is_open


def test_money_shows_what_moved_and_by_when_it_counts() -> None:
    now = content()
    now["money"]["forecast_amount"] = Decimal(130)
    found = section("money", now, content())
    assert found.is_open
    assert found.note == "1 change, as of Fri 4 Dec 2026"
    assert [(row.cells[1].was, row.cells[1].now) for row in found.table.rows if row.kind == "changed"] == [("$110", "$130")]  # type: ignore[union-attr]


def test_unchanged_sections_fold_and_say_what_they_hold() -> None:
    found = {one.name: one for one in compare(content(), content())}
    assert [name for name, one in found.items() if one.is_open] == ["plan-done"]
    assert (found["milestones"].note, found["risks"].note) == ("1 milestone", "none")


def test_a_kept_plan_says_that_it_was_kept_on_purpose() -> None:
    assert section("plan", content(keeps_plan=True), content()).note == "the same as last week, kept on purpose"


def test_last_weeks_plan_is_compared_only_within_the_same_report() -> None:
    before = content()
    now = content(reconciled=[{"text": "Test the forms", "outcome": "not_done", "note": "", "weeks_planned": 3}])
    assert section("plan-done", now, before).table.rows[0].kind == "same"  # type: ignore[union-attr]
    row = section("plan-done", now, before, same_period=True).table.rows[0]  # type: ignore[union-attr]
    assert (row.cells[1].was, row.cells[1].now, row.cells[2].now) == ("Done", "Not done", "Third week on the plan")


def test_a_first_report_is_shown_without_marks_and_whatever_it_holds_stands_open() -> None:
    found = compare(content(risks=[], reconciled=[]), None)
    is_open = {one.name for one in found if one.is_open}
    assert {"headline", "milestones", "accomplishments", "plan", "finish", "money"} <= is_open
    assert is_open.isdisjoint({"risks", "plan-done"})


def test_a_correction_opens_with_what_it_changes() -> None:
    assert compare(content(change_note="The headline named the wrong week."), content())[0].name == "change_note"
