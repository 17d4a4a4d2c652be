"""What happens in the evening happens today: at eight in the city it is tomorrow in UTC already."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from governance import conditions, guiding, lessons
from governance.condition_terms import put_conditions
from governance.models import Condition
from portfolio.models import ImportRun
from tests.factories import make_milestone
from tests.governance.gated import a_prepared
from tests.governance.pages import signed_in
from tests.governance.stories import CITY, THURSDAY, WEEK, a_submitted
from tests.governance.written import a_condition

pytestmark = pytest.mark.django_db
EVENING = dt.datetime(2026, 11, 20, 20, 0, tzinfo=CITY)


@pytest.fixture(autouse=True)
def _evening(time_machine: Any) -> None:
    time_machine.move_to(EVENING, tick=False)


def shown_in(person: Any, name: str, column: str) -> str:
    """Return the list's file, with that column."""
    reply = signed_in(person).get(reverse(f"governance:{name}-csv"), {"columns": column})
    assert reply.status_code == 200
    return b"".join(reply.streaming_content if reply.streaming else [reply.content]).decode()


def test_guidance_and_lessons_of_the_evening_are_of_today(alpha: Any, pia: Any, tess: Any) -> None:
    utc = EVENING.astimezone(dt.UTC)
    guiding.write(alpha, by=pia, at=utc, kind="technical", subject="Test the interface", text="Ask for a sandbox.")
    words = dict.fromkeys(("title", "what_happened", "why", "next_time"), "The data.")
    lessons.record(alpha, by=tess, at=utc, category="data", **words)
    for name in ("guidance-list", "lesson-list"):
        text = shown_in(pia, name, "at")
        assert "2026-11-20" in text
        assert "2026-11-21" not in text
        assert "20 Nov 2026" in signed_in(pia).get(reverse(f"governance:{name}")).content.decode()


def test_a_condition_closed_in_the_evening_is_closed_today(alpha: Any, pia: Any, tess: Any, sam: Any) -> None:
    utc = EVENING.astimezone(dt.UTC)
    gate = a_prepared(alpha, "G0", at=utc, on=EVENING.date())
    put_conditions([a_condition(tess, sam, due_on=dt.date(2026, 12, 4))], project=alpha, gate_review=gate, by=pia, at=utc)
    condition = Condition.objects.get()
    conditions.give_evidence(condition, by=tess, at=utc, text="It is filed.", url="")
    conditions.close(condition, by=sam, at=utc)
    text = shown_in(pia, "condition-list", "closed")
    assert "2026-11-20" in text
    assert "2026-11-21" not in text


def test_a_challenge_opened_in_the_evening_is_opened_today(alpha: Any, pia: Any) -> None:
    make_milestone(alpha, name="Go-live", is_key=True, baseline_on=THURSDAY - 8 * WEEK, forecast_on=THURSDAY + 4 * WEEK)
    a_submitted(alpha, at=EVENING.astimezone(dt.UTC), end_on=THURSDAY)
    text = shown_in(pia, "challenge-list", "opened")
    assert "2026-11-20" in text
    assert "2026-11-21" not in text


def test_an_import_of_the_evening_names_the_citys_clock() -> None:
    run = ImportRun(file_name="city.csv", uploaded_at=EVENING.astimezone(dt.UTC))
    assert str(run) == "city.csv, 20 Nov 2026 20:00"
