"""A portfolio comes in through the browser, and one of its projects goes the whole way to the dashboard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, expect

from governance.due import run_due
from pmo.models import User
from portfolio.models import Project
from tests.browser.acts import accept, check_pdf, read_as_stakeholder, state_of, write_report
from tests.browser.hands import Hand
from tests.portfolio.importing import SMALL

pytestmark = [pytest.mark.browser, pytest.mark.pdf, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def bring_in(hand: Hand, base: str, file: Path, *, unit: str) -> None:
    """Take a file through the four steps of the wizard with what it suggests; leave out the rows that it rejects."""
    page = hand.page
    page.goto(f"{base}/projects/")
    hand.follow(page.get_by_role("link", name="Import").first)
    hand.follow(page.get_by_role("link", name="Import a file").first)
    page.locator("input[type=file]").set_input_files(file)
    hand.follow(page.get_by_role("button", name="Read the file"))
    hand.follow(page.get_by_role("link", name="Continue to the columns"))
    hand.follow(page.get_by_role("button", name="Show what would happen"))
    hand.follow(page.get_by_role("button", name="Import", exact=True))
