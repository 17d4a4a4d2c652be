from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from governance.models.changes import ChangeRequest
from governance.models.exactly_one import SIGNED, exactly_one
from governance.models.gates import GateReview
from governance.models.versions import DeliverableVersion
from governance.states import SignAction


class ChainHead(models.Model):
    """The last link of the sign-off chain; one row, locked while a link is added."""

    sequence = models.PositiveBigIntegerField(default=0)
    entry_sha256 = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"Link {self.sequence}"


class SignOff(models.Model):
    """One signed act on one version, gate or change: who, as what, when, on exactly which content; bound to the act before it.

    Never changed, never deleted.
    """

    sequence = models.PositiveBigIntegerField(unique=True)
    version = models.ForeignKey(DeliverableVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="sign_offs")
    gate_review = models.ForeignKey(GateReview, null=True, blank=True, on_delete=models.PROTECT, related_name="sign_offs")
    change_request = models.ForeignKey(ChangeRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="sign_offs")
    action = models.CharField(max_length=12, choices=SignAction.choices)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=120)
    role = models.CharField(max_length=60)
    acting_for_name = models.CharField(max_length=120, blank=True)
    intent = models.CharField(max_length=300)
    signed_at = models.DateTimeField()
    content_sha256 = models.CharField(max_length=64)
    previous_sha256 = models.CharField(max_length=64, blank=True)
    entry_sha256 = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["sequence"]
        constraints = [models.CheckConstraint(condition=exactly_one(SIGNED), name="governance_signoff_of_one_thing")]

    def __str__(self) -> str:
        return f"{self.person_name} {self.get_action_display().lower()} {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A sign-off is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("A sign-off is never deleted.")

    @property
    def subject(self) -> Any:
        """Return what was signed. Queries what was not fetched."""
        return self.version or self.gate_review or self.change_request
