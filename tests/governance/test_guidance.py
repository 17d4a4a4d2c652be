"""Guidance: who writes it, who reads it, and what the project's manager makes of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from governance import guiding
from governance.models import GuidanceNote
from pmo.lib.errors import Refused
from pmo.models import Notification
from tests.governance.pages import signed_in

pytestmark = pytest.mark.django_db
WORDS = {"kind": "technical", "subject": "Test the interface", "text": "Ask for a **sandbox**."}
ANSWER = {"outcome": "taken_up", "answer": "The sandbox is there since Monday."}


@pytest.fixture
def note(alpha: Any, pia: Any) -> GuidanceNote:
    return guiding.write(alpha, by=pia, at=timezone.now(), **WORDS)


def address(note: GuidanceNote, name: str) -> str:
    return reverse(f"governance:{name}", args=[note.project.code, note.pk])


def code_of(act: Any) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return str(refused.value.code)


def told(person: Any, key: str) -> int:
    return Notification.objects.filter(recipient=person, key__startswith=key).count()


@pytest.mark.parametrize("person", ["pia", "gina", "bea"])
def test_the_office_and_peers_write_and_the_manager_is_told(
    person: str, alpha: Any, beta: Any, max: Any, request: pytest.FixtureRequest
) -> None:
    client = signed_in(request.getfixturevalue(person))
    reply = client.post(reverse("governance:guidance-new", args=[alpha.code]), WORDS)
    assert reply.status_code == 302
    assert client.get(reply["Location"]).status_code == 200
    assert told(max, "guidance-") == 1


@pytest.mark.parametrize(("person", "status"), [("max", 403), ("tess", 403), ("audrey", 403), ("stella", 404), ("olaf", 404)])
def test_nobody_else_writes(person: str, status: int, alpha: Any, request: pytest.FixtureRequest) -> None:
    client = signed_in(request.getfixturevalue(person))
    assert client.post(reverse("governance:guidance-new", args=[alpha.code]), WORDS).status_code == status
    assert not GuidanceNote.objects.exists()


def test_what_is_missing_or_wrong_is_refused(alpha: Any, beta: Any, pia: Any, max: Any, tess: Any) -> None:
    at = timezone.now()
    assert code_of(lambda: guiding.write(alpha, by=max, at=at, **WORDS)) == "own_project"
    assert code_of(lambda: guiding.write(beta, by=tess, at=at, **WORDS)) == "not_adviser"
    assert code_of(lambda: guiding.write(alpha, by=pia, at=at, **{**WORDS, "kind": "coaching"})) == "kind_missing"
    assert code_of(lambda: guiding.write(alpha, by=pia, at=at, **{**WORDS, "text": " "})) == "text_missing"
    alpha.project_manager = None
    assert code_of(lambda: guiding.write(alpha, by=pia, at=at, **WORDS)) == "no_manager"


def test_the_form_says_that_it_is_about_the_work(alpha: Any, pia: Any) -> None:
    text = signed_in(pia).get(reverse("governance:guidance-new", args=[alpha.code])).content.decode()
    assert "About the work, never about a person" in text


def test_the_people_of_the_registers_read_it_and_stakeholders_do_not(note: GuidanceNote, request: Any, beta: Any) -> None:
    names = ("pia", "gina", "max", "tess", "sam", "audrey", "bea", "fay", "stella", "adam", "hugo", "olaf")
    people = {name: request.getfixturevalue(name) for name in names}
    reads = {name for name, person in people.items() if GuidanceNote.objects.visible_to(person).exists()}
    assert reads == {"pia", "gina", "max", "tess", "sam", "audrey"}


def test_the_manager_marks_it_as_read_once(note: GuidanceNote, max: Any) -> None:
    assert signed_in(max).post(address(note, "guidance-read")).status_code == 302
    note.refresh_from_db()
    assert (note.state, note.read_by) == ("read", max)
    assert code_of(lambda: guiding.mark_read(note, by=max, at=timezone.now())) == "already_read"


def test_the_manager_says_what_was_done_and_the_author_is_told(note: GuidanceNote, max: Any, pia: Any) -> None:
    assert signed_in(max).post(address(note, "guidance-settle"), ANSWER).status_code == 302
    note.refresh_from_db()
    assert (note.state, note.answer, note.settled_by, note.read_by) == ("taken_up", ANSWER["answer"], max, max)
    assert told(pia, "guidance-settled") == 1
    assert not Notification.objects.unread().filter(recipient=max, key__startswith="guidance-").exists()
    assert note.history.first().history_change_reason == "Taken up"


def test_an_answer_without_words_or_a_second_one_is_refused(note: GuidanceNote, max: Any) -> None:
    client = signed_in(max)
    assert client.post(address(note, "guidance-settle"), {**ANSWER, "answer": ""}).status_code == 422
    assert code_of(lambda: guiding.settle(note, by=max, at=timezone.now(), outcome="open", answer="x")) == "outcome_missing"
    assert client.post(address(note, "guidance-settle"), ANSWER).status_code == 302
    assert client.post(address(note, "guidance-settle"), {**ANSWER, "answer": "Again."}).status_code == 409
    note.refresh_from_db()
    assert note.answer == ANSWER["answer"]


@pytest.mark.parametrize(("person", "status"), [("pia", 403), ("tess", 403), ("audrey", 403), ("bea", 404), ("stella", 404)])
def test_nobody_else_answers(person: str, status: int, note: GuidanceNote, beta: Any, request: Any) -> None:
    client = signed_in(request.getfixturevalue(person))
    for name in ("guidance-read", "guidance-settle"):
        assert client.post(address(note, name), ANSWER).status_code == status
        assert client.get(address(note, name)).status_code == 405
    note.refresh_from_db()
    assert note.state == "open"


def test_the_text_is_shown_as_clean_markdown(alpha: Any, pia: Any) -> None:
    text = "<script>alert(1)</script> **now**"
    note = guiding.write(alpha, by=pia, at=timezone.now(), **{**WORDS, "text": text})
    page = signed_in(pia).get(note.get_absolute_url()).content.decode()
    assert "<strong>now</strong>" in page
    assert "<script>alert" not in page


def test_a_peer_finds_only_what_they_wrote(note: GuidanceNote, alpha: Any, beta: Any, bea: Any) -> None:
    own = guiding.write(alpha, by=bea, at=timezone.now(), **{**WORDS, "subject": "Use our test data"})
    text = signed_in(bea).get(reverse("governance:project-guidance-list", args=[alpha.code])).content.decode()
    assert own.get_absolute_url() in text
    assert note.get_absolute_url() not in text


def test_the_lists_filter_in_a_fixed_number_of_questions(
    note: GuidanceNote, alpha: Any, pia: Any, max: Any, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    client, where = signed_in(pia), reverse("governance:guidance-list")
    assert note.subject in client.get(where, {"state": "open", "kind": "technical"}).content.decode()
    assert note.subject not in client.get(where, {"state": "taken_up"}).content.decode()
    assert note.subject not in client.get(where, {"mine": "yes"}).content.decode()
    assert note.subject in signed_in(max).get(where, {"mine": "yes", "q": "sandbox"}).content.decode()
    with django_assert_max_num_queries(14) as few:
        client.get(where)
    for _ in range(8):
        guiding.write(alpha, by=pia, at=timezone.now(), **WORDS)
    with django_assert_num_queries(len(few)):
        client.get(where)
