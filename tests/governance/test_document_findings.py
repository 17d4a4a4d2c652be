"""The author's side of a document's findings, and the review sheet."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from governance.models import ReviewFinding
from tests.governance.pages import signed_in
from tests.governance.stories import a_finding
from tests.governance.test_document_review_page import LATER, address, next_version
from tests.governance.written import a_submitted_document, an_approved_document, review_all

pytestmark = pytest.mark.django_db


def a_returned(project, pia, **values):
    version = a_submitted_document(project)
    finding = a_finding(version, by=pia, section="objectives", **values)
    version.return_for_rework(by=pia, at=LATER)
    return version, finding


def answer(person, version, finding, text: str = "The target is 10."):
    client = signed_in(person)
    return client.post(address(version, f"findings/{finding.pk}/answer/"), {f"f{finding.pk}-text": text})


def test_the_author_answers_each_finding_beside_its_words(alpha, pia, max) -> None:
    version, finding = a_returned(alpha, pia, text="No target is given.")
    shown = signed_in(max).get(address(version, "findings/")).content.decode()
    assert "No target is given." in shown
    assert f'name="f{finding.pk}-text"' in shown
    assert answer(max, version, finding).status_code == 302
    finding.refresh_from_db()
    assert (finding.state, finding.answer, finding.answered_by) == ("answered", "The target is 10.", max)
    assert finding.history.first().history_user == max


def test_an_answer_without_words_is_refused(alpha, pia, max) -> None:
    version, finding = a_returned(alpha, pia)
    assert answer(max, version, finding, " ").status_code == 422
    assert ReviewFinding.objects.get(pk=finding.pk).state == "open"


def test_a_closed_finding_takes_no_answer(alpha, pia, max) -> None:
    version, finding = a_returned(alpha, pia)
    signed_in(pia).post(address(version, f"findings/{finding.pk}/close/"))
    assert answer(max, version, finding).status_code == 409
    assert ReviewFinding.objects.get(pk=finding.pk).answer == ""


def test_while_it_waits_the_author_neither_sees_nor_answers(alpha, pia, max) -> None:
    version = a_submitted_document(alpha)
    finding = a_finding(version, by=pia, section="objectives", text="No target is given.")
    assert "No target is given." not in signed_in(max).get(address(version, "findings/")).content.decode()
    assert answer(max, version, finding).status_code == 404
    assert answer(pia, version, finding).status_code == 409
    assert ReviewFinding.objects.get(pk=finding.pk).state == "open"


def test_a_minor_finding_on_an_approved_version_can_be_answered(alpha, pia, max) -> None:
    version = a_submitted_document(alpha)
    finding = a_finding(version, by=pia, section="objectives", severity="minor")
    review_all(version, by=pia, at=LATER)
    version.approve(by=pia, at=LATER, terms={})
    assert answer(max, version, finding).status_code == 302


def test_a_finding_that_traveled_along_is_answered_from_the_new_version(alpha, pia, max) -> None:
    first, finding = a_returned(alpha, pia)
    answer(max, first, finding, "Soon.")
    second = next_version(alpha, max)
    assert answer(max, second, finding).status_code == 302
    assert ReviewFinding.objects.get(pk=finding.pk).answer == "The target is 10."


@pytest.mark.parametrize(("person", "status"), [("gina", 403), ("audrey", 403), ("tess", 403), ("stella", 404), ("olaf", 404)])
def test_nobody_else_answers(person, status, alpha, pia, request) -> None:
    version, finding = a_returned(alpha, pia)
    assert answer(request.getfixturevalue(person), version, finding).status_code == status
    assert ReviewFinding.objects.get(pk=finding.pk).state == "open"


def test_who_raised_it_is_offered_no_answer_and_gives_none(alpha, pia) -> None:
    version, finding = a_returned(alpha, pia)
    assert f'name="f{finding.pk}-text"' not in signed_in(pia).get(address(version, "findings/")).content.decode()
    assert answer(pia, version, finding).status_code == 409
    finding.refresh_from_db()
    assert finding.state == "open"


def test_with_nothing_to_answer_the_page_says_so(alpha, pia, max) -> None:
    version = an_approved_document(alpha, by=pia)
    assert "No finding waits for an answer" in signed_in(max).get(address(version, "findings/")).content.decode()


def test_the_review_sheet_is_a_workbook_without_formulas(alpha, pia, max) -> None:
    version, finding = a_returned(alpha, pia, text='=HYPERLINK("http://example.org")')
    answer(max, version, finding, "+1 target")
    file = b"".join(signed_in(pia).get(address(version, "sheet.xlsx")).streaming_content)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_name("Rows").to_python()
    assert rows[0][:3] == ["No.", "Section", "Reviewer"]
    assert rows[1][0] == "0.1-1"
    assert "Pia Orlov" in rows[1]
    assert '=HYPERLINK("http://example.org")' in rows[1]
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        assert b"<f>" not in b"".join(archive.read(name) for name in archive.namelist() if "worksheets" in name)


@pytest.mark.pdf
def test_the_review_sheet_is_a_tagged_landscape_pdf(alpha, pia) -> None:
    version, _ = a_returned(alpha, pia, text="<b>No</b> target is given.")
    answered = signed_in(pia).get(address(version, "sheet.pdf"))
    assert answered["Content-Type"] == "application/pdf"
    assert b"/MarkInfo" in answered.content or b"pdfuaid" in answered.content


@pytest.mark.parametrize("tail", ["sheet.xlsx", "sheet.pdf", "findings/"])
@pytest.mark.parametrize("person", ["bea", "stella", "olaf"])
def test_outsiders_get_no_sheet(tail, person, alpha, beta, pia, request) -> None:
    version, _ = a_returned(alpha, pia)
    assert signed_in(request.getfixturevalue(person)).get(address(version, tail)).status_code == 404


def test_a_marked_up_file_stands_beside_the_finding_of_whoever_raised_it(alpha, pia, gina, max) -> None:
    version = a_submitted_document(alpha)
    finding = a_finding(version, by=pia, section="objectives")
    where = address(version, f"findings/{finding.pk}/attach/")
    file = {"file": SimpleUploadedFile("marked-up.txt", b"Line 3: say how many.")}
    assert signed_in(max).post(where, file).status_code == 403
    assert signed_in(pia).get(where).status_code == 405
    assert signed_in(pia).post(where, {"file": SimpleUploadedFile("run.exe", b"MZ")}).status_code == 302
    assert not finding.attachments.exists()
    assert (
        signed_in(pia).post(where, {"file": SimpleUploadedFile("marked-up.txt", b"Line 3: say how many.")}).status_code == 302
    )
    assert finding.attachments.get().name == "marked-up.txt"
    assert "marked-up.txt" in signed_in(pia).get(address(version)).content.decode()
