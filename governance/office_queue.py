"""What waits besides decisions: policies to read and look at again, standards to measure, guidance and challenges to answer,
lessons to publish, and what a project did not keep.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.urls import reverse

from governance.asking import AHEAD, Asking, Source, of_project
from governance.gate_states import ComplianceRule, GateState
from governance.models import (
    Acknowledgement,
    ComplianceFinding,
    GateReview,
    GuidanceNote,
    Lesson,
    Policy,
    PolicyVersion,
    ProductivityStandard,
    RatingChallenge,
    StandardMeasurement,
)
from governance.policies import REMINDED_AFTER, members_asked
from governance.policy_states import LessonState
from governance.queue_items import Glance, Item
from governance.standard_periods import ended_period
from governance.states import ChallengeState
from pmo.lib import words
from pmo.roles import Role

#: Working days in which guidance is answered, a lesson published, and a period measured after its end.
ANSWER_DAYS, PUBLISH_DAYS, MEASURE_DAYS = 5, 10, 10
#: How long a finding without a day of its own may stay open.
TO_MEND = dt.timedelta(days=14)


def challenges_to_answer(asking: Asking) -> list[Item]:
    """Return the challenges that wait for the project's manager. One query. What is late waits for the office besides."""
    mine = Q(project__project_manager=asking.person)
    rows = RatingChallenge.objects.filter(state=ChallengeState.OPEN)
    rows = rows.filter(mine | Q(due_at__gte=asking.at) if asking.everybody else mine)
    found = rows.select_related("project__project_manager", "version__deliverable")
    return [_challenge(row, asking) for row in found.defer("version__content", "version__record")]


def _challenge(row: RatingChallenge, asking: Asking) -> Item:
    manager = row.project.project_manager
    return of_project(
        row.project,
        kind="answer",
        pk=row.pk,
        icon="bang",
        word="Challenge",
        number=row.version.deliverable.number,
        url=row.get_absolute_url(),
        from_name="",
        since=row.opened_at,
        due_at=row.due_at,
        waits_for=manager.name if manager else "",
        signature=asking.own("Project manager") if row.project.project_manager_id == asking.person.pk else None,
        glance=Glance(sentence=f"{row.sentence} Answer it."),
    )


def guidance(asking: Asking) -> list[Item]:
    """Return the guidance that the project's manager has not answered. One query."""
    rows = GuidanceNote.objects.unsettled().filter(Q() if asking.everybody else Q(project__project_manager=asking.person))
    return [_guidance(row, asking) for row in rows.select_related("project__project_manager", "written_by")]


def _guidance(row: GuidanceNote, asking: Asking) -> Item:
    manager = row.project.project_manager
    return of_project(
        row.project,
        kind="guidance",
        pk=row.pk,
        icon="action",
        word="Guidance",
        number=row.pk,
        url=row.get_absolute_url(),
        from_name=row.written_by.name,
        since=row.written_at,
        due_at=asking.workdays_after(row.written_at, ANSWER_DAYS),
        waits_for=manager.name if manager else "",
        signature=asking.own("Project manager") if row.project.project_manager_id == asking.person.pk else None,
        glance=Glance(sentence=f"{row.subject}: say what you make of it"),
    )


def policies_to_read(asking: Asking) -> list[Item]:
    """Return the policies in force that the person has not acknowledged; for everybody, how many people have not. One query."""
    own = Acknowledgement.objects.filter(version=OuterRef("pk"), person=asking.person)
    is_asked = Exists(members_asked().filter(pk=asking.person.pk).order_by())
    rows = PolicyVersion.objects.in_force().annotate(is_mine=is_asked & ~Exists(own))
    if asking.everybody:
        asked = members_asked().order_by()
        rows = rows.annotate(
            read_by=Count("acknowledgements", filter=Q(acknowledgements__person__in=asked), distinct=True),
        )
    else:
        rows = rows.filter(is_mine=True)
    found = list(rows.select_related("policy", "published_by").order_by("pk"))
    people = members_asked().count() if found and asking.everybody else 0
    items = [_policy(row, asking, people) for row in found]
    return [item for item in items if item.signature or people]


def _policy(row: Any, asking: Asking, people: int) -> Item:
    policy, missing = row.policy, people - getattr(row, "read_by", 0)
    return Item(
        kind="policy",
        pk=row.pk,
        icon="doc",
        word="Policy",
        code=policy.code,
        project_name=policy.title,
        number=row.number,
        url=policy.get_absolute_url(),
        from_name=row.published_by.name,
        since=row.published_at,
        due_at=asking.workdays_after(row.published_at, REMINDED_AFTER[0]),
        waits_for=words.count(missing, "person", "people"),
        signature=asking.own("Reader") if row.is_mine else None,
        glance=Glance(sentence=f"Read version {row.number} and say so"),
    )


def policy_reviews(asking: Asking) -> list[Item]:
    """Return the policies that their owner has to look at again within a fortnight. One query."""
    stuck = Q(owner__is_active=False) if asking.holds(Role.PMO_MANAGER) else Q(pk=None)
    rows = Policy.objects.filter(review_by__lte=asking.today + AHEAD)
    rows = rows.filter(Q() if asking.everybody else Q(owner=asking.person) | stuck).select_related("owner")
    return [_policy_review(row, asking) for row in rows]


def _policy_review(row: Policy, asking: Asking) -> Item:
    due_at = asking.end_of(row.review_by)
    return Item(
        kind="policy_review",
        pk=row.pk,
        icon="doc",
        word="Policy",
        code=row.code,
        project_name=row.title,
        number=row.pk,
        url=row.get_absolute_url(),
        from_name="",
        since=due_at - AHEAD,
        due_at=due_at,
        waits_for=row.owner.name,
        signature=_owners(row.owner, asking),
        glance=Glance(sentence="Review it: begin a version, or name the next review"),
    )


def _owners(owner: Any, asking: Asking) -> Any:
    """Return as what the person acts on something that has an owner; the PMO manager in place of one without an account."""
    if owner.pk == asking.person.pk:
        return asking.own("Owner")
    stands_in = not owner.is_active and asking.holds(Role.PMO_MANAGER)
    return asking.own(Role.PMO_MANAGER.value) if stands_in else None


def standards(asking: Asking) -> list[Item]:
    """Return the standards whose last period is over and waits for somebody to record its figure. One query.

    A period that was over before the standard was set is not asked for.
    """
    figures = StandardMeasurement.objects.filter(standard=OuterRef("pk")).order_by("-period_end_on")
    first = ProductivityStandard.history.filter(id=OuterRef("pk")).order_by("history_id")  # type: ignore[attr-defined]
    stuck = Q(owner__is_active=False) if asking.holds(Role.PMO_MANAGER) else Q(pk=None)
    rows = (
        ProductivityStandard.objects.filter(recorded_figure="")
        .filter(Q() if asking.everybody else Q(owner=asking.person) | stuck)
        .annotate(measured_to=Subquery(figures.values("period_end_on")[:1]), set_at=Subquery(first.values("history_date")[:1]))
    )
    items = [_standard(row, asking) for row in rows.select_related("owner")]
    return [item for item in items if item is not None]


def _standard(row: Any, asking: Asking) -> Item | None:
    period = ended_period(row.frequency, asking.today)
    begun = row.measured_to or (asking.office.day(row.set_at) if row.set_at else period.end)
    if begun >= period.start if row.measured_to else begun > period.end:
        return None
    ended = asking.end_of(period.end)
    return Item(
        kind="standard",
        pk=row.pk,
        icon="plan",
        word="Standard",
        code=row.code,
        project_name=row.statement,
        number=row.pk,
        url=row.get_absolute_url(),
        from_name="",
        since=ended,
        due_at=asking.workdays_after(ended, MEASURE_DAYS),
        waits_for=row.owner.name,
        signature=_owners(row.owner, asking),
        glance=Glance(sentence=f"Record the figure of the period to {words.day_without_weekday(period.end)}"),
    )


def lessons(asking: Asking) -> list[Item]:
    """Return the lessons that the office has not published. One query, none for who does not publish."""
    if not (asking.everybody or asking.holds(Role.PMO_MANAGER)):
        return []
    rows = Lesson.objects.filter(state=LessonState.DRAFT).select_related("project", "recorded_by")
    return [_lesson(row, asking) for row in rows]


def _lesson(row: Lesson, asking: Asking) -> Item:
    return of_project(
        row.project,
        kind="lesson",
        pk=row.pk,
        icon="report",
        word="Lesson",
        number=row.pk,
        url=row.get_absolute_url(),
        from_name=row.recorded_by.name,
        since=row.recorded_at,
        due_at=asking.workdays_after(row.recorded_at, PUBLISH_DAYS),
        waits_for=Role.PMO_MANAGER.value,
        signature=asking.own(Role.PMO_MANAGER.value) if asking.holds(Role.PMO_MANAGER) else None,
        glance=Glance(sentence=f"Publish it, or have it mended: {row.title}"),
    )


def findings(asking: Asking) -> list[Item]:
    """Return what projects did not keep: for who is to mend it, and from its day on for the office, which closes it. One query.

    What hangs on a condition or on a planned gate is left to these, which are in the queue themselves and close it.
    """
    planned = GateReview.objects.filter(project=OuterRef("project"), state=GateState.PLANNED, planned_on__lt=asking.today)
    rows = ComplianceFinding.objects.open().filter(condition=None)
    rows = rows.exclude(Q(rule=ComplianceRule.GATE_LATE) & Exists(planned))
    if not (asking.everybody or asking.holds(Role.PMO_MANAGER)):
        rows = rows.filter(owner=asking.person)
    items = [_finding(row, asking) for row in rows.select_related("project", "owner")]
    return items if asking.everybody else [item for item in items if item.signature]


def _finding(row: ComplianceFinding, asking: Asking) -> Item:
    due_on = row.due_on or asking.office.day(row.opened_at) + TO_MEND
    mends = row.owner_id == asking.person.pk
    is_left = row.owner is None or not row.owner.is_active or due_on <= asking.today
    closes = not mends and is_left and _closes(row, asking)
    listed = f"{reverse('governance:compliance-list')}?is_open=yes&q={row.project.code}"
    return of_project(
        row.project,
        kind="compliance",
        pk=row.pk,
        icon="risk",
        word="Finding",
        number=row.pk,
        url=reverse("governance:compliance-close", args=[row.pk]) if closes else listed,
        from_name="",
        since=row.opened_at,
        due_at=asking.end_of(due_on),
        waits_for=row.owner.name if row.owner else Role.PMO_MANAGER.value,
        signature=asking.own("Owner") if mends else asking.own(Role.PMO_MANAGER.value) if closes else None,
        glance=Glance(sentence=row.sentence),
    )


def _closes(row: ComplianceFinding, asking: Asking) -> bool:
    return asking.holds(Role.PMO_MANAGER) and asking.person.pk not in asking.duties.managing.since(row.project, row.opened_at)


OFFICE_SOURCES: tuple[Source, ...] = (
    challenges_to_answer,
    guidance,
    findings,
    policies_to_read,
    policy_reviews,
    standards,
    lessons,
)
