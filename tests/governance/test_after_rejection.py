"""After a rejection: a new submission needs a new basis, begins blank or with chosen sections, and the gate can stop it."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.urls import reverse

from governance.documents.describing import describe
from governance.documents.drafting import latest_version, start_document
from governance.models import DeliverableVersion
from pmo.lib.errors import Refused
from tests.governance.pages import signed_in
from tests.governance.stories import NOON
from tests.governance.test_document_review_page import address, page
from tests.governance.written import a_submitted_document, an_approved_document

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(days=1)
BASIS = "The council has named a fund for it in October."


@pytest.fixture
def rejected(alpha, pia) -> DeliverableVersion:
    version = a_submitted_document(alpha)
    version.reject(by=pia, at=NOON, reason="Nobody pays for it.")
    return version


def begin(project, by, **values) -> DeliverableVersion:
    return start_document(project, "definition", by=by, at=LATER, change_summary="A fund is named.", **values)


def written_in(version) -> set[str]:
    return {row.section.key for row in version.document.sections.select_related("section") if not row.is_empty}


def begin_url(project) -> str:
    return reverse("governance:document-begin", args=[project.code, "definition"])


@pytest.mark.parametrize("basis", ["", " \n"])
def test_without_a_new_basis_nothing_is_begun(alpha, max, rejected, basis) -> None:
    with pytest.raises(Refused) as refused:
        begin(alpha, max, basis=basis)
    assert refused.value.code == "basis_missing"
    assert latest_version(alpha, "definition") == rejected


def test_it_begins_blank(alpha, max, rejected) -> None:
    draft = begin(alpha, max, basis=BASIS)
    assert written_in(draft) == set()
    assert (draft.basis, draft.document.begun_from, draft.writers) == (BASIS, None, draft.writers)


def test_it_takes_over_what_the_author_chooses(alpha, max, rejected) -> None:
    draft = begin(alpha, max, basis=BASIS, keep=["problem", "objectives"])
    assert written_in(draft) == {"problem", "objectives"}
    assert draft.document.begun_from == rejected.document


def test_the_basis_is_frozen_with_the_content_and_shown_to_the_reviewers(alpha, pia, max, rejected) -> None:
    draft = begin(alpha, max, basis=BASIS, keep=sorted(written_in(rejected)))
    draft.submit(by=max, at=LATER)
    assert json.loads(draft.content)["basis"] == BASIS
    assert BASIS in page(pia, draft)


def test_the_basis_goes_along_until_something_is_approved(alpha, max, rejected) -> None:
    draft = begin(alpha, max, basis=BASIS, keep=sorted(written_in(rejected)))
    draft.submit(by=max, at=LATER)
    draft.withdraw(by=max, at=LATER)
    again = begin(alpha, max)
    assert (again.basis, written_in(again)) == (BASIS, written_in(rejected))


def test_the_basis_of_a_draft_is_reworded_and_never_emptied(alpha, max, rejected) -> None:
    draft = begin(alpha, max, basis=BASIS)
    describe(draft, by=max, change_summary="A fund.", change=None, basis="The fund is named.")
    assert draft.basis == "The fund is named."
    with pytest.raises(Refused) as refused:
        describe(draft, by=max, change_summary="A fund.", change=None, basis=" ")
    assert refused.value.code == "basis_missing"


def test_the_page_asks_for_the_basis_and_offers_the_sections(alpha, max, rejected) -> None:
    client = signed_in(max)
    text = client.get(begin_url(alpha)).content.decode()
    assert 'name="basis"' in text
    assert 'name="keep"' in text
    assert client.post(begin_url(alpha), {"start": "blank"}).status_code == 422
    assert client.post(begin_url(alpha), {"start": "last", "basis": BASIS}).status_code == 422
    sent = {"start": "last", "basis": BASIS, "keep": ["problem"], "change_summary": "A fund is named."}
    assert client.post(begin_url(alpha), sent).status_code == 302
    assert written_in(latest_version(alpha, "definition")) == {"problem"}
    assert BASIS in client.get(reverse("governance:document-edit", args=[alpha.code, "definition"])).content.decode()


def test_after_a_rejected_next_version_it_begins_with_the_approved_one(alpha, pia, max) -> None:
    approved = an_approved_document(alpha, by=pia)
    second = start_document(alpha, "definition", by=max, at=LATER, change_summary="Other words.")
    second.submit(by=max, at=LATER)
    second.reject(by=pia, at=LATER, reason="No.")
    signed_in(max).post(begin_url(alpha), {"start": "standing", "basis": BASIS, "change_summary": "As approved."})
    draft = latest_version(alpha, "definition")
    assert draft.document.begun_from == approved.document
    assert written_in(draft) == written_in(approved)


def test_an_ordinary_next_version_is_asked_for_no_basis(alpha, pia, max) -> None:
    an_approved_document(alpha, by=pia)
    text = signed_in(max).get(begin_url(alpha)).content.decode()
    assert 'name="basis"' not in text
    assert 'name="keep"' not in text


def test_rejecting_offers_to_stop_the_project_at_its_gate(alpha, pia, max) -> None:
    version = a_submitted_document(alpha)
    gates = reverse("governance:gate-room", args=[alpha.code])
    assert gates in signed_in(pia).get(address(version, "reject/")).content.decode()
    version.reject(by=pia, at=NOON, reason="Nobody pays for it.")
    shown = signed_in(max).get(reverse("governance:document-detail", args=[alpha.code, "definition"])).content.decode()
    assert "Stop the project at its gate" in shown
    assert "Nobody pays for it." in shown
