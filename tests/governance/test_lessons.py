"""Lessons: recorded in a project, published by the office, offered to those that are near, counted where they are used."""

from __future__ import annotations

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from governance import lessons
from governance.lessons import lessons_for
from governance.models import Lesson, LessonUse
from pmo.lib.errors import Refused
from pmo.roles import Role
from tests.factories import make_department, make_project
from tests.governance.pages import signed_in

pytestmark = pytest.mark.django_db
WORDS = {
    "title": "Ask for the test data first",
    "category": "data",
    "what_happened": "Tests waited for data.",
    "why": "Nobody had asked.",
    "next_time": "Ask at definition.",
    "phase": "test",
    "tags": "parcel, interface",
}


@pytest.fixture
def lesson(alpha: Any, tess: Any) -> Lesson:
    return lessons.record(alpha, by=tess, at=timezone.now(), **WORDS)


@pytest.fixture
def published(lesson: Lesson, pia: Any) -> Lesson:
    lessons.publish(lesson, by=pia, at=timezone.now())
    return lesson


def code_of(act: Any) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return str(refused.value.code)


def test_the_team_records_a_draft_with_the_class_of_that_day(alpha: Any, tess: Any, pia: Any) -> None:
    reply = signed_in(tess).post(reverse("governance:lesson-new", args=[alpha.code]), WORDS)
    assert reply.status_code == 302
    row = Lesson.objects.get()
    assert (row.state, row.recorded_by, row.governance_class) == ("draft", tess, alpha.governance_class)
    assert row.history.count() == 1


@pytest.mark.parametrize(("person", "status"), [("gina", 403), ("sam", 403), ("bea", 403), ("stella", 404)])
def test_nobody_else_records(person: str, status: int, alpha: Any, beta: Any, request: Any) -> None:
    client = signed_in(request.getfixturevalue(person))
    assert client.post(reverse("governance:lesson-new", args=[alpha.code]), WORDS).status_code == status
    assert not Lesson.objects.exists()


def test_a_draft_stays_with_its_author_the_manager_and_the_office(lesson: Lesson, beta: Any, request: Any) -> None:
    names = ("pia", "gina", "max", "tess", "sam", "audrey", "bea", "fay", "stella", "hugo")
    reads = {name for name in names if Lesson.objects.visible_to(request.getfixturevalue(name)).exists()}
    assert reads == {"pia", "gina", "max", "tess", "audrey"}


def test_published_it_is_read_by_everybody_who_sees_the_project(published: Lesson, beta: Any, request: Any) -> None:
    names = ("max", "tess", "sam", "bea", "fay", "stella", "hugo", "olaf")
    reads = {name for name in names if Lesson.objects.visible_to(request.getfixturevalue(name)).exists()}
    assert reads == {"max", "tess", "sam", "bea", "fay"}


def test_the_office_publishes_once(lesson: Lesson, pia: Any, max: Any) -> None:
    where = reverse("governance:lesson-publish", args=[lesson.project.code, lesson.pk])
    assert signed_in(max).post(where).status_code == 403
    assert signed_in(pia).get(where).status_code == 405
    assert signed_in(pia).post(where).status_code == 302
    lesson.refresh_from_db()
    assert (lesson.state, lesson.published_by) == ("published", pia)
    assert code_of(lambda: lessons.publish(lesson, by=pia, at=timezone.now())) == "already_published"
    assert code_of(lambda: lessons.publish(lesson, by=max, at=timezone.now())) == "not_office"


def test_once_published_only_the_office_changes_it_and_with_a_reason(published: Lesson, pia: Any, tess: Any) -> None:
    where = reverse("governance:lesson-edit", args=[published.project.code, published.pk])
    assert signed_in(tess).get(where).status_code == 403
    form = {**WORDS, "title": "Ask early", "version": published.version()}
    assert signed_in(pia).post(where, form).status_code == 422
    assert signed_in(pia).post(where, {**form, "reason": "Shorter."}).status_code == 302
    published.refresh_from_db()
    assert published.title == "Ask early"


def near(project: Any, user: Any) -> list[str]:
    return [offer.lesson.title for offer in lessons_for(project, user)]


def test_lessons_are_ranked_by_department_program_class_and_words(pia: Any) -> None:
    parks, courts = make_department(name="Parks"), make_department(name="Courts")
    begun = make_project(name="Parcel viewer", purpose="Show each parcel.", department=parks, governance_class=2)
    for title, values in {
        "Same department": {"department": parks, "governance_class": 4},
        "Same department and class": {"department": parks, "governance_class": 2},
        "Only about a parcel": {"department": courts, "governance_class": 4},
        "Nothing alike": {"department": courts, "governance_class": 4},
    }.items():
        tags = "parcel" if "parcel" in title else ""
        row = lessons.record(
            make_project(name="X", **values), by=pia, at=timezone.now(), **{**WORDS, "title": title, "tags": tags}
        )
        lessons.publish(row, by=pia, at=timezone.now())
    assert near(begun, pia) == ["Same department and class", "Same department", "Only about a parcel"]
    assert lessons_for(begun, pia)[0].because == "The same department, class 2 as well"


def test_drafts_and_the_own_lessons_are_not_offered(lesson: Lesson, alpha: Any, pia: Any) -> None:
    twin = make_project(name="Alpha interface", governance_class=alpha.governance_class)
    assert near(twin, pia) == []
    lessons.publish(lesson, by=pia, at=timezone.now())
    assert near(twin, pia) == [lesson.title]
    assert near(alpha, pia) == []


def test_offering_takes_two_questions(published: Lesson, alpha: Any, pia: Any, django_assert_max_num_queries: Any) -> None:
    twin = make_project(governance_class=alpha.governance_class)
    for _ in range(10):
        row = lessons.record(alpha, by=pia, at=timezone.now(), **WORDS)
        lessons.publish(row, by=pia, at=timezone.now())
    pia.has_role(Role.PMO_MANAGER)
    with django_assert_max_num_queries(2):
        assert len(lessons_for(twin, pia)) == 5


def test_use_is_counted_once_a_project(published: Lesson, beta: Any, bea: Any, pia: Any) -> None:
    where = reverse("governance:lesson-use", args=[beta.code, published.pk])
    assert signed_in(bea).get(where).status_code == 405
    assert signed_in(bea).post(where, {"next": "/lessons/"})["Location"] == "/lessons/"
    assert LessonUse.objects.get().project == beta
    assert code_of(lambda: lessons.use(published, beta, by=bea, at=timezone.now())) == "already_used"
    text = signed_in(pia).get(published.get_absolute_url()).content.decode()
    assert beta.name in text
    with pytest.raises(TypeError):
        LessonUse.objects.get().delete()


def test_what_cannot_be_used_is_refused(lesson: Lesson, alpha: Any, beta: Any, pia: Any, bea: Any, tess: Any) -> None:
    at = timezone.now()
    assert code_of(lambda: lessons.use(lesson, beta, by=bea, at=at)) == "not_published"
    lessons.publish(lesson, by=pia, at=at)
    assert code_of(lambda: lessons.use(lesson, alpha, by=pia, at=at)) == "own_lesson"
    assert code_of(lambda: lessons.use(lesson, beta, by=tess, at=at)) == "not_of_project"
    assert signed_in(tess).post(reverse("governance:lesson-use", args=[beta.code, lesson.pk])).status_code == 404
    assert not LessonUse.objects.exists()


def test_the_component_offers_with_a_button_and_says_what_is_taken_up(published: Lesson, beta: Any, bea: Any) -> None:
    beta.governance_class = published.governance_class
    context = {"offers": lessons_for(beta, bea), "project": beta, "can_use": True, "next": "/", "csrf_token": "x"}
    html = render_to_string("components/lessons_offered.html", context)
    assert "We use this" in html
    lessons.use(published, beta, by=bea, at=timezone.now())
    html = render_to_string("components/lessons_offered.html", {**context, "offers": lessons_for(beta, bea)})
    assert "We use this" not in html
    assert "Taken up" in html
    assert "Used in 1 project." in html


def test_who_does_not_see_a_project_is_not_told_that_it_uses_the_lesson(
    published: Lesson, beta: Any, bea: Any, tess: Any
) -> None:
    lessons.use(published, beta, by=bea, at=timezone.now())
    text = signed_in(tess).get(published.get_absolute_url()).content.decode()
    assert beta.name not in text
    assert "And in 1 more" in text


def test_the_register_filters_in_a_fixed_number_of_questions(
    published: Lesson, alpha: Any, pia: Any, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    client, where = signed_in(pia), reverse("governance:lesson-list")
    assert published.title in client.get(where, {"q": "parcel asked", "category": "data"}).content.decode()
    assert published.title not in client.get(where, {"category": "money"}).content.decode()
    with django_assert_max_num_queries(14) as few:
        client.get(where)
    for _ in range(8):
        lessons.record(alpha, by=pia, at=timezone.now(), **WORDS)
    with django_assert_num_queries(len(few)):
        client.get(where)


def test_search_finds_a_lesson_for_those_who_see_it(lesson: Lesson, pia: Any, bea: Any, beta: Any) -> None:
    link = f'href="{lesson.get_absolute_url()}"'
    assert link in signed_in(pia).get("/search/", {"q": "test data first"}).content.decode()
    assert link not in signed_in(bea).get("/search/", {"q": "test data first"}).content.decode()
