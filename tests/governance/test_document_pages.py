"""The room of deliverables and the pages on which a document is read."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from governance.documents.drafting import start_document
from governance.models import Deliverable, DeliverableVersion
from governance.states import VersionState
from tests.governance.stories import NOON, a_finding
from tests.governance.written import a_document, a_submitted_document, an_approved_document, bought

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(hours=2)
PROCUREMENT = [
    {
        "row": "a",
        "cells": {
            "item": "Scanners",
            "method": "RFP",
            "contract_type": "Fixed",
            "lead_time": "8",
            "limit": "1200",
            "awarded_on": "2026-10-01",
        },
    },
    {
        "row": "b",
        "cells": bought("Case system", limit="987654.00"),
    },
]


def page(client: Client, person, name: str, *args):
    client.force_login(person)
    return client.get(reverse(f"governance:{name}", args=args))


def text_of(client: Client, person, name: str, *args) -> str:
    response = page(client, person, name, *args)
    assert response.status_code == 200
    return response.content.decode()


def test_the_room_names_all_six_kinds_and_three_as_not_available_yet(client, alpha, max) -> None:
    shown = text_of(client, max, "deliverable-list", alpha.code)
    assert shown.count("Not available yet") == 3
    assert "Project definition document" in shown
    assert reverse("governance:document-begin", args=[alpha.code, "definition"]) in shown


def test_the_room_leads_on_from_wherever_a_document_stands(client, alpha, max, pia) -> None:
    version = a_document(alpha)
    assert reverse("governance:document-edit", args=[alpha.code, "definition"]) in text_of(
        client, max, "deliverable-list", alpha.code
    )
    version.submit(by=max, at=NOON)
    shown = text_of(client, max, "deliverable-list", alpha.code)
    assert "Submitted" in shown
    assert reverse("governance:document-begin", args=[alpha.code, "definition"]) not in shown


def test_who_reads_no_draft_sees_no_label_of_it_in_the_room(client, alpha, sam) -> None:
    a_document(alpha)
    shown = text_of(client, sam, "deliverable-list", alpha.code)
    assert ">0.1<" not in shown
    assert "document-edit" not in shown


def test_a_deliverable_leads_to_the_page_of_its_kind(alpha) -> None:
    a_document(alpha)
    assert Deliverable.objects.get(kind="definition").get_absolute_url() == f"/projects/{alpha.code}/documents/definition/"
    made = Deliverable(project=alpha, kind="schedule", number=1)
    assert made.get_absolute_url() == f"/projects/{alpha.code}/deliverables/"
    report = Deliverable(project=alpha, kind="status_report", number=3)
    assert report.get_absolute_url() == f"/projects/{alpha.code}/reports/3/"


def test_every_section_of_the_template_stands_on_the_page_with_clean_markup(client, alpha, max) -> None:
    version = a_document(alpha, problem="**310 forms** a week <script>alert(1)</script> [x](javascript:alert(1))")
    shown = text_of(client, max, "document-detail", alpha.code, "definition")
    for section in version.document.template.sections.all():
        assert f'id="section-{section.key}"' in shown
    assert "<strong>310 forms</strong>" in shown
    assert "<script>alert" not in shown
    assert 'href="javascript' not in shown


def test_tables_carry_the_label_of_each_cell_for_phones(client, alpha, max) -> None:
    a_document(alpha)
    assert 'data-l="Target date"' in text_of(client, max, "document-detail", alpha.code, "definition")


def test_before_it_is_begun_the_page_says_so_and_offers_to_begin_to_writers_only(client, alpha, max, sam) -> None:
    begin = reverse("governance:document-begin", args=[alpha.code, "definition"])
    assert begin in text_of(client, max, "document-detail", alpha.code, "definition")
    assert begin not in text_of(client, sam, "document-detail", alpha.code, "definition")


def test_a_sponsor_reads_the_approved_version_while_the_next_one_is_written(client, alpha, sam, max, pia) -> None:
    an_approved_document(alpha, by=pia, problem="Approved words.")
    again = start_document(alpha, "definition", by=max, at=LATER)
    again.document.sections.filter(section__key="problem")
    shown = text_of(client, sam, "document-detail", alpha.code, "definition")
    assert "Approved words." in shown
    assert page(client, sam, "document-version", alpha.code, "definition", again.number).status_code == 404
    assert page(client, max, "document-version", alpha.code, "definition", again.number).status_code == 200


def test_an_unknown_kind_and_a_strange_project_are_not_found(client, alpha, max, olaf) -> None:
    assert page(client, max, "document-detail", alpha.code, "budget").status_code == 404
    assert page(client, olaf, "document-detail", alpha.code, "definition").status_code == 404
    assert page(client, olaf, "deliverable-list", alpha.code).status_code == 404


def test_a_frozen_version_says_what_was_submitted_whatever_is_stored_now(client, alpha, max) -> None:
    version = a_submitted_document(alpha, problem="Frozen words.")
    row = version.document.sections.get(section__key="problem")
    type(row).objects.filter(pk=row.pk).update(text="Tampered words.")
    shown = text_of(client, max, "document-version", alpha.code, "definition", version.number)
    assert "Frozen words." in shown
    assert "Tampered" not in shown


@pytest.mark.parametrize("person", ["pia", "gina", "fay", "audrey", "max"])
def test_the_office_and_the_manager_read_what_is_confidential(client, alpha, world_of, person) -> None:
    an_approved_document(alpha, "execution_plan", by=world_of["pia"], procurement=PROCUREMENT)
    shown = text_of(client, world_of[person], "document-detail", alpha.code, "execution-plan")
    assert "Case system" in shown


@pytest.mark.parametrize("person", ["bea", "tess", "sam"])
def test_others_read_only_what_was_awarded(client, alpha, beta, world_of, person) -> None:
    version = an_approved_document(alpha, "execution_plan", by=world_of["pia"], procurement=PROCUREMENT)
    for name, args in (("document-detail", ()), ("document-version", (version.number,))):
        shown = text_of(client, world_of[person], name, alpha.code, "execution-plan", *args)
        assert "Scanners" in shown
        assert "Case system" not in shown
        assert "987" not in shown
        assert "1 row stays" in shown


@pytest.fixture
def world_of(pia, gina, max, bea, tess, sam, fay, audrey):
    return {"pia": pia, "gina": gina, "max": max, "bea": bea, "tess": tess, "sam": sam, "fay": fay, "audrey": audrey}


def test_the_page_costs_the_same_however_many_rows(client, alpha, max, django_assert_max_num_queries) -> None:
    rows = [{"row": f"r{number}", "cells": {"name": f"M{number}", "target": "2027-01-31"}} for number in range(500)]
    a_document(alpha, milestones=rows)
    client.force_login(max)
    with django_assert_max_num_queries(32):
        client.get(reverse("governance:document-detail", args=[alpha.code, "definition"]))


# Beginning, submitting, withdrawing


def post(client: Client, person, name: str, project, kind: str = "definition", **data):
    client.force_login(person)
    return client.post(reverse(f"governance:{name}", args=[project.code, kind]), data)


def test_beginning_blank_makes_a_draft_with_empty_sections(client, alpha, max) -> None:
    response = post(client, max, "document-begin", alpha, start="blank")
    assert response.status_code == 302
    version = DeliverableVersion.objects.get(deliverable__kind="definition")
    assert (version.author, version.state) == (max, VersionState.DRAFT)
    assert all(row.is_empty for row in version.document.sections.select_related("section"))


def test_beginning_with_another_projects_document_copies_its_words(client, alpha, beta, max, pia) -> None:
    source = an_approved_document(beta, by=pia, problem="Beta's problem.")
    response = post(client, max, "document-begin", alpha, start="other", other=source.pk, change_summary="")
    assert response.status_code == 302
    mine = DeliverableVersion.objects.get(deliverable__project=alpha)
    assert mine.document.sections.get(section__key="problem").text == "Beta's problem."


def test_a_draft_of_another_project_cannot_be_begun_with(client, alpha, beta, max) -> None:
    source = a_document(beta)
    assert post(client, max, "document-begin", alpha, start="other", other=source.pk).status_code == 422
    assert not DeliverableVersion.objects.filter(deliverable__project=alpha).exists()


def test_who_may_not_begin_is_refused(client, alpha, tess, sam, gina, audrey) -> None:
    for person in (tess, sam, gina, audrey):
        assert post(client, person, "document-begin", alpha, start="blank").status_code == 403
    assert not DeliverableVersion.objects.exists()


def test_a_second_version_is_not_begun_while_one_is_in_work(client, alpha, max) -> None:
    a_document(alpha)
    assert post(client, max, "document-begin", alpha, start="blank").status_code == 302
    assert DeliverableVersion.objects.count() == 1


def test_submitting_and_withdrawing_through_their_pages(client, alpha, max) -> None:
    version = a_document(alpha)
    assert post(client, max, "document-submit", alpha).status_code == 302
    version.refresh_from_db()
    assert version.state == VersionState.SUBMITTED
    assert post(client, max, "document-withdraw", alpha).status_code == 302
    version.refresh_from_db()
    assert version.state == VersionState.WITHDRAWN
    assert version.sign_offs.count() == 2


def test_neither_happens_by_get_nor_by_those_who_only_read(client, alpha, max, tess, audrey, olaf) -> None:
    version = a_document(alpha)
    client.force_login(max)
    for name in ("document-submit", "document-withdraw"):
        assert client.get(reverse(f"governance:{name}", args=[alpha.code, "definition"])).status_code == 405
    assert post(client, tess, "document-submit", alpha).status_code == 403
    assert post(client, audrey, "document-submit", alpha).status_code == 403
    assert post(client, olaf, "document-submit", alpha).status_code == 404
    version.refresh_from_db()
    assert version.state == VersionState.DRAFT


def test_submitting_twice_says_so_and_changes_nothing(client, alpha, max) -> None:
    version = a_submitted_document(alpha)
    assert post(client, max, "document-submit", alpha).status_code == 302
    assert version.sign_offs.count() == 1


def test_a_returned_document_is_gone_on_with_in_the_next_version(client, alpha, max, pia) -> None:
    version = a_submitted_document(alpha, problem="First words.")
    a_finding(version, by=pia, section="problem", at=NOON)
    version.return_for_rework(by=pia, at=LATER)
    assert post(client, max, "document-begin", alpha, start="last").status_code == 302
    newest = DeliverableVersion.objects.order_by("-number").first()
    assert newest.document.sections.get(section__key="problem").text == "First words."


def test_a_decided_version_shows_its_digest_and_leads_to_what_it_verifies(client, alpha, max, pia) -> None:
    approved = an_approved_document(alpha, by=pia)
    verify = reverse("governance:verify-digest", args=[approved.record_sha256])
    shown = text_of(client, max, "document-version", alpha.code, "definition", approved.number)
    assert f"<code>{approved.record_sha256}</code>" in shown
    assert f'<a href="{verify}">Verify it</a>' in shown
    assert client.get(verify).status_code == 200


def test_before_the_decision_the_digest_is_that_of_what_was_submitted(client, alpha, max) -> None:
    version = a_submitted_document(alpha)
    shown = text_of(client, max, "document-version", alpha.code, "definition", version.number)
    assert f"<code>{version.content_sha256}</code>" in shown
    assert "Verify it" not in shown
