"""What the people of the main job do on its pages, each act once, for whichever hand."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from governance.models import DeliverableVersion
from governance.pdf_digest import marked_digest
from portfolio.models import Project
from tests.browser.hands import Hand, Keyboard

REASON = "The vendor delivered the second test system nine days late, so training starts later."
FINDING = "Say by how many days go-live moves."
ANSWER = "Go-live moves by four working days, to 11 December."


def rating(page: Page, dimension: str) -> Locator:
    return page.locator(f".rate:has(input[name='{dimension}-pm_letter'])")


def begin_report(hand: Hand, number: int) -> None:
    hand.open_first(f"Write report {number}")
    if hand.page.url.endswith("/new/"):
        hand.follow(hand.page.locator("main").get_by_role("button", name=f"Write report {number}"))
    expect(hand.page.get_by_role("heading", level=1)).to_contain_text(f"report {number}")


def write_report(hand: Hand, *, is_first: bool = False) -> None:
    """Fill in the form from top to bottom: two ratings turned yellow with the reason, the plan answered, then the texts.

    A first report carries no ratings over and has no earlier plan to answer.
    """
    page = hand.page
    for dimension in ("overall", "schedule"):
        hand.rate(rating(page, dimension), "Y")
        hand.type(page.locator(f"#{dimension}-reason"), REASON)
    if is_first:
        for dimension in ("scope", "budget", "resources", "risk", "quality"):
            hand.rate(rating(page, dimension), "G")
    hand.type(page.locator("#headline"), "Training starts a week later; go-live moves.")
    if not is_first:
        answer_plan(hand)
    hand.type(page.locator("#accomplishments"), "Forms of the second court tested")
    hand.type(page.locator("#plan"), "Train the clerks of both courts")
    hand.submit_report()


def answer_plan(hand: Hand) -> None:
    group = hand.page.locator("[name=outcome-0]")
    if isinstance(hand, Keyboard):
        hand.reach(group.first)
        hand.page.keyboard.press("Space")
    else:
        group.first.check(force=True)


def return_with_finding(hand: Hand) -> None:
    page = hand.page
    hand.open_first("Alpha")
    expect(page.locator("#s-headline, #content")).to_contain_text(["Training starts a week later"])
    if isinstance(hand, Keyboard):
        page.keyboard.press("f")
    else:
        page.locator("#findings summary").click()
    hand.type(page.locator("#finding-text"), FINDING)
    hand.follow(page.get_by_role("button", name="Add it"))
    expect(page.locator("#findings")).to_contain_text(FINDING)
    hand.act("r", page.get_by_role("button", name="Return"))


def answer_and_submit(hand: Hand, home: str) -> None:
    page = hand.page
    page.goto(home)
    expect(page.locator("main")).to_contain_text("came back with findings")
    hand.open_first("report 2")
    if page.locator("#report-form").count() == 0:
        hand.follow(page.locator("main .btn--first, main button").first)
    expect(page.locator("#section-findings")).to_contain_text(FINDING)
    hand.type(page.locator("#section-findings textarea"), ANSWER)
    hand.type(page.locator("#headline"), "Training starts a week later; go-live moves by four days.")
    hand.submit_report()


def close_answered_finding(hand: Hand, home: str) -> None:
    page = hand.page
    page.goto(home)
    hand.open_first("Alpha")
    expect(page.locator("#findings")).to_contain_text(ANSWER)
    hand.follow(page.get_by_role("button", name="Close this finding"))


def accept(hand: Hand) -> None:
    """Agree with the project manager on the page of the review, with a reason wherever one is asked for, and accept."""
    page = hand.page
    for dimension in ("overall", "schedule"):
        hand.rate(page.locator(f"#office-{dimension}"), "Y")
    give_reasons(hand)
    hand.act("a", page.get_by_role("button", name="Accept"))


def give_reasons(hand: Hand) -> None:
    for field in hand.page.locator("textarea[id^=office-][id$=-reason]").all():
        if field.is_visible():
            hand.type(field, "The office agrees with the project manager.")


def read_as_stakeholder(hand: Hand, base: str, name: str, number: int) -> str:
    """Follow the new rating from the dashboard to the published report; return the address of its PDF."""
    page = hand.page
    page.goto(f"{base}/portfolio/")
    row = page.locator("tbody tr", has_text=name)
    expect(row).to_contain_text("Off plan")
    hand.follow(row.get_by_role("link", name=name).first)
    hand.follow(page.get_by_role("row", name=f"Report {number}").get_by_role("link", name=f"Report {number}", exact=True))
    expect(page.locator("main")).to_contain_text("Training starts a week later; go-live moves")
    expect(page.locator("main")).not_to_contain_text(FINDING)
    return str(page.get_by_role("link", name="PDF").first.get_attribute("href"))


def check_pdf(page: Page, base: str, address: str, name: str) -> None:
    """Fetch the PDF as this visitor, and have /verify/ confirm the digest that stands in its properties."""
    answer = page.request.get(base + address)
    assert answer.status == 200
    assert answer.body().startswith(b"%PDF-")
    page.goto(f"{base}/verify/{marked_digest(answer.body())}/")
    expect(page.locator("main")).to_contain_text(name)


def state_of(project: Project, report: int, version: int) -> str:
    return DeliverableVersion.objects.get(deliverable__project=project, deliverable__number=report, number=version).state
