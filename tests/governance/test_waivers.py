"""Waivers and the daily look at the gates: granted, revoked, announced, and what becomes of late ones."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from governance import gates
from governance.due import run_due
from governance.gate_past import enter_past
from governance.gate_rules import matrix_in_force, set_criteria, set_tailoring
from governance.models import ComplianceFinding, GateCriterion, GateReview, TailoringRule, Waiver
from governance.rule_changes import Question
from governance.waivers import grant_waiver, revoke_waiver
from pmo.lib.errors import Refused
from pmo.models import Notification
from pmo.roles import Role
from portfolio.models import Project
from tests.factories import make_project
from tests.governance.gated import DAY, TODAY, a_planned, a_prepared, terms
from tests.governance.stories import NOON
from tests.governance.written import an_approved_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(max) -> Project:
    return make_project(code="P-3001", project_manager=max, governance_class=2, phase="intake", is_reporting=False)


def given(by, **some) -> dict:
    values = {"gate": "G1", "artefact": "definition", "reason": "Law", "expires_on": TODAY + 30 * DAY}
    return {**values, "by": by, "at": NOON, **some}


def refusal(act, *arguments, **options) -> str:
    with pytest.raises(Refused) as caught:
        act(*arguments, **options)
    return str(caught.value.code)


def test_a_waiver_is_granted_with_its_history(project, pia) -> None:
    waiver = grant_waiver(project, **given(pia))
    assert (waiver.granted_by, waiver.granted_on, waiver.history.get().history_user) == (pia, TODAY, pia)
    assert Waiver.objects.in_force(TODAY + 30 * DAY).exists()
    assert not Waiver.objects.in_force(TODAY + 31 * DAY).exists()


@pytest.mark.parametrize(
    ("some", "code"),
    [
        ({"reason": " "}, "reason_missing"),
        ({"gate": "G9"}, "gate_unknown"),
        ({"artefact": "poem"}, "artefact_unknown"),
        ({"expires_on": TODAY - DAY}, "expiry_past"),
        ({"expires_on": TODAY + 181 * DAY}, "expiry_far"),
    ],
)
def test_a_waiver_says_all_it_must(project, pia, some, code) -> None:
    assert refusal(grant_waiver, project, **given(pia, **some)) == code
    assert not Waiver.objects.exists()


def test_nobody_waives_for_their_own_project(project, max, pia, tess, gina) -> None:
    assert refusal(grant_waiver, project, **given(max)) == "own_project"
    max.add_role(Role.PMO_MANAGER)
    assert refusal(grant_waiver, project, **given(type(max).objects.get(pk=max.pk))) == "own_project"
    assert refusal(grant_waiver, project, **given(tess)) == "not_waiver_giver"
    waiver = grant_waiver(project, **given(gina))
    assert refusal(revoke_waiver, waiver, by=max, at=NOON, reason="It is in.") == "own_project"
    assert refusal(revoke_waiver, waiver, by=tess, at=NOON, reason="It is in.") == "not_waiver_giver"


def test_waived_once_revoked_once(project, pia) -> None:
    waiver = grant_waiver(project, **given(pia))
    assert refusal(grant_waiver, project, **given(pia)) == "already_waived"
    revoke_waiver(waiver, by=pia, at=NOON, reason="It is in.")
    assert refusal(revoke_waiver, waiver, by=pia, at=NOON, reason="It is in.") == "already_ended"
    assert not Waiver.objects.in_force(TODAY).exists()
    assert waiver.history.first().history_change_reason == "It is in."


def test_a_revoked_waiver_no_longer_lets_a_gate_pass(project, pia) -> None:
    gates.decide(a_prepared(project), by=pia, at=NOON, **terms())
    waiver = grant_waiver(project, **given(pia))
    review = a_prepared(project, "G1")
    revoke_waiver(waiver, by=pia, at=NOON, reason="It is in.")
    assert refusal(gates.decide, review, by=pia, at=NOON, **terms()) == "not_ready"


def test_nothing_is_waived_for_a_project_that_is_over(project, pia) -> None:
    project.cancel(by=pia, reason="No funds")
    assert refusal(grant_waiver, project, **given(pia)) == "project_over"


# The clock


def test_a_gate_not_held_opens_one_finding_and_holding_it_closes_it(project, pia) -> None:
    review = a_prepared(project)
    run_due(at=NOON)
    assert not ComplianceFinding.objects.exists()
    for days in (1, 2, 3):
        run_due(at=NOON + days * DAY)
    finding = ComplianceFinding.objects.get(rule="gate_late")
    assert (finding.project, finding.owner) == (project, project.project_manager)
    gates.decide(review, by=pia, at=NOON + 3 * DAY, **terms(held_on=TODAY + 3 * DAY))
    finding.refresh_from_db()
    assert finding.closed_by == pia
    assert "Go" in finding.closing_evidence


def test_what_is_found_on_a_saturday_is_to_be_mended_by_a_monday(project) -> None:
    a_prepared(project)
    run_due(at=NOON + 2 * DAY)
    finding = ComplianceFinding.objects.get()
    assert (timezone.localdate(finding.opened_at), finding.due_on) == (dt.date(2026, 11, 21), dt.date(2026, 12, 7))


def test_a_waiver_that_ends_is_announced_once_and_then_found(project, pia, max) -> None:
    grant_waiver(project, **given(pia, expires_on=TODAY + 10 * DAY))
    run_due(at=NOON)
    run_due(at=NOON + DAY)
    assert Notification.objects.filter(kind="waiver", recipient=max).count() == 1
    run_due(at=NOON + 10 * DAY)
    assert not ComplianceFinding.objects.exists()
    for days in (11, 12):
        run_due(at=NOON + days * DAY)
    assert ComplianceFinding.objects.get().rule == "waiver_expired"


def test_what_was_mended_in_time_is_no_finding(project, pia) -> None:
    grant_waiver(project, **given(pia, expires_on=TODAY + 10 * DAY))
    an_approved_document(project, by=pia)
    run_due(at=NOON + 11 * DAY)
    assert not ComplianceFinding.objects.exists()


def test_a_revoked_waiver_is_neither_announced_nor_found(project, pia, max) -> None:
    waiver = grant_waiver(project, **given(pia, expires_on=TODAY + 10 * DAY))
    revoke_waiver(waiver, by=pia, at=NOON, reason="It is in.")
    run_due(at=NOON)
    run_due(at=NOON + 11 * DAY)
    assert not Notification.objects.filter(kind="waiver").exists()
    assert not ComplianceFinding.objects.exists()


# Gates of the past


def test_a_gate_of_the_past_counts_and_carries_no_signature(project, pia, max) -> None:
    values = {"planned_on": dt.date(2026, 1, 5), "held_on": dt.date(2026, 1, 9), "at": NOON}
    assert refusal(enter_past, project, "G0", source="Minutes", by=max, **values) == "own_project"
    assert refusal(enter_past, project, "G0", source=" ", by=pia, **values) == "source_missing"
    assert refusal(enter_past, project, "G3", source="Minutes", by=pia, **values) == "not_on_path"
    lately = {**values, "held_on": TODAY, "at": NOON + 9 * DAY}
    type(project).objects.update(created_at=NOON)
    project.refresh_from_db()
    assert refusal(enter_past, project, "G0", source="Minutes", by=pia, **lately) == "kept_here"
    enter_past(project, "G0", source="Minutes", by=pia, **values)
    assert refusal(enter_past, project, "G0", source="Minutes", by=pia, **values) == "already_passed"
    review = GateReview.objects.get()
    assert (review.decision, review.record_sha256, review.decided_by) == ("go", "", None)
    assert refusal(a_planned, project, "G0") == "already_passed"


# The rules


def test_the_matrix_changes_with_a_reason_and_gates_ahead_ask_for_it(project, pia, max) -> None:
    from governance.readiness import readiness_of

    matrix = matrix_in_force()
    assert refusal(set_tailoring, matrix, by=pia, reason="Why not") == "unchanged"
    matrix[2, "execution_plan"] = ("none", "G2")
    assert refusal(set_tailoring, matrix, by=max, reason="Easier") == "not_rule_maker"
    assert refusal(set_tailoring, matrix, by=pia, reason="") == "reason_missing"
    assert set_tailoring(matrix, by=pia, reason="Class 2 needs none") == 1
    artefacts = {line.artefact for line in readiness_of(project, "G2", TODAY).artefacts}
    assert "execution_plan" not in artefacts
    rule = TailoringRule.objects.get(governance_class=2, artefact="execution_plan")
    assert rule.history.first().history_change_reason == "Class 2 needs none"
    assert refusal(set_tailoring, {(1, "budget"): ("mandatory", "G2")}, by=pia, reason="x") == "gate_not_on_path"
    assert refusal(set_tailoring, {(1, "budget"): ("maybe", "G1")}, by=pia, reason="x") == "requirement_unknown"


def test_a_reworded_criterion_is_asked_anew_and_old_answers_keep_their_words(project, pia, max) -> None:
    review = a_prepared(project)
    rows = list(GateCriterion.objects.filter(gate="G0"))
    changed = [Question(row.pk, row.text if place else "The problem is stated", True) for place, row in enumerate(rows)]
    assert refusal(set_criteria, "G0", changed, by=max) == "not_rule_maker"
    set_criteria("G0", changed, by=pia)
    assert refusal(gates.decide, review, by=pia, at=NOON, **terms()) == "criteria_open"
    assert GateCriterion.objects.get(pk=rows[0].pk).is_active is False
    assert refusal(set_criteria, "G0", [], by=pia) == "nothing_asked"
    twice = [Question(None, "The same", True), Question(None, "the same", True)]
    assert refusal(set_criteria, "G0", twice, by=pia) == "asked_twice"
    assert refusal(set_criteria, "G9", changed, by=pia) == "gate_unknown"
