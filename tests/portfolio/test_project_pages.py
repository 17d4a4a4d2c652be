"""The pages of a project's record: who opens them, what they refuse, and that two editors lose nothing."""

from __future__ import annotations

import datetime as dt

import pytest

from portfolio.models import Project
from tests.factories import make_project

VERB_PAGES = ["hold", "reactivate", "cancel"]


def page_values(project: Project, **changes) -> dict[str, object]:
    """Return what the office's edit page posts for `project` when nothing is touched, with `changes`."""
    values = {
        "name": project.name,
        "purpose": project.purpose,
        "phase": project.phase,
        "priority": project.priority,
        "is_reporting": "on",
        "currency": project.currency,
        "amount_unit": project.amount_unit,
        "version": project.version(),
        "sponsor": project.sponsor_id or "",
        "project_manager": project.project_manager_id or "",
        "budget_amount": project.budget_amount if project.budget_amount is not None else "",
    }
    return {**values, **changes}


@pytest.mark.parametrize("page", ["edit", *VERB_PAGES])
@pytest.mark.parametrize(
    ("name", "status"), [("olaf", 404), ("stella", 404), ("bea", 403), ("tess", 403), ("gina", 403), ("pia", 200)]
)
def test_who_opens_the_pages_that_change_a_project(client, request, alpha, beta, page, name, status):
    client.force_login(request.getfixturevalue(name))
    assert client.get(f"/projects/P-1001/{page}/").status_code == status


def test_the_manager_edits_but_does_not_close(client, max, alpha):
    client.force_login(max)
    assert client.get("/projects/P-1001/edit/").status_code == 200
    for page in VERB_PAGES:
        assert client.post(f"/projects/P-1001/{page}/", {"reason": "x"}).status_code == 403


def test_the_office_registers_a_project_and_goes_on_to_its_class(client, pia):
    client.force_login(pia)
    values = {"code": "P-7", "name": "Seven", "phase": "intake", "priority": "3", "currency": "usd", "amount_unit": "1"}
    response = client.post("/projects/new/", values)
    assert response.headers["Location"] == "/projects/P-7/class/"
    project = Project.objects.get(code="P-7")
    assert (project.currency, project.history.get().history_user) == ("USD", pia)


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"code": ""}, "code", "required"),
        ({"code": "a b"}, "code", "code_form"),
        ({"code": "New"}, "code", "code_reserved"),
        ({"code": "p-1001"}, "code", "code_taken"),
        ({"name": ""}, "name", "required"),
        ({"budget_amount": "24o,000"}, "budget_amount", "invalid"),
        ({"currency": "US"}, "currency", "invalid"),
        ({"start_on": "2026-13-01"}, "start_on", "invalid"),
    ],
)
def test_what_is_wrong_with_a_new_project_is_said_at_its_field(client, pia, alpha, change, field, code):
    client.force_login(pia)
    values = {"code": "P-7", "name": "Seven", "phase": "intake", "priority": "3", "currency": "USD", "amount_unit": "1"}
    response = client.post("/projects/new/", {**values, **change})
    assert response.status_code == 422
    assert code in [error.code for error in response.context["form"].errors.as_data()[field]]
    assert not Project.objects.filter(name="Seven").exists()


@pytest.mark.parametrize("name", ["max", "gina", "audrey", "fay", "olaf"])
def test_only_the_pmo_manager_registers_projects(client, request, alpha, name):
    client.force_login(request.getfixturevalue(name))
    assert client.get("/projects/new/").status_code == 403
    assert client.post("/projects/new/", {"code": "X", "name": "X"}).status_code == 403


def test_an_edit_is_saved_with_its_reason(client, pia, alpha):
    client.force_login(pia)
    response = client.post("/projects/P-1001/edit/", page_values(alpha, name="Alpha two", reason="Council"))
    assert response.headers["Location"] == "/projects/P-1001/"
    alpha.refresh_from_db()
    assert alpha.name == "Alpha two"
    assert alpha.history.first().history_change_reason == "Council"


def test_a_form_returns_to_the_page_it_came_from_and_to_no_other_site(client, pia, alpha):
    client.force_login(pia)
    inside = client.post("/projects/P-1001/edit/", page_values(alpha, name="A2", next="/projects/P-1001/milestones/"))
    assert inside.headers["Location"] == "/projects/P-1001/milestones/"
    alpha.refresh_from_db()
    outside = client.post("/projects/P-1001/edit/", page_values(alpha, name="A3", next="https://evil.example/"))
    assert outside.headers["Location"] == "/projects/P-1001/"


def test_the_manager_cannot_post_what_the_page_does_not_offer_them(client, max, alpha):
    client.force_login(max)
    client.post("/projects/P-1001/edit/", page_values(alpha, phase="closed", priority="1", name="Still mine"))
    alpha.refresh_from_db()
    assert (alpha.name, alpha.phase, alpha.priority) == ("Still mine", "build", 3)


def test_an_agreed_baseline_is_shown_to_the_manager_but_not_changed(client, max, alpha):
    alpha.revise(by=max, changes={"baseline_finish_on": dt.date(2027, 4, 30)})
    client.force_login(max)
    client.post("/projects/P-1001/edit/", page_values(alpha, baseline_finish_on="2027-12-31"))
    alpha.refresh_from_db()
    assert alpha.baseline_finish_on == dt.date(2027, 4, 30)


def test_a_refused_change_stands_at_the_head_of_the_form(client, pia, alpha):
    alpha.cancel(by=pia, reason="No money")
    client.force_login(pia)
    response = client.post("/projects/P-1001/edit/", page_values(alpha, purpose="Somebody else's"))
    assert response.status_code == 422
    assert response.context["form"].errors.as_data()["__all__"][0].code == "project_over"
    assert b"Somebody else&#x27;s" in response.content


# Two editors
def test_two_editors_of_different_fields_both_win(client, pia, max, alpha):
    opened = page_values(alpha)
    alpha.revise(by=max, changes={"purpose": "Written by Max"})
    client.force_login(pia)
    client.post("/projects/P-1001/edit/", {**opened, "name": "Named by Pia"})
    alpha.refresh_from_db()
    assert (alpha.name, alpha.purpose) == ("Named by Pia", "Written by Max")


def test_two_editors_of_one_field_see_both_values_and_nothing_is_written(client, pia, max, alpha):
    opened = page_values(alpha)
    alpha.revise(by=max, changes={"name": "Named by Max"})
    client.force_login(pia)
    response = client.post("/projects/P-1001/edit/", {**opened, "name": "Named by Pia", "purpose": "Purpose by Pia"})
    assert response.status_code == 409
    conflict = response.context["merged"].conflicts[0]
    assert (conflict.opened, conflict.stored, conflict.typed) == ("Alpha", "Named by Max", "Named by Pia")
    assert b"Purpose by Pia" in response.content
    alpha.refresh_from_db()
    assert alpha.name == "Named by Max"


@pytest.mark.parametrize(("choice", "name"), [("stored", "Named by Max"), ("typed", "Named by Pia")])
def test_the_second_editor_chooses_and_the_rest_is_kept(client, pia, max, alpha, choice, name):
    opened = page_values(alpha)
    alpha.revise(by=max, changes={"name": "Named by Max"})
    client.force_login(pia)
    typed = {**opened, "name": "Named by Pia", "purpose": "Purpose by Pia"}
    conflict = client.post("/projects/P-1001/edit/", typed)
    client.post("/projects/P-1001/edit/", {**typed, "version": conflict.context["version"], "use_name": choice})
    alpha.refresh_from_db()
    assert (alpha.name, alpha.purpose) == (name, "Purpose by Pia")


# Verbs
def test_the_office_puts_on_hold_and_takes_up_again(client, pia, alpha):
    client.force_login(pia)
    client.post("/projects/P-1001/hold/", {"reason": "Waits for money"})
    alpha.refresh_from_db()
    assert alpha.status == "on_hold"
    client.post("/projects/P-1001/reactivate/", {"reason": "Money is there"})
    alpha.refresh_from_db()
    assert alpha.status == "active"


def test_a_verb_that_is_refused_says_why_on_its_page(client, pia):
    make_project(code="P-9", status="cancelled")
    client.force_login(pia)
    response = client.post("/projects/P-9/cancel/", {"reason": "Again"})
    assert response.status_code == 422
    assert response.context["form"].errors.as_data()["__all__"][0].code == "wrong_status"


def test_opening_a_verb_changes_nothing(client, pia, alpha):
    client.force_login(pia)
    for page in VERB_PAGES:
        client.get(f"/projects/P-1001/{page}/")
    alpha.refresh_from_db()
    assert alpha.status == "active"
