"""Writing a section in a real browser: the preview that follows, a block that is pasted, two people who meet."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from governance.documents.drafting import save_section
from governance.models import DocumentSection
from tests.governance.stories import NOON
from tests.governance.written import a_document

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASTE = """([text]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.querySelector(".row-box--new input.input").dispatchEvent(
    new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def section(version, key: str) -> DocumentSection:
    return version.document.sections.select_related("section").get(section__key=key)


@pytest.fixture
def version(alpha):
    return a_document(alpha, problem="Clerks retype forms.", milestones=[])


@pytest.fixture
def at_section(page: Page, live_server, version, alpha, max):
    """Open a section as max."""
    client = Client()
    client.force_login(max)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])

    def open_(key: str) -> Page:
        page.goto(live_server.url + reverse("governance:document-section-edit", args=[alpha.code, "definition", key]))
        return page

    return open_


def test_the_preview_and_the_stored_text_follow_what_is_typed(at_section, version) -> None:
    form = at_section("problem")
    with form.expect_response(lambda answer: "/autosave/" in answer.url):
        form.locator("#id_text").fill("**Nine** of ten <script>document.title = 'gone'</script>")
    expect(form.locator("#preview strong")).to_have_text("Nine")
    assert "gone" not in form.title()
    assert section(version, "problem").text.startswith("**Nine**")


def test_a_block_pasted_into_a_row_becomes_rows(at_section, version) -> None:
    form = at_section("milestones")
    with form.expect_navigation():
        form.evaluate(PASTE, ["Pilot\t2027-03-15\nGo-live\t6/30/2027"])
    expect(form.locator(".row-box")).to_have_count(3)
    cells = [row["cells"] for row in section(version, "milestones").rows]
    assert cells == [{"name": "Pilot", "target": "2027-03-15"}, {"name": "Go-live", "target": "2027-06-30"}]


def test_two_people_meet_and_the_second_decides_what_stands(at_section, version, tess) -> None:
    form = at_section("problem")
    row = section(version, "problem")
    save_section(row, by=tess, at=NOON, revision=row.revision, text="By Tess.")
    form.locator("#id_text").fill("By Max.")
    form.get_by_role("button", name="Compare").click()
    expect(form.locator("main")).to_contain_text("Tess Moreau saved this section")
    assert not Axe().run(form).response["violations"]
    form.get_by_role("button", name="Save this text").click()
    form.wait_for_url("**/edit/")
    assert section(version, "problem").text == "By Max."
    assert section(version, "problem").history.filter(text="By Tess.").exists()


@pytest.mark.parametrize("key", ["problem", "objectives"])
def test_the_page_of_a_section_has_no_barrier(at_section, key) -> None:
    assert not Axe().run(at_section(key)).response["violations"]
