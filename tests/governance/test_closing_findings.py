"""Findings of a document block until they are closed: by who raised them, or in their place with a reason in the record."""

from __future__ import annotations

import datetime as dt
import io
import json

import pytest
from python_calamine import CalamineWorkbook

from governance.findings import answer_finding, close_finding
from governance.models import DeliverableVersion, ReviewFinding
from pmo.lib.errors import Refused
from tests.governance.pages import signed_in
from tests.governance.stories import NOON, a_finding
from tests.governance.test_document_review_page import address, next_version, page
from tests.governance.written import a_submitted_document, review_all

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(days=1)
WHY = "The figure stands in the second line now."


def a_second_round(alpha, pia, max, *, raiser=None, severity: str = "major") -> tuple[DeliverableVersion, ReviewFinding]:
    """Return a second version whose first came back with one finding, answered since, and which lacks nothing else."""
    first = a_submitted_document(alpha)
    finding = a_finding(first, by=raiser or pia, section="objectives", severity=severity, recommendation="Give a target.")
    first.return_for_rework(by=pia, at=NOON)
    answer_finding(finding, by=max, text="The target is 10.", at=NOON)
    second = next_version(alpha, max)
    review_all(second, by=pia, at=LATER)
    return second, finding


def reload(finding: ReviewFinding) -> ReviewFinding:
    return ReviewFinding.objects.select_related("closed_by").get(pk=finding.pk)


@pytest.mark.parametrize("severity", ["critical", "major"])
def test_an_answer_does_not_let_an_approval_through(alpha, pia, max, severity) -> None:
    second, finding = a_second_round(alpha, pia, max, severity=severity)
    with pytest.raises(Refused) as refused:
        second.approve(by=pia, at=LATER, terms={})
    assert refused.value.code == "findings_open"
    assert f"1 {severity} finding is answered and not closed" in page(pia, second)
    close_finding(finding, by=pia, at=LATER)
    second.approve(by=pia, at=LATER, terms={})
    assert reload(finding).closing_reason == ""


def test_an_answered_minor_finding_of_the_decider_is_closed_with_the_approval(alpha, pia, max) -> None:
    second, finding = a_second_round(alpha, pia, max, severity="minor")
    second.approve(by=pia, at=LATER, terms={})
    assert (reload(finding).state, reload(finding).closed_by) == ("closed", pia)


def test_an_answered_minor_finding_of_somebody_else_stays_theirs(alpha, pia, max, sam) -> None:
    second, finding = a_second_round(alpha, pia, max, raiser=sam, severity="minor")
    second.approve(by=pia, at=LATER, terms={})
    assert (reload(finding).state, reload(finding).closed_by) == ("answered", None)


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_nobody_closes_in_the_place_of_another_without_a_reason(alpha, pia, max, sam, reason) -> None:
    _, finding = a_second_round(alpha, pia, max, raiser=sam)
    with pytest.raises(Refused) as refused:
        close_finding(finding, by=pia, at=LATER, reason=reason)
    assert refused.value.code == "reason_missing"
    assert reload(finding).state == "answered"


def test_the_reason_stands_in_the_record_the_sheet_and_the_history(alpha, pia, max, sam) -> None:
    second, finding = a_second_round(alpha, pia, max, raiser=sam)
    close_finding(finding, by=pia, at=LATER, reason=WHY)
    second.approve(by=pia, at=LATER, terms={})
    told = json.loads(DeliverableVersion.objects.get(pk=second.pk).record)["findings"]
    assert [(row["raised_by"], row["closed_by"], row["closing_reason"]) for row in told] == [(sam.name, pia.name, WHY)]
    assert told[0]["recommendation"] == "Give a target."
    assert finding.history.first().closing_reason == WHY
    assert WHY in signed_in(pia).get(address(second, "findings/")).content.decode()


def test_who_raised_it_closes_it_without_a_reason(alpha, pia, max, sam) -> None:
    second, finding = a_second_round(alpha, pia, max, raiser=sam)
    assert f"findings/{finding.pk}/close/" in page(sam, second)
    assert signed_in(sam).post(address(second, f"findings/{finding.pk}/close/")).status_code == 302
    assert (reload(finding).state, reload(finding).closed_by, reload(finding).closing_reason) == ("closed", sam, "")


def test_the_page_asks_the_decider_for_the_reason(alpha, pia, max, sam) -> None:
    second, finding = a_second_round(alpha, pia, max, raiser=sam)
    assert f'name="closing-{finding.pk}"' in page(pia, second)
    where, field = address(second, f"findings/{finding.pk}/close/"), f"closing-{finding.pk}"
    assert "Say why you close it" in signed_in(pia).post(where, {field: " "}, follow=True).content.decode()
    assert reload(finding).state == "answered"
    signed_in(pia).post(where, {field: WHY})
    assert (reload(finding).state, reload(finding).closing_reason) == ("closed", WHY)


def test_what_would_mend_it_is_kept_shown_and_put_into_the_sheet(alpha, pia, max) -> None:
    version = a_submitted_document(alpha)
    typed = {
        "finding-where": "objectives",
        "finding-severity": "major",
        "finding-text": "No target is given.",
        "finding-recommendation": "Give the target for 2027.",
    }
    assert signed_in(pia).post(address(version, "findings/new/"), typed).status_code == 302
    assert ReviewFinding.objects.get().recommendation == "Give the target for 2027."
    assert "Give the target for 2027." in page(pia, version)
    file = b"".join(signed_in(pia).get(address(version, "sheet.xlsx")).streaming_content)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_name("Rows").to_python()
    assert rows[1][rows[0].index("Recommendation")] == "Give the target for 2027."
