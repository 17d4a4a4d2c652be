from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from governance.models.versions import OFFICE_READERS, DeliverableVersion
from governance.states import ChallengeAnswer, ChallengeState, Dimension, RatingCheck, Ruling
from portfolio.models import Project


class RatingChallengeQuerySet(models.QuerySet["RatingChallenge"]):
    def visible_to(self, user: Any) -> RatingChallengeQuerySet:
        """Return the challenges that `user` may read.

        The office reads all, a delegate those up to their class, everybody else those of projects in which they have a part:
        the project manager's own rating stays within the office and the project.
        """
        if user.is_authenticated and user.has_role(*OFFICE_READERS):
            return self.all()
        own = Q(version__in=DeliverableVersion.objects.visible_to(user), project__in=Project.objects.of(user))
        held = user.delegations_held.active(timezone.localdate()).aggregate(highest=Max("highest_class"))["highest"]
        return self.filter(own | Q(project__governance_class__lte=held) if held else own)

    def unsettled(self) -> RatingChallengeQuerySet:
        return self.exclude(state=ChallengeState.DECIDED)


class RatingChallenge(models.Model):
    """A rating that the evidence does not carry, put to the project manager for an answer and to the office for a ruling."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="rating_challenges")
    version = models.ForeignKey(
        DeliverableVersion, on_delete=models.PROTECT, related_name="challenges", help_text="The report that opened it."
    )
    check_code = models.CharField(max_length=2, choices=RatingCheck.choices)
    dimension = models.CharField(max_length=10, choices=Dimension.choices)
    evidence = models.JSONField(default=dict, help_text="The values that opened it.")
    sentence = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=ChallengeState.choices, default=ChallengeState.OPEN)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = models.CharField(max_length=8, choices=ChallengeAnswer.choices, blank=True)
    answer_text = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    ruling = models.CharField(max_length=8, choices=Ruling.choices, blank=True)
    ruling_reason = models.TextField(blank=True)
    ruled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ruled_at = models.DateTimeField(null=True, blank=True)

    objects = RatingChallengeQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "check_code", "dimension"],
                condition=~Q(state=ChallengeState.DECIDED),
                name="governance_challenge_one_unsettled",
            ),
            models.CheckConstraint(
                condition=Q(state=ChallengeState.DECIDED, ruled_at__isnull=False, ruled_by__isnull=False) & ~Q(ruling="")
                | (~Q(state=ChallengeState.DECIDED) & Q(ruling="", ruled_at__isnull=True)),
                name="governance_challenge_decided_iff_ruling",
            ),
        ]

    def __str__(self) -> str:
        return self.sentence

    def get_absolute_url(self) -> str:
        return reverse("governance:challenge-detail", args=[self.project.code, self.pk])
