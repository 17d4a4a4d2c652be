from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from governance.access import PublishedAccess
from governance.models.versions import OFFICE_READERS
from governance.policy_states import PolicyState
from pmo.lib.errors import Refused
from pmo.models.revising import Revisable
from portfolio.models.projects import code_validator

#: Words that stand in addresses where a code would.
RESERVED = ("new",)


class PolicyQuerySet(models.QuerySet["Policy"]):
    def visible_to(self, user: Any) -> PolicyQuerySet:
        """Return the policies that `user` may read: with a version that is or was in force, and for the office all."""
        if not PublishedAccess(user).can_read_policies:
            return self.none()
        if user.has_role(*OFFICE_READERS):
            return self.all()
        out = PolicyVersion.objects.exclude(state=PolicyState.DRAFT)
        return self.filter(pk__in=out.values("policy_id"))


class Policy(Revisable):
    """One policy of the office. What it says stands in its versions."""

    code = models.CharField(max_length=20, unique=True, validators=[code_validator], help_text="Never changes.")
    title = models.CharField(max_length=160)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="policies_owned")
    review_by = models.DateField("review by", help_text="The day by which the owner looks at it again.")

    objects = PolicyQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "policies"

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("governance:policy-detail", args=[self.code])

    def clean(self) -> None:
        if self.code.lower() in RESERVED:
            raise ValidationError(
                {"code": ValidationError("This word is an address of its own. Choose another.", code="reserved")}
            )

    def check_revision(self, before: Any, *, by: Any, reason: str) -> list[str]:
        if "code" in before:
            raise Refused("The code of a policy never changes.", "fixed_for_ever")
        return []

    def is_review_overdue(self, on: dt.date) -> bool:
        return self.review_by < on


class PolicyVersionQuerySet(models.QuerySet["PolicyVersion"]):
    def visible_to(self, user: Any) -> PolicyVersionQuerySet:
        """Return the versions of visible policies; drafts are for the office."""
        rows = self.filter(policy__in=Policy.objects.visible_to(user))
        is_office = user.is_authenticated and user.has_role(*OFFICE_READERS)
        return rows if is_office else rows.exclude(state=PolicyState.DRAFT)

    def in_force(self) -> PolicyVersionQuerySet:
        return self.filter(state=PolicyState.PUBLISHED)


class PolicyVersion(Revisable):
    """One wording of a policy. Once published it never changes; the next one supersedes it."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=PolicyState.choices, default=PolicyState.DRAFT)
    text = models.TextField(help_text="Markdown: # heading, - list, **strong**.")
    effective_on = models.DateField("in force from")
    change_note = models.CharField(
        "what changes", max_length=400, blank=True, help_text="One or two sentences; everybody who is asked reads them first."
    )
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = PolicyVersionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["policy", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="governance_policyversion_number_once"),
            models.UniqueConstraint(
                fields=["policy"], condition=Q(state=PolicyState.DRAFT), name="governance_policyversion_one_draft"
            ),
            models.UniqueConstraint(
                fields=["policy"], condition=Q(state=PolicyState.PUBLISHED), name="governance_policyversion_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(state=PolicyState.DRAFT, published_at__isnull=True, published_by__isnull=True, sha256="")
                | (~Q(state=PolicyState.DRAFT) & Q(published_at__isnull=False, published_by__isnull=False) & ~Q(sha256="")),
                name="governance_policyversion_published_iff_digest",
            ),
            models.CheckConstraint(condition=Q(state__in=PolicyState.values), name="governance_policyversion_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.policy.code}, version {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("governance:policy-version", args=[self.policy.code, self.number])

    def check_revision(self, before: Any, *, by: Any, reason: str) -> list[str]:
        if self.state != PolicyState.DRAFT:
            raise Refused("This version is published and never changes. Begin the next one.", "published")
        return []


class Acknowledgement(models.Model):
    """One person has read one version. Never changed, never deleted."""

    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="acknowledgements")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="acknowledgements")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "person"], name="governance_acknowledgement_once")]

    def __str__(self) -> str:
        return f"{self.person} read {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("An acknowledgement is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("An acknowledgement is never deleted.")
