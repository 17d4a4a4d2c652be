"""The list of reports that were due and are not in."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from governance.clock import Office
from governance.due import run_due
from governance.not_in import reports_not_in
from governance.periods import period_ending, status_date
from governance.reports import excuse, open_period
from tests.governance.pages import signed_in
from tests.governance.stories import WEEK

pytestmark = pytest.mark.django_db
ADDRESS = "governance:report-not-in"


@pytest.fixture
def missing(alpha):
    """Return the deliverable of a week that ended more than a week ago."""
    office = Office.load(alpha.governance_class)
    end_on = status_date(timezone.localdate(), office.rules) - 2 * WEEK
    period = period_ending(end_on, alpha.governance_class, office.rules)
    return open_period(alpha, period, at=timezone.now() - 3 * WEEK, office=office)


def test_a_report_that_is_late_stands_there_with_who_was_told(missing, pia) -> None:
    run_due(at=timezone.now())
    row = reports_not_in(pia, timezone.now()).get(pk=missing.pk)
    assert row.overdue_at is not None
    assert row.escalate_at is not None
    text = signed_in(pia).get(reverse(ADDRESS)).content.decode()
    assert "Max Harrow" in text
    assert reverse("governance:report-excuse", args=["P-1001", missing.number]) in text


def test_what_is_excused_or_belongs_to_a_closed_project_is_not_asked_for(missing, alpha, pia) -> None:
    alpha.close(by=pia, reason="Done.", finished_on=timezone.localdate())
    assert not reports_not_in(pia, timezone.now()).exists()
    alpha.reactivate(by=pia, reason="Not done.")
    assert reports_not_in(pia, timezone.now()).exists()
    excuse(missing, by=pia, reason="Between two managers.", at=timezone.now())
    assert not reports_not_in(pia, timezone.now()).exists()


def test_the_export_has_the_same_rows(missing, pia) -> None:
    lines = b"".join(signed_in(pia).get(reverse(f"{ADDRESS}-csv")).streaming_content).decode().splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("P-1001,Alpha,Max Harrow")
    assert signed_in(pia).get(reverse(f"{ADDRESS}-xlsx")).status_code == 200


def test_filters_narrow_it(missing, pia) -> None:
    client = signed_in(pia)
    assert "P-1001" in client.get(reverse(ADDRESS), {"q": "alph"}).content.decode()
    assert "P-1001" not in client.get(reverse(ADDRESS), {"q": "zebra"}).content.decode()


@pytest.mark.parametrize(("person", "status"), [("gina", 200), ("audrey", 200), ("max", 403), ("stella", 403)])
def test_who_reads_it(person, status, missing, request) -> None:
    assert signed_in(request.getfixturevalue(person)).get(reverse(ADDRESS)).status_code == status


def test_an_empty_list_says_so(pia) -> None:
    assert "Every report that was due is in" in signed_in(pia).get(reverse(ADDRESS)).content.decode()


def test_lateness_counts_working_days(missing, pia) -> None:
    office = Office.load()
    days = office.calendar.between(office.day(missing.due_at), office.day(timezone.now()))
    assert f"{days} working day" in signed_in(pia).get(reverse(ADDRESS)).content.decode()
    assert dt.timedelta(days=days) < timezone.now() - missing.due_at
