"""What waits for a person: by role, by delegation, grouped by when it falls due, at a constant number of queries."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from governance.challenging import answer
from governance.models import Delegation, RatingChallenge
from governance.queue import neighbors, queue_of, with_glances
from governance.separation import Duties, may_decide
from pmo.roles import Role
from tests.factories import make_milestone, make_project, make_user
from tests.governance.pages import signed_in
from tests.governance.stories import CITY, NOON, THURSDAY, WEEK, a_finding, a_submitted, an_accepted

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def codes(person, at=NOON + HOUR) -> list[str]:
    return [item.code for item in queue_of(person, at).of_kind("report").items]


def delegate(giver, to, **overrides) -> Delegation:
    values = {"delegator": giver, "delegate": to, "starts_on": THURSDAY, "ends_on": THURSDAY + WEEK, "kinds": ["status_report"]}
    return Delegation.objects.create(**{**values, "reason": "Leave", "created_at": NOON, **overrides})


def sound(project):
    """Give a project dates that hold, so that the evidence is green."""
    make_milestone(project, name="Go-live", is_key=True, baseline_on=THURSDAY + 4 * WEEK, forecast_on=THURSDAY + 4 * WEEK)
    return project


def agreed(project, pia):
    """Return a report in which project manager, evidence and last week agree."""
    sound(project)
    an_accepted(project, by=pia, at=NOON - WEEK, end_on=THURSDAY - WEEK)
    return a_submitted(project)


def test_reports_wait_for_the_deciding_role_only(alpha, beta, pia, gina, max, stella) -> None:
    a_submitted(alpha)
    a_submitted(beta, by=pia)
    assert codes(pia) == ["P-1001"]
    assert codes(gina) == ["P-1002"]
    assert codes(max) == codes(stella) == []


def test_what_is_decided_or_withdrawn_no_longer_waits(alpha, beta, pia) -> None:
    an_accepted(alpha, by=pia)
    version = a_submitted(beta)
    version.withdraw(by=version.author, at=NOON)
    assert codes(pia) == []


def test_a_delegate_sees_what_they_may_decide_and_for_whom(alpha, beta, pia, max, bea) -> None:
    delegate(pia, bea)
    a_submitted(alpha)
    a_submitted(beta)
    items = queue_of(bea, NOON + HOUR).of_kind("report").items
    assert [(item.code, item.for_name) for item in items] == [("P-1001", "Pia Orlov")]
    assert "for Pia Orlov" not in signed_in(pia).get(reverse("governance:review-list")).content.decode()


def test_a_class_above_the_delegation_keeps_waiting_for_the_delegator(alpha, pia, bea) -> None:
    delegate(pia, bea, highest_class=2)
    a_submitted(alpha)
    assert codes(bea) == []


def test_the_queue_and_the_verbs_agree_on_who_decides(alpha, beta, pia, gina, max, bea, audrey, adam) -> None:
    max.add_role(Role.PMO_MANAGER)
    delegate(pia, bea)
    versions = [a_submitted(alpha), a_submitted(beta)]
    for person in (pia, gina, max, bea, audrey, adam):
        duties = Duties.of(person, THURSDAY)
        for version in versions:
            assert duties.may_decide(version) == may_decide(version, person, THURSDAY)


@pytest.mark.parametrize(
    ("now", "group"),
    [
        (dt.datetime(2026, 11, 19, 13, tzinfo=CITY), "Next week"),  # due Mon 23 Nov 12:00, two working days after Thu 19
        (dt.datetime(2026, 11, 23, 11, tzinfo=CITY), "Today"),
        (dt.datetime(2026, 11, 23, 13, tzinfo=CITY), "Overdue"),
    ],
)
def test_items_are_grouped_by_when_they_fall_due(now, group, alpha, pia) -> None:
    a_submitted(alpha)
    queue = queue_of(pia, now).of_kind("report")
    assert [title for title, _, _ in queue.groups(queue.items)] == [group]


def test_the_sentence_counts_what_is_late(alpha, beta, pia) -> None:
    a_submitted(alpha, at=NOON - WEEK, end_on=THURSDAY - WEEK)
    a_submitted(beta)
    assert queue_of(pia, NOON + HOUR).of_kind("report").sentence() == "2 items wait for you: 1 overdue. Oldest: 7 days."


def test_only_what_nobody_disputes_may_be_accepted_unread(alpha, beta, pia) -> None:
    agreed(alpha, pia)
    a_submitted(beta)
    found = {item.code: item.may_be_accepted_unread for item in with_glances(queue_of(pia, NOON + HOUR).items)}
    assert found == {"P-1001": True, "P-1002": False}


def test_an_open_finding_keeps_a_report_from_being_accepted_unread(alpha, pia) -> None:
    version = agreed(alpha, pia)
    a_finding(version, by=pia)
    item = with_glances(queue_of(pia, NOON + HOUR).items)[0]
    assert (item.glance.open_findings, item.may_be_accepted_unread) == (1, False)


def test_a_challenge_waits_for_the_office_once_it_is_answered_or_late(alpha, pia, max) -> None:
    make_milestone(alpha, name="Go-live", is_key=True, baseline_on=THURSDAY - 8 * WEEK, forecast_on=THURSDAY + 4 * WEEK)
    a_submitted(alpha)
    first, second = RatingChallenge.objects.order_by("pk")

    def waiting(at):
        return [item.pk for item in queue_of(pia, at).of_kind("challenge").items]

    assert waiting(NOON + HOUR) == []
    answer(first, by=max, answer="justify", text="The vendor confirmed the date.", at=NOON + HOUR)
    assert waiting(NOON + 2 * HOUR) == [first.pk]
    assert set(waiting(NOON + WEEK)) == {first.pk, second.pk}


def test_a_challenge_that_nobody_answered_is_overdue_only_when_the_office_has_had_its_days(alpha, pia) -> None:
    make_milestone(alpha, name="Go-live", is_key=True, baseline_on=THURSDAY - 8 * WEEK, forecast_on=THURSDAY + 4 * WEEK)
    a_submitted(alpha)
    late_at = RatingChallenge.objects.latest("pk").due_at + HOUR
    queue = queue_of(pia, late_at).of_kind("challenge")
    assert {queue.waiting_days(item) for item in queue.items} == {0}
    assert not any(queue.is_overdue(item) for item in queue.items)
    later = queue_of(pia, late_at + WEEK).of_kind("challenge")
    assert all(later.is_overdue(item) for item in later.items)


def test_neighbors_lead_through_the_queue(alpha, beta, pia) -> None:
    first, second = a_submitted(alpha), a_submitted(beta)
    beside = neighbors(queue_of(pia, NOON + HOUR), "report", second.pk)
    assert beside is not None
    assert (beside.place, beside.total, beside.previous.pk, beside.next) == (2, 2, first.pk, None)


def test_an_empty_queue_names_the_next_report_due(alpha, pia) -> None:
    from django.utils import timezone

    from governance.reports import current_deliverable

    owed = current_deliverable(alpha, at=timezone.now())
    text = signed_in(pia).get(reverse("governance:review-list")).content.decode()
    assert "Nothing waits for you" in text
    assert f"report {owed.number} of P-1001" in text


@pytest.mark.parametrize(("person", "status"), [("pia", 200), ("gina", 200), ("audrey", 200), ("max", 403), ("stella", 403)])
def test_who_opens_the_queue(person, status, request, alpha) -> None:
    client = signed_in(request.getfixturevalue(person))
    assert client.get(reverse("governance:review-list")).status_code == status


def test_an_auditor_reads_the_whole_offices_queue_and_accepts_nothing(alpha, pia, audrey) -> None:
    agreed(alpha, pia)
    text = signed_in(audrey).get(reverse("governance:review-list")).content.decode()
    assert "P-1001" in text
    assert "accept-one" not in text


def queries_with(number: int, pia) -> int:
    for place in range(number):
        project = make_project(project_manager=make_user(f"Manager {number}-{place}"))
        a_submitted(project)
    client = signed_in(pia)
    client.get(reverse("governance:review-list"))
    with CaptureQueriesContext(connection) as context:
        assert client.get(reverse("governance:review-list")).status_code == 200
    return len(context)


def test_thirty_items_cost_as_many_queries_as_three(pia) -> None:
    assert queries_with(3, pia) == queries_with(27, pia)
