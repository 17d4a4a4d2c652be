"""The class of a project follows from ten questions; bands after the office's tailoring default."""

from __future__ import annotations

import datetime as dt

import pytest

from pmo.lib.errors import Refused
from portfolio.classification import QUESTIONS, class_for, points
from portfolio.models import ClassScore
from tests.factories import make_project

AT = dt.datetime(2026, 12, 4, 15, 0, tzinfo=dt.UTC)


def answers(total: int) -> dict[str, int]:
    """Return ten answers that add up to `total`."""
    left, given = total, {}
    for question in QUESTIONS:
        given[question.key] = min(2, left)
        left -= given[question.key]
    return given


@pytest.mark.parametrize(("total", "expected"), [(0, 1), (5, 1), (6, 2), (10, 2), (11, 3), (15, 3), (16, 4), (20, 4)])
def test_the_bands_of_the_score(total, expected):
    assert points(answers(total)) == total
    assert class_for(total) == expected


@pytest.mark.parametrize("flag", ["is_over_five_million", "is_mission_critical"])
def test_either_flag_alone_makes_class_four(flag):
    assert class_for(0, **{flag: True}) == 4


@pytest.mark.parametrize("wrong", [3, -1, None, "1"])
def test_an_answer_out_of_range_is_no_score(wrong):
    with pytest.raises(ValueError, match="cost"):
        points({**answers(5), "cost": wrong})


def test_a_score_raises_the_class_and_is_kept(pia):
    project = make_project(governance_class=1)
    ClassScore.score(project=project, answers=answers(12), by=pia, at=AT)
    project.refresh_from_db()
    assert project.governance_class == 3
    score = project.class_scores.get()
    assert (score.total, score.scored_by, score.scored_at) == (12, pia, AT)
    assert project.history.first().history_user == pia


def test_a_class_never_falls_without_a_reason(pia):
    project = make_project(governance_class=3)
    with pytest.raises(Refused) as refusal:
        ClassScore.score(project=project, answers=answers(2), by=pia, at=AT)
    assert refusal.value.code == "reason_missing"
    project.refresh_from_db()
    assert project.governance_class == 3
    assert not project.class_scores.exists()


def test_a_class_falls_by_the_pmo_manager_only(pia, gina):
    project = make_project(governance_class=3)
    with pytest.raises(Refused) as refusal:
        ClassScore.score(project=project, answers=answers(2), by=gina, at=AT, reason="Smaller")
    assert refusal.value.code == "fall_office_only"
    ClassScore.score(project=project, answers=answers(2), by=pia, at=AT, reason="Scope was halved")
    project.refresh_from_db()
    assert project.governance_class == 1


def test_a_class_above_the_score_needs_a_reason(pia):
    project = make_project(governance_class=1)
    with pytest.raises(Refused) as refusal:
        ClassScore.score(project=project, answers=answers(2), raised_to=3, by=pia, at=AT)
    assert refusal.value.code == "reason_missing"
    ClassScore.score(project=project, answers=answers(2), raised_to=3, by=pia, at=AT, reason="Council watches it")
    project.refresh_from_db()
    assert project.governance_class == 3


def test_a_class_is_never_lowered_by_raising_it_to_less_than_the_score(pia):
    project = make_project(governance_class=1)
    ClassScore.score(project=project, answers=answers(12), raised_to=2, by=pia, at=AT, reason="x")
    project.refresh_from_db()
    assert project.governance_class == 3


# The page
def posted(total: int, **more) -> dict[str, object]:
    return {**{f"q_{key}": value for key, value in answers(total).items()}, **more}


def test_the_page_scores_and_shows_every_earlier_score(client, pia, alpha):
    client.force_login(pia)
    assert client.post("/projects/P-1001/class/", posted(16)).status_code == 302
    alpha.refresh_from_db()
    assert alpha.governance_class == 4
    page = client.get("/projects/P-1001/class/")
    assert [score.total for score in page.context["scores"]] == [16]
    assert page.context["form"].initial["q_cost"] == 2


def test_a_question_left_open_is_named(client, pia, alpha):
    client.force_login(pia)
    values = posted(10)
    del values["q_vendor"]
    response = client.post("/projects/P-1001/class/", values)
    assert response.status_code == 422
    assert response.context["form"].errors.as_data()["q_vendor"][0].code == "required"


@pytest.mark.parametrize(
    ("name", "read", "write"), [("max", 200, 403), ("tess", 200, 403), ("gina", 200, 403), ("olaf", 404, 404)]
)
def test_who_reads_and_who_answers(client, request, alpha, name, read, write):
    client.force_login(request.getfixturevalue(name))
    assert client.get("/projects/P-1001/class/").status_code == read
    assert client.post("/projects/P-1001/class/", posted(3)).status_code == write
