"""Taking a submitted report back before it is decided."""

from __future__ import annotations

import pytest
import time_machine

from governance.models import DeliverableVersion, SignOff
from governance.states import VersionState
from pmo.lib.errors import Refused
from tests.governance.stories import NOON, a_draft, a_submitted
from tests.governance.typed import address

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _thursday_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def test_the_manager_takes_a_report_back_and_writes_the_next_version(client, alpha, max):
    version = a_submitted(alpha)
    client.force_login(max)
    answer = client.post(address("report-withdraw", version))
    version.refresh_from_db()
    assert (version.state, answer.url) == ("withdrawn", address("report-edit", version))
    assert version.reviews.get().state == "cancelled"
    assert list(SignOff.objects.values_list("action", flat=True)) == ["submit", "withdraw"]
    client.post("/projects/P-1001/reports/new/", {"number": 1})
    second = DeliverableVersion.objects.get(number=2)
    assert second.status_report.headline == version.status_report.headline


def test_a_version_in_review_can_still_be_taken_back(client, alpha, pia, max):
    version = a_submitted(alpha)
    version.take_up(by=pia, at=NOON)
    client.force_login(max)
    client.post(address("report-withdraw", version))
    version.refresh_from_db()
    assert version.state == "withdrawn"


def test_the_first_moment_of_submission_stays(client, alpha, max):
    version = a_submitted(alpha)
    client.force_login(max)
    client.post(address("report-withdraw", version))
    version.deliverable.refresh_from_db()
    assert version.deliverable.first_submitted_at == NOON


WAITING = (VersionState.SUBMITTED, VersionState.IN_REVIEW)


@pytest.mark.parametrize("state", [state for state in VersionState if state not in (*WAITING, VersionState.DRAFT)])
def test_nothing_else_can_be_taken_back(client, alpha, pia, max, state):
    version = a_submitted(alpha)
    decided = {} if state == VersionState.WITHDRAWN else {"decided_at": NOON, "decided_by": pia}
    DeliverableVersion.objects.filter(pk=version.pk).update(state=state, **decided)
    client.force_login(max)
    assert client.post(address("report-withdraw", version)).url == address("report-detail", version)
    version.refresh_from_db()
    assert version.state == state
    with pytest.raises(Refused) as refused:
        version.withdraw(by=max, at=NOON)
    assert refused.value.code == "not_waiting"


def test_a_draft_has_nothing_to_take_back(client, alpha, max):
    version = a_draft(alpha)
    client.force_login(max)
    client.post(address("report-withdraw", version))
    assert DeliverableVersion.objects.get().state == "draft"


def test_taking_back_needs_a_post(client, alpha, max):
    version = a_submitted(alpha)
    client.force_login(max)
    assert client.get(address("report-withdraw", version)).status_code == 405


@pytest.mark.parametrize(("person", "status"), [("tess", 403), ("gina", 403), ("bea", 403), ("stella", 404), ("olaf", 404)])
def test_nobody_else_takes_it_back(client, alpha, beta, request, person, status):
    version = a_submitted(alpha)
    client.force_login(request.getfixturevalue(person))
    assert client.post(address("report-withdraw", version)).status_code == status
    assert DeliverableVersion.objects.get().state == "submitted"
