"""What the access table's addresses do not show: empty offices, refused forms, errors, and a report in each of its states."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page

from governance.clock import Office
from governance.periods import current_period
from governance.reports import open_period
from pmo.models import User
from portfolio.models import Project
from tests.access_world import World, named_urls
from tests.browser.pages import Address, Crawl, every_page
from tests.governance.stories import a_draft, an_accepted

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

THEMES = [
    pytest.param({"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"}, id="light"),
    pytest.param({"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}, id="phone-dark"),
]
both_themes = pytest.mark.parametrize("crawl", THEMES, indirect=True)
#: Press the first button of the main form as a browser without any checks of its own would, with what must be said left out.
REFUSE = """() => {
  const form = document.querySelector("main form[method=post]:not([data-instant]):has(:required)");
  if (!form) return false;
  form.noValidate = true;
  for (const field of form.querySelectorAll(":required")) {
    if (field.type === "radio" || field.type === "checkbox") field.checked = false; else field.value = "";
  }
  HTMLFormElement.prototype.submit.call(form);
  return true;
}"""


@pytest.fixture
def crawl(browser: Browser, live_server: Any, request: pytest.FixtureRequest) -> Iterator[Crawl]:
    one = Crawl(browser, live_server.url, request.param)
    yield one
    one.close()


def check(crawl: Crawl, address: Address, page: Page) -> None:
    crawl.check_accessibility(address, page)
    crawl.check_width(address, page)


def nothing_found(crawl: Crawl) -> None:
    assert not crawl.found, "\n".join(crawl.found)


@both_themes
def test_an_office_that_has_nothing_yet(crawl: Crawl, pia: User) -> None:
    """Every page without parameters, before the first project: each says what it is for."""
    for name, parameters in named_urls().items():
        if not parameters and name.endswith(("-list", "home", "dashboard", "dashboard-changes", "report-not-in", "search")):
            address = Address(name, reverse(name), "pia")
            check(crawl, address, crawl.visit(address, pia))
    nothing_found(crawl)


#: The other theme shows the same marks on the style guide's page.
@pytest.mark.parametrize("crawl", THEMES[1:], indirect=True)
def test_forms_that_are_sent_empty(crawl: Crawl, world: World) -> None:
    refused = 0
    for address in every_page(world):
        page = crawl.page_of(world.people[address.person])
        if address.name.startswith(("account_", "mfa_", "usersessions")):
            continue
        page.goto(crawl.base + address.path)
        with page.expect_event("load", timeout=5_000) if page.evaluate(f"({REFUSE})()") else nullcontext():
            pass
        if page.locator(".summary--error, .errors, [aria-invalid=true]").count():
            refused += 1
            check(crawl, address, page)
    assert refused > 20
    nothing_found(crawl)


@both_themes
def test_the_pages_of_a_report_in_each_of_its_states(
    crawl: Crawl, alpha: Project, beta: Project, pia: User, max: User, bea: User, fay: User
) -> None:
    now = timezone.now()
    office = Office.load(alpha.governance_class)
    end_on = current_period(office.day(now), alpha.governance_class, office.rules).end_on
    an_accepted(alpha, by=pia, end_on=end_on, at=now)
    opened = open_period(beta, current_period(office.day(now), beta.governance_class, office.rules), at=now)
    states = [
        (Address("published to others", f"/projects/{alpha.code}/reports/1/", "fay"), fay),
        (Address("accepted", f"/projects/{alpha.code}/reports/1/", "max"), max),
        (Address("due, not begun", f"/projects/{beta.code}/reports/{opened.number}/edit/", "bea"), bea),
        (Address("due, nothing to read", f"/projects/{beta.code}/reports/{opened.number}/", "pia"), pia),
        (Address("begin", f"/projects/{beta.code}/reports/new/", "bea"), bea),
    ]
    for address, person in states:
        check(crawl, address, crawl.visit(address, person))
    nothing_found(crawl)


@both_themes
def test_what_was_typed_for_a_report_that_went_in_meanwhile(crawl: Crawl, alpha: Project, max: User) -> None:
    draft = a_draft(alpha, at=timezone.now())
    address = Address("not taken", f"/projects/{alpha.code}/reports/1/edit/", "max")
    page = crawl.visit(address, max)
    page.locator("#headline").fill("Typed in the first window.")
    draft.submit(by=max, at=timezone.now())
    with page.expect_navigation():
        page.locator("[data-submit]").click()
    assert "Typed in the first window." in page.locator("main").inner_text()
    check(crawl, address, page)
    nothing_found(crawl)


@both_themes
def test_errors(crawl: Crawl, pia: User, olaf: User) -> None:
    for address, person in (
        (Address("nothing there", "/no-such-page/", "pia", status=404), pia),
        (Address("not yours", "/projects/", "olaf", status=403), olaf),
    ):
        check(crawl, address, crawl.visit(address, person))
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    for template in ("400.html", "500.html", "429.html"):
        address = Address(template, f"/shown/{template}", "pia", status=int(template[:3]))
        body = render_to_string(template, {}, request=request)
        answer = {"status": address.status, "content_type": "text/html", "body": body}
        crawl.page_of(pia).route(f"**{address.path}", lambda route, _, answer=answer: route.fulfill(**answer))
        check(crawl, address, crawl.visit(address, pia))
    nothing_found(crawl)
