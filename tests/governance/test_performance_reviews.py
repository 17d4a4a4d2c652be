"""The reviews by kind, class and reviewer: every review once in each grouping, with figures that agree with the whole."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.urls import reverse

from governance.clock import Office
from governance.performance.breakdown import Line, breakdown
from governance.performance.sources import Scope
from tests.conftest import FRIDAY
from tests.governance.pages import signed_in
from tests.governance.stories import NOON, a_finding, a_submitted, an_accepted
from tests.governance.written import an_approved_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(alpha: Any, beta: Any, pia: Any) -> dict[tuple[str, str], Line]:
    late = a_submitted(alpha, at=NOON - dt.timedelta(days=7), end_on=NOON.date() - dt.timedelta(days=7))
    a_finding(late, by=pia, at=NOON)
    late.return_for_rework(by=pia, at=NOON)  # Thursday to Thursday, five working days
    an_accepted(beta, by=pia)
    an_approved_document(alpha, by=pia)
    scope = Scope(dt.date(2025, 12, 1), FRIDAY.date(), Office.load(), FRIDAY)
    return {(line.grouping, line.name): line for line in breakdown(scope)}


def test_every_review_stands_once_in_each_grouping(lines: Any) -> None:
    assert lines["All", "All reviews"].count == 3
    for grouping in ("Kind", "Class", "Reviewer"):
        assert sum(line.count for (by, _), line in lines.items() if by == grouping) == 3


def test_each_line_has_figures_of_its_own(lines: Any, pia: Any) -> None:
    reports, documents = lines["Kind", "Report"], lines["Kind", "Project definition document"]
    assert (reports.count, reports.median.value, reports.p90.value, documents.median.value) == (2, 2.5, 5, 0)
    assert (reports.in_time.numerator, reports.in_time.denominator) == (1, 2)
    assert (reports.first_pass.value, documents.first_pass.value) == (50, 100)
    assert lines["Reviewer", pia.name].count == 3


def test_opinions_stand_by_who_gave_them(lines: Any) -> None:
    given = [line for (by, _), line in lines.items() if by == "Opinion"]
    assert given
    assert all(line.count and line.first_pass.value is None for line in given)


def test_page_and_file_say_the_same_and_narrow(lines: Any, pia: Any) -> None:
    client = signed_in(pia)
    text = b"".join(client.get(reverse("governance:reviews-by-csv"))).decode("utf-8-sig")
    rows = {(row["By"], row["Reviews of"]): row for row in csv.DictReader(io.StringIO(text))}
    assert rows["Kind", "Report"]["In time"] == "50 % (1 of 2)"
    page = client.get(reverse("governance:reviews-by"), {"kind": "definition"}).content.decode()
    assert "50 % (1 of 2)" not in page
    assert "No decided reviews" in client.get(reverse("governance:reviews-by"), {"kind": "execution_plan"}).content.decode()


def test_the_number_of_queries_does_not_grow(alpha: Any, beta: Any, pia: Any, django_assert_num_queries: Any) -> None:
    scope = Scope(dt.date(2025, 12, 1), FRIDAY.date(), Office.load(), FRIDAY)
    an_accepted(beta, by=pia)
    an_approved_document(alpha, by=pia)
    with django_assert_num_queries(3):
        breakdown(scope)
