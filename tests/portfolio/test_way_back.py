"""From the report to what it reads, and back: lists, entries and their forms know where somebody came from."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from portfolio.models import Project
from tests.factories import make_milestone, make_risk

pytestmark = pytest.mark.django_db
REPORT = "/projects/{code}/reports/3/edit/"


@pytest.fixture
def manager(client: Client, max: Any) -> Client:
    client.force_login(max)
    return client


def way(alpha: Project) -> tuple[str, str]:
    report = REPORT.format(code=alpha.code)
    return report, f"?next={quote(report, safe='')}"


@pytest.mark.parametrize("page", ["milestones", "risks", "issues", "decisions", "dependencies"])
def test_what_the_report_reads_leads_back_to_it(page, manager, alpha) -> None:
    report, query = way(alpha)
    html = manager.get(f"/projects/{alpha.code}/{page}/{query}").content.decode()
    assert f'<a href="{report}">Back to the report</a>' in html


def test_entries_and_their_forms_lead_back_too(manager, alpha) -> None:
    report, query = way(alpha)
    risk = make_risk(alpha)
    listed = manager.get(f"/projects/{alpha.code}/risks/{query}").content.decode()
    assert f'href="{risk.get_absolute_url()}{query}"' in listed
    page = manager.get(risk.get_absolute_url() + query)
    assert "Back to the report" in page.content.decode()
    form = manager.get(page.context["edit_url"])
    assert (form.context["next"], form.context["cancel_url"]) == (report, report)


def test_a_milestone_that_is_corrected_leads_back_to_the_report(manager, alpha) -> None:
    report, query = way(alpha)
    milestone = make_milestone(alpha)
    edit = f"/projects/{alpha.code}/milestones/{milestone.number}/edit/{query}"
    assert f'href="{edit}"' in manager.get(f"/projects/{alpha.code}/milestones/{query}").content.decode()
    assert manager.get(edit).context["cancel_url"] == report


def test_a_tick_stays_on_the_list_and_keeps_the_way_back(manager, alpha) -> None:
    _, query = way(alpha)
    milestone = make_milestone(alpha)
    here = f"/projects/{alpha.code}/milestones/{query}"
    answer = manager.post(f"/projects/{alpha.code}/milestones/{milestone.number}/show/", {"on_report": "yes", "next": here})
    assert answer["Location"] == here


@pytest.mark.parametrize("page", ["milestones/", "risks/"])
def test_the_way_back_leads_to_no_other_site(page, manager, alpha) -> None:
    html = manager.get(f"/projects/{alpha.code}/{page}?next=https%3A%2F%2Fevil.example%2F").content.decode()
    assert ">Back" not in html


def test_a_saved_view_keeps_no_way_back(manager, alpha) -> None:
    _, query = way(alpha)
    assert manager.get(f"/projects/{alpha.code}/risks/{query}&status=open").context["list"].query == "status=open"
