"""What the clock does, each thing once: Wednesday noon reminder, overdue after one working day, executive after three."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command

from governance.due import run_due
from governance.models import Deliverable, ProjectStanding
from governance.reports import excuse
from pmo.models import JobSlot, Notification
from tests.governance.stories import CITY, THURSDAY, WEEK, an_accepted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(time_machine) -> None:
    time_machine.move_to(dt.datetime(2026, 11, 19, 8, 0, tzinfo=CITY), tick=False)


def on(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=CITY)


def told(person, word: str) -> int:
    return Notification.objects.filter(recipient=person, key__startswith=word).count()


def test_the_running_period_is_opened_once(alpha) -> None:
    assert run_due(at=on(16, 9)).opened == 1
    assert run_due(at=on(16, 9, 5)).opened == 0
    row = Deliverable.objects.get(project=alpha)
    assert (row.period_end_on, row.due_at) == (THURSDAY, on(19, 17))


def test_a_project_without_manager_or_exempted_owes_nothing(alpha, beta) -> None:
    alpha.project_manager = None
    alpha.save()
    beta.is_reporting = False
    beta.save()
    assert run_due(at=on(16, 9)).opened == 0


def test_the_reminder_goes_to_the_project_manager_on_wednesday_noon(alpha, max, pia) -> None:
    run_due(at=on(18, 11, 59))
    assert told(max, "reminder") == 0
    run_due(at=on(18, 12))
    run_due(at=on(18, 15))
    assert (told(max, "reminder"), told(pia, "reminder")) == (1, 0)


def test_overdue_after_one_working_day_and_the_executive_after_three(alpha, max, pia, gina) -> None:
    run_due(at=on(18, 9))
    run_due(at=on(20, 16, 59))
    assert told(pia, "overdue") == 0
    run_due(at=on(20, 17))
    assert (told(pia, "overdue"), told(max, "overdue"), told(gina, "escalated")) == (1, 1, 0)
    run_due(at=on(24, 16))
    assert told(gina, "escalated") == 0
    run_due(at=on(24, 17))
    run_due(at=on(25, 9))
    assert (told(gina, "escalated"), told(pia, "overdue")) == (1, 1)


def test_nobody_is_told_of_a_report_that_is_in_or_excused(alpha, beta, pia, gina) -> None:
    run_due(at=on(18, 9))
    an_accepted(alpha, by=pia, at=on(19, 9))
    excuse(Deliverable.objects.get(project=beta), by=pia, reason="The team is at the county fair.", at=on(19, 9))
    run_due(at=on(24, 18))
    assert (told(pia, "overdue"), told(gina, "escalated")) == (0, 0)


def test_after_a_downtime_missed_periods_are_opened(alpha) -> None:
    alpha.reporting_from_on = THURSDAY - 3 * WEEK
    alpha.save()
    assert run_due(at=on(18, 9)).opened == 4
    ends = list(Deliverable.objects.filter(project=alpha).order_by("period_end_on").values_list("period_end_on", flat=True))
    assert ends == [THURSDAY - 3 * WEEK, THURSDAY - 2 * WEEK, THURSDAY - WEEK, THURSDAY]


def test_a_second_run_at_the_same_moment_does_nothing(alpha, pia, gina) -> None:
    moment = on(24, 18)
    run_due(at=moment)
    rows = (Notification.objects.count(), JobSlot.objects.count(), Deliverable.objects.count())
    again = run_due(at=moment)
    assert (again.opened, again.reminded, again.overdue, again.escalated, again.rebuilt) == (0, 0, 0, 0, 0)
    assert (Notification.objects.count(), JobSlot.objects.count(), Deliverable.objects.count()) == rows


def test_an_old_report_turns_grey_overnight(alpha, pia) -> None:
    an_accepted(alpha, by=pia, at=on(19, 9))
    run_due(at=on(19, 20))
    assert ProjectStanding.objects.get(project=alpha).overall == "G"
    run_due(at=dt.datetime(2026, 12, 4, 2, 0, tzinfo=CITY))
    standing = ProjectStanding.objects.get(project=alpha)
    assert standing.overall == "-"
    assert "15 days" in standing.reason


def test_the_command_takes_a_moment(alpha, capsys) -> None:
    call_command("run_due", now="2026-11-18T12:00")
    assert "opened 1, reminded 1" in capsys.readouterr().out
