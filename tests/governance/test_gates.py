"""Gates: planned, prepared, decided; what a Go needs; what each decision does to the project."""

from __future__ import annotations

import json

import pytest

from governance import gates
from governance.class_gates import path_of
from governance.gate_states import Gate, GateState, phase_opened
from governance.gates import Answer, Attendee
from governance.models import Condition, GateCriterion, GateReview, SignOff, TailoringRule
from governance.signing import record_fault, verify_chain, verify_records
from governance.states import SignAction
from governance.waivers import grant_waiver
from portfolio.models import Project
from portfolio.states import Phase, ProjectStatus
from tests.factories import make_project
from tests.governance.gated import DAY, TODAY, a_passed, a_planned, a_prepared, all_met, fresh, refusal, terms, up_to
from tests.governance.stories import NOON
from tests.governance.written import a_condition, a_submitted_document, an_approved_document, review_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(max, sam) -> Project:
    return make_project(code="P-3001", project_manager=max, sponsor=sam, governance_class=2, phase="intake")


def test_the_office_starts_with_the_matrix_and_with_questions_for_every_gate() -> None:
    owed = {(rule.governance_class, rule.artefact): (rule.requirement, rule.gate) for rule in TailoringRule.objects.all()}
    assert len(owed) == 32
    assert owed[1, "execution_plan"] == ("none", "G1")
    assert owed[2, "execution_plan"] == ("lite", "G2")
    assert owed[4, "definition"] == ("mandatory", "G1")
    assert owed[3, "status_report"] == ("mandatory", "G4")
    counts = [GateCriterion.objects.filter(gate=gate).count() for gate in Gate]
    assert all(5 <= count <= 7 for count in counts)


@pytest.mark.parametrize(("governance_class", "gates_passed"), [(1, "G0 G1 G4 G5"), (2, "G0 G1 G2 G4 G5 G6")])
def test_small_projects_pass_fewer_gates(governance_class: int, gates_passed: str) -> None:
    assert " ".join(path_of(governance_class, procures=False)) == gates_passed


@pytest.mark.parametrize("governance_class", [3, 4])
def test_g3_is_passed_only_by_those_that_buy_something(governance_class: int) -> None:
    assert Gate.G3 not in path_of(governance_class, procures=False)
    assert path_of(governance_class, procures=True) == tuple(Gate)


def test_a_go_never_moves_a_project_back() -> None:
    assert phase_opened(Gate.G1, Phase.BUILD, procures=False) == Phase.BUILD
    assert phase_opened(Gate.G2, Phase.PLANNING, procures=True) == Phase.PROCUREMENT
    assert phase_opened(Gate.G2, Phase.PLANNING, procures=False) == Phase.BUILD
    assert phase_opened(Gate.G6, Phase.CLOSED, procures=False) == Phase.CLOSED


# Planning


def test_the_manager_plans_a_gate_and_moves_it_and_the_first_day_stays(project, max) -> None:
    review = a_planned(project, "G0", on=TODAY + 3 * DAY)
    gates.reschedule(review, planned_on=TODAY + 9 * DAY, reason="The sponsor is away.", by=max, at=NOON)
    stored = fresh(review)
    assert (stored.number, stored.first_planned_on, stored.planned_on) == (1, TODAY + 3 * DAY, TODAY + 9 * DAY)
    assert [row.history_change_reason for row in stored.history.all()] == ["The sponsor is away.", "planned"]
    assert stored.history.first().history_user == max


def test_planning_is_refused_where_it_makes_no_sense(project, max, pia, tess) -> None:
    assert refusal(a_planned, project, "G0", by=tess) == "not_planner"
    assert refusal(a_planned, project, "G0", on=TODAY - DAY) == "planned_past"
    assert refusal(a_planned, project, "G3", by=pia) == "not_on_path"
    review = a_planned(project, "G0")
    assert refusal(a_planned, project, "G0", by=pia) == "already_planned"
    assert refusal(gates.reschedule, review, planned_on=TODAY, reason=" ", by=max, at=NOON) == "reason_missing"
    assert refusal(gates.reschedule, review, planned_on=TODAY - DAY, reason="Late", by=max, at=NOON) == "planned_past"
    assert refusal(gates.reschedule, review, planned_on=TODAY, reason="Late", by=tess, at=NOON) == "not_planner"
    assert refusal(gates.cancel, review, reason="", by=max, at=NOON) == "reason_missing"


def test_a_gate_that_was_passed_is_not_planned_again(project, pia) -> None:
    a_passed(project, by=pia)
    assert refusal(a_planned, project, "G0") == "already_passed"


def test_a_review_called_off_leaves_room_for_another(project, max) -> None:
    review = a_planned(project)
    gates.cancel(review, reason="No quorum", by=max, at=NOON)
    assert fresh(review).state == GateState.CANCELLED
    assert refusal(gates.cancel, review, reason="Again", by=max, at=NOON) == "already_decided"
    assert a_planned(project).number == 2


def test_nothing_is_planned_for_a_project_that_is_over(project, pia) -> None:
    project.cancel(by=pia, reason="No funds")
    assert refusal(a_planned, project, "G0") == "project_over"


# Preparing


def test_answers_and_attendees_are_kept_with_their_history(project, max) -> None:
    review = a_prepared(project)
    gates.prepare(review, by=max, at=NOON, answers=all_met("G0", False), attendees=[Attendee(name="Mayor", capacity="guest")])
    assert set(review.answers.values_list("is_met", flat=True)) == {False}
    assert [str(row) for row in review.attendees.all()] == ["Mayor"]
    assert review.answers.first().history.count() == 2


def test_an_answer_to_a_question_of_another_gate_is_left_out(project, max) -> None:
    review = a_planned(project)
    gates.prepare(review, by=max, at=NOON, answers=all_met("G4"))
    assert not review.answers.exists()


def test_only_the_office_writes_the_recommendation(project, max, pia, tess) -> None:
    review = a_planned(project)
    assert refusal(gates.prepare, review, by=max, at=NOON, recommendation="Go") == "own_project"
    assert refusal(gates.prepare, review, by=tess, at=NOON) == "not_planner"
    gates.prepare(review, by=pia, at=NOON, recommendation="Go: all is there.")
    assert fresh(review).recommendation == "Go: all is there."
    assert refusal(gates.prepare, review, by=max, at=NOON, attendees=[Attendee()]) == "attendee_unnamed"


# Deciding


def test_a_go_freezes_signs_and_opens_the_next_phase(project, pia) -> None:
    review = a_passed(project, by=pia, minutes="Held in room 4.", next_gate_on=TODAY + 60 * DAY)
    stored = fresh(review)
    assert (stored.state, stored.decision, stored.phase_before, stored.phase_after) == (
        "decided",
        "go",
        "intake",
        "definition",
    )
    assert fresh(project).phase == "definition"
    record = json.loads(stored.record)
    assert record["decision"]["rationale"] == "Everything is there."
    assert all(row["met"] for row in record["readiness"]["criteria"])
    assert [row["as"] for row in record["attendees"]] == ["project manager", "sponsor"]
    sign_off = SignOff.objects.get(gate_review=review)
    assert (sign_off.action, sign_off.content_sha256, sign_off.person) == (SignAction.GATE, stored.record_sha256, pia)
    assert sign_off.intent == "I let P-3001 pass G0 Intake."
    assert verify_chain() is None
    assert stored.history.first().history_change_reason == "Go"
    assert project.history.first().history_change_reason.startswith("G0 Intake: Go.")


def test_an_altered_record_is_found(project, pia) -> None:
    review = a_passed(project, by=pia)
    assert list(verify_records()) == []
    GateReview.objects.filter(pk=review.pk).update(record=fresh(review).record.replace("Everything", "Nothing"))
    assert record_fault(fresh(review)) != ""
    assert [row.pk for row, _ in verify_records()] == [review.pk]


@pytest.mark.parametrize(
    ("some", "code"),
    [
        ({"decision": "maybe"}, "decision_missing"),
        ({"rationale": "  "}, "rationale_missing"),
        ({"held_on": TODAY + DAY}, "held_in_future"),
        ({"decision": "conditional"}, "no_conditions"),
        ({"attendees": []}, "no_attendees"),
    ],
)
def test_a_decision_says_all_it_must(project, pia, some, code) -> None:
    review = a_prepared(project)
    assert refusal(gates.decide, review, by=pia, at=NOON, **terms(**some)) == code
    assert fresh(review).state == GateState.PLANNED
    assert fresh(project).phase == "intake"
    assert not SignOff.objects.exists()
    assert review.attendees.count() == 2


def test_conditions_belong_to_go_with_conditions(project, pia, max, sam) -> None:
    review = a_prepared(project)
    given = [a_condition(max, sam)]
    assert refusal(gates.decide, review, by=pia, at=NOON, **terms(conditions=given)) == "conditions_unasked"
    late = [a_condition(max, sam, due_on=TODAY - DAY)]
    code = refusal(gates.decide, review, by=pia, at=NOON, **terms(decision="conditional", conditions=late))
    assert code == "condition_due_past"


def test_a_go_with_conditions_puts_them(project, pia, max, sam) -> None:
    review = a_prepared(project)
    gates.decide(review, by=pia, at=NOON, **terms(decision="conditional", conditions=[a_condition(max, sam)]))
    condition = Condition.objects.get()
    assert (condition.gate_review, condition.owner, condition.verifier) == (review, max, sam)
    assert json.loads(fresh(review).record)["conditions"][0]["owner"] == "Max Harrow"
    assert fresh(project).phase == "definition"


def test_a_hold_keeps_the_phase_and_lets_the_gate_be_held_again(project, pia) -> None:
    review = a_prepared(project)
    gates.decide(review, by=pia, at=NOON, **terms(decision="hold", rationale="No funds yet"))
    assert (fresh(project).phase, fresh(review).phase_after) == ("intake", "intake")
    again = a_planned(project)
    assert again.number == 2


def test_a_stop_puts_on_hold_or_cancels_as_chosen(project, pia, max) -> None:
    gates.decide(a_prepared(project), by=pia, at=NOON, **terms(decision="stop"))
    assert fresh(project).status == ProjectStatus.ON_HOLD
    other = make_project(project_manager=max, governance_class=2, phase="intake")
    gates.decide(a_prepared(other), by=pia, at=NOON, **terms(decision="stop"), cancels=True)
    assert fresh(other).status == ProjectStatus.CANCELLED


def test_a_go_takes_up_a_project_that_was_on_hold(project, pia) -> None:
    review = a_prepared(project)
    project.put_on_hold(by=pia, reason="Budget freeze")
    gates.decide(review, by=pia, at=NOON, **terms())
    assert (fresh(project).status, fresh(project).phase) == ("active", "definition")


def test_g5_closes_the_project(project, pia) -> None:
    up_to(project, "G5", by=pia)
    a_passed(project, "G5", by=pia)
    assert (fresh(project).status, fresh(project).phase, fresh(project).actual_finish_on) == ("closed", "closed", TODAY)


def test_decided_once_and_for_all(project, pia, max) -> None:
    review = a_passed(project, by=pia)
    stale = GateReview.objects.get(pk=review.pk)
    stale.state = GateState.PLANNED
    assert refusal(gates.decide, stale, by=pia, at=NOON, **terms(decision="stop")) == "already_decided"
    assert refusal(gates.reschedule, stale, planned_on=TODAY, reason="x", by=max, at=NOON) == "already_decided"
    assert refusal(gates.prepare, stale, by=max, at=NOON, answers=all_met("G0", False)) == "already_decided"
    assert SignOff.objects.filter(gate_review=review).count() == 1
    assert set(review.answers.values_list("is_met", flat=True)) == {True}


# What a Go needs


def test_gates_are_passed_in_order(project, pia) -> None:
    review = a_prepared(project, "G1")
    an_approved_document(project, by=pia)
    assert refusal(gates.decide, review, by=pia, at=NOON, **terms()) == "gates_out_of_order"
    gates.decide(review, by=pia, at=NOON, **terms(decision="hold"))


def test_a_mandatory_document_must_be_approved(project, pia) -> None:
    a_passed(project, by=pia)
    review = a_prepared(project, "G1")
    assert refusal(gates.decide, review, by=pia, at=NOON, **terms()) == "not_ready"
    version = a_submitted_document(project)
    assert refusal(gates.decide, review, by=pia, at=NOON, **terms()) == "not_ready"
    review_all(version, by=pia, at=NOON)
    version.approve(by=pia, at=NOON, terms={})
    gates.decide(fresh(review), by=pia, at=NOON, **terms())
    assert fresh(project).phase == "planning"


def test_a_waiver_in_force_lets_it_pass_and_stands_in_the_record(project, pia, gina) -> None:
    a_passed(project, by=pia)
    review = a_prepared(project, "G1")
    grant_waiver(project, gate="G1", artefact="definition", reason="Law", expires_on=TODAY + 30 * DAY, by=gina, at=NOON)
    gates.decide(review, by=pia, at=NOON, **terms())
    line = json.loads(fresh(review).record)["readiness"]["artefacts"][0]
    assert (line["artefact"], line["waived_until"]) == ("Project definition document", "2026-12-19")


def test_an_overdue_condition_holds_the_gate_up(project, pia, gina, max, sam) -> None:
    given = [a_condition(max, sam, due_on=TODAY)]
    gates.decide(a_prepared(project), by=pia, at=NOON, **terms(decision="conditional", conditions=given))
    an_approved_document(project, by=pia)
    later = NOON + 2 * DAY
    review = a_prepared(project, "G1")
    code = refusal(gates.decide, review, by=pia, at=later, **terms(held_on=later.date()))
    assert code == "not_ready"
    named = {"gate": "G1", "condition": project.conditions.get()}
    grant_waiver(project, **named, reason="Vendor late", expires_on=TODAY + 9 * DAY, by=gina, at=later)
    gates.decide(fresh(review), by=pia, at=later, **terms(held_on=later.date()))


def test_every_criterion_is_answered_and_an_unmet_one_needs_conditions(project, pia, max, sam) -> None:
    review = a_prepared(project)
    key = GateCriterion.objects.filter(gate="G0").first().pk
    gates.prepare(review, by=max, at=NOON, answers=[Answer(key, None)])
    assert refusal(gates.decide, review, by=pia, at=NOON, **terms()) == "criteria_open"
    gates.prepare(fresh(review), by=max, at=NOON, answers=[Answer(key, False, "No figure yet")])
    assert refusal(gates.decide, fresh(review), by=pia, at=NOON, **terms()) == "criteria_unmet"
    gates.decide(fresh(review), by=pia, at=NOON, **terms(decision="conditional", conditions=[a_condition(max, sam)]))


def test_a_condition_is_due_in_the_future_of_the_office_not_of_the_meeting(project, pia, max, sam) -> None:
    review = a_prepared(project, at=NOON)
    gates.decide(
        review, by=pia, at=NOON + DAY, **terms(held_on=TODAY, decision="conditional", conditions=[a_condition(max, sam)])
    )
    assert fresh(review).held_on == TODAY
