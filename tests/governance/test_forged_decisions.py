"""Decisions written into the database by hand: what no constraint can refuse, the verification names."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from governance.models import ChangeRequest, DeliverableVersion, GateReview
from governance.signing import verify_records, verify_versions
from tests.factories import make_project
from tests.governance.changed import an_assessed_change, with_baseline
from tests.governance.gated import TODAY, a_passed, a_prepared
from tests.governance.stories import NOON
from tests.governance.written import a_submitted_document, an_approved_document

pytestmark = pytest.mark.django_db


def faults() -> list[str]:
    return [fault for _, fault in (*verify_versions(), *verify_records())]


def forge(row, **values) -> str:
    """Write `values` into the row and return what the verification says of it, which said nothing before."""
    assert faults() == []
    type(row).objects.filter(pk=row.pk).update(**values)
    with pytest.raises(CommandError):
        call_command("verify_approvals")
    (fault,) = faults()
    return fault


def test_a_version_approved_by_hand_has_no_record(alpha, pia) -> None:
    version = a_submitted_document(alpha)
    assert "no record of a decision" in forge(version, state="approved", decided_by=pia, decided_at=NOON)


def test_an_approval_is_not_turned_into_another_state(alpha, pia) -> None:
    assert "state" in forge(an_approved_document(alpha, by=pia), state="rejected")


def test_an_approval_is_not_put_down_to_another(alpha, pia, gina) -> None:
    assert "who decided" in forge(an_approved_document(alpha, by=pia), decided_by=gina)


def test_a_decider_is_not_among_the_writers(alpha, pia) -> None:
    version = an_approved_document(alpha, by=pia)
    assert "own words" in forge(version, writers=[*version.writers, pia.pk])


def test_what_is_superseded_still_holds(alpha, pia) -> None:
    an_approved_document(alpha, by=pia)
    an_approved_document(alpha, by=pia)
    assert DeliverableVersion.objects.filter(state="superseded").count() == 1
    assert faults() == []


def test_a_gate_decided_by_hand_has_no_record(max, sam) -> None:
    review = a_prepared(make_project(project_manager=max, sponsor=sam, phase="intake"))
    said = {"state": "decided", "decision": "go", "decided_by": max, "decided_at": NOON, "held_on": TODAY}
    assert "no record of a decision" in forge(review, **said)


def test_a_gate_is_not_put_down_to_its_manager(max, sam, pia) -> None:
    review = a_passed(make_project(project_manager=max, sponsor=sam, phase="intake"), by=pia)
    assert "who decided" in forge(GateReview.objects.get(pk=review.pk), decided_by=max)


def test_a_change_approved_by_hand_is_signed_by_nobody(alpha, fay, sam) -> None:
    change = an_assessed_change(with_baseline(alpha), assessor=fay)
    said = {"state": "approved", "decided_by": sam, "decided_at": NOON}
    assert "another one" in forge(ChangeRequest.objects.get(pk=change.pk), **said)
