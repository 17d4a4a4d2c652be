"""The demo city: built through the real verbs, consistent to the last digest, and ready for a newcomer's first minutes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone
from django.utils.html import strip_tags

from governance.change_states import ChangeState
from governance.clock import Office
from governance.document_states import ConditionState, Opinion, PartState
from governance.documents.rows_typed import problems_of
from governance.gate_states import GOES, ComplianceRule, Gate, GateDecision, GateState
from governance.lessons import lessons_for
from governance.models import (
    ChangeRequest,
    ComplianceFinding,
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
from governance.routing import give_opinion
from governance.seats import part_for
from governance.separation import Duties
from governance.signing import verify_chain, verify_versions
from governance.standings import rebuild_standings
from governance.states import ChallengeState, VersionState
from pmo.demo.city import build_city
from pmo.demo.projects import designs
from pmo.demo_personas import DEMO_PASSWORD, PERSONAS
from pmo.models import User
from portfolio.classification import class_for, points
from portfolio.models import ClassScore, Milestone, Project
from tests import demo_facts

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
CITY = ZoneInfo("America/Chicago")
#: What each persona is there for, as their first page names it.
FIRST_PAGE = {
    "adela.voss-marin": ("items wait for you", "P-2338", "P-2231"),
    "ines.okonta": ("Write report", "P-2215"),
    "halima.dresk": ("came back", "P-2324"),
    "tobin.achterby": ("overdue", "P-2402"),
    "emil.strand": ("Opinion", "P-2279"),
    "ottilie.marchetti": ("Opinion", "P-2409", "P-2377"),
    "council.office": ("41 projects",),
    "marguerite.salcedo": ("items wait for you", "P-2420"),
    "fenn.aldous": ("Assess", "P-2388"),
    "odile.brandt": ("sign-offs in the chain", "Latest decisions"),
    "ravi.castellan": ("Roles waiting for a second person", "Isolde Ferrant"),
    "nadia.fenwold": ("Your projects", "P-2215"),
    "lorne.whitaker": ("Personnel records come to you here when the product keeps them",),
}
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


def documents():
    return DeliverableVersion.objects.filter(document__isnull=False)


def test_documents_stand_in_every_state_a_visitor_will_look_for(city) -> None:
    states = Counter(documents().values_list("state", flat=True))
    assert set(states) == set(VersionState)
    assert states["approved"] >= 18


def test_a_rejection_names_what_was_not_complied_with_and_another_was_submitted_anew_on_a_new_basis() -> None:
    stays = documents().get(state=VersionState.REJECTED, deliverable__project__code="P-2420")
    assert "POL-04" in stays.decision_reason
    assert stays.decided_by == person("marguerite")
    assert not stays.deliverable.versions.filter(number__gt=stays.number).exists()
    before, after = documents().filter(deliverable__project__code="P-2409").order_by("number")
    assert (before.state, after.state) == (VersionState.REJECTED, VersionState.IN_REVIEW)
    assert "resolution" in before.decision_reason
    assert after.basis
    words = dict(after.document.sections.values_list("section__key", "rows"))
    assert words["out_of_scope"][0]["cells"]["item"] == "Grants that the city passes on"
    assert words["risks"] == before.document.sections.get(section__key="risks").rows


def test_an_approved_change_request_made_a_definition_2_0_and_superseded_1_0() -> None:
    old, new = documents().filter(deliverable__project__code="P-2341", deliverable__kind="definition").order_by("number")
    assert [(row.label, row.state) for row in (old, new)] == [("1.0", "superseded"), ("2.0", "approved")]
    assert new.change_request.state == ChangeState.APPROVED


def test_nobody_is_asked_for_anything_on_a_day_on_which_the_office_is_closed() -> None:
    assert not demo_facts.days_off()


def test_no_gate_was_passed_without_the_documents_that_were_owed() -> None:
    assert not demo_facts.gates_without_papers()


def test_every_phase_agrees_with_the_last_gate_that_was_passed() -> None:
    assert not demo_facts.phases_without_gates()


def test_no_plan_was_agreed_anew_before_it_was_agreed() -> None:
    for change in ChangeRequest.objects.filter(wants_baseline=True, state=ChangeState.APPROVED).select_related("project"):
        planned = change.project.gate_reviews.get(gate=Gate.G2, decision__in=GOES)
        assert planned.held_on < timezone.localdate(change.decided_at), change


def test_findings_stand_under_the_day_after_what_they_found() -> None:
    found = {finding.rule: finding for finding in ComplianceFinding.objects.all()}
    assert set(found) == {ComplianceRule.CONDITION_OVERDUE, ComplianceRule.GATE_LATE}
    overdue, late = found[ComplianceRule.CONDITION_OVERDUE], found[ComplianceRule.GATE_LATE]
    assert timezone.localdate(overdue.opened_at) - overdue.condition.due_on == dt.timedelta(days=1)
    planned = overdue_gate(late).planned_on
    assert timezone.localdate(late.opened_at) - planned == dt.timedelta(days=1)
    assert overdue.condition.extensions == 1


def overdue_gate(finding: ComplianceFinding) -> GateReview:
    return GateReview.objects.get(project=finding.project, state=GateState.PLANNED)


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.email.split("@")[0])
def test_every_persona_finds_on_the_first_page_what_they_are_there_for(persona, client, time_machine) -> None:
    time_machine.move_to(NOW, tick=False)
    client.force_login(User.objects.get(email=persona.email))
    page = " ".join(strip_tags(client.get("/", follow=True).content.decode()).split())
    assert [word for word in FIRST_PAGE[persona.email.split("@")[0]] if word not in page] == []


@pytest.mark.parametrize(("who", "code"), [("emil", "P-2279"), ("ottilie", "P-2409"), ("ottilie", "P-2377")])
def test_a_sponsor_is_asked_for_an_opinion_and_may_give_it(who, code) -> None:
    version = documents().waiting().get(deliverable__project__code=code)
    part = part_for(version, person(who), NOW)
    give_opinion(part, by=person(who), at=NOW, opinion=Opinion.ENDORSE)
    assert part.state == PartState.DONE


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL keeps statistics that a transaction can miss")
def test_the_planner_knows_how_many_rows_the_build_has_written() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'governance_deliverableversion'")
        known = cursor.fetchone()[0]
    assert known >= DeliverableVersion.objects.count() / 2


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
