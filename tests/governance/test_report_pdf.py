"""The PDF of an accepted report: what it says, that it stays the same for ever, and that a screen reader can read it."""

from __future__ import annotations

import datetime as dt
import hashlib
from decimal import Decimal

import pytest

from governance.findings import answer_finding
from governance.models import DeliverableVersion, StoredPdf
from governance.pdf_digest import marked_digest
from governance.record_copies import copy_of, copy_words, ensure_copies
from governance.report_pdf import html_of
from governance.reports import save_draft, start_correction, start_draft
from governance.states import Copy, Edition
from governance.stored_pdfs import printed
from pmo.lib.errors import Refused
from pmo.lib.pdf_signs import in_words
from tests.factories import make_decision, make_issue, make_milestone, make_risk
from tests.governance.stories import (
    NOON,
    RED,
    THURSDAY,
    WEEK,
    a_draft,
    a_finding,
    a_submitted,
    agreed_terms,
    all_letters,
    an_accepted,
)
from tests.poppler import told

pytestmark = [pytest.mark.pdf, pytest.mark.django_db]
HOUR = dt.timedelta(hours=1)
LONG = "The vendor delivered the third build of the permit intake with the corrected fee table and the parcel lookup. "
OF_A_REPORT = (Edition.OFFICE, Edition.PUBLIC)


def pdf_of(version: DeliverableVersion, edition: str) -> StoredPdf:
    return copy_of(version, Copy.READING, abridged=edition == Edition.PUBLIC)


@pytest.fixture(autouse=True)
def _own_var(settings, tmp_path) -> None:
    settings.VAR_DIR = tmp_path


@pytest.fixture
def full(alpha, tess):
    """ALPHA with dates, money and entries in every register."""
    alpha.start_on, alpha.original_finish_on = THURSDAY - 50 * WEEK, THURSDAY + 4 * WEEK
    alpha.baseline_finish_on, alpha.forecast_finish_on = THURSDAY + 22 * WEEK, THURSDAY + 25 * WEEK
    alpha.baseline_number, alpha.rebaselined_on = 2, THURSDAY - 14 * WEEK
    alpha.budget_amount, alpha.spent_amount = Decimal("8420000"), Decimal("5120000")
    alpha.committed_amount, alpha.forecast_amount = Decimal("1860000"), Decimal("8958600")
    alpha.money_as_of = THURSDAY - dt.timedelta(days=2)
    alpha.save()
    for number, name in enumerate(["Meter reads accepted", "Parallel run 1", "Council report", "Gate G4", "Go-live"]):
        baseline = THURSDAY + number * 4 * WEEK
        make_milestone(
            alpha,
            name=name,
            is_key=number == 1,
            original_on=baseline - 9 * WEEK,
            baseline_on=baseline,
            forecast_on=baseline + 2 * WEEK,
        )
    make_risk(alpha, probability=3, impact=4, owner=tess, next_action_on=THURSDAY + WEEK, show_on_report=True)
    make_issue(alpha, severity="major", owner=tess, raised_on=THURSDAY - WEEK, show_on_report=True)
    make_decision(alpha, needed_by_on=THURSDAY - WEEK, consequence="Delay costs a test cycle.", show_on_report=True)
    return alpha


def accepted_with(project, by, **values):
    return an_accepted(project, by=by, ratings=all_letters(schedule=RED, overall=RED), **values)


def text_of(file: bytes) -> str:
    return told(["pdftotext", "-layout", "FILE", "-"], bytes(file))


def failed_rules(file: bytes) -> list[str]:
    page = pytest.importorskip("page")
    report = page.validate_pdf_bytes(bytes(file), profile=page.ValidationProfile.PDF_UA_1)
    return [failure.rule_id for failure in report.failures]


@pytest.mark.parametrize("edition", OF_A_REPORT)
def test_an_empty_report_says_none_where_there_is_nothing(alpha, pia, edition) -> None:
    html = html_of(an_accepted(alpha, by=pia), edition)
    assert html.count('<p class="soft">None</p>') == (4 if edition == Edition.OFFICE else 2)
    assert "no amounts are kept" in html


def test_the_office_edition_shows_all_three_ratings_and_who_signed(full, pia) -> None:
    text = text_of(pdf_of(accepted_with(full, pia), Edition.OFFICE).file)
    for words in (
        "P-1001",
        "Max Harrow",
        "Pia Orlov",
        "Parallel run 1",
        "10 days late",
        "$0.54 M over",
        "Score 12",
        "overdue",
        "Path to green",
    ):
        assert words in text
    assert "PM" in text


def test_the_public_edition_names_no_rating_of_the_project_manager_no_register_and_no_reviewer(full, pia) -> None:
    text = text_of(pdf_of(accepted_with(full, pia), Edition.PUBLIC).file)
    assert "P-1001" in text
    assert "Go-live" in text
    for hidden in ("Pia Orlov", "Score 12", "Risks", "Issues", "Signatures"):
        assert hidden not in text


def test_withheld_fields_are_blank_on_the_public_edition_only(full, pia) -> None:
    version = a_submitted(full)
    version.approve(by=pia, at=NOON + HOUR, terms={**agreed_terms(version), "withheld": ["plan", "headline", "milestones"]})
    public, office = html_of(version, Edition.PUBLIC), html_of(version, Edition.OFFICE)
    assert "Test the forms after" in office
    assert "Test the forms after" not in public
    assert "the intake forms are tested" not in public
    assert "Go-live" not in public
    assert public.count("ithheld by the office") == 3


def test_the_digest_stands_in_groups_at_the_foot_and_whole_on_the_second_page(alpha, pia) -> None:
    version = an_accepted(alpha, by=pia)
    digest = version.record_sha256
    text = " ".join(text_of(pdf_of(version, Edition.OFFICE).file).split())
    groups = " ".join(digest[at : at + 4] for at in range(0, 16, 4))
    assert text.count(f"digest {groups}") == 2
    assert " ".join(digest[at : at + 8] for at in range(0, 64, 8)) in text
    assert "Page 2 of 2" in text


def test_the_file_carries_its_digest_so_that_a_copy_can_be_recognized(alpha, pia) -> None:
    version = an_accepted(alpha, by=pia)
    assert marked_digest(bytes(pdf_of(version, Edition.PUBLIC).file)) == version.record_sha256
    assert marked_digest(b"%PDF-1.7 nothing of ours") == ""


def test_the_bytes_are_stored_once_with_their_digest(alpha, pia) -> None:
    version = an_accepted(alpha, by=pia)
    first, again = ensure_copies(version), ensure_copies(version)
    assert set(first) == {*OF_A_REPORT, Copy.RECORD}
    for edition, stored in first.items():
        assert again[edition].pk == stored.pk
        assert hashlib.sha256(stored.file).hexdigest() == stored.sha256
    assert StoredPdf.objects.count() == 3


def test_a_second_builder_finds_what_the_first_one_stored(alpha, pia, monkeypatch) -> None:
    version = an_accepted(alpha, by=pia)

    def another_is_quicker(html: str, edition: str) -> bytes:
        StoredPdf.objects.create(
            version=version,
            record_sha256=version.record_sha256,
            edition=Edition.PUBLIC,
            file=b"theirs",
            sha256="0" * 64,
            built_at=NOON,
            built_with="theirs",
        )
        return b"ours"

    monkeypatch.setattr("governance.stored_pdfs.printed", another_is_quicker)
    assert bytes(pdf_of(version, Edition.PUBLIC).file) == b"theirs"


@pytest.mark.parametrize("edition", OF_A_REPORT)
def test_a_report_printed_years_later_is_the_same_to_the_byte(full, pia, edition) -> None:
    version = accepted_with(full, pia)
    before = pdf_of(version, edition)
    full.name, full.forecast_amount = "Another name", Decimal(1)
    full.save()
    full.milestones.update(forecast_on=THURSDAY + 60 * WEEK)
    full.risks.all().delete()
    an_accepted(full, by=pia, end_on=THURSDAY + WEEK, at=NOON + WEEK)
    correction = start_correction(version, by=full.project_manager, at=NOON + 2 * WEEK)
    save_draft(correction, {"change_note": "The amounts were wrong."}, revision=0, by=full.project_manager, at=NOON + 2 * WEEK)
    correction.submit(by=full.project_manager, at=NOON + 2 * WEEK)
    correction.approve(by=pia, at=NOON + 2 * WEEK + HOUR, terms=agreed_terms(correction))
    later = DeliverableVersion.objects.get(pk=version.pk)
    assert later.state == "superseded"
    assert printed(html_of(later, edition, copy_words(Copy.READING))) == bytes(before.file)
    assert bytes(pdf_of(later, edition).file) == bytes(before.file)


def test_a_correction_says_what_it_changes_and_lists_the_version_it_supersedes(alpha, pia, max) -> None:
    accepted = an_accepted(alpha, by=pia)
    correction = start_correction(accepted, by=max, at=NOON + WEEK)
    save_draft(correction, {"change_note": "The headline named a wrong day."}, revision=0, by=max, at=NOON + WEEK)
    correction.submit(by=max, at=NOON + WEEK)
    correction.approve(by=pia, at=NOON + WEEK + HOUR, terms=agreed_terms(correction))
    html = html_of(correction, Edition.OFFICE)
    assert "The headline named a wrong day." in html
    assert "accepted, superseded by a correction" in html
    assert "accepted, this version" in html


def test_a_version_that_came_back_is_listed_with_its_finding(alpha, pia, max) -> None:
    first = a_submitted(alpha)
    finding = a_finding(first, by=pia, text="The forecast of go-live is not the one of the plan.")
    first.return_for_rework(by=pia, at=NOON + HOUR)
    answer_finding(finding, by=max, text="Corrected.", at=NOON + 2 * HOUR)
    second = start_draft(first.deliverable, by=max, at=NOON + 2 * HOUR)
    second.submit(by=max, at=NOON + 3 * HOUR)
    second.approve(by=pia, at=NOON + 4 * HOUR, terms=agreed_terms(second))
    html = html_of(second, Edition.OFFICE)
    assert "returned: 1 finding, The forecast of go-live is not the one of the plan." in html
    assert "The forecast of go-live" not in html_of(second, Edition.PUBLIC)


def test_what_is_not_accepted_has_no_pdf(alpha, pia) -> None:
    with pytest.raises(Refused) as refusal:
        pdf_of(a_submitted(alpha), Edition.PUBLIC)
    assert refusal.value.code == "not_decided"


def a_typical(project, pia):
    return accepted_with(project, pia)


def a_long(project, pia):
    for number in range(40):
        make_milestone(project, name=f"Site {number}: {LONG[:90]}", baseline_on=THURSDAY, forecast_on=THURSDAY + WEEK)
        make_risk(project, title=f"{number}: {LONG * 2}", show_on_report=True)
    reasoned = {"pm_letter": "Y", "reason": LONG * 6}
    return an_accepted(
        project,
        by=pia,
        ratings=all_letters(reasoned),
        headline=(LONG * 4)[:300],
        accomplishments="\n".join([LONG * 3] * 12),
        plan="\n".join([LONG * 2] * 12),
    )


def a_foreign(project, pia):
    project.name = "بوابة التصاريح 🚧 Projekt „Öffnung“ Ελλάδα"
    project.save()
    return an_accepted(
        project,
        by=pia,
        headline="تم اختبار النماذج ✅ e\u0301 — 漢字 \u202e 👩🏽‍💻",
        accomplishments="שלום עולם 🎉\n<b>not bold</b> & <script>alert(1)</script>",
        plan="Ünïcödé €1,000 ½ \u200b\ufeff test",
    )


def an_empty(project, pia):
    return an_accepted(project, by=pia)


@pytest.mark.parametrize("edition", OF_A_REPORT)
@pytest.mark.parametrize("kind", [an_empty, a_typical, a_long, a_foreign])
def test_every_kind_of_report_is_readable_by_machine(alpha, full, pia, kind, edition) -> None:
    if kind is an_empty:
        full = alpha
    file = bytes(pdf_of(kind(full, pia), edition).file)
    assert failed_rules(file) == []
    fonts = told(["pdffonts", "FILE"], file).splitlines()[2:]
    assert fonts
    assert all(line[-25:].split()[0] == "yes" for line in fonts), fonts


def test_long_texts_go_on_on_further_pages_and_lose_nothing(full, pia) -> None:
    text = text_of(pdf_of(a_long(full, pia), Edition.OFFICE).file)
    assert all(f"Site {number}:" in text for number in range(40))
    assert " ".join(text.split()).count("corrected fee table") >= 2 * 40 + 12 * 5
    assert "Sign-off record" in text


def test_a_typical_report_stands_on_one_page_before_the_sign_off(full, pia) -> None:
    assert "Page 2 of 2" in text_of(pdf_of(a_typical(full, pia), Edition.OFFICE).file)


def test_signs_without_a_font_are_written_in_words() -> None:
    assert in_words("Ünï 🚧 漢👩🏽", {"🚧", "漢", "👩", "🏽"}) == "Ünï [construction sign] □[woman]"
    assert in_words("<b>", {"<", "b"}) == "<b>"


def test_a_draft_is_filled_in_but_never_printed(alpha) -> None:
    draft = a_draft(alpha)
    with pytest.raises(Refused):
        ensure_copies(draft)
    assert not StoredPdf.objects.exists()
