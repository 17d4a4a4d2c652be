"""Documents, opinions, conditions, gates and what came back wait in the queue of whoever has to act, and in nobody else's."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from governance.condition_terms import put_conditions
from governance.gate_states import Gate
from governance.models import GateReview, ReviewPart
from governance.queue import queue_of
from governance.states import ReviewState
from tests.governance.stories import NOON, a_finding
from tests.governance.written import a_condition, a_submitted_document

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def kinds(person) -> list[str]:
    return [item.kind for item in queue_of(person, NOON + HOUR).items]


def test_a_submitted_document_waits_for_the_role_that_decides(alpha, pia, gina, max) -> None:
    version = a_submitted_document(alpha)
    item = next(item for item in queue_of(pia, NOON + HOUR).items if item.kind == "document")
    assert (item.code, item.due_at) == (alpha.code, version.review_due_at)
    assert "document" not in kinds(gina)
    assert kinds(max) == []


def test_a_decided_document_waits_for_nobody(alpha, pia) -> None:
    a_submitted_document(alpha).withdraw(by=alpha.project_manager, at=NOON)
    assert kinds(pia) == []


@pytest.fixture
def asked(alpha, sam):
    review = a_submitted_document(alpha).reviews.get(state=ReviewState.OPEN)
    review.parts.all().delete()
    return ReviewPart.objects.create(review=review, position=1, seat="sponsor", person=sam, state="asked", asked_at=NOON)


def test_an_opinion_waits_for_the_person_who_is_asked(asked, sam, tess) -> None:
    assert [item.kind for item in queue_of(sam, NOON + HOUR).items] == ["opinion"]
    assert queue_of(tess, NOON + HOUR).items == []


def test_a_seat_without_a_person_waits_for_everybody_of_its_role(asked, fay, sam) -> None:
    asked.seat, asked.person = "finance", None
    asked.save()
    assert [item.kind for item in queue_of(fay, NOON + HOUR).items] == ["opinion"]
    assert queue_of(sam, NOON + HOUR).items == []


def test_a_condition_waits_first_for_its_owner_then_for_its_verifier(alpha, pia, tess, olaf) -> None:
    version = a_submitted_document(alpha)
    (condition,) = put_conditions([a_condition(tess, olaf)], project=alpha, version=version, by=pia, at=NOON)
    assert [item.word for item in queue_of(tess, NOON + HOUR).items] == ["Condition"]
    assert queue_of(olaf, NOON + HOUR).items == []
    condition.state, condition.evidenced_at = "evidenced", NOON
    condition.save()
    assert queue_of(tess, NOON + HOUR).items == []
    assert [item.word for item in queue_of(olaf, NOON + HOUR).items] == ["Verify"]


@pytest.mark.parametrize(("ahead", "waits"), [(13, True), (15, False), (-3, True)])
def test_a_gate_waits_from_a_fortnight_before_it_is_held(alpha, pia, ahead, waits) -> None:
    day = NOON.date() + dt.timedelta(days=ahead)
    GateReview.objects.create(project=alpha, gate=Gate.G1, number=1, planned_on=day, first_planned_on=day)
    assert ("gate" in kinds(pia)) is waits


def test_the_gate_of_the_pmo_managers_own_project_waits_for_the_executive(beta, pia, gina) -> None:
    beta.project_manager = pia
    beta.save()
    GateReview.objects.create(project=beta, gate=Gate.G1, number=1, planned_on=NOON.date(), first_planned_on=NOON.date())
    (item,) = queue_of(gina, NOON + HOUR).items
    assert (item.kind, item.glance.sentence) == ("gate", "G1 Definition: decide")
    (item,) = queue_of(pia, NOON + HOUR).items
    assert (item.signature.role, item.glance.sentence) == ("Project manager", "G1 Definition: prepare it")


def test_what_came_back_waits_for_its_author_until_the_next_version_is_begun(alpha, pia, max) -> None:
    from governance.documents.drafting import start_document

    version = a_submitted_document(alpha)
    a_finding(version, by=pia, section="problem")
    version.return_for_rework(by=pia, at=NOON)
    (item,) = queue_of(max, NOON + HOUR).items
    assert (item.kind, item.glance.open_findings) == ("returned", 1)
    start_document(alpha, "definition", by=max, at=NOON, change_summary="The period is named.")
    assert queue_of(max, NOON + HOUR).items == []


def test_the_first_page_of_people_who_decide_nothing_shows_it(client, asked, sam) -> None:
    client.force_login(sam)
    page = client.get(reverse("home"))
    assert [item.kind for item in page.context["queue"].items] == ["opinion"]


def test_the_queue_costs_the_same_for_many_items_as_for_few(alpha, pia, tess, sam, django_assert_max_num_queries) -> None:
    counts = []
    queue_of(tess, NOON + HOUR)  # the roles of a person are read once
    for _ in range(2):
        version = alpha.deliverables.first()
        version = version.versions.first() if version else a_submitted_document(alpha)
        terms = [a_condition(tess, sam) for _ in range(1 if not counts else 12)]
        put_conditions(terms, project=alpha, version=version, by=pia, at=NOON)
        with django_assert_max_num_queries(40) as counted:
            queue_of(tess, NOON + HOUR)
        counts.append(len(counted))
    assert counts[0] == counts[1]
