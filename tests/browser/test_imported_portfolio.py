"""A portfolio comes in through the browser, and one of its projects goes the whole way to the dashboard."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from governance.due import run_due
from pmo.models import User
from portfolio.models import Project
from tests.browser.acts import accept, begin_report, check_pdf, read_as_stakeholder, state_of, write_report
from tests.browser.hands import Hand
from tests.portfolio.importing import SMALL

pytestmark = [pytest.mark.browser, pytest.mark.pdf, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def bring_in(hand: Hand, base: str, file: Path) -> None:
    """Take a file through the four steps of the wizard with what it suggests."""
    page = hand.page
    page.goto(f"{base}/projects/")
    hand.follow(page.get_by_role("link", name="Import").first)
    hand.follow(page.get_by_role("link", name="Import a file").first)
    page.locator("input[type=file]").set_input_files(file)
    hand.follow(page.get_by_role("button", name="Read the file"))
    hand.follow(page.get_by_role("link", name="Continue to the columns"))
    hand.follow(page.get_by_role("button", name="Show what would happen"))
    hand.follow(page.get_by_role("button", name="Import", exact=True))


def name_manager(hand: Hand, base: str, code: str, manager: User) -> None:
    page = hand.page
    page.goto(f"{base}/projects/{code}/")
    hand.follow(page.get_by_role("link", name="Edit", exact=True).first)
    page.get_by_label("Project manager").select_option(str(manager.pk))
    hand.follow(page.get_by_role("button", name="Save").first)
    run_due(at=timezone.now())


def goes_all_the_way(at_work: Callable[[User], Hand], base: str, code: str, *, people: tuple[User, User, User]) -> None:
    office_user, manager_user, reader_user = people
    project = Project.objects.get(code=code)
    office = at_work(office_user)
    name_manager(office, base, code, manager_user)
    manager = at_work(manager_user)
    begin_report(manager, 1)
    write_report(manager, is_first=True)
    assert state_of(project, 1, 1) == "submitted"
    office.page.goto(base)
    office.open_first(project.name)
    accept(office)
    assert state_of(project, 1, 1) == "approved"
    reader = at_work(reader_user)
    check_pdf(reader.page, base, read_as_stakeholder(reader, base, project.name, 1), project.name)


#: What runs out of its place in a list: the table out of its card, or a code into the name beside it.
OUT_OF_PLACE = """() => {
  const right = (one) => one.getBoundingClientRect().right, left = (one) => one.getBoundingClientRect().left;
  const table = [...document.querySelectorAll("main table")].pop();
  const wide = right(table) > right(table.parentElement) + 1 ? ["the table"] : [];
  const ends = (code) => left(code) + code.scrollWidth;
  const codes = [...table.querySelectorAll(".proj .code")].filter((code) => ends(code) > left(code.nextElementSibling));
  return wide.concat(codes.map((code) => code.textContent));
}"""


def fits(page: Page, address: str) -> None:
    page.goto(address)
    assert page.locator("main tbody tr").count() > 40
    assert page.evaluate(OUT_OF_PLACE) == []


def test_an_imported_project_goes_all_the_way(
    at_work: Callable[[User], Hand], live_server: Any, tmp_path: Path, pia: User, max: User, stella: User
) -> None:
    file = tmp_path / "projects.csv"
    file.write_text(SMALL)
    hand = at_work(pia)
    bring_in(hand, live_server.url, file)
    expect(hand.page.locator("main")).to_contain_text("3 projects created")
    goes_all_the_way(at_work, live_server.url, "A-2", people=(pia, max, stella))


def test_one_of_184_real_projects_goes_all_the_way(
    at_work: Callable[[User], Hand], live_server: Any, real_data: Path, pia: User, max: User, stella: User
) -> None:
    expected = json.loads((real_data / "gmpp" / "EXPECTED.json").read_text())["2021"]
    hand = at_work(pia)
    bring_in(hand, live_server.url, real_data / "gmpp" / "uk_2021.csv")
    expect(hand.page.locator("main")).to_contain_text(f"{expected['rows']} projects created")
    fits(hand.page, f"{live_server.url}/projects/")
    run_due(at=timezone.now())
    fits(hand.page, f"{live_server.url}/portfolio/")
    goes_all_the_way(at_work, live_server.url, "MOD_0106_1617-Q1", people=(pia, max, stella))
