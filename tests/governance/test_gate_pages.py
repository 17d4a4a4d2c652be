"""The pages of the gates: what each shows, what its forms do, and that nothing is decided by the way."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from governance import gates
from governance.forms.gate import DecideGateForm
from governance.gates import Attendee
from governance.models import GateReview, SignOff, Waiver
from portfolio.models import Project
from tests.factories import PASSWORD, make_project, make_risk
from tests.governance.gated import DAY, TODAY, a_passed, a_planned, a_prepared, all_met, everybody
from tests.governance.stories import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(max, sam) -> Project:
    return make_project(code="P-3001", project_manager=max, sponsor=sam, governance_class=2, phase="intake")


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def url(name: str, *arguments) -> str:
    return reverse(f"governance:{name}", args=arguments)


def typed(review: GateReview, **some) -> dict[str, str]:
    """Return what the form of a review sends."""
    values = {"risk_summary": "", "recommendation": ""}
    for answer in all_met(review.gate):
        values |= {f"answer_{answer.criterion}": "yes", f"note_{answer.criterion}": ""}
    for prefix in ("attendee", "condition"):
        values |= {f"{prefix}-TOTAL_FORMS": "1", f"{prefix}-INITIAL_FORMS": "0"}
    there = everybody(review.project)
    values["attendee-TOTAL_FORMS"] = str(len(there))
    for place, one in enumerate(there):
        values |= {f"attendee-{place}-person": str(one.person.pk), f"attendee-{place}-capacity": one.capacity}
    return {**values, **some}


def decision(**some) -> dict[str, str]:
    return {
        "decision": "go",
        "stop_means": "hold",
        "held_on": TODAY.isoformat(),
        "rationale": "Everything is there.",
        "confirm": "on",
        "password": PASSWORD,
        **some,
    }


def test_the_room_shows_every_gate_of_the_class_with_its_days(project, pia, max) -> None:
    a_passed(project, by=pia)
    a_planned(project, "G1", on=TODAY + 5 * DAY)
    page = signed_in(max).get(url("gate-room", "P-3001")).content.decode()
    for gate in ("G0 Intake", "G1 Definition", "G2 Planning and baseline", "G4 Go-live readiness", "G5 Closeout"):
        assert gate in page
    assert "G3 Procurement" not in page
    assert "24 Nov 2026" in page
    assert 'aria-current="step"' in page


def test_the_readiness_page_names_and_links_what_is_missing(project, max) -> None:
    page = signed_in(max).get(url("gate-readiness", "P-3001", "G2")).content.decode()
    assert "Project definition document: not begun" in page
    assert "G0 Intake has not been passed." in page
    assert "not available yet" in page
    assert signed_in(max).get("/projects/P-3001/gates/G9/readiness/").status_code == 404


def test_a_finance_analyst_reads_a_gate_without_the_risks(project, fay, max) -> None:
    make_risk(project, title="If the bidder withdraws")
    review = a_planned(project)
    assert "If the bidder withdraws" in signed_in(max).get(review.get_absolute_url()).content.decode()
    assert "If the bidder withdraws" not in signed_in(fay).get(review.get_absolute_url()).content.decode()


def test_planning_moving_and_calling_off_by_page(project, max) -> None:
    client = signed_in(max)
    answer = client.post(url("gate-plan", "P-3001"), {"gate": "G0", "planned_on": (TODAY + 4 * DAY).isoformat()})
    review = GateReview.objects.get()
    assert answer["Location"] == review.get_absolute_url()
    client.post(url("gate-move", "P-3001", 1), {"planned_on": (TODAY + 9 * DAY).isoformat(), "reason": "The room is taken."})
    review.refresh_from_db()
    assert (review.first_planned_on, review.planned_on) == (TODAY + 4 * DAY, TODAY + 9 * DAY)
    client.post(url("gate-cancel", "P-3001", 1), {"reason": "No longer needed"})
    review.refresh_from_db()
    assert review.state == "cancelled"
    page = client.get(review.get_absolute_url()).content.decode()
    for said in (
        f"Moved from {TODAY + 4 * DAY:%-d %b %Y} to {TODAY + 9 * DAY:%-d %b %Y}",
        "The room is taken.",
        "Called off",
        "No longer needed",
        max.name,
    ):
        assert said in page


def test_keeping_what_is_typed_decides_nothing(project, max, pia) -> None:
    review = a_planned(project)
    answer = signed_in(max).post(url("gate-prepare", "P-3001", 1), typed(review, risk_summary="Vendor is new"))
    assert answer.status_code == 302
    review.refresh_from_db()
    assert (review.state, review.risk_summary) == ("planned", "Vendor is new")
    assert review.answers.filter(is_met=True).count() == 5
    assert [row.capacity for row in review.attendees.all()] == ["project manager", "sponsor"]
    # What the manager sends as the office's recommendation is left out.
    signed_in(max).post(url("gate-prepare", "P-3001", 1), typed(review, recommendation="Go at once"))
    review.refresh_from_db()
    assert review.recommendation == ""


def test_a_decision_by_page_takes_along_what_was_typed(project, pia) -> None:
    review = a_planned(project)
    answer = signed_in(pia).post(url("gate-decide", "P-3001", 1), typed(review, recommendation="Go.", **decision()))
    assert answer.status_code == 302
    review.refresh_from_db()
    assert (review.decision, review.recommendation, review.project.phase) == ("go", "Go.", "definition")
    assert SignOff.objects.filter(gate_review=review).count() == 1
    page = signed_in(pia).get(review.get_absolute_url()).content.decode()
    assert "I let P-3001 pass G0 Intake." in page
    assert review.record_sha256 in page


@pytest.mark.parametrize(
    "some", [{"password": "wrong"}, {"password": ""}, {"confirm": ""}, {"rationale": ""}, {"decision": ""}, {"held_on": ""}]
)
def test_without_password_confirmation_or_reason_nothing_is_signed(project, pia, some) -> None:
    review = a_planned(project)
    answer = signed_in(pia).post(url("gate-decide", "P-3001", 1), typed(review, **decision(**some)))
    assert answer.status_code == 422
    review.refresh_from_db()
    assert review.state == "planned"
    assert not SignOff.objects.exists()
    assert not review.answers.exists()


def test_after_ten_wrong_passwords_the_right_one_no_longer_signs(project, pia) -> None:
    review = a_planned(project)
    client = signed_in(pia)
    for _ in range(10):
        client.post(url("gate-decide", "P-3001", 1), typed(review, **decision(password="guess")))
    assert client.post(url("gate-decide", "P-3001", 1), typed(review, **decision())).status_code == 422
    assert not SignOff.objects.exists()


def test_a_refused_decision_shows_why_and_keeps_what_was_typed(project, pia) -> None:
    review = a_planned(project, "G1")
    answer = signed_in(pia).post(url("gate-decide", "P-3001", 1), typed(review, **decision(rationale="It must go on")))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "These gates come first: G0 Intake." in page
    assert "It must go on" in page
    assert PASSWORD not in page
    review.refresh_from_db()
    assert review.state == "planned"


@pytest.mark.parametrize(("name", "status"), [("max", 403), ("gina", 403), ("fay", 403), ("tess", 404), ("olaf", 404)])
def test_who_does_not_decide_is_turned_away(project, name, status, request) -> None:
    review = a_planned(project)
    client = signed_in(request.getfixturevalue(name))
    assert client.post(url("gate-decide", "P-3001", 1), typed(review, **decision())).status_code == status
    assert not SignOff.objects.exists()


@pytest.mark.parametrize("name", ["gate-decide", "gate-prepare"])
def test_a_verb_is_no_page(project, pia, name) -> None:
    a_planned(project)
    assert signed_in(pia).get(url(name, "P-3001", 1)).status_code == 405


def test_the_manager_sees_no_form_to_decide(project, max, pia) -> None:
    review = a_planned(project)
    assert "Sign the decision" not in signed_in(max).get(review.get_absolute_url()).content.decode()
    assert "Sign the decision" in signed_in(pia).get(review.get_absolute_url()).content.decode()
    assert "confirm" in DecideGateForm.base_fields


def test_the_calendar_shows_the_overdue_first_and_costs_the_same_for_many(max, pia) -> None:
    def some(count: int) -> Project:
        for _ in range(count):
            project = make_project(project_manager=max, governance_class=2, phase="intake")
            gates.plan(project, "G0", planned_on=TODAY + 9 * DAY, by=max, at=NOON)
        return project

    on_time = some(2)
    late = make_project(code="P-0900", project_manager=max, governance_class=2, phase="intake")
    gates.plan(late, "G0", planned_on=TODAY - 9 * DAY, by=max, at=NOON - 20 * DAY)
    client = signed_in(pia)
    client.get(url("gate-list"))
    with CaptureQueriesContext(connection) as few:
        page = client.get(url("gate-list")).content.decode()
    assert page.index("P-0900") < page.index(on_time.code)
    assert "Overdue" in page
    some(8)
    with CaptureQueriesContext(connection) as many:
        client.get(url("gate-list"))
    assert len(many) == len(few)
    assert "P-0900" in client.get(url("gate-list"), {"when": "late"}).content.decode()
    assert "P-0900" not in client.get(url("gate-list"), {"when": "ahead"}).content.decode()
    assert "P-0900" in client.get(url("gate-list"), {"month": "2026-11", "panel": "filters"}).content.decode()
    months = client.get(url("gate-months")).content.decode()
    assert months.index("P-0900") < months.index("November 2026")


def test_the_calendar_is_taken_along_as_a_file(project, pia) -> None:
    a_passed(project, by=pia)
    text = b"".join(signed_in(pia).get(url("gate-list-csv")).streaming_content).decode()
    assert "P-3001" in text
    assert "Go" in text
    assert signed_in(pia).get(url("gate-list-xlsx")).status_code == 200


def test_a_waiver_is_granted_shown_and_revoked_by_page(project, pia, max) -> None:
    client = signed_in(pia)
    given = {
        "gate": "G1",
        "waived": "definition",
        "expires_on": (TODAY + 20 * DAY).isoformat(),
        "reason": "The ordinance takes effect.",
    }
    assert client.post(url("waiver-new", "P-3001"), given).status_code == 302
    waiver = Waiver.objects.get()
    assert "The ordinance takes effect." in client.get(url("waiver-list")).content.decode()
    assert "waived until 9 Dec 2026" in client.get(url("gate-readiness", "P-3001", "G1")).content.decode()
    assert client.get(url("waiver-revoke", waiver.pk)).status_code == 200
    waiver.refresh_from_db()
    assert waiver.revoked_at is None
    assert client.post(url("waiver-revoke", waiver.pk), {"reason": " "}).status_code == 422
    assert client.post(url("waiver-revoke", waiver.pk), {"reason": "The document is in."}).status_code == 302
    waiver.refresh_from_db()
    assert waiver.revoked_by == pia
    assert client.post(url("waiver-revoke", waiver.pk), {"reason": "Once more."}).status_code == 422
    assert signed_in(max).post(url("waiver-new", "P-3001"), given).status_code == 403


def test_the_pack_is_one_tagged_pdf(project, pia) -> None:
    make_risk(project, title="If the bidder withdraws")
    review = a_passed(project, by=pia)
    answer = signed_in(pia).get(url("gate-pdf", "P-3001", review.number))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert b"/MarkInfo" in answer.content or b"pdfuaid" in answer.content
    again = signed_in(pia).get(url("gate-pdf", "P-3001", review.number))
    assert again.content == answer.content


def test_a_project_of_the_past_shows_its_imported_gates(project, pia) -> None:
    day = dt.date(2018, 3, 1)
    GateReview.objects.create(
        project=project, gate="G0", number=1, state="decided", decision="go", planned_on=day, first_planned_on=day,
        held_on=day, source="Another house", kind_in_source="2 Gate", rationale="BNI",
    )  # fmt: skip
    client = signed_in(pia)
    assert "Another house" in client.get(url("gate-room", "P-3001")).content.decode()
    assert client.get(url("gate-detail", "P-3001", 1)).status_code == 200
    assert "P-3001" not in client.get(url("gate-list")).content.decode()
    assert "P-3001" in client.get(url("gate-list"), {"records": "imported"}).content.decode()


def test_an_attendee_who_is_taken_off_is_gone_and_remembered(project, max) -> None:
    review = a_prepared(project)
    gates.prepare(review, by=max, at=NOON, attendees=[Attendee(name="Mayor")])
    removed = review.attendees.model.history.filter(history_type="-")
    assert {row.person for row in removed} == {max, project.sponsor}


def test_the_rules_of_gates_are_read_by_managers_and_changed_by_the_office(project, pia, max) -> None:
    assert signed_in(max).get(url("tailoring-edit")).status_code == 200
    assert signed_in(max).post(url("tailoring-edit"), {}).status_code == 403
    assert signed_in(max).post(url("criteria-edit"), {}).status_code == 403
    page = signed_in(pia).get(url("tailoring-edit")).content.decode()
    assert "Put in force" in page
    assert "Change" in signed_in(pia).get(reverse("governance:rules-detail")).content.decode()


def test_the_auditor_sees_a_decided_gate_among_the_latest_decisions(project, pia, audrey) -> None:
    a_passed(project, by=pia)
    assert "G0 Intake: Go" in signed_in(audrey).get("/").content.decode()


def test_a_decision_takes_more_conditions_than_two(project, pia, max, sam) -> None:
    review = a_prepared(project)
    rows = {}
    for number in range(4):
        line = {"text": f"Point {number} is settled.", "owner": max.pk, "verifier": sam.pk, "due_on": "2027-03-01"}
        rows |= {f"condition-{number}-{key}": value for key, value in line.items()}
    sent = {**typed(review), **decision(decision="conditional"), **rows, "condition-TOTAL_FORMS": "6"}
    answer = signed_in(pia).post(url("gate-decide", "P-3001", review.number), sent)
    assert answer.status_code == 302
    assert review.conditions.count() == 4
    page = signed_in(pia).get(review.get_absolute_url()).content.decode()
    assert all(row.get_absolute_url() in page for row in review.conditions.all())


def test_a_condition_written_beside_another_decision_is_shown_again(project, pia) -> None:
    review = a_prepared(project)
    sent = {**typed(review), **decision(), "condition-0-text": "The plan is filed."}
    answer = signed_in(pia).post(url("gate-decide", "P-3001", review.number), sent)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "gate-conditions--begun" in page
    assert "The plan is filed." in page


def test_an_attendee_whom_somebody_else_kept_meanwhile_stays(project, max) -> None:
    review = a_planned(project)
    sent = typed(review)
    gates.prepare(review, by=max, at=NOON, attendees=[Attendee(person=max, capacity="project manager")])
    assert signed_in(max).post(url("gate-prepare", "P-3001", review.number), sent).status_code == 302
    assert max in [row.person for row in review.attendees.all()]


def test_the_day_that_a_decision_named_is_offered_when_the_next_gate_is_planned(project, pia, max) -> None:
    review = a_passed(project, by=pia, next_gate_on=TODAY + 40 * DAY)
    form = signed_in(max).get(url("gate-plan", "P-3001")).context["form"]
    assert (form["gate"].value(), form["planned_on"].value()) == ("G1", TODAY + 40 * DAY)
    assert "Next gate" in signed_in(max).get(review.get_absolute_url()).content.decode()
