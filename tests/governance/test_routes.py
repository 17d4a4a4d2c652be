"""The office sets who is asked before a document is decided, and what its reviewer ticks."""

from __future__ import annotations

import pytest

from governance.models import ChecklistItem, RouteStep
from governance.route_changes import StepTerms, route_words, routes_of, set_routes
from pmo.lib.errors import Refused
from tests.governance.pages import signed_in
from tests.governance.test_rules import rules
from tests.governance.written import a_submitted_document

pytestmark = pytest.mark.django_db
SPONSOR = StepTerms(("sponsor",))


def as_sent(kind: str, **changes: object) -> dict[str, object]:
    """Return the form as it stands, with `seats_2_1=["finance"]` changed."""
    sent: dict[str, object] = {"reason": "The board wants it."}
    for key, steps in routes_of(kind).items():
        for place, step in enumerate(steps, start=1):
            sent[f"seats-{key}-{place}"] = step.seats
            sent[f"quorum-{key}-{place}"] = step.quorum or ""
    return {**sent, **{name.replace("_", "-"): value for name, value in changes.items()}}


def seats(kind: str, governance_class: int) -> list[list[str]]:
    return [step.seats for step in routes_of(kind)[governance_class]]


def test_the_office_starts_with_routes_by_class() -> None:
    for kind in ("definition", "execution_plan"):
        assert seats(kind, 1) == []
        assert seats(kind, 2) == [["sponsor"]]
        assert seats(kind, 3) == [["sponsor", "business_owner"], ["finance"]]
        assert seats(kind, 4) == [["sponsor", "business_owner"], ["finance"], ["executive"]]


def test_the_page_changes_the_routes_of_one_kind_with_the_reason_in_the_history(pia) -> None:
    address = rules("routes-edit") + "?kind=execution_plan"
    sent = as_sent("execution_plan", seats_1_1=["finance"], seats_3_1=[], quorum_4_1="1")
    assert signed_in(pia).post(address, sent).status_code == 302
    assert seats("execution_plan", 1) == [["finance"]]
    assert seats("execution_plan", 3) == [["finance"]], "an empty step is left out and the next moves up"
    assert routes_of("execution_plan")[4][0].quorum == 1
    assert seats("definition", 1) == []
    made = RouteStep.objects.get(kind="execution_plan", governance_class=1).history.latest()
    assert (made.history_user, made.history_change_reason) == (pia, "The board wants it.")


def test_reviews_under_way_keep_their_route(alpha, pia, sam) -> None:
    version = a_submitted_document(alpha)
    set_routes("definition", {}, by=pia, reason="Nobody is asked.")
    assert version.reviews.get().parts.filter(seat="sponsor", state="asked").exists()
    assert not RouteStep.objects.filter(kind="definition").exists()


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ([SPONSOR, SPONSOR], "seat_twice"),
        ([StepTerms(("mayor",))], "seat_unknown"),
        ([StepTerms(("sponsor",), 2)], "quorum_wrong"),
        ([StepTerms(("sponsor",), 0)], "quorum_wrong"),
    ],
)
def test_a_route_that_makes_no_sense_is_refused_and_changes_nothing(pia, steps, code) -> None:
    with pytest.raises(Refused) as refused:
        set_routes("definition", {2: steps}, by=pia, reason="Try.")
    assert refused.value.code == code
    assert seats("definition", 2) == [["sponsor"]]


def test_what_the_page_refuses_comes_back_as_it_was_typed(pia) -> None:
    answer = signed_in(pia).post(rules("routes-edit"), as_sent("definition", quorum_2_1="3"))
    assert answer.status_code == 422
    assert "at most as many as are asked" in answer.content.decode()


@pytest.mark.parametrize(("kind", "reason", "code"), [("definition", " ", "reason_missing"), ("budget", "x", "kind_unknown")])
def test_routes_change_with_a_reason_and_for_documents_only(pia, kind, reason, code) -> None:
    with pytest.raises(Refused) as refused:
        set_routes(kind, {}, by=pia, reason=reason)
    assert refused.value.code == code


def test_only_the_pmo_manager_changes_them(gina) -> None:
    with pytest.raises(Refused) as refused:
        set_routes("definition", {}, by=gina, reason="Mine.")
    assert refused.value.code == "not_rule_maker"
    assert signed_in(gina).get(rules("routes-edit")).status_code == 403


@pytest.mark.parametrize("name", ["routes-edit", "checklist-edit"])
def test_a_kind_without_rules_has_no_page(pia, name) -> None:
    assert signed_in(pia).get(rules(name) + "?kind=budget").status_code == 404


def test_routes_are_read_in_words_on_the_page_of_the_rules(pia, max, alpha) -> None:
    steps = [RouteStep(seats=["sponsor", "business_owner"]), RouteStep(seats=["finance", "executive"], quorum=1)]
    assert route_words(steps) == ["sponsor and business owner", "1 of finance analyst, executive"]
    page = signed_in(max).get(rules("rules-detail")).content.decode()
    assert "sponsor and business owner, then finance analyst, then executive" in page
    assert rules("routes-edit") not in page, "who may not change them is offered no way"


@pytest.mark.parametrize("kind", ["status_report", "definition", "execution_plan"])
def test_the_checklist_of_each_kind_is_changed_by_itself(pia, kind) -> None:
    others = ChecklistItem.objects.exclude(kind=kind).filter(is_active=True).count()
    sent = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-text": "Somebody read it aloud", "form-0-position": "1"}
    assert signed_in(pia).post(rules("checklist-edit") + f"?kind={kind}", sent).status_code == 302
    assert ChecklistItem.objects.get(text="Somebody read it aloud").kind == kind
    assert ChecklistItem.objects.exclude(kind=kind).filter(is_active=True).count() == others
