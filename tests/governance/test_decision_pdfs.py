"""The PDFs of decided gates and change requests: what they say, who reads what, and that machines can read them."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from governance import gates
from governance.change_requests import Option
from governance.gate_states import GateDecision
from governance.gates import Attendee
from governance.models import StoredPdf
from governance.record_copies import copy_of, ensure_copies
from governance.sealing import read_seal
from governance.states import Copy
from pmo.lib.errors import Refused
from tests.factories import make_risk
from tests.governance.changed import NOTHING, an_approved_change, an_assessed_change, with_baseline
from tests.governance.decided import KINDS
from tests.governance.gated import a_passed, a_planned, a_prepared, everybody, terms
from tests.governance.pages import signed_in
from tests.governance.stories import NOON
from tests.governance.test_document_pdf import failed_rules, text_of
from tests.governance.written import a_condition
from tests.poppler import told

pytestmark = [pytest.mark.pdf, pytest.mark.django_db]
FOREIGN = "التقرير العربي and תקציר בעברית 漢字 👩🏽‍🚒 🚧 Ünïcødé"
LONG = "The vendor delivered the third build of the permit intake with the corrected fee table. " * 120
UNBROKEN = "Intakeformofthesecondcourt" * 30


@pytest.fixture(autouse=True)
def _own_var(settings, tmp_path) -> None:
    settings.VAR_DIR = tmp_path


@pytest.fixture
def city(alpha, sam):
    alpha.sponsor = sam
    return with_baseline(alpha)


def an_empty_gate(project, people):
    return a_passed(project, by=people["pia"])


def a_crowded_gate(project, people):
    review = a_prepared(project)
    guests = [Attendee(name=f"Person number {number}", capacity="observer") for number in range(500)]
    there = [*everybody(project), *guests]
    conditions = [a_condition(people["tess"], people["sam"], text=f"Report {number} is filed.") for number in range(40)]
    said = terms(decision=GateDecision.CONDITIONAL, attendees=there)
    gates.decide(review, by=people["pia"], at=NOON, conditions=conditions, **said)
    return review


def a_foreign_gate(project, people):
    make_risk(project, title=FOREIGN)
    return a_passed(project, by=people["pia"], rationale=FOREIGN, minutes=FOREIGN)


def a_long_gate(project, people):
    return a_passed(project, by=people["pia"], rationale=LONG, minutes=f"{LONG}\n{UNBROKEN}")


def an_empty_change(project, people):
    return an_approved_change(project, assessor=people["fay"], decider=people["sam"])


def a_crowded_change(project, people):
    options = [NOTHING, *(Option(f"Option {number}", "It is dearer.", is_recommended=number == 1) for number in range(1, 500))]
    return an_approved_change(project, assessor=people["fay"], decider=people["sam"], options=options)


def a_foreign_change(project, people):
    said = {"title": FOREIGN[:120], "description": FOREIGN, "risk_effect": FOREIGN}
    return an_approved_change(project, assessor=people["fay"], decider=people["sam"], **said)


def a_long_change(project, people):
    said = {"description": LONG, "scope_effect": LONG, "quality_effect": UNBROKEN, "risk_effect": LONG}
    return an_approved_change(project, assessor=people["fay"], decider=people["sam"], **said)


MAKERS = [
    an_empty_gate,
    a_crowded_gate,
    a_foreign_gate,
    a_long_gate,
    an_empty_change,
    a_crowded_change,
    a_foreign_change,
    a_long_change,
]


def is_inside(file: bytes) -> bool:
    """Return whether every word stands between the margins of its sheet: what is pushed beyond them is lost in print."""
    boxes = re.findall(r'xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)"', told(["pdftotext", "-bbox", "FILE", "-"], bytes(file)))
    return all(float(left) >= 0.5 * 72 and float(right) <= 8 * 72 for left, right in boxes)


@pytest.mark.parametrize("make", MAKERS)
def test_every_decision_is_readable_by_machine_and_keeps(make, city, pia, tess, sam, fay) -> None:
    copies = ensure_copies(make(city, {"pia": pia, "tess": tess, "sam": sam, "fay": fay}))
    assert failed_rules(copies["reading"].file, "PDF_UA_1") == []
    assert failed_rules(copies["record"].file, "PDF_A_3U") == []
    text = text_of(copies["reading"].file)
    assert "Who signed" in text
    if make is a_crowded_gate:
        assert all(f"Person number {number}" in text for number in range(500))
        assert all(f"Report {number} is filed." in text for number in range(40))
    if make is a_crowded_change:
        assert all(f"Option {number}" in text for number in range(1, 500))
    if make in (a_long_gate, a_long_change):
        assert text.count("corrected") >= 2 * 120
        assert is_inside(copies["reading"].file)


@pytest.mark.parametrize("kind", ["gate", "change"])
def test_the_page_of_signatures_says_who_decided_as_what_on_which_content(kind, city, pia) -> None:
    subject = KINDS[kind](city, pia)
    signed = subject.sign_offs.get(content_sha256=subject.record_sha256)
    said = [text_of(row.file) for row in ensure_copies(subject).values()]
    for text in said:
        for words in (signed.person_name, signed.role.split(",")[0], signed.entry_sha256[:4], subject.record_sha256[:8]):
            assert words in text, words
        assert signed.intent.split()[-1] in text
        assert not signed.previous_sha256 or f"after {signed.previous_sha256[:4]} {signed.previous_sha256[4:8]}" in text
    signatures = [text.split("Who signed")[1].split("This copy")[0] for text in said]
    assert signatures[0] == signatures[1]


def test_who_does_not_read_the_registers_gets_a_gate_without_risks(alpha, pia, fay, max) -> None:
    make_risk(alpha, title="If the bidder withdraws")
    review = a_passed(alpha, by=pia)
    for name in ("gate-pdf", "gate-record-pdf"):
        url = reverse(f"governance:{name}", args=[alpha.code, review.number])
        whole, cut = (text_of(signed_in(person).get(url).content) for person in (max, fay))
        assert "If the bidder withdraws" in whole
        assert "If the bidder withdraws" not in cut
        assert "Risks, change requests and documents in work are left out" in cut
    assert StoredPdf.objects.filter(gate_review=review).count() == 4


def test_who_does_not_read_the_amounts_gets_a_change_without_them(city, pia, tess, max, fay, sam) -> None:
    change = an_approved_change(city, assessor=fay, decider=sam)
    url = reverse("governance:change-record-pdf", args=[city.code, change.number])
    answer = signed_in(tess).get(url)
    assert "$1,000,000" in text_of(signed_in(max).get(url).content)
    assert "$1,000,000" not in text_of(answer.content)
    assert "abridged-record" in answer["Content-Disposition"]
    assert read_seal(answer.content).is_intact  # type: ignore[union-attr]


def test_an_old_decision_is_sealed_when_somebody_first_asks(city, pia, fay, sam) -> None:
    change = an_approved_change(city, assessor=fay, decider=sam)
    assert not StoredPdf.objects.exists()
    url = reverse("governance:change-record-pdf", args=[city.code, change.number])
    first = signed_in(pia).get(url)
    assert signed_in(pia).get(url).content == first.content
    assert StoredPdf.objects.count() == 1


def test_what_is_not_decided_has_no_record_copy(city, fay, pia) -> None:
    change, review = an_assessed_change(city, assessor=fay), a_planned(city)
    for subject, name in ((change, "change"), (review, "gate")):
        with pytest.raises(Refused) as refused:
            copy_of(subject, Copy.RECORD)
        assert refused.value.code == "not_decided"
        place = [city.code, subject.number]
        assert signed_in(pia).get(reverse(f"governance:{name}-record-pdf", args=place)).status_code == 404
        assert signed_in(pia).get(reverse(f"governance:{name}-pdf", args=place)).content.startswith(b"%PDF")
    assert not StoredPdf.objects.exists()


def test_a_decision_has_its_copies_built_by_the_worker(city, pia, fay, sam) -> None:
    from django_tasks import default_task_backend

    results = default_task_backend.results
    results.clear()
    review = a_passed(city, by=pia)
    change = an_approved_change(city, assessor=fay, decider=sam)
    assert [(result.task.name, result.args) for result in results] == [
        ("build_copies", ["gate_review", review.pk]),
        ("build_copies", ["change_request", change.pk]),
    ]
