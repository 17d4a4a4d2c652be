from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from pmo.roles import Role


class RoleMove(models.TextChoices):
    GIVE = "give", "Give"
    TAKE = "take", "Take away"


class RoleChangeState(models.TextChoices):
    WAITING = "waiting", "Waits for a second person"
    DONE = "done", "Done"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


class RoleChangeQuerySet(models.QuerySet["RoleChange"]):
    def waiting(self) -> RoleChangeQuerySet:
        return self.filter(state=RoleChangeState.WAITING)

    def needing_two(self) -> RoleChangeQuerySet:
        """Return what two persons decide or decided, whether it waits or not."""
        return self.filter(needs_second=True)


class RoleChange(models.Model):
    """A role that was given to a person or taken from them, or that shall be given as soon as a second person agrees."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="role_changes")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    move = models.CharField(max_length=4, choices=RoleMove.choices)
    needs_second = models.BooleanField("needs a second person", default=False)
    state = models.CharField(max_length=10, choices=RoleChangeState.choices, default=RoleChangeState.DONE)
    reason = models.CharField(max_length=1000)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="role_changes_asked")
    asked_at = models.DateTimeField()
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="role_changes_settled"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField("answer of the second person", max_length=1000, blank=True)

    objects = RoleChangeQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at__isnull=True, settled_by__isnull=True)
                | (~Q(state="waiting") & Q(settled_at__isnull=False, settled_by__isnull=False)),
                name="pmo_rolechange_settled_iff_not_waiting",
            ),
            models.CheckConstraint(
                condition=Q(needs_second=False) | ~Q(state="done") | ~Q(settled_by=models.F("asked_by")),
                name="pmo_rolechange_second_is_another",
            ),
            models.CheckConstraint(
                condition=Q(needs_second=False) | ~Q(state="done") | ~Q(settled_by=models.F("person")),
                name="pmo_rolechange_second_is_not_the_person",
            ),
            models.UniqueConstraint(fields=["person", "role"], condition=Q(state="waiting"), name="pmo_rolechange_one_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.role} for {self.person}"
