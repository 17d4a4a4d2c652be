"""The portfolio on an earlier day, and what changed between two: as it was seen then, whatever happened since."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from governance.changes import Changes
from governance.dashboard import Lens, totals_of
from governance.dashboard_rows import Row, read_rows
from governance.models import StandingSnapshot
from governance.standings import rebuild_standings, refresh
from tests.factories import make_milestone
from tests.governance.portfolios import WEEK, a_standing, days_kept, today
from tests.governance.stories import NOON, THURSDAY, all_letters, an_accepted

pytestmark = pytest.mark.django_db
YELLOW = {"pm_letter": "Y", "reason": "The interface is a week late."}


def seen(lens: Lens) -> list[Row]:
    return [Row._make(values) for values in read_rows(lens.rows().order_by(lens.project("code")), lens)]


def test_an_earlier_day_shows_what_was_seen_on_it(alpha: Any, beta: Any, pia: Any, max: Any) -> None:
    """A month of reports by the verbs: each week's dashboard is kept, and asked for again at the end."""
    milestone = make_milestone(alpha, name="Go-live", baseline_on=THURSDAY, forecast_on=THURSDAY)
    alpha.budget_amount, alpha.forecast_amount = Decimal(1000), Decimal(1000)
    alpha.save()
    kept: dict[dt.date, list[Row]] = {}
    for week in range(4):
        end_on, at = THURSDAY + week * WEEK, NOON + week * WEEK
        rating = YELLOW if week % 2 else {"pm_letter": "G"}
        alpha.forecast_amount += 10
        alpha.save()
        an_accepted(alpha, by=pia, at=at, end_on=end_on, ratings=all_letters(schedule=rating, overall=rating))
        milestone.forecast_on += WEEK
        milestone.save()
        refresh(beta, at=at)
        kept[end_on] = seen(Lens(end_on))
    assert len({tuple(rows) for rows in kept.values()}) == 4
    for day, rows in kept.items():
        assert seen(Lens(THURSDAY + 9 * WEEK, day)) == rows


def test_a_day_without_a_change_shows_the_day_before_it() -> None:
    standing = a_standing("R", was="Y")
    assert days_kept(standing.project)[1] == (today() - dt.timedelta(days=2), None)
    assert [row.letter for row in seen(Lens(today(), today() - dt.timedelta(days=3)))] == ["Y"]
    assert [row.letter for row in seen(Lens(today(), today() - dt.timedelta(days=2)))] == ["R"]


def test_a_project_is_not_there_before_it_was() -> None:
    a_standing("R")
    assert seen(Lens(today(), today() - 6 * WEEK)) == []


def test_the_sentence_of_an_earlier_day_counts_the_week_before_it() -> None:
    a_standing("R", was="Y")
    lens = Lens(today(), today() - dt.timedelta(days=1))
    assert totals_of(lens.rows(), lens).moves["worse"] == 1
    lens = Lens(today(), today() - dt.timedelta(days=5))
    assert totals_of(lens.rows(), lens).moves["worse"] == 0


def test_one_row_a_day_is_kept_and_none_when_nothing_changed(alpha: Any, pia: Any) -> None:
    an_accepted(alpha, by=pia)
    count = StandingSnapshot.objects.count()
    rebuild_standings(at=NOON + dt.timedelta(hours=3))
    assert StandingSnapshot.objects.count() == count == 1


def test_the_page_shows_the_day_that_was_asked_for(client: Client, stella: Any) -> None:
    a_standing("R", was="Y")
    client.force_login(stella)
    html = client.get(f"/portfolio/?on={today() - dt.timedelta(days=5)}").content.decode()
    assert "as it stood on" in html
    assert "0 on plan, 1 off plan, 0 red" in html


@pytest.mark.parametrize("day", ["2999-01-01", "soon"])
def test_a_day_that_cannot_be_shows_today_and_says_so(client: Client, stella: Any, day: str) -> None:
    a_standing("R")
    client.force_login(stella)
    html = client.get(f"/portfolio/?on={day}").content.decode()
    assert "The day was not understood" in html
    assert "1 red" in html


def test_a_day_before_the_first_snapshot_says_from_when_on_there_are_any(client: Client, stella: Any) -> None:
    a_standing("R")
    client.force_login(stella)
    assert "Nothing is kept of that day" in client.get("/portfolio/?on=2001-01-01").content.decode()


# What changed


def test_what_changed_is_was_and_is() -> None:
    before = {"budget_amount": Decimal(1000), "forecast_finish_on": dt.date(2027, 1, 4), "phase": "build"}
    standing = a_standing("Y", was="G", **before)
    StandingSnapshot.objects.filter(project=standing.project, until_on=None).update(
        budget_amount=Decimal(1200), forecast_finish_on=dt.date(2027, 1, 16), phase="test", schedule="Y", overall="Y"
    )
    [project] = Changes({}, today()).projects
    assert project.move == "worse"
    found = {change.label: (change.was, change.now, change.note) for change in project.changes}
    assert found == {
        "Overall": ("G", "Y", ""),
        "Schedule": ("-", "Y", ""),
        "Phase": ("Build", "Test", ""),
        "Forecast finish": ("4 Jan 2027", "16 Jan 2027", "12 days later"),
        "Budget": ("$1,000", "$1,200", ""),
    }


def test_a_new_baseline_is_named() -> None:
    standing = a_standing("G", was="G", baseline_finish_on=dt.date(2027, 1, 4))
    snapshot = StandingSnapshot.objects.get(project=standing.project)
    snapshot.until_on = today() - dt.timedelta(days=2)
    snapshot.save()
    snapshot.pk, snapshot.from_on, snapshot.until_on = None, snapshot.until_on, None
    snapshot.baseline_finish_on = dt.date(2027, 2, 1)
    snapshot.save()
    [project] = Changes({"only": "dates"}, today()).projects
    assert [change.note for change in project.changes] == ["re-baselined"]
    assert project.is_rebaselined
    assert Changes({"only": "money"}, today()).projects == []


def test_worse_stands_before_better_and_the_unchanged_are_left_out(client: Client, stella: Any) -> None:
    better, worse = a_standing("G", was="R").project, a_standing("R", was="G").project
    a_standing("Y", was="Y")
    assert [one.code for one in Changes({}, today()).projects] == [worse.code, better.code]
    client.force_login(stella)
    html = client.get("/portfolio/changes/").content.decode()
    assert "1 worse, 1 better" in html
    assert html.index(worse.code) < html.index(better.code)


@pytest.mark.parametrize("asked", [{"from": "x"}, {"from": "2999-01-01"}, {"from": "2026-02-02", "to": "2026-01-01"}])
def test_days_that_cannot_be_are_said_and_a_week_is_shown(asked: dict[str, str]) -> None:
    changes = Changes(asked, today())
    assert changes.problem
    assert changes.to_on - changes.from_on == WEEK
