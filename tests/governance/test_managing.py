"""Who managed a project since when, and that whoever managed it before a thing was begun decides on it like anybody else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from governance import gates
from governance.compliance import open_finding
from governance.gate_authority import deciders
from governance.managing import Managing, managers_since
from governance.models import ComplianceFinding
from governance.queue import queue_of
from governance.separation import Duties, authority, deciding_role
from pmo.lib.history import dated, save_as
from pmo.roles import Role
from portfolio.models import Project
from tests.factories import make_project, make_user
from tests.governance.gated import TODAY, a_passed, a_planned, a_prepared, an_approved_document, fresh, refusal, terms
from tests.governance.pages import signed_in
from tests.governance.stories import NOON, THURSDAY, a_submitted
from tests.governance.written import a_submitted_document

pytestmark = pytest.mark.django_db
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


def managed(project: Project, *turns: tuple[Any, dt.datetime]) -> Project:
    """Let people manage a project one after the other, as its history tells; what was before is forgotten."""
    project.history.all().delete()  # type: ignore[attr-defined]
    for person, moment in turns:
        project.project_manager = person
        with dated(moment):
            save_as(project, by=None, reason="handed over")
    return project


def test_who_managed_since_a_moment_is_whoever_had_not_handed_over_by_then(alpha, pia, max, tess) -> None:
    managed(alpha, (pia, NOON - 9 * DAY), (tess, NOON - 5 * DAY), (max, NOON - 2 * DAY))
    assert managers_since(alpha, NOON) == {max.pk}
    assert managers_since(alpha, NOON - 2 * DAY) == {max.pk}
    assert managers_since(alpha, NOON - 3 * DAY) == {max.pk, tess.pk}
    assert managers_since(alpha, NOON - 20 * DAY) == managers_since(alpha, None) == {max.pk, tess.pk, pia.pk}


def test_who_handed_it_over_and_took_it_back_counts_as_both_of_them(alpha, pia, max) -> None:
    managed(alpha, (pia, NOON - 9 * DAY), (max, NOON - 5 * DAY), (pia, NOON - 2 * DAY))
    assert managers_since(alpha, NOON - 3 * DAY) == {max.pk, pia.pk}
    assert managers_since(alpha, NOON - DAY) == {pia.pk}


def test_a_time_without_a_manager_frees_nobody_who_came_before_or_after(alpha, pia, max) -> None:
    managed(alpha, (pia, NOON - 9 * DAY), (None, NOON - 5 * DAY), (max, NOON - 2 * DAY))
    assert managers_since(alpha, NOON - 6 * DAY) == {max.pk, pia.pk}
    assert managers_since(alpha, NOON - 4 * DAY) == {max.pk}


def test_changes_that_leave_the_manager_are_not_read(alpha, pia, max) -> None:
    managed(alpha, (pia, NOON - 9 * DAY), (pia, NOON - 8 * DAY), (pia, NOON - 7 * DAY), (max, NOON - 2 * DAY))
    assert Managing.of_project(alpha).turns == {alpha.pk: ((NOON - 9 * DAY, pia.pk), (NOON - 2 * DAY, max.pk))}


def test_the_present_manager_counts_whatever_the_history_says(alpha, pia) -> None:
    Project.objects.filter(pk=alpha.pk).update(project_manager=pia)
    assert pia.pk in managers_since(Project.objects.get(pk=alpha.pk), NOON)


def test_what_people_managed_is_read_at_once_and_nothing_else(alpha, beta, pia, max, django_assert_num_queries) -> None:
    managed(alpha, (pia, NOON - 9 * DAY), (max, NOON - 5 * DAY))
    managed(beta, (max, NOON - 9 * DAY))
    with django_assert_num_queries(1):
        found = Managing.of_people({pia.pk})
    assert set(found.turns) == {alpha.pk}
    assert found.since(alpha, NOON - 6 * DAY) == {pia.pk, max.pk}


# What follows


def test_who_handed_it_over_before_the_version_was_begun_decides(alpha, pia, max) -> None:
    managed(alpha, (pia, NOON - 9 * DAY), (max, NOON - 2 * DAY))
    version = a_submitted_document(alpha)
    assert deciding_role(version) == Role.PMO_MANAGER
    assert authority(version, pia, THURSDAY).person == pia


def test_who_managed_it_since_leaves_it_to_the_executive(alpha, pia, gina, max) -> None:
    managed(alpha, (max, NOON - 9 * DAY))
    version = a_submitted(alpha)
    managed(alpha, (pia, NOON), (max, NOON + DAY))
    assert deciding_role(version) == Role.EXECUTIVE
    assert refusal(authority, version, pia, THURSDAY) == "own_project"
    assert authority(version, gina, THURSDAY).person == gina


def test_the_queue_shows_it_to_whoever_may_decide(alpha, pia, gina, max) -> None:
    version = a_submitted(alpha)
    review = a_planned(alpha, "G0")
    managed(alpha, (pia, NOON), (max, NOON + DAY))
    wanted = {("report", version.pk), ("gate", review.pk)}
    waits = {person.name: {(item.kind, item.pk) for item in queue_of(person, NOON).items} for person in (pia, gina)}
    assert wanted.isdisjoint(waits[pia.name])
    assert wanted <= waits[gina.name]


def test_the_duties_of_a_person_know_what_they_managed_without_any_role(alpha, max, tess) -> None:
    managed(alpha, (tess, NOON - 9 * DAY), (max, NOON - 2 * DAY))
    assert Duties.of(tess, THURSDAY).managing.since(alpha, NOON - 3 * DAY) == {tess.pk, max.pk}


def test_a_finding_is_closed_by_the_office_but_not_by_who_managed_the_project_since(alpha, pia, max, tess) -> None:
    """The queue, the button of the list and the page say the same."""
    colleague = make_user("Cora Colleague", Role.PMO_MANAGER)
    managed(alpha, (max, NOON - 9 * DAY))
    finding = open_finding(alpha, "work_before_gate", "k1", "Work went on.", at=NOON, due_on=NOON.date())
    assert closing(finding, pia) == closing(finding, colleague) == (True, True, 200)
    managed(alpha, (max, NOON - 9 * DAY), (pia, NOON + DAY), (max, NOON + 2 * DAY))
    assert closing(finding, pia) == (False, False, 403)
    assert closing(finding, colleague) == (True, True, 200)


def closing(finding: ComplianceFinding, person: Any) -> tuple[bool, bool, int]:
    address = reverse("governance:compliance-close", args=[finding.pk])
    waits = address in {item.url for item in queue_of(person, NOON + 5 * HOUR).of_kind("compliance").items}
    client = signed_in(person)
    listed = address in client.get(reverse("governance:compliance-list")).content.decode()
    return waits, listed, client.get(address).status_code


def test_duties_cost_the_same_for_one_project_and_for_many(pia, max) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            duties = Duties.of(pia, THURSDAY)
            for version in versions:
                duties.may_decide(version)
        return len(asked)

    versions = [a_submitted(make_project(project_manager=max))]
    few = cost()
    versions += [a_submitted(make_project(project_manager=max)) for _ in range(4)]
    assert cost() == few


def test_who_managed_it_before_its_last_gate_decides_at_the_next(max, sam, pia, gina) -> None:
    project = make_project(project_manager=max, sponsor=sam, governance_class=3, phase="intake")
    managed(project, (pia, NOON - 30 * DAY), (max, NOON - 10 * DAY))
    review = a_prepared(project)
    assert refusal(gates.decide, review, by=pia, at=NOON, **terms()) == "own_project"
    assert pia not in deciders(project)
    gates.decide(review, by=gina, at=NOON, **terms())
    an_approved_document(project, "definition", by=pia)
    assert pia in deciders(project)
    assert fresh(a_passed(project, "G1", by=pia)).decided_by == pia


def test_a_gate_that_was_held_back_begins_no_new_stage(max, sam, pia, gina) -> None:
    project = make_project(project_manager=max, sponsor=sam, governance_class=3, phase="intake")
    managed(project, (pia, NOON - 30 * DAY), (max, NOON - 10 * DAY))
    a_passed(project, by=gina, decision="hold")
    review = a_prepared(project, on=TODAY)
    assert refusal(gates.decide, review, by=pia, at=NOON, **terms()) == "own_project"
