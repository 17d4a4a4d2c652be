"""Nobody is named for what every verb would refuse them later: auditors own, verify and manage nothing; no form offers them."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from governance import conditions, gates
from governance.condition_terms import put_conditions
from governance.models import Condition
from pmo.lib.errors import Refused
from portfolio.models import Project, ProjectMember, Risk
from tests.governance.gated import a_prepared, terms
from tests.governance.pages import signed_in
from tests.governance.stories import NOON
from tests.governance.test_document_decisions import address as review_address
from tests.governance.written import a_condition, a_submitted_document, review_all

pytestmark = pytest.mark.django_db


def code_of(act: Any, *arguments: Any, **options: Any) -> str:
    with pytest.raises(Refused) as refused:
        act(*arguments, **options)
    return str(refused.value.code)


def offered(form: Any, name: str) -> set[Any]:
    return set(form.fields[name].queryset)


@pytest.fixture
def condition(alpha: Any, tess: Any, sam: Any, pia: Any) -> Condition:
    gate = a_prepared(alpha, "G0")
    put_conditions([a_condition(tess, sam)], project=alpha, gate_review=gate, by=pia, at=NOON)
    return Condition.objects.get()


# Conditions


def test_a_condition_is_not_put_on_an_auditor(alpha: Any, audrey: Any, sam: Any, pia: Any) -> None:
    version = a_submitted_document(alpha)
    review_all(version, by=pia, at=NOON)
    terms_of = [a_condition(audrey, sam)]
    assert code_of(version.approve_with_conditions, by=pia, at=NOON, conditions=terms_of) == "owner_reads_only"
    assert not Condition.objects.exists()
    version.refresh_from_db()
    assert version.state in {"submitted", "in_review"}


def test_a_gate_is_not_passed_on_an_auditors_condition(alpha: Any, audrey: Any, sam: Any, gina: Any) -> None:
    review = a_prepared(alpha, "G0")
    given = terms(decision="conditional", conditions=[a_condition(audrey, sam)])
    assert code_of(gates.decide, review, by=gina, at=NOON, **given) == "owner_reads_only"
    review.refresh_from_db()
    assert review.state == "planned"


def test_a_condition_is_not_handed_to_an_auditor(condition: Condition, audrey: Any, sam: Any, tess: Any, pia: Any) -> None:
    given = {"by": pia, "at": NOON, "reason": "Leave"}
    assert code_of(conditions.reassign, condition, owner=audrey, verifier=sam, **given) == "owner_reads_only"
    assert code_of(conditions.reassign, condition, owner=tess, verifier=audrey, **given) == "verifier_reads_only"
    reply = signed_in(pia).post(
        reverse("governance:condition-reassign", args=[condition.project.code, condition.number]),
        {"owner": audrey.pk, "verifier": sam.pk, "reason": "Leave of absence"},
    )
    assert reply.status_code == 422
    assert "Leave of absence" in reply.content.decode()
    condition.refresh_from_db()
    assert (condition.owner, condition.verifier) == (tess, sam)


def test_the_forms_of_conditions_offer_those_who_can_act(
    condition: Condition, alpha: Any, audrey: Any, max: Any, tess: Any, pia: Any, gina: Any
) -> None:
    reassign = reverse("governance:condition-reassign", args=[alpha.code, condition.number])
    version = a_submitted_document(alpha)
    review_all(version, by=pia, at=NOON)
    gate = alpha.gate_reviews.get()
    forms = [
        signed_in(pia).get(reassign).context["form"],
        signed_in(pia).get(review_address(version, "conditions/")).context["conditions"][0],
        signed_in(gina).get(gate.get_absolute_url()).context["forms"].conditions[0],
    ]
    for form in forms:
        assert audrey not in offered(form, "owner") | offered(form, "verifier")
        assert max in offered(form, "owner") - offered(form, "verifier")
        assert tess in offered(form, "owner") & offered(form, "verifier")


# Parts of a project


def test_an_auditor_joins_no_team(alpha: Any, audrey: Any, max: Any) -> None:
    add = reverse("portfolio:member-new", args=[alpha.code])
    assert code_of(ProjectMember.add, project=alpha, user=audrey, role="tester", by=max) == "reads_only"
    client = signed_in(max)
    assert audrey not in offered(client.get(add).context["form"], "user")
    reply = client.post(add, {"user": audrey.pk, "role": "tester", "note": "Reads along"})
    assert reply.status_code == 422
    assert "Reads along" in reply.content.decode()
    assert not ProjectMember.objects.filter(user=audrey).exists()


@pytest.mark.parametrize("part", ["project_manager", "sponsor", "business_owner"])
def test_an_auditor_is_given_no_part(part: str, alpha: Any, audrey: Any, pia: Any) -> None:
    before = getattr(alpha, part)
    assert code_of(alpha.revise, by=pia, changes={part: audrey}, reason="So") == "reads_only"
    assert code_of(Project.register, by=pia, code="P-4000", name="Kiosks", **{part: audrey}) == "reads_only"
    assert getattr(Project.objects.get(pk=alpha.pk), part) == before
    assert not Project.objects.filter(code="P-4000").exists()
    for name, place in (("project-edit", [alpha.code]), ("project-new", [])):
        assert audrey not in offered(signed_in(pia).get(reverse(f"portfolio:{name}", args=place)).context["form"], part)


def test_whoever_stands_there_stays_until_somebody_else_is_named(alpha: Any, audrey: Any, tess: Any, pia: Any) -> None:
    """An auditor may have had the part before the role came; nothing else of the project waits for another name."""
    Project.objects.filter(pk=alpha.pk).update(business_owner=audrey)
    alpha.refresh_from_db()
    form = signed_in(pia).get(reverse("portfolio:project-edit", args=[alpha.code])).context["form"]
    assert audrey in offered(form, "business_owner")
    assert audrey not in offered(form, "sponsor")
    assert alpha.revise(by=pia, changes={"purpose": "Another purpose.", "business_owner": audrey}) == ["purpose"]
    assert alpha.revise(by=pia, changes={"business_owner": tess}, reason="Leave") == ["business_owner"]


def test_an_auditor_owns_no_entry_of_a_register(alpha: Any, audrey: Any, tess: Any, max: Any) -> None:
    values = {"title": "If the vendor is late, then testing starts late", "probability": 3, "impact": 3}
    assert code_of(Risk.record, project=alpha, by=max, owner=audrey, **values) == "reads_only"
    risk = Risk.record(project=alpha, by=max, owner=tess, **values)
    assert code_of(risk.revise, by=max, changes={"owner": audrey}) == "reads_only"
    assert risk.revise(by=max, changes={"impact": 4}) == ["impact"]
    form = signed_in(max).get(reverse("portfolio:risk-new", args=[alpha.code])).context["form"]
    assert audrey not in offered(form, "owner")


def test_an_auditor_still_sits_in_at_a_gate(alpha: Any, audrey: Any, max: Any) -> None:
    gate = a_prepared(alpha, "G0")
    forms = signed_in(max).get(gate.get_absolute_url()).context["forms"]
    assert audrey in offered(forms.attendees[0], "person")
