"""The team of a project; programs and departments."""

from __future__ import annotations

import pytest

from portfolio.models import Department, Program, ProjectMember
from tests.factories import make_department, make_member, make_project


@pytest.mark.parametrize(
    ("name", "read", "write"),
    [("max", 200, 302), ("pia", 200, 302), ("tess", 200, 403), ("gina", 200, 403), ("olaf", 404, 404)],
)
def test_who_reads_the_team_and_who_changes_it(client, request, alpha, hugo, name, read, write):
    client.force_login(request.getfixturevalue(name))
    assert client.get("/projects/P-1001/people/").status_code == read
    assert client.post("/projects/P-1001/people/new/", {"user": hugo.pk, "role": "tester", "note": ""}).status_code == write
    assert ProjectMember.objects.filter(user=hugo).exists() == (write == 302)


def test_a_new_member_sees_the_project_and_a_removed_one_does_not(client, max, hugo, alpha):
    client.force_login(max)
    client.post("/projects/P-1001/people/new/", {"user": hugo.pk, "role": "tester"})
    member = ProjectMember.objects.get(user=hugo)
    assert member.history.get().history_user == max
    client.force_login(hugo)
    assert client.get("/projects/P-1001/people/").status_code == 200
    client.force_login(max)
    assert client.get(f"/projects/P-1001/people/{member.pk}/remove/").status_code == 405
    client.post(f"/projects/P-1001/people/{member.pk}/remove/")
    client.force_login(hugo)
    assert client.get("/projects/P-1001/people/").status_code == 404
    assert ProjectMember.history.filter(history_type="-", history_user=max).exists()


def test_a_role_is_changed_with_its_history(client, max, tess, alpha):
    member = ProjectMember.objects.get(user=tess)
    client.force_login(max)
    values = {"role": "lead", "note": "Leads testing", "version": member.version(), "reason": "Grew into it"}
    assert client.post(f"/projects/P-1001/people/{member.pk}/edit/", values).headers["Location"] == "/projects/P-1001/people/"
    latest = member.history.first()
    assert (latest.role, latest.history_change_reason) == ("lead", "Grew into it")


def test_a_member_of_another_project_is_not_reached_through_this_one(client, max, olaf, alpha, beta):
    other = make_member(beta, olaf)
    client.force_login(max)
    assert client.get(f"/projects/P-1001/people/{other.pk}/edit/").status_code == 404
    assert client.post(f"/projects/P-1001/people/{other.pk}/remove/").status_code == 404
    assert ProjectMember.objects.filter(pk=other.pk).exists()


def test_who_is_on_the_team_is_not_offered_again(client, max, tess, alpha):
    client.force_login(max)
    response = client.post("/projects/P-1001/people/new/", {"user": tess.pk, "role": "tester"})
    assert response.status_code == 422
    assert response.context["form"].errors.as_data()["user"][0].code == "invalid_choice"


def test_nobody_joins_a_project_that_is_over(client, pia, hugo, alpha):
    alpha.cancel(by=pia, reason="Over")
    client.force_login(pia)
    response = client.post("/projects/P-1001/people/new/", {"user": hugo.pk, "role": "tester"})
    assert response.context["form"].errors.as_data()["__all__"][0].code == "project_over"


# Programs
def test_the_office_sets_up_a_program_and_edits_it(client, pia):
    client.force_login(pia)
    assert client.post("/programs/new/", {"code": "WTR", "name": "Water"}).headers["Location"] == "/programs/WTR/"
    program = Program.objects.get()
    client.post(
        "/programs/WTR/edit/", {"name": "Water services", "is_active": "on", "version": program.version(), "reason": "Wider"}
    )
    program.refresh_from_db()
    assert program.name == "Water services"
    assert program.history.first().history_user == pia


def test_a_program_shows_those_of_its_projects_that_the_person_sees(client, pia, tess, alpha):
    program = Program.enter(by=pia, code="WTR", name="Water")
    alpha.revise(by=pia, changes={"program": program})
    make_project(code="P-2", program=program)
    client.force_login(tess)
    assert [project.code for project in client.get("/programs/WTR/").context["table"].rows] == ["P-1001"]
    listed = client.get("/programs/").context["programs"]
    assert [row.open_projects for row in listed] == [1]


@pytest.mark.parametrize("name", ["stella", "olaf"])
def test_programs_are_not_for_who_has_no_part(client, request, pia, alpha, name):
    Program.enter(by=pia, code="WTR", name="Water")
    client.force_login(request.getfixturevalue(name))
    assert client.get("/programs/").status_code == 403
    assert client.get("/programs/WTR/").status_code == 403


@pytest.mark.parametrize("url", ["/programs/new/", "/programs/WTR/edit/", "/departments/"])
def test_only_the_office_changes_programs_and_departments(client, pia, max, alpha, url):
    Program.enter(by=pia, code="WTR", name="Water")
    client.force_login(max)
    assert client.get(url).status_code == 403
    assert client.post(url, {"code": "X", "name": "X"}).status_code == 403


def test_departments_are_added_and_renamed_and_never_twice(client, pia):
    make_department(name="Water")
    client.force_login(pia)
    assert client.post("/departments/", {"name": "Water"}).status_code == 422
    client.post("/departments/", {"name": "Courts"})
    courts = Department.objects.get(name="Courts")
    client.post(f"/departments/{courts.pk}/edit/", {"name": "Municipal courts", "version": courts.version()})
    courts.refresh_from_db()
    assert courts.name == "Municipal courts"
