from __future__ import annotations

from django.conf import settings
from django.db import models

from governance.models.conditions import Condition
from governance.models.documents import DocumentSection
from governance.models.exactly_one import exactly_one
from governance.models.reviews import ReviewFinding
from pmo.lib.public_ids import public_id

OWNERS = ("section", "finding", "condition")


class Attachment(models.Model):
    """One file that was handed in beside a section, a finding or the evidence for a condition. It is never changed.

    Who may read what it belongs to may read it. On disk it has a name of its own; `name` is what the person called it.
    """

    public_id = models.CharField(max_length=22, unique=True, default=public_id, editable=False)
    section = models.ForeignKey(DocumentSection, null=True, blank=True, on_delete=models.CASCADE, related_name="attachments")
    finding = models.ForeignKey(ReviewFinding, null=True, blank=True, on_delete=models.PROTECT, related_name="attachments")
    condition = models.ForeignKey(Condition, null=True, blank=True, on_delete=models.PROTECT, related_name="attachments")
    file = models.FileField(upload_to="attachments")
    name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=exactly_one(OWNERS), name="governance_attachment_of_one_thing")]

    def __str__(self) -> str:
        return self.name
