from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from governance.models.versions import OFFICE_READERS
from governance.policy_states import LessonCategory, LessonState
from pmo.lib.errors import Refused
from pmo.models.revising import Revisable
from portfolio.models import Project
from portfolio.states import GovernanceClass, Phase


class LessonQuerySet(models.QuerySet["Lesson"]):
    def visible_to(self, user: Any) -> LessonQuerySet:
        """Return the lessons of projects that `user` sees; drafts only for the office, the author and the project's manager."""
        rows = self.filter(project__in=Project.objects.visible_to(user))
        if user.is_authenticated and user.has_role(*OFFICE_READERS):
            return rows
        own = Q(recorded_by=user) | Q(project__project_manager=user) if user.is_authenticated else Q(pk=None)
        return rows.filter(Q(state=LessonState.PUBLISHED) | own)

    def published(self) -> LessonQuerySet:
        return self.filter(state=LessonState.PUBLISHED)


class Lesson(Revisable):
    """What a project learned, told so that the next one can act on it."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="lessons")
    category = models.CharField(max_length=12, choices=LessonCategory.choices)
    title = models.CharField(max_length=160, help_text="The lesson in one sentence.")
    what_happened = models.TextField("what happened")
    why = models.TextField("why it happened")
    next_time = models.TextField("what to do next time")
    phase = models.CharField(max_length=12, choices=Phase.choices)
    governance_class = models.PositiveSmallIntegerField("class", choices=GovernanceClass.choices, editable=False)
    tags = models.CharField(max_length=160, blank=True, help_text="Words by which it will be looked for, with commas.")
    state = models.CharField(max_length=10, choices=LessonState.choices, default=LessonState.DRAFT, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="lessons_recorded", editable=False
    )
    recorded_at = models.DateTimeField(editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = LessonQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=LessonState.values), name="governance_lesson_state_known"),
            models.CheckConstraint(
                condition=Q(state=LessonState.PUBLISHED, published_at__isnull=False, published_by__isnull=False)
                | Q(state=LessonState.DRAFT, published_at__isnull=True, published_by__isnull=True),
                name="governance_lesson_published_iff_date",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("governance:lesson-detail", args=[self.project.code, self.pk])

    def check_revision(self, before: Any, *, by: Any, reason: str) -> list[str]:
        if self.state != LessonState.DRAFT and not reason.strip():
            raise Refused(
                "The lesson is published. Give the reason for the change; it stands in the history.", "reason_missing"
            )
        return []


class LessonUse(models.Model):
    """A project took a lesson up: counted once a project. Never changed, never deleted."""

    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="uses")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="lessons_used")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["lesson", "project"], name="governance_lessonuse_once_a_project")]

    def __str__(self) -> str:
        return f"{self.project.code} uses {self.lesson}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("The use of a lesson is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("The use of a lesson is never deleted.")
