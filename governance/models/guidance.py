from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from governance.models.deliverables import Deliverable
from governance.policy_states import OUTCOMES, GuidanceKind, GuidanceState
from portfolio.models import Project


class GuidanceNoteQuerySet(models.QuerySet["GuidanceNote"]):
    def visible_to(self, user: Any) -> GuidanceNoteQuerySet:
        """Return the notes that `user` may read: of projects whose registers they read, and what they wrote themselves."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(Q(project__in=Project.objects.with_registers_for(user)) | Q(written_by=user))

    def unsettled(self) -> GuidanceNoteQuerySet:
        return self.exclude(state__in=OUTCOMES)


class GuidanceNote(models.Model):
    """Technical or analytical advice on a project. It is about the work, never about a person."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="guidance_notes")
    deliverable = models.ForeignKey(Deliverable, null=True, blank=True, on_delete=models.PROTECT, related_name="guidance_notes")
    kind = models.CharField(max_length=10, choices=GuidanceKind.choices)
    subject = models.CharField(max_length=160, help_text="What it is about, in a few words.")
    text = models.TextField(help_text="Markdown: what you see, why it matters, what you would do.")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="guidance_written")
    written_at = models.DateTimeField()
    for_whom = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="guidance_received"
    )
    state = models.CharField(max_length=10, choices=GuidanceState.choices, default=GuidanceState.OPEN)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField("what was done", blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = GuidanceNoteQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=GuidanceState.values), name="governance_guidance_state_known"),
            models.CheckConstraint(
                condition=(Q(state__in=OUTCOMES, settled_at__isnull=False, settled_by__isnull=False) & ~Q(answer=""))
                | (~Q(state__in=OUTCOMES) & Q(settled_at__isnull=True, answer="")),
                name="governance_guidance_settled_iff_answer",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("governance:guidance-detail", args=[self.project.code, self.pk])
