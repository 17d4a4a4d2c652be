"""The scripts in a real browser, over a page that the test writes: keys, reasons that open, autosave, nothing lost."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

pytestmark = pytest.mark.browser

SCRIPTS = Path(__file__).resolve().parents[2] / "static" / "js"
ADDRESS = "http://plumbline.test/form/"
FRAME = """<!doctype html><html lang="en" data-keys="{keys}"><title>t</title><body>
<form class="search"><input id="q"></form><nav class="nav"><a href="/projects/" data-go="p">Projects</a></nav>
<div id="notices"></div><div id="keys" popover>Keys</div>{body}"""


@pytest.fixture
def show(page: Page) -> Callable[..., Page]:
    """Show a body in the frame with the scripts running; keeps every later request inside the test."""

    def open_page(body: str, keys: str = "on") -> Page:
        html = FRAME.format(keys=keys, body=body)
        page.route("http://plumbline.test/**", lambda route: route.fulfill(body=html, content_type="text/html"))
        page.goto(ADDRESS)
        for name in ("keys.js", "forms.js", "autosave.js"):
            page.add_script_tag(path=SCRIPTS / name)
        return page

    return open_page


ROWS = """<div data-rows><table><tbody>
<tr class="group"><th>Today</th></tr>
<tr><td><a data-open href="#one">one</a><button data-key="a" onclick="document.title='one'">a</button></td></tr>
<tr><td><a data-open href="#two">two</a><button data-key="a" onclick="document.title='two'">a</button></td></tr>
</tbody></table></div>"""


def test_j_and_k_move_and_enter_opens(show: Callable[..., Page]) -> None:
    page = show(ROWS)
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.locator("tr.is-at").inner_text().startswith("two")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    assert page.url.endswith("#one")


def test_j_and_k_move_over_hits_of_a_search_from_group_to_group(show: Callable[..., Page]) -> None:
    hits = '<ul data-rows><li><a href="#x">{0}</a><a data-open href="#{0}">{0}</a></li></ul>'
    page = show(hits.format("one") + "<h2>More</h2>" + hits.format("two"))
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.locator("li.is-at").inner_text().endswith("two")
    page.keyboard.press("Enter")
    assert page.url.endswith("#two")


def test_single_key_of_a_row_acts_on_the_row_that_is_at(show: Callable[..., Page]) -> None:
    page = show(ROWS)
    page.keyboard.press("a")
    assert page.title() == "t"
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("a")
    assert page.title() == "two"


def test_keys_are_off_while_typing_and_when_the_account_says_so(show: Callable[..., Page]) -> None:
    page = show('<textarea></textarea><button data-key="a" onclick="document.title=\'pressed\'">Accept</button>')
    page.locator("textarea").press("a")
    assert page.title() == "t"
    page = show('<button data-key="a" onclick="document.title=\'pressed\'">Accept</button>', keys="off")
    page.keyboard.press("a")
    assert page.title() == "t"


def test_slash_searches_question_mark_lists_keys_and_g_p_goes_to_projects(show: Callable[..., Page]) -> None:
    page = show("<p>text</p>")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.locator("#q").evaluate("element => element.blur()")
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/projects/")


RATING = """<form data-submit-key id="f" onsubmit="document.title='sent'; return false">
<fieldset><span class="rate"><input type="radio" name="quality" value="G" checked><input type="radio" name="quality" value="Y">
<input type="radio" name="quality" value="R"></span>
<p data-reveal-when="Y R" id="reason">Why?</p></fieldset>
<textarea name="words"></textarea><button data-submit>Submit</button></form>"""


def test_letters_rate_and_the_reason_opens_only_when_asked_for(show: Callable[..., Page]) -> None:
    page = show(RATING)
    assert page.locator("#reason").is_hidden()
    page.locator("input[value=G]").focus()
    page.keyboard.press("y")
    assert page.locator("input[value=Y]").is_checked()
    assert page.locator("#reason").is_visible()
    page.keyboard.press("g")
    assert page.locator("#reason").is_hidden()


def test_control_enter_submits_even_while_typing(show: Callable[..., Page]) -> None:
    page = show(RATING)
    page.locator("textarea").press("Control+Enter")
    assert page.title() == "sent"


DRAFT = """<form method="post" action="/send/" data-autosave="/save/" data-unsaved>
<input type="hidden" name="csrfmiddlewaretoken" value="token"><input type="hidden" name="revision" value="4">
<textarea name="headline">old words</textarea></form><span data-saved></span>"""


def answer(page: Page, status: int, body: dict[str, object]) -> list[str]:
    """Answer autosaves with `status`; returns the list that the sent bodies are added to."""
    sent: list[str] = []

    def fulfil(route: Route) -> None:
        sent.append(route.request.post_data or "")
        route.fulfill(status=status, body=json.dumps(body), content_type="application/json")

    page.route("http://plumbline.test/save/", fulfil)
    return sent


def test_typing_is_saved_and_the_revision_follows(show: Callable[..., Page]) -> None:
    page = show(DRAFT)
    sent = answer(page, 200, {"saved_at": "2026-12-03T15:04:05Z", "clock": "10:04", "revision": 5})
    page.locator("textarea").fill("new words")
    page.wait_for_function("document.querySelector('[data-saved]').textContent === 'Saved 10:04'")

    assert "new words" in sent[0]
    assert "token" in sent[0]
    assert page.locator("input[name=revision]").input_value() == "5"
    assert page.evaluate("sessionStorage.length") == 0


def test_conflict_is_shown_with_the_way_to_compare_and_saving_stops(show: Callable[..., Page]) -> None:
    page = show(DRAFT)
    sent = answer(page, 409, {"url": "/compare/"})
    page.locator("textarea").fill("new words")

    assert page.locator("#notices a").get_attribute("href") == "/compare/"
    page.locator("textarea").fill("newer words")
    page.wait_for_timeout(1800)
    assert len(sent) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_signed_out_keeps_the_words_and_offers_to_send_them(show: Callable[..., Page], status: int) -> None:
    page = show(DRAFT)
    answer(page, status, {"code": "signed_out"})
    page.locator("textarea").fill("new words")

    page.locator("#notices button").wait_for()
    assert page.locator("textarea").input_value() == "new words"
    assert "new words" in page.evaluate("sessionStorage.getItem('plumbline:draft:/save/')")


def test_words_that_were_not_stored_are_offered_after_a_reload(show: Callable[..., Page]) -> None:
    page = show(DRAFT)
    answer(page, 500, {})
    page.locator("textarea").fill("lost words")
    page.wait_for_function("sessionStorage.length === 1")
    page.on("dialog", lambda dialog: dialog.accept())

    page = show(DRAFT)
    assert page.locator("textarea").input_value() == "old words"
    page.get_by_role("button", name="Put them in").click()
    assert page.locator("textarea").input_value() == "lost words"


def test_leaving_with_unsaved_words_asks_first(show: Callable[..., Page]) -> None:
    page = show('<form data-unsaved><textarea name="words"></textarea></form>')
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator("textarea").press_sequentially("typed")
    page.reload()

    assert asked == ["beforeunload"]
