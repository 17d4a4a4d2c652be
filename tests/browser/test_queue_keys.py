"""A report that nobody disputes is decided with three keystrokes, and the next one opens by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from pmo.models import User
from portfolio.models import Project
from tests.browser.acts import state_of
from tests.browser.hands import Hand, next_page
from tests.factories import make_milestone
from tests.governance.stories import a_submitted

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def two_wait(alpha: Project, beta: Project, end_on: dt.date) -> None:
    """Both reports are in, all green, and the evidence says green too: money, dates and a milestone in its place."""
    for project in (alpha, beta):
        make_milestone(
            project, is_key=True, baseline_on=end_on + dt.timedelta(days=40), forecast_on=end_on + dt.timedelta(days=40)
        )
        a_submitted(project, end_on=end_on, at=timezone.now())


@pytest.mark.parametrize("at_work", ["keyboard"], indirect=True)
def test_three_keystrokes_decide_a_report_and_the_next_one_opens(
    at_work: Callable[[User], Hand], alpha: Project, beta: Project, two_wait: None, pia: User
) -> None:
    page = at_work(pia).page
    expect(page.locator("main")).to_contain_text("2 items wait for you")
    page.keyboard.press("j")
    with next_page(page):
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Alpha")
    with next_page(page):
        page.keyboard.press("a")
    assert state_of(alpha, 1, 1) == "approved"
    expect(page.get_by_role("heading", level=1)).to_contain_text("Beta")
    with next_page(page):
        page.keyboard.press("a")
    assert state_of(beta, 1, 1) == "approved"
    expect(page.locator("main")).to_contain_text("Nothing waits for you")
