"""Verifying: what a digest or a PDF is, for those who may know it, and that an alteration shows."""

from __future__ import annotations

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from governance.models import DeliverableVersion, GateReview, SignOff, StoredPdf
from governance.record_copies import copy_of
from governance.verifying import digits_of, look_up
from pmo.lib.errors import Refused
from tests.governance.decided import a_decided_change
from tests.governance.gated import a_passed
from tests.governance.stories import NOON, a_submitted, an_accepted
from tests.governance.written import an_approved_document

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
        record_sha256=version.record_sha256,
        edition="office",
        file=content,
        sha256=hashlib.sha256(content).hexdigest(),
        built_at=NOON,
        built_with="WeasyPrint",
    )
    assert f"/{version.record_sha256}/?file=" in upload(max, content)["Location"]
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
    stored = copy_of(version, "reading", abridged=True)
    assert f"/{version.record_sha256}/?file=" in upload(max, bytes(stored.file))["Location"]
    answer = upload(max, bytes(stored.file) + b"\n% edited")
    assert answer.status_code == 422
    form = answer.context["form"]
    assert form.non_field_errors().as_data()[0].code == "file_altered"
    assert form["digest"].value() == version.record_sha256


def test_a_file_that_names_nothing_of_ours_is_unknown(max) -> None:
    form = upload(max, b"%PDF-1.7 something else").context["form"]
    assert form.non_field_errors().as_data()[0].code == "file_unknown"


# Documents, gates and changes


@pytest.fixture
def _own_var(settings, tmp_path) -> None:
    settings.VAR_DIR = tmp_path


@pytest.mark.pdf
@pytest.mark.usefixtures("_own_var")
def test_a_sealed_record_copy_is_told_for_what_it_is_and_a_changed_byte_is_called_altered(alpha, pia, max) -> None:
    version = an_approved_document(alpha, by=pia)
    file = bytes(copy_of(version, "record").file)
    client = Client()
    client.force_login(max)
    answer = client.get(upload(max, file)["Location"])
    assert answer.context["verdict"].version == version
    assert answer.context["file"].seal.is_intact
    assert "Record copy, byte for byte" in answer.text
    assert "Intact, by IT Project Management Office (self-made key)" in answer.text
    for place in (len(file) // 3, file.index(b"/Title") + 12):
        changed = file[:place] + bytes([file[place] ^ 1]) + file[place + 1 :]
        refused = upload(max, changed)
        assert refused.status_code == 422
        assert refused.context["form"].non_field_errors().as_data()[0].code == "file_altered"
        assert "altered" in refused.text


def test_a_file_that_is_named_but_is_not_stored_is_not_claimed(alpha, pia, max) -> None:
    version = an_accepted(alpha, by=pia)
    client = Client()
    client.force_login(max)
    for given in ("0" * 64, "x", version.record_sha256):
        answer = client.get(reverse("governance:verify-digest", args=[version.record_sha256]), {"file": given})
        assert answer.context["file"] is None
        assert "byte for byte" not in answer.text


def test_stored_bytes_that_were_changed_are_not_called_ours(alpha, pia, max) -> None:
    version = an_accepted(alpha, by=pia)
    noted = hashlib.sha256(b"as built").hexdigest()
    StoredPdf.objects.create(
        version=version,
        record_sha256=version.record_sha256,
        edition="office",
        file=b"changed",
        sha256=noted,
        built_at=NOON,
        built_with="WeasyPrint",
    )
    client = Client()
    client.force_login(max)
    answer = client.get(reverse("governance:verify-digest", args=[version.record_sha256]), {"file": noted})
    assert answer.context["file"] is None


def a_decided_gate(project, by) -> GateReview:
    return a_passed(project, by=by)


@pytest.mark.parametrize("make", [a_decided_gate, a_decided_change])
def test_gates_and_changes_are_verified_like_documents(make, alpha, pia, max, olaf) -> None:
    row = make(alpha, pia)
    answer = page(max, row.record_sha256)
    assert answer.context["verdict"].holds
    assert answer.context["verdict"].thing.subject == row
    assert row.decided_by.name in answer.text
    assert page(olaf, row.record_sha256).status_code == 404
    call_command("verify_approvals")
    type(row).objects.filter(pk=row.pk).update(record='{"decision":"stop"}')
    assert not page(max, row.record_sha256).context["verdict"].holds
    with pytest.raises(CommandError, match="record was altered"):
        call_command("verify_approvals")


def test_the_first_broken_sign_off_is_named_whatever_it_signed(alpha, pia, max) -> None:
    version = an_accepted(alpha, by=pia)
    a_decided_gate(alpha, pia)
    a_decided_change(alpha, pia)
    SignOff.objects.filter(gate_review__isnull=False).update(person_name="Somebody Else")
    broken = SignOff.objects.get(gate_review__isnull=False).sequence
    with pytest.raises(CommandError, match=f"Sign-off {broken}:"):
        call_command("verify_approvals")
    verdict = page(max, version.record_sha256).context["verdict"]
    assert (verdict.holds, verdict.chain.broken_at) == (True, broken)


def test_a_sign_off_cannot_be_moved_to_another_gate_or_change_unseen(alpha, beta, pia) -> None:
    gate, other = a_decided_gate(alpha, pia), a_decided_gate(beta, pia)
    SignOff.objects.filter(gate_review=gate).update(gate_review=other)
    with pytest.raises(CommandError, match="Sign-off 1:"):
        call_command("verify_approvals")


def test_an_auditor_reads_decisions_of_every_sort_at_home(alpha, pia, audrey) -> None:
    an_approved_document(alpha, by=pia)
    a_decided_gate(alpha, pia)
    a_decided_change(alpha, pia)
    client = Client()
    client.force_login(audrey)
    text = client.get(reverse("home")).text
    for words in ("Approved: project definition document 1.0", "G0 Intake: ", "CR-P-1001-01"):
        assert words in text


def test_a_document_is_not_published_so_stakeholders_learn_nothing_of_it(alpha, pia, stella) -> None:
    assert page(stella, an_approved_document(alpha, by=pia).record_sha256).status_code == 404
