"""The four decisions on a document, each signed on a page of its own with the password."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from governance.findings import answer_finding
from governance.models import Condition, DeliverableVersion, Review, ReviewFinding, SignOff
from pmo.models import User
from portfolio.models import Project
from tests.factories import PASSWORD, make_project
from tests.governance.pages import signed_in
from tests.governance.stories import NOON, a_finding
from tests.governance.test_document_review_page import LATER, address, next_version
from tests.governance.written import a_submitted_document, answer_route, review_all

pytestmark = pytest.mark.django_db
DUE = (NOON + dt.timedelta(days=40)).date().isoformat()
VERBS = ["approve", "conditions", "return", "reject"]


def waiting(project: Project, pia: User) -> DeliverableVersion:
    """Return a document that everybody on its route has endorsed, with the checklist ticked: only the decision lacks."""
    version = a_submitted_document(project)
    review_all(version, by=pia, at=NOON)
    return version


def state_of(version: DeliverableVersion) -> str:
    return str(DeliverableVersion.objects.values_list("state", flat=True).get(pk=version.pk))


def a_row(owner: Any, verifier: Any, place: int = 0, text: str = "The test report is filed.") -> dict[str, str]:
    values = {"text": text, "owner": str(owner.pk), "verifier": str(verifier.pk), "due_on": DUE}
    return {f"c{place}-{name}": value for name, value in values.items()}


def words_for(verb: str, owner: Any, verifier: Any) -> dict[str, str]:
    """Return what has to be typed for each decision, besides the password."""
    return {
        "approve": {},
        "conditions": {"rows": "1", **a_row(owner, verifier)},
        "return": {"where": "objectives", "severity": "major", "text": "No target is given."},
        "reject": {"reason": "The project was stopped."},
    }[verb]


@pytest.mark.parametrize(
    ("verb", "state", "action", "decision"),
    [
        ("approve", "approved", "approve", "approve"),
        ("conditions", "conditional", "conditional", "conditional"),
        ("return", "returned", "return", "return"),
        ("reject", "rejected", "reject", "reject"),
    ],
)
def test_each_decision_is_signed_with_the_password(verb, state, action, decision, alpha, pia, max) -> None:
    version = waiting(alpha, pia)
    asked = signed_in(pia).get(address(version, f"{verb}/")).content.decode()
    version.refresh_from_db()
    assert version.content_sha256 in asked
    answer = signed_in(pia).post(address(version, f"{verb}/"), {**words_for(verb, max, pia), "password": PASSWORD})
    assert answer.status_code == 302
    assert state_of(version) == state
    signed = SignOff.objects.get(version=version, action=action, person=pia)
    assert f'<blockquote class="prose intent"><p>{signed.intent}</p></blockquote>' in asked
    assert f"version {'1.0' if action in ('approve', 'conditional') else '0.1'}" in signed.intent
    assert Review.objects.get(version=version).decision == decision
    assert version.history.first().history_user == pia


@pytest.mark.parametrize("verb", VERBS)
def test_a_wrong_password_decides_nothing_and_loses_nothing(verb, alpha, pia, max) -> None:
    version = waiting(alpha, pia)
    typed = {**words_for(verb, max, pia), "reason": "Words to be kept"}
    answer = signed_in(pia).post(address(version, f"{verb}/"), {**typed, "password": "plumb-line-demo-1999"})
    assert answer.status_code == 422
    assert "This is not your password." in answer.content.decode()
    assert state_of(version) in {"submitted", "in_review"}
    assert not SignOff.objects.exclude(action="submit").filter(version=version).exists()
    assert not Condition.objects.exists()
    assert not ReviewFinding.objects.exists()
    kept = "The test report is filed." if verb == "conditions" else "Words to be kept"
    assert kept in answer.content.decode()
    assert kept in signed_in(pia).get(address(version, f"{verb}/")).content.decode()


@pytest.mark.parametrize("verb", VERBS)
def test_a_fresh_sign_in_does_not_stand_in_for_the_password(verb, alpha, pia, max) -> None:
    version = waiting(alpha, pia)
    assert signed_in(pia).post(address(version, f"{verb}/"), words_for(verb, max, pia)).status_code == 422
    assert state_of(version) in {"submitted", "in_review"}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(("person", "status"), [("max", 403), ("gina", 403), ("audrey", 403), ("bea", 404), ("olaf", 404)])
def test_nobody_else_decides(verb, person, status, alpha, beta, pia, max, request) -> None:
    version = a_submitted_document(alpha)
    client = signed_in(request.getfixturevalue(person))
    typed = {**words_for(verb, max, pia), "password": PASSWORD}
    assert client.get(address(version, f"{verb}/")).status_code == status
    assert client.post(address(version, f"{verb}/"), typed).status_code == status
    assert state_of(version) == "submitted"


def test_the_pmo_manager_does_not_decide_on_a_document_of_their_own(pia, gina) -> None:
    version = a_submitted_document(make_project(project_manager=pia, governance_class=2))
    review_all(version, by=gina, at=NOON)
    assert signed_in(pia).post(address(version, "approve/"), {"password": PASSWORD}).status_code == 403
    assert signed_in(gina).post(address(version, "approve/"), {"password": PASSWORD}).status_code == 302
    assert state_of(version) == "approved"


@pytest.mark.parametrize("first", VERBS)
@pytest.mark.parametrize("second", VERBS)
def test_the_second_of_two_tabs_is_refused_with_what_happened(first, second, alpha, pia, max) -> None:
    version = waiting(alpha, pia)
    client = signed_in(pia)
    assert client.get(address(version, f"{second}/")).status_code == 200
    client.post(address(version, f"{first}/"), {**words_for(first, max, pia), "password": PASSWORD})
    decided, chain = state_of(version), SignOff.objects.count()
    answer = client.post(address(version, f"{second}/"), {**words_for(second, max, pia), "password": PASSWORD})
    assert answer.status_code == 409
    assert "Pia Orlov already decided this" in answer.content.decode()
    assert (state_of(version), SignOff.objects.count()) == (decided, chain)


@pytest.mark.parametrize("verb", ["approve", "conditions"])
def test_an_open_major_finding_closes_approval(verb, alpha, pia, max) -> None:
    version = waiting(alpha, pia)
    a_finding(version, by=pia, section="objectives", severity="critical")
    typed = {**words_for(verb, max, pia), "password": PASSWORD}
    answer = signed_in(pia).post(address(version, f"{verb}/"), typed)
    assert answer.status_code == 409
    assert state_of(version) == "in_review"
    assert not Condition.objects.exists()


@pytest.mark.parametrize("verb", ["approve", "conditions"])
def test_what_the_review_lacks_closes_approval_and_is_named(verb, alpha, pia, max) -> None:
    version = a_submitted_document(alpha)
    shown = signed_in(pia).get(address(version, f"{verb}/")).content.decode()
    assert "Not everybody who is asked has answered: sponsor" in shown
    assert "of the checklist" in shown
    answer_route(version, at=NOON)
    assert "sponsor" not in signed_in(pia).get(address(version, f"{verb}/")).content.decode()
    typed = {**words_for(verb, max, pia), "password": PASSWORD}
    assert signed_in(pia).post(address(version, f"{verb}/"), typed).status_code == 409
    assert state_of(version) in {"submitted", "in_review"}


def test_returning_without_a_finding_asks_for_one(alpha, pia) -> None:
    version = a_submitted_document(alpha)
    typed = {"password": PASSWORD, "where": "objectives", "severity": "major"}
    answer = signed_in(pia).post(address(version, "return/"), typed)
    assert answer.status_code == 422
    assert state_of(version) in {"submitted", "in_review"}


def test_returning_sends_the_findings_that_are_open(alpha, pia) -> None:
    version = a_submitted_document(alpha)
    a_finding(version, by=pia, section="objectives", text="No target is given.")
    assert "What is wrong" not in signed_in(pia).get(address(version, "return/")).content.decode()
    assert signed_in(pia).post(address(version, "return/"), {"password": PASSWORD}).status_code == 302
    assert state_of(version) == "returned"


def test_rejecting_needs_a_reason(alpha, pia) -> None:
    version = a_submitted_document(alpha)
    assert signed_in(pia).post(address(version, "reject/"), {"password": PASSWORD, "reason": " "}).status_code == 422
    assert state_of(version) in {"submitted", "in_review"}


def test_conditions_are_written_row_by_row_without_a_script(alpha, pia, max, tess) -> None:
    version = waiting(alpha, pia)
    client = signed_in(pia)
    more = client.post(address(version, "conditions/"), {"rows": "1", **a_row(max, tess), "add": "1"}).content.decode()
    assert 'name="rows" value="2"' in more
    assert "The test report is filed." in more
    assert 'name="rows" value="1"' in client.get(address(version, "conditions/")).content.decode()
    typed = {"rows": "3", **a_row(max, tess), **a_row(max, pia, 2, "Two clerks are trained."), "password": PASSWORD}
    assert client.post(address(version, "conditions/"), typed).status_code == 302
    found = Condition.objects.filter(version=version).order_by("number")
    assert [(row.text, row.owner, row.verifier) for row in found] == [
        ("The test report is filed.", max, tess),
        ("Two clerks are trained.", max, pia),
    ]


@pytest.mark.parametrize(
    "wrong", [{"c0-text": ""}, {"c0-owner": ""}, {"c0-due_on": "soon"}, {"c0-due_on": "2020-01-01"}, {"same": "1"}]
)
def test_an_incomplete_condition_is_refused_and_its_words_stay(wrong, alpha, pia, max) -> None:
    version = waiting(alpha, pia)
    row = a_row(max, max if "same" in wrong else pia)
    typed = {"rows": "1", **row, **wrong, "password": PASSWORD}
    answer = signed_in(pia).post(address(version, "conditions/"), typed)
    assert answer.status_code in {409, 422}
    assert not Condition.objects.exists()
    assert state_of(version) in {"submitted", "in_review"}
    assert wrong.get("c0-text", "The test report is filed.") in answer.content.decode()


def test_no_condition_at_all_is_refused(alpha, pia) -> None:
    version = waiting(alpha, pia)
    typed = {"rows": "1", "c0-verifier": str(pia.pk), "password": PASSWORD}
    answer = signed_in(pia).post(address(version, "conditions/"), typed)
    assert answer.status_code == 422
    assert state_of(version) in {"submitted", "in_review"}


def test_the_next_item_of_the_queue_opens(alpha, beta, pia) -> None:
    first, second = waiting(alpha, pia), waiting(beta, pia)
    answer = signed_in(pia).post(address(first, "approve/"), {"password": PASSWORD})
    assert answer.url == address(second)
    assert signed_in(pia).post(address(second, "approve/"), {"password": PASSWORD}).url == "/reviews/"


def test_a_finding_is_added_to_a_row_closed_and_opened_again(alpha, pia, max) -> None:
    version = a_submitted_document(alpha)
    client = signed_in(pia)
    row = version.document.sections.get(section__key="objectives").rows[0]["row"]
    typed = {"finding-where": f"objectives/{row}", "finding-severity": "major", "finding-text": "No target is given."}
    assert client.post(address(version, "findings/new/"), typed).status_code == 302
    finding = ReviewFinding.objects.get(version=version)
    assert (finding.section, finding.row, finding.severity) == ("objectives", row, "major")
    client.post(address(version, "return/"), {"password": PASSWORD})
    answer_finding(finding, by=max, text="The target is 10.", at=LATER)
    second = next_version(alpha, max)
    assert client.post(address(second, f"findings/{finding.pk}/reopen/")).status_code == 302
    finding.refresh_from_db()
    assert finding.state == "open"
    client.post(address(second, f"findings/{finding.pk}/close/"))
    finding.refresh_from_db()
    assert (finding.state, finding.closed_by) == ("closed", pia)


def test_a_finding_without_words_is_refused_and_an_unknown_place_becomes_the_first_section(alpha, pia) -> None:
    version = a_submitted_document(alpha)
    typed = {"finding-where": "../nowhere", "finding-severity": "major", "finding-text": " "}
    assert signed_in(pia).post(address(version, "findings/new/"), typed).status_code == 422
    signed_in(pia).post(address(version, "findings/new/"), {**typed, "finding-text": "Name the problem."})
    assert ReviewFinding.objects.get(version=version).section == "problem"


@pytest.mark.parametrize("tail", ["notes/", "findings/new/", "findings/1/close/", "findings/1/reopen/", "findings/1/answer/"])
def test_following_a_link_changes_nothing(tail, alpha, pia) -> None:
    version = a_submitted_document(alpha)
    assert signed_in(pia).get(address(version, tail)).status_code == 405
    assert state_of(version) == "submitted"


def test_a_finding_of_another_document_is_not_found(alpha, beta, pia) -> None:
    other = a_finding(a_submitted_document(beta), by=pia, section="objectives")
    version = a_submitted_document(alpha)
    for verb in ("close", "reopen", "answer"):
        assert signed_in(pia).post(address(version, f"findings/{other.pk}/{verb}/")).status_code == 404
