"""Who decides on a change: worked examples, alone and together with what was approved before."""

from __future__ import annotations

from decimal import Decimal

import pytest

from governance.change_authority import Base, Effect, Nature, SizeLimits, decide_by_size
from governance.change_states import Authority

LIMITS = SizeLimits()
SMALL, OFFICE, BOARD = Authority.MANAGER_AND_SPONSOR, Authority.PMO_MANAGER, Authority.BOARD
MILLION = Base(Decimal(1_000_000), 200, 2)


def decided(cost="0", days=0, *, earlier=(), base=MILLION, contingency=True, limits=LIMITS, **nature):
    before = tuple(Effect(f"CR-{n}", Decimal(c), d) for n, (c, d) in enumerate(earlier))
    own = Effect("CR-new", Decimal(cost), days)
    return decide_by_size(own, before, base, Nature(within_contingency=contingency, **nature), limits)


@pytest.mark.parametrize(
    ("cost", "days", "authority"),
    [
        ("0", 0, SMALL),
        ("49999.99", 9, SMALL),
        ("50000", 0, OFFICE),
        ("99999.99", 0, OFFICE),
        ("100000", 0, BOARD),
        ("0", 10, OFFICE),
        ("0", 19, OFFICE),
        ("0", 20, BOARD),
        ("-49999", -9, SMALL),
        ("-100000", 0, BOARD),
        ("0", -20, BOARD),
    ],
)
def test_one_change_alone(cost, days, authority) -> None:
    assert decided(cost, days).authority == authority


def test_slices_are_added_up() -> None:
    """Four changes of 3 % each: the second reaches 6 %, the fourth 12 %."""
    slices = [("30000", 0)] * 4
    assert [decided("30000", earlier=slices[:n]).authority for n in range(4)] == [SMALL, OFFICE, OFFICE, BOARD]


def test_days_are_added_up() -> None:
    assert decided(days=4, earlier=[("0", 3), ("0", 2)]).authority == SMALL
    assert decided(days=5, earlier=[("0", 3), ("0", 2)]).authority == OFFICE
    assert decided(days=10, earlier=[("0", 5), ("0", 5)]).authority == BOARD


def test_a_saving_makes_no_room_for_an_increase() -> None:
    verdict = decided("40000", earlier=[("-40000", -9)], days=9)
    assert (verdict.authority, verdict.cost_sum, verdict.days_sum) == (OFFICE, Decimal(80000), 18)


def test_the_larger_of_both_counts() -> None:
    assert decided("10", 20).authority == BOARD
    assert decided("100000", 1).authority == BOARD


def test_money_beyond_contingency_goes_to_the_office() -> None:
    assert decided("1", contingency=False).authority == OFFICE
    assert decided("0", 2, contingency=False).authority == SMALL
    assert decided("-1", contingency=False).authority == SMALL


@pytest.mark.parametrize(("governance_class", "authority"), [(1, SMALL), (2, SMALL), (3, BOARD), (4, BOARD)])
def test_a_change_of_scope_goes_to_the_board_in_the_higher_classes(governance_class, authority) -> None:
    base = Base(Decimal(1_000_000), 200, governance_class)
    assert decided(base=base, changes_scope=True).authority == authority


def test_a_new_baseline_is_never_decided_by_the_sponsor_alone() -> None:
    assert decided(wants_baseline=True).authority == OFFICE


@pytest.mark.parametrize("base", [Base(None, 200, 1), Base(Decimal(0), 200, 1)])
def test_without_a_budget_the_higher_authority_decides_and_says_why(base) -> None:
    verdict = decided("1", base=base)
    assert (verdict.authority, verdict.cost_percent) == (BOARD, None)
    assert "no approved budget" in verdict.deciding[0].sentence


@pytest.mark.parametrize("days", [None, 0, -3])
def test_without_a_duration_the_higher_authority_decides_and_says_why(days) -> None:
    verdict = decided(days=1, base=Base(Decimal(1_000_000), days, 1))
    assert (verdict.authority, verdict.days_percent) == (BOARD, None)
    assert "no duration" in verdict.deciding[0].sentence


def test_where_nothing_moves_nothing_is_missing() -> None:
    verdict = decided(base=Base(None, None, 1))
    assert (verdict.authority, verdict.cost_percent, verdict.days_percent) == (SMALL, 0, 0)


def test_the_offices_own_limits_count() -> None:
    strict = SizeLimits(Decimal(1), Decimal(2), 2, 1)
    assert decided("10000", limits=strict).authority == OFFICE
    assert decided("20000", limits=strict).authority == BOARD
    assert decided(days=2, limits=strict).authority == OFFICE
    assert decided(changes_scope=True, base=Base(Decimal(1), 200, 1), limits=strict).authority == BOARD


@pytest.mark.parametrize(
    ("governance_class", "authority"), [(1, "pmo_manager"), (2, "pmo_manager"), (3, "board"), (4, "board")]
)
def test_a_new_baseline_is_the_boards_from_the_class_named(governance_class, authority) -> None:
    base = Base(Decimal(1_000_000), 200, governance_class)
    verdict = decide_by_size(Effect("CR-1", Decimal(0), 1), (), base, Nature(wants_baseline=True), SizeLimits())
    assert verdict.authority == authority
    lenient = decide_by_size(Effect("CR-1", Decimal(0), 1), (), base, Nature(wants_baseline=True), SizeLimits(baseline_class=5))
    assert lenient.authority == "pmo_manager"
