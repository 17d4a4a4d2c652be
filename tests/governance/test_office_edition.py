"""The edition for the office: every row, for office roles only, written down when opened, never in place of another copy."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse

from governance.models import ConfidentialRead, DeliverableVersion, StoredPdf
from governance.pdf_digest import marked_digest
from governance.record_copies import copy_of, ensure_copies, has_office_edition, office_edition_of
from governance.states import Copy
from pmo.lib.errors import Refused
from tests.governance.pages import signed_in
from tests.governance.test_document_pdf import failed_rules, text_of
from tests.governance.written import a_document, an_approved_document, bought

pytestmark = [pytest.mark.pdf, pytest.mark.django_db]
EDITION = "Edition for the office: contains rows confidential until award"
SECRET = "Scanner lease"


@pytest.fixture(autouse=True)
def _own_var(settings: Any, tmp_path: Any) -> None:
    settings.VAR_DIR = tmp_path


def rows(**more: str) -> list[dict[str, Any]]:
    awarded = bought("Court software", awarded_on="2026-10-01")
    return [{"row": "one", "cells": bought(SECRET, limit="777123", **more)}, {"row": "two", "cells": awarded}]


@pytest.fixture
def plan(alpha: Any, pia: Any) -> DeliverableVersion:
    return an_approved_document(alpha, "execution_plan", by=pia, procurement=rows())


def address(version: DeliverableVersion, name: str = "document-office-pdf") -> str:
    deliverable = version.deliverable
    kind = deliverable.kind.replace("_", "-")
    return reverse(f"governance:{name}", args=[deliverable.project.code, kind, version.number])


def page_of(version: DeliverableVersion) -> str:
    return address(version, "document-version")


def test_it_holds_every_row_and_says_what_it_is_on_every_page(plan: DeliverableVersion) -> None:
    file = bytes(office_edition_of(plan).file)
    text = text_of(file)
    for said in (SECRET, "777,123", "Court software", EDITION, "1 row confidential until the contract is awarded."):
        assert said in text, said
    assert "withheld" not in text
    pages = len(re.findall(r"Page \d+ of", text))
    assert len(re.findall(r"digest (?:[0-9a-f]{4} ){4}confidential", text)) == pages > 1
    assert marked_digest(file) == plan.record_sha256
    assert failed_rules(file, "PDF_UA_1") == []


def test_the_copies_for_everybody_stay_without_the_rows_whichever_is_built_first(plan: DeliverableVersion) -> None:
    whole = office_edition_of(plan)
    copies = ensure_copies(plan)
    assert {row.pk for row in copies.values()}.isdisjoint({whole.pk})
    for copy in copies.values():
        text = text_of(copy.file)
        assert SECRET not in text
        assert EDITION not in text
    assert copy_of(plan, Copy.READING).pk == copies["reading"].pk
    assert office_edition_of(plan).pk == whole.pk
    assert len(set(StoredPdf.objects.values_list("sha256", flat=True))) == 3


@pytest.mark.parametrize("person", ["pia", "gina", "audrey"])
def test_the_office_opens_it_and_that_is_written_down(person: str, plan: Any, request: Any) -> None:
    reader = request.getfixturevalue(person)
    reply = signed_in(reader).get(address(plan))
    assert (reply.status_code, reply["Content-Type"], reply["Cache-Control"]) == (200, "application/pdf", "private, no-store")
    assert "P-1001-execution-plan-1.0-office.pdf" in reply["Content-Disposition"]
    assert SECRET in text_of(reply.content)
    noted = ConfidentialRead.objects.get()
    assert (noted.person, noted.version, noted.file_sha256) == (reader, plan, StoredPdf.objects.get(edition="whole").sha256)


@pytest.mark.parametrize(
    ("person", "status"),
    [
        *[(name, 403) for name in ("max", "tess", "sam", "bea", "fay")],
        *[(name, 404) for name in ("olaf", "stella", "adam", "hugo")],
    ],
)
def test_nobody_else_gets_it_through_any_door(person: str, status: int, plan: Any, beta: Any, request: Any) -> None:
    office_edition_of(plan)
    client = signed_in(request.getfixturevalue(person))
    assert client.get(address(plan)).status_code == status
    assert client.get(address(plan), {"edition": "whole", "is_abridged": "0"}).status_code == status
    for name in ("document-pdf", "document-record-pdf"):
        reply = client.get(address(plan, name), {"edition": "whole", "copy": "whole"})
        if reply.status_code == 200:
            assert SECRET not in text_of(reply.content)
    page = client.get(page_of(plan))
    assert "v1-office.pdf" not in page.content.decode()
    assert not ConfidentialRead.objects.exists()


def test_a_role_taken_away_ends_it_at_once(plan: Any, pia: Any, adam: Any) -> None:
    client = signed_in(pia)
    assert client.get(address(plan)).status_code == 200
    pia.groups.clear()
    assert client.get(address(plan)).status_code in (403, 404)
    assert ConfidentialRead.objects.count() == 1


def test_signed_out_it_leads_to_sign_in_and_only_reading_is_a_verb(plan: Any, client: Any, pia: Any) -> None:
    assert client.get(address(plan)).status_code == 302
    assert signed_in(pia).post(address(plan)).status_code == 405
    assert not ConfidentialRead.objects.exists()


def test_where_nothing_is_left_out_there_is_none(alpha: Any, pia: Any) -> None:
    awarded = [{"row": "two", "cells": bought("Court software", awarded_on="2026-10-01")}]
    open_plan = an_approved_document(alpha, "execution_plan", by=pia, procurement=awarded)
    definition = DeliverableVersion.objects.get(deliverable__kind="definition")
    for version in (open_plan, definition):
        assert not has_office_edition(version)
        with pytest.raises(Refused) as refused:
            office_edition_of(version)
        assert refused.value.code == "nothing_withheld"
        assert signed_in(pia).get(address(version)).status_code == 404
        assert "Edition for the office" not in signed_in(pia).get(page_of(version)).content.decode()
    assert not ConfidentialRead.objects.exists()


def test_a_draft_has_none(alpha: Any, pia: Any) -> None:
    draft = a_document(alpha, "execution_plan", procurement=rows())
    assert signed_in(pia).get(address(draft)).status_code == 404
    with pytest.raises(Refused) as refused:
        office_edition_of(draft)
    assert refused.value.code == "not_decided"


def test_the_page_offers_it_to_the_office_and_names_who_opened_it(plan: Any, pia: Any, audrey: Any, max: Any) -> None:
    signed_in(audrey).get(address(plan))
    text = signed_in(pia).get(page_of(plan)).content.decode()
    assert address(plan) in text
    assert "Who opened it" in text
    assert audrey.name in text
    assert "Who opened it" not in signed_in(max).get(page_of(plan)).content.decode()


def test_what_was_read_stays_written_down(plan: Any, pia: Any, max: Any) -> None:
    signed_in(pia).get(address(plan))
    noted = ConfidentialRead.objects.get()
    for act in (noted.save, noted.delete):
        with pytest.raises(TypeError):
            act()
    kept = ConfidentialRead.objects.filter(pk=noted.pk)
    for past_the_model in (lambda: kept.update(person=max), lambda: kept.update(file_sha256="0" * 64), kept.delete):
        with pytest.raises(DatabaseError, match="What was read stays written down"), transaction.atomic():
            past_the_model()
    assert kept.values_list("person", "file_sha256").get() == (pia.pk, noted.file_sha256)


def test_the_verification_says_which_edition_a_file_is_and_nothing_of_it(plan: Any, pia: Any, tess: Any, olaf: Any) -> None:
    file = bytes(office_edition_of(plan).file)
    reading = bytes(copy_of(plan, Copy.READING).file)
    client = signed_in(tess)

    def verified(content: bytes) -> str:
        given = SimpleUploadedFile("plan.pdf", content, "application/pdf")
        return client.post(reverse("governance:verify"), {"file": given}, follow=True).content.decode()

    text = verified(file)
    assert EDITION in text
    assert SECRET not in text
    assert "777" not in text.split("Digest</dt>")[0].split("What it is")[1]
    assert "v1-office.pdf" not in text
    assert "Reading copy" in verified(reading)
    stranger = signed_in(olaf).post(reverse("governance:verify"), {"file": SimpleUploadedFile("plan.pdf", file)}, follow=True)
    assert EDITION not in stranger.content.decode()
