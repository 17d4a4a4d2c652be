"""Two tabs, or two people, on one draft: both sides are shown, one is chosen for each field, nothing is lost."""

from __future__ import annotations

import pytest
import time_machine

from governance.reports import Conflict, save_draft
from tests.governance.stories import NOON, a_draft
from tests.governance.typed import address, report_of, sent

pytestmark = pytest.mark.django_db
WITH_TAGS = "<b>Go-live</b> is 12 days late"


@pytest.fixture(autouse=True)
def _thursday_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def browser(client, max):
    client.force_login(max)
    return client


@pytest.fixture
def version(alpha):
    return a_draft(alpha)


@pytest.fixture
def stale(browser, version):
    """What the second tab holds after the first has saved headline and budget."""
    typed = sent(version, headline="The second tab’s headline", plan="The second tab’s plan")
    first = sent(version, headline="The first tab’s headline", budget__pm_letter="Y", budget__reason="Two weeks late")
    assert browser.post(address("report-edit", version), first).status_code == 302
    return typed


@pytest.mark.parametrize("name", ["report-edit", "report-submit", "report-preview"])
def test_both_sides_of_each_field_that_differs_are_shown(browser, version, stale, name):
    answer = browser.post(address(name, version), stale)
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in ("The first tab", "The second tab", "Budget", "green", "yellow", "another tab"):
        assert words in page
    assert page.count('value="mine" checked') == 4
    assert report_of(version).headline == "The first tab’s headline"
    assert version.deliverable.versions.get().state == "draft"


def test_fields_that_agree_are_left_out(browser, version, stale):
    page = browser.post(address("report-edit", version), stale).content.decode()
    assert 'name="use-accomplishments"' not in page
    assert 'name="use-headline"' in page


def choices(page: str) -> dict[str, str]:
    """Return the fields of the page of choice as a browser would send them, each on the side that is marked."""
    from html.parser import HTMLParser

    class Fields(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.found: dict[str, str] = {}
            self.inside = ""

        def handle_starttag(self, tag, attrs):
            field = dict(attrs)
            if tag == "input" and (field.get("type") != "radio" or "checked" in field):
                self.found[field["name"]] = field["value"]
            if tag == "textarea":
                self.inside = field["name"]
                self.found[self.inside] = ""

        def handle_endtag(self, tag):
            self.inside = "" if tag == "textarea" else self.inside

        def handle_data(self, text):
            if self.inside:
                self.found[self.inside] += text

    parser = Fields()
    parser.feed(page[page.index('id="choose"') : page.index("Save the chosen words")])
    return parser.found


def test_one_side_is_chosen_for_each_field(browser, version, stale):
    page = browser.post(address("report-edit", version), stale).content.decode()
    chosen = {**choices(page), "use-headline": "theirs", "use-budget-pm_letter": "theirs", "use-budget-reason": "theirs"}
    assert browser.post(address("report-conflict", version), chosen).url == address("report-edit", version)
    report = report_of(version)
    budget = report.ratings.get(dimension="budget")
    assert (report.headline, report.plan) == ("The first tab’s headline", "The second tab’s plan")
    assert (budget.pm_letter, budget.reason) == ("Y", "Two weeks late")


@pytest.mark.parametrize(
    ("side", "headline", "letter"), [("mine", "The second tab’s headline", "G"), ("theirs", "The first tab’s headline", "Y")]
)
def test_or_one_side_for_all(browser, version, stale, side, headline, letter):
    page = browser.post(address("report-edit", version), stale).content.decode()
    browser.post(address("report-conflict", version), {**choices(page), "all": side})
    report = report_of(version)
    assert (report.headline, report.ratings.get(dimension="budget").pm_letter) == (headline, letter)
    assert report.accomplishments.startswith("Forms of")


def test_a_third_save_meanwhile_shows_both_sides_again(browser, version, stale):
    page = browser.post(address("report-edit", version), stale).content.decode()
    browser.post(address("report-edit", version), sent(version, headline="The third tab’s headline"))
    answer = browser.post(address("report-conflict", version), choices(page))
    assert answer.status_code == 409
    assert "The third tab" in answer.content.decode()
    assert "The second tab" in answer.content.decode()
    assert report_of(version).headline == "The third tab’s headline"


def test_the_other_person_is_named(client, alpha, pia, max):
    version = a_draft(alpha)
    stale = sent(version, headline="The manager’s headline")
    client.force_login(pia)
    client.post(address("report-edit", version), sent(version, headline="The office’s headline"))
    client.force_login(max)
    assert "Pia Orlov saved this draft" in client.post(address("report-edit", version), stale).content.decode()


def test_words_are_shown_as_words_not_as_tags(browser, version, stale):
    page = browser.post(address("report-edit", version), {**stale, "headline": WITH_TAGS}).content.decode()
    assert WITH_TAGS not in page
    assert choices(page)["headline"] == WITH_TAGS


def test_nothing_to_choose_leads_back_to_the_form(browser, version):
    assert browser.get(address("report-conflict", version)).url == address("report-edit", version)


def test_a_form_without_a_revision_overwrites_nothing(browser, version):
    typed = sent(version, headline="No revision")
    del typed["revision"]
    assert browser.post(address("report-edit", version), typed).status_code == 409
    assert report_of(version).headline != "No revision"


def test_the_verb_itself_refuses_an_old_revision(version, max):
    with pytest.raises(Conflict) as met:
        save_draft(version, {"headline": "Old"}, revision=report_of(version).revision - 1, by=max, at=NOON)
    assert met.value.code == "conflict"
