"""The main job, start to finish, as its people do it: in Chromium, by mouse, by keyboard alone, and without JavaScript.

The project manager reports, the PMO manager returns, the project manager answers, the PMO manager accepts, a stakeholder reads.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pmo.models import User
from portfolio.models import Project
from tests.browser.acts import (
    accept,
    answer_and_submit,
    begin_report,
    check_pdf,
    close_answered_finding,
    read_as_stakeholder,
    return_with_finding,
    state_of,
    write_report,
)
from tests.browser.hands import HANDS, Hand

pytestmark = [pytest.mark.browser, pytest.mark.pdf, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("at_work", HANDS, indirect=True)
def test_a_report_goes_from_the_project_manager_to_the_stakeholder(
    at_work: Callable[[User], Hand], live_server: Any, alpha: Project, last_week: Any, pia: User, max: User, stella: User
) -> None:
    home = live_server.url + "/"
    manager = at_work(max)
    begin_report(manager, 2)
    write_report(manager)
    assert state_of(alpha, 2, 1) == "submitted"
    office = at_work(pia)
    return_with_finding(office)
    assert state_of(alpha, 2, 1) == "returned"
    answer_and_submit(manager, home)
    assert state_of(alpha, 2, 2) == "submitted"
    close_answered_finding(office, home)
    accept(office)
    assert state_of(alpha, 2, 2) == "approved"
    reader = at_work(stella)
    paper = read_as_stakeholder(reader, live_server.url, "Alpha", 2)
    check_pdf(reader.page, live_server.url, paper, "Alpha")
