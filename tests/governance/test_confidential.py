"""What stays in the office until a contract is awarded: until a day that has come, with all that is said of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from governance.attachments import attach
from governance.documents.confidential import Withheld, is_awarded
from tests.governance.pages import signed_in
from tests.governance.stories import NOON, a_finding
from tests.governance.test_attachments import PDF, upload
from tests.governance.written import a_submitted_document, review_all

TODAY = NOON.date()


@pytest.mark.parametrize(
    ("typed", "opens"),
    [
        ("2026-11-19", True),
        ("11/19/2026", True),
        ("2026-11-21", False),
        ("2029-01-01", False),
        ("not yet", False),
        ("soon, 2026", False),
        ("  ", False),
        ("", False),
    ],
)
def test_a_row_is_awarded_by_a_day_that_has_come(typed: str, opens: bool) -> None:
    assert is_awarded({"row": "a", "cells": {"awarded_on": typed}}, dt.date(2026, 11, 19)) is opens


def test_of_a_closed_section_only_awarded_rows_are_spoken_of() -> None:
    rows = [{"row": "a", "cells": {"awarded_on": "2026-10-01"}}, {"row": "b", "cells": {"awarded_on": ""}}]
    content = {
        "sections": [
            {"key": "procurement", "is_confidential": True, "rows": rows},
            {"key": "risks", "is_confidential": False, "rows": rows},
        ]
    }
    withheld = Withheld.of(content, TODAY)
    places = [("procurement", "a"), ("procurement", "b"), ("procurement", ""), ("procurement", "gone"), ("risks", "b")]
    assert [withheld.holds(*place) for place in places] == [False, True, True, True, False]


def row_with(awarded: str) -> dict[str, Any]:
    cells = {"item": "Radio towers", "method": "RFP", "contract_type": "Fixed", "lead_time": "8", "limit": "987000"}
    return {"row": "a", "cells": {**cells, "awarded_on": awarded}}


@pytest.mark.django_db
def test_a_planned_award_opens_nothing_even_when_its_day_has_come(alpha: Any, tess: Any, pia: Any, time_machine: Any) -> None:
    tomorrow = NOON.date() + dt.timedelta(days=1)
    version = a_submitted_document(alpha, "execution_plan", procurement=[row_with(tomorrow.isoformat())])
    review_all(version, by=pia, at=NOON)
    version.approve(by=pia, at=NOON, terms={})
    time_machine.move_to(NOON + dt.timedelta(days=3), tick=False)
    address = f"/projects/{alpha.code}/documents/execution-plan/"
    assert "987,000" in signed_in(pia).get(address).content.decode()
    assert "987,000" not in signed_in(tess).get(address).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("row", ["", "a"])
def test_a_finding_on_a_closed_section_and_its_file_stay_with_it(row: str, alpha: Any, tess: Any, pia: Any) -> None:
    version = a_submitted_document(alpha, "execution_plan", procurement=[row_with("")])
    finding = a_finding(version, by=pia, section="procurement", row=row, text="Vendor X asks 987 for it.")
    marked = attach(upload("marked.pdf", PDF), by=pia, at=NOON, finding=finding)
    review_all(version, by=pia, at=NOON)
    version.return_for_rework(by=pia, at=NOON)
    page = f"/reviews/documents/{alpha.code}/execution-plan/v1/"
    for person, sees in ((pia, True), (tess, False)):
        client = signed_in(person)
        assert ("Vendor X" in client.get(page).content.decode()) is sees
        assert (client.get(reverse("governance:attachment-file", args=[marked.public_id])).status_code == 200) is sees
