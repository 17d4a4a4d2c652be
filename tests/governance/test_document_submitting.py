"""Submitting a document: what stands in the way is listed with a link to its section, and nothing is frozen meanwhile."""

from __future__ import annotations

import pytest
from django.urls import reverse

from governance.states import VersionState
from tests.governance.written import a_document

pytestmark = pytest.mark.django_db


def submit(client, alpha):
    return client.post(reverse("governance:document-submit", args=[alpha.code, "definition"]))


def test_what_stands_in_the_way_leads_to_its_section(client, alpha, max) -> None:
    version = a_document(alpha, out_of_scope=[], problem="")
    client.force_login(max)
    page = submit(client, alpha)
    version.refresh_from_db()
    assert (page.status_code, version.state) == (422, VersionState.DRAFT)
    shown = page.content.decode()
    for key in ("out_of_scope", "problem"):
        assert f'href="{reverse("governance:document-section-edit", args=[alpha.code, "definition", key])}"' in shown
    assert len(page.context["problems"]) >= 2


def test_a_complete_draft_is_submitted(client, alpha, max) -> None:
    version = a_document(alpha)
    client.force_login(max)
    assert submit(client, alpha).status_code == 302
    version.refresh_from_db()
    assert version.state == VersionState.SUBMITTED


def test_lessons_are_offered_where_a_definition_is_begun(client, alpha, max) -> None:
    client.force_login(max)
    page = client.get(reverse("governance:document-begin", args=[alpha.code, "definition"]))
    assert page.status_code == 200
    assert "offers" in page.context
    plan = client.get(reverse("governance:document-begin", args=[alpha.code, "execution-plan"]))
    assert "offers" not in plan.context
