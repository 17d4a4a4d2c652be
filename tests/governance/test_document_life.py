"""Documents go through the same engine as reports: four decisions, numbers of their own, conditions, one chain."""

from __future__ import annotations

import datetime as dt

import pytest

from governance.documents.drafting import save_section, start_document
from governance.models import Condition, SignOff
from governance.signing import verify_chain, verify_versions
from governance.states import VersionState
from pmo.lib.errors import Refused
from tests.governance.stories import NOON, a_finding
from tests.governance.written import a_condition, a_document, a_submitted_document, an_approved_document, review_all

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(hours=2)


def test_the_first_approval_makes_it_one_point_nought(alpha, pia) -> None:
    version = a_submitted_document(alpha)
    assert version.label == "0.1"
    review_all(version, by=pia)
    version.approve(by=pia, at=LATER, terms={})
    version.refresh_from_db()
    assert (version.label, version.state) == ("1.0", VersionState.APPROVED)
    assert not list(verify_versions())
    assert verify_chain() is None


def test_a_later_version_begins_with_the_words_of_the_approved_one_and_supersedes_it(alpha, pia) -> None:
    first = an_approved_document(alpha, by=pia, problem="Clerks retype forms.")
    second = start_document(alpha, "definition", by=alpha.project_manager, at=LATER, change_summary="Two courts more.")
    assert second.document.sections.get(section__key="problem").text == "Clerks retype forms."
    assert (second.label, second.label_if_approved) == ("1.1", "1.1")
    second.submit(by=alpha.project_manager, at=LATER)
    review_all(second, by=pia)
    second.approve(by=pia, at=LATER, terms={})
    first.refresh_from_db()
    assert first.state == VersionState.SUPERSEDED


def test_conditions_are_stored_with_the_approval_and_signed(alpha, pia, max, tess) -> None:
    version = a_submitted_document(alpha)
    review_all(version, by=pia)
    version.approve_with_conditions(by=pia, at=LATER, conditions=[a_condition(max, tess)])
    assert version.state == VersionState.CONDITIONAL
    condition = Condition.objects.get(version=version)
    assert (condition.owner, condition.verifier, condition.number) == (max, tess, 1)
    assert condition.text in version.record
    assert SignOff.objects.get(version=version, action="conditional").content_sha256 == version.record_sha256


def test_no_approval_of_any_sort_while_a_major_finding_is_open(alpha, pia, max, tess) -> None:
    version = a_submitted_document(alpha)
    a_finding(version, by=pia, severity="major", section="objectives", at=NOON)
    with pytest.raises(Refused) as plain:
        version.approve(by=pia, at=LATER, terms={})
    with pytest.raises(Refused) as conditional:
        version.approve_with_conditions(by=pia, at=LATER, conditions=[a_condition(max, tess)])
    assert {plain.value.code, conditional.value.code} == {"findings_open"}


def test_a_comment_stands_in_no_ones_way(alpha, pia) -> None:
    version = a_submitted_document(alpha)
    a_finding(version, by=pia, severity="comment", section="objectives", at=NOON)
    review_all(version, by=pia)
    version.approve(by=pia, at=LATER, terms={})
    assert version.state == VersionState.APPROVED


@pytest.mark.parametrize(
    ("terms", "code"),
    [({"text": " "}, "condition_incomplete"), ({"due_on": NOON.date() - dt.timedelta(days=1)}, "condition_due_past")],
)
def test_a_condition_that_says_too_little_is_refused_and_nothing_is_decided(alpha, pia, max, tess, terms, code) -> None:
    version = a_submitted_document(alpha)
    with pytest.raises(Refused) as refused:
        version.approve_with_conditions(by=pia, at=LATER, conditions=[a_condition(max, tess, **terms)])
    version.refresh_from_db()
    assert (refused.value.code, version.state) == (code, VersionState.SUBMITTED)


def test_whoever_owns_a_condition_does_not_verify_it(alpha, pia, max) -> None:
    version = a_submitted_document(alpha)
    with pytest.raises(Refused) as refused:
        version.approve_with_conditions(by=pia, at=LATER, conditions=[a_condition(max, max)])
    assert refused.value.code == "verifier_is_owner"


def test_two_people_in_one_section_do_not_overwrite_each_other_unseen(alpha, max) -> None:
    version = a_document(alpha)
    section = version.document.sections.get(section__key="problem")
    save_section(section, by=max, at=LATER, revision=section.revision, text="First")
    stale = version.document.sections.get(section__key="problem")
    with pytest.raises(Refused) as refused:
        save_section(stale, by=max, at=LATER, revision=stale.revision - 1, text="Second")
    assert refused.value.code == "conflict"
    assert version.document.sections.get(section__key="problem").text == "First"


def test_what_was_submitted_is_not_written_any_more(alpha, max) -> None:
    version = a_submitted_document(alpha)
    section = version.document.sections.get(section__key="problem")
    with pytest.raises(Refused) as refused:
        save_section(section, by=max, at=LATER, revision=section.revision, text="Late")
    assert refused.value.code == "frozen"


def test_sections_changed_behind_the_engines_back_are_found(alpha, pia) -> None:
    version = an_approved_document(alpha, by=pia)
    section = version.document.sections.get(section__key="problem")
    section.text = "Altered"
    section.save()
    assert [(found.pk, "Problem" in fault) for found, fault in verify_versions()] == [(version.pk, True)]
