"""What the keyboard does besides tabbing and typing: following what a page names, choosing, typing dates."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.hands import Keyboard

#: Whether something of an element can be seen: one of nine points in it, as far as it lies in the window, is its own.
UNCOVERED = """element => {
  const box = element.getBoundingClientRect();
  const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
  const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
  if (left >= right || top >= bottom) return false;
  return [0.1, 0.5, 0.9].some(x => [0.1, 0.5, 0.9].some(y => {
    const found = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
    return found !== null && (element.contains(found) || found.contains(element));
  }));
}"""


class Typist(Keyboard):
    """Presses keys and nothing else; what to press them on, it finds by tabbing through the page as a person would."""

    def reach(self, target: Locator) -> None:
        """Skip the head of a page that was just opened with its own link, as people do, then press Tab until there."""
        page = self.page
        inside = target.evaluate("element => document.querySelector('main').contains(element)")
        if inside and page.evaluate("document.activeElement === document.body"):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.matches('a.skip')"):
                page.keyboard.press("Enter")
        super().reach(target)
        self.see(target)

    def see(self, target: Locator) -> None:
        """Raises AssertionError unless whoever looks at the page sees that the focus is on `target`, uncovered."""
        assert target.evaluate("element => element.matches(':focus-visible')"), f"the focus on {target} is not visible"
        assert target.evaluate(UNCOVERED), f"{target} has the focus and lies under something else, or outside the window"

    def tick_all(self, boxes: Locator) -> None:
        """Tick each box, one after the other."""
        for box in boxes.all():
            self.tick(box)
            expect(box).to_be_checked()

    def press(self, name: str) -> None:
        """Follow the button or link of this name, wherever it stands on the page."""
        page = self.page
        named = page.get_by_role("button", name=name, exact=True).or_(page.get_by_role("link", name=name, exact=True))
        self.follow(named.first)

    def choose(self, field: Locator, label: str) -> None:
        """Type an option into a list of choices, which takes it by its first letters."""
        self.reach(field)
        self.page.keyboard.type(label)
        expect(field.locator("option:checked")).to_have_text(label)

    def date(self, field: Locator, month: int, day: int, year: int) -> None:
        """Type a date into a field of dates, part by part as the browser asks for it."""
        self.reach(field)
        self.page.keyboard.type(f"{month:02}{day:02}{year:04}")
        expect(field).to_have_value(f"{year}-{month:02}-{day:02}")
