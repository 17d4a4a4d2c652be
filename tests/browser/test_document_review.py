"""A document is reviewed and approved with the keyboard alone; every page of the review is open to everybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from governance.models import DeliverableVersion, SignOff
from pmo.models import User
from portfolio.models import Project
from tests.browser.hands import Hand, next_page
from tests.browser.pages import Address, Crawl
from tests.factories import PASSWORD
from tests.governance.stories import a_finding
from tests.governance.test_document_review_page import address
from tests.governance.written import a_submitted_document, review_all

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def state_of(version: DeliverableVersion) -> str:
    return str(DeliverableVersion.objects.values_list("state", flat=True).get(pk=version.pk))


@pytest.fixture
def waiting(alpha: Project, pia: User) -> DeliverableVersion:
    at = timezone.now() - dt.timedelta(hours=2)
    version = a_submitted_document(alpha, at=at)
    review_all(version, by=pia, at=at)
    return version


@pytest.mark.parametrize("at_work", ["keyboard", "without-javascript"], indirect=True)
def test_a_document_is_approved_by_hand_alone(
    at_work: Callable[[User], Hand], waiting: DeliverableVersion, pia: User, live_server: Any
) -> None:
    hand = at_work(pia)
    page = hand.page
    page.goto(live_server.url + "/reviews/?what=documents")
    hand.open_first("Alpha")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Alpha")
    hand.act("a", page.get_by_role("button", name="Approve a", exact=True))
    expect(page.locator("main")).to_contain_text("I approve project definition document of P-1001")
    hand.type(page.get_by_label("Password", exact=True), PASSWORD)
    hand.follow(page.get_by_role("button", name="Approve and sign"))
    assert state_of(waiting) == "approved"
    assert SignOff.objects.filter(version=waiting, action="approve", person=pia).exists()


@pytest.mark.parametrize("at_work", ["keyboard"], indirect=True)
def test_what_is_typed_on_the_way_to_a_decision_is_kept(
    at_work: Callable[[User], Hand], waiting: DeliverableVersion, pia: User, live_server: Any
) -> None:
    hand = at_work(pia)
    page = hand.page
    page.goto(live_server.url + address(waiting))
    page.keyboard.press("f")
    hand.type(page.get_by_label("What is wrong"), "No target is given.")
    hand.act("r", page.get_by_role("button", name="Return r", exact=True))
    expect(page.get_by_label("What is wrong")).to_have_value("No target is given.")
    hand.type(page.get_by_label("Password", exact=True), PASSWORD)
    with next_page(page):
        page.keyboard.press("Enter")
    assert state_of(waiting) == "returned"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_the_review_is_open_to_everybody(
    browser: Browser, live_server: Any, waiting: DeliverableVersion, pia: User, max: User, scheme: str
) -> None:
    finding = a_finding(waiting, by=pia, section="objectives", at=timezone.now())
    part = waiting.reviews.get().parts.first()
    crawl = Crawl(browser, live_server.url, {"viewport": {"width": 1440, "height": 900}, "color_scheme": scheme})
    tails = ("", "approve/", "conditions/", "return/", "reject/", "findings/", f"parts/{part.pk}/")
    for person, pages in ((pia, tails), (max, ("", "findings/"))):
        for tail in pages:
            where = Address(f"review {tail}", address(waiting, tail), "")
            page = crawl.visit(where, person)
            crawl.check_accessibility(where, page)
            for width in (1440, 390, 320):
                page.set_viewport_size({"width": width, "height": 844})
                crawl.check_width(where, page)
            page.set_viewport_size({"width": 1440, "height": 900})
    crawl.close()
    assert finding.state == "open"
    assert not crawl.found, "\n".join(crawl.found)
