"""Files beside a section: which are taken, which are refused and why, who gets them back, and in what wrapping."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import os
import zipfile
from contextlib import suppress

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from governance import attachments
from governance.attachments import attach, clean_name
from governance.documents.drafting import start_document
from governance.due import run_due
from governance.models import Attachment, DeliverableVersion
from governance.separation import people_behind
from pmo.lib.errors import Refused
from tests.governance.stories import NOON, a_finding
from tests.governance.written import a_condition, a_document, a_submitted_document, review_all

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"


def office(folder: str = "xl/", *, types: bytes = b"<Types/>", **more: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr(folder + "main.xml", b"<x/>")
        for name, content in more.items():
            archive.writestr(name, content)
    return made.getvalue()


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def section(alpha):
    return a_document(alpha).document.sections.select_related("section").get(section__key="problem")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("a.PNG", PNG, "image/png"),
        ("a.jpeg", JPEG, "image/jpeg"),
        ("a.xlsx", office("xl/"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.docx", office("word/"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.csv", "größe;1\n".encode(), "text/csv; charset=utf-8"),
        ("a.txt", b"5 < 6", "text/plain; charset=utf-8"),
    ],
)
def test_harmless_files_are_kept_under_a_name_of_their_own(section, max, name, content, kind) -> None:
    row = attach(upload(name, content), by=max, at=NOON, section=section)
    assert (row.name, row.content_type, row.size) == (name, kind, len(content))
    assert row.sha256 == hashlib.sha256(content).hexdigest()
    assert row.file.read() == content
    assert name not in row.file.name
    assert "." not in row.file.name


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.svg", b"<svg onload=alert(1)>", "file_type"),
        ("a.html", b"<html>", "file_type"),
        ("a.exe", b"MZ\x90", "file_type"),
        ("a.xlsm", office(), "file_type"),
        ("a.docm", office("word/"), "file_type"),
        ("a.zip", office(), "file_type"),
        ("a", b"x", "file_type"),
        ("a.pdf.html", PDF, "file_type"),
        ("a.pdf", b"<html><script>alert(1)</script>", "file_content"),
        ("a.png", PDF, "file_content"),
        ("a.pdf", PNG, "file_content"),
        ("a.jpg", b"MZ\x90\x00", "file_content"),
        ("a.txt", b" \n<!DOCTYPE html><script>", "file_unsafe"),
        ("a.csv", b"\xef\xbb\xbf<svg onload=alert(1)>", "file_unsafe"),
        ("a.txt", b"MZ text", "file_content"),
        ("a.txt", b"a\x00b", "file_content"),
        ("a.xlsx", b"PK\x03\x04 no archive", "file_content"),
        ("a.xlsx", office("word/"), "file_content"),
        (
            "a.xlsx",
            office(types=b'<Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/>'),
            "file_unsafe",
        ),
        ("a.xlsx", office(**{"xl/vbaProject.bin": b"x"}), "file_unsafe"),
        ("a.docx", office("word/", **{"word/embeddings/run.exe": b"MZ"}), "file_unsafe"),
        ("a.docx", office("word/", **{"word/activeX/activeX1.bin": b"x"}), "file_unsafe"),
        ("a.xlsx", office(**{"../../etc/passwd": b"x"}), "file_unsafe"),
        ("a.xlsx", office(**{"xl/bomb.xml": b"0" * 5_000_000}), "file_unsafe"),
        ("a.pdf", b"", "file_empty"),
    ],
)
def test_what_could_run_or_is_not_what_it_says_is_refused(section, max, name, content, code) -> None:
    with pytest.raises(Refused) as refused:
        attach(upload(name, content), by=max, at=NOON, section=section)
    assert refused.value.code == code
    assert not Attachment.objects.exists()


def test_a_file_that_is_too_large_is_refused_and_so_is_one_too_many(section, max, monkeypatch) -> None:
    monkeypatch.setattr(attachments, "LIMIT", 10)
    with pytest.raises(Refused) as large:
        attach(upload("a.txt", b"eleven char"), by=max, at=NOON, section=section)
    monkeypatch.setattr(attachments, "MOST_FILES", 1)
    attach(upload("a.txt", b"short"), by=max, at=NOON, section=section)
    with pytest.raises(Refused) as many:
        attach(upload("b.txt", b"short"), by=max, at=NOON, section=section)
    assert (large.value.code, many.value.code) == ("file_too_large", "too_many_files")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("..\\..\\w.txt", "w.txt"),
        ("../../etc/x.pdf", "x.pdf"),
        ("x\x00.pdf", "x.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("rcs\u202efdp.pdf", "rcsfdp.pdf"),
        (".pdf", "file.pdf"),
        ("ä" * 300 + ".pdf", "ä" * 140 + ".pdf"),
    ],
)
def test_names_lose_what_a_header_or_a_folder_would_stumble_over(given, kept) -> None:
    assert clean_name(given) == kept


def test_whoever_attached_something_does_not_decide(section, pia, max) -> None:
    attach(upload("a.txt", b"x"), by=pia, at=NOON, section=section)
    assert pia.pk in people_behind(DeliverableVersion.objects.get(pk=section.document.version.pk))


def test_nothing_is_attached_to_or_taken_from_what_was_submitted(alpha, max) -> None:
    version = a_document(alpha)
    section = version.document.sections.select_related("section").get(section__key="problem")
    row = attach(upload("a.txt", b"x"), by=max, at=NOON, section=section)
    version.submit(by=max, at=NOON)
    with pytest.raises(Refused) as added:
        attach(upload("b.txt", b"x"), by=max, at=NOON, section=section)
    with pytest.raises(Refused) as removed:
        attachments.remove(row, by=max)
    assert {added.value.code, removed.value.code} == {"frozen"}
    assert Attachment.objects.count() == 1


def test_outsiders_attach_nothing(section, bea, audrey) -> None:
    for person in (bea, audrey):
        with pytest.raises(Refused) as refused:
            attach(upload("a.txt", b"x"), by=person, at=NOON, section=section)
        assert refused.value.code == "not_writer"


def test_the_next_version_keeps_the_files_and_removing_one_there_leaves_the_earlier_alone(alpha, max) -> None:
    version = a_document(alpha)
    section = version.document.sections.get(section__key="problem")
    first = attach(upload("a.txt", b"words"), by=max, at=NOON, section=section)
    version.submit(by=max, at=NOON)
    version.withdraw(by=max, at=NOON)
    again = start_document(alpha, "definition", by=max, at=NOON)
    copy = Attachment.objects.get(section__document=again.document)
    assert (copy.sha256, copy.file.name) == (first.sha256, first.file.name)
    attachments.remove(copy, by=max)
    assert Attachment.objects.get(pk=first.pk).file.read() == b"words"


def test_a_file_that_nothing_refers_to_any_more_leaves_the_disk_after_the_commit(
    section, max, django_capture_on_commit_callbacks
) -> None:
    row = attach(upload("a.txt", b"words"), by=max, at=NOON, section=section)
    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        attachments.remove(row, by=max)
        assert default_storage.exists(row.file.name)
    assert len(callbacks) == 1
    callbacks[0]()
    assert not default_storage.exists(row.file.name)


def test_a_file_that_an_earlier_version_leads_to_stays_on_disk(alpha, max, django_capture_on_commit_callbacks) -> None:
    version = a_document(alpha)
    section = version.document.sections.get(section__key="problem")
    first = attach(upload("a.txt", b"words"), by=max, at=NOON, section=section)
    version.submit(by=max, at=NOON)
    version.withdraw(by=max, at=NOON)
    copy = Attachment.objects.get(section__document=start_document(alpha, "definition", by=max, at=NOON).document)
    with django_capture_on_commit_callbacks(execute=True):
        attachments.remove(copy, by=max)
    assert default_storage.exists(first.file.name)


def test_a_file_whose_digest_a_frozen_version_names_stays_on_disk(alpha, max, django_capture_on_commit_callbacks) -> None:
    version = a_document(alpha)
    section = version.document.sections.get(section__key="problem")
    first = attach(upload("a.txt", b"words"), by=max, at=NOON, section=section)
    version.submit(by=max, at=NOON)
    version.withdraw(by=max, at=NOON)
    copy = Attachment.objects.get(section__document=start_document(alpha, "definition", by=max, at=NOON).document)
    Attachment.objects.filter(pk=first.pk).delete()  # what no verb does, and what would lose a record
    with django_capture_on_commit_callbacks(execute=True):
        attachments.remove(copy, by=max)
    assert default_storage.exists(first.file.name)


def test_a_removal_that_is_undone_leaves_the_file(section, max, django_capture_on_commit_callbacks) -> None:
    row = attach(upload("a.txt", b"words"), by=max, at=NOON, section=section)
    key = row.pk
    with django_capture_on_commit_callbacks(execute=True), suppress(ZeroDivisionError), transaction.atomic():
        attachments.remove(row, by=max)
        raise ZeroDivisionError
    assert default_storage.exists(row.file.name)
    assert Attachment.objects.filter(pk=key).exists()


def test_the_clock_deletes_orphans_once_a_day_and_leaves_what_is_young_or_used(section, max, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    kept = attach(upload("a.txt", b"words"), by=max, at=NOON, section=section)
    orphan = default_storage.save("attachments/orphan", ContentFile(b"lost"))
    young = default_storage.save("attachments/young", ContentFile(b"new"))
    elsewhere = default_storage.save("pdf/other", ContentFile(b"not an attachment"))
    old, now = (NOON - dt.timedelta(days=3)).timestamp(), NOON.timestamp()
    for name, moment in ((orphan, old), (kept.file.name, old), (elsewhere, old), (young, now)):
        os.utime(default_storage.path(name), (moment, moment))
    assert run_due(at=NOON).files_removed == 1
    assert [default_storage.exists(name) for name in (orphan, kept.file.name, young, elsewhere)] == [False, True, True, True]
    default_storage.save("attachments/orphan", ContentFile(b"lost"))
    assert run_due(at=NOON).files_removed == 0


def get(client, person, row):
    client.force_login(person)
    return client.get(reverse("governance:attachment-file", args=[row.public_id]))


def test_a_file_is_handed_out_as_a_download_that_runs_nowhere(client, section, max) -> None:
    row = attach(upload("Plan für Ämter.pdf", PDF), by=max, at=NOON, section=section)
    response = get(client, max, row)
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-store"


def test_a_file_is_as_private_as_what_it_belongs_to(client, alpha, section, max, tess, pia, sam, olaf, bea, beta) -> None:
    row = attach(upload("a.txt", b"x"), by=max, at=NOON, section=section)
    assert [get(client, person, row).status_code for person in (max, tess, pia)] == [200, 200, 200]
    assert [get(client, person, row).status_code for person in (sam, olaf, bea)] == [404, 404, 404]


def test_a_file_of_a_confidential_section_stays_in_the_office(client, alpha, max, pia, tess, fay) -> None:
    version = a_document(alpha, "execution_plan")
    section = version.document.sections.select_related("section").get(section__key="procurement")
    row = attach(upload("offers.txt", b"x"), by=max, at=NOON, section=section)
    version.submit(by=max, at=NOON)
    review_all(version, by=pia, at=NOON)
    version.approve(by=pia, at=NOON, terms={})
    assert [get(client, person, row).status_code for person in (max, pia, fay)] == [200, 200, 200]
    assert get(client, tess, row).status_code == 404


def test_files_of_findings_and_conditions_follow_their_owners(client, alpha, pia, max, tess, bea, beta) -> None:
    version = a_submitted_document(alpha)
    finding = a_finding(version, by=pia, section="problem", severity="comment")
    marked = attach(upload("marked.pdf", PDF), by=pia, at=NOON, finding=finding)
    review_all(version, by=pia, at=NOON)
    version.approve_with_conditions(by=pia, at=NOON, conditions=[a_condition(max, tess)])
    proof = attach(upload("proof.pdf", PDF), by=max, at=NOON, condition=version.conditions.get())
    assert get(client, max, marked).status_code == 200
    assert get(client, tess, proof).status_code == 200
    assert get(client, bea, proof).status_code == 404


def test_attaching_and_removing_through_the_page(client, alpha, section, max) -> None:
    client.force_login(max)
    where = reverse("governance:document-section-attach", args=[alpha.code, "definition", "problem"])
    assert client.post(where, {"file": upload("minutes.txt", b"Board.")}).status_code == 302
    row = Attachment.objects.get()
    assert client.post(where, {"file": upload("evil.svg", b"<svg>")}).status_code == 302
    assert client.post(where).status_code == 302
    assert Attachment.objects.count() == 1
    gone = reverse("governance:document-file-remove", args=[alpha.code, "definition", "problem", row.public_id])
    assert client.get(gone).status_code == 405
    assert client.post(gone).status_code == 302
    assert not Attachment.objects.exists()
