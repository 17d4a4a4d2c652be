"""Attempts to break the separation of duties on documents: none succeeds, whichever way it is tried.

The rules: who wrote or submitted a version does not review or decide it; who manages the project does not decide on it; whoever
joins after the approval changes nothing; a delegation carries the prohibitions of who gave it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from governance import routing
from governance.documents.drafting import save_section, start_document
from governance.findings import answer_checklist, answer_finding, close_finding, keep_notes, raise_finding, reopen_finding
from governance.models import ChecklistItem, DeliverableVersion, Review, ReviewPart, SignOff
from governance.signing import verify_chain, verify_versions
from governance.states import VersionState
from pmo.lib.errors import Refused
from pmo.models import User
from pmo.roles import Role
from tests.factories import make_user
from tests.governance.stories import NOON, a_finding
from tests.governance.test_separation import delegate
from tests.governance.written import a_condition, a_submitted_document, an_approved_document, review_all

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(hours=2)
Verb = Callable[[DeliverableVersion, Any], object]


def some_part(version: DeliverableVersion) -> ReviewPart:
    return version.reviews.latest("pk").parts.order_by("position", "pk")[:1].get()


def conditions() -> list[Any]:
    owner, verifier = User.objects.order_by("pk")[:2]
    return [a_condition(owner, verifier)]


def ticks(version: DeliverableVersion) -> dict[int, bool]:
    return {item.pk: True for item in ChecklistItem.objects.filter(kind=version.deliverable.kind)}


#: Every verb by which somebody reviews or decides a version that waits.
VERBS: dict[str, Verb] = {
    "take up": lambda version, by: version.take_up(by=by, at=LATER),
    "approve": lambda version, by: version.approve(by=by, at=LATER, terms={}),
    "approve with conditions": lambda version, by: version.approve_with_conditions(by=by, at=LATER, conditions=conditions()),
    "return": lambda version, by: version.return_for_rework(by=by, at=LATER),
    "reject": lambda version, by: version.reject(by=by, at=LATER, reason="Not needed."),
    "raise a finding": lambda version, by: raise_finding(
        version, by=by, at=LATER, section="problem", severity="minor", text="Vague."
    ),
    "close a finding": lambda version, by: close_finding(version.findings.get(), by=by, at=LATER, reason="Settled."),
    "tick the checklist": lambda version, by: answer_checklist(version, ticks(version), by=by, at=LATER),
    "keep notes": lambda version, by: keep_notes(version, {}, by=by, at=LATER),
    "give an opinion": lambda version, by: routing.give_opinion(some_part(version), by=by, at=LATER, opinion="endorse"),
    "reassign a part": lambda version, by: routing.reassign(
        some_part(version), make_user("Chosen Friend"), by=by, at=LATER, reason="A friend."
    ),
    "excuse a reviewer": lambda version, by: routing.excuse(some_part(version), by=by, at=LATER, reason="In the way."),
    "remind": lambda version, by: routing.remind(some_part(version), by=by, at=LATER),
    "stop the route": lambda version, by: routing.abort_route(
        version.reviews.latest("pk"), by=by, at=LATER, reason="In the way."
    ),
}


def waiting(project: Any, by: Any = None, reviewer: Any = None) -> DeliverableVersion:
    """Return a submitted version with one comment of `reviewer`, so that returning and closing have something to act on."""
    version = a_submitted_document(project, by=by)
    if reviewer is not None:
        a_finding(version, by=reviewer, severity="comment", section="problem")
    return version


def stays_waiting(version: DeliverableVersion, signed: int) -> None:
    fresh = DeliverableVersion.objects.get(pk=version.pk)
    assert fresh.is_waiting
    assert SignOff.objects.filter(version=version).count() == signed
    assert not Review.objects.filter(version=version, state="decided").exists()
    assert verify_chain() is None


def assert_all_refused(version: DeliverableVersion, by: Any, codes: set[str]) -> None:
    """Try every verb, one after the other: all are refused and none leaves a trace."""
    for name, verb in VERBS.items():
        with pytest.raises(Refused) as refused:
            verb(version, by)
        assert refused.value.code in codes, name
    stays_waiting(version, 1)


# Who wrote or submitted it


def test_an_author_who_is_pmo_manager_and_sponsor_at_once_reviews_nothing_of_it(alpha, pia, gina) -> None:
    alpha.sponsor = pia
    alpha.save()
    version = waiting(alpha, by=pia, reviewer=gina)
    for role in (Role.EXECUTIVE, Role.FINANCE):
        pia.add_role(role)
    # Their own seat was left out from the start, so there is nothing to excuse themself from.
    assert_all_refused(version, User.objects.get(pk=pia.pk), {"own_work", "part_over"})


def test_a_submitter_who_is_not_the_author_reviews_nothing_of_it(alpha, pia, gina, max) -> None:
    version = a_submitted_document(alpha, by=max)
    DeliverableVersion.objects.filter(pk=version.pk).update(submitted_by=pia)
    version = DeliverableVersion.objects.get(pk=version.pk)
    a_finding(version, by=gina, severity="comment", section="problem")
    assert_all_refused(version, pia, {"own_work"})


def test_an_author_with_a_delegation_of_the_decider_reviews_nothing_of_it(alpha, pia, tess, max) -> None:
    delegate(pia, tess, kinds=["definition"])
    alpha.project_manager = tess
    alpha.save()
    version = waiting(alpha, by=tess, reviewer=pia)
    alpha.project_manager = max
    alpha.save()
    version = DeliverableVersion.objects.get(pk=version.pk)
    assert_all_refused(version, tess, {"own_work"})


def test_an_author_of_the_new_version_does_not_close_what_was_found_in_the_old_one(alpha, pia, gina, max) -> None:
    first = a_submitted_document(alpha)
    finding = a_finding(first, by=pia, section="problem")
    first.return_for_rework(by=pia, at=LATER)
    start_document(alpha, "definition", by=pia, at=LATER, change_summary="The office mends it itself.")
    for verb in (close_finding, reopen_finding):
        with pytest.raises(Refused) as refused:
            verb(finding, by=pia, at=LATER)
        assert refused.value.code == "own_work"


def test_a_reviewer_does_not_close_what_another_found(alpha, pia, sam) -> None:
    version = a_submitted_document(alpha)
    found = a_finding(version, by=pia, section="problem")
    with pytest.raises(Refused) as refused:
        close_finding(found, by=sam, at=LATER)
    assert refused.value.code == "not_reviewer"


def test_a_reviewer_raises_and_closes_their_own_findings_and_decides_nothing(alpha, pia, sam) -> None:
    version = a_submitted_document(alpha)
    found = a_finding(version, by=sam, section="problem")
    assert version.state == VersionState.SUBMITTED, "a finding of a participant is no decider taking it up"
    close_finding(found, by=sam, at=LATER)
    for name in ("take up", "approve", "approve with conditions", "reject", "tick the checklist", "keep notes"):
        with pytest.raises(Refused) as refused:
            VERBS[name](version, sam)
        assert refused.value.code == "not_reviewer", name
    stays_waiting(version, 1)


def test_many_versions_at_once_are_no_way_round(alpha, beta, pia, gina) -> None:
    versions = [a_submitted_document(project, by=pia) for project in (alpha, beta)]
    for version in DeliverableVersion.objects.waiting():
        with pytest.raises(Refused) as refused:
            version.approve(by=pia, at=LATER, terms={})
        assert refused.value.code == "own_work"
    assert DeliverableVersion.objects.waiting().count() == len(versions)


# Who manages the project


def test_a_project_manager_who_is_pmo_manager_decides_nothing_of_their_project(alpha, pia, gina, max, tess) -> None:
    """Somebody else wrote and submitted it: managing the project is enough."""
    version = a_submitted_document(alpha)
    DeliverableVersion.objects.filter(pk=version.pk).update(author=tess, submitted_by=tess, writers=[tess.pk])
    max.add_role(Role.PMO_MANAGER)
    version = DeliverableVersion.objects.get(pk=version.pk)
    a_finding(version, by=gina, severity="comment", section="problem")
    assert_all_refused(version, User.objects.get(pk=max.pk), {"own_project", "own_work"})


def test_who_becomes_project_manager_while_it_waits_decides_nothing_of_it(alpha, pia, gina) -> None:
    version = waiting(alpha, reviewer=pia)
    alpha.project_manager = pia
    alpha.save()
    assert_all_refused(DeliverableVersion.objects.get(pk=version.pk), pia, {"own_project", "own_work"})


# After the approval


def test_who_joins_after_the_approval_changes_nothing(alpha, pia) -> None:
    version = a_submitted_document(alpha)
    a_finding(version, by=pia, severity="comment", section="problem")
    review_all(version, by=pia)
    version.approve(by=pia, at=LATER, terms={})
    before = DeliverableVersion.objects.filter(pk=version.pk).values().get()
    newcomer = make_user("Nina Pauls", Role.PMO_MANAGER)
    # Taking up what is decided does nothing; a comment left open may be settled, the record keeps what was decided.
    harmless = {"take up", "close a finding"}
    for name, verb in VERBS.items():
        if name in harmless:
            verb(DeliverableVersion.objects.get(pk=version.pk), newcomer)
            continue
        with pytest.raises(Refused):
            verb(DeliverableVersion.objects.get(pk=version.pk), newcomer)
    assert DeliverableVersion.objects.filter(pk=version.pk).values().get() == before
    assert list(verify_versions()) == []


def test_the_text_of_an_approved_version_is_closed_to_everybody(alpha, pia, max) -> None:
    version = an_approved_document(alpha, by=pia)
    section = version.document.sections.get(section__key="problem")
    for person in (pia, max, version.author):
        with pytest.raises(Refused) as refused:
            save_section(section, by=person, at=LATER, revision=section.revision, text="Later.")
        assert refused.value.code == "frozen"


def test_an_approved_version_is_not_withdrawn_submitted_or_decided_again(alpha, pia, max) -> None:
    version = an_approved_document(alpha, by=pia)
    for verb in (
        lambda: version.withdraw(by=max, at=LATER),
        lambda: version.submit(by=max, at=LATER),
        lambda: version.approve(by=pia, at=LATER, terms={}),
        lambda: version.reject(by=pia, at=LATER, reason="Second thoughts."),
    ):
        with pytest.raises(Refused):
            verb()
        assert DeliverableVersion.objects.get(pk=version.pk).state == VersionState.APPROVED


def test_an_opinion_given_is_not_taken_back_after_the_approval(alpha, pia, sam) -> None:
    version = an_approved_document(alpha, by=pia)
    given = some_part(version)
    for change in (
        lambda: routing.give_opinion(given, by=sam, at=LATER, opinion="object", note="No."),
        lambda: routing.excuse(given, by=pia, at=LATER, reason="No."),
        lambda: routing.reassign(given, make_user("New Sponsor"), by=pia, at=LATER, reason="New."),
    ):
        with pytest.raises(Refused) as refused:
            change()
        assert refused.value.code == "not_waiting"
    assert some_part(version).opinion == "endorse"


def test_the_database_itself_keeps_one_standing_version_and_opinions_whole(alpha, pia) -> None:
    version = an_approved_document(alpha, by=pia)
    with pytest.raises(IntegrityError), transaction.atomic():
        DeliverableVersion.objects.filter(pk=version.pk).update(decided_by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewPart.objects.filter(pk=some_part(version).pk).update(opinion="")


# Delegations


def test_a_delegation_of_somebody_who_wrote_it_is_worth_nothing(alpha, pia, gina, tess) -> None:
    delegate(pia, tess, kinds=["definition"])
    version = waiting(alpha, by=pia, reviewer=gina)
    assert_all_refused(version, tess, {"not_reviewer", "not_asked"})


def test_a_delegation_that_was_itself_delegated_is_worth_nothing(alpha, pia, tess, olaf) -> None:
    delegate(pia, tess, kinds=["definition"])
    delegate(tess, olaf, kinds=["definition"])
    assert_all_refused(waiting(alpha, reviewer=pia), olaf, {"not_reviewer", "not_asked"})


def test_a_delegation_to_the_project_manager_is_worth_nothing_on_their_project(alpha, pia, max) -> None:
    delegate(pia, max, kinds=["definition"])
    assert_all_refused(waiting(alpha, reviewer=pia), max, {"own_work", "own_project"})


def test_a_delegation_of_the_executive_is_worth_nothing_where_the_executive_wrote_it(alpha, pia, gina, tess) -> None:
    alpha.governance_class = 4
    alpha.project_manager = gina
    alpha.save()
    delegate(gina, tess, kinds=["definition"])
    version = waiting(alpha, reviewer=pia)
    assert_all_refused(version, tess, {"not_reviewer", "not_asked"})


def test_nobody_speaks_for_two_seats(alpha, pia, gina, sam) -> None:
    alpha.governance_class = 4
    alpha.save()
    delegate(gina, sam, kinds=["definition"])
    version = a_submitted_document(alpha)
    routing.give_opinion(some_part(version), by=sam, at=LATER, opinion="endorse")
    executive = version.reviews.get().parts.get(seat="executive")
    assert executive.state == "asked"
    with pytest.raises(Refused) as refused:
        routing.give_opinion(executive, by=sam, at=LATER, opinion="endorse")
    assert refused.value.code == "second_opinion"


def test_who_answers_a_finding_does_not_thereby_close_it(alpha, pia, max) -> None:
    version = a_submitted_document(alpha)
    found = a_finding(version, by=pia, section="problem")
    version.return_for_rework(by=pia, at=LATER)
    answer_finding(found, by=max, text="Mended.", at=LATER)
    with pytest.raises(Refused) as refused:
        close_finding(found, by=max, at=LATER)
    assert refused.value.code == "own_work"
