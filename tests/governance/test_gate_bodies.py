"""Who sits at a gate: the body of the class, with a quorum of people who have an account; who waives does not decide alone."""

from __future__ import annotations

from typing import Any

import pytest

from governance import gates
from governance.gates import Attendee
from governance.models import SignOff
from governance.waivers import grant_waiver
from portfolio.models import Project
from tests.factories import make_project
from tests.governance.gated import DAY, TODAY, a_passed, a_planned, a_prepared, all_met, fresh, refusal, terms
from tests.governance.pages import signed_in
from tests.governance.stories import NOON

pytestmark = pytest.mark.django_db


def at_the_gate(number: int, max: Any, sam: Any) -> Project:
    return make_project(code="P-3001", project_manager=max, sponsor=sam, governance_class=number, phase="intake")


def with_there(project: Project, *there: Attendee) -> Any:
    review = a_planned(project)
    gates.prepare(review, by=project.project_manager, at=NOON, answers=all_met("G0"), attendees=there)
    return review


def test_in_class_1_the_pmo_manager_decides(max: Any, sam: Any, pia: Any) -> None:
    review = with_there(at_the_gate(1, max, sam), Attendee(person=max, capacity="project manager"))
    gates.decide(review, by=pia, at=NOON, **terms())


def test_in_class_2_the_sponsor_is_there(max: Any, sam: Any, pia: Any, gina: Any) -> None:
    review = with_there(at_the_gate(2, max, sam), Attendee(person=gina, capacity="guest"), Attendee(name=sam.name))
    assert refusal(gates.decide, review, by=pia, at=NOON, **terms()) == "body_incomplete"
    there = [Attendee(person=sam, capacity="sponsor")]
    gates.decide(fresh(review), by=pia, at=NOON, attendees=there, **terms())


def test_in_class_3_three_people_with_an_account_are_a_quorum(max: Any, sam: Any, pia: Any, gina: Any) -> None:
    sponsor, manager = Attendee(person=sam, capacity="sponsor"), Attendee(person=max, capacity="project manager")
    review = with_there(at_the_gate(3, max, sam), sponsor, manager, Attendee(name="A. Chair", capacity="chair"))
    assert refusal(gates.decide, review, by=pia, at=NOON, **terms()) == "body_incomplete"
    gates.decide(fresh(review), by=pia, at=NOON, attendees=[sponsor, Attendee(person=gina, capacity="chair")], **terms())


def test_in_class_4_the_executive_signs(max: Any, sam: Any, pia: Any, gina: Any) -> None:
    review = a_prepared(at_the_gate(4, max, sam))
    assert refusal(gates.decide, review, by=pia, at=NOON, **terms()) == "not_decider"
    gates.decide(fresh(review), by=gina, at=NOON, **terms())
    assert SignOff.objects.get().role == "Executive, chair of the board"


def test_who_waived_does_not_decide_by_it(max: Any, sam: Any, pia: Any, gina: Any) -> None:
    project = at_the_gate(2, max, sam)
    a_passed(project, by=pia)
    review = a_prepared(project, "G1")
    until = TODAY + DAY * 20
    grant_waiver(project, gate="G1", artefact="definition", reason="Law.", expires_on=until, by=pia, at=NOON)
    assert refusal(gates.decide, review, by=pia, at=NOON, **terms()) == "own_waiver"
    # The office waived, so the executive may decide here.
    gates.decide(fresh(review), by=gina, at=NOON, **terms())


def test_the_form_says_beforehand_who_is_missing(max: Any, sam: Any, pia: Any) -> None:
    project = at_the_gate(3, max, sam)
    review = with_there(project, Attendee(person=max, capacity="project manager"))
    page = signed_in(pia).get(review.get_absolute_url()).content.decode()
    assert f"The sponsor, {sam}, is not on the list." in page
    assert "2 more people with an account must be there" in page
    assert "3 more people" in signed_in(max).get(review.get_absolute_url()).content.decode()
