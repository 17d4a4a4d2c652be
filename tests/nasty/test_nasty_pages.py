"""Every page of governance in Chromium with 515 naughty strings in every text: nothing runs, is made of them, or is lost.

The texts are written behind the back of the forms, so that one visit of each page shows all of them in each column, whatever
its length. What the forms make of them is told by `test_nasty_forms`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser

from tests.access_world import World
from tests.browser.pages import Address, Crawl, every_page
from tests.nasty.looked_at import LED, MADE, RAN, SAID, Findings, watch
from tests.nasty.soaked import soak
from tests.nasty.strings import kept_in, naughty

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
#: What Markdown, comparisons and cut texts make, wherever they are: all of it plain.
PLAIN = {
    "br", "code", "pre", "em", "strong", "ul", "ol", "li", "blockquote", "hr", "ins", "del", "mark", "p",
    "h3", "h4", "h5", "h6",
}  # fmt: skip
#: Texts that no page shows whole, each with the reason.
NOT_SHOWN = {
    "ChangeRequest.record": "what is sealed is verified; pages show the columns, which are closed with it",
    "DeliverableVersion.record": "what is sealed is verified; pages show the content, which is closed with it",
    "GateAttendee.capacity": "a decided gate shows who was there as its record froze it",
    "GateReview.record": "what is sealed is verified; pages show the columns, which are closed with it",
    "GuidanceNote.text": "Markdown, which is shown made up only; no form changes it",
}


@pytest.fixture
def crawl(browser: Browser, live_server: Any) -> Iterator[Crawl]:
    one = Crawl(browser, live_server.url, {"viewport": {"width": 1440, "height": 900}})
    yield one
    one.close()


def of_governance(world: World) -> list[Address]:
    """Return every page of governance; beside those of the table, of what was decided, whose words stand nowhere else."""
    decided = (("gate-detail", world.held), ("change-detail", world.change_rejected))
    more = [Address(f"governance:{name}", row.get_absolute_url(), "pia") for name, row in decided]
    return [*(one for one in every_page(world) if one.name.startswith("governance:")), *more]


def made_of(crawl: Crawl, world: World, addresses: list[Address]) -> tuple[set[str], set[str]]:
    """Return the names of all elements and attributes that the pages have with plain words in them."""
    elements, attributes = set(PLAIN), set()
    for address in addresses:
        some = crawl.visit(address, world.people[address.person]).evaluate(MADE)
        elements |= set(some[0])
        attributes |= set(some[1])
    return elements, attributes


def look(crawl: Crawl, address: Address, page: Any, known: tuple[set[str], set[str]], body: str, findings: Findings) -> None:
    made = page.evaluate(MADE)
    for what, names, plain in (("elements", made[0], known[0]), ("attributes", made[1], known[1])):
        if strange := set(names) - plain:
            crawl.note(address, f"{what} of the strings: {sorted(strange)}")
    if led := page.evaluate(LED):
        crawl.note(address, f"addresses of the strings: {led[:3]}")
    if page.evaluate(RAN):
        crawl.note(address, "something ran")
    whole, altered = kept_in(page.evaluate(SAID), body)
    findings.whole |= {key.partition(":")[0] for key in whole}
    for sentence in altered[:3]:
        crawl.note(address, f"altered: {sentence}")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="texts longer than their column are SQLite's alone")
def test_no_page_runs_makes_or_loses_anything(crawl: Crawl, world: World, real_data: Any) -> None:
    body = " ".join(naughty(real_data))
    addresses, findings = of_governance(world), Findings()
    known = made_of(crawl, world, addresses)
    for _, page in crawl.opened.values():
        watch(page, findings)
    filled = soak(body)
    for address in addresses:
        page = crawl.visit(address, world.people[address.person])
        look(crawl, address, page, known, body, findings)
    assert not findings.wrong + crawl.found, "\n".join(findings.wrong + crawl.found)
    assert filled - findings.whole - set(NOT_SHOWN) == set()
