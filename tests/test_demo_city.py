"""The demo city: built through the real verbs, consistent to the last digest, and ready for a newcomer's first minutes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from governance.clock import Office
from governance.document_states import ConditionState
from governance.documents.rows_typed import problems_of
from governance.gate_states import GateDecision
from governance.lessons import lessons_for
from governance.models import (
    Delegation,
    Deliverable,
    DeliverableVersion,
    DocumentSection,
    GateReview,
    GuidanceNote,
    Lesson,
    PolicyVersion,
    ProductivityStandard,
    ProjectStanding,
    RatingChallenge,
    StandingSnapshot,
)
from governance.policies import not_acknowledged
from governance.reports import current_deliverable, start_draft
from governance.separation import Duties
from governance.signing import verify_chain, verify_versions
from governance.standings import rebuild_standings
from governance.states import ChallengeState, VersionState
from pmo.demo import phrases
from pmo.demo.city import build_city
from pmo.demo.clock import CityTime
from pmo.demo.people import DIRECTORS, OWNERS, PROJECT_MANAGERS, TEAM
from pmo.demo.projects import PROGRAMS, designs
from pmo.demo.weeks import status_date_for, waiting_since
from pmo.demo_personas import DEMO_PASSWORD, PERSONAS
from pmo.models import User
from portfolio.classification import class_for, points
from portfolio.models import ClassScore, Milestone, Project

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
CITY = ZoneInfo("America/Chicago")
WEEKS = 13
#: A Tuesday, as in the week the city was designed for.
NOW = dt.datetime(2026, 12, 8, 9, 40, tzinfo=CITY)


@pytest.fixture(scope="module")
def city(django_db_setup, django_db_blocker):
    """Build the city once for all tests of this file, inside a transaction that is rolled back."""
    # The PDFs of the last two days would be printed at once, because tests have no worker.
    patch = pytest.MonkeyPatch()
    patch.setattr("governance.tasks.build_copies_after_commit", lambda subject, *, at: None)
    with time_machine.travel(NOW, tick=True), django_db_blocker.unblock(), transaction.atomic():
        built = build_city(NOW, WEEKS)
        patch.undo()
        yield built
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _lives_in_the_city(city, db):
    """Every test sees the city; what it changes is undone after it."""


def person(email_head: str) -> User:
    return User.objects.get(email__startswith=email_head)


def test_the_sentence_of_the_dashboard_is_the_designed_one() -> None:
    counted = Counter(ProjectStanding.objects.values_list("overall", flat=True))
    assert counted == {"G": 28, "Y": 9, "R": 3, "-": 1}


def test_every_strip_is_as_designed() -> None:
    for design in designs():
        strip = ProjectStanding.objects.get(project__code=design.code).strip
        told = strip.strip("-")
        assert design.strip.strip("-").endswith(told), design.code
        assert len(told) >= (7 if design.governance_class == 1 else 10), design.code


def test_since_last_week_two_are_worse_and_one_is_better() -> None:
    week_ago = {row.project_id: row.overall for row in StandingSnapshot.objects.as_of(NOW.date() - dt.timedelta(days=7))}
    rank = "GYR"
    moves = Counter(
        (rank.index(row.overall) > rank.index(week_ago[row.project_id]))
        - (rank.index(row.overall) < rank.index(week_ago[row.project_id]))
        for row in ProjectStanding.objects.exclude(overall="-")
    )
    assert (moves[1], moves[-1]) == (2, 1)


def test_every_sign_off_and_every_frozen_version_holds() -> None:
    assert verify_chain() is None
    assert list(verify_versions()) == []


def test_sign_offs_follow_each_other_in_time() -> None:
    from governance.models import SignOff

    moments = list(SignOff.objects.order_by("sequence").values_list("signed_at", flat=True))
    assert moments == sorted(moments)
    assert moments[-1] <= NOW


def test_rebuilding_the_standings_changes_nothing() -> None:
    assert rebuild_standings(at=NOW) == 0


def test_history_is_dated_when_things_happened() -> None:
    accepted = DeliverableVersion.objects.filter(state=VersionState.APPROVED).order_by("decided_at").first()
    dates = accepted.history.order_by("history_id").values_list("history_date", flat=True)
    assert list(dates)[-1] == accepted.decided_at
    assert Project.history.filter(history_type="+").latest("history_date").history_date < NOW - dt.timedelta(days=60)


def test_every_change_has_its_history_row() -> None:
    reports = DeliverableVersion.objects.filter(state=VersionState.APPROVED, status_report__isnull=False)
    for version in reports[:20]:
        assert [row.state for row in version.history.order_by("history_id")] == ["draft", "submitted", "approved"]
    for milestone in Milestone.objects.exclude(actual_on=None)[:20]:
        assert milestone.history.latest("history_id").actual_on == milestone.actual_on


def test_the_watermelon_is_in_review_beside_an_open_challenge() -> None:
    version = DeliverableVersion.objects.waiting().get(deliverable__project__code="P-2388")
    assert version.state == VersionState.IN_REVIEW
    letters = {row.dimension: (row.pm_letter, row.computed_letter) for row in version.status_report.ratings.all()}
    assert letters["overall"] == ("G", "R")
    assert RatingChallenge.objects.filter(version=version, state=ChallengeState.OPEN, check_code="W1").exists()


def test_one_project_was_saved_after_a_red_month() -> None:
    assert ProjectStanding.objects.get(project__code="P-2290").strip == "GGYRRRRYYYYG"
    assert Project.objects.get(code="P-2290").baseline_number == 1


def test_one_project_was_re_baselined_twice_and_keeps_its_original() -> None:
    project = Project.objects.get(code="P-2215")
    assert project.baseline_number == 2
    assert project.original_finish_on < project.baseline_finish_on
    assert project.milestones.get(name="Go-live").original_on < project.milestones.get(name="Go-live").baseline_on


def test_one_project_fell_silent_and_is_grey() -> None:
    standing = ProjectStanding.objects.get(project__code="P-2402")
    assert (standing.overall, standing.is_report_overdue) == ("-", True)
    assert Deliverable.objects.not_in(NOW).filter(project__code="P-2402").count() == 2
    assert standing.project.project_manager == person("tobin")


def test_the_office_managers_own_project_waits_for_the_executive() -> None:
    version = DeliverableVersion.objects.waiting().get(deliverable__project__code="P-2420")
    adela, marguerite = person("adela"), person("marguerite")
    assert version.deliverable.project.project_manager == adela
    assert not Duties.of(adela, NOW.date()).may_decide(version)
    assert Duties.of(marguerite, NOW.date()).may_decide(version)


def test_reports_wait_overdue_today_and_later_this_week() -> None:
    due = [version.review_due_at.astimezone(CITY).date() for version in DeliverableVersion.objects.waiting()]
    assert min(due) < NOW.date()
    assert NOW.date() in due
    assert max(due) > NOW.date()


def test_several_waiting_reports_agree_in_everything() -> None:
    clean = [
        version
        for version in DeliverableVersion.objects.waiting().filter(status_report__isnull=False)
        if all(row.computed_letter in ("N", row.pm_letter) for row in version.status_report.ratings.all())
    ]
    assert len(clean) >= 4


def test_halima_has_a_report_to_answer() -> None:
    version = DeliverableVersion.objects.get(
        state=VersionState.RETURNED, deliverable__project__code="P-2324", deliverable__period_end_on=dt.date(2026, 12, 3)
    )
    assert version.findings.filter(state="open").count() == 2
    assert version.deliverable.project.project_manager == person("halima")


@pytest.mark.parametrize(("who", "code"), [("ines", "P-2215"), ("halima", "P-2290")])
def test_a_newcomer_can_write_this_weeks_report(who, code) -> None:
    project = Project.objects.get(code=code)
    deliverable = current_deliverable(project, at=NOW, office=Office.load(project.governance_class))
    assert deliverable.period_end_on == dt.date(2026, 12, 10)
    assert not deliverable.versions.exists()
    draft = start_draft(deliverable, by=person(who), at=NOW)
    assert draft.status_report.headline
    assert draft.status_report.reconciliations.exists()


def test_the_personas_are_there_with_their_roles_and_password() -> None:
    for persona in PERSONAS:
        user = User.objects.get(email=persona.email)
        assert user.check_password(DEMO_PASSWORD)
        assert user.roles == ({persona.role.value} if persona.role else set())


def test_a_delegation_was_used_and_another_is_ahead() -> None:
    assert Delegation.objects.filter(ends_on__lt=NOW.date()).count() == 1
    assert Delegation.objects.filter(starts_on__gt=NOW.date()).count() == 1


def test_every_class_follows_from_its_score() -> None:
    for score in ClassScore.objects.select_related("project"):
        flags = {"is_over_five_million": score.is_over_five_million, "is_mission_critical": score.is_mission_critical}
        assert class_for(points(score.answers), **flags) == score.governance_class == score.project.governance_class


def test_no_text_has_an_unfilled_blank() -> None:
    for version in DeliverableVersion.objects.exclude(content="").filter(status_report__isnull=False):
        for row in version.status_report.reconciliations.all():
            assert "{" not in row.text + row.note
        assert "{" not in version.status_report.headline + version.status_report.plan + version.status_report.accomplishments


def test_what_was_planned_is_what_is_reported() -> None:
    for version in DeliverableVersion.objects.standing().filter(status_report__previous__isnull=False)[:60]:
        report = version.status_report
        assert [row.text for row in report.reconciliations.all()] == [text[:400] for text in report.previous.plan_items()]


def test_it_refuses_where_there_are_projects_and_does_nothing_when_told_so(capsys) -> None:
    before = DeliverableVersion.objects.count()
    with pytest.raises(CommandError):
        call_command("seed_demo")
    call_command("seed_demo", "--if-empty")
    assert DeliverableVersion.objects.count() == before


def test_it_refuses_under_production_settings(settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="not for production"):
        call_command("seed_demo", "--if-empty")


def test_the_data_files_fit_together() -> None:
    names = {design.manager for design in designs()}
    assert names <= {*PROJECT_MANAGERS, *(persona.name for persona in PERSONAS)}
    assert len(designs()) == len({design.code for design in designs()}) == 41
    for design in designs():
        assert design.department in DIRECTORS.keys() & OWNERS.keys()
        assert not design.program or design.program in PROGRAMS
        for phase in ("definition", "planning", "procurement", "build", "test", "rollout", "closing"):
            assert len(phrases.work(design.subject.kind, phase)) >= 9
        for section in ("risks", "issues"):
            assert len(phrases.entries(f"{design.subject.kind} {section}")) >= 2
    assert {role for _, role in TEAM.values()} >= {"lead", "analyst", "developer", "tester", "engineer", "trainer"}


@pytest.mark.parametrize("day", range(7))
def test_on_every_weekday_what_waits_was_submitted_in_the_past_for_a_week_that_has_begun(day) -> None:
    time = CityTime.at(NOW + dt.timedelta(days=day))
    for bucket in ("overdue", "today", "week"):
        since = waiting_since(time, bucket, 14)
        assert since < time.now
        assert 0 <= (status_date_for(time, since) - since.astimezone(CITY).date()).days + 4 <= 8


def test_the_clock_is_put_back() -> None:
    assert abs(timezone.now() - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)


def test_the_rulebook_is_kept_and_two_new_versions_wait_to_be_read() -> None:
    in_force = PolicyVersion.objects.in_force()
    waiting = {version.policy.code for version in in_force.select_related("policy") if not_acknowledged(version).exists()}
    assert (in_force.count(), waiting) == (6, {"POL-02", "POL-05"})
    assert ProductivityStandard.objects.count() == 6
    typed = ProductivityStandard.objects.filter(recorded_figure="")
    recorded = ProductivityStandard.objects.exclude(recorded_figure="")
    assert {standard.measurements.count() for standard in typed} == {12}
    assert recorded.count() == 3
    assert all(standard.measurements.filter(measured_by=None).exists() for standard in recorded)
    assert Counter(GuidanceNote.objects.values_list("state", flat=True)) == {
        "taken_up": 7,
        "not_taken": 1,
        "read": 2,
        "open": 2,
    }
    assert Counter(Lesson.objects.values_list("state", flat=True)) == {"published": 13, "draft": 2}


def test_a_project_in_definition_is_offered_lessons() -> None:
    project = Project.objects.get(code="P-2409")
    assert lessons_for(project, person("adela"))


def test_documents_stand_in_every_state_a_visitor_will_look_for(city) -> None:
    states = Counter(DeliverableVersion.objects.filter(document__isnull=False).values_list("state", flat=True))
    assert set(states) >= {"draft", "submitted", "approved", "conditional", "returned"}
    assert sum(states.values()) >= 20
    assert states["approved"] >= 12


def test_no_cell_of_a_submitted_document_is_to_be_mended(city) -> None:
    rows = DocumentSection.objects.exclude(document__version__state="draft").select_related("section")
    wrong = [
        f"{row.document}: {row} {problem}"
        for row in rows.select_related("document__project")
        if row.section.is_table
        for _, problem in problems_of(row.rows, row.section.columns)
    ]
    assert not wrong
    assert not [str(row) for row in rows if "{" in row.text]


def test_one_gate_was_passed_with_conditions_one_met_and_one_due_soon() -> None:
    review = GateReview.objects.get(decision=GateDecision.CONDITIONAL)
    states = list(review.conditions.order_by("number").values_list("state", flat=True))
    assert states == [ConditionState.CLOSED, ConditionState.OPEN]
    assert review.conditions.last().due_on > review.held_on
