"""What was agreed changes with an approved change request only: choosing it, the next whole number, what a 1.x keeps."""

from __future__ import annotations

import copy
import datetime as dt
import json

import pytest
from django.urls import reverse

from governance.document_states import ColumnType
from governance.documents.check_rules import CONTRACT
from governance.documents.checks import checks_of_version, obstacles_of
from governance.documents.describing import changes_to_carry_out, describe
from governance.documents.drafting import save_section, start_document
from governance.models import DeliverableVersion
from governance.states import VersionState
from pmo.lib.errors import Refused
from tests.governance.changed import a_change, an_approved_change, with_baseline
from tests.governance.pages import signed_in
from tests.governance.stories import NOON
from tests.governance.written import an_approved_document, review_all

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(days=1)


@pytest.fixture
def definition(alpha, pia):
    return an_approved_document(alpha, by=pia)


@pytest.fixture
def change(alpha, pia, stella):
    with_baseline(alpha)
    alpha.sponsor = alpha.sponsor or stella
    alpha.save()
    return an_approved_change(alpha, assessor=pia, decider=alpha.sponsor)


def next_draft(project, by, kind="definition", **values) -> DeliverableVersion:
    return start_document(project, kind, by=by, at=LATER, change_summary="The second court joins.", **values)


def reword(version, key: str, by, words: str = "A court of appeal") -> None:
    """Write `words` into the first cell of the first row of a section that may hold them, or at the end of a text."""
    row = version.document.sections.select_related("section").get(section__key=key)
    rows = copy.deepcopy(row.rows)
    column = next(one for one in row.section.columns if one["type"] in (ColumnType.TEXT, ColumnType.LONG))
    rows[0]["cells"][column["key"]] = words
    save_section(row, by=by, at=LATER, revision=row.revision, rows=rows)


def edit_url(project, tail="", kind="definition") -> str:
    return reverse(f"governance:document-{tail or 'edit'}", args=[project.code, kind])


@pytest.mark.parametrize("key", CONTRACT)
def test_an_editorial_version_that_changes_what_was_agreed_is_held_up(alpha, max, definition, key) -> None:
    draft = next_draft(alpha, max)
    assert obstacles_of(draft) == []
    reword(draft, key, max)
    assert [(one.code, one.section) for one in obstacles_of(draft)] == [("contract_kept", key)]
    with pytest.raises(Refused) as refused:
        draft.submit(by=max, at=LATER)
    assert refused.value.code == "obstacles"


def test_other_words_spacing_and_the_order_of_rows_make_no_difference(alpha, max, definition) -> None:
    draft = next_draft(alpha, max)
    problem = draft.document.sections.get(section__key="problem")
    save_section(problem, by=max, at=LATER, revision=problem.revision, text="Clerks retype 311 forms a week.")
    scope = draft.document.sections.get(section__key="deliverables")
    rows = [{**row, "cells": {key: f" {cell.upper()} " for key, cell in row["cells"].items()}} for row in scope.rows]
    save_section(scope, by=max, at=LATER, revision=scope.revision, rows=list(reversed(rows)))
    assert obstacles_of(draft) == []
    draft.submit(by=max, at=LATER)
    assert draft.label_if_approved == "1.1"


def test_before_the_first_approval_nothing_is_agreed(alpha, max, pia) -> None:
    from tests.governance.written import a_document

    draft = a_document(alpha)
    assert next(one.holds for one in checks_of_version(draft) if one.code == "contract_kept") is None


def test_with_an_approved_change_request_it_becomes_the_next_whole_number(alpha, max, pia, definition, change) -> None:
    draft = next_draft(alpha, max, change=change)
    reword(draft, "in_scope", max)
    draft.submit(by=max, at=LATER)
    assert json.loads(draft.content)["change"]["code"] == change.code
    review_all(draft, by=pia, at=LATER)
    draft.approve(by=pia, at=LATER, terms={})
    assert (draft.label, draft.change_request) == ("2.0", change)
    definition.refresh_from_db()
    assert definition.state == VersionState.SUPERSEDED
    said = next(one.sentence for one in checks_of_version(draft) if one.code == "contract_kept")
    assert change.code in said


def test_a_change_is_carried_out_once_by_each_document(alpha, max, pia, definition, change) -> None:
    draft = next_draft(alpha, max, change=change)
    draft.submit(by=max, at=LATER)
    review_all(draft, by=pia, at=LATER)
    draft.approve(by=pia, at=LATER, terms={})
    assert list(changes_to_carry_out(alpha, "definition")) == []
    assert list(changes_to_carry_out(alpha, "execution_plan")) == [change]
    with pytest.raises(Refused) as refused:
        next_draft(alpha, max, change=change)
    assert refused.value.code == "change_not_approved"


def test_only_an_approved_request_of_the_same_project_is_taken(alpha, beta, max, pia, definition, change) -> None:
    draft = next_draft(alpha, max)
    other = a_change(alpha, by=max)
    for wrong in (other, change.__class__(pk=change.pk + 1_000, project=beta)):
        with pytest.raises(Refused) as refused:
            describe(draft, by=max, change_summary="", change=wrong)
        assert refused.value.code == "change_not_approved"
    assert DeliverableVersion.objects.get(pk=draft.pk).change_request is None


def test_choosing_and_taking_back_a_change_stands_in_the_history(alpha, max, pia, definition, change) -> None:
    draft = next_draft(alpha, max)
    describe(draft, by=max, change_summary="Two courts.", change=change)
    assert (draft.is_major_change, draft.label_if_approved, draft.change_summary) == (True, "2.0", "Two courts.")
    assert (draft.history.first().change_request_id, draft.history.first().history_user) == (change.pk, max)
    describe(draft, by=max, change_summary="Two courts.", change=None)
    assert (draft.is_major_change, draft.label_if_approved) == (False, "1.1")


def test_what_was_submitted_is_not_described_anew(alpha, max, pia, definition, change) -> None:
    draft = next_draft(alpha, max)
    draft.submit(by=max, at=LATER)
    with pytest.raises(Refused) as refused:
        describe(draft, by=max, change_summary="Other", change=change)
    assert refused.value.code == "not_draft"


@pytest.mark.parametrize("person", ["tess", "audrey", "gina", "bea"])
def test_who_does_not_write_the_document_describes_nothing(alpha, max, definition, person, request) -> None:
    draft = next_draft(alpha, max)
    with pytest.raises(Refused) as refused:
        describe(draft, by=request.getfixturevalue(person), change_summary="Other", change=None)
    assert refused.value.code == "not_writer"


def test_a_plan_follows_its_definition_unless_it_carries_out_the_change(alpha, max, pia, change) -> None:
    plan = an_approved_document(alpha, "execution_plan", by=pia)
    draft = next_draft(alpha, max, "execution_plan")
    reword(draft, "in_scope", max)
    assert {one.code for one in obstacles_of(draft)} == {"scope_as_defined", "contract_kept"}
    describe(draft, by=max, change_summary="The second court joins.", change=change)
    assert obstacles_of(draft) == []
    draft.submit(by=max, at=LATER)
    assert (plan.label, draft.label_if_approved) == ("1.0", "2.0")


# Pages


def test_the_change_is_chosen_when_a_version_is_begun(alpha, max, definition, change) -> None:
    shown = signed_in(max).get(edit_url(alpha, "begin")).content.decode()
    assert change.code in shown
    sent = {"start": "last", "change_summary": "Two courts.", "change": change.pk}
    assert signed_in(max).post(edit_url(alpha, "begin"), sent).status_code == 302
    assert definition.deliverable.versions.get(number=2).change_request == change


def test_without_an_approved_change_the_page_says_how_to_ask_for_one(alpha, max, definition) -> None:
    next_draft(alpha, max)
    text = signed_in(max).get(edit_url(alpha)).content.decode()
    assert reverse("governance:change-new", args=[alpha.code]) in text
    assert 'name="change"' not in text


def test_the_change_is_chosen_on_the_page_of_the_draft(alpha, max, definition, change) -> None:
    draft = next_draft(alpha, max)
    client = signed_in(max)
    assert change.title in client.get(edit_url(alpha)).content.decode()
    answered = client.post(edit_url(alpha, "about"), {"change_summary": "Two courts.", "change": change.pk})
    assert answered.status_code == 302
    draft.refresh_from_db()
    assert (draft.change_request, draft.change_summary) == (change, "Two courts.")
    assert "once approved it is 2.0" in client.get(edit_url(alpha)).content.decode()
    assert change.code in client.get(reverse("governance:document-detail", args=[alpha.code, "definition"])).content.decode()
    assert "document 1.1</a>" in client.get(change.get_absolute_url()).content.decode()


def test_a_wrong_choice_is_shown_with_what_was_typed(alpha, max, definition, change) -> None:
    next_draft(alpha, max)
    answered = signed_in(max).post(edit_url(alpha, "about"), {"change_summary": "Two courts.", "change": "999"})
    assert answered.status_code == 422
    assert "Two courts." in answered.content.decode()


def test_a_refused_submission_leads_to_the_section_and_to_a_change_request(alpha, max, definition) -> None:
    draft = next_draft(alpha, max)
    reword(draft, "in_scope", max)
    answered = signed_in(max).post(edit_url(alpha, "submit"))
    text = answered.content.decode()
    assert answered.status_code == 422
    for address in (
        reverse("governance:document-section-edit", args=[alpha.code, "definition", "in_scope"]),
        reverse("governance:change-new", args=[alpha.code]),
        "#about-version",
    ):
        assert f'href="{address}"' in text
    draft.refresh_from_db()
    assert draft.state == VersionState.DRAFT


def test_the_version_is_described_by_a_post_only(alpha, max, tess, olaf, definition) -> None:
    next_draft(alpha, max)
    assert signed_in(max).get(edit_url(alpha, "about")).status_code == 405
    assert signed_in(tess).post(edit_url(alpha, "about")).status_code == 403
    assert signed_in(olaf).post(edit_url(alpha, "about")).status_code == 404
