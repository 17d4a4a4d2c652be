"""Every verb from every state: it moves where the table says, and elsewhere refuses and changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from governance.models import DeliverableVersion, SignOff
from governance.states import MOVES, OPEN_STATES, Decision, VersionState, sources_of
from pmo.lib.errors import Refused
from tests.governance.stories import NOON, a_draft, a_finding, a_submitted, agreed_terms, an_accepted

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(hours=3)
S = VersionState


def submit(version: DeliverableVersion, pia: Any) -> None:
    version.submit(by=version.author, at=LATER)


def withdraw(version: DeliverableVersion, pia: Any) -> None:
    version.withdraw(by=version.author, at=LATER)


def approve(version: DeliverableVersion, pia: Any) -> None:
    version.approve(by=pia, at=LATER, terms=agreed_terms(version))


def return_it(version: DeliverableVersion, pia: Any) -> None:
    version.return_for_rework(by=pia, at=LATER)


VERBS: dict[S, Callable[[DeliverableVersion, Any], None]] = {
    S.SUBMITTED: submit,
    S.WITHDRAWN: withdraw,
    S.APPROVED: approve,
    S.RETURNED: return_it,
}


def in_state(state: S, project: Any, pia: Any) -> DeliverableVersion:
    """Return a version in `state`, brought there by the verbs."""
    if state == S.DRAFT:
        return a_draft(project)
    if state in (S.APPROVED, S.SUPERSEDED, S.CONDITIONAL, S.REJECTED):
        version = an_accepted(project, by=pia)
        if state != S.APPROVED:
            # No verb of a report leads here; the row is put there to see that nothing leads out.
            DeliverableVersion.objects.filter(pk=version.pk).update(state=state)
        return DeliverableVersion.objects.get(pk=version.pk)
    version = a_submitted(project)
    if state == S.WITHDRAWN:
        version.withdraw(by=version.author, at=NOON)
    if state in (S.IN_REVIEW, S.RETURNED):
        a_finding(version, by=pia)
    if state == S.RETURNED:
        version.return_for_rework(by=pia, at=NOON)
    return DeliverableVersion.objects.get(pk=version.pk)


@pytest.mark.parametrize("target", VERBS)
@pytest.mark.parametrize("state", list(S))
def test_a_verb_moves_only_from_the_states_of_the_table(state: S, target: S, alpha, pia) -> None:
    version = in_state(state, alpha, pia)
    if target == S.RETURNED and state == S.SUBMITTED:
        a_finding(version, by=pia)
    if target == S.APPROVED and state == S.IN_REVIEW:
        version.findings.all().delete()
    signed = SignOff.objects.count()
    allowed = version.state in sources_of(target)
    if allowed:
        VERBS[target](version, pia)
    else:
        with pytest.raises(Refused):
            VERBS[target](version, pia)
    stored = DeliverableVersion.objects.get(pk=version.pk)
    assert stored.state == (target if allowed else version.state)
    assert SignOff.objects.count() == signed + allowed


def test_a_report_is_neither_rejected_nor_approved_with_conditions(alpha, pia) -> None:
    version = a_submitted(alpha)
    with pytest.raises(Refused) as refused:
        version.reject(by=pia, reason="Not needed.", at=LATER)
    assert refused.value.code == "decision_not_for_kind"
    assert Decision.CONDITIONAL not in version.rules.decisions


def test_two_tabs_the_second_approval_is_refused_with_who_and_when(alpha, pia, gina) -> None:
    version = a_submitted(alpha)
    first, second = DeliverableVersion.objects.get(pk=version.pk), DeliverableVersion.objects.get(pk=version.pk)
    first.approve(by=pia, at=LATER, terms=agreed_terms(first))
    with pytest.raises(Refused) as refused:
        second.approve(by=pia, at=LATER, terms=agreed_terms(second))
    assert refused.value.code == "already_decided"
    assert "Pia Orlov" in refused.value.sentence
    assert SignOff.objects.filter(action="approve").count() == 1


def test_a_decision_writes_history_in_the_name_of_the_reviewer(alpha, pia) -> None:
    version = an_accepted(alpha, by=pia)
    newest = version.history.first()
    assert (newest.state, newest.history_user, newest.history_change_reason) == ("approved", pia, "Approve")


def test_approval_with_an_open_finding_is_refused(alpha, pia) -> None:
    version = a_submitted(alpha)
    a_finding(version, by=pia)
    with pytest.raises(Refused) as refused:
        approve(version, pia)
    assert refused.value.code == "findings_open"


def test_return_without_a_finding_is_refused(alpha, pia) -> None:
    version = a_submitted(alpha)
    with pytest.raises(Refused) as refused:
        return_it(version, pia)
    assert refused.value.code == "no_findings"


def test_the_office_rating_that_differs_needs_a_reason(alpha, pia) -> None:
    version = a_submitted(alpha)
    with pytest.raises(Refused) as refused:
        version.approve(by=pia, at=LATER, terms=agreed_terms(version, scope={"letter": "Y", "reason": ""}))
    assert refused.value.code == "office_reason_missing"
    version.approve(
        by=pia, at=LATER, terms=agreed_terms(version, scope={"letter": "Y", "reason": "A change request is undecided."})
    )
    assert version.status_report.ratings.get(dimension="scope").pmo_letter == "Y"


def test_the_table_of_moves_leads_only_to_known_states() -> None:
    assert set(MOVES) == set(S)
    assert {target for targets in MOVES.values() for target in targets} <= set(S)


def test_the_database_holds_one_open_version_of_a_report(alpha, max) -> None:
    draft = a_draft(alpha)
    with pytest.raises(IntegrityError), transaction.atomic():
        DeliverableVersion.objects.create(
            deliverable=draft.deliverable, number=2, author=max, created_at=NOON, status_report=draft.status_report
        )


def test_the_open_states_in_the_constraint_are_those_of_the_enum() -> None:
    names = {constraint.name: constraint for constraint in DeliverableVersion._meta.constraints}
    condition = names["governance_version_one_open"].condition  # type: ignore[attr-defined]
    assert set(dict(condition.children)["state__in"]) == set(OPEN_STATES)


def test_frozen_content_cannot_be_reached_by_saving_a_draft(alpha, max) -> None:
    from governance.reports import save_draft

    version = a_submitted(alpha)
    with pytest.raises(Refused) as refused:
        save_draft(version, {"headline": "Another"}, revision=version.status_report.revision, by=max, at=LATER)
    assert refused.value.code == "frozen"
