"""The life of a definition document, act by act: from its first word through return and approval to its verified PDF."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Route, expect

from governance.document_states import ColumnType
from governance.models import DocumentSection, TemplateSection
from tests.browser.hands import next_page
from tests.browser.keys import Typist
from tests.factories import PASSWORD
from tests.governance.written import words_for
from tests.poppler import told

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


def close_finding(hand: Typist) -> None:
    """Open the second review from the queue and close there what the first one found."""
    page = hand.page
    open_review(hand)
    finding = page.locator("#findings .finding-item").filter(has_text=FINDING)
    expect(finding).to_contain_text("answered")
    hand.follow(finding.get_by_role("button", name=re.compile("^Close the finding")))
    expect(page.get_by_role("status")).to_contain_text("The finding is closed.")
    expect(finding).to_have_count(0)


def approve(hand: Typist) -> None:
    """Tick the checklist, press the key of the decision, read what is signed, and sign it."""
    page = hand.page
    hand.tick_all(page.locator("input[name=checklist]"))
    with next_page(page):
        page.keyboard.press("a")
    expect(page.locator(".intent")).to_contain_text("I approve project definition document of P-1001, version")
    sign(hand)
    expect(page.get_by_role("status")).to_contain_text("Approved: project definition document of P-1001, version 1.0")


def open_approved(hand: Typist) -> None:
    """Go from the review queue to the project and to what counts there."""
    page = hand.page
    hand.follow(page.get_by_role("link", name="Projects", exact=True).first)
    hand.follow(page.locator("main").get_by_role("link", name="Alpha").first)
    hand.follow(page.locator("main, nav").get_by_role("link", name="Deliverables").first)
    hand.follow(page.locator("main").get_by_role("link", name="Project definition").first)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Project definition document 1.0")


def take(hand: Typist, name: str, folder: Path) -> Path:
    """Follow the link to a PDF in a browser that saves PDFs instead of showing them; return the file."""
    page = hand.page
    page.route("**/*.pdf", _saved)
    hand.reach(page.get_by_role("link", name=name, exact=True))
    with page.expect_download() as coming:
        page.keyboard.press("Enter")
    page.unroute("**/*.pdf")
    path = folder / coming.value.suggested_filename
    coming.value.save_as(path)
    return path


def _saved(route: Route) -> None:
    answer = route.fetch()
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    kept = answer.headers["content-disposition"].replace("inline", "attachment")
    route.fulfill(response=answer, headers={**answer.headers, "content-disposition": kept})


def words_of(file: Path) -> str:
    """Return what a PDF says, every run of space as one."""
    made = file.read_bytes()
    assert made.startswith(b"%PDF-")
    return " ".join(told(["pdftotext", "FILE", "-"], made).split())


def verify_here(hand: Typist) -> None:
    """Follow the link beside the digest on the page of the version."""
    hand.press("Verify it")
    read_verdict(hand)


def verify_digest(hand: Typist, digest: str) -> None:
    """Go from the first page to the page that verifies, and type there what stands at the foot of the PDF."""
    go_home(hand)
    hand.press("Check a report or its PDF")
    hand.type(hand.page.get_by_label("Digest"), digest)
    with next_page(hand.page):
        hand.page.keyboard.press("Enter")
    read_verdict(hand)


def verify_file(hand: Typist, file: Path) -> None:
    """Give the PDF itself: the browser's own window for files opens by key, and stays outside the page."""
    page = hand.page
    # Listened for from here on: told in the same breath as the key, the browser may open its own window before it hears of it.
    page.on("filechooser", lambda chooser: None)
    hand.press("Verify another")
    hand.reach(page.get_by_label("Or the PDF itself"))
    with page.expect_file_chooser() as asking:
        page.keyboard.press("Enter")
    asking.value.set_files(file)
    hand.press("Verify")
    read_verdict(hand)


def read_verdict(hand: Typist) -> None:
    main = hand.page.locator("main")
    expect(main).to_contain_text("Nothing was altered since it was signed")
    expect(main).to_contain_text("Project definition document, version 1.0")
    expect(main).to_contain_text("Pia Orlov, PMO manager")
