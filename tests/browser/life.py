"""The life of a definition document, act by act: written, mended, opined on, returned, answered, begun again."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, expect

from governance.document_states import ColumnType
from governance.models import DocumentSection, TemplateSection
from tests.browser.hands import next_page
from tests.browser.keys import Typist
from tests.factories import PASSWORD
from tests.governance.written import words_for

FINDING = "Say how many forms a week are typed twice."


def begin(hand: Typist) -> None:
    """Go from the first page to the project, to its deliverables, and begin the definition."""
    page = hand.page
    hand.follow(page.locator("main").get_by_role("link", name="Alpha").first)
    hand.follow(page.locator("main, nav").get_by_role("link", name="Deliverables").first)
    hand.follow(page.get_by_role("link", name=re.compile("^Begin.*Project definition")).first)
    hand.press("Begin writing")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Project definition document 0.1")


def write(hand: Typist, section: TemplateSection) -> None:
    """Open one section from the list of all, write it, and come back to the list."""
    page = hand.page
    hand.follow(page.locator(f"#section-{section.key} a[data-open]"))
    given = words_for(section)
    if section.is_table:
        for place, row in enumerate(given["rows"]):
            if place:
                hand.press("Add a row")
            fill_row(hand, section, page.locator(".row-box--new").last, row["cells"])
    else:
        hand.type(page.locator("#section-form textarea").first, given["text"])
    hand.press("Save and close")
    expect(page.locator(f"#section-{section.key}")).to_be_attached()


def fill_row(hand: Typist, section: TemplateSection, box: Locator, cells: dict[str, str]) -> None:
    for column in section.columns:
        field = box.locator(f"[name$='.{column['key']}']")
        if column["choices"]:
            hand.choose(field, cells[column["key"]])
        elif column["type"] == ColumnType.DATE:
            year, month, day = (int(part) for part in cells[column["key"]].split("-"))
            hand.date(field, month, day, year)
        else:
            hand.type(field, cells[column["key"]])


def submit(hand: Typist) -> None:
    hand.press("Submit for review")


def mend(hand: Typist, section: TemplateSection) -> None:
    """Follow the obstacle that names a section, write what is missing there, and come back."""
    page = hand.page
    hand.follow(page.get_by_role("alert").locator(f"a[href*='{section.key}']").first)
    hand.type(page.locator("#section-form textarea").first, words_for(section)["text"])
    hand.press("Save and close")


def open_waiting(hand: Typist) -> None:
    """Open what the first page says about the document."""
    hand.follow(
        hand.page.get_by_role("row").filter(has_text=re.compile("say what you think|Came back")).get_by_role("link").first
    )


def give_opinion(hand: Typist) -> None:
    """Open what waits on the first page, and endorse it."""
    page = hand.page
    open_waiting(hand)
    if page.locator("[name=opinion]").count() == 0:
        with next_page(page):
            page.keyboard.press("o")
    hand.reach(page.locator("[name=opinion]").first)
    page.keyboard.press("Space")
    hand.follow(page.locator("form:has([name=opinion]) button").first)


def open_review(hand: Typist) -> None:
    page = hand.page
    hand.follow(page.get_by_role("link", name=re.compile("^Reviews")).first)
    hand.open_first("Alpha")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Alpha")


def return_with_finding(hand: Typist) -> None:
    page = hand.page
    open_review(hand)
    page.keyboard.press("f")
    hand.type(page.get_by_label("What is wrong"), FINDING)
    hand.act("r", page.get_by_role("button", name="Return r", exact=True))
    sign(hand)


def sign(hand: Typist) -> None:
    hand.type(hand.page.get_by_label("Password", exact=True), PASSWORD)
    with next_page(hand.page):
        hand.page.keyboard.press("Enter")


def section_of(version: Any, key: str) -> TemplateSection:
    return DocumentSection.objects.select_related("section").get(document=version.document, section__key=key).section


def go_home(hand: Typist) -> None:
    hand.follow(hand.page.get_by_role("link", name="Home", exact=True).first)


def answer(hand: Typist) -> None:
    """Open what came back, follow its link to the findings, and answer the one that is open."""
    page = hand.page
    go_home(hand)
    open_waiting(hand)
    hand.press("Answer the findings")
    expect(page.locator("main")).to_contain_text(FINDING)
    hand.type(page.get_by_label("Your answer").first, "412 forms a week, counted in October.")
    hand.follow(page.get_by_role("button", name=re.compile("^Answer")).first)


def begin_next(hand: Typist) -> None:
    """Begin the next version from the last one, saying what changes."""
    page = hand.page
    hand.follow(page.get_by_role("link", name="Alpha").first)
    hand.follow(page.locator("main, nav").get_by_role("link", name="Deliverables").first)
    hand.follow(page.get_by_role("link", name=re.compile("^Begin the next version.*Project definition")).first)
    hand.type(page.get_by_label("What this version changes"), "The number of forms is given.")
    hand.press("Begin writing")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Project definition document 0.2")
