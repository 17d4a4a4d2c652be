"""A weekly report from draft to accepted, by the verbs alone."""

from __future__ import annotations

import datetime as dt

import pytest

from governance.findings import answer_finding
from governance.models import DeliverableVersion, ProjectStanding, RatingChallenge, SignOff
from governance.reports import start_correction, start_draft
from governance.signing import verify_chain, verify_versions
from governance.standings import rebuild_standings
from pmo.lib.errors import Refused
from tests.factories import make_milestone
from tests.governance.stories import NOON, THURSDAY, WEEK, a_draft, a_finding, a_submitted, agreed_terms, an_accepted

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def test_an_accepted_report_is_published_signed_and_holds(alpha, pia) -> None:
    version = an_accepted(alpha, by=pia)
    standing = ProjectStanding.objects.get(project=alpha)
    assert version.state == "approved"
    assert (standing.overall, standing.report_number, standing.strip[-1]) == ("G", 1, "G")
    assert list(SignOff.objects.values_list("action", flat=True)) == ["submit", "approve"]
    assert verify_chain() is None
    assert list(verify_versions()) == []


def test_returned_answered_and_accepted_in_the_next_version(alpha, pia, max) -> None:
    first = a_submitted(alpha)
    finding = a_finding(first, by=pia)
    first.return_for_rework(by=pia, at=NOON + HOUR)
    second = start_draft(first.deliverable, by=max, at=NOON + HOUR)
    with pytest.raises(Refused) as refused:
        second.submit(by=max, at=NOON + HOUR)
    assert refused.value.code == "obstacles"
    answer_finding(finding, by=max, text="The headline names the days.", at=NOON + HOUR)
    second.submit(by=max, at=NOON + 2 * HOUR)
    second.approve(by=pia, at=NOON + 3 * HOUR, terms=agreed_terms(second))
    finding.refresh_from_db()
    assert (first.state, second.number, second.state, finding.state) == ("returned", 2, "approved", "closed")


def test_a_correction_supersedes_the_accepted_version(alpha, pia, max) -> None:
    accepted = an_accepted(alpha, by=pia)
    correction = start_correction(accepted, by=max, at=NOON + 4 * HOUR)
    correction.status_report.change_note = "The headline named the wrong week."
    correction.status_report.save()
    correction.submit(by=max, at=NOON + 5 * HOUR)
    correction.approve(by=pia, at=NOON + 6 * HOUR, terms=agreed_terms(correction))
    accepted.refresh_from_db()
    assert (accepted.state, correction.state) == ("superseded", "approved")
    assert accepted.record_sha256 != correction.record_sha256


def test_the_project_manager_cannot_decide_on_their_own_report(alpha, max) -> None:
    version = a_submitted(alpha)
    with pytest.raises(Refused) as refused:
        version.approve(by=max, at=NOON, terms=agreed_terms(version))
    assert refused.value.code == "own_work"
    assert DeliverableVersion.objects.get(pk=version.pk).state == "submitted"


def test_the_office_managers_own_project_goes_to_the_executive(alpha, pia, gina) -> None:
    alpha.project_manager = pia
    alpha.save()
    version = a_submitted(alpha, by=pia)
    with pytest.raises(Refused):
        version.approve(by=pia, at=NOON, terms=agreed_terms(version))
    version.approve(by=gina, at=NOON, terms=agreed_terms(version))
    assert version.state == "approved"


def test_what_happens_later_changes_no_accepted_content(alpha, pia) -> None:
    milestone = make_milestone(alpha, name="Go-live", is_key=True, baseline_on=THURSDAY, forecast_on=THURSDAY)
    version = an_accepted(alpha, by=pia)
    before = DeliverableVersion.objects.values_list("record", "record_sha256").get(pk=version.pk)
    milestone.forecast_on = THURSDAY + 4 * WEEK
    milestone.save()
    alpha.name = "Another name"
    alpha.save()
    assert DeliverableVersion.objects.values_list("record", "record_sha256").get(pk=version.pk) == before
    assert list(verify_versions()) == []


def test_green_beside_red_evidence_opens_a_challenge(alpha, pia) -> None:
    make_milestone(alpha, name="Go-live", is_key=True, baseline_on=THURSDAY - 8 * WEEK, forecast_on=THURSDAY + 4 * WEEK)
    a_submitted(alpha)
    found = set(RatingChallenge.objects.values_list("check_code", "dimension", "state"))
    assert found == {("W1", "overall", "open"), ("W1", "schedule", "open")}


def test_rebuilding_the_standings_changes_nothing(alpha, pia) -> None:
    an_accepted(alpha, by=pia, at=NOON - WEEK, end_on=THURSDAY - WEEK)
    an_accepted(alpha, by=pia)
    assert rebuild_standings(at=NOON + 2 * HOUR) == 0


def test_a_draft_is_filled_in_from_last_weeks_report(alpha, pia, max) -> None:
    an_accepted(alpha, by=pia, plan="Train the clerks\nClose sprint 9")
    draft = a_draft(alpha, end_on=THURSDAY + WEEK, at=NOON + WEEK)
    assert [row.text for row in draft.status_report.reconciliations.all()] == ["Train the clerks", "Close sprint 9"]


def test_a_draft_is_filled_in_from_a_report_that_still_waits(alpha, pia) -> None:
    an_accepted(alpha, by=pia, at=NOON - WEEK, end_on=THURSDAY - WEEK, plan="Train the clerks")
    a_submitted(alpha, plan="Close sprint 9")
    draft = a_draft(alpha, end_on=THURSDAY + WEEK, at=NOON + WEEK)
    assert [row.text for row in draft.status_report.reconciliations.all()] == ["Close sprint 9"]


def test_a_draft_is_not_filled_in_from_a_report_that_came_back(alpha, pia) -> None:
    an_accepted(alpha, by=pia, at=NOON - WEEK, end_on=THURSDAY - WEEK, plan="Train the clerks")
    waiting = a_submitted(alpha, plan="Close sprint 9")
    a_finding(waiting, by=pia)
    waiting.return_for_rework(by=pia, at=NOON)
    draft = a_draft(alpha, end_on=THURSDAY + WEEK, at=NOON + WEEK)
    assert [row.text for row in draft.status_report.reconciliations.all()] == ["Train the clerks"]
