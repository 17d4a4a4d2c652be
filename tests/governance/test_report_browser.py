"""The report's form in a real browser: keys, saving while typing, two tabs, and the state beside it that follows."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from governance.models import DeliverableVersion
from tests.governance.stories import NOON, THURSDAY, WEEK, a_draft, an_accepted
from tests.governance.typed import address, report_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EMPTY: dict[str, Any] = {"headline": "", "accomplishments": "", "plan": "Train the clerks", "outcomes": {}}


@pytest.fixture
def version(alpha, pia, max) -> DeliverableVersion:
    an_accepted(alpha, by=pia, end_on=THURSDAY - WEEK, at=NOON - WEEK, plan="Train the clerks")
    return a_draft(alpha, **EMPTY)


@pytest.fixture
def form(page: Page, live_server, client, version, max) -> Page:
    """The form, open in a browser in which max is signed in."""
    client.force_login(max)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page.goto(live_server.url + address("report-edit", version))
    return page


def test_an_unchanged_week_by_keyboard_alone(form: Page, version) -> None:
    form.locator("#headline").focus()
    form.keyboard.type("The intake forms are tested, as planned.")
    form.keyboard.press("Tab")
    form.keyboard.press("ArrowRight")
    form.locator("#accomplishments").focus()
    form.keyboard.type("None this week, the office was closed")
    form.locator("#keeps_plan").focus()
    form.keyboard.press("Space")
    form.keyboard.press("Control+Enter")
    form.wait_for_url("**/v1/")
    version.refresh_from_db()
    assert version.state == "submitted"
    assert report_of(version).headline == "The intake forms are tested, as planned."


def test_the_state_beside_the_form_follows_what_was_saved(form: Page, version) -> None:
    expect(form.locator("#report-does")).to_contain_text("4 things")
    with form.expect_response(lambda answer: "/autosave/" in answer.url):
        form.locator("#headline").fill("The intake forms are tested.")
    expect(form.locator("#report-does")).to_contain_text("3 things")
    expect(form.locator("#report-state")).to_contain_text("Headline")
    expect(form.locator("#headline")).to_have_value("The intake forms are tested.")
    assert report_of(version).headline == "The intake forms are tested."


def test_a_letter_rates_and_opens_what_it_asks_for(form: Page) -> None:
    expect(form.locator("#quality-reason")).to_be_hidden()
    form.locator("#quality-pm_letter_0").focus()
    form.keyboard.press("y")
    expect(form.locator("#quality-reason")).to_be_visible()
    expect(form.locator("#quality-measure")).to_be_hidden()
    form.keyboard.press("r")
    expect(form.locator("#quality-measure")).to_be_visible()


def test_the_mark_of_the_evidence_says_why(form: Page) -> None:
    form.locator("[popovertarget=why-risk]").first.click()
    expect(form.locator("#why-risk")).to_be_visible()
    form.keyboard.press("Escape")
    expect(form.locator("#why-risk")).to_be_hidden()


def test_submitting_while_words_are_on_their_way_is_no_conflict(form: Page, version) -> None:
    form.route("**/autosave/", lambda route: (form.wait_for_timeout(400), route.continue_()))
    form.locator("#headline").fill("Typed and sent at once")
    with form.expect_request("**/autosave/"):
        pass
    form.locator("[data-submit]").click()
    form.wait_for_url("**/submit/")
    expect(form.locator(".summary")).to_contain_text("3 things stand in the way")
    expect(form.locator("#headline")).to_have_value("Typed and sent at once")


def test_two_tabs_compare_and_later_words_are_part_of_it(form: Page, version) -> None:
    other = form.context.new_page()
    other.goto(form.url)
    with other.expect_response("**/autosave/"):
        other.locator("#headline").fill("The first tab")
    with form.expect_response("**/autosave/"):
        form.locator("#headline").fill("The second tab")
    expect(form.locator("#notices")).to_contain_text("changed elsewhere")
    form.locator("#plan").fill("Words typed after that")
    form.locator("#notices button").click()
    expect(form.locator("#choose")).to_contain_text("The first tab")
    expect(form.locator("#choose")).to_contain_text("The second tab")
    expect(form.locator("#choose")).to_contain_text("Words typed after that")
    form.get_by_role("button", name="All mine").click()
    expect(form.locator("#headline")).to_have_value("The second tab")
    expect(form.locator("#plan")).to_have_value("Words typed after that")


@pytest.mark.parametrize("browser_context_args", [{"java_script_enabled": False}], indirect=False)
def test_without_scripts_every_field_is_there_and_save_is_a_button(form: Page, version) -> None:
    expect(form.locator("#quality-reason")).to_be_visible()
    form.locator("#headline").fill("Saved by a button")
    form.get_by_role("button", name="Save", exact=True).click()
    form.wait_for_load_state()
    assert report_of(version).headline == "Saved by a button"


READING = ["report-list", "report-new", "report-detail", "report-version", "report-why", "report-preview", "report-excuse"]


@pytest.mark.parametrize("browser_context_args", [{"color_scheme": "light"}, {"color_scheme": "dark"}])
def test_no_page_of_the_room_has_an_accessibility_violation(form: Page, live_server, client, version, pia) -> None:
    found = {"form": problems(form)}
    form.locator("[data-submit]").click()
    form.wait_for_url("**/submit/")
    found["refused"] = problems(form)
    found["conflict"] = conflict(form, live_server.url + address("report-edit", version))
    become(form, live_server.url, client, pia)
    for name in READING:
        form.goto(live_server.url + place(name, version))
        found[name] = problems(form)
    assert {name: listed for name, listed in found.items() if listed} == {}


def problems(page: Page) -> list[str]:
    violations = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in violations]


def conflict(page: Page, url: str) -> list[str]:
    page.goto(url)
    page.evaluate("document.querySelector('[name=revision]').value = '0'")
    page.locator("#headline").fill("Another headline, typed in a second tab")
    page.evaluate("document.getElementById('report-form').submit()")
    page.wait_for_selector("#choose")
    return problems(page)


def become(page: Page, base: str, client, person) -> None:
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": base}])


def place(name: str, version: DeliverableVersion) -> str:
    if name in ("report-list", "report-new"):
        return reverse(f"governance:{name}", args=["P-1001"])
    if name in ("report-preview", "report-excuse"):
        return address(name, version)
    more = {"report-version": [1], "report-why": [1, "schedule"]}.get(name, [])
    return reverse(f"governance:{name}", args=["P-1001", 1, *more])
