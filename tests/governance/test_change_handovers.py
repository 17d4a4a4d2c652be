"""A change request waits for whom the verb accepts, before, while and after somebody else manages the project."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils import timezone

from governance import change_deciding
from governance.change_deciding import signature_for
from governance.change_facts import Size
from governance.change_tables import ChangeFilters
from governance.models import ChangeRequest
from governance.queue import queue_of
from pmo.lib.errors import Refused
from pmo.models import Notification
from portfolio.models import Project
from tests.governance.changed import HOUR, REASON, an_assessed_change, with_baseline
from tests.governance.stories import NOON, THURSDAY

pytestmark = pytest.mark.django_db
LATER = NOON + 6 * HOUR
OFFICE_SIZE = {"cost_effect": Decimal(60_000)}


def hand_over(project: Project, to: Any, by: Any, **more: Any) -> None:
    project = Project.objects.get(pk=project.pk)
    project.revise(by=by, changes={"project_manager": to, **more}, reason="On leave.")


def offered(people: list[Any]) -> set[str]:
    """Return who finds the request in their queue as one to decide."""
    return {
        person.name
        for person in people
        if any(item.glance.sentence.startswith("Decide") for item in queue_of(person, LATER).of_kind("change").items)
    }


def listed(change: ChangeRequest, people: list[Any]) -> set[str]:
    """Return whom the list's filter “Waits for: me” shows the request, those who are to agree apart."""
    found = set()
    for person in people:
        request = RequestFactory().get("/")
        request.user = person
        rows = ChangeFilters({"waits": "me"}, ChangeRequest.objects.all(), request=request).qs
        if rows.filter(pk=change.pk).exists() and change.project.project_manager_id != person.pk:
            found.add(person.name)
    return found


def accepted(change: ChangeRequest, people: list[Any]) -> set[str]:
    def may(person: Any) -> bool:
        try:
            signature_for(Size(change), person, THURSDAY)
        except Refused:
            return False
        return True

    return {person.name for person in people if may(person)}


def agrees(change: ChangeRequest, people: list[Any]) -> set[str]:
    """Return who may decide, once queue, list and verb were found to say the same, and the row the same authority."""
    change = ChangeRequest.objects.select_related("project__sponsor").get(pk=change.pk)
    assert change.authority == Size(change).authority
    assert offered(people) == listed(change, people) == accepted(change, people)
    return offered(people)


@pytest.fixture
def people(pia, gina, max, sam, tess, fay, bea) -> list[Any]:
    return [pia, gina, max, sam, tess, fay, bea]


def test_a_pmo_manager_who_manages_it_for_a_week_leaves_it_to_the_board(alpha, pia, gina, max, fay, people) -> None:
    change = an_assessed_change(with_baseline(alpha), by=max, assessor=fay, **OFFICE_SIZE)
    assert agrees(change, people) == {pia.name}
    for manager in (pia, max):
        hand_over(alpha, manager, pia)
        assert agrees(change, people) == {gina.name}
    row = ChangeRequest.objects.get(pk=change.pk)
    assert row.history.first().history_change_reason == "who decides was computed anew: On leave."
    change_deciding.approve(row, by=gina, at=timezone.now(), reason=REASON)


def test_a_sponsor_who_managed_it_since_leaves_it_to_the_office(alpha, pia, max, sam, tess, fay, people) -> None:
    change = an_assessed_change(with_baseline(alpha), by=max, assessor=fay)
    assert agrees(change, people) == {sam.name}
    hand_over(alpha, sam, pia, sponsor=tess)
    assert agrees(change, people) == {tess.name}
    hand_over(alpha, max, pia, sponsor=sam)
    assert agrees(change, people) == {pia.name}


def test_those_who_decide_instead_are_told_and_the_others_no_longer_asked(alpha, pia, gina, max, fay) -> None:
    change = an_assessed_change(with_baseline(alpha), by=max, assessor=fay, **OFFICE_SIZE)
    hand_over(alpha, pia, pia)
    told = Notification.objects.filter(kind="change", key__endswith=f"-{change.pk}")
    assert told.get(recipient=gina, key__startswith="change-passed").read_at is None
    assert told.get(recipient=pia, key__startswith="change-decide").read_at is not None


def test_the_next_manager_is_asked_whether_they_agree(alpha, pia, max, tess, fay) -> None:
    an_assessed_change(with_baseline(alpha), by=max, assessor=fay)
    hand_over(alpha, tess, pia)
    (item,) = queue_of(tess, LATER).of_kind("change").items
    assert item.glance.sentence.startswith("Say whether you agree")
    assert queue_of(max, LATER).of_kind("change").items == []


def test_an_approval_beside_it_says_anew_who_decides(alpha, pia, gina, max, sam, fay, people) -> None:
    first = an_assessed_change(with_baseline(alpha), by=max, assessor=fay, cost_effect=Decimal(30_000))
    second = an_assessed_change(alpha, by=max, assessor=fay, cost_effect=Decimal(30_000))
    change_deciding.approve(first, by=sam, at=timezone.now(), reason=REASON)
    second.refresh_from_db()
    assert second.authority == Size(second).authority == "pmo_manager"
    assert agrees(second, people) == {pia.name}


def test_what_was_decided_keeps_the_authority_by_which_it_was(alpha, pia, max, fay) -> None:
    change = an_assessed_change(with_baseline(alpha), by=max, assessor=fay, **OFFICE_SIZE)
    change_deciding.defer(change, by=pia, at=NOON + 3 * HOUR, reason="After the elections.")
    hand_over(alpha, pia, pia)
    assert ChangeRequest.objects.get().authority == "pmo_manager"


def test_a_revision_that_is_about_something_else_recounts_nothing(alpha, pia, max, fay) -> None:
    change = an_assessed_change(with_baseline(alpha), by=max, assessor=fay, **OFFICE_SIZE)
    ChangeRequest.objects.filter(pk=change.pk).update(authority="board")
    Project.objects.get(pk=alpha.pk).revise(by=pia, changes={"purpose": "Clearer words."}, reason="So.")
    assert ChangeRequest.objects.get().authority == "board"
