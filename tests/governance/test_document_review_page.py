"""The page on which a document is reviewed: who sees what, and what it costs."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.documents.drafting import save_section, start_document
from governance.findings import answer_finding
from governance.models import ChecklistItem, Delegation, DeliverableVersion, Review, ReviewPart
from tests.governance.pages import signed_in
from tests.governance.stories import NOON, a_finding
from tests.governance.written import a_submitted_document, an_approved_document, answer_route

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(hours=2)


def address(version: DeliverableVersion, tail: str = "") -> str:
    kind = version.deliverable.kind.replace("_", "-")
    return f"/reviews/documents/{version.deliverable.project.code}/{kind}/v{version.number}/{tail}"


def page(person, version, tail: str = "") -> str:
    answer = signed_in(person).get(address(version, tail))
    assert answer.status_code == 200
    return answer.content.decode()


def next_version(project, by, **words) -> DeliverableVersion:
    """Return the version after the latest, with other words in some sections, submitted."""
    version = start_document(project, "definition", by=by, at=LATER, change_summary="What was found is mended.")
    for row in version.document.sections.select_related("section").filter(section__key__in=words):
        value = {"rows" if row.section.is_table else "text": words[row.section.key]}
        save_section(row, by=by, at=LATER, revision=row.revision, **value)
    version.submit(by=by, at=LATER)
    return version


def test_a_first_version_shows_plain_with_four_decisions(alpha, pia) -> None:
    text = page(pia, a_submitted_document(alpha, problem="Clerks retype forms."))
    assert "The first version" in text
    assert "Clerks retype forms." in text
    assert "<ins>" not in text
    for key in "acrx":
        assert f'data-key="{key}"' in text


def test_changes_stand_in_place_beside_the_approved_version(alpha, max, pia) -> None:
    an_approved_document(alpha, by=pia, problem="Clerks retype 310 forms a week.")
    version = next_version(alpha, max, problem="Clerks retype 412 forms a week.")
    text = page(pia, version)
    assert "<del>310</del> <ins>412</ins>" in text
    assert "1 change in 1 of" in text
    assert "version 1.0, approved" in text


def test_the_other_basis_is_a_link_in_the_address(alpha, max, pia) -> None:
    an_approved_document(alpha, by=pia, problem="Clerks retype 310 forms a week.")
    second = next_version(alpha, max, problem="Clerks retype 400 forms a week.")
    finding = a_finding(second, by=pia, section="problem", at=LATER)
    second.return_for_rework(by=pia, at=LATER)
    answer_finding(finding, by=max, text="It is 412.", at=LATER)
    third = next_version(alpha, max, problem="Clerks retype 412 forms a week.")
    assert "<del>310</del> <ins>412</ins>" in page(pia, third)
    assert "?against=submitted" in page(pia, third)
    assert "<del>400</del> <ins>412</ins>" in page(pia, third, "?against=submitted")


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("pia", 200),
        ("gina", 200),
        ("audrey", 200),
        ("max", 200),
        ("bea", 404),
        ("tess", 200),
        ("sam", 200),
        ("stella", 404),
        ("fay", 404),
        ("olaf", 404),
    ],
)
def test_who_opens_it(person, status, alpha, beta, request) -> None:
    version = a_submitted_document(alpha)
    assert signed_in(request.getfixturevalue(person)).get(address(version)).status_code == status


def test_who_sees_the_approved_document_is_told_that_its_review_is_not_theirs(alpha, pia, fay) -> None:
    version = an_approved_document(alpha, by=pia)
    ReviewPart.objects.filter(review__version=version, person=fay).delete()
    assert signed_in(fay).get(address(version)).status_code == 403


def test_a_draft_and_a_kind_that_is_no_document_have_no_review(alpha, pia, max) -> None:
    version = start_document(alpha, "definition", by=max, at=NOON)
    assert signed_in(pia).get(address(version)).status_code == 404
    assert signed_in(pia).get(f"/reviews/documents/{alpha.code}/status-report/v1/").status_code == 404


def test_the_author_sees_neither_the_decisions_nor_findings_that_are_not_out_yet(alpha, pia, max) -> None:
    version = a_submitted_document(alpha)
    a_finding(version, by=pia, section="objectives", text="No target is given.")
    text = page(max, version)
    assert 'class="decide"' not in text
    assert "No target is given." not in text
    version.return_for_rework(by=pia, at=LATER)
    assert "No target is given." in page(max, version)


def test_a_sponsor_who_is_asked_reads_the_review_without_deciding(alpha, pia, sam) -> None:
    text = page(sam, a_submitted_document(alpha))
    assert "Give your opinion" in text
    assert "Add a finding" in text
    assert 'class="decide"' not in text


def test_a_delegate_reads_in_whose_place_they_decide(alpha, pia, bea) -> None:
    Delegation.objects.create(
        delegator=pia,
        delegate=bea,
        starts_on=NOON.date() - dt.timedelta(days=3),
        ends_on=NOON.date() + dt.timedelta(days=9),
        kinds=["definition"],
        highest_class=4,
        reason="Leave",
        created_at=NOON,
    )
    text = page(bea, a_submitted_document(alpha))
    assert "You decide for <b>Pia Orlov</b>" in text
    assert "for Pia Orlov." in text


def test_closed_decisions_say_what_closes_them(alpha, pia) -> None:
    version = a_submitted_document(alpha)
    assert "<b>Approve</b> is closed: Not everybody who is asked has answered" in page(pia, version)
    answer_route(version)
    a_finding(version, by=pia, section="objectives", severity="major")
    text = page(pia, version)
    assert "<b>Approve</b> is closed: 1 major finding is open." in text
    assert 'value="approve" data-key="a" disabled' in text
    assert 'value="conditional" data-key="c" disabled' in text
    assert 'value="return" data-key="r">' in text


def test_a_minor_finding_closes_nothing(alpha, pia) -> None:
    version = a_submitted_document(alpha)
    answer_route(version)
    a_finding(version, by=pia, section="objectives", severity="minor")
    assert "is closed" not in page(pia, version)


def test_after_the_decision_it_is_read_only(alpha, pia) -> None:
    text = page(pia, an_approved_document(alpha, by=pia))
    assert "Approved by <b>Pia Orlov</b>" in text
    assert 'class="decide"' not in text
    assert "Add a finding" not in text


def test_findings_of_earlier_versions_travel_along_with_their_answers(alpha, max, pia) -> None:
    first = a_submitted_document(alpha)
    finding = a_finding(first, by=pia, section="objectives", text="No target is given.")
    first.return_for_rework(by=pia, at=LATER)
    answer_finding(finding, by=max, text="The target is now 10.", at=LATER)
    text = page(pia, next_version(alpha, max))
    assert "No target is given." in text
    assert "The target is now 10." in text
    assert "version 0.1" in text


def test_checks_frozen_with_the_content_lead_to_their_row(alpha, pia) -> None:
    version = a_submitted_document(alpha)
    assert "One lacks a date." not in page(pia, version)
    content = json.loads(version.content)
    row = next(one for one in content["sections"] if one["key"] == "objectives")["rows"][0]["row"]
    failing = {"code": "D3", "label": "Objectives are measurable", "holds": False, "sentence": "One lacks a date."}
    content["checks"] = [{**failing, "section": "objectives", "row": row}]
    DeliverableVersion.objects.filter(pk=version.pk).update(content=json.dumps(content))
    text = page(pia, version)
    assert "One lacks a date." in text
    assert f'href="#r-objectives-{row}"' in text
    assert f'id="r-objectives-{row}"' in text


PROCUREMENT = [
    {"row": "open", "cells": {"item": "Radio towers", "estimate": "900000", "awarded_on": ""}},
    {"row": "done", "cells": {"item": "Gateways", "estimate": "200000", "awarded_on": "2026-10-01"}},
]


@pytest.mark.parametrize(("person", "sees"), [("pia", True), ("gina", True), ("audrey", True), ("max", True), ("sam", False)])
def test_rows_before_award_stay_in_the_office(person, sees, alpha, request) -> None:
    version = a_submitted_document(alpha, "execution_plan")
    content = json.loads(version.content)
    section = next(one for one in content["sections"] if one["is_confidential"])
    section["rows"] = [
        {"row": one["row"], "cells": {**dict.fromkeys((column["key"] for column in section["columns"]), ""), **one["cells"]}}
        for one in PROCUREMENT
    ]
    first = section["columns"][0]["key"]
    for row, name in zip(section["rows"], ("Radio towers", "Gateways"), strict=True):
        row["cells"][first] = name
    DeliverableVersion.objects.filter(pk=version.pk).update(content=json.dumps(content))
    text = page(request.getfixturevalue(person), version)
    assert "Gateways" in text
    assert ("Radio towers" in text) is sees
    assert ("stays in the office until award" in text) is not sees


def test_it_stands_in_the_queue_of_whoever_decides(alpha, pia, audrey) -> None:
    version = a_submitted_document(alpha)
    assert address(version) in signed_in(pia).get("/reviews/?what=documents").content.decode()


def test_notes_and_ticks_are_kept_and_lead_on_to_the_decision(alpha, pia) -> None:
    version = a_submitted_document(alpha)
    item = ChecklistItem.objects.filter(kind="definition").first() or ChecklistItem.objects.create(
        kind="definition", position=1, text="The problem is stated without its solution"
    )
    typed = {"revision": "0", "finding-text": "Half a thought", "checklist": item.pk, "then": "reject"}
    answer = signed_in(pia).post(address(version, "notes/"), typed)
    assert answer.url == address(version, "reject/")
    assert "Half a thought" in page(pia, version)
    review = Review.objects.get(version=version)
    assert review.checklist_answers.get(item=item).holds


def test_a_second_tab_is_told_that_the_notes_changed_and_keeps_its_words(alpha, pia) -> None:
    version = a_submitted_document(alpha)
    client = signed_in(pia)
    client.post(address(version, "notes/"), {"revision": "0", "finding-text": "First tab"})
    answer = client.post(address(version, "notes/"), {"revision": "0", "finding-text": "Second tab"})
    assert answer.status_code == 409
    assert "Second tab" in answer.content.decode()


def queries(person, version) -> int:
    client = signed_in(person)
    client.get(address(version))
    with CaptureQueriesContext(connection) as context:
        assert client.get(address(version)).status_code == 200
    return len(context)


def objectives(number: int, target: str = "10") -> list[dict]:
    cells = {"statement": "Less retyping", "measure": "Forms", "baseline": "310", "target": target, "date": "2027-06-30"}
    return [{"row": f"row{place}", "cells": cells} for place in range(number)]


def test_sixty_rows_and_findings_cost_as_many_queries_as_three(alpha, beta, pia, max) -> None:
    few, many = a_submitted_document(alpha, objectives=objectives(3)), a_submitted_document(beta, objectives=objectives(60))
    for version, number in ((few, 3), (many, 60)):
        for _ in range(number):
            a_finding(version, by=pia, section="objectives", row="row1")
    assert queries(pia, few) == queries(pia, many)


def test_a_table_of_500_changed_rows_stays_under_control(alpha, max, pia) -> None:
    back = a_submitted_document(alpha, objectives=objectives(500))
    finding = a_finding(back, by=pia, section="objectives", severity="comment")
    back.return_for_rework(by=pia, at=LATER)
    answer_finding(finding, by=max, text="Done.", at=LATER)
    version = next_version(alpha, max, objectives=objectives(500, "20"))
    text = page(pia, version)
    assert "500 changes in 1 of" in text
    assert queries(pia, version) < 46
