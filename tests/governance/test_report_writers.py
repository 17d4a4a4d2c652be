"""Whose words stand in a report: they are remembered, and none of them decides on it, through whatever door."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from governance.findings import close_finding
from governance.models import Delegation, DeliverableVersion
from governance.queue import queue_of
from governance.reports import save_draft, start_correction, start_draft
from governance.separation import authority, deciding_role, people_behind
from pmo.lib.errors import Refused
from pmo.roles import Role
from tests.governance.pages import signed_in
from tests.governance.stories import NOON, THURSDAY, WEEK, a_draft, a_finding, a_submitted, agreed_terms, an_accepted

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(hours=2)


def write(version: DeliverableVersion, by: Any, **values: Any) -> None:
    given = values or {"headline": "The forms were tested by the clerks."}
    save_draft(version, given, revision=version.status_report.revision, by=by, at=NOON)


def refusal(version: DeliverableVersion, by: Any) -> str:
    with pytest.raises(Refused) as refused:
        authority(version, by, THURSDAY)
    return str(refused.value.code)


@pytest.fixture
def mended(alpha: Any, pia: Any, max: Any) -> DeliverableVersion:
    """A report of max in which the PMO manager wrote the headline."""
    version = a_draft(alpha)
    write(version, pia)
    return version


def test_whoever_saved_a_part_is_behind_the_report_and_its_history_says_so(mended, pia, max) -> None:
    fresh = DeliverableVersion.objects.get(pk=mended.pk)
    assert people_behind(fresh) == {max.pk, pia.pk}
    assert fresh.history.filter(history_user=pia, history_change_reason="joined in writing").count() == 1


@pytest.mark.parametrize(
    "values",
    [
        {"headline": "Another"},
        {"ratings": {"scope": {"measure": "12 of 14"}}},
        {"outcomes": {0: {"outcome": "dropped", "note": "The vendor left."}}},
    ],
)
def test_every_part_counts(alpha, pia, values) -> None:
    an_accepted(alpha, by=pia, at=NOON - WEEK, end_on=THURSDAY - WEEK)
    version = a_draft(alpha)
    assert version.status_report.reconciliations.exists()
    write(version, pia, **values)
    assert pia.pk in DeliverableVersion.objects.get(pk=version.pk).writers


def test_who_saved_what_stood_there_already_wrote_nothing(alpha, pia) -> None:
    version = a_draft(alpha)
    write(version, pia, headline=version.status_report.headline, outcomes={})
    assert DeliverableVersion.objects.get(pk=version.pk).writers == []


def test_a_pmo_manager_who_mended_a_report_does_not_decide_on_it(mended, pia, max, gina) -> None:
    mended.submit(by=max, at=NOON)
    assert refusal(mended, pia) == "own_work"
    assert deciding_role(mended) == Role.EXECUTIVE
    acts = {
        "approve": lambda: mended.approve(by=pia, at=LATER, terms=agreed_terms(mended)),
        "raise a finding": lambda: a_finding(mended, by=pia),
        "return": lambda: a_finding(mended, by=gina) and mended.return_for_rework(by=pia, at=LATER),
    }
    for name, act in acts.items():
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "own_work", name
    assert queue_of(pia, LATER).of_kind("report").items == []
    assert len(queue_of(gina, LATER).of_kind("report").items) == 1
    mended.return_for_rework(by=gina, at=LATER)


def test_neither_the_page_nor_the_bulk_lets_them(mended, pia, max) -> None:
    mended.submit(by=max, at=NOON)
    place = [mended.deliverable.project.code, mended.deliverable.number, mended.number]
    client = signed_in(pia)
    assert client.post(reverse("governance:review-accept", args=place)).status_code == 403
    client.post(reverse("governance:review-accept-many"), {"pick": [mended.pk], "sure": "yes"})
    mended.refresh_from_db()
    assert mended.state == "submitted"


def test_a_delegation_does_not_lead_around_it(mended, pia, bea, max) -> None:
    mended.submit(by=max, at=NOON)
    days = {"starts_on": THURSDAY, "ends_on": THURSDAY + WEEK, "created_at": NOON, "reason": "Leave"}
    Delegation.objects.create(delegator=pia, delegate=bea, kinds=["status_report"], highest_class=4, **days)
    assert refusal(mended, bea) == "not_reviewer"


def test_what_came_back_stays_the_work_of_its_writers_in_the_next_version(mended, pia, max, gina) -> None:
    mended.submit(by=max, at=NOON)
    a_finding(mended, by=gina)
    mended.return_for_rework(by=gina, at=LATER)
    again = start_draft(mended.deliverable, by=max, at=LATER)
    write(again, max, headline="All new.")
    assert people_behind(DeliverableVersion.objects.get(pk=again.pk)) == {max.pk, pia.pk}


def test_a_withdrawn_version_hands_them_on_too(mended, pia, max) -> None:
    mended.submit(by=max, at=NOON)
    mended.withdraw(by=max, at=LATER)
    assert pia.pk in start_draft(mended.deliverable, by=max, at=LATER).writers


def test_words_that_were_accepted_bind_nobody_any_more(mended, pia, max, gina) -> None:
    mended.submit(by=max, at=NOON)
    mended.approve(by=gina, at=LATER, terms=agreed_terms(mended))
    correction = start_correction(mended, by=max, at=LATER)
    assert people_behind(correction) == {max.pk}


def test_a_writer_closes_no_finding_of_the_version_they_wrote_in(mended, pia, max, gina) -> None:
    mended.submit(by=max, at=NOON)
    finding = a_finding(mended, by=gina)
    with pytest.raises(Refused) as refused:
        close_finding(finding, by=pia, at=LATER)
    assert refused.value.code == "own_work"


def test_the_author_alone_costs_no_row_of_history(alpha, max) -> None:
    version = a_submitted(alpha)
    assert not version.history.filter(history_change_reason="joined in writing").exists()
