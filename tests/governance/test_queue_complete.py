"""Whatever waits for somebody stands in the queue of that person, with age, due date and a link, and in nobody else's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from governance import change_deciding, change_requests, guiding, lessons, measuring, policies
from governance.challenging import answer
from governance.compliance import open_finding
from governance.condition_terms import put_conditions
from governance.findings import answer_finding
from governance.models import Condition, Delegation, GateReview, PolicyVersion, RatingChallenge, ReviewPart
from governance.queue import Queue, queue_of
from governance.standard_periods import ended_period
from governance.states import ReviewState
from governance.waivers import grant_waiver, revoke_waiver
from pmo.models import User
from pmo.roles import Role
from portfolio.models import Project
from tests.factories import make_milestone, make_project, make_user
from tests.governance.changed import a_change, a_submitted_change, an_assessed_change, with_baseline
from tests.governance.gated import DAY, TODAY, a_planned
from tests.governance.pages import signed_in
from tests.governance.stories import NOON, THURSDAY, WEEK, a_finding, a_submitted
from tests.governance.written import a_condition, a_submitted_document, an_approved_document

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
LATER = NOON + 5 * HOUR


def waiting(person: Any, *kinds: str, at: dt.datetime = LATER) -> list[Any]:
    return queue_of(person, at).of_kind(*kinds).items


def said(person: Any, *kinds: str, at: dt.datetime = LATER) -> list[str]:
    return [item.glance.sentence for item in waiting(person, *kinds, at=at)]


# Changes


def test_a_change_waits_for_each_step_with_its_words(alpha, pia, max, tess, sam) -> None:
    with_baseline(alpha)
    draft = a_change(alpha, by=tess)
    assert said(tess, "change")[0].startswith("Finish and submit: ")
    change_requests.submit(draft, by=tess, at=NOON + HOUR)
    assert said(max, "change")[0].startswith("Say whether you agree: ")
    assert said(pia, "change")[0].startswith("Assess: ")
    assert said(tess, "change") == []


def test_a_deferred_change_waits_for_who_asked_for_it(alpha, pia, gina, max) -> None:
    change = an_assessed_change(with_baseline(alpha), assessor=make_user("Ada", Role.PMO_MANAGER), cost_effect=Decimal(60000))
    change_deciding.defer(change, by=gina, at=NOON + 3 * HOUR, reason="After the elections.")
    (item,) = waiting(max, "change")
    assert item.glance.sentence.startswith("Deferred, take it up again or withdraw it")
    assert item.since == NOON + 3 * HOUR
    assert item.due_at > NOON + 27 * DAY
    assert waiting(pia, "change") == []


# Gates and waivers


@pytest.fixture
def project(max: Any) -> Project:
    return make_project(code="P-3001", project_manager=max, governance_class=2, phase="intake", is_reporting=False)


def test_a_gate_is_prepared_by_the_manager_and_decided_by_the_office(project, max, pia, gina, bea) -> None:
    review = a_planned(project, on=TODAY + 7 * DAY)
    assert said(max, "gate") == ["G0 Intake: prepare it"]
    (item,) = waiting(pia, "gate")
    assert (item.glance.sentence, item.url) == ("G0 Intake: decide", review.get_absolute_url())
    assert waiting(gina, "gate") == waiting(bea, "gate") == []


def test_the_executive_decides_at_the_gates_of_large_projects_too(project, gina, pia) -> None:
    Project.objects.filter(pk=project.pk).update(governance_class=3)
    project.refresh_from_db()
    a_planned(project, on=TODAY + 7 * DAY)
    assert said(gina, "gate") == said(pia, "gate") == ["G0 Intake: decide"]


def test_a_gate_waits_from_the_day_it_came_near(project, max, time_machine) -> None:
    a_planned(project, on=TODAY + 20 * DAY)
    assert waiting(max, "gate") == []
    later = queue_of(max, LATER + 10 * DAY)
    assert [later.waiting_days(item) for item in later.of_kind("gate").items] == [4]


def test_a_gate_that_was_not_held_says_so(project, max) -> None:
    a_planned(project, on=TODAY)
    assert said(max, "gate", at=LATER + 3 * DAY) == ["G0 Intake: not held when planned; hold it, or move its day"]


def test_the_next_gate_is_planned_by_the_manager_until_it_is(project, max, pia) -> None:
    GateReview.objects.create(
        project=project,
        gate="G0",
        number=1,
        state="decided",
        decision="go",
        planned_on=TODAY - 30 * DAY,
        first_planned_on=TODAY - 30 * DAY,
        held_on=TODAY - 30 * DAY,
        next_gate_on=TODAY + 5 * DAY,
        decided_by=pia,
        decided_at=NOON - 30 * DAY,
    )
    (item,) = waiting(max, "next_gate")
    assert item.due_at.date() == TODAY + 5 * DAY
    assert waiting(pia, "next_gate") == []
    a_planned(project, "G1", on=TODAY + 40 * DAY)
    assert waiting(max, "next_gate") == []


def given(**some: Any) -> dict[str, Any]:
    return {"gate": "G1", "artefact": "definition", "reason": "Law", "expires_on": TODAY + 9 * DAY, "at": NOON, **some}


def test_a_waiver_about_to_end_waits_for_the_office_and_for_what_is_missing(project, max, pia, bea) -> None:
    grant_waiver(project, by=pia, **given())
    assert said(pia, "waiver") == ["G1 Definition, Project definition document: renew it or let it end"]
    assert said(max, "waiver") == ["G1 Definition, Project definition document: bring what is missing"]
    assert waiting(bea, "waiver") == []


def test_a_renewed_or_needless_waiver_waits_for_nobody(project, max, pia) -> None:
    revoke_waiver(grant_waiver(project, by=pia, **given()), by=pia, at=NOON, reason="It is in.")
    grant_waiver(project, by=pia, **given(expires_on=TODAY + 60 * DAY))
    assert waiting(pia, "waiver") == []
    other = make_project(code="P-3002", project_manager=max, governance_class=2, phase="definition", is_reporting=False)
    grant_waiver(other, by=pia, **given())
    an_approved_document(other, "definition", by=pia)
    assert waiting(pia, "waiver") == []


# Documents


def test_a_delegate_of_a_reviewer_finds_the_opinion(alpha, sam, bea) -> None:
    version = a_submitted_document(alpha)
    part = version.reviews.get(state=ReviewState.OPEN).parts.filter(person=sam).get()
    ReviewPart.objects.filter(pk=part.pk).update(state="asked", asked_at=NOON)
    days = {"starts_on": THURSDAY, "ends_on": THURSDAY + WEEK, "created_at": NOON, "reason": "Leave"}
    Delegation.objects.create(delegator=sam, delegate=bea, kinds=["definition"], highest_class=4, **days)
    (item,) = waiting(bea, "opinion")
    assert item.for_name == sam.name
    assert len(waiting(sam, "opinion")) == 1


def test_who_wrote_a_part_of_it_is_asked_for_no_opinion(alpha, sam) -> None:
    version = a_submitted_document(alpha)
    part = version.reviews.get(state=ReviewState.OPEN).parts.filter(person=sam).get()
    ReviewPart.objects.filter(pk=part.pk).update(state="asked", asked_at=NOON)
    assert len(waiting(sam, "opinion")) == 1
    type(version).objects.filter(pk=version.pk).update(writers=[sam.pk])
    assert waiting(sam, "opinion") == []


def test_findings_left_open_at_an_approval_wait_for_their_answer(alpha, pia, max) -> None:
    version = a_submitted_document(alpha)
    finding = a_finding(version, by=pia, section="problem", severity="minor")
    type(version).objects.filter(pk=version.pk).update(state="approved", decided_by=pia, decided_at=NOON)
    (item,) = waiting(max, "returned")
    assert (item.glance.open_findings, item.url.endswith("/findings/")) == (1, True)
    version.refresh_from_db()
    finding.version = version
    answer_finding(finding, by=max, text="Named now.", at=LATER)
    assert waiting(max, "returned") == []


# Conditions


def a_put_condition(project: Project, owner: Any, verifier: Any, pia: Any) -> Condition:
    version = a_submitted_document(project)
    (row,) = put_conditions([a_condition(owner, verifier)], project=project, version=version, by=pia, at=NOON)
    return row


def test_a_condition_of_a_closed_account_waits_for_the_office(alpha, pia, olaf, max) -> None:
    leaver = make_user("Lea Gone")
    row = a_put_condition(alpha, leaver, olaf, pia)
    assert waiting(pia, "condition") == []
    User.objects.filter(pk=leaver.pk).update(is_active=False)
    assert said(pia, "condition") == [f"Lea Gone has no account any more; give it to somebody else. {row.text}"]


def test_refused_evidence_waits_for_the_owner_again_and_says_so(alpha, pia, olaf, tess) -> None:
    row = a_put_condition(alpha, tess, olaf, pia)
    Condition.objects.filter(pk=row.pk).update(refusal="The letter is not signed.", evidenced_at=NOON)
    assert said(tess, "condition") == [f"The evidence was not enough. {row.text}"]


def test_what_a_project_did_not_keep_waits_for_its_manager_and_then_for_the_office(alpha, max, pia, gina) -> None:
    finding = open_finding(
        alpha, "work_before_gate", "k1", "Work went on.", at=NOON, owner=max, due_on=TODAY + 14 * DAY, severity="major"
    )
    assert said(max, "compliance") == ["Work went on."]
    assert waiting(pia, "compliance") == waiting(gina, "compliance") == []
    (item,) = waiting(pia, "compliance", at=NOON + 15 * DAY)
    assert item.url == reverse("governance:compliance-close", args=[finding.pk])


# Policies, standards, advice


@pytest.fixture
def policy(pia: Any, alpha: Any) -> PolicyVersion:
    row = policies.open_policy(
        by=pia, at=NOON, code="POL-1", title="Change", owner=pia, review_by=TODAY + 90 * DAY, text="T", effective_on=TODAY
    )
    version = row.versions.select_related("policy").get()
    policies.publish(version, by=pia, at=NOON)
    return version


def test_a_policy_waits_for_each_who_is_asked_until_they_have_read_it(policy, max, pia, tess, audrey) -> None:
    (item,) = waiting(max, "policy")
    due_at = NOON + 11 * DAY  # five working days, the weekend and two holidays
    assert (item.code, item.since, item.due_at) == ("POL-1", policy.published_at, due_at)
    assert item.url == policy.policy.get_absolute_url()
    assert waiting(tess, "policy") == []
    assert len(waiting(audrey, "policy")) == 1
    policies.acknowledge(policy, by=max, at=LATER)
    assert waiting(max, "policy") == []
    (item,) = queue_of(audrey, LATER, everybody=True).of_kind("policy").items
    assert item.waits_for == f"{policies.members_asked().count() - 1} people"


def test_a_policy_waits_for_its_owner_a_fortnight_before_its_review(policy, pia, max) -> None:
    assert waiting(pia, "policy_review") == []
    assert len(waiting(pia, "policy_review", at=LATER + 80 * DAY)) == 1
    assert waiting(max, "policy_review", at=LATER + 80 * DAY) == []


@pytest.mark.parametrize(
    ("frequency", "start", "end"),
    [
        ("monthly", (2026, 10, 1), (2026, 10, 31)),
        ("quarterly", (2026, 7, 1), (2026, 9, 30)),
        ("yearly", (2025, 7, 1), (2026, 6, 30)),
    ],
)
def test_the_last_period_that_is_over(frequency, start, end) -> None:
    period = ended_period(frequency, TODAY)
    assert (period.start, period.end) == (dt.date(*start), dt.date(*end))
    assert ended_period("monthly", dt.date(2026, 1, 5)).end == dt.date(2025, 12, 31)


def test_a_standard_waits_to_be_measured_when_its_period_is_over(alpha, pia, max) -> None:
    standard = measuring.open_standard(
        by=pia, code="STD-1", statement="In time", unit="%", target=Decimal(90), how_measured="Of all.", owner=max
    )
    assert waiting(max, "standard") == []  # it was set after October was over
    in_december = dt.datetime(2026, 12, 3, 12, tzinfo=NOON.tzinfo)
    (item,) = waiting(max, "standard", at=in_december)
    assert item.glance.sentence == "Record the figure of the period to 30 Nov 2026"
    assert waiting(pia, "standard", at=in_december) == []
    measuring.measure(standard, by=max, at=in_december, period_end_on=dt.date(2026, 11, 27), value=Decimal(91))
    assert waiting(max, "standard", at=in_december) == []


def test_nobody_is_asked_for_a_figure_that_is_taken_from_the_records(alpha, pia, max) -> None:
    values = {"unit": "%", "target": Decimal(90), "how_measured": "From the records.", "owner": max}
    measuring.open_standard(by=pia, code="STD-1", statement="In time", recorded_figure="reports-in-time", **values)
    in_december = dt.datetime(2026, 12, 3, 12, tzinfo=NOON.tzinfo)
    assert waiting(max, "standard", at=in_december) + waiting(pia, "standard", at=in_december) == []


def test_guidance_waits_for_the_manager_until_it_is_answered(alpha, pia, max, tess) -> None:
    note = guiding.write(alpha, by=pia, at=NOON, kind="technical", subject="Test it", text="Ask.")
    assert said(max, "guidance") == ["Test it: say what you make of it"]
    assert waiting(tess, "guidance") == waiting(pia, "guidance") == []
    guiding.settle(note, by=max, at=LATER, outcome="taken_up", answer="Done.")
    assert waiting(max, "guidance") == []


LESSON = {"category": "vendor", "title": "Ask early", "what_happened": "A", "why": "B", "next_time": "C", "tags": ""}


def test_a_lesson_waits_for_the_office_to_publish_it(alpha, pia, tess, gina) -> None:
    lesson = lessons.record(alpha, by=tess, at=NOON, **LESSON)
    assert said(pia, "lesson") == ["Publish it, or have it mended: Ask early"]
    assert waiting(tess, "lesson") == waiting(gina, "lesson") == []
    lessons.publish(lesson, by=pia, at=LATER)
    assert waiting(pia, "lesson") == []


def test_a_challenge_waits_for_the_manager_and_then_for_the_office(alpha, max, pia) -> None:
    a_submitted(alpha)
    challenge = RatingChallenge.objects.get()
    assert said(max, "answer") == [f"{challenge.sentence} Answer it."]
    assert waiting(pia, "answer", "challenge") == []
    answer(challenge, by=max, answer="justify", text="The test passed.", at=NOON + HOUR)
    assert waiting(max, "answer", "challenge") == []
    assert len(waiting(pia, "challenge")) == 1


# Where it is shown


def test_everybody_finds_it_on_their_first_page(policy, alpha, pia, max, audrey, fay, hugo, gina) -> None:
    for person in (pia, max, audrey, fay, hugo, gina):
        page = signed_in(person).get("/")
        assert f'href="{policy.policy.get_absolute_url()}"' in page.content.decode(), person


def test_a_stakeholder_with_something_to_do_opens_it_and_not_the_portfolio(alpha, pia, stella, olaf) -> None:
    assert signed_in(stella).get("/").status_code == 302
    row = a_put_condition(alpha, stella, olaf, pia)
    assert row.get_absolute_url() in signed_in(stella).get("/").content.decode()


def test_a_long_queue_has_pages(alpha, pia, olaf, tess) -> None:
    version = a_submitted_document(alpha)
    put_conditions([a_condition(tess, olaf)] * 60, project=alpha, version=version, by=pia, at=NOON)
    page = signed_in(tess).get("/", {"page": 2})
    assert len(page.context["page"].object_list) == 10


@pytest.mark.parametrize(("view", "kinds"), [("office", ("policy",)), ("gates", ("gate",)), ("conditions", ("compliance",))])
def test_the_views_of_the_queue_gather_kinds(view, kinds, policy, project, alpha, pia) -> None:
    a_planned(project)
    open_finding(alpha, "work_before_gate", "k1", "Work went on.", at=NOON, owner=None)
    page = signed_in(pia).get(reverse("governance:review-list"), {"what": view})
    assert {item.kind for item in page.context["queue"].items} == set(kinds)


# What it costs


def many(number: int, alpha: Project, people: dict[str, Any]) -> None:
    """Let `number` of everything wait for max and for pia."""
    pia, max_, olaf = people["pia"], people["max"], people["olaf"]
    for _ in range(number):
        project = make_project(project_manager=max_, governance_class=2, phase="intake", is_reporting=False)
        with_baseline(project)
        a_planned(project, on=TODAY + 3 * DAY)
        grant_waiver(project, by=pia, **given())
        a_submitted_change(project, by=max_)
        guiding.write(project, by=pia, at=NOON, kind="technical", subject="Test it", text="Ask.")
        lessons.record(project, by=max_, at=NOON, **LESSON)
        open_finding(project, "work_before_gate", f"k{project.pk}", "Work went on.", at=NOON, owner=max_)
        version = a_submitted_document(project)
        put_conditions([a_condition(max_, olaf)], project=project, version=version, by=pia, at=NOON)
        make_milestone(project, name="Go", is_key=True, baseline_on=THURSDAY - 8 * WEEK, forecast_on=THURSDAY + 4 * WEEK)


def cost(ask: Callable[[], Queue]) -> tuple[int, int]:
    ask()
    with CaptureQueriesContext(connection) as caught:
        found = ask()
    return len(found.items), len(caught)


@pytest.mark.parametrize("everybody", [False, True])
def test_thirty_items_cost_no_more_queries_than_three(alpha, pia, max, olaf, everybody) -> None:
    people = {"pia": pia, "max": max, "olaf": olaf}

    def costs() -> list[tuple[int, int]]:
        return [cost(lambda person=person: queue_of(person, LATER, everybody=everybody)) for person in (pia, max)]

    many(1, alpha, people)
    few = costs()
    many(5, alpha, people)
    lots = costs()
    assert [queries for _, queries in lots] == [queries for _, queries in few]
    assert all(more >= 5 * fewer for (more, _), (fewer, _) in zip(lots, few, strict=True))
    assert all(queries <= 28 for _, queries in lots)
