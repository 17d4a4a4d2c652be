"""History as people read it, and the one search."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pmo.lib.diffs import word_changes
from pmo.lib.history import save_as
from portfolio.models import Milestone, Program, ProjectMember, Risk
from tests.factories import make_action, make_decision, make_issue, make_milestone, make_project, make_risk


def events(client, page: str = "") -> list:
    return client.get(f"/projects/P-1001/history/{page}").context["events"]


def test_the_history_merges_all_that_belongs_to_a_project_newest_first(client, pia, max, tess, hugo, alpha, beta):
    Milestone.plan(project=alpha, by=max, name="Go-live")
    Risk.record(project=alpha, by=tess, title="If", probability=2, impact=2)
    Risk.record(project=beta, by=pia, title="Of another project", probability=2, impact=2)
    ProjectMember.add(project=alpha, user=hugo, role="tester", by=max)
    alpha.revise(by=pia, changes={"priority": 1}, reason="Council")
    client.force_login(pia)
    found = [(event.noun, event.title, event.did, event.by) for event in events(client)[:4]]
    assert found == [
        ("Project", "Alpha", "changed", "Pia Orlov"),
        ("Team", "Hugo Whitaker", "added", "Max Harrow"),
        ("Risk", "1: If", "added", "Tess Moreau"),
        ("Milestone", "Go-live", "added", "Max Harrow"),
    ]


def test_a_change_is_told_as_was_and_is_with_its_reason(client, pia, bea, alpha):
    changes = {
        "priority": 1,
        "project_manager": bea,
        "forecast_finish_on": dt.date(2027, 4, 30),
        "budget_amount": Decimal("1200000"),
        "is_reporting": False,
    }
    alpha.revise(by=pia, changes=changes, reason="New start")
    client.force_login(pia)
    event = events(client)[0]
    told = {change.name: (change.was, change.now) for change in event.changes}
    assert told == {
        "priority": ("3 Medium", "1 Critical"),
        "project_manager": ("Max Harrow", "Bea Lindqvist"),
        "forecast_finish_on": ("empty", "Fri 30 Apr 2027"),
        "budget_amount": ("empty", "1,200,000"),
        "is_reporting": ("yes", "no"),
    }
    assert event.reason == "New start"


def test_a_long_text_is_told_word_by_word():
    pieces = word_changes("Replace the old system soon.", "Replace the billing system soon.")
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("same", "Replace the "),
        ("removed", "old"),
        ("added", "billing"),
        ("same", " system soon."),
    ]


@pytest.mark.parametrize(("was", "now"), [("", "a b"), ("a\n\nb", "a\nb c"), ("same", "same"), ("x y z", "")])
def test_word_changes_hold_both_texts_whole(was, now):
    pieces = word_changes(was, now)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == was
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == now


def test_a_removed_row_stays_in_the_history(client, pia, alpha):
    Milestone.plan(project=alpha, by=pia, name="Go-live").remove(by=pia, reason="Merged")
    client.force_login(pia)
    assert [(event.title, event.did) for event in events(client)[:2]] == [("Go-live", "removed"), ("Go-live", "added")]


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("pia", 200),
        ("gina", 200),
        ("audrey", 200),
        ("max", 200),
        ("tess", 403),
        ("sam", 403),
        ("fay", 403),
        ("bea", 403),
        ("olaf", 404),
    ],
)
def test_who_reads_the_history_of_a_project(client, request, alpha, beta, name, status):
    client.force_login(request.getfixturevalue(name))
    assert client.get("/projects/P-1001/history/").status_code == status


def test_the_history_is_paged_and_costs_the_same_queries(client, pia, alpha):
    client.force_login(pia)
    risk, milestone = make_risk(alpha), make_milestone(alpha)

    def count(changes: int) -> int:
        for number in range(changes):
            for row, field in ((risk, "title"), (milestone, "name"), (alpha, "name")):
                setattr(row, field, f"{field} {row.history.count()} {number}")
                save_as(row, by=pia, fields=[field])
        client.get("/projects/P-1001/history/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/projects/P-1001/history/")
        return len(captured)

    assert count(30) <= count(3)
    assert len(events(client)) == 50
    assert events(client, "?page=2")


# Search
def hits(client, text: str) -> dict[str, list[str]]:
    return {group.title: [hit.title for hit in group.hits] for group in client.get("/search/", {"q": text}).context["groups"]}


def test_search_finds_every_kind_by_all_of_its_words(client, pia, alpha):
    make_risk(alpha, title="If meters fail")
    make_issue(alpha, title="Meters are late")
    make_decision(alpha, title="Buy meters")
    make_action(alpha, title="Order meters", description="and readers")
    make_milestone(alpha, name="Meters tested")
    make_project(code="P-77", name="Smart meters")
    Program.enter(by=pia, code="MTR", name="Meters")
    client.force_login(pia)
    assert set(hits(client, "meters")) == {"Projects", "Risks", "Issues", "Decisions", "Actions", "Milestones", "Programs"}
    assert hits(client, "order readers") == {"Actions": ["Action 1: Order meters"]}
    assert hits(client, "no such thing") == {}


def test_search_never_finds_what_the_person_may_not_see(client, request, alpha, beta):
    make_risk(beta, title="Secret of Beta")
    for name, expected in (("tess", {}), ("fay", {}), ("stella", {}), ("olaf", {}), ("bea", {"Risks"}), ("audrey", {"Risks"})):
        client.force_login(request.getfixturevalue(name))
        assert set(hits(client, "Secret")) == set(expected), name
    client.force_login(request.getfixturevalue("tess"))
    assert hits(client, "Beta") == {}


def test_a_code_leads_straight_to_its_project_for_who_sees_it(client, max, olaf, alpha):
    client.force_login(max)
    assert client.get("/search/?q=p-1001").headers["Location"] == "/projects/P-1001/"
    client.force_login(olaf)
    assert client.get("/search/?q=p-1001").status_code == 200


@pytest.mark.parametrize("text", ["", " ", "a", "%", "_", "'", "\x00", "a" * 500])
def test_search_takes_any_text(client, pia, alpha, text):
    client.force_login(pia)
    assert client.get("/search/", {"q": text}).status_code == 200


def test_the_wildcards_of_the_database_are_plain_letters(client, pia, alpha):
    client.force_login(pia)
    assert hits(client, "%%") == {}
