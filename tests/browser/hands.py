"""Two ways to do the same thing in a browser: with a mouse, and with a keyboard alone.

A story is written once, over a `Hand`. The keyboard never clicks: it tabs to what it wants, or uses the keys of the product.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from playwright.sync_api import Locator, Page

from pmo.models import User
from tests.factories import PASSWORD

#: More stops than any page has: beyond it something cannot be reached by keyboard.
MOST_STOPS = 250


class Hand(Protocol):
    page: Page

    def follow(self, target: Locator) -> None: ...
    def type(self, field: Locator, words: str) -> None: ...
    def rate(self, group: Locator, letter: str) -> None: ...
    def tick(self, box: Locator) -> None: ...
    def open_first(self, words: str) -> None: ...
    def submit_report(self) -> None: ...
    def act(self, key: str, button: Locator) -> None: ...


@contextmanager
def next_page(page: Page) -> Iterator[None]:
    """Wait until what happens inside has brought a new page."""
    with page.expect_navigation(wait_until="load"):
        yield


class Mouse:
    """Points and clicks; also the hand of a browser without JavaScript."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def follow(self, target: Locator) -> None:
        with next_page(self.page):
            target.click()

    def type(self, field: Locator, words: str) -> None:
        field.fill(words)

    def rate(self, group: Locator, letter: str) -> None:
        group.locator(f"input[value={letter}]").check(force=True)

    def tick(self, box: Locator) -> None:
        box.check()

    def open_first(self, words: str) -> None:
        self.follow(self.page.locator("[data-rows] a[data-open]", has_text=words).first)

    def submit_report(self) -> None:
        self.follow(self.page.locator("[data-submit]"))

    def act(self, key: str, button: Locator) -> None:
        self.follow(button)


class Keyboard:
    """Presses keys only: Tab, arrows, Enter, Space, and the keys that the product names."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, target: Locator) -> None:
        """Press Tab until `target` has the focus. Raises AssertionError when no number of stops leads there."""
        wanted = target.element_handle()
        for _ in range(MOST_STOPS):
            if wanted.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} cannot be reached with the keyboard")

    def follow(self, target: Locator) -> None:
        self.reach(target)
        with next_page(self.page):
            self.page.keyboard.press("Enter")

    def type(self, field: Locator, words: str) -> None:
        self.reach(field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(words)

    def rate(self, group: Locator, letter: str) -> None:
        """Go to the group, where the arrows lead to every colour, and press the colour's letter."""
        chosen = group.locator("input:checked")
        self.reach(chosen if chosen.count() else group.locator("input").first)
        self.page.keyboard.press(letter.lower())

    def tick(self, box: Locator) -> None:
        self.reach(box)
        self.page.keyboard.press("Space")

    def open_first(self, words: str) -> None:
        self.page.keyboard.press("j")
        with next_page(self.page):
            self.page.keyboard.press("Enter")

    def submit_report(self) -> None:
        with next_page(self.page):
            self.page.keyboard.press("Control+Enter")

    def act(self, key: str, button: Locator) -> None:
        """Press the key that the button names, with the focus outside every field."""
        self.page.keyboard.press("Escape")
        if self.page.evaluate("document.activeElement.matches('input, textarea, select')"):
            self.reach(self.page.locator("main a, main button, main summary").first)
        with next_page(self.page):
            self.page.keyboard.press(key)


HANDS: dict[str, tuple[type[Any], dict[str, Any]]] = {
    "mouse": (Mouse, {}),
    "keyboard": (Keyboard, {}),
    "without-javascript": (Mouse, {"java_script_enabled": False}),
}


def sign_in(hand: Hand, base: str, person: User) -> None:
    hand.page.goto(f"{base}/accounts/login/")
    hand.type(hand.page.get_by_role("textbox", name="E-mail address"), person.email)
    hand.type(hand.page.get_by_role("textbox", name="Password", exact=True), PASSWORD)
    hand.follow(hand.page.get_by_role("button", name="Sign in", exact=True))
