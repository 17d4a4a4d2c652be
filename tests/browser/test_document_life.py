"""A definition document from its first word to its verified PDF, with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from governance.models import DeliverableVersion
from governance.pdf_digest import marked_digest
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


def write_all_but_one(manager: Typist, version: DeliverableVersion) -> None:
    """Write every section that class 2 owes, but for the forgotten one."""
    for row in version.document.sections.select_related("section"):
        if row.section.is_required(2) and row.section.key != FORGOTTEN:
            life.write(manager, row.section)


def assert_names_the_decision(file: Path) -> None:
    words = life.words_of(file)
    assert "Approved Project definition document P-1001 Alpha Version 1.0" in words
    assert "I approve project definition document of P-1001, version 1.0." in words
    assert "Pia Orlov" in words


def test_a_document_lives_by_the_keyboard(
    seated: Callable[[User], Typist], alpha: Project, pia: User, max: User, sam: User, tmp_path: Path
) -> None:
    alpha.governance_class = 2
    alpha.save()
    give_score(alpha, max)
    manager = seated(max)
    life.begin(manager)
    version = DeliverableVersion.objects.get()
    write_all_but_one(manager, version)
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
    life.close_finding(office)
    life.approve(office)
    assert state(2) == "approved"
    life.open_approved(office)
    reading, record = (life.take(office, name, tmp_path) for name in ("PDF to read", "Sealed record copy"))
    assert (reading.name, record.name) == ("P-1001-definition-1.0.pdf", "P-1001-definition-1.0-record.pdf")
    for file in (reading, record):
        assert_names_the_decision(file)
    life.verify_here(office)
    life.verify_digest(sponsor, marked_digest(reading.read_bytes())[:16])
    life.verify_file(sponsor, record)
    expect(sponsor.page.get_by_role("definition").filter(has_text="Intact, by")).to_be_visible()
