"""What the verify page says of a file: one of ours, one of ours that was changed, or one from elsewhere."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from governance.forms.verify import VerifyForm
from governance.gate_states import GateDecision
from governance.models import ChangeRequest, StoredPdf
from governance.record_copies import copy_of
from governance.sealing import read_seal
from governance.states import Copy
from governance.verifying import LARGEST_PDF
from pmo.lib.pdf import render_pdf
from tests.governance.changed import REASON, an_assessed_change, with_baseline
from tests.governance.decided import KINDS, every_copy, flipped, places
from tests.governance.gated import a_prepared, terms
from tests.governance.stories import NOON
from tests.governance.written import a_submitted_document

pytestmark = [pytest.mark.pdf, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _own_var(settings, tmp_path) -> None:
    settings.VAR_DIR = tmp_path


def said_of(file: bytes) -> str:
    """Return the code that a file is refused with, or the digest that it leads to."""
    form = VerifyForm({}, {"file": SimpleUploadedFile("given.pdf", file)})
    if form.is_valid():
        return str(form.cleaned_data["digest"])
    return str(form.non_field_errors().as_data()[0].code)


def answer_of(person, file: bytes):
    client = Client()
    client.force_login(person)
    sent = client.post(reverse("governance:verify"), {"file": SimpleUploadedFile("given.pdf", file)})
    return client.get(sent["Location"]) if sent.status_code == 302 else sent


@pytest.mark.parametrize("kind", KINDS)
def test_every_copy_is_told_for_what_it_is(kind, alpha, pia, max, olaf) -> None:
    subject = KINDS[kind](alpha, pia)
    for stored in every_copy(subject):
        answer = answer_of(max, bytes(stored.file))
        assert answer.context["verdict"].thing.subject == subject
        assert answer.context["file"].stored == stored
        for words in ("Nothing was altered", stored.get_edition_display(), ", current", subject.decided_by.name, alpha.name):
            assert words in answer.text, (stored, words)
        hidden = answer_of(olaf, bytes(stored.file))
        assert hidden.status_code == 404
        assert alpha.name not in hidden.text


@pytest.mark.parametrize("kind", KINDS)
def test_one_flipped_byte_anywhere_is_called_altered(kind, alpha, pia) -> None:
    for stored in every_copy(KINDS[kind](alpha, pia)):
        file = bytes(stored.file)
        assert said_of(file) == stored.record_sha256
        marks = [found.start() + step for found in re.finditer(rb"sha256:[0-9a-f]{64}", file) for step in (3, 8, 39, 70)]
        for place in (*places(file), *marks):
            for bit in (1, 0x20) if place in marks else (1,):
                assert said_of(flipped(file, place, bit)) == "file_altered", (stored, place)


@pytest.mark.parametrize("kind", KINDS)
def test_no_seal_survives_a_flipped_byte(kind, alpha, pia) -> None:
    file = bytes(copy_of(KINDS[kind](alpha, pia), Copy.RECORD).file)
    seal = read_seal(file)
    assert seal is not None
    assert (seal.is_intact, seal.is_ours) == (True, True)
    for place in places(file, 120):
        broken = read_seal(flipped(file, place))
        assert broken is None or not broken.is_intact, place


def test_no_digit_of_a_seal_itself_may_differ(alpha, pia) -> None:
    file = bytes(copy_of(KINDS["gate"](alpha, pia), Copy.RECORD).file)
    start = file.index(b"/Contents <")
    used = len(file[start : file.index(b">", start)].rstrip(b"0"))
    for place in range(start, start + used + 4):
        broken = read_seal(flipped(file, place, 2 if place % 2 else 1))
        assert broken is None or not broken.is_intact, place - start


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_added_after_the_seal_is_called_altered(kind, alpha, pia) -> None:
    from io import BytesIO

    from pyhanko.pdf_utils.generic import pdf_string
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    file = bytes(copy_of(KINDS[kind](alpha, pia), Copy.RECORD).file)
    writer = IncrementalPdfFileWriter(BytesIO(file))
    writer.root["/Note"] = pdf_string("Another decision")
    writer.update_root()
    grown = BytesIO()
    writer.write(grown)
    assert grown.getvalue().startswith(file)
    assert len(grown.getvalue()) > len(file)
    for changed in (grown.getvalue(), file + b"\n% more", file[:-1]):
        assert said_of(changed) == "file_altered"
        seal = read_seal(changed)
        assert seal is not None
        assert not seal.is_intact


def locked(file: bytes) -> bytes:
    return file.replace(b"trailer", b"trailer % /Encrypt 9 0 R", 1) + b"\n/Encrypt 9 0 R"


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"", "nothing_given"),
        (b"GIF89a", "not_a_pdf"),
        (b"PK\x03\x04" + bytes(900), "not_a_pdf"),
        (b"%PDF-1.7 something else", "file_unknown"),
        (b"%PDF-1.7\n/ByteRange [0 99999999 5 7]", "file_unknown"),
        (b"%PDF-1.7\n/ByteRange [0 10 20 30]" + b"<3082>" * 9, "file_unknown"),
        (b"%PDF-1.7\n" + b"/Subtype /XML stream\n" * 4000, "file_unknown"),
        (locked(b"%PDF-1.7\ntrailer"), "file_locked"),
        (b"%PDF-1.7\n" + b"a" * 40 + b" " + b"0123456789abcdef" * 4, "file_unknown"),
        (b"%PDF-" + bytes(LARGEST_PDF), "file_too_large"),
    ],
    ids=["empty", "image", "archive", "bare", "endless range", "no signature", "many streams", "locked", "digits", "huge"],
)
def test_what_comes_from_elsewhere_gets_a_plain_answer(file, code, max) -> None:
    answer = answer_of(max, file)
    assert answer.status_code == 422
    form = answer.context["form"]
    codes = [error.code for error in (*form.errors.as_data().get("__all__", []), *form.errors.as_data().get("file", []))]
    assert codes in ([code], ["empty"]), codes


def test_a_valid_pdf_of_another_origin_is_unknown(max) -> None:
    file = render_pdf("<title>Budget</title><html lang=en><p>Another city's report, sha256:" + "ab" * 32)
    assert said_of(file) == "file_unknown"


def test_a_seal_with_another_key_does_not_make_a_file_ours(alpha, pia, settings, tmp_path) -> None:
    from governance import sealing

    stored = copy_of(KINDS["gate"](alpha, pia), Copy.READING)
    settings.VAR_DIR = tmp_path / "elsewhere"
    foreign = sealing.seal(bytes(stored.file), reason="It looks like ours")
    settings.VAR_DIR = tmp_path
    seal = read_seal(foreign)
    assert seal is not None
    assert not seal.is_ours
    assert said_of(foreign) == "file_altered"


def test_a_print_from_before_the_decision_is_not_called_altered(alpha) -> None:
    from governance.document_pdf import print_of

    assert said_of(print_of(a_submitted_document(alpha))) == "file_not_kept"


def test_a_file_of_a_deferral_stays_known_when_the_request_is_approved(alpha, fay, sam, max) -> None:
    from governance import change_deciding, change_requests

    alpha.sponsor = sam
    change = an_assessed_change(with_baseline(alpha), assessor=fay)
    at = change.assessed_at
    change_deciding.defer(change, by=sam, at=at, reason="After the budget.")
    deferral = copy_of(change, Copy.RECORD)
    change_requests.resume(change, by=max, at=at, reason="The budget is there.")
    change_deciding.approve(ChangeRequest.objects.get(pk=change.pk), by=sam, at=at, reason=REASON)
    approval = copy_of(ChangeRequest.objects.get(pk=change.pk), Copy.RECORD)
    assert approval.record_sha256 != deferral.record_sha256
    answer = answer_of(max, bytes(deferral.file))
    assert "Superseded by a later act: approved the change" in answer.text
    assert ", current" in answer_of(max, bytes(approval.file)).text


def test_a_gate_that_was_held_is_superseded_by_its_next_review(alpha, pia, max) -> None:
    from governance import gates

    held = a_prepared(alpha)
    gates.decide(held, by=pia, at=NOON, **terms(decision=GateDecision.HOLD))
    file = bytes(copy_of(held, Copy.RECORD).file)
    assert ", current" in answer_of(max, file).text
    again = a_prepared(alpha)
    gates.decide(again, by=pia, at=NOON, **terms())
    assert f"Superseded by review {again.number}, Go" in answer_of(max, file).text


def test_a_stored_file_that_was_replaced_is_not_called_ours(alpha, pia, max) -> None:
    stored = copy_of(KINDS["gate"](alpha, pia), Copy.RECORD)
    file = bytes(stored.file)
    StoredPdf.objects.filter(pk=stored.pk).update(file=b"%PDF-1.7 another")
    assert answer_of(max, file).context["file"] is None
