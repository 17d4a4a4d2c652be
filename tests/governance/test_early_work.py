"""Work before its gate: a go-live reached while G4 was not passed, found once no decision can be signed for that day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from governance.compliance import close_finding
from governance.due import run_due
from governance.gate_past import enter_past
from governance.models import ClassGates, ComplianceFinding, GateReview
from pmo.models import CityHoliday, MailMessage, Notification
from portfolio.models import Milestone, Project
from tests.factories import make_milestone, make_project
from tests.governance.gated import DAY, TODAY, a_passed, up_to
from tests.governance.stories import CITY, NOON

pytestmark = pytest.mark.django_db
REACHED = dt.date(2026, 11, 10)


@pytest.fixture
def project(max: Any) -> Project:
    """Return a project of class 1, whose gates are decided here since 2 November."""
    project = make_project(code="P-3001", project_manager=max, governance_class=1, phase="build", is_reporting=False)
    Project.objects.filter(pk=project.pk).update(created_at=dt.datetime(2026, 11, 2, 9, tzinfo=CITY))
    project.refresh_from_db()
    return project


def a_go_live(project: Project, on: dt.date = REACHED, **some: Any) -> Milestone:
    return make_milestone(project, **{"name": "Go-live of the counter", "kind": "go_live", "actual_on": on, **some})


def found() -> list[ComplianceFinding]:
    return list(ComplianceFinding.objects.filter(rule="work_before_gate").order_by("pk"))


def test_a_go_live_before_its_gate_is_found_once_and_told(project: Project, max: Any, pia: Any) -> None:
    a_go_live(project)
    run_due(at=NOON)
    run_due(at=NOON + DAY)
    (finding,) = found()
    assert finding.sentence == "Go-live of the counter was reached on 10 Nov 2026, and G4 Go-live readiness was not passed."
    assert (finding.project, finding.owner, finding.due_on) == (project, max, TODAY + 14 * DAY)
    assert finding.history.count() == 1
    key = f"early-work-{finding.pk}"
    assert set(Notification.objects.filter(key=key).values_list("recipient", flat=True)) == {max.pk, pia.pk}
    assert MailMessage.objects.filter(notification__key=key, is_urgent=True).count() == 2


def test_it_is_not_to_be_mended_on_a_day_off(project: Project) -> None:
    CityHoliday.objects.create(on=TODAY + 14 * DAY, name="Day of the city")
    a_go_live(project)
    run_due(at=NOON)
    assert found()[0].due_on == TODAY + 15 * DAY


def test_nothing_is_said_while_the_decision_of_that_day_may_still_be_signed(project: Project) -> None:
    a_go_live(project, dt.date(2026, 11, 12))
    run_due(at=NOON)  # the fifth working day after
    assert not found()
    run_due(at=NOON + DAY)
    assert len(found()) == 1


@pytest.mark.parametrize(
    "case",
    ["work", "planned", "rollout", "closed", "cancelled", "before it was kept here", "before the office set", "not on path"],
)
def test_what_is_not_certain_is_not_found(case: str, project: Project, pia: Any) -> None:
    some: dict[str, dict[str, Any]] = {
        "work": {"kind": "work"},
        "planned": {"actual_on": None, "forecast_on": REACHED},
        "before it was kept here": {"actual_on": dt.date(2026, 10, 30)},
    }
    a_go_live(project, **some.get(case, {}))
    if case in ("rollout", "closed"):
        Project.objects.filter(pk=project.pk).update(phase=case)
    elif case == "cancelled":
        project.cancel(by=pia, reason="No funds")
    elif case == "before the office set":
        ClassGates.objects.filter(governance_class=1).update(kept_from=REACHED + DAY)
    elif case == "not on path":
        ClassGates.objects.filter(governance_class=1).update(path="G0 G1 G5")
    run_due(at=NOON)
    assert not found()


def test_the_gate_closes_it_and_settles_what_was_told(project: Project, pia: Any) -> None:
    a_go_live(project)
    run_due(at=NOON)
    up_to(project, "G4", by=pia)
    assert found()[0].closed_at is None
    a_passed(project, "G4", by=pia)
    (finding,) = found()
    assert (finding.closed_by, finding.closing_evidence) == (pia, "G4 Go-live readiness was passed on 19 Nov 2026.")
    assert finding.history.count() == 2
    assert not Notification.objects.filter(key=f"early-work-{finding.pk}", read_at=None).exists()
    run_due(at=NOON + DAY)
    assert len(found()) == 1


def test_a_gate_entered_from_a_record_closes_it_too(project: Project, pia: Any) -> None:
    a_go_live(project)
    run_due(at=NOON)
    held = dt.date(2026, 10, 30)
    enter_past(project, "G4", planned_on=held, held_on=held, source="Minutes of the board", by=pia, at=NOON)
    assert found()[0].closing_evidence == "G4 Go-live readiness was passed on 30 Oct 2026."


def test_a_hold_at_the_gate_closes_nothing_and_a_gate_passed_before_is_none(project: Project, pia: Any) -> None:
    a_go_live(project)
    held = {"planned_on": REACHED, "first_planned_on": REACHED, "held_on": REACHED, "state": "decided"}
    review = GateReview.objects.create(project=project, gate="G4", number=1, decision="hold", **held)
    run_due(at=NOON)
    assert len(found()) == 1
    ComplianceFinding.objects.all().delete()
    GateReview.objects.filter(pk=review.pk).update(decision="go")
    run_due(at=NOON + DAY)
    assert not found()


def test_a_go_live_taken_back_closes_it_and_a_later_one_is_another(project: Project, max: Any) -> None:
    milestone = a_go_live(project)
    run_due(at=NOON)
    milestone.reopen(by=max, reason="It was a rehearsal.")
    run_due(at=NOON + DAY)
    (finding,) = found()
    assert finding.closed_by is None
    assert finding.closing_evidence == "The go-live is no longer marked as reached on that day."
    milestone.reach(by=max, on=REACHED + DAY)
    run_due(at=NOON + DAY)
    assert [row.closed_at is None for row in found()] == [False, True]


def test_a_go_live_taken_back_for_a_night_is_found_again_under_its_first_day(project: Project, max: Any, pia: Any) -> None:
    milestone = a_go_live(project)
    run_due(at=NOON)
    (before,) = found()
    for night in (1, 2):
        milestone.reopen(by=max, reason="It was a rehearsal.")
        run_due(at=NOON + night * DAY)
        assert found()[0].closed_at == NOON + night * DAY
        milestone.reach(by=max, on=REACHED)
        run_due(at=NOON + night * DAY)
        (finding,) = found()
        assert (finding.closed_at, finding.closed_by, finding.closing_evidence) == (None, None, "")
        assert (finding.pk, finding.opened_at, finding.due_on) == (before.pk, NOON, before.due_on)
        assert finding.history.count() == 1 + 2 * night
        assert finding.history.latest().history_change_reason == "found again by the daily check"
        unread = Notification.objects.filter(key__startswith=f"early-work-{finding.pk}", read_at=None)
        assert set(unread.values_list("key", "recipient")) == {
            (f"early-work-{finding.pk}-{night}", who.pk) for who in (max, pia)
        }
    run_due(at=NOON + 2 * DAY)
    assert found()[0].history.count() == 5
    up_to(project, "G5", by=pia)
    assert found()[0].closed_by == pia
    assert not unread.exists()


def test_what_a_person_closed_stays_closed(project: Project, max: Any, pia: Any) -> None:
    milestone = a_go_live(project)
    run_due(at=NOON)
    close_finding(found()[0], by=pia, at=NOON, evidence="The board was asked by mail.")
    milestone.reopen(by=max, reason="It was a rehearsal.")
    milestone.reach(by=max, on=REACHED)
    run_due(at=NOON + DAY)
    (finding,) = found()
    assert (finding.closed_at, finding.closed_by, finding.history.count()) == (NOON, pia, 2)


def test_a_go_live_that_is_typed_anew_closes_it_and_typed_back_opens_it(project: Project, max: Any) -> None:
    milestone = a_go_live(project)
    run_due(at=NOON)
    Milestone.objects.filter(pk=milestone.pk).update(kind="work")
    run_due(at=NOON + DAY)
    (finding,) = found()
    assert (finding.closed_by, finding.closing_evidence) == (None, "The milestone is no longer marked as a go-live.")
    Milestone.objects.filter(pk=milestone.pk).update(kind="go_live")
    run_due(at=NOON + DAY)
    assert [row.closed_at for row in found()] == [None]


def test_many_projects_take_as_many_queries_as_one(project: Project, max: Any, django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from governance.clock import Office
    from governance.early_work import open_early_work, settle_undone

    a_go_live(project)
    office = Office.load()
    open_early_work(NOON, office)
    with CaptureQueriesContext(connection) as few:
        settle_undone(NOON)
        open_early_work(NOON, office)
    for _ in range(6):
        a_go_live(make_project(project_manager=max))
    Project.objects.update(created_at=dt.datetime(2026, 11, 2, 9, tzinfo=CITY))
    assert open_early_work(NOON, office) == 6
    with django_assert_num_queries(len(few)):
        settle_undone(NOON)
        open_early_work(NOON, office)
