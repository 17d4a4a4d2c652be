"""The demo city as designed, before any of it is built: its data files, its days, and where it may not be loaded."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from pmo.demo import phrases
from pmo.demo.clock import CityTime
from pmo.demo.people import DIRECTORS, OWNERS, PROJECT_MANAGERS, TEAM
from pmo.demo.projects import PROGRAMS, designs
from pmo.demo.weeks import status_date_for, waiting_since
from pmo.demo_personas import PERSONAS

pytestmark = pytest.mark.django_db
CITY = ZoneInfo("America/Chicago")
#: A Tuesday, as in the week the city was designed for.
NOW = dt.datetime(2026, 12, 8, 9, 40, tzinfo=CITY)


def test_it_refuses_under_production_settings(settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="not for production"):
        call_command("seed_demo", "--if-empty")


def test_the_data_files_fit_together() -> None:
    names = {design.manager for design in designs()}
    assert names <= {*PROJECT_MANAGERS, *(persona.name for persona in PERSONAS)}
    assert len(designs()) == len({design.code for design in designs()}) == 41
    for design in designs():
        assert design.department in DIRECTORS.keys() & OWNERS.keys()
        assert not design.program or design.program in PROGRAMS
        for phase in ("definition", "planning", "procurement", "build", "test", "rollout", "closing"):
            assert len(phrases.work(design.subject.kind, phase)) >= 9
        for section in ("risks", "issues"):
            assert len(phrases.entries(f"{design.subject.kind} {section}")) >= 2
    assert {role for _, role in TEAM.values()} >= {"lead", "analyst", "developer", "tester", "engineer", "trainer"}


@pytest.mark.parametrize("day", range(7))
def test_on_every_weekday_what_waits_was_submitted_in_the_past_for_a_week_that_has_begun(day) -> None:
    time = CityTime.at(NOW + dt.timedelta(days=day))
    for bucket in ("overdue", "today", "week"):
        since = waiting_since(time, bucket, 14)
        assert since < time.now
        assert 0 <= (status_date_for(time, since) - since.astimezone(CITY).date()).days + 4 <= 8
