"""Verifying: what a digest or a PDF is, for those who may know it, and that an alteration shows."""

from __future__ import annotations

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from governance.models import DeliverableVersion, SignOff, StoredPdf
from governance.report_pdf import pdf_of
from governance.verifying import digits_of, look_up
from pmo.lib.errors import Refused
from tests.governance.stories import NOON, a_submitted, an_accepted

pytestmark = pytest.mark.django_db


def page(person, digest: str):
    client = Client()
    client.force_login(person)
    return client.get(reverse("governance:verify-digest", args=[digest]))


def test_the_digest_of_an_accepted_report_is_confirmed(alpha, pia, max) -> None:
    version = an_accepted(alpha, by=pia)
    answer = page(max, version.record_sha256)
    assert answer.status_code == 200
    assert answer.context["verdict"].holds
    assert "Pia Orlov" in answer.text


def test_sixteen_digits_in_groups_are_enough(alpha, pia) -> None:
    version = an_accepted(alpha, by=pia)
    shown = version.record_sha256[:16]
    assert look_up(digits_of(f"{shown[:4]} {shown[4:8]} {shown[8:12]} {shown[12:].upper()}"), pia).version == version


@pytest.mark.parametrize(
    ("text", "code"), [("9f3a71c2", "too_few_digits"), ("z" * 20, "not_a_digest"), ("a" * 65, "not_a_digest")]
)
def test_what_is_no_digest_is_refused_with_the_remedy(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        digits_of(text)
    assert refused.value.code == code


def test_a_stakeholder_verifies_what_is_published_without_names(alpha, pia, stella) -> None:
    version = an_accepted(alpha, by=pia)
    answer = page(stella, version.record_sha256)
    assert answer.status_code == 200
    assert "Pia Orlov" not in answer.text


def test_what_was_only_submitted_is_unknown_to_a_stakeholder(alpha, stella, max) -> None:
    version = a_submitted(alpha)
    assert page(stella, version.content_sha256).status_code == 404
    assert page(max, version.content_sha256).status_code == 200


def test_somebody_without_any_part_learns_nothing(alpha, pia, olaf) -> None:
    assert page(olaf, an_accepted(alpha, by=pia).record_sha256).status_code == 404


def test_an_altered_record_does_not_hold(alpha, pia) -> None:
    version = an_accepted(alpha, by=pia)
    DeliverableVersion.objects.filter(pk=version.pk).update(record=version.record.replace("tested", "passed"))
    assert not page(pia, version.record_sha256).context["verdict"].holds


def test_an_altered_sign_off_does_not_hold(alpha, pia) -> None:
    version = an_accepted(alpha, by=pia)
    SignOff.objects.filter(version=version, action="approve").update(person_name="Somebody Else")
    verdict = page(pia, version.record_sha256).context["verdict"]
    assert "altered" in verdict.fault


def upload(person, content: bytes):
    client = Client()
    client.force_login(person)
    return client.post(reverse("governance:verify"), {"file": SimpleUploadedFile("report.pdf", content)})


def test_a_pdf_that_the_office_built_leads_to_its_record(alpha, pia, max) -> None:
    version = an_accepted(alpha, by=pia)
    content = b"%PDF-1.7 as built"
    StoredPdf.objects.create(
        version=version,
        edition="office",
        file=content,
        sha256=hashlib.sha256(content).hexdigest(),
        built_at=NOON,
        built_with="WeasyPrint",
    )
    assert upload(max, content)["Location"].endswith(f"{version.record_sha256}/")
    assert upload(max, content + b" ").status_code == 422


def test_an_empty_form_says_what_to_give(max) -> None:
    client = Client()
    client.force_login(max)
    answer = client.post(reverse("governance:verify"), {"digest": ""})
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors().as_data()[0].code == "nothing_given"


@pytest.mark.pdf
def test_an_altered_copy_of_a_pdf_is_told_for_what_it_is_and_leads_to_the_record_it_names(alpha, pia, max) -> None:
    version = an_accepted(alpha, by=pia)
    stored = pdf_of(version, "public")
    assert upload(max, bytes(stored.file))["Location"].endswith(f"{version.record_sha256}/")
    answer = upload(max, bytes(stored.file) + b"\n% edited")
    assert answer.status_code == 422
    form = answer.context["form"]
    assert form.non_field_errors().as_data()[0].code == "file_altered"
    assert form["digest"].value() == version.record_sha256


def test_a_file_that_names_nothing_of_ours_is_unknown(max) -> None:
    form = upload(max, b"%PDF-1.7 something else").context["form"]
    assert form.non_field_errors().as_data()[0].code == "file_unknown"
