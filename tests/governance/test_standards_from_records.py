"""Standards that measure themselves: figures taken from the office's records, once a settled period, and typed by nobody."""

from __future__ import annotations

import datetime as dt
import importlib
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse

from governance import measuring
from governance.clock import Office
from governance.due import run_due
from governance.models import ProductivityStandard
from governance.performance.metrics import METRICS
from governance.policy_states import RecordedFigure
from governance.recorded_figures import PERIODS, measure_from_records
from governance.standard_periods import periods_over
from pmo.lib.errors import Refused
from tests.governance.pages import signed_in
from tests.governance.stories import NOON, a_finding, a_submitted, an_accepted

pytestmark = pytest.mark.django_db
#: Three working days after the end of November 2026.
SETTLED = dt.datetime(2026, 12, 3, 15, tzinfo=dt.UTC)


@pytest.fixture
def standard(pia: Any) -> ProductivityStandard:
    return measuring.open_standard(
        by=pia,
        code="STD-1",
        statement="What is submitted is approved the first time",
        unit="%",
        target=Decimal(90),
        how_measured="From the records.",
        recorded_figure=RecordedFigure.FIRST_PASS,
        owner=pia,
    )


@pytest.fixture
def one_of_two(alpha: Any, beta: Any, pia: Any) -> None:
    returned = a_submitted(alpha)
    a_finding(returned, by=pia)
    returned.return_for_rework(by=pia, at=NOON)
    an_accepted(beta, by=pia)


def figures(standard: ProductivityStandard) -> list[tuple[dt.date, Decimal, str, Any]]:
    return list(standard.measurements.values_list("period_end_on", "value", "note", "measured_by"))  # type: ignore[attr-defined]


def test_every_figure_of_the_performance_page_can_be_a_standard() -> None:
    assert dict(RecordedFigure.choices) == {key: metric.title for key, metric in METRICS.items()}


def test_a_settled_period_is_measured_once_with_what_it_was_made_of(standard: Any, one_of_two: None) -> None:
    assert measure_from_records(SETTLED - dt.timedelta(days=1), Office.load()) == 0
    assert measure_from_records(SETTLED, Office.load()) == 1
    assert figures(standard) == [(dt.date(2026, 11, 30), Decimal(50), "1 of 2", None)]
    assert measure_from_records(SETTLED + dt.timedelta(days=5), Office.load()) == 0


def test_the_clock_measures(standard: Any, one_of_two: None) -> None:
    assert run_due(at=SETTLED).standards == 1
    assert run_due(at=SETTLED).standards == 0


def test_a_period_in_which_nothing_counted_has_no_figure(standard: Any) -> None:
    assert measure_from_records(SETTLED, Office.load()) == 0
    assert figures(standard) == []


@pytest.mark.parametrize(
    ("frequency", "last"),
    [
        ("monthly", (dt.date(2026, 10, 1), dt.date(2026, 10, 31))),
        ("quarterly", (dt.date(2026, 7, 1), dt.date(2026, 9, 30))),
        ("yearly", (dt.date(2025, 7, 1), dt.date(2026, 6, 30))),
    ],
)
def test_periods_are_those_of_the_fiscal_year(frequency: str, last: tuple[dt.date, dt.date], settings: Any) -> None:
    settings.FISCAL_START_MONTH = 7
    periods = periods_over(frequency, dt.date(2026, 11, 20), PERIODS)
    assert (periods[-1].start, periods[-1].end) == last
    assert len(periods) == 12
    assert all(earlier.end + dt.timedelta(days=1) == later.start for earlier, later in pairwise(periods))


def test_nobody_types_or_corrects_such_a_figure(standard: Any, one_of_two: None, pia: Any) -> None:
    measure_from_records(SETTLED, Office.load())
    row = standard.measurements.get()
    for act in (
        lambda: measuring.measure(standard, by=pia, at=SETTLED, period_end_on=dt.date(2026, 10, 31), value=Decimal(99)),
        lambda: measuring.correct(row, by=pia, value=Decimal(99), note="", reason="It looks better."),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "from_records"
    for where in (
        reverse("governance:standard-measure", args=["STD-1"]),
        reverse("governance:measurement-correct", args=["STD-1", row.pk]),
    ):
        assert signed_in(pia).post(where, {"value": "99", "reason": "x"}).status_code == 403
    assert [value for _, value, *_ in figures(standard)] == [Decimal(50)]


def test_the_way_of_measuring_stays_once_a_figure_stands(standard: Any, one_of_two: None, pia: Any) -> None:
    measure_from_records(SETTLED, Office.load())
    with pytest.raises(Refused) as refused:
        standard.revise(by=pia, changes={"recorded_figure": RecordedFigure.REPORTS_IN_TIME}, reason="Another.")
    assert refused.value.code == "measured_already"


def test_the_form_takes_unit_and_formula_from_the_figure(pia: Any) -> None:
    typed = {
        "code": "STD-2",
        "statement": "Reviews do not take long",
        "recorded_figure": "turnaround-median",
        "target": "3",
        "direction": "lower",
        "frequency": "quarterly",
        "owner": pia.pk,
    }
    client, where = signed_in(pia), reverse("governance:standard-new")
    without = client.post(where, {**typed, "recorded_figure": ""})
    assert set(without.context["form"].errors) == {"unit", "how_measured"}
    assert client.post(where, {**typed, "unit": "weeks"}).status_code == 302
    row = ProductivityStandard.objects.get(code="STD-2")
    assert (row.unit, row.how_measured) == ("working days", METRICS["turnaround-median"].formula)


def test_the_office_follows_a_figure_to_its_rows(standard: Any, one_of_two: None, pia: Any, max: Any) -> None:
    measure_from_records(SETTLED, Office.load())
    rows = reverse("governance:performance-rows", args=["first-pass"])
    of_office = signed_in(pia).get(standard.get_absolute_url()).content.decode()
    of_manager = signed_in(max).get(standard.get_absolute_url()).content.decode()
    assert (rows in of_office, rows in of_manager) == (True, False)
    for text in (of_office, of_manager):
        assert "the office’s records" in text
        assert reverse("governance:standard-measure", args=["STD-1"]) not in text


@pytest.mark.parametrize("figure", RecordedFigure)
def test_taking_the_figures_of_delivery_back_leaves_no_standard_with_one(standard: ProductivityStandard, figure: str) -> None:
    """The constraint of before knows none of them, so that a standard with one would hold up the way back."""
    migration = importlib.import_module("governance.migrations.0180_delivered_figures")
    ProductivityStandard.objects.update(recorded_figure=figure)
    # What stands last is the first to be taken back, while the constraint still knows the figures.
    migration.Migration.operations[-1].reverse_code(apps, None)
    standard.refresh_from_db()
    assert standard.recorded_figure == ("" if figure.startswith("delivered-") else figure)
