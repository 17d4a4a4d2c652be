from __future__ import annotations

from django.db import models


class JobSlot(models.Model):
    """One run of one timed job for one slot of time. The pair is unique, so a job never does the same slot twice."""

    job = models.CharField(max_length=60)
    slot = models.CharField(max_length=80)
    ran_at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-ran_at"]
        constraints = [models.UniqueConstraint(fields=["job", "slot"], name="pmo_jobslot_once")]

    def __str__(self) -> str:
        return f"{self.job} {self.slot}"
