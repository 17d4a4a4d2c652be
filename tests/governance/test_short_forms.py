"""Short definitions of class 1 and lite plans of class 2: what they owe, what is not asked of them, who keeps version 1."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from django.apps import apps

from governance.documents import templates
from governance.documents.checks import Check, checks_of_version, obstacles_of
from governance.documents.drafting import start_document
from governance.documents.questions import asked_items, is_asked
from governance.models import ChecklistItem, DeliverableVersion, DocumentTemplate
from governance.rule_changes import Question, set_checklist
from governance.states import VersionState
from pmo.lib.errors import Refused
from portfolio.models import Project
from tests.factories import make_project
from tests.governance.pages import signed_in
from tests.governance.stories import NOON
from tests.governance.written import a_document, an_approved_document, review_all

pytestmark = pytest.mark.django_db
MIGRATION = importlib.import_module("governance.migrations.0171_short_forms")
SHORT = {
    *("problem", "objectives", "in_scope", "out_of_scope", "deliverables", "funding"),
    *("milestones", "cost", "risks", "roles"),
}
LITE = {
    *("in_scope", "out_of_scope", "approach", "phases", "wbs", "thresholds", "quality", "communication"),
    *("escalation", "change_authority", "deployment", "operations"),
}


@pytest.fixture
def small(max: Any) -> Project:
    return make_project(code="P-1", name="Small", project_manager=max, governance_class=1)


def owed(kind: str, governance_class: int, version: int = 2) -> set[str]:
    template = DocumentTemplate.objects.get(kind=kind, version=version)
    return {row.key for row in template.sections.all() if row.is_required(governance_class)}


def with_only(keys: set[str], kind: str) -> dict[str, Any]:
    """Return words that leave every section empty that is not among `keys`."""
    sections = DocumentTemplate.current(kind).sections.exclude(key__in=keys)
    return {row.key: [] if row.is_table else "" for row in sections}


def short_definition(project: Project, **words: Any) -> DeliverableVersion:
    return a_document(project, **{**with_only(SHORT, "definition"), **words})


def lite_plan(project: Project, **words: Any) -> DeliverableVersion:
    return a_document(project, "execution_plan", **{**with_only(LITE, "execution_plan"), **words})


def approve(version: DeliverableVersion, by: Any) -> None:
    version.submit(by=version.author, at=NOON)
    review_all(version, by=by, at=NOON)
    version.approve(by=by, at=NOON, terms={})
    assert version.state == VersionState.APPROVED


# What is owed


def test_class_1_owes_a_short_definition_and_class_2_a_lite_plan() -> None:
    assert owed("definition", 1) == SHORT
    assert owed("execution_plan", 2) == LITE
    assert (len(owed("definition", 1, 1)), len(owed("execution_plan", 2, 1))) == (17, 23)


@pytest.mark.parametrize(("kind", "classes"), [("definition", (2, 3, 4)), ("execution_plan", (1, 3, 4))])
def test_what_other_classes_owe_is_what_it_was(kind: str, classes: tuple[int, ...]) -> None:
    for governance_class in classes:
        assert owed(kind, governance_class) == owed(kind, governance_class, 1)


@pytest.mark.parametrize("kind", ["definition", "execution_plan"])
def test_no_section_is_taken_out_and_none_is_asked_otherwise(kind: str) -> None:
    first, second = (DocumentTemplate.objects.get(kind=kind, version=version) for version in (1, 2))
    said = ("key", "number", "position", "title", "form", "guidance", "columns", "least_rows", "is_confidential")
    assert list(first.sections.values_list(*said)) == list(second.sections.values_list(*said))
    assert second.published_at is not None


def test_a_short_definition_is_submitted_reviewed_and_approved(small: Project, pia: Any) -> None:
    version = short_definition(small)
    assert obstacles_of(version) == []
    approve(version, pia)


def test_a_lite_plan_is_submitted_reviewed_and_approved(beta: Project, pia: Any) -> None:
    an_approved_document(beta, by=pia)
    version = lite_plan(beta)
    assert obstacles_of(version) == []
    approve(version, pia)


def test_a_larger_class_does_not_get_away_with_a_short_form(alpha: Project, beta: Project, pia: Any) -> None:
    missing = {check.section for check in obstacles_of(short_definition(beta))}
    assert missing == owed("definition", 2) - SHORT
    an_approved_document(alpha, by=pia)
    assert {check.section for check in obstacles_of(lite_plan(alpha))} == owed("execution_plan", 3) - LITE


@pytest.mark.parametrize("key", sorted(SHORT))
def test_each_section_of_the_short_definition_is_owed(key: str, small: Project) -> None:
    empty = "" if key == "problem" else []
    assert {check.section for check in obstacles_of(short_definition(small, **{key: empty}))} == {key}


# What is not asked


def said_of(version: DeliverableVersion) -> dict[str, str]:
    return {check.code: check.sentence for check in checks_of_version(version) if check.holds is None}


def test_a_check_of_what_is_not_owed_says_so(small: Project, beta: Project, pia: Any) -> None:
    not_asked = dict.fromkeys(("benefit_owners", "manager_authority"), "Not asked of class 1")
    assert said_of(short_definition(small)) == {**not_asked, "contract_kept": ""}
    an_approved_document(beta, by=pia)
    said = said_of(lite_plan(beta))
    assert said["tailoring_reasons"] == "Not asked of class 2"
    assert said["procurement_lead_time"] == said["procurement_dates"] == ""


def checked(version: DeliverableVersion, code: str) -> Check:
    (check,) = [check for check in checks_of_version(version) if check.code == code]
    return check


def test_oversight_that_is_filled_in_all_the_same_holds(small: Project) -> None:
    assert checked(short_definition(small, oversight="The office, weekly."), "manager_authority").holds


def test_a_project_without_a_manager_fails_whatever_the_form_asks(small: Project) -> None:
    version = short_definition(small)
    Project.objects.filter(pk=small.pk).update(project_manager=None)
    version = DeliverableVersion.objects.get(pk=version.pk)
    check = checked(version, "manager_authority")
    assert (check.holds, check.sentence) == (False, "The project has no project manager. Name one on the project’s page")


def test_the_check_of_going_live_names_only_what_was_asked(alpha: Project, beta: Project, pia: Any) -> None:
    an_approved_document(beta, by=pia)
    an_approved_document(alpha, by=pia)
    assert checked(lite_plan(beta), "transition").label == "Cut-over and hand-over are covered"
    everything = checked(a_document(alpha, "execution_plan"), "transition").label
    assert everything == "Security, accessibility, migration, cut-over and hand-over are covered"


def test_what_a_lite_plan_says_of_security_all_the_same_is_named(beta: Project, pia: Any) -> None:
    an_approved_document(beta, by=pia)
    plan = lite_plan(beta, security="Nothing personal is kept.")
    assert checked(plan, "transition").label == "Security, cut-over and hand-over are covered"


def test_the_review_says_what_was_not_asked_and_counts_it_apart(small: Project, pia: Any) -> None:
    version = short_definition(small)
    version.submit(by=version.author, at=NOON)
    page = signed_in(pia).get(f"/reviews/documents/{small.code}/definition/v1/")
    assert "Not asked of class 1" in page.content.decode()
    shown = page.context["page"]
    assert shown.checks[-1].holds is None
    # Benefits and oversight, neither of which class 1 owes.
    assert shown.checked == shown.holding == len(shown.checks) - 2


def test_what_is_filled_in_all_the_same_is_checked(small: Project) -> None:
    cells = {"benefit": "Shorter queues", "measure": "Minutes", "target": "5", "owner": "Ida", "owner_is_it": "yes"}
    version = short_definition(small, benefits=[{"row": "a", "cells": cells}])
    assert [check.code for check in obstacles_of(version)] == ["benefit_owners"]


def asked_of(version: DeliverableVersion) -> set[str]:
    version.submit(by=version.author, at=NOON)
    return {item.text for item in asked_items(version)}


OVERSIGHT = "It says what the project manager may decide alone"
ALIGNMENT = "The strategic objective that it serves is in force"


def test_the_reviewer_is_not_asked_about_sections_that_nobody_owes(small: Project, pia: Any) -> None:
    asked = asked_of(short_definition(small))
    assert not asked & {OVERSIGHT, ALIGNMENT}
    assert len(asked) == ChecklistItem.objects.filter(kind="definition").count() - 2
    page = signed_in(pia).get(f"/reviews/documents/{small.code}/definition/v1/").content.decode()
    assert OVERSIGHT not in page
    assert "presupposing" in page


def test_the_reviewer_is_asked_about_what_was_written_all_the_same(small: Project) -> None:
    assert OVERSIGHT in asked_of(short_definition(small, oversight="The PMO manager; he decides up to $5,000."))


def test_what_is_asked_must_be_ticked_and_what_is_not_need_not(small: Project, beta: Project, pia: Any) -> None:
    for project, document, is_held_up in ((small, short_definition(small), False), (beta, a_document(beta), True)):
        document.submit(by=document.author, at=NOON)
        review_all(document, by=pia, at=NOON)
        document.reviews.get().checklist_answers.filter(item__text__in=[OVERSIGHT, ALIGNMENT]).delete()
        if is_held_up:
            with pytest.raises(Refused) as refused:
                document.approve(by=pia, at=NOON, terms={})
            assert refused.value.code == "checklist_incomplete", project.code
        else:
            document.approve(by=pia, at=NOON, terms={})


def test_a_question_of_the_offices_own_words_is_always_asked(small: Project, pia: Any) -> None:
    set_checklist([Question(None, "Oversight is clear", True)], by=pia, kind="definition")
    assert "Oversight is clear" in asked_of(short_definition(small))
    assert is_asked(OVERSIGHT, {"sections": []})


# Who keeps version 1


def as_before(kind: str = "definition") -> None:
    DocumentTemplate.objects.filter(kind=kind, version=2).delete()


def versions(kind: str = "definition") -> list[int]:
    return sorted(DocumentTemplate.objects.filter(kind=kind).values_list("version", flat=True))


def test_a_document_begun_with_version_1_keeps_it_and_the_next_version_is_short(small: Project, pia: Any, max: Any) -> None:
    as_before()
    old = a_document(small)
    MIGRATION.add(apps, None)
    assert versions() == [1, 2]
    old.document.refresh_from_db()
    assert old.document.template.version == 1
    row = old.document.sections.get(section__key="alignment")
    type(row).objects.filter(pk=row.pk).update(text="")
    assert [check.section for check in obstacles_of(old)] == ["alignment"]
    type(row).objects.filter(pk=row.pk).update(text="The plan of 2030.")
    approve(old, pia)
    newer = start_document(small, "definition", by=max, at=NOON, change_summary="Shorter.")
    assert newer.document is not None
    assert newer.document.template.version == 2
    assert newer.document.sections.get(section__key="alignment").text == "The plan of 2030."


def test_a_template_in_work_is_left_alone(pia: Any) -> None:
    as_before()
    work = templates.begin_next("definition", by=pia, at=NOON)
    MIGRATION.add(apps, None)
    assert versions() == [1, 2]
    assert DocumentTemplate.current("definition").version == 1
    assert not work.sections.exclude(key__in=SHORT).filter(required_from_class=2, key="benefits").exists()


def test_a_template_that_the_office_published_is_left_alone_and_the_other_is_not(pia: Any) -> None:
    as_before()
    as_before("execution_plan")
    work = templates.begin_next("definition", by=pia, at=NOON)
    templates.publish(work, by=pia, at=NOON, note="Our own.")
    MIGRATION.add(apps, None)
    assert DocumentTemplate.current("definition").note == "Our own."
    assert owed("definition", 1) == owed("definition", 1, 1)
    assert owed("execution_plan", 2) == LITE


def test_bringing_it_twice_changes_nothing() -> None:
    MIGRATION.add(apps, None)
    assert versions() == versions("execution_plan") == [1, 2]


def test_it_is_taken_back_where_no_document_was_begun_with_it(small: Project, max: Any) -> None:
    start_document(small, "definition", by=max, at=NOON)
    MIGRATION.remove(apps, None)
    assert versions() == [1, 2]
    assert versions("execution_plan") == [1]
