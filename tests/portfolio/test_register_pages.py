"""The pages of the registers: who reads, who writes, what is hidden, and that a list costs the same for many rows."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portfolio.models import Action, Decision, Dependency, Issue, Risk
from tests import factories as make
from tests.portfolio.test_exports import csv_rows

MAKE = {
    "risk": make.make_risk,
    "issue": make.make_issue,
    "decision": make.make_decision,
    "action": make.make_action,
    "dependency": make.make_dependency,
}
MODELS = {"risk": Risk, "issue": Issue, "decision": Decision, "action": Action, "dependency": Dependency}
SOON = "2026-11-29"
NEW = {
    "risk": {"title": "If A, then B", "probability": "4", "impact": "3", "response": "mitigate"},
    "issue": {"title": "Broken", "severity": "major", "raised_on": "2026-11-20"},
    "decision": {"title": "Choose", "needed_from": "Board", "needed_by_on": SOON},
    "action": {"title": "Order", "due_on": SOON},
    "dependency": {"title": "Sign-on", "on_outside": "Court", "needed_on": SOON},
}
NOUNS = list(MAKE)


def titles(response) -> list[str]:
    return [row.title for row, _ in response.context["list"].table.body()]


def address(noun: str, verb: str, number: int = 1) -> str:
    return reverse(f"portfolio:{noun}-{verb}", args=["P-1001", number])


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("pia", 200),
        ("gina", 200),
        ("audrey", 200),
        ("max", 200),
        ("tess", 200),
        ("sam", 200),
        ("bea", 403),
        ("fay", 403),
        ("stella", 404),
        ("olaf", 404),
        ("hugo", 404),
        ("adam", 404),
    ],
)
def test_who_reads_the_registers_of_a_project(client, request, alpha, beta, noun, name, status):
    MAKE[noun](alpha)
    client.force_login(request.getfixturevalue(name))
    assert client.get(reverse(f"portfolio:project-{noun}-list", args=["P-1001"])).status_code == status
    assert client.get(address(noun, "detail")).status_code == (404 if status == 403 else status)


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize(("name", "expected"), [("pia", 2), ("max", 1), ("tess", 1), ("bea", 1)])
def test_the_register_across_the_portfolio_shows_what_the_person_reads(client, request, alpha, beta, noun, name, expected):
    MAKE[noun](alpha)
    MAKE[noun](beta)
    client.force_login(request.getfixturevalue(name))
    url = reverse(f"portfolio:{noun}-list")
    assert len(titles(client.get(url))) == expected
    assert len(csv_rows(client.get(url.rstrip("/") + ".csv"))) == expected + 1


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("name", ["fay", "olaf", "stella", "hugo"])
def test_who_reads_no_register_has_no_list_of_them_and_no_export(client, request, alpha, noun, name):
    client.force_login(request.getfixturevalue(name))
    url = reverse(f"portfolio:{noun}-list")
    assert client.get(url).status_code == 403
    assert client.get(url.rstrip("/") + ".csv").status_code == 403


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize(
    ("name", "status"), [("pia", 302), ("max", 302), ("tess", 302), ("sam", 403), ("gina", 403), ("olaf", 404)]
)
def test_who_records_an_entry(client, request, alpha, noun, name, status):
    client.force_login(request.getfixturevalue(name))
    assert client.post(reverse(f"portfolio:{noun}-new", args=["P-1001"]), NEW[noun]).status_code == status
    assert MODELS[noun].objects.count() == (status == 302)


@pytest.mark.parametrize("noun", NOUNS)
def test_an_entry_is_edited_with_its_reason_and_shows_what_it_was(client, max, alpha, noun):
    entry = MAKE[noun](alpha)
    client.force_login(max)
    kept = {"on_outside": "County court"} if noun == "dependency" else {}
    client.post(
        address(noun, "edit"), {**NEW[noun], **kept, "title": "New title", "reason": "Learned more", "version": entry.version()}
    )
    events = client.get(address(noun, "detail")).context["events"]
    change = next(change for change in events[0].changes if change.name == "title")
    assert (change.was, change.now) == (entry.title, "New title")
    assert (events[0].by, events[0].reason) == ("Max Harrow", "Learned more")


@pytest.mark.parametrize("noun", NOUNS)
def test_two_editors_of_an_entry_lose_nothing(client, max, tess, alpha, noun):
    entry = MAKE[noun](alpha)
    version = entry.version()
    entry.revise(by=tess, changes={"title": "By Tess"})
    client.force_login(max)
    kept = {"on_outside": "County court"} if noun == "dependency" else {}
    assert client.post(address(noun, "edit"), {**NEW[noun], **kept, "title": "By Max", "version": version}).status_code == 409
    entry.refresh_from_db()
    assert entry.title == "By Tess"


@pytest.mark.parametrize("noun", NOUNS)
def test_the_tick_for_the_report_is_a_post_by_the_team_only(client, tess, sam, alpha, noun):
    entry = MAKE[noun](alpha)
    client.force_login(tess)
    assert client.get(address(noun, "show")).status_code == 405
    client.post(address(noun, "show"), {"on_report": "yes"})
    entry.refresh_from_db()
    assert entry.show_on_report
    client.force_login(sam)
    assert client.post(address(noun, "show"), {"on_report": "no"}).status_code == 403


VERB_POSTS = [
    ("risk", "close", {"reason": "Over"}, "closed"),
    ("risk", "happened", {"on": "2026-11-20", "severity": "major"}, "realised"),
    ("issue", "resolve", {"on": "2026-11-20", "resolution": "Fixed"}, "resolved"),
    ("decision", "decide", {"on": "2026-11-20", "outcome": "Cloud"}, "decided"),
    ("decision", "drop", {"reason": "Gone"}, "dropped"),
    ("action", "done", {"on": "2026-11-20"}, "done"),
    ("action", "drop", {"reason": "Gone"}, "dropped"),
    ("dependency", "met", {}, "met"),
    ("dependency", "broken", {"reason": "Not coming"}, "broken"),
    ("dependency", "drop", {"reason": "Gone"}, "dropped"),
]


@pytest.mark.parametrize(("noun", "verb", "values", "target"), VERB_POSTS)
def test_the_manager_settles_an_entry_and_reading_the_page_does_not(client, max, alpha, noun, verb, values, target):
    entry = MAKE[noun](alpha)
    client.force_login(max)
    assert client.get(address(noun, verb)).status_code == 200
    assert MODELS[noun].objects.get(pk=entry.pk).is_open
    assert client.post(address(noun, verb), values).status_code == 302
    assert MODELS[noun].objects.get(pk=entry.pk).status == target


@pytest.mark.parametrize(("noun", "verb", "values", "target"), VERB_POSTS)
@pytest.mark.parametrize(("name", "status"), [("olaf", 404), ("bea", 404), ("sam", 403), ("gina", 403)])
def test_who_has_no_part_settles_nothing(client, request, alpha, beta, noun, verb, values, target, name, status):
    entry = MAKE[noun](alpha)
    client.force_login(request.getfixturevalue(name))
    assert client.post(address(noun, verb), values).status_code == status
    assert MODELS[noun].objects.get(pk=entry.pk).is_open


def test_a_member_finishes_actions_but_closes_no_risk(client, tess, alpha):
    make.make_action(alpha)
    make.make_risk(alpha)
    client.force_login(tess)
    assert client.post(address("action", "done"), {"on": "2026-11-20"}).status_code == 302
    assert client.post(address("risk", "close"), {"reason": "Over"}).status_code == 403


def test_a_settled_entry_is_settled_once(client, max, alpha):
    make.make_risk(alpha)
    client.force_login(max)
    client.post(address("risk", "close"), {"reason": "Over"})
    response = client.post(address("risk", "close"), {"reason": "Over again"})
    assert response.status_code == 422
    assert response.context["form"].errors.as_data()["__all__"][0].code == "wrong_status"


@pytest.mark.parametrize("noun", NOUNS)
def test_a_settled_entry_is_reopened_with_a_reason(client, max, alpha, noun):
    entry = MAKE[noun](alpha)
    client.force_login(max)
    verb, values = next((verb, values) for name, verb, values, target in VERB_POSTS if name == noun and verb != "happened")
    client.post(address(noun, verb), values)
    client.post(address(noun, "reopen"), {"reason": "Again"})
    assert MODELS[noun].objects.get(pk=entry.pk).is_open


def test_a_risk_and_its_issue_link_to_each_other(client, max, alpha):
    make.make_risk(alpha)
    client.force_login(max)
    response = client.post(address("risk", "happened"), {"on": "2026-11-20", "severity": "major"})
    assert response.headers["Location"] == address("issue", "detail")
    assert client.get(address("issue", "detail")).context["linked"] == Risk.objects.get()
    assert client.get(address("risk", "detail")).context["linked"] == Issue.objects.get()


# Money
def test_a_member_sees_no_money_of_a_risk_in_page_form_history_or_export(client, max, tess, alpha):
    risk = make.make_risk(alpha, cost_amount=Decimal(777_777), chance_pct=Decimal(50))
    risk.revise(by=max, changes={"cost_amount": Decimal(888_888)})
    client.force_login(tess)
    for url in (
        address("risk", "detail"),
        address("risk", "edit"),
        "/risks/?columns=cost&columns=expected",
        "/projects/P-1001/risks/?columns=cost",
    ):
        content = client.get(url).content
        for amount in (b"777,777", b"888,888", b"777777", b"888888", b"388,888", b"444,444"):
            assert amount not in content, url
    assert b"888888" not in b"".join(client.get("/risks.csv?columns=cost&columns=expected").streaming_content)


def test_a_member_cannot_post_the_money_of_a_risk(client, tess, alpha):
    risk = make.make_risk(alpha, cost_amount=Decimal(5))
    client.force_login(tess)
    client.post(address("risk", "edit"), {**NEW["risk"], "cost_amount": "999", "version": risk.version()})
    risk.refresh_from_db()
    assert risk.cost_amount == Decimal(5)


def test_the_manager_sees_cost_and_expected_value(client, max, alpha):
    make.make_risk(alpha, cost_amount=Decimal(120_000), chance_pct=Decimal(30))
    client.force_login(max)
    assert "$36,000" in client.get(address("risk", "detail")).content.decode()


# Forms
@pytest.mark.parametrize(
    ("noun", "change", "field", "code"),
    [
        ("risk", {"probability": "6"}, "probability", "invalid_choice"),
        ("risk", {"title": ""}, "title", "required"),
        ("risk", {"treated_probability": "2"}, "treated_impact", "half_treated"),
        ("issue", {"raised_on": ""}, "raised_on", "required"),
        ("decision", {"needed_by_on": "soon"}, "needed_by_on", "invalid"),
        ("action", {"title": "x" * 241}, "title", "max_length"),
        ("dependency", {"needed_on": ""}, "needed_on", "required"),
    ],
)
def test_what_is_wrong_with_an_entry_is_said_at_its_field(client, max, alpha, noun, change, field, code):
    client.force_login(max)
    response = client.post(reverse(f"portfolio:{noun}-new", args=["P-1001"]), {**NEW[noun], **change})
    assert response.status_code == 422
    assert code in [error.code for error in response.context["form"].errors.as_data()[field]]


def test_a_dependency_offers_only_projects_that_the_person_sees(client, tess, alpha, beta):
    client.force_login(tess)
    form = client.get(reverse("portfolio:dependency-new", args=["P-1001"])).context["form"]
    assert list(form.fields["on_project"].queryset) == []


# Lists
def test_filters_of_the_risk_list(client, pia, tess, alpha):
    past = timezone.localdate() - dt.timedelta(days=1)
    make.make_risk(alpha, title="High", probability=4, impact=4, owner=tess)
    make.make_risk(alpha, title="Late", next_action_on=past, show_on_report=True)
    make.make_risk(alpha, title="Closed", status="closed", next_action_on=past)
    client.force_login(pia)
    assert titles(client.get("/risks/?score=15")) == ["High"]
    assert titles(client.get("/risks/?overdue=yes")) == ["Late"]
    assert titles(client.get("/risks/?on_report=1")) == ["Late"]
    assert titles(client.get("/risks/?status=closed")) == ["Closed"]
    assert titles(client.get(f"/risks/?owner={tess.pk}")) == ["High"]
    client.force_login(tess)
    assert titles(client.get("/risks/?mine=yes")) == ["High"]


def test_the_worst_risk_stands_first(client, pia, alpha):
    for title, probability, impact in (("Low", 1, 2), ("High", 5, 4), ("Middle", 3, 3)):
        make.make_risk(alpha, title=title, probability=probability, impact=impact)
    client.force_login(pia)
    assert titles(client.get("/risks/")) == ["High", "Middle", "Low"]


def test_the_list_of_a_project_holds_its_own_entries_only(client, pia, alpha, beta):
    make.make_risk(alpha, title="Of Alpha")
    make.make_risk(beta, title="Of Beta")
    client.force_login(pia)
    assert titles(client.get("/projects/P-1001/risks/")) == ["Of Alpha"]
    assert [row[1] for row in csv_rows(client.get("/projects/P-1001/risks.csv"))[1:]] == ["Of Alpha"]


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("scope", ["portfolio", "project"])
def test_a_register_costs_the_same_queries_for_three_and_thirty_rows(client, max, tess, alpha, noun, scope):
    url = (
        reverse(f"portfolio:{noun}-list")
        if scope == "portfolio"
        else reverse(f"portfolio:project-{noun}-list", args=["P-1001"])
    )
    other = {"on_project": make.make_project(project_manager=max), "on_outside": ""} if noun == "dependency" else {}
    client.force_login(max)

    def count(rows: int) -> int:
        for _ in range(rows):
            MAKE[noun](alpha, owner=tess, **other)
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    assert count(3) == count(27)
