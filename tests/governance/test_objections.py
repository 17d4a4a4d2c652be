"""An objection of somebody who is asked: an approval goes over it only with a reason, kept in record, statement and paper."""

from __future__ import annotations

import json

import pytest

from governance.documents.paper import paper_of
from governance.models import DeliverableVersion, SignOff
from governance.routing import give_opinion
from governance.seats import holders
from pmo.lib.errors import Refused
from tests.factories import PASSWORD
from tests.governance.pages import signed_in
from tests.governance.test_document_decisions import a_row
from tests.governance.test_document_review_page import LATER, address, page
from tests.governance.written import a_condition, a_submitted_document, tick_all

pytestmark = pytest.mark.django_db
OBJECTION = "The money is not in the budget of this year."
WHY = "The council appropriates it in January; nothing is spent before."


@pytest.fixture
def objected(alpha, pia) -> DeliverableVersion:
    """Return a version to which the first of those who are asked objects, and which lacks nothing else."""
    version = a_submitted_document(alpha)
    review = version.reviews.get(state="open")
    opinion = "object"
    while part := review.parts.filter(state="asked").first():
        give_opinion(part, by=holders(part)[0], at=LATER, opinion=opinion, note=OBJECTION if opinion == "object" else "")
        opinion = "endorse"
    tick_all(version, by=pia)
    return version


def objector(version) -> str:
    return version.reviews.get().parts.get(opinion="object").person.name


@pytest.mark.parametrize("terms", [{}, {"overruling": "  "}])
def test_an_approval_of_either_sort_waits_for_a_reason(objected, pia, max, terms) -> None:
    for decide in (
        lambda: objected.approve(by=pia, at=LATER, terms=terms),
        lambda: objected.approve_with_conditions(by=pia, at=LATER, conditions=[a_condition(max, pia)], terms=terms),
    ):
        with pytest.raises(Refused) as refused:
            decide()
        assert refused.value.code == "objection_stands"
    assert DeliverableVersion.objects.get(pk=objected.pk).is_waiting


def test_returning_and_rejecting_ask_for_no_reason_against_it(objected, pia) -> None:
    objected.reject(by=pia, at=LATER, reason="The money is missing.")
    assert "overruling" not in json.loads(objected.record)


def test_the_reason_stands_in_the_record_the_statement_and_the_paper(objected, pia) -> None:
    objected.approve(by=pia, at=LATER, terms={"overruling": f" {WHY} "})
    name = objector(objected)
    kept = json.loads(DeliverableVersion.objects.get(pk=objected.pk).record)["overruling"]
    assert (kept["reason"], kept["objections"][0]["person"], kept["objections"][0]["objection"]) == (WHY, name, OBJECTION)
    signed = SignOff.objects.get(version=objected, action="approve")
    assert f"over the objection of {name}" in signed.intent
    lines = dict(paper_of(objected).decision)
    assert lines["Overruled, because"] == WHY
    assert any(OBJECTION in words for words in lines.values())
    assert WHY in page(pia, objected)


def test_without_an_objection_nothing_is_said_of_one(alpha, pia) -> None:
    from tests.governance.written import an_approved_document

    version = an_approved_document(alpha, by=pia)
    assert "overruling" not in json.loads(version.record)
    assert "objection" not in SignOff.objects.get(version=version, action="approve").intent
    assert "Overruled, because" not in dict(paper_of(version).decision)


def test_the_page_shows_the_objection_and_asks(objected, pia) -> None:
    text = signed_in(pia).get(address(objected, "approve/")).content.decode()
    assert OBJECTION in text
    assert 'name="overruling"' in text
    assert f"over the objection of {objector(objected)}" in text
    assert "needs your reason" in page(pia, objected)


@pytest.mark.parametrize("verb", ["approve", "conditions"])
def test_signing_without_the_reason_keeps_the_page(objected, pia, max, verb) -> None:
    typed = {"rows": "1", **a_row(max, pia), "password": PASSWORD}
    assert signed_in(pia).post(address(objected, f"{verb}/"), typed).status_code == 422
    assert DeliverableVersion.objects.get(pk=objected.pk).is_waiting
    assert signed_in(pia).post(address(objected, f"{verb}/"), {**typed, "overruling": WHY}).status_code == 302
    assert json.loads(DeliverableVersion.objects.get(pk=objected.pk).record)["overruling"]["reason"] == WHY


def test_a_reason_that_was_typed_is_there_again(objected, pia) -> None:
    signed_in(pia).post(address(objected, "approve/"), {"overruling": WHY, "password": "wrong"})
    assert WHY in signed_in(pia).get(address(objected, "approve/")).content.decode()
