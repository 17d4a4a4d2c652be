"""However a project ends, its planned reviews are called off once; reopened, it is closed by its last gate once more."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from governance import gates
from governance.gate_after import months_after
from governance.gate_states import GateState
from governance.models import GateReview
from pmo.lib.errors import Refused
from pmo.models import Notification
from portfolio.models import Project
from portfolio.signals import status_changed
from tests.factories import make_project
from tests.governance.gated import DAY, TODAY, a_passed, a_planned, fresh, refusal, terms, up_to
from tests.governance.pages import signed_in
from tests.governance.stories import NOON
from tests.portfolio.importing import codes, imported

pytestmark = pytest.mark.django_db
AHEAD = TODAY + 20 * DAY
TODAY_IN_THE_CITY = dt.date(2026, 11, 20)


@pytest.fixture
def project(max: Any, sam: Any) -> Project:
    return make_project(code="P-3001", project_manager=max, sponsor=sam, governance_class=2, phase="intake")


def called_off(review: GateReview) -> list[tuple[Any, str]]:
    """Return by whom and why a review was called off, once for each time."""
    rows = review.history.filter(state=GateState.CANCELLED)  # type: ignore[attr-defined]
    return [(row.history_user, row.history_change_reason) for row in rows]


def planned(project: Project) -> list[tuple[str, dt.date]]:
    return list(project.gate_reviews.filter(state="planned").order_by("planned_on").values_list("gate", "planned_on"))


def closed(project: Project, *, by: Any) -> GateReview:
    """Let the project pass all its gates to the last."""
    up_to(project, "G5", by=by)
    return a_passed(project, "G5", by=by)


# Ways to end it


def test_cancelled_by_a_script_its_planned_reviews_are_called_off_with_reason_and_person(project, pia) -> None:
    review = a_planned(project, on=AHEAD)
    project.cancel(by=pia, reason="No funds")
    assert called_off(review) == [(pia, "The project is cancelled: No funds")]
    assert planned(project) == []


def test_closed_by_a_script_only_the_reviews_of_benefits_stay(project, pia) -> None:
    review, benefits = a_planned(project, "G1", on=AHEAD), a_planned(project, "G6", on=AHEAD)
    project.close(by=pia, reason="Accepted", finished_on=TODAY_IN_THE_CITY)
    assert called_off(review) == [(pia, "The project is closed: Accepted")]
    assert (planned(project), called_off(benefits)) == ([("G6", AHEAD)], [])


def test_cancelled_on_its_page_they_are_called_off_once(project, pia) -> None:
    review = a_planned(project, on=AHEAD)
    answer = signed_in(pia).post(reverse("portfolio:project-cancel", args=[project.code]), {"reason": "No funds"})
    assert answer.status_code == 302
    assert called_off(review) == [(pia, "The project is cancelled: No funds")]


def test_stopped_for_good_at_a_gate_they_are_called_off_once(project, pia) -> None:
    later = a_planned(project, "G1", on=AHEAD)
    a_passed(project, by=pia, decision="stop", cancels=True)
    assert [(by, reason.split(":")[0]) for by, reason in called_off(later)] == [(pia, "The project is cancelled")]


def test_closed_by_its_last_gate_they_are_called_off_once_and_the_gate_itself_stands(project, pia) -> None:
    up_to(project, "G5", by=pia)
    row = GateReview(project=project, gate="G2", number=90, planned_on=AHEAD, first_planned_on=AHEAD, planned_at=NOON)
    row.save()
    last = a_passed(project, "G5", by=pia)
    assert [(by, reason.split(":")[0]) for by, reason in called_off(row)] == [(pia, "The project is closed")]
    assert fresh(last).state == GateState.DECIDED
    assert planned(project) == [("G6", months_after(TODAY, 12))]


def test_an_import_ends_no_project_so_its_plan_stays(project, pia) -> None:
    review = a_planned(project, on=AHEAD)
    run = imported(f"code,name,phase\n{project.code},{project.name},Closed\n", by=pia, is_accepting_rows=True)
    assert "close_by_hand" in [code for _, code in codes(run)]
    project.refresh_from_db()
    assert project.is_open
    assert fresh(review).state == GateState.PLANNED


def test_holding_a_project_and_taking_it_up_again_leaves_its_plan(project, pia) -> None:
    a_planned(project, on=AHEAD)
    a_planned(project, "G6", on=AHEAD + DAY)
    project.put_on_hold(by=pia, reason="Waits")
    project.reactivate(by=pia, reason="Money is there")
    assert planned(project) == [("G0", AHEAD), ("G6", AHEAD + DAY)]


def test_what_another_house_planned_is_not_ours_to_call_off(project, pia) -> None:
    review = a_planned(project, on=AHEAD)
    GateReview.objects.filter(pk=review.pk).update(source="Another house")
    project.cancel(by=pia, reason="No funds")
    assert fresh(review).state == GateState.PLANNED


def test_whoever_expected_the_review_is_told_and_asked_for_nothing_more(project, pia, max, sam) -> None:
    a_planned(project, on=AHEAD, by=pia)
    project.cancel(by=pia, reason="No funds")
    assert not Notification.objects.filter(key__startswith="gate-planned", read_at=None).exists()
    told = Notification.objects.filter(key__startswith="gate-off")
    assert {row.recipient_id for row in told} == {max.pk, sam.pk}


def test_an_ending_that_is_refused_calls_nothing_off(project, pia, max) -> None:
    review = a_planned(project, on=AHEAD)
    assert refusal(project.cancel, by=max, reason="My own") == "own_project"
    assert refusal(project.cancel, by=pia, reason=" ") == "reason_missing"
    stale = Project.objects.get(pk=project.pk)
    project.cancel(by=pia, reason="No funds")
    assert refusal(stale.cancel, by=pia, reason="Again") == "wrong_status"
    assert called_off(review) == [(pia, "The project is cancelled: No funds")]


def test_where_the_calling_off_fails_the_project_does_not_end(project, pia) -> None:
    def fail(sender: Any, **signal: Any) -> None:
        raise Refused("Not now.", "not_now")

    status_changed.connect(fail)
    try:
        assert refusal(project.cancel, by=pia, reason="No funds") == "not_now"
    finally:
        status_changed.disconnect(fail)
    assert Project.objects.get(pk=project.pk).is_open


def test_nothing_is_planned_by_a_page_that_was_open_when_the_project_ended(project, pia) -> None:
    stale = Project.objects.get(pk=project.pk)
    project.cancel(by=pia, reason="No funds")
    assert refusal(a_planned, stale, "G1", by=pia) == "project_over"
    assert planned(project) == []


# Benefits, and closing once more


def test_a_review_of_benefits_is_planned_and_decided_after_the_closing(project, pia) -> None:
    closed(project, by=pia)
    project = Project.objects.get(pk=project.pk)
    review = a_passed(project, "G6", by=pia)
    assert (fresh(review).decision, fresh(review).phase_after) == ("go", "closed")
    assert planned(project) == [("G6", months_after(TODAY, 12))]
    assert refusal(a_planned, project, "G6", on=months_after(TODAY, 12)) == "already_planned"
    assert refusal(a_planned, project, "G5") == "project_over"


def test_a_reopened_project_calls_the_reviews_of_its_benefits_off(project, pia) -> None:
    closed(project, by=pia)
    benefits = project.gate_reviews.get(gate="G6")
    project.reactivate(by=pia, reason="Defects found")
    said = "The project is reopened, so its benefits are reviewed after the next closing: Defects found"
    assert called_off(benefits) == [(pia, said)]


def test_a_reopened_project_is_closed_by_a_second_g5_which_counts_its_benefits_anew(project, pia) -> None:
    first = closed(project, by=pia)
    project.reactivate(by=pia, reason="Defects found")
    second = a_passed(project, "G5", by=pia)
    stored = Project.objects.get(pk=project.pk)
    assert (stored.status, stored.phase, stored.actual_finish_on) == ("closed", "closed", TODAY)
    assert (fresh(first).decision, fresh(second).decision) == ("go", "go")
    assert planned(project) == [("G6", months_after(TODAY, 12))]


def test_a_review_of_benefits_planned_by_hand_for_the_very_day_is_not_planned_twice(project, pia) -> None:
    a_planned(project, "G6", on=months_after(TODAY, 12))
    closed(project, by=pia)
    assert planned(project) == [("G6", months_after(TODAY, 12))]


def test_benefits_are_reviewed_while_the_project_is_open_only_once_it_passed_its_last_gate(project, pia) -> None:
    review = a_planned(project, "G6")
    gates.prepare(review, by=pia, at=NOON)
    there = [gates.Attendee(person=project.project_manager, capacity="project manager")]
    assert refusal(gates.decide, review, by=pia, at=NOON, **terms(attendees=there)) == "gates_out_of_order"
