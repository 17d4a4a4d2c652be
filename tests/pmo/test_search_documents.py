"""Documents in the search: which versions are looked through, what is said where not all were read, and capitals anywhere."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from governance.documents import finding
from governance.documents.finding import FoundDocuments, find_documents
from governance.models import DocumentSection
from tests.factories import make_risk
from tests.governance.pages import signed_in
from tests.governance.stories import NOON
from tests.governance.test_confidential import row_with
from tests.governance.written import a_document, a_submitted_document, an_approved_document

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def numbers(user: Any, text: str) -> list[int]:
    return [one.version.number for one in find_documents(user, text).rows]


def test_what_stands_and_what_is_in_work_is_looked_through_and_no_history(alpha: Any, pia: Any, tess: Any) -> None:
    an_approved_document(alpha, by=pia, problem="It is wombat.")
    an_approved_document(alpha, by=pia, at=NOON + DAY, problem="It is quokka.")
    assert numbers(pia, "wombat") == []
    assert (numbers(pia, "wombat v1.0"), numbers(pia, "1.0 wombat")) == ([1], [1])
    a_document(alpha, at=NOON + 2 * DAY, problem="It is numbat.")
    for user in (pia, tess):
        assert (numbers(user, "quokka"), numbers(user, "numbat")) == ([2], [3])


def test_what_was_withdrawn_is_looked_through_until_it_is_written_anew(alpha: Any, pia: Any) -> None:
    version = a_submitted_document(alpha, problem="It is wombat.")
    version.withdraw(by=alpha.project_manager, at=NOON + DAY)
    assert numbers(pia, "wombat") == [1]
    a_document(alpha, at=NOON + 2 * DAY, problem="It is quokka.")
    assert numbers(pia, "wombat") == []


def test_the_names_of_cells_bring_no_version_to_be_read(alpha: Any, beta: Any, pia: Any, monkeypatch: Any) -> None:
    for project in (alpha, beta):
        a_document(project)
    DocumentSection.objects.exclude(section__key="in_scope").update(text="", rows=[])
    DocumentSection.objects.filter(section__key="in_scope").update(rows=[{"row": "a", "cells": {"item": 'Bins: "red"'}}])
    monkeypatch.setattr(finding, "MOST_READ", 1)
    for name in ("cells", "row", "item", '"item"'):
        assert find_documents(pia, name) == FoundDocuments([], is_cut=False), name
    assert find_documents(pia, '"red"').is_cut


def test_nothing_found_is_not_said_where_not_everything_was_read(alpha: Any, pia: Any, tess: Any, monkeypatch: Any) -> None:
    """The newest holds the word in a row that is closed to the team; the older one, which says it to all, was not read."""
    an_approved_document(alpha, by=pia, problem="It is quokka.")
    row = row_with("")
    row["cells"]["item"] = "Towers of Quokka"
    a_submitted_document(alpha, "execution_plan", at=NOON + DAY, procurement=[row])
    monkeypatch.setattr(finding, "MOST_READ", 1)
    for more in ({}, {"kind": "documents"}):
        page = signed_in(tess).get("/search/", {"q": "quokka", **more}).content.decode()
        assert "Only the newest were read" in page
        assert "None of those says all of them." in page
        assert "Nothing found" not in page
        assert "Towers" not in page
        assert "at least" not in page
    monkeypatch.setattr(finding, "MOST_READ", 2)
    page = signed_in(tess).get("/search/", {"q": "quokka"}).content.decode()
    assert "Only the newest" not in page
    assert "1 found" in page


@pytest.mark.parametrize("more", [{}, {"kind": "documents"}])
def test_a_count_of_what_was_not_all_read_is_at_least(
    more: dict[str, str], alpha: Any, beta: Any, pia: Any, monkeypatch: Any
) -> None:
    for project in (alpha, beta):
        a_document(project, problem="It is quokka.")
    assert "2 found" in signed_in(pia).get("/search/", {"q": "quokka", **more}).content.decode()
    monkeypatch.setattr(finding, "MOST_READ", 1)
    assert "at least 1 found" in signed_in(pia).get("/search/", {"q": "quokka", **more}).content.decode()


@pytest.mark.parametrize("typed", ["müll", "MÜLL", "Müll", "mÜLL"])
@pytest.mark.parametrize("stored", ["Müll (West)", "MÜLL (West)", "müll (west)"])
def test_capitals_are_the_same_in_every_language(typed: str, stored: str, alpha: Any, pia: Any) -> None:
    make_risk(alpha, title=stored)
    a_document(alpha, in_scope=[{"row": "a", "cells": {"item": f"Bins of {stored}"}}])
    reply = signed_in(pia).get("/search/", {"q": f"{typed} (WEST)"})
    assert {group.kind.slug for group in reply.context["groups"]} == {"risks", "documents"}
    DocumentSection.objects.filter(section__key="in_scope").update(rows=[])
    DocumentSection.objects.filter(section__key="problem").update(text=f"Bins of {stored}")
    assert len(numbers(pia, typed)) == 1
    assert numbers(pia, "mull") == []
