"""Productivity standards: set, measured, corrected, and what is found when one is missed twice running."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from governance import measuring
from governance.models import ProductivityStandard, StandardMeasurement
from pmo.lib.errors import Refused
from tests.governance.pages import signed_in

pytestmark = pytest.mark.django_db
ENDS = [dt.date(2026, month, 28) for month in range(1, 11)]


@pytest.fixture
def standard(pia: Any, max: Any, alpha: Any) -> ProductivityStandard:
    return measuring.open_standard(
        by=pia,
        code="STD-1",
        statement="Reviews are decided within two days",
        unit="%",
        target=Decimal(90),
        how_measured="Of all decided.",
        owner=max,
    )


def measured(standard: ProductivityStandard, *values: int | str) -> list[StandardMeasurement]:
    return [
        measuring.measure(standard, by=standard.owner, at=timezone.now(), period_end_on=end_on, value=Decimal(value))
        for end_on, value in zip(ENDS, values, strict=False)
    ]


def code_of(act: Any) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return str(refused.value.code)


def test_the_owner_and_the_pmo_manager_measure_and_nobody_else(
    standard: ProductivityStandard, pia: Any, gina: Any, bea: Any, beta: Any
) -> None:
    for person in (standard.owner, pia):
        assert measuring.may_measure(standard, person)
    values = {"at": timezone.now(), "period_end_on": ENDS[0], "value": Decimal(1)}
    assert code_of(lambda: measuring.measure(standard, by=gina, **values)) == "not_measurer"
    assert signed_in(bea).post(reverse("governance:standard-measure", args=["STD-1"]), {}).status_code == 403


def test_only_the_pmo_manager_sets_standards(max: Any) -> None:
    assert code_of(lambda: measuring.open_standard(by=max, code="STD-2")) == "not_office"


def test_a_code_that_is_an_address_is_refused(pia: Any) -> None:
    values = {"statement": "x", "unit": "%", "target": Decimal(1), "how_measured": "x", "owner": pia}
    with pytest.raises(ValidationError) as refused:
        measuring.open_standard(by=pia, code="Figures", **values)
    assert refused.value.error_dict["code"][0].code == "reserved"


def test_a_period_is_measured_once_and_when_it_is_over(standard: ProductivityStandard, pia: Any) -> None:
    measured(standard, 91)
    with pytest.raises(ValidationError):
        measured(standard, 92)
    late = {"at": timezone.now(), "period_end_on": dt.date(2026, 11, 30), "value": Decimal(1)}
    assert code_of(lambda: measuring.measure(standard, by=pia, **late)) == "period_not_over"
    assert standard.measurements.count() == 1


@pytest.mark.parametrize(
    ("direction", "value", "words"),
    [("higher", 90, "Met"), ("higher", 89, "Missed"), ("lower", 90, "Met"), ("lower", 91, "Missed")],
)
def test_the_target_itself_is_met_whichever_way_is_better(
    direction: str, value: int, words: str, standard: ProductivityStandard
) -> None:
    standard.direction = direction
    assert measuring.result_words(standard, Decimal(value)) == words
    assert measuring.result_words(standard, None) == ""


@pytest.mark.parametrize(
    ("values", "finding"),
    [
        ((91, 89), ""),
        ((89, 88), "Missed 2 times running"),
        ((88, 87, 86), "Missed 3 times running"),
        ((88, 87, 95), ""),
        ((), ""),
    ],
)
def test_two_misses_running_are_found_and_gone_when_it_is_met_again(
    values: tuple[int, ...], finding: str, standard: ProductivityStandard
) -> None:
    rows = measured(standard, *values)
    assert measuring.finding_words(standard, [row.value for row in reversed(rows)]) == finding
    text = signed_in(standard.owner).get(standard.get_absolute_url()).content.decode()
    assert ("times running" in text) == bool(finding)


def test_a_correction_gives_a_reason_and_keeps_what_was(standard: ProductivityStandard, max: Any) -> None:
    [row] = measured(standard, 91)
    assert code_of(lambda: measuring.correct(row, by=max, value=Decimal(93), note="", reason=" ")) == "reason_missing"
    reply = signed_in(max).post(
        reverse("governance:measurement-correct", args=["STD-1", row.pk]),
        {"value": "93", "note": "", "reason": "Two were counted twice.", "version": row.version()},
    )
    assert reply.status_code == 302
    row.refresh_from_db()
    assert row.value == Decimal(93)
    assert list(row.history.order_by("history_id").values_list("value", flat=True)) == [Decimal(91), Decimal(93)]
    text = signed_in(max).get(standard.get_absolute_url()).content.decode()
    assert "<del>91%</del>" in text
    assert "Two were counted twice." in text


def test_two_corrections_at_once_are_put_before_the_second(standard: ProductivityStandard, max: Any) -> None:
    [row] = measured(standard, 91)
    opened = row.version()
    measuring.correct(row, by=max, value=Decimal(93), note="", reason="Counted twice.")
    reply = signed_in(max).post(
        reverse("governance:measurement-correct", args=["STD-1", row.pk]),
        {"value": "94", "note": "", "reason": "Typed wrong.", "version": opened},
    )
    assert reply.status_code == 409
    row.refresh_from_db()
    assert row.value == Decimal(93)


def test_another_target_needs_a_reason(standard: ProductivityStandard, pia: Any) -> None:
    assert code_of(lambda: standard.revise(by=pia, changes={"target": Decimal(80)})) == "reason_missing"
    standard.revise(by=pia, changes={"target": Decimal(80)}, reason="By council resolution.")
    assert standard.target == Decimal(80)


def test_the_page_has_a_trend_and_its_figures(standard: ProductivityStandard, max: Any, stella: Any) -> None:
    assert "No figure yet" in signed_in(max).get(standard.get_absolute_url()).content.decode()
    measured(standard, 88, 91, 92)
    text = signed_in(max).get(standard.get_absolute_url()).content.decode()
    assert "From 88% to 92% over 3 periods" in text
    assert "Met in 2 of 3 periods" in text
    assert signed_in(stella).get(standard.get_absolute_url()).status_code == 404


def test_the_list_filters_by_result_in_a_fixed_number_of_questions(
    standard: ProductivityStandard, pia: Any, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    measured(standard, 91, 89, 88)
    client, where = signed_in(pia), reverse("governance:standard-list")
    for result, is_there in (("missed", True), ("running", True), ("met", False), ("none", False)):
        assert ("STD-1" in client.get(where, {"result": result}).content.decode()) == is_there, result
    with django_assert_max_num_queries(12) as few:
        client.get(where)
    for number in range(2, 9):
        other = measuring.open_standard(
            by=pia, code=f"STD-{number}", statement="More", unit="days", target=Decimal(5), how_measured="x", owner=pia
        )
        measured(other, 4, 6)
    with django_assert_num_queries(len(few)):
        client.get(where)


def test_figures_are_exported_by_standard(standard: ProductivityStandard, pia: Any) -> None:
    measured(standard, 88)
    where = reverse("governance:measurement-list-csv")
    assert "88" in signed_in(pia).get(where, {"standard": "STD-1"}).getvalue().decode()
    assert "88" not in signed_in(pia).get(where, {"standard": "STD-2"}).getvalue().decode()
