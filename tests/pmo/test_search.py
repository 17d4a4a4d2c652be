"""Search of everything governed: who finds what, what stays closed, where the hits lead, and what the words may be."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from governance import guiding, lessons, policies
from governance.condition_terms import put_conditions
from governance.documents import finding
from governance.models import DocumentSection, GateReview, GuidanceNote, Lesson
from pmo.lib.finding import Piece, excerpt, is_cut, marked, words_of
from pmo.search.kinds import HITS_A_GROUP, HITS_A_PAGE
from pmo.views.search import KINDS
from tests.factories import make_action, make_decision, make_dependency, make_issue, make_milestone, make_risk
from tests.governance.changed import a_change
from tests.governance.pages import signed_in
from tests.governance.stories import NOON
from tests.governance.test_confidential import row_with
from tests.governance.written import a_condition, a_document, a_submitted_document, an_approved_document, review_all

pytestmark = pytest.mark.django_db
WORD = "zanzibar"
CAST = ("pia", "gina", "max", "bea", "tess", "sam", "stella", "fay", "audrey", "adam", "hugo", "olaf")
GOVERNED = {"documents", "changes", "gates", "conditions", "guidance", "policies", "lessons"}


def groups(client: Client, text: str, **more: str) -> dict[str, Any]:
    reply = client.get("/search/", {"q": text, **more})
    assert reply.status_code == 200
    return {group.kind.slug: group for group in reply.context["groups"]}


def said(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


@pytest.fixture
def governed(alpha: Any, beta: Any, pia: Any, max: Any, tess: Any, olaf: Any, sam: Any) -> dict[str, Any]:
    """One thing of each kind in ALPHA that says the word; the condition is owed by olaf, who has no other part."""
    gate = GateReview.objects.create(
        project=alpha,
        gate="G5",
        number=90,
        planned_on=NOON.date(),
        first_planned_on=NOON.date(),
        recommendation=f"Ships to {WORD}.",
    )
    terms = [a_condition(olaf, tess, text=f"The road to {WORD} is open.")]
    put_conditions(terms, project=alpha, gate_review=gate, by=pia, at=NOON)
    guidance = guiding.write(alpha, by=pia, at=NOON, kind="technical", subject="Maps", text=f"Draw **{WORD}** on them.")
    lesson = lessons.record(
        alpha, by=tess, at=NOON, title="Ask early", category="data", what_happened=f"Lost in {WORD}.", why="-", next_time="Ask."
    )
    policy = policies.open_policy(
        by=pia, at=NOON, code="POL-7", title="Roads", owner=pia, review_by=NOON.date(), text="# Ways", effective_on=NOON.date()
    )
    version = policies.begin_version(policy, by=pia, at=NOON)
    version.revise(by=pia, changes={"text": f"# Ways\n\n- All ways lead to {WORD}.", "change_note": "Says where to."})
    policies.publish(version, by=pia, at=NOON)
    return {
        "documents": a_submitted_document(alpha, problem=f"Clerks walk to {WORD} with 310 forms a week."),
        "changes": a_change(alpha, description=f"The vendor moved to {WORD}."),
        "gates": gate,
        "conditions": alpha.conditions.get(),
        "guidance": guidance,
        "lessons": lessons.publish(lesson, by=pia, at=NOON) or lesson,
        "policies": policy,
    }


FINDERS = {
    "documents": {"pia", "gina", "audrey", "max", "tess", "sam"},
    "changes": {"pia", "gina", "audrey", "max", "tess", "sam", "fay"},
    "gates": {"pia", "gina", "audrey", "max", "tess", "sam", "fay", "bea"},
    "conditions": {"pia", "gina", "audrey", "max", "tess", "sam", "olaf"},
    "guidance": {"pia", "gina", "audrey", "max", "tess", "sam"},
    "lessons": {"pia", "gina", "audrey", "max", "tess", "sam", "fay", "bea"},
    "policies": {"pia", "gina", "audrey", "max", "tess", "sam", "fay", "bea", "hugo"},
}


@pytest.mark.parametrize("kind", sorted(GOVERNED))
def test_exactly_those_find_it_who_can_open_it(kind: str, governed: dict[str, Any], request: Any) -> None:
    assert Client().get("/search/", {"q": WORD}).status_code == 302
    address = groups(signed_in(request.getfixturevalue("pia")), WORD)[kind].hits[0].url
    finders = set()
    for name in CAST:
        client = signed_in(request.getfixturevalue(name))
        found = groups(client, WORD).get(kind)
        opens = client.get(address).status_code == 200
        assert bool(found) is opens, name
        if found:
            finders.add(name)
            assert WORD in said(found.hits[0].said), name
    assert finders == FINDERS[kind]


def test_every_kind_says_where_its_words_stand_and_marks_them(governed: dict[str, Any], pia: Any) -> None:
    reply = signed_in(pia).get("/search/", {"q": WORD})
    page = reply.content.decode()
    assert {group.kind.slug for group in reply.context["groups"]} == GOVERNED
    assert page.count(f"<mark>{WORD}</mark>") == len(GOVERNED)
    assert "1.1 Problem: " in page
    assert "Draw <mark>zanzibar</mark> on them." in page


def test_a_draft_is_found_by_those_who_write_it(alpha: Any, pia: Any, tess: Any, bea: Any, beta: Any, fay: Any) -> None:
    a_document(alpha, problem=f"In {WORD} nothing works.")
    found = {person.name: set(groups(signed_in(person), WORD)) for person in (pia, tess, bea, fay)}
    assert found == {pia.name: {"documents"}, tess.name: {"documents"}, bea.name: set(), fay.name: set()}


def test_the_draft_of_a_policy_and_of_a_lesson_is_for_its_readers(
    governed: dict[str, Any], pia: Any, tess: Any, bea: Any
) -> None:
    draft = policies.begin_version(governed["policies"], by=pia, at=NOON)
    draft.revise(by=pia, changes={"text": "# Quokka"})
    lessons.record(
        governed["gates"].project, by=tess, at=NOON, title="Quokka", category="data", what_happened="-", why="-", next_time="-"
    )
    found = [set(groups(signed_in(person), "quokka")) for person in (pia, tess, bea)]
    assert found == [{"policies", "lessons"}, {"lessons"}, set()]


def test_a_superseded_wording_is_not_what_a_policy_says(governed: dict[str, Any], pia: Any) -> None:
    version = policies.begin_version(governed["policies"], by=pia, at=NOON)
    version.revise(by=pia, changes={"text": "# Ways\n\nHome.", "change_note": "Home."})
    policies.publish(version, by=pia, at=NOON)
    assert "policies" not in groups(signed_in(pia), WORD)


# Confidential until award


@pytest.mark.parametrize(
    ("awarded", "finds"),
    [
        ("", {"pia", "gina", "fay", "audrey", "max"}),
        ("2026-11-01", {"pia", "gina", "fay", "audrey", "max", "tess", "bea", "sam"}),
    ],
)
def test_a_row_before_its_award_is_found_and_quoted_for_its_readers_only(
    awarded: str, finds: set[str], alpha: Any, beta: Any, request: Any, pia: Any
) -> None:
    row = row_with(awarded)
    row["cells"]["item"] = "Towers of Quokka"
    an_approved_document(alpha, "execution_plan", by=pia, procurement=[row])
    found = set()
    for name in CAST:
        client = signed_in(request.getfixturevalue(name))
        reply = client.get("/search/", {"q": "quokka"})
        one = client.get("/search/", {"q": "quokka", "kind": "documents"})
        if reply.context["groups"]:
            found.add(name)
        else:
            assert "Towers" not in reply.content.decode() + one.content.decode()
            assert "Nothing found" in reply.content.decode()
    assert found == finds


def test_no_excerpt_borrows_a_closed_row(alpha: Any, tess: Any, pia: Any) -> None:
    """A word that stands in the open and in a closed row finds the document by the open one, and quotes that."""
    row = row_with("")
    row["cells"]["item"] = f"Towers in {WORD}, from Quokka Works"
    plan = a_submitted_document(alpha, "execution_plan", procurement=[row], summary=f"Radio for {WORD}.")
    review_all(plan, by=pia, at=NOON)
    assert groups(signed_in(pia), f"{WORD} quokka")
    assert groups(signed_in(tess), f"{WORD} quokka") == {}
    reply = signed_in(tess).get("/search/", {"q": WORD})
    assert reply.context["groups"][0].kind.slug == "documents"
    assert "Quokka" not in reply.content.decode()


def test_the_text_of_a_closed_section_is_closed_too(alpha: Any, pia: Any, tess: Any) -> None:
    version = a_document(alpha, problem=f"It is {WORD}.")
    section = version.document.sections.get(section__key="problem").section
    type(section).objects.filter(pk=section.pk).update(is_confidential=True)
    assert set(groups(signed_in(pia), WORD)) == {"documents"}
    assert groups(signed_in(tess), WORD) == {}


# Documents


@pytest.mark.parametrize("text", ["p-1001 definition", "Alpha 1.0", "alpha v1.0", "definition zanzibar"])
def test_a_document_is_found_by_project_kind_number_and_words(text: str, alpha: Any, pia: Any) -> None:
    version = an_approved_document(alpha, by=pia, problem=f"It is {WORD}.")
    hit = groups(signed_in(pia), text)["documents"].hits[0]
    assert hit.title == f"Project definition document {version.label}" == "Project definition document 1.0"
    assert hit.url.startswith(f"/projects/P-1001/documents/definition/v{version.number}/")


def test_a_document_is_one_hit_its_newest_version_that_says_the_words(alpha: Any, pia: Any) -> None:
    an_approved_document(alpha, by=pia, problem=f"It is {WORD} and quokka.")
    a_document(alpha, at=NOON + dt.timedelta(days=1), problem=f"It is {WORD}.")
    for word, number in ((WORD, 2), ("quokka", 1)):
        group = groups(signed_in(pia), word)["documents"]
        assert group.total == 1
        assert group.hits[0].url.endswith(f"/v{number}/#section-problem")


@pytest.mark.parametrize("text", ['Müll "West"', "back\\slash", "100%", "under_score", "{curly}"])
def test_a_cell_is_found_whatever_its_signs(text: str, alpha: Any, pia: Any) -> None:
    a_document(alpha, in_scope=[{"row": "a", "cells": {"item": f"Bins of {text}"}}])
    assert groups(signed_in(pia), text)["documents"].hits[0].place == "1.4 In scope"


@pytest.mark.parametrize("text", ["cells", "row", "item", "in_scope-0"])
def test_the_names_of_cells_are_no_words(text: str, alpha: Any, pia: Any) -> None:
    a_document(alpha)
    DocumentSection.objects.exclude(section__key="in_scope").update(text="", rows=[])
    assert groups(signed_in(pia), f"{text} forms") == {}


def test_who_only_reviews_it_is_led_to_the_review(alpha: Any, pia: Any, sam: Any, monkeypatch: Any) -> None:
    a_submitted_document(alpha, problem=f"It is {WORD}.")
    alpha.sponsor = None
    alpha.save()
    hit = groups(signed_in(sam), WORD)["documents"].hits[0]
    assert hit.url == "/reviews/documents/P-1001/definition/v1/"
    assert signed_in(sam).get(hit.url).status_code == 200


def test_words_that_stand_in_very_many_versions_say_that_not_all_were_read(alpha: Any, pia: Any, monkeypatch: Any) -> None:
    an_approved_document(alpha, by=pia, problem=f"It is {WORD}.")
    a_document(alpha, at=NOON + dt.timedelta(days=1), problem=f"It is {WORD}.")
    assert not groups(signed_in(pia), WORD)["documents"].is_cut
    monkeypatch.setattr(finding, "MOST_READ", 1)
    assert groups(signed_in(pia), WORD)["documents"].is_cut
    assert "Only the newest were read" in signed_in(pia).get("/search/", {"q": WORD}).content.decode()


# Counts, all of them, and how much it costs


def fill(alpha: Any, pia: Any, count: int) -> None:
    """Add `count` of every kind that can be many."""
    for make in (make_risk, make_issue, make_decision, make_action, make_dependency):
        for number in range(count):
            make(alpha, title=f"Kiwi {number}")
    for number in range(count):
        make_milestone(alpha, name=f"Kiwi {number} of {count}")
        a_change(alpha, title=f"Kiwi {number}")
        guiding.write(alpha, by=pia, at=NOON, kind="technical", subject=f"Kiwi {number}", text="-")
        lessons.record(
            alpha, by=pia, at=NOON, title=f"Kiwi {number}", category="data", what_happened="-", why="-", next_time="-"
        )
    last = GateReview.objects.count()
    gates = [
        GateReview(project=alpha, gate="G6", number=200 + at, planned_on=day, first_planned_on=day, recommendation="Kiwi")
        for at in range(last, last + count)
        for day in [NOON.date() + dt.timedelta(days=at)]
    ]
    GateReview.objects.bulk_create(gates)
    terms = [a_condition(alpha.project_manager, alpha.sponsor, text="Kiwi", due_on=NOON.date() + dt.timedelta(days=30))] * count
    gate = GateReview.objects.filter(gate="G6").first()
    put_conditions(terms, project=alpha, gate_review=gate, by=pia, at=NOON)


@pytest.mark.parametrize(("name", "kinds"), [("pia", 11), ("tess", 10), ("sam", 10)])
def test_it_counts_what_the_list_of_each_kind_finds(name: str, kinds: int, alpha: Any, pia: Any, request: Any) -> None:
    fill(alpha, pia, HITS_A_GROUP + 1)
    client = signed_in(request.getfixturevalue(name))
    found = groups(client, "kiwi")
    assert len(found) == kinds
    for group in found.values():
        assert group.has_more
        assert (group.total, len(group.hits)) == (HITS_A_GROUP + 1, HITS_A_GROUP)
        if group.list_url:
            assert client.get(group.list_url, {"q": "kiwi"}).context["list"].total == group.total, group.title
        one = groups(client, "kiwi", kind=group.kind.slug)[group.kind.slug]
        assert len(one.hits) == group.total


def test_all_hits_of_a_kind_page_by_page(alpha: Any, pia: Any) -> None:
    for number in range(HITS_A_PAGE + 2):
        make_milestone(alpha, name=f"Kiwi {number}")
    client = signed_in(pia)
    assert "kind=milestones" in client.get("/search/", {"q": "kiwi"}).content.decode()
    second = client.get("/search/", {"q": "kiwi", "kind": "milestones", "page": "2"})
    assert len(second.context["groups"][0].hits) == 2
    assert "26 to 27 of 27" in second.content.decode()
    assert client.get("/search/", {"q": "kiwi", "kind": "milestones", "page": "x"}).status_code == 200
    assert client.get("/search/", {"q": "kiwi", "kind": "people"}).status_code == 404
    assert "Nothing found here" in client.get("/search/", {"q": "kiwi", "kind": "documents"}).content.decode()


def test_a_search_costs_the_same_however_much_it_finds(alpha: Any, beta: Any, pia: Any, tess: Any) -> None:
    fill(alpha, pia, 2)
    a_document(alpha, problem="Kiwi")
    clients = [signed_in(pia), signed_in(tess)]
    for client in clients:
        client.get("/search/", {"q": "kiwi"})
    before = [_queries(client) for client in clients]
    fill(alpha, pia, 12)
    a_document(beta, problem="Kiwi")
    assert [_queries(client) for client in clients] == before
    assert all(count <= 60 for count in before)


def _queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as asked:
        client.get("/search/", {"q": "kiwi"})
    return len(asked)


# Straight to it


def test_a_code_leads_straight_to_a_change_and_a_policy_of_those_who_see_it(
    governed: dict[str, Any], tess: Any, stella: Any
) -> None:
    for text, address in (("cr-p-1001-01", "/projects/P-1001/changes/1/"), ("pol-7", "/policies/POL-7/")):
        assert signed_in(tess).get("/search/", {"q": text}).headers["Location"] == address
        assert signed_in(stella).get("/search/", {"q": text}).status_code == 200
    assert groups(signed_in(tess), "CR-P-1001-01 scanners")["changes"].total == 1
    assert groups(signed_in(tess), "CR-P-1001-02 scanners") == {}


# What the words may be


NASTY = [
    "%",
    "_%",
    "'; DROP TABLE x;--",
    '"',
    "\\",
    "<script>alert(1)</script>",
    "\x00a\x00",
    "(((",
    ".*",
    "😀",
    "\u202e",
    "ﷺ" * 300,
]


@pytest.mark.parametrize("text", [*NASTY, "a " * 4000, "CR-P-1001-" + "9" * 400, "v" + "9" * 50 + ".1", "١.٢"])
def test_any_words_are_taken(text: str, governed: dict[str, Any], pia: Any) -> None:
    for more in ({}, {"kind": "documents"}, {"kind": "changes"}):
        reply = signed_in(pia).get("/search/", {"q": text, **more})
        assert reply.status_code == 200
        assert "<script>alert" not in reply.content.decode()


def test_what_is_typed_beyond_twelve_words_is_not_looked_for_and_the_page_says_so(pia: Any, alpha: Any) -> None:
    make_risk(alpha, title="Kiwi")
    page = signed_in(pia).get("/search/", {"q": "kiwi " * 12 + "nowhere"})
    assert page.context["groups"]
    assert "Only the first twelve words" in page.content.decode()
    assert len(words_of("a " * 500)) == 12
    assert not is_cut("kiwi " * 12)


def test_the_empty_page_says_what_was_looked_through(pia: Any, alpha: Any) -> None:
    page = signed_in(pia).get("/search/", {"q": "nowhere"}).content.decode()
    assert all(kind.title.lower() in page for kind in KINDS.values())


# Excerpts


def test_an_excerpt_is_the_text_that_says_most_around_its_first_word() -> None:
    far = "much " * 60 + "of the Kiwi and the parrot " + "more " * 60
    pieces = excerpt(["a kiwi", far, "nothing"], ["kiwi", "PARROT"])
    assert [piece.text for piece in pieces if piece.is_hit] == ["Kiwi", "parrot"]
    text = said(pieces)
    assert text.startswith("… ")
    assert text.endswith(" …")
    assert len(text) < 220
    assert not re.search(r"\b(uch|or|mor)\b", text)
    assert excerpt(["nothing"], ["kiwi"]) == ()
    assert said(excerpt(["# Head\n\n**Kiwi**  first"], ["kiwi"])) == "Head Kiwi first"


def test_words_within_words_are_marked_once() -> None:
    assert marked("Kiwis (a+b)", ["kiwi", "kiwis", "a+b"]) == (
        *(Piece("Kiwis", True), Piece(" ("), Piece("a+b", True), Piece(")")),
    )


def test_a_very_long_word_is_cut_where_it_must_be() -> None:
    assert len(said(excerpt(["k" * 5000], ["kk"]))) < 220


def test_notes_and_lessons_are_counted_once(governed: dict[str, Any], pia: Any) -> None:
    found = groups(signed_in(pia), WORD)
    assert {slug: group.total for slug, group in found.items()} == dict.fromkeys(GOVERNED, 1)
    assert (GuidanceNote.objects.count(), Lesson.objects.count()) == (1, 1)
