"""Delivered on time and on budget: closed projects against what was agreed at first and at last, and what is not known."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from governance.clock import Office
from governance.models import GateReview
from governance.performance import metrics
from governance.performance.figures import Occurrence, months_until
from governance.performance.sources import Scope
from portfolio.models import Project
from tests.conftest import FRIDAY
from tests.factories import make_project
from tests.governance.pages import signed_in

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 20)
AGREED = dt.date(2026, 10, 30)
DAY = dt.timedelta(days=1)
MONEY = {"budget_amount": Decimal(1000), "spent_amount": Decimal(900), "money_as_of": TODAY}


@pytest.fixture
def scope() -> Scope:
    return Scope(dt.date(2025, 12, 1), TODAY, Office.load(), FRIDAY)


def a_closed(pia: Any, *, finished_on: dt.date = AGREED, rebaselined: dict[str, Any] | None = None, **values: Any) -> Project:
    """Return a project closed on `finished_on`; `rebaselined` is agreed anew before the end."""
    agreed = {"start_on": dt.date(2026, 1, 5), "baseline_finish_on": AGREED, **MONEY, **values}
    project = Project.register(by=pia, code=make_project().code + "X", name="Kiosks", **agreed)
    if rebaselined:
        project.rebaseline(by=pia, at=timezone.now(), reason="Approved change", **rebaselined)
        project.refresh_from_db()
    project.close(by=pia, reason="Done", finished_on=finished_on)
    return project


def measured(key: str, scope: Scope) -> metrics.Measured:
    return next(row for _, group in metrics.measure(scope, months_until(TODAY)) for row in group if row.metric.key == key)


def rows_of(key: str, scope: Scope) -> list[Occurrence]:
    return metrics.counted(metrics.METRICS[key], scope, months_until(TODAY))


def test_on_time_is_told_against_baseline_0_and_against_the_current_one(pia: Any, scope: Scope) -> None:
    a_closed(pia)  # on the day agreed
    a_closed(pia, finished_on=AGREED + DAY)  # a day late
    a_closed(pia, finished_on=AGREED + 5 * DAY, rebaselined={"finish_on": AGREED + 9 * DAY})  # late at first, in time at last
    first, last = measured("delivered-on-time-original", scope), measured("delivered-on-time", scope)
    assert (first.value, first.parts) == ("33.3 %", "1 of 3")
    assert (last.value, last.parts) == ("66.7 %", "2 of 3")


def test_the_months_are_those_of_the_finish(pia: Any, scope: Scope) -> None:
    a_closed(pia, finished_on=AGREED)
    a_closed(pia, finished_on=AGREED + 9 * DAY)
    assert measured("delivered-on-time", scope).cells()[-2:] == ["100 %", "0 %"]
    a_closed(pia, finished_on=dt.date(2026, 2, 2), start_on=dt.date(2025, 1, 6))
    assert measured("delivered-on-time", scope).cells()[2] == "100 %"


def test_on_budget_is_told_against_baseline_0_and_against_the_current_one(pia: Any, scope: Scope) -> None:
    a_closed(pia, spent_amount=Decimal(1000))  # all of it, no more
    a_closed(pia, spent_amount=Decimal("1000.01"))
    a_closed(pia, spent_amount=Decimal(1500), rebaselined={"budget_amount": Decimal(2000)})
    first, last = measured("delivered-on-budget-original", scope), measured("delivered-on-budget", scope)
    assert (first.value, first.parts) == ("33.3 %", "1 of 3")
    assert (last.value, last.parts) == ("66.7 %", "2 of 3")


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"spent_amount": None}, "nothing says what was spent"),
        ({"money_as_of": None}, "on which day the amount spent was true"),
        ({"money_as_of": AGREED - DAY}, "before the finish on 30 Oct 2026"),
        ({"committed_amount": Decimal(70)}, "$70 was ordered and is not invoiced yet"),
        ({"budget_amount": None}, "no budget was agreed"),
    ],
)
def test_a_cost_that_is_not_known_is_no_figure_and_says_why(values: Any, reason: str, pia: Any, scope: Scope) -> None:
    a_closed(pia, **values)
    for key in ("delivered-on-budget", "delivered-on-budget-original"):
        found = measured(key, scope)
        assert (found.value, found.parts) == ("—", "none, 1 not known")
        assert reason in rows_of(key, scope)[0].detail


def test_money_of_the_day_of_the_finish_is_known(pia: Any, scope: Scope) -> None:
    a_closed(pia, money_as_of=AGREED, committed_amount=Decimal(0))
    assert measured("delivered-on-budget", scope).parts == "1 of 1"


def test_a_first_budget_in_another_currency_is_not_compared(pia: Any, scope: Scope) -> None:
    a_closed(pia, rebaselined={"budget_amount": Decimal(2000), "currency": "GBP"})
    assert measured("delivered-on-budget", scope).parts == "1 of 1"
    assert measured("delivered-on-budget-original", scope).parts == "none, 1 not known"
    assert "another currency" in rows_of("delivered-on-budget-original", scope)[0].detail


def test_without_an_agreed_finish_nobody_was_in_time_or_late(pia: Any, scope: Scope) -> None:
    a_closed(pia, baseline_finish_on=None)
    assert measured("delivered-on-time", scope).parts == "none, 1 not known"
    assert rows_of("delivered-on-time", scope)[0].detail == "not known: no finish was agreed"


def test_only_closed_projects_of_the_stretch_count(pia: Any, scope: Scope) -> None:
    Project.register(by=pia, code="P-OPEN", name="Open", baseline_finish_on=AGREED, **MONEY)
    ended = Project.register(by=pia, code="P-GONE", name="Gone", baseline_finish_on=AGREED, **MONEY)
    ended.cancel(by=pia, reason="No money")
    a_closed(pia, finished_on=dt.date(2025, 11, 30), start_on=dt.date(2025, 1, 6))
    reopened = a_closed(pia)
    reopened.reactivate(by=pia, reason="Not done after all")
    assert measured("delivered-on-time", scope).parts == "none"


def test_what_only_gate_records_know_was_not_delivered_here(pia: Any, scope: Scope) -> None:
    project = make_project(status="closed", phase="closed", actual_finish_on=AGREED, is_reporting=False, source="Elsewhere")
    values = {"planned_on": AGREED, "first_planned_on": AGREED, "held_on": AGREED, "decision": "go", "state": "decided"}
    GateReview.objects.create(project=project, gate="G5", number=1, source="Elsewhere", kind_in_source="Works", **values)
    assert measured("delivered-on-time", scope).parts == "none"


def test_the_rows_show_a_dash_where_nothing_is_known_and_the_files_count_them(pia: Any) -> None:
    a_closed(pia, spent_amount=None)
    client = signed_in(pia)
    page = client.get(reverse("governance:performance-rows", args=["delivered-on-budget"]))
    assert page.context["measured"].value == "—"
    text = page.content.decode()
    assert "not known: nothing says what was spent" in text
    table = page.context["table"]
    assert table.columns[-1].read(table.rows[0]) is None
    content = b"".join(client.get(reverse("governance:performance-csv"))).decode("utf-8-sig")
    row = {row["Figure"]: row for row in csv.DictReader(io.StringIO(content))}["Delivered on budget, current baseline"]
    assert (row["Twelve months"], row["Denominator"], row["Not known"]) == ("", "0", "1")


def test_any_number_of_projects_takes_the_same_queries(pia: Any, django_assert_num_queries: Any) -> None:
    a_closed(pia)
    client = signed_in(pia)
    address = reverse("governance:performance-rows", args=["delivered-on-budget-original"])
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _ in range(5):
        a_closed(pia)
    with django_assert_num_queries(len(few)):
        assert client.get(address).context["page"].paginator.count == 6
