"""Milestones: the original date is never overwritten, the agreed one only by the office, the rest by who plans."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pmo.lib.errors import Refused
from pmo.models.calendar import office_calendar
from portfolio.models import Milestone
from tests.factories import make_milestone

FRIDAY = dt.date(2026, 12, 4)
LATER = dt.date(2026, 12, 18)


def test_a_first_baseline_is_the_original_one(max, alpha):
    milestone = Milestone.plan(project=alpha, by=max, name="Go-live", baseline_on=FRIDAY)
    assert (milestone.original_on, milestone.number) == (FRIDAY, 1)
    later = Milestone.plan(project=alpha, by=max, name="Training")
    later.revise(by=max, changes={"baseline_on": LATER})
    assert later.original_on == LATER


def test_before_the_project_is_agreed_its_dates_are_free(max, alpha):
    milestone = Milestone.plan(project=alpha, by=max, name="Go-live", baseline_on=FRIDAY)
    milestone.revise(by=max, changes={"baseline_on": LATER})
    assert (milestone.baseline_on, milestone.original_on) == (LATER, LATER)
    assert not alpha.baselines.exists()


@pytest.mark.parametrize("person", ["max", "pia", "gina"])
def test_an_agreed_date_is_not_typed_by_anybody(person, max, alpha, request):
    milestone = Milestone.plan(project=alpha, by=max, name="Go-live", baseline_on=FRIDAY)
    alpha.revise(by=max, changes={"baseline_finish_on": LATER})
    with pytest.raises(Refused) as refusal:
        milestone.revise(by=request.getfixturevalue(person), changes={"baseline_on": LATER}, reason="Vendor")
    assert refusal.value.code == "by_change_only"


@pytest.mark.parametrize("field", ["original_on", "number"])
def test_original_and_number_never_change(pia, alpha, field):
    milestone = make_milestone(alpha, original_on=FRIDAY)
    with pytest.raises(Refused) as refusal:
        milestone.revise(by=pia, changes={field: {"original_on": LATER, "number": 9}[field]}, reason="x")
    assert refusal.value.code == "fixed_for_ever"


def test_reaching_dates_it_once(max, alpha):
    milestone = make_milestone(alpha)
    milestone.reach(by=max, on=timezone.localdate())
    with pytest.raises(Refused) as refusal:
        milestone.reach(by=max, on=timezone.localdate())
    assert refusal.value.code == "already_reached"
    assert milestone.history.first().history_user == max


def test_nothing_is_reached_in_the_future(max, alpha):
    with pytest.raises(Refused) as refusal:
        make_milestone(alpha).reach(by=max, on=timezone.localdate() + dt.timedelta(days=1))
    assert refusal.value.code == "reached_in_future"


def test_reopening_needs_a_reason_and_something_to_reopen(max, alpha):
    milestone = make_milestone(alpha, actual_on=FRIDAY)
    with pytest.raises(Refused) as refusal:
        milestone.reopen(by=max, reason="")
    assert refusal.value.code == "reason_missing"
    milestone.reopen(by=max, reason="Defects")
    with pytest.raises(Refused) as refusal:
        milestone.reopen(by=max, reason="Defects")
    assert refusal.value.code == "not_reached"


def test_a_baselined_milestone_is_removed_by_the_office_only_and_its_number_is_not_given_again(pia, max, alpha):
    milestone = Milestone.plan(project=alpha, by=max, name="Go-live", baseline_on=FRIDAY)
    with pytest.raises(Refused) as refusal:
        milestone.remove(by=max, reason="Not needed")
    assert refusal.value.code == "agreed_office_only"
    milestone.remove(by=pia, reason="Merged")
    assert Milestone.history.filter(history_type="-", history_user=pia, history_change_reason="Merged").exists()
    assert Milestone.plan(project=alpha, by=max, name="Next").number == 2


@pytest.mark.parametrize(
    ("baseline", "forecast", "actual", "expected"),
    [
        (FRIDAY, dt.date(2026, 12, 7), None, 1),
        (FRIDAY, FRIDAY, None, 0),
        (LATER, FRIDAY, None, -10),
        (FRIDAY, LATER, FRIDAY, 0),
        (None, FRIDAY, None, None),
        (FRIDAY, None, None, 0),
    ],
)
def test_the_slip_counts_working_days_of_the_date_that_counts(db, baseline, forecast, actual, expected):
    milestone = Milestone(baseline_on=baseline, forecast_on=forecast, actual_on=actual)
    assert milestone.slip_days(office_calendar()) == expected


# Pages
@pytest.mark.parametrize(
    ("name", "read", "write"), [("max", 200, 302), ("pia", 200, 302), ("tess", 200, 403), ("fay", 200, 403), ("olaf", 404, 404)]
)
def test_who_reads_and_who_plans(client, request, alpha, name, read, write):
    client.force_login(request.getfixturevalue(name))
    assert client.get("/projects/P-1001/milestones/").status_code == read
    values = {"name": "Go-live", "kind": "go_live", "baseline_on": "2026-12-04"}
    assert client.post("/projects/P-1001/milestones/new/", values).status_code == write
    assert Milestone.objects.count() == (write == 302)


@pytest.mark.parametrize("verb", ["edit", "done", "reopen", "remove", "show"])
def test_a_member_changes_no_milestone(client, tess, alpha, verb):
    make_milestone(alpha)
    client.force_login(tess)
    assert (
        client.post(
            f"/projects/P-1001/milestones/1/{verb}/", {"on": "2026-01-05", "reason": "x", "on_report": "no"}
        ).status_code
        == 403
    )


def test_two_milestones_of_one_name_are_refused_at_the_field(client, max, alpha):
    make_milestone(alpha, name="Go-live")
    client.force_login(max)
    response = client.post("/projects/P-1001/milestones/new/", {"name": "Go-live", "kind": "work"})
    assert response.context["form"].errors.as_data()["name"][0].code == "name_taken"


def test_the_manager_reaches_ticks_and_returns_to_where_they_came_from(client, max, alpha):
    milestone = make_milestone(alpha)
    client.force_login(max)
    response = client.post("/projects/P-1001/milestones/1/done/", {"on": "2026-01-05", "next": "/projects/P-1001/history/"})
    assert response.headers["Location"] == "/projects/P-1001/history/"
    client.post("/projects/P-1001/milestones/1/show/", {"on_report": "no"})
    milestone.refresh_from_db()
    assert (milestone.actual_on, milestone.show_on_report) == (dt.date(2026, 1, 5), False)
    assert client.get("/projects/P-1001/milestones/1/show/").status_code == 405


def test_the_list_costs_the_same_queries_for_three_and_thirty_milestones(client, max, alpha):
    client.force_login(max)

    def count(rows: int) -> int:
        for _ in range(rows):
            make_milestone(alpha, baseline_on=FRIDAY, forecast_on=LATER)
        client.get("/projects/P-1001/milestones/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/projects/P-1001/milestones/")
        return len(captured)

    assert count(3) == count(27)
