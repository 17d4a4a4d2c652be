"""Signing in as a person meets it: in a real browser, by keyboard, without JavaScript, and checked for accessibility."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page

from pmo.models import SavedView
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ANYONE = [
    "/accounts/login/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/x-y/",
]
SIGNED_IN = [
    "/accounts/",
    "/accounts/sessions/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/password/change/",
    "/accounts/reauthenticate/",
    "/accounts/logout/",
    "/resend/",
]


def sign_in(page: Page, base: str, user) -> None:
    page.goto(f"{base}/accounts/login/")
    type_credentials(page, user)


def type_credentials(page: Page, user) -> None:
    page.get_by_role("textbox", name="E-mail address").fill(user.email)
    page.get_by_role("textbox", name="Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()


def problems(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_account_pages_have_no_accessibility_violation(browser: Browser, live_server, pia, settings, scheme):
    settings.DEMO = True
    page = browser.new_context(color_scheme=scheme).new_page()
    found = {}
    for path in ANYONE:
        page.goto(live_server.url + path)
        found[path] = problems(page)
    sign_in(page, live_server.url, pia)
    for path in SIGNED_IN:
        page.goto(live_server.url + path)
        found[path] = problems(page)
    assert {path: listed for path, listed in found.items() if listed} == {}


def test_signing_in_works_by_keyboard_alone(page: Page, live_server, pia):
    page.goto(f"{live_server.url}/accounts/login/?next=/accounts/sessions/")
    page.get_by_role("textbox", name="E-mail address").focus()
    page.keyboard.type(pia.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts/sessions/")


def test_without_javascript_a_form_sent_signed_out_is_signed_in_for_read_and_sent_again(browser: Browser, live_server, pia):
    page = browser.new_context(java_script_enabled=False).new_page()
    sign_in(page, live_server.url, pia)
    view = SavedView.objects.create(owner=pia, name="Harbor", list_name="projects")
    page.goto(f"{live_server.url}/saved-views/{view.pk}/edit/")
    page.get_by_role("textbox", name="Name").fill("Harbor works")
    Session.objects.all().delete()
    page.locator("main form button[type=submit]").first.click()
    page.get_by_role("heading", name="You are signed out").wait_for()
    page.get_by_role("link", name="Sign in").click()
    type_credentials(page, pia)
    assert "Harbor works" in page.locator("main").inner_text()
    page.get_by_role("button", name="Send again").click()
    page.wait_for_load_state()
    view.refresh_from_db()
    assert view.name == "Harbor works"
