"""Lessons learned: the register, a project's own and those it is offered, one lesson, taking it up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from governance import lessons
from governance.forms.guidance import LessonForm
from governance.lesson_tables import LessonFilters, lesson_columns, lesson_rows
from governance.models import Lesson
from governance.policy_states import LessonState
from governance.policy_tabs import RulebookAccess, rulebook_tabs
from governance.views.guidance import room
from pmo.accounts import signed_in
from pmo.lib.access import require, visible_or_404
from pmo.lib.errors import Refused
from pmo.lib.tables import Column
from pmo.lib.views import FilteredListView
from portfolio.models import Project
from portfolio.views.editing import EditView, FormView
from portfolio.views.loading import load_project, next_url

TEAM_ONLY = "The project’s manager and team, and the PMO manager, record its lessons."


class LessonListView(FilteredListView):
    list_name = "lessons"
    title = "Lessons learned"
    noun = "lesson"
    template_name = "governance/lesson_list.html"
    filterset_class = LessonFilters
    default_order = "-at"
    quick_views = (("Published", "state=published"), ("Drafts", "state=draft"), ("Most used", "sort=-uses"))

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        allowed = RulebookAccess(request.user).can_list_lessons
        require(allowed, "Lessons are for the office and for those who have a part in a project.")
        return super().get(request, **kwargs)

    def get_columns(self) -> list[Column]:
        return lesson_columns()

    def get_rows(self) -> QuerySet[Lesson]:
        return lesson_rows(self.request.user)

    def get_extra(self) -> dict[str, Any]:
        return {"tabs": rulebook_tabs(self.request.user, "lesson")}


class ProjectLessonListView(LessonListView):
    """What one project learned, and what it is offered from others."""

    list_name = "project-lessons"
    template_name = "governance/project_lessons.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        self.project, self.access = load_project(request, kwargs["code"])
        self.title = f"{self.project.code} Lessons"
        return FilteredListView.get(self, request, **kwargs)

    def get_columns(self) -> list[Column]:
        return lesson_columns(is_in_project=True)

    def get_rows(self) -> QuerySet[Lesson]:
        return super().get_rows().filter(project=self.project)

    def get_extra(self) -> dict[str, Any]:
        may_record = lessons.may_record(self.project, self.request.user)
        code = self.project.code
        return {
            **room(self.project, self.access, "lesson"),
            "offers": lessons.lessons_for(self.project, self.request.user),
            "can_use": may_record and self.project.is_open,
            "here": reverse("governance:project-lesson-list", args=[code]),
            "new_url": reverse("governance:lesson-new", args=[code]) if may_record else "",
        }


class LessonNewView(FormView):
    form_class = LessonForm
    submit = "Record"
    done = "The lesson is recorded as a draft; the PMO manager publishes it."

    def prepare(self, **kwargs: Any) -> None:
        self.project, self.access = load_project(self.request, kwargs["code"])
        require(lessons.may_record(self.project, self.request.user), TEAM_ONLY)
        self.title = f"A lesson of {self.project.name}"

    def form_options(self) -> dict[str, Any]:
        return {"initial": {"phase": self.project.phase}}

    def get_cancel_url(self) -> str:
        return reverse("governance:project-lesson-list", args=[self.project.code])

    def get_context(self) -> dict[str, Any]:
        crumbs = [("Projects", reverse("portfolio:project-list")), (str(self.project), self.project.get_absolute_url())]
        return {
            "crumbs": [*crumbs, ("Lessons", self.get_cancel_url())],
            "note": "Tell it so that a project manager who was not there can act on it. Name no person.",
        }

    def save(self, form: Any) -> str:
        return lessons.record(self.project, by=self.request.user, at=timezone.now(), **form.values()).get_absolute_url()


def load_lesson(request: HttpRequest, code: str, pk: int) -> Lesson:
    rows = Lesson.objects.select_related("project__project_manager", "recorded_by", "published_by")
    return visible_or_404(rows, request.user, project__code=code, pk=pk)


@require_GET
def lesson_detail(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    lesson = load_lesson(request, code, pk)
    uses = list(lesson.uses.select_related("project", "by"))
    seen = set(Project.objects.visible_to(request.user).filter(lessons_used__lesson=lesson).values_list("pk", flat=True))
    context = {
        "lesson": lesson,
        "uses": [use for use in uses if use.project_id in seen],
        "hidden_uses": sum(use.project_id not in seen for use in uses),
        "can_edit": lessons.may_edit(lesson, request.user),
        "can_publish": RulebookAccess(request.user).can_write and lesson.state == LessonState.DRAFT,
        "tags": [tag.strip() for tag in lesson.tags.split(",") if tag.strip()],
    }
    return render(request, "governance/lesson_detail.html", context)


class LessonEditView(EditView):
    form_class = LessonForm

    def prepare(self, **kwargs: Any) -> None:
        self.row = load_lesson(self.request, kwargs["code"], kwargs["pk"])
        require(lessons.may_edit(self.row, self.request.user), "The author changes a draft; the PMO manager any lesson.")
        self.title = "Edit the lesson"
        self.done = "The lesson is saved."

    def get_cancel_url(self) -> str:
        return self.target()

    def get_context(self) -> dict[str, Any]:
        crumbs = [("Lessons", reverse("governance:lesson-list")), (self.row.title, self.target())]
        return {**super().get_context(), "crumbs": crumbs}


@require_POST
def lesson_publish(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    lesson = load_lesson(request, code, pk)
    require(RulebookAccess(request.user).can_write, "The PMO manager publishes lessons.")
    try:
        lessons.publish(lesson, by=signed_in(request), at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, "The lesson is published; projects like this one are offered it.")
    return redirect(lesson)


@require_POST
def lesson_use(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Count that the project `code` takes up the lesson `pk`, whichever project that comes from."""
    project, access = load_project(request, code)
    lesson = visible_or_404(Lesson.objects.select_related("project"), request.user, pk=pk)
    require(access.can_edit_registers, TEAM_ONLY)
    try:
        lessons.use(lesson, project, by=signed_in(request), at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, f"Counted: {project.code} takes this lesson up.")
    return redirect(next_url(request, reverse("governance:project-lesson-list", args=[code])))
