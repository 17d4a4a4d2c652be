"""A definition document from its first word through its return to the second review, with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from governance.models import DeliverableVersion
from pmo.models import User
from portfolio.models import Project
from tests.browser import life
from tests.browser.hands import sign_in
from tests.browser.keys import Typist
from tests.governance.written import give_score

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
#: Left empty at first, so that submitting shows what stands in its way.
FORGOTTEN = "constraints"


@pytest.fixture
def seated(browser: Browser, live_server: Any) -> Any:
    """Return a function that signs somebody in, in a window of their own, by keyboard."""
    contexts = []

    def enter(person: User) -> Typist:
        contexts.append(browser.new_context(accept_downloads=True, locale="en-US"))
        hand = Typist(contexts[-1].new_page())
        sign_in(hand, live_server.url, person)
        return hand

    yield enter
    for context in contexts:
        context.close()


def state(number: int) -> str:
    return str(DeliverableVersion.objects.get(deliverable__kind="definition", number=number).state)


def test_a_document_lives_by_the_keyboard(
    seated: Callable[[User], Typist], alpha: Project, pia: User, max: User, sam: User
) -> None:
    alpha.governance_class = 2
    alpha.save()
    give_score(alpha, max)
    manager = seated(max)
    life.begin(manager)
    version = DeliverableVersion.objects.get()
    required = [row.section for row in version.document.sections.select_related("section") if row.section.required_from_class]
    for section in required:
        if section.key != FORGOTTEN and section.required_from_class <= 2:
            life.write(manager, section)
    life.submit(manager)
    expect(manager.page.locator("main")).to_contain_text("Constraints")
    assert state(1) == "draft"
    life.mend(manager, life.section_of(version, FORGOTTEN))
    life.submit(manager)
    assert state(1) == "submitted"
    sponsor, office = seated(sam), seated(pia)
    life.give_opinion(sponsor)
    life.return_with_finding(office)
    assert state(1) == "returned"
    life.answer(manager)
    life.begin_next(manager)
    life.submit(manager)
    assert state(2) == "submitted"
    life.go_home(sponsor)
    life.give_opinion(sponsor)
