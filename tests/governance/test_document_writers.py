"""Whose words stand in a document: they are remembered, and none of them decides on it, through whatever door."""

from __future__ import annotations

import datetime as dt

import pytest

from governance.documents.drafting import save_section, start_document
from governance.findings import answer_finding
from governance.models import Delegation, DeliverableVersion, DocumentSection
from governance.separation import authority, deciding_role, people_behind
from governance.states import VersionState
from pmo.lib.errors import Refused
from pmo.roles import Role
from tests.governance.stories import NOON, THURSDAY, a_finding
from tests.governance.written import a_document, an_approved_document, bought, review_all

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(hours=2)


def write(version: DeliverableVersion, by, key: str = "problem", text: str = "Clerks retype forms.") -> None:
    row = version.document.sections.select_related("section").get(section__key=key)
    save_section(row, by=by, at=NOON, revision=row.revision, text=text)


def refusal(version, by, on=THURSDAY) -> str:
    with pytest.raises(Refused) as refused:
        authority(version, by, on)
    return str(refused.value.code)


def test_a_member_of_the_team_writes_sections_of_a_draft(alpha, tess) -> None:
    version = a_document(alpha)
    write(version, tess, text="By Tess.")
    assert version.document.sections.get(section__key="problem").saved_by == tess
    assert version.document.sections.get(section__key="problem").history.first().history_user == tess


def test_others_do_not_write(alpha, bea, sam, gina, audrey, olaf, fay) -> None:
    version = a_document(alpha)
    for person in (bea, sam, gina, audrey, olaf, fay):
        with pytest.raises(Refused) as refused:
            write(version, person)
        assert refused.value.code == "not_writer"


def test_a_member_neither_begins_nor_submits_nor_withdraws(alpha, tess, max) -> None:
    with pytest.raises(Refused) as begun:
        start_document(alpha, "definition", by=tess, at=NOON)
    version = a_document(alpha)
    with pytest.raises(Refused) as submitted:
        version.submit(by=tess, at=NOON)
    version.submit(by=max, at=NOON)
    with pytest.raises(Refused) as withdrawn:
        version.withdraw(by=tess, at=LATER)
    assert {begun.value.code, submitted.value.code, withdrawn.value.code} == {"not_writer"}


def test_a_member_does_not_write_what_is_confidential(alpha, tess) -> None:
    version = a_document(alpha, "execution_plan")
    row = version.document.sections.select_related("section").get(section__key="procurement")
    with pytest.raises(Refused) as refused:
        save_section(row, by=tess, at=NOON, revision=row.revision, rows=[])
    assert refused.value.code == "confidential"
    assert DocumentSection.objects.get(pk=row.pk).rows


def test_whoever_saved_a_section_is_behind_the_version_and_its_history_says_so(alpha, tess, max, pia) -> None:
    version = a_document(alpha)
    write(version, tess)
    write(version, max, text="Written over by Max.")
    fresh = DeliverableVersion.objects.get(pk=version.pk)
    assert people_behind(fresh) == {max.pk, tess.pk}
    assert fresh.history.filter(history_user=tess, history_change_reason="joined in writing").count() == 1


def test_a_pmo_manager_who_wrote_a_section_does_not_decide(alpha, pia, max, gina) -> None:
    version = a_document(alpha)
    write(version, pia)
    version.submit(by=max, at=NOON)
    assert refusal(version, pia) == "own_work"
    assert deciding_role(version) == Role.EXECUTIVE
    with pytest.raises(Refused) as approved:
        version.approve(by=pia, at=LATER, terms={})
    assert approved.value.code == "own_work"
    review_all(version, by=gina, at=NOON)
    version.approve(by=gina, at=LATER, terms={})


def test_overwriting_every_word_does_not_free_the_first_writer(alpha, pia, max) -> None:
    version = a_document(alpha)
    write(version, pia)
    write(version, max, text="All new.")
    version.submit(by=max, at=NOON)
    assert refusal(version, pia) == "own_work"


def test_taking_the_words_over_into_a_next_version_does_not_free_their_writer(alpha, pia, max, gina) -> None:
    version = a_document(alpha)
    write(version, pia)
    version.submit(by=max, at=NOON)
    version.withdraw(by=max, at=NOON)
    again = start_document(alpha, "definition", by=max, at=LATER, change_summary="Words are mended.")
    again.submit(by=max, at=LATER)
    assert refusal(again, pia) == "own_work"


def test_words_that_were_approved_bind_nobody_any_more(alpha, pia, max, gina) -> None:
    version = a_document(alpha)
    write(version, pia)
    version.submit(by=max, at=NOON)
    review_all(version, by=gina, at=NOON)
    version.approve(by=gina, at=LATER, terms={})
    again = start_document(alpha, "definition", by=max, at=LATER, change_summary="Words are mended.")
    again.submit(by=max, at=LATER)
    assert authority(again, pia, THURSDAY).person == pia


def test_a_returned_version_hands_its_author_on(alpha, pia, gina, max) -> None:
    version = a_document(alpha, by=pia)
    version.submit(by=pia, at=NOON)
    finding = a_finding(version, by=gina, section="problem", at=NOON)
    version.return_for_rework(by=gina, at=LATER)
    again = start_document(alpha, "definition", by=max, at=LATER, change_summary="Words are mended.")
    answer_finding(finding, by=max, text="It is named.", at=LATER)
    again.submit(by=max, at=LATER)
    assert refusal(again, pia) == "own_work"


def test_a_delegation_does_not_lead_around_it(alpha, pia, bea, max) -> None:
    """Neither may a writer stand in for the manager, nor may anyone stand in for a manager who wrote."""
    values = {"starts_on": THURSDAY, "ends_on": THURSDAY, "kinds": ["definition"], "highest_class": 4, "created_at": NOON}
    Delegation.objects.create(delegator=pia, delegate=bea, reason="Leave", **values)
    version = a_document(alpha)
    write(version, pia)
    version.submit(by=max, at=NOON)
    assert refusal(version, bea) == "not_reviewer"


def test_a_member_who_wrote_and_becomes_pmo_manager_does_not_decide(alpha, tess, max) -> None:
    version = a_document(alpha)
    write(version, tess)
    version.submit(by=max, at=NOON)
    tess.add_role(Role.PMO_MANAGER)
    assert refusal(DeliverableVersion.objects.get(pk=version.pk), tess) == "own_work"


def test_the_team_reads_drafts_of_documents_and_outsiders_do_not(alpha, tess, sam, olaf) -> None:
    version = a_document(alpha)
    seen = DeliverableVersion.objects.visible_to
    assert version in seen(tess)
    assert version not in seen(sam)
    assert version not in seen(olaf)


def test_a_blank_version_takes_nothing_over(alpha, pia, max) -> None:
    an_approved_document(alpha, by=pia)
    again = start_document(alpha, "definition", by=max, at=LATER, is_blank=True)
    assert all(row.is_empty for row in again.document.sections.select_related("section"))
    assert again.state == VersionState.DRAFT


def test_another_projects_confidential_rows_stay_where_they_are(alpha, beta, pia, max, bea) -> None:
    rows = [
        {
            "row": "a",
            "cells": {
                "item": "Scanners",
                "method": "RFP",
                "contract_type": "Fixed",
                "lead_time": "8",
                "awarded_on": "2026-10-01",
            },
        },
        {
            "row": "b",
            "cells": bought("Case system", limit="900000"),
        },
    ]
    source = an_approved_document(alpha, "execution_plan", by=pia, procurement=rows)
    mine = start_document(beta, "execution_plan", by=bea, at=LATER, begun_from=source.document)
    assert [row["cells"]["item"] for row in mine.document.sections.get(section__key="procurement").rows] == ["Scanners"]
