"""Every page of the product in Chromium: no accessibility violation, no word on the console, nothing out of the window.

The pages come from the access table, so a new URL is looked at without a new test.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.access_world import World
from tests.browser.pages import Crawl, every_page

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
#: The narrowest window that WCAG 2.2 asks for (1.4.10, reflow).
NARROWEST = {"width": 320, "height": 640}


@pytest.fixture
def crawl(browser: Browser, live_server: Any, request: pytest.FixtureRequest) -> Iterator[Crawl]:
    one = Crawl(browser, live_server.url, request.param)
    yield one
    one.close()


@pytest.mark.parametrize(
    "crawl",
    [
        pytest.param({"viewport": WIDE, "color_scheme": "light"}, id="light"),
        pytest.param({"viewport": WIDE, "color_scheme": "dark"}, id="dark"),
    ],
    indirect=True,
)
def test_no_page_shuts_anybody_out(crawl: Crawl, world: World) -> None:
    for address in every_page(world):
        page = crawl.visit(address, world.people[address.person])
        crawl.check_accessibility(address, page)
        crawl.check_width(address, page)
    assert not crawl.found, "\n".join(crawl.found)


@pytest.mark.parametrize("crawl", [pytest.param({"viewport": PHONE, "color_scheme": "light"}, id="phone")], indirect=True)
def test_no_page_scrolls_sideways_on_a_phone(crawl: Crawl, world: World) -> None:
    for address in every_page(world):
        page = crawl.visit(address, world.people[address.person])
        for size in (PHONE, NARROWEST):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            crawl.check_width(address, page)
    assert not crawl.found, "\n".join(crawl.found)
