"""A browser for each person of a story, and a project whose second report is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from governance.challenging import answer, rule
from governance.clock import Office
from governance.due import run_due
from governance.models import DeliverableVersion
from governance.periods import current_period
from pmo.models import User
from portfolio.models import Project
from tests.browser.hands import HANDS, Hand, sign_in
from tests.governance.stories import WEEK, an_accepted


@pytest.fixture
def at_work(browser: Browser, live_server: Any, request: pytest.FixtureRequest) -> Iterator[Callable[[User], Hand]]:
    """Return a function that signs a person in, in a browser of their own, with the hand of this test."""
    hand, options = HANDS[getattr(request, "param", "mouse")]
    contexts = []

    def enter(person: User) -> Hand:
        contexts.append(browser.new_context(**options))
        acting = hand(contexts[-1].new_page())
        sign_in(acting, live_server.url, person)
        return acting

    yield enter
    for context in contexts:
        context.close()


@pytest.fixture
def end_on() -> dt.date:
    """The status date of the period that runs now, for a project of class 3."""
    office = Office.load(3)
    return current_period(office.day(timezone.now()), 3, office.rules).end_on


def accepted_last_week(project: Project, pia: User, end_on: dt.date, **values: Any) -> DeliverableVersion:
    office = Office.load(project.governance_class)
    at = dt.datetime.combine(end_on - WEEK, dt.time(16), office.zone)
    return an_accepted(project, by=pia, end_on=end_on - WEEK, at=at, **values)


@pytest.fixture
def last_week(alpha: Project, pia: User, end_on: dt.date) -> DeliverableVersion:
    """Report 1 is accepted, what it was challenged for is ruled on, and report 2 is due: the office's clock has opened it.

    An open challenge would stand before or behind report 2 in the queue, by the day of the week on which the test runs.
    """
    version = accepted_last_week(alpha, pia, end_on, plan="Train the clerks")
    for challenge in version.challenges.all():
        answer(challenge, by=alpha.project_manager, answer="justify", text="The plan is being made.", at=challenge.opened_at)
        rule(challenge, by=pia, ruling="upheld", reason="The office agrees.", at=challenge.opened_at)
    run_due(at=timezone.now())
    return version
