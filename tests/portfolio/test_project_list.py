"""The working list of projects: who sees what, filters, order, columns, pages, views, many at once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pmo.models import SavedView
from portfolio.models import Program, Project
from tests.factories import make_department, make_project
from tests.governance.portfolios import a_standing


def codes(response) -> list[str]:
    return [row.code for row, _ in response.context["list"].table.body()]


def queries_of(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


# Who sees what
def test_the_office_sees_every_project(client, pia, alpha, beta):
    client.force_login(pia)
    assert codes(client.get("/projects/")) == ["P-1001", "P-1002"]


def test_a_member_sees_their_own_projects_only(client, tess, alpha, beta):
    client.force_login(tess)
    assert codes(client.get("/projects/")) == ["P-1001"]


@pytest.mark.parametrize("name", ["stella", "olaf", "hugo", "adam"])
def test_who_has_no_part_in_any_project_has_no_working_list(client, request, alpha, name):
    client.force_login(request.getfixturevalue(name))
    assert client.get("/projects/").status_code == 403
    assert client.get("/projects.csv").status_code == 403


def test_a_filter_opens_no_door(client, tess, alpha, beta):
    client.force_login(tess)
    assert codes(client.get("/projects/?q=Beta")) == []


# Filters
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("phase=test", ["B"]),
        ("phase=build&phase=test", ["A", "B"]),
        ("status=on_hold", ["C"]),
        ("governance_class=4", ["C"]),
        ("priority=1", ["A"]),
        ("q=harbor", ["B"]),
        ("q=lights%20harbor", ["B"]),
        ("q=%25", []),
        ("rating=-", ["A", "B", "C"]),
        ("rating=R", []),
    ],
)
def test_each_filter_narrows_the_list(client, pia, query, expected):
    make_project(code="A", phase="build", priority=1)
    make_project(code="B", phase="test", name="Harbor lights")
    make_project(code="C", phase="rollout", status="on_hold", governance_class=4)
    client.force_login(pia)
    assert codes(client.get(f"/projects/?{query}")) == expected


def test_filters_by_department_program_and_manager(client, pia, max):
    water = make_department(name="Water")
    program = Program.enter(by=pia, code="WTR", name="Water services")
    make_project(code="A", department=water)
    make_project(code="B", program=program)
    make_project(code="C", project_manager=max)
    client.force_login(pia)
    assert codes(client.get(f"/projects/?department={water.pk}")) == ["A"]
    assert codes(client.get(f"/projects/?program={program.pk}")) == ["B"]
    assert codes(client.get(f"/projects/?manager={max.pk}")) == ["C"]


def test_mine_is_what_the_person_has_a_part_in(client, max, alpha, beta):
    client.force_login(max)
    assert codes(client.get("/projects/?mine=yes")) == ["P-1001"]


def test_a_filter_that_makes_no_sense_is_left_out_and_said(client, pia, alpha):
    client.force_login(pia)
    response = client.get("/projects/?phase=lunch")
    assert response.status_code == 200
    assert not response.context["list"].filterset.form.is_valid()


def test_a_chip_takes_one_filter_off_and_keeps_the_rest(client, pia, alpha):
    client.force_login(pia)
    chips = client.get("/projects/?phase=build&phase=test&q=a").context["list"].chips
    assert [(chip.label, chip.value) for chip in chips] == [("Text", "a"), ("Phase", "Build"), ("Phase", "Test")]
    assert chips[1].without == "phase=test&q=a"


def test_the_address_keeps_only_the_filters_that_are_on(client, pia, alpha):
    client.force_login(pia)
    assert client.get("/projects/?q=&phase=build&manager=").headers["Location"] == "/projects/?phase=build"
    assert client.get("/projects/?q=&mine=").headers["Location"] == "/projects/?view=all"


def test_closed_filters_are_neither_drawn_nor_looked_up(client, pia, alpha):
    client.force_login(pia)
    assert b'name="phase"' not in client.get("/projects/").content
    opened = client.get("/projects/?panel=filters&phase=build")
    assert b'name="phase"' in opened.content
    assert "panel" not in opened.context["list"].query


# Order, columns, pages
def test_the_list_sorts_by_a_known_column_both_ways(client, pia):
    make_project(code="A", name="Zebra")
    make_project(code="B", name="Ant")
    client.force_login(pia)
    assert codes(client.get("/projects/?sort=name")) == ["B", "A"]
    assert codes(client.get("/projects/?sort=-name")) == ["A", "B"]


@pytest.mark.parametrize("sort", ["password", "project_manager__password", "-", "name;drop", "currency"])
def test_an_unknown_order_is_not_passed_to_the_database(client, pia, alpha, beta, sort):
    client.force_login(pia)
    assert codes(client.get("/projects/", {"sort": sort})) == ["P-1001", "P-1002"]


def test_the_slip_sorts_by_working_days(client, pia):
    friday = dt.date(2026, 12, 4)
    make_project(code="A", baseline_finish_on=friday, forecast_finish_on=friday + dt.timedelta(days=3))  # 1 working day
    monday = dt.date(2026, 12, 7)
    make_project(code="B", baseline_finish_on=monday, forecast_finish_on=monday + dt.timedelta(days=2))  # 2 working days
    make_project(code="C")
    client.force_login(pia)
    assert codes(client.get("/projects/?sort=-slip")) == ["B", "A", "C"]
    assert "2 days late" in client.get("/projects/?sort=-slip&columns=slip").content.decode()


def test_columns_are_chosen_in_the_address_and_the_name_always_stands(client, pia, alpha):
    client.force_login(pia)
    table = client.get("/projects/?columns=phase,class&columns=bogus").context["list"].table
    assert [column.key for column in table.columns] == ["name", "phase", "class"]


def test_pages_hold_the_asked_number_of_rows_and_never_overlap(client, pia):
    for number in range(60):
        make_project(code=f"X-{number:03}", name="Same")
    client.force_login(pia)
    first = codes(client.get("/projects/?sort=name&per_page=25"))
    second = codes(client.get("/projects/?sort=name&per_page=25&page=2"))
    assert len(first) == len(second) == 25
    assert not set(first) & set(second)
    assert len(codes(client.get("/projects/?per_page=7"))) == 50
    assert client.get("/projects/?page=99").status_code == 200


def test_money_columns_are_not_offered_to_who_sees_no_money(client, tess, alpha):
    client.force_login(tess)
    offered = {column.key for column in client.get("/projects/").context["list"].columns}
    assert not offered & {"budget", "spent", "committed", "forecast_amount", "variance", "currency"}


@pytest.mark.parametrize("person", ["pia", "max", "tess"])
def test_the_list_costs_the_same_queries_for_three_and_thirty_rows(client, request, person, alpha, pia):
    user = request.getfixturevalue(person)
    client.force_login(user)
    for number in range(2):
        make_project(code=f"A-{number}", department=make_department(), project_manager=alpha.project_manager, sponsor=pia)
    few = queries_of(client, "/projects/")
    for number in range(27):
        make_project(code=f"B-{number}", department=make_department(), project_manager=alpha.project_manager, sponsor=pia)
    assert queries_of(client, "/projects/") == few
    assert few <= {"pia": 8}.get(person, 13)


def test_an_export_costs_the_same_queries_for_three_and_thirty_rows(client, pia, alpha):
    client.force_login(pia)

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            b"".join(client.get("/projects.csv").streaming_content)
        return len(captured)

    count()
    few = count()
    for number in range(30):
        make_project(code=f"B-{number}", department=make_department(), project_manager=alpha.project_manager)
    assert count() == few


# Views that people keep
def test_a_view_is_kept_and_offered_to_its_owner_only(client, pia, max, alpha):
    client.force_login(pia)
    client.post(
        "/saved-views/new/",
        {"list_name": "projects", "name": "Builds", "query": "phase=build", "next": "/projects/?phase=build"},
    )
    assert "Builds" in [view.name for view in client.get("/projects/?view=all").context["list"].views]
    client.force_login(max)
    assert "Builds" not in [view.name for view in client.get("/projects/").context["list"].views]


def test_a_shared_view_is_offered_to_everyone_who_sees_the_list(client, pia, max, alpha):
    SavedView.objects.create(owner=pia, list_name="projects", name="Builds", query="phase=build", is_shared=True)
    client.force_login(max)
    assert "Builds" in [view.name for view in client.get("/projects/").context["list"].views]


def test_the_view_that_opens_first_opens_first_and_all_is_still_there(client, pia, alpha):
    SavedView.objects.create(owner=pia, list_name="projects", name="Tests", query="phase=test", is_default=True)
    client.force_login(pia)
    assert client.get("/projects/").headers["Location"] == "/projects/?phase=test"
    assert client.get("/projects/?view=all").status_code == 200
    assert client.get("/projects.csv").status_code == 200


def test_only_one_view_opens_first(client, pia):
    client.force_login(pia)
    for name in ("One", "Two"):
        client.post(
            "/saved-views/new/", {"list_name": "projects", "name": name, "query": "", "is_default": "on", "next": "/projects/"}
        )
    assert list(SavedView.objects.filter(is_default=True).values_list("name", flat=True)) == ["Two"]


def test_two_views_of_one_name_are_refused(client, pia):
    client.force_login(pia)
    values = {"list_name": "projects", "name": "One", "query": "", "next": "/projects/"}
    client.post("/saved-views/new/", values)
    response = client.post("/saved-views/new/", values)
    assert response.status_code == 422
    assert response.context["form"].errors.as_data()["name"][0].code == "name_taken"


def test_nobody_changes_or_removes_the_view_of_somebody_else(client, pia, max):
    view = SavedView.objects.create(owner=pia, list_name="projects", name="Mine", is_shared=True)
    client.force_login(max)
    assert client.get(f"/saved-views/{view.pk}/edit/").status_code == 404
    assert client.post(f"/saved-views/{view.pk}/delete/").status_code == 404
    client.force_login(pia)
    assert client.get(f"/saved-views/{view.pk}/delete/").status_code == 405
    client.post(f"/saved-views/{view.pk}/delete/")
    assert not SavedView.objects.exists()


def test_a_view_never_leads_to_another_site(client, pia):
    client.force_login(pia)
    response = client.post(
        "/saved-views/new/", {"list_name": "projects", "name": "X", "query": "", "next": "https://evil.example/"}
    )
    assert response.headers["Location"].startswith("/")


# One action on many
def bulk(client, projects, action: str, **values):
    return client.post(
        "/projects/bulk/", {"row": [project.pk for project in projects], "action": action, "next": "/projects/", **values}
    )


def test_an_action_on_many_asks_first_and_changes_nothing(client, pia, alpha, beta):
    client.force_login(pia)
    response = bulk(client, [alpha, beta], "priority")
    assert response.status_code == 200
    assert [project.code for project in response.context["projects"]] == ["P-1001", "P-1002"]
    alpha.refresh_from_db()
    assert alpha.priority == 3


def test_an_action_on_many_is_written_for_each_with_its_history(client, pia, alpha, beta):
    client.force_login(pia)
    bulk(client, [alpha, beta], "priority", confirmed="1", value="1", reason="Council order")
    assert list(Project.objects.values_list("priority", flat=True)) == [1, 1]
    latest = alpha.history.first()
    assert (latest.history_user, latest.history_change_reason) == (pia, "Council order")


def test_refusals_among_many_are_named_and_the_others_done(client, pia, alpha, beta):
    beta.put_on_hold(by=pia, reason="Waits")
    client.force_login(pia)
    response = bulk(client, [alpha, beta], "hold", confirmed="1", reason="Budget freeze")
    alpha.refresh_from_db()
    assert alpha.status == "on_hold"
    assert any(str(message).startswith("P-1002:") for message in get_messages(response.wsgi_request))


def test_holding_many_needs_a_reason(client, pia, alpha):
    client.force_login(pia)
    assert bulk(client, [alpha], "hold", confirmed="1", reason="").status_code == 422


def test_only_the_pmo_manager_acts_on_many(client, max, alpha):
    client.force_login(max)
    assert bulk(client, [alpha], "priority").status_code == 403
    assert client.get("/projects/bulk/").status_code == 405


def test_marking_nothing_says_so(client, pia):
    client.force_login(pia)
    assert bulk(client, [], "priority").headers["Location"] == "/projects/"


def test_a_sentence_for_an_imported_rating_is_shortened_in_the_row_and_whole_in_the_file(client, pia, alpha):
    said = "Exempt under Section 26 of the Freedom of Information Act 2000 (Defence)"
    a_standing("-", project=alpha, imported_rating=said)
    client.force_login(pia)
    page = client.get("/projects/").content.decode()
    assert "Exempt under Section 26 of …, imported" in page
    assert said not in page
    assert said in b"".join(client.get("/projects.csv").streaming_content).decode()
