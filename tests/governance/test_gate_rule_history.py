"""What stands beside the rules of the gates: who changed the matrix, the criteria and the waivers, why, from what to what."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from governance.gate_rule_history import SHOWN, criteria_events, tailoring_events, waiver_events
from governance.gate_rules import matrix_in_force, set_criteria, set_tailoring
from governance.models import GateCriterion, TailoringRule, Waiver
from governance.rule_changes import Question
from governance.waivers import grant_waiver, revoke_waiver
from portfolio.models import Project
from tests.factories import make_project
from tests.governance.gated import DAY, TODAY, refusal
from tests.governance.pages import signed_in
from tests.governance.stories import NOON

pytestmark = pytest.mark.django_db
OWED = (2, "execution_plan")


@pytest.fixture
def project(max: Any, sam: Any) -> Project:
    return make_project(code="P-3001", project_manager=max, sponsor=sam, governance_class=2, phase="intake")


def page(person: Any, name: str, *arguments: Any, **asked: str) -> str:
    text: str = signed_in(person).get(reverse(f"governance:{name}", args=arguments), asked).content.decode()
    return text


def changed_matrix(by: Any, requirement: str = "mandatory", gate: str = "G4", reason: str = "The audit asks for it.") -> None:
    set_tailoring({**matrix_in_force(), OWED: (requirement, gate)}, by=by, reason=reason)


def told(events: list[Any]) -> list[tuple[str, str, str, str]]:
    return [(event.by, event.did, event.title, event.reason) for event in events]


def fields(events: list[Any]) -> list[tuple[str, str, str]]:
    return [(change.label, change.was, change.now) for event in events for change in event.changes]


def questions(gate: str) -> list[Question]:
    return [Question(row.pk, row.text, row.is_active) for row in GateCriterion.objects.filter(gate=gate)]


# The matrix


def test_what_the_product_came_with_is_no_change_and_the_first_line_of_each_history() -> None:
    assert tailoring_events() == []
    assert criteria_events("G1") == []
    assert all(rule.history.count() == 1 for rule in TailoringRule.objects.all())


def test_a_changed_rule_says_who_why_and_from_what_to_what(pia) -> None:
    changed_matrix(pia)
    events = tailoring_events()
    assert told(events) == [("Pia Orlov", "changed", "Project execution plan, class 2", "The audit asks for it.")]
    assert fields(events) == [
        ("Requirement", "Mandatory, short form", "Mandatory"),
        ("Approved by", "G2 Planning and baseline", "G4 Go-live readiness"),
    ]


def test_the_page_of_the_matrix_shows_its_changes_to_everyone_who_is_measured_by_it(project, pia, max) -> None:
    assert "No change yet" in page(max, "tailoring-edit")
    changed_matrix(pia)
    shown = page(max, "tailoring-edit")
    assert "The audit asks for it." in shown
    assert "Project execution plan, class 2" in shown


def test_only_the_latest_changes_are_shown_the_newest_first(pia) -> None:
    for number in range(SHOWN + 2):
        changed_matrix(pia, gate="G4" if number % 2 else "G5", reason=f"Reason {number}")
    events = tailoring_events()
    assert [event.reason for event in events] == [f"Reason {number}" for number in range(SHOWN + 1, 1, -1)]


# Criteria


def test_a_reworded_criterion_says_what_it_was_and_what_it_became(pia) -> None:
    asked = questions("G1")
    old = asked[0].text
    set_criteria("G1", [Question(asked[0].key, "The aims can be measured", True), *asked[1:]], by=pia)
    events = {event.title: event for event in criteria_events("G1")}
    assert events[old].reason == "reworded, now: The aims can be measured"
    assert fields([events[old]]) == [("Is active", "yes", "no")]
    new = events["The aims can be measured"]
    assert (new.did, new.reason, new.by) == ("added", f"reworded, before: {old}", "Pia Orlov")
    assert criteria_events("G2") == []
    assert "reworded, now: The aims can be measured" in page(pia, "criteria-edit", gate="G1")
    assert "No change yet" in page(pia, "criteria-edit", gate="G2")


# Waivers


def granted(project: Project, by: Any, artefact: str = "definition", gate: str = "G1") -> Waiver:
    return grant_waiver(
        project, gate=gate, artefact=artefact, reason="The ordinance.", expires_on=TODAY + 20 * DAY, by=by, at=NOON
    )


def test_a_waiver_says_who_granted_and_revoked_it_and_why(project, pia, gina) -> None:
    revoke_waiver(granted(project, pia), by=gina, at=NOON, reason="The document is in.")
    title = "P-3001: Project definition document, G1 Definition"
    assert told(waiver_events(Q())) == [
        ("Gina Salcedo", "revoked", title, "The document is in."),
        ("Pia Orlov", "granted until 9 Dec 2026", title, "The ordinance."),
    ]


def test_a_waiver_is_not_revoked_without_a_reason(project, pia) -> None:
    waiver = granted(project, pia)
    assert refusal(revoke_waiver, waiver, by=pia, at=NOON, reason=" ") == "reason_missing"
    assert Waiver.objects.get().revoked_at is None


def test_the_lists_tell_it_to_those_who_see_the_project(project, pia, tess) -> None:
    other = make_project(code="P-3002", project_manager=pia, governance_class=2, phase="intake")
    other.memberships.create(user=tess, role="member")
    granted(project, pia)
    assert "granted until 9 Dec 2026" in page(pia, "waiver-list")
    assert "granted until" not in page(tess, "waiver-list")
    waiver = Waiver.objects.get()
    assert "granted until 9 Dec 2026" in page(pia, "waiver-revoke", waiver.pk)


@pytest.mark.parametrize("name", ["tailoring-edit", "criteria-edit", "waiver-list"])
def test_many_changes_cost_no_more_queries_than_few(name: str, pia: Any, max: Any) -> None:
    def change(number: int) -> None:
        changed_matrix(pia, gate="G4" if number % 2 else "G5", reason=f"Reason {number}")
        asked = questions("G1")
        set_criteria("G1", [*asked[1:], asked[0]], by=pia)
        project = make_project(project_manager=max, governance_class=2, phase="intake")
        revoke_waiver(granted(project, pia), by=pia, at=NOON, reason="It is in.")

    client, url = signed_in(pia), reverse(f"governance:{name}")

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    change(0)
    client.get(url)
    few = cost()
    for number in range(1, 6):
        change(number)
    assert cost() == few
