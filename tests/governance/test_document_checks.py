"""What is checked when a document is submitted: every line of the checklists, place and remedy, and what is frozen of it."""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
import importlib
import json

import pytest

from governance.documents.check_rules import Context
from governance.documents.check_values import RULES
from governance.documents.checklist import CHECKLIST, LABELS, codes_for, questions_for
from governance.documents.checks import checks_of, checks_of_version, context_of, obstacles_of
from governance.documents.content import content_of, section_named
from governance.documents.drafting import save_section, start_document
from governance.findings import answer_finding, close_finding
from governance.models import ChangeRequest, ReviewFinding
from governance.states import Kind, VersionState
from pmo.lib.errors import Refused
from tests.governance.stories import NOON, a_finding
from tests.governance.written import a_document, a_submitted_document, an_approved_document, review_all

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(hours=2)
KINDS = (Kind.DEFINITION, Kind.EXECUTION_PLAN)
#: The subjects of the office's two checklists, in a word or two each, as the office handed them over.
DEFINITION_LINES = (
    "presupposing",
    "measurable",
    "Out of scope",
    "sponsor is not",
    "funding source",
    "range",
    "three milestones",
    "Acceptance criteria",
    "life of the project",
    "risks have owners",
    "outside IT",
    "class is the one",
    "strategic objective",
    "authority of the project",
    "What was agreed changes",
)
PLAN_LINES = (
    "scope is that of the definition",
    "work breakdown once",
    "Thresholds are numbers",
    "changes of each size",
    "life of the project",
    "waived has a reason",
    "number to reach",
    "Escalation has times",
    "every stakeholder group",
    "lead time",
    "Security, accessibility",
    "gates planned",
    "What was agreed changes",
)


@pytest.fixture
def definition(alpha, pia):
    """Return the content and the context of a definition document in which everything holds."""
    version = a_document(alpha)
    return content_of(version.document), context_of(version)


@pytest.fixture
def plan(alpha, pia, fay):
    version = a_document(alpha, "execution_plan")
    return content_of(version.document), context_of(version)


def failed(content, context) -> list[tuple[str, str, str]]:
    return [(check.code, check.section, check.row) for check in checks_of(content, context) if check.holds is False]


def without(content, key, **changes):
    """Return a copy whose section `key` is changed."""
    changed = copy.deepcopy(content)
    section_named(changed, key).update(changes)
    return changed


def with_cell(content, key, row, **cells):
    changed = copy.deepcopy(content)
    section_named(changed, key)["rows"][row]["cells"].update(cells)
    return changed


@pytest.mark.parametrize(("kind", "subjects"), [(Kind.DEFINITION, DEFINITION_LINES), (Kind.EXECUTION_PLAN, PLAN_LINES)])
def test_no_line_of_a_checklist_is_forgotten(kind, subjects) -> None:
    texts = [line.text for line in CHECKLIST if line.kind == kind]
    for subject in subjects:
        assert sum(subject in text for text in texts) == 1, subject
    assert len(texts) == len(subjects) + 1, "one more line asks for the required sections"


def test_every_line_is_checked_asked_or_left_out_with_a_reason() -> None:
    assert [line.text for line in CHECKLIST if not (line.checks or line.question or line.left_out)] == []
    assert all(len(line.left_out.split()) > 5 for line in CHECKLIST if line.left_out)


def test_every_check_exists_and_none_is_without_its_line() -> None:
    named = {code for kind in KINDS for code in codes_for(kind)}
    assert named == set(RULES)
    assert named | {"findings_answered"} == set(LABELS)


@pytest.mark.parametrize("kind", KINDS)
def test_what_no_check_sees_is_asked_of_the_reviewer(kind) -> None:
    from governance.models import ChecklistItem

    migration = importlib.import_module("governance.migrations.0020_standard_routes")
    assert migration.QUESTIONS[kind] == questions_for(kind)
    asked = ChecklistItem.objects.filter(kind=kind, is_active=True).order_by("position")
    assert tuple(asked.values_list("text", flat=True)) == questions_for(kind)


def test_everything_holds_in_a_complete_definition(definition) -> None:
    assert failed(*definition) == []


def test_everything_holds_in_a_complete_plan(plan) -> None:
    assert failed(*plan) == []


@pytest.mark.parametrize("key", ["problem", "success_factors", "in_scope", "stakeholders"])
def test_a_required_section_that_is_empty_is_named(definition, key) -> None:
    content, context = definition
    assert failed(without(content, key, text="", rows=[]), context) == [("sections_filled", key, "")]


def test_what_the_class_does_not_require_may_stay_empty(definition) -> None:
    content, context = definition
    assert failed(without(content, "glossary", rows=[]), context) == []


@pytest.mark.parametrize(
    ("key", "cells", "code"),
    [
        ("objectives", {"measure": ""}, "objectives_measurable"),
        ("objectives", {"baseline": " "}, "objectives_measurable"),
        ("objectives", {"target": ""}, "objectives_measurable"),
        ("objectives", {"date": "next summer"}, "objectives_measurable"),
        ("deliverables", {"criteria": ""}, "acceptance"),
        ("deliverables", {"accepted_by": ""}, "cells_filled"),
        ("funding", {"source": ""}, "funding_source"),
        ("funding", {"type": "lottery"}, "cells_filled"),
        ("funding", {"amount": "a lot"}, "cells_filled"),
        ("risks", {"owner": ""}, "risk_owners"),
        ("benefits", {"owner_is_it": "yes"}, "benefit_owners"),
        ("benefits", {"owner_is_it": "perhaps"}, "cells_filled"),
        ("benefits", {"from_date": "2027-13-01"}, "cells_filled"),
        ("milestones", {"target": ""}, "cells_filled"),
        ("cost", {"basis": ""}, "cells_filled"),
    ],
)
def test_a_cell_that_lacks_or_is_of_the_wrong_type_is_found_in_its_row(definition, key, cells, code) -> None:
    content, context = definition
    assert failed(with_cell(content, key, 0, **cells), context) == [(code, key, f"{key}-0")]


def test_the_list_of_what_is_out_of_scope_is_not_empty(definition) -> None:
    content, context = definition
    assert failed(without(content, "out_of_scope", rows=[]), context) == [("out_of_scope", "out_of_scope", "")]


def test_milestones_are_at_least_three_with_dates_in_order(definition) -> None:
    content, context = definition
    two = section_named(content, "milestones")["rows"][:2]
    assert failed(without(content, "milestones", rows=two), context) == [("milestones", "milestones", "")]
    early = with_cell(content, "milestones", 2, target="2026-12-01")
    assert failed(early, context) == [("milestones", "milestones", "milestones-2")]


def test_the_cost_has_low_likely_and_high_in_order(definition) -> None:
    content, context = definition
    assert failed(with_cell(content, "cost", 1, amount="$100"), context) == [("cost_range", "cost", "cost-1")]
    assert failed(with_cell(content, "cost", 2, estimate="likely"), context) == [("cost_range", "cost", "")]
    assert failed(with_cell(content, "cost", 2, amount="$1,250,000.50"), context) == []


def test_the_sponsor_is_somebody_other_than_the_project_manager(definition) -> None:
    content, _ = definition
    assert failed(content, Context(scored_class=2, sponsor_manages=True)) == [("sponsor", "", "")]
    assert failed(content, Context(scored_class=2, has_sponsor=False)) == [("sponsor", "", "")]


def test_the_project_manager_is_named_with_what_they_may_decide(definition) -> None:
    content, context = definition
    assert failed(without(content, "oversight", text=" "), context) == [("manager_authority", "oversight", "")]
    assert failed(content, Context(scored_class=2, has_manager=False)) == [("manager_authority", "", "")]


def test_the_class_is_the_one_that_the_answers_give(definition) -> None:
    content, _ = definition
    assert failed(content, Context(governance_class=2, scored_class=3)) == [("class_score", "", "")]
    assert failed(content, Context(scored_class=None)) == [("class_score", "", "")]


def test_the_scope_of_a_plan_is_that_of_the_definition_unless_a_change_was_approved(plan) -> None:
    content, context = plan
    other = with_cell(content, "in_scope", 0, item="A court of appeal")
    found = failed(other, context)
    assert found == [("scope_as_defined", "in_scope", "in_scope-0"), ("scope_as_defined", "in_scope", "")]
    changed = dataclasses.replace(context, change_code="CR-P-1001-01")
    assert failed(other, changed) == []
    said = next(check.sentence for check in checks_of(other, changed) if check.code == "scope_as_defined")
    assert "CR-P-1001-01" in said


def test_spacing_and_case_make_no_other_scope(plan) -> None:
    content, context = plan
    assert failed(with_cell(content, "in_scope", 0, item="  forms of the  SECOND court"), context) == []


def test_a_plan_without_an_approved_definition_waits_for_it(plan) -> None:
    content, _ = plan
    assert failed(content, Context(definition=None)) == [("scope_as_defined", "", "")]


def test_the_work_breakdown_holds_each_deliverable_of_the_definition_once(plan) -> None:
    content, context = plan
    twice = with_cell(content, "wbs", 2, deliverable="forms of the second court 2")
    assert failed(twice, context) == [("work_breakdown", "wbs", "wbs-2")]
    lacking = with_cell(content, "wbs", 0, deliverable="Something else")
    assert failed(lacking, context) == [("work_breakdown", "wbs", "")]


@pytest.mark.parametrize(
    ("key", "cells", "code"),
    [
        ("thresholds", {"limit": "a tenth"}, "thresholds_numeric"),
        ("change_authority", {"authority": ""}, "change_authority"),
        ("quality", {"target": "good"}, "quality_targets"),
        ("escalation", {"hours": "soon"}, "escalation_hours"),
        ("procurement", {"lead_time": ""}, "procurement_lead_time"),
    ],
)
def test_a_plan_gives_numbers_and_names(plan, key, cells, code) -> None:
    content, context = plan
    assert failed(with_cell(content, key, 0, **cells), context) == [(code, key, f"{key}-0")]


def test_communication_reaches_every_stakeholder_group(plan) -> None:
    content, context = plan
    only = with_cell(content, "communication", 0, audience="The press")
    assert ("communication", "communication", "") in failed(only, context)


@pytest.mark.parametrize("key", ["security", "accessibility", "migration", "deployment", "operations"])
def test_going_live_is_covered_or_waived_with_a_reason(plan, key) -> None:
    content, context = plan
    assert failed(without(content, key, text=""), context) == [("transition", key, "")]


def test_a_message_says_place_and_remedy(alpha) -> None:
    version = a_document(alpha, out_of_scope=[])
    (check,) = obstacles_of(version)
    assert check.sentence == "1.5 Out of scope is empty. Name what people might expect and will not get"


def test_submitting_is_refused_with_every_obstacle_and_changes_nothing(alpha, max) -> None:
    version = a_document(alpha, out_of_scope=[], problem="")
    with pytest.raises(Refused) as refused:
        version.submit(by=max, at=NOON)
    version.refresh_from_db()
    assert (refused.value.code, version.state) == ("obstacles", VersionState.DRAFT)
    assert "1.1 Problem" in refused.value.sentence
    assert "1.5 Out of scope" in refused.value.sentence
    section = version.document.sections.get(section__key="problem")
    save_section(section, by=max, at=NOON, revision=section.revision, text="Still to be written.")


def test_the_results_are_frozen_as_they_were(alpha, max) -> None:
    version = a_submitted_document(alpha)
    alpha.sponsor = max
    alpha.save()
    stored = json.loads(version.content)["checks"]
    assert {row["code"] for row in stored} == set(codes_for("definition"))
    assert {check.code: check.holds for check in checks_of_version(version)}["sponsor"] is True


def test_a_second_version_says_what_it_changes(alpha, pia, max) -> None:
    an_approved_document(alpha, by=pia)
    second = start_document(alpha, "definition", by=max, at=LATER)
    with pytest.raises(Refused) as refused:
        second.submit(by=max, at=LATER)
    assert refused.value.code == "change_summary_missing"


def change_request(project, by, state) -> ChangeRequest:
    decided = {"decided_by": project.sponsor, "decided_at": NOON} if state == "approved" else {}
    return ChangeRequest.objects.create(
        project=project,
        number=1,
        title="Two courts more",
        state=state,
        reason_code="business",
        description="…",
        requested_by=by,
        requested_at=NOON,
        **decided,
    )


@pytest.mark.parametrize("state", [None, "draft", "approved elsewhere"])
def test_the_next_whole_number_needs_an_approved_change_request(alpha, beta, pia, max, state) -> None:
    an_approved_document(alpha, by=pia)
    second = start_document(alpha, "definition", by=max, at=LATER, change_summary="Two courts more.")
    second.is_major_change = True
    if state == "draft":
        second.change_request = change_request(alpha, max, "draft")
    if state == "approved elsewhere":
        beta.sponsor = alpha.sponsor
        second.change_request = change_request(beta, max, "approved")
    second.save()
    with pytest.raises(Refused) as refused:
        second.submit(by=max, at=LATER)
    assert refused.value.code == "change_request_missing"


def test_with_an_approved_change_request_it_becomes_two_point_nought(alpha, pia, max) -> None:
    an_approved_document(alpha, by=pia)
    second = start_document(alpha, "definition", by=max, at=LATER, change_summary="Two courts more.")
    second.is_major_change, second.change_request = True, change_request(alpha, max, "approved")
    second.save()
    second.submit(by=max, at=LATER)
    review_all(second, by=pia, at=LATER)
    second.approve(by=pia, at=LATER, terms={})
    assert second.label == "2.0"


def test_findings_of_the_version_before_are_answered_first_and_closed_before_the_approval(alpha, pia, max) -> None:
    first = a_submitted_document(alpha)
    finding = a_finding(first, by=pia, section="objectives", row="objectives-0")
    first.return_for_rework(by=pia, at=LATER)
    second = start_document(alpha, "definition", by=max, at=LATER, change_summary="The objective has a number.")
    assert [check.code for check in obstacles_of(second)] == ["findings_answered"]
    with pytest.raises(Refused) as refused:
        second.submit(by=max, at=LATER)
    assert refused.value.code == "obstacles"
    answer_finding(finding, by=max, text="310 forms a week.", at=LATER)
    second.submit(by=max, at=LATER)
    review_all(second, by=pia, at=LATER)
    close_finding(finding, by=pia, at=LATER)
    second.approve(by=pia, at=LATER, terms={})
    assert "310 forms a week." in second.record


def test_a_comment_left_open_by_an_approval_can_still_be_answered(alpha, pia, max) -> None:
    first = a_submitted_document(alpha)
    finding = a_finding(first, by=pia, severity="comment", section="objectives")
    review_all(first, by=pia)
    first.approve(by=pia, at=LATER, terms={})
    answer_finding(finding, by=max, text="Done.", at=LATER)
    second = start_document(alpha, "definition", by=max, at=LATER, change_summary="Reworded.")
    second.submit(by=max, at=LATER)
    assert ReviewFinding.objects.get().state == "answered"
