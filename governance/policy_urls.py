"""/policies/…, /standards/…, /guidance/…, /lessons/… and the room of guidance and lessons in a project."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path

from governance.views import guidance, lessons, policies, standards


def listed(address: str, view: Any, name: str) -> list[URLPattern]:
    """Return the three addresses of a list: the page and its two files."""
    return [
        path(f"{address}/", view.as_view(), name=name),
        path(f"{address}.csv", view.as_view(export="csv"), name=f"{name}-csv"),
        path(f"{address}.xlsx", view.as_view(export="xlsx"), name=f"{name}-xlsx"),
    ]


POLICY = "policies/<str:code>/"
VERSION = POLICY + "v<int:version>/"
STANDARD = "standards/<str:code>/"
GUIDANCE = "projects/<str:code>/guidance"
LESSONS = "projects/<str:code>/lessons"

urlpatterns: list[URLPattern] = [
    *listed("policies", policies.PolicyListView, "policy-list"),
    path("policies/new/", policies.PolicyNewView.as_view(), name="policy-new"),
    path(POLICY, policies.policy_detail, name="policy-detail"),
    path(POLICY + "edit/", policies.PolicyEditView.as_view(), name="policy-edit"),
    path(POLICY + "begin/", policies.policy_begin, name="policy-begin"),
    *listed(POLICY + "acknowledgements", policies.ReaderListView, "policy-readers"),
    path(VERSION, policies.policy_detail, name="policy-version"),
    path(VERSION + "changes/", policies.policy_changes, name="policy-changes"),
    path(VERSION + "edit/", policies.PolicyTextView.as_view(), name="policy-text"),
    path(VERSION + "publish/", policies.policy_publish, name="policy-publish"),
    path(VERSION + "acknowledge/", policies.policy_acknowledge, name="policy-acknowledge"),
    *listed("standards", standards.StandardListView, "standard-list"),
    *listed("standards/figures", standards.MeasurementListView, "measurement-list"),
    path("standards/new/", standards.StandardNewView.as_view(), name="standard-new"),
    path(STANDARD, standards.standard_detail, name="standard-detail"),
    path(STANDARD + "edit/", standards.StandardEditView.as_view(), name="standard-edit"),
    path(STANDARD + "measure/", standards.MeasureView.as_view(), name="standard-measure"),
    path(STANDARD + "figures/<int:pk>/", standards.MeasurementCorrectView.as_view(), name="measurement-correct"),
    *listed("guidance", guidance.GuidanceListView, "guidance-list"),
    *listed(GUIDANCE, guidance.ProjectGuidanceListView, "project-guidance-list"),
    path(GUIDANCE + "/new/", guidance.GuidanceNewView.as_view(), name="guidance-new"),
    path(GUIDANCE + "/<int:pk>/", guidance.guidance_detail, name="guidance-detail"),
    path(GUIDANCE + "/<int:pk>/read/", guidance.guidance_read, name="guidance-read"),
    path(GUIDANCE + "/<int:pk>/settle/", guidance.guidance_settle, name="guidance-settle"),
    *listed("lessons", lessons.LessonListView, "lesson-list"),
    *listed(LESSONS, lessons.ProjectLessonListView, "project-lesson-list"),
    path(LESSONS + "/new/", lessons.LessonNewView.as_view(), name="lesson-new"),
    path(LESSONS + "/<int:pk>/", lessons.lesson_detail, name="lesson-detail"),
    path(LESSONS + "/<int:pk>/edit/", lessons.LessonEditView.as_view(), name="lesson-edit"),
    path(LESSONS + "/<int:pk>/publish/", lessons.lesson_publish, name="lesson-publish"),
    path(LESSONS + "/<int:pk>/use/", lessons.lesson_use, name="lesson-use"),
]
