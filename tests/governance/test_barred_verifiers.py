"""A verifier who managed the project since the condition was put judges nothing: the office is asked for another."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance import conditions
from governance.condition_terms import put_conditions
from governance.models import Condition
from governance.queue import queue_of
from pmo.models import Notification
from pmo.roles import Role
from portfolio.models import Project
from tests.factories import make_project, make_user
from tests.governance.pages import signed_in
from tests.governance.stories import NOON
from tests.governance.test_conditions import address
from tests.governance.test_managing import DAY, managed
from tests.governance.written import a_condition, a_submitted_document

pytestmark = pytest.mark.django_db


def a_put(project: Project, owner: Any, verifier: Any, by: Any, *, evidenced: bool = True) -> Condition:
    version = a_submitted_document(project)
    (row,) = put_conditions([a_condition(owner, verifier)], project=project, version=version, by=by, at=NOON)
    if evidenced:
        conditions.give_evidence(row, by=owner, at=NOON, text="Filed under 2026/114.")
    return Condition.objects.select_related("project", "owner", "verifier").get(pk=row.pk)


def waits(person: Any) -> list[str]:
    return [item.glance.sentence for item in queue_of(person, NOON + DAY).of_kind("condition").items]


def judges(condition: Condition, person: Any) -> bool:
    page = signed_in(person).get(address(condition)).content.decode()
    return address(condition, "close") in page


@pytest.mark.parametrize("still", [True, False])
def test_evidence_that_its_verifier_may_not_judge_waits_for_the_office(alpha, pia, gina, max, tess, olaf, still) -> None:
    managed(alpha, (max, NOON - 9 * DAY))
    row = a_put(alpha, olaf, tess, pia)
    assert (waits(tess), waits(pia), waits(gina)) == ([row.text], [], [])
    managed(alpha, (max, NOON - 9 * DAY), (tess, NOON + DAY), *([] if still else [(max, NOON + 2 * DAY)]))
    said = f"{tess.name} manages the project, or did since this was put; name another verifier. {row.text}"
    assert (waits(tess), waits(pia), waits(gina)) == ([], [said], [])
    assert not judges(row, tess)
    assert "names another verifier" in signed_in(pia).get(address(row)).content.decode()
    conditions.reassign(row, by=pia, at=NOON + DAY, owner=olaf, verifier=gina, reason="Tess manages it.")
    assert (waits(pia), waits(gina)) == ([], [row.text])


def test_it_waits_for_the_executive_where_a_pmo_manager_managed_it_since(alpha, pia, gina, max, olaf) -> None:
    row = a_put(alpha, olaf, pia, gina)
    colleague = make_user("Cora Colleague", Role.PMO_MANAGER)
    managed(alpha, (max, NOON - 9 * DAY), (pia, NOON + DAY))
    assert waits(pia) == waits(colleague) == []
    assert [text.endswith(f"name another verifier. {row.text}") for text in waits(gina)] == [True]


def test_who_managed_it_before_the_condition_was_put_verifies_it(alpha, pia, max, tess, olaf) -> None:
    managed(alpha, (tess, NOON - 9 * DAY), (max, NOON - 2 * DAY))
    row = a_put(alpha, olaf, tess, pia)
    assert (waits(tess), waits(pia)) == ([row.text], [])
    assert judges(row, tess)
    conditions.close(row, by=tess, at=NOON)
    assert Condition.objects.get().state == "closed"


def test_evidence_given_while_the_verifier_may_not_judge_it_tells_the_office(alpha, pia, max, tess, olaf) -> None:
    row = a_put(alpha, olaf, tess, pia, evidenced=False)
    managed(alpha, (max, NOON - 9 * DAY), (tess, NOON + DAY))
    row = Condition.objects.select_related("project", "owner", "verifier").get(pk=row.pk)
    conditions.give_evidence(row, by=olaf, at=NOON, text="Filed under 2026/114.")
    told = Notification.objects.filter(key__startswith="condition-evidence")
    assert [one.recipient for one in told] == [pia]


@pytest.mark.parametrize("everybody", [True, False])
def test_many_of_them_cost_no_more_than_one(pia, max, tess, olaf, everybody) -> None:
    def add(number: int) -> None:
        for _ in range(number):
            project = make_project(project_manager=max)
            a_put(project, olaf, tess, pia)
            managed(project, (max, NOON - 9 * DAY), (tess, NOON + DAY))

    def cost() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as asked:
            items = queue_of(pia, NOON + DAY, everybody=everybody).of_kind("condition").items
        return len(items), len(asked)

    add(1)
    cost()
    one, few = cost()
    add(4)
    assert (one, cost()) == (1, (5, few))
