"""What the pack of a gate lists: everything on record with its digest, waivers, changes that wait, the next gate."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.utils import timezone

from governance import gates
from governance.gate_pack import Contents, NextGate, contents_of
from governance.gate_paper import html_of, pack_of
from governance.gate_states import GateDecision
from governance.models import Condition, DeliverableVersion, GateReview
from governance.record_copies import ensure_copies
from governance.signing import record_fault, verify_records
from governance.waivers import grant_waiver, revoke_waiver
from portfolio.models import Project
from tests.factories import make_project
from tests.governance.changed import a_change, a_submitted_change
from tests.governance.gated import DAY, TODAY, a_passed, a_planned, a_prepared, fresh, terms
from tests.governance.stories import NOON, an_accepted
from tests.governance.test_document_pdf import failed_rules, text_of
from tests.governance.written import a_condition, a_submitted_document, an_approved_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(max: Any, sam: Any) -> Project:
    return make_project(code="P-3001", project_manager=max, sponsor=sam, governance_class=2, phase="intake")


@pytest.fixture
def full(project: Project, pia: Any, max: Any, tess: Any, sam: Any) -> GateReview:
    """Return a planned G1 of a project of which everything that a pack lists exists, and more than it lists."""
    a_passed(
        project, by=pia, decision=GateDecision.CONDITIONAL, conditions=[a_condition(tess, sam, text="The lease is signed.")]
    )
    an_approved_document(project, "definition", by=pia)
    an_accepted(project, by=pia)
    a_submitted_change(project, by=max, title="Later scanners", days_effect=3)
    a_change(project, by=max, title="Only a draft")
    grant_waiver(
        project, gate="G2", artefact="execution_plan", reason="The plan follows.", expires_on=TODAY + 30 * DAY, by=pia, at=NOON
    )
    return a_prepared(project, "G1")


def listed(contents: Contents) -> list[tuple[str, str, str, str]]:
    return [(row.what, row.version, row.state, row.by) for row in contents.index or ()]


def test_the_index_names_what_is_on_record_with_who_decided_and_its_digest(full: GateReview) -> None:
    contents = contents_of(full, TODAY)
    assert listed(contents) == [
        ("Project definition document", "1.0", "Approved", "Pia Orlov"),
        ("Weekly status report 1", "1", "Accepted", "Pia Orlov"),
        ("G0 Intake", "review 1", "Go with conditions", "Pia Orlov"),
    ]
    assert contents.index is not None
    digests = [row.digest for row in contents.index]
    version = DeliverableVersion.objects.get(deliverable__kind="definition")
    assert digests[0] == version.record_sha256 != ""
    assert digests[2] == GateReview.objects.get(gate="G0").record_sha256 != ""
    assert {row.on for row in contents.index} == {TODAY}
    assert contents.index[0].address == version.deliverable.get_absolute_url()


def test_a_document_that_waits_is_listed_undecided_and_the_one_that_holds_before_a_newer_one(project, pia, max) -> None:
    a_submitted_document(project, "execution_plan")
    an_approved_document(project, "definition", by=pia)
    a_submitted_document(project, "definition", number=2)
    rows = {row.what: row for row in contents_of(a_planned(project), TODAY).index or ()}
    waits = rows["Project execution plan"]
    assert (waits.by, waits.on, waits.digest) == ("", None, "")
    assert rows["Project definition document"].state == "Approved"


def test_a_pack_lists_waivers_of_any_gate_and_changes_that_wait(full: GateReview) -> None:
    contents = contents_of(full, TODAY)
    assert [(row.gate, row.what, row.until) for row in contents.waivers or ()] == [
        ("G2 Planning and baseline", "Project execution plan", TODAY + 30 * DAY)
    ]
    assert [(row.title, row.state, row.days) for row in contents.changes or ()] == [
        ("Later scanners", "Waits for assessment", 3)
    ]


def test_a_change_that_waits_says_in_words_where_it_moves_the_finish(project: Project, max: Any) -> None:
    for title, days in (("Sooner", -3), ("The same", 0), ("Later", 1)):
        a_submitted_change(project, by=max, title=title, days_effect=days)
    review = a_planned(project)
    changes = contents_of(review, TODAY).changes or ()
    said = {row.title: row.moves for row in changes}
    assert said == {"Sooner": "3 working days earlier", "The same": "none", "Later": "1 working day later"}
    text = html_of(review, NOON, shows_risks=True)
    assert [words for words in said.values() if f'<td class="num">{words}</td>' not in text] == []


def test_what_was_decided_on_stays_as_it_was(full: GateReview, pia: Any) -> None:
    gates.decide(full, by=pia, at=NOON, **terms())
    before = html_of(fresh(full), shows_risks=True)
    waiver = full.project.waivers.get()
    revoke_waiver(waiver, by=pia, at=NOON, reason="It is in.")
    an_approved_document(full.project, "execution_plan", by=pia)
    Condition.objects.update(text="Rewritten")
    assert html_of(fresh(full), shows_risks=True) == before
    assert record_fault(fresh(full)) == ""
    assert list(verify_records()) == []


def without_pack(review: GateReview) -> dict[str, Any]:
    """Take out of a record what none held before packs had an index; return the rest, not yet put back."""
    record: dict[str, Any] = json.loads(review.record)
    del record["pack"]
    review.record = json.dumps(record)
    return record


def test_a_decision_of_before_says_nothing_that_was_not_kept(full: GateReview, pia: Any) -> None:
    gates.decide(full, by=pia, at=NOON, **terms(next_gate_on=TODAY + 40 * DAY))
    without_pack(full)
    assert contents_of(full, TODAY) == Contents(None, None, None, NextGate("", TODAY + 40 * DAY, None))
    text = html_of(full, shows_risks=True)
    assert "This decision was taken before packs had an index." in text
    assert "<p>Next gate: <b>29 Dec 2026</b>.</p>" in text
    unknown = ("is on record yet", "expected", "Change requests that wait", "Waivers in force", "The addresses stand under")
    assert [words for words in unknown if words in text] == []
    assert "Open conditions" in text


def test_a_decision_of_before_lists_the_waivers_that_it_froze(full: GateReview, pia: Any) -> None:
    gates.decide(full, by=pia, at=NOON, **terms())
    record = without_pack(full)
    kept = {"what": "The budget", "reason": "It follows.", "by": "Pia Orlov", "until": "2026-12-24"}
    full.record = json.dumps({**record, "readiness": {**record["readiness"], "waivers": [kept]}})
    (waiver,) = contents_of(full, TODAY).waivers or ()
    assert (waiver.gate, waiver.what, waiver.until) == ("G1 Definition", "The budget", dt.date(2026, 12, 24))
    text = html_of(full, shows_risks=True)
    assert "Waivers in force" in text
    assert "Next gate" not in text


def test_a_pack_of_today_says_that_there_is_none(project: Project) -> None:
    text = html_of(a_planned(project), NOON, shows_risks=True)
    assert "No document, report or gate is on record yet." in text
    assert "before packs had an index" not in text
    assert text.index("Waivers in force") < text.index("Change requests that wait")


def test_a_pack_costs_the_same_however_much_is_on_record(
    full: GateReview, pia: Any, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(6):
        contents_of(full, TODAY)
    for number in range(2, 6):
        a_submitted_change(full.project, by=full.project.project_manager, title=f"Change {number}")
    with django_assert_max_num_queries(6):
        assert len(contents_of(full, TODAY).changes or ()) == 5


def test_the_abridged_pack_lists_what_stands_only(project: Project, pia: Any) -> None:
    an_approved_document(project, "definition", by=pia)
    rejected = a_submitted_document(project, "execution_plan")
    rejected.reject(by=pia, at=NOON, reason="Nobody pays for it.")
    review = a_prepared(project)
    before = html_of(review, NOON, shows_risks=False)
    gates.decide(review, by=pia, at=NOON, **terms())
    after = html_of(fresh(review), shows_risks=False)
    for text in (before, after):
        assert "Project definition document<small>" in text
        assert "Project execution plan<small>" not in text
        assert rejected.record_sha256[:32] not in text
    assert "Project execution plan<small>" in html_of(fresh(review), shows_risks=True)


def test_an_abridged_pack_with_nothing_that_stands_claims_no_more_than_that(project: Project) -> None:
    a_submitted_document(project, "definition")
    review = a_planned(project)
    said = "No approved document, accepted report or passed gate is on record yet."
    assert said in html_of(review, NOON, shows_risks=False)
    assert said not in html_of(review, NOON, shows_risks=True)


# The next gate


def test_the_day_named_at_the_decision_is_the_next_gate_and_planned(project, pia) -> None:
    review = a_passed(project, by=pia, next_gate_on=TODAY + 40 * DAY)
    assert contents_of(fresh(review), TODAY).next_gate == NextGate("G1 Definition", TODAY + 40 * DAY, False)


def test_a_day_that_nobody_planned_is_called_expected(project, pia) -> None:
    review = a_prepared(project)
    later = timezone.localdate() - 30 * DAY
    gates.decide(review, by=pia, at=NOON, **terms(next_gate_on=later))
    assert contents_of(fresh(review), TODAY).next_gate == NextGate("G1 Definition", later, True)
    assert "expected, not planned" in html_of(fresh(review), shows_risks=True)


def test_a_stop_expects_nothing(project, pia) -> None:
    review = a_passed(project, by=pia, decision="stop", next_gate_on=TODAY + 40 * DAY)
    assert contents_of(fresh(review), TODAY).next_gate is None


# On paper


@pytest.mark.pdf
def test_the_pack_on_paper_says_all_of_it_and_machines_read_it(full: GateReview, pia: Any, settings, tmp_path) -> None:
    settings.VAR_DIR = tmp_path
    said = (
        "Index of what is on record",
        "Weekly status report 1",
        "The lease is signed.",
        "Tess",
        "The plan follows.",
        "Later scanners",
        "3 working days later",
    )
    draft = pack_of(full, NOON, shows_risks=True)
    gates.decide(full, by=pia, at=NOON, **terms(next_gate_on=TODAY + 40 * DAY))
    copies = ensure_copies(fresh(full))
    for file in (draft, copies["reading"].file):
        text = " ".join(text_of(file).split())
        assert [words for words in said if words not in text] == []
        assert failed_rules(file, "PDF_UA_1") == []
    assert failed_rules(copies["record"].file, "PDF_A_3U") == []
    assert "Next gate: G2 Planning and baseline, 29 Dec 2026." in " ".join(text_of(copies["reading"].file).split())


@pytest.mark.pdf
def test_who_does_not_read_the_registers_reads_no_change_requests(full: GateReview) -> None:
    text = text_of(pack_of(full, NOON, shows_risks=False))
    assert "Later scanners" not in text
    assert "Waivers in force" in text
