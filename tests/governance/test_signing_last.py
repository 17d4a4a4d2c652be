"""Whoever signs holds the head of the chain only for the sign-off itself: all else is written before.

While one holds it, everybody else who signs waits; and who waited for another row meanwhile could wait for one of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance import change_deciding, change_requests, gates
from governance.change_facts import Size
from governance.models import SignOff
from pmo.models import User
from portfolio.models import Project
from tests.governance.changed import REASON, a_change, an_assessed_change, with_baseline
from tests.governance.gated import a_prepared, terms
from tests.governance.stories import NOON, a_draft, a_finding, a_submitted, agreed_terms
from tests.governance.written import LATER, a_condition, a_document, a_submitted_document, an_approved_document, review_all

pytestmark = pytest.mark.django_db
OF_THE_CHAIN = ("governance_chainhead", "governance_signoff")
Act = Callable[[], Any]


@pytest.fixture
def people(alpha: Project, pia: User, max: User, sam: User, fay: User, gina: User) -> dict[str, Any]:
    return {"project": alpha, "pia": pia, "max": max, "sam": sam, "fay": fay}


def submit_report(project: Project, max: User, **_: Any) -> Act:
    version = a_draft(project)
    return lambda: version.submit(by=max, at=NOON)


def withdraw_report(project: Project, max: User, **_: Any) -> Act:
    version = a_submitted(project)
    return lambda: version.withdraw(by=max, at=LATER)


def accept_report(project: Project, pia: User, **_: Any) -> Act:
    version = a_submitted(project)
    return lambda: version.approve(by=pia, at=LATER, terms=agreed_terms(version))


def return_report(project: Project, pia: User, **_: Any) -> Act:
    version = a_submitted(project)
    a_finding(version, by=pia)
    return lambda: version.return_for_rework(by=pia, at=LATER)


def submit_document(project: Project, max: User, **_: Any) -> Act:
    version = a_document(project)
    return lambda: version.submit(by=max, at=NOON)


def approve_next_document(project: Project, pia: User, **_: Any) -> Act:
    """The second version takes the place of the first: both sign-offs are made together."""
    an_approved_document(project, by=pia)
    version = a_submitted_document(project, at=LATER)
    review_all(version, by=pia)
    return lambda: version.approve(by=pia, at=LATER, terms={})


def approve_with_conditions(project: Project, pia: User, max: User, **_: Any) -> Act:
    version = a_submitted_document(project)
    review_all(version, by=pia)
    return lambda: version.approve_with_conditions(by=pia, at=LATER, conditions=[a_condition(max, pia)])


def reject_document(project: Project, pia: User, **_: Any) -> Act:
    version = a_submitted_document(project)
    return lambda: version.reject(by=pia, at=LATER, reason=REASON)


def decide_gate(project: Project, pia: User, **_: Any) -> Act:
    project.phase = "intake"
    project.save()
    review = a_prepared(project)
    return lambda: gates.decide(review, by=pia, at=LATER, **terms())


def submit_change(project: Project, max: User, **_: Any) -> Act:
    change = a_change(with_baseline(project))
    return lambda: change_requests.submit(change, by=change.requested_by, at=NOON)


def approve_change(project: Project, fay: User, **_: Any) -> Act:
    wanted = {"wants_baseline": True, "root_cause": "The vendor is late."}
    change = an_assessed_change(with_baseline(project), assessor=fay, **wanted)
    by = change_deciding.deciders(Size(change), LATER.date())[0]
    return lambda: change_deciding.approve(change, by=by, at=LATER, reason=REASON)


ACTS = [
    submit_report,
    withdraw_report,
    accept_report,
    return_report,
    submit_document,
    approve_next_document,
    approve_with_conditions,
    reject_document,
    decide_gate,
    submit_change,
    approve_change,
]


@pytest.mark.parametrize("prepared", ACTS)
def test_nothing_is_written_while_the_head_of_the_chain_is_held(prepared: Callable[..., Act], people: dict[str, Any]) -> None:
    act = prepared(**people)
    before = SignOff.objects.count()
    with CaptureQueriesContext(
        connection,
    ) as captured:
        act()
    said = [query["sql"] for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    held = next(place for place, sql in enumerate(said) if "governance_chainhead" in sql)
    assert SignOff.objects.count() > before
    assert [sql for sql in said[held:] if not any(name in sql for name in OF_THE_CHAIN)] == []
