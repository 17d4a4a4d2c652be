from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from portfolio.states import GovernanceClass


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def active(self, on: dt.date) -> DelegationQuerySet:
        return self.filter(starts_on__lte=on, ends_on__gte=on, revoked_at=None)

    def visible_to(self, user: Any) -> DelegationQuerySet:
        from pmo.roles import Role

        if user.has_role(Role.PMO_MANAGER, Role.EXECUTIVE, Role.AUDITOR):
            return self.all()
        return self.filter(Q(delegator=user) | Q(delegate=user))


class Delegation(models.Model):
    """For some days one person decides in another's name: certain kinds, up to a class. It cannot be passed on."""

    delegator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations_given")
    delegate = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations_held")
    starts_on = models.DateField()
    ends_on = models.DateField()
    kinds = models.JSONField(default=list, help_text="Kinds of deliverable.")
    highest_class = models.PositiveSmallIntegerField(choices=GovernanceClass.choices, default=GovernanceClass.CLASS_4)
    reason = models.CharField(max_length=240)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = DelegationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="governance_delegation_dates_in_order",
                violation_error_message="The last day lies before the first.",
            ),
            models.CheckConstraint(
                condition=~Q(delegator=F("delegate")),
                name="governance_delegation_not_to_self",
                violation_error_message="Choose somebody other than yourself.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delegate} for {self.delegator}, {self.starts_on:%d %b} to {self.ends_on:%d %b %Y}"
