from __future__ import annotations

from typing import Any

from django.db import models

from governance.models.changes import ChangeRequest
from governance.models.exactly_one import SIGNED, exactly_one
from governance.models.gates import GateReview
from governance.models.versions import DeliverableVersion
from governance.states import Copy, Edition


class StoredPdf(models.Model):
    """The bytes of a PDF as they were built once, after the decision. A newer renderer changes nothing that was decided."""

    version = models.ForeignKey(DeliverableVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="pdfs")
    gate_review = models.ForeignKey(GateReview, null=True, blank=True, on_delete=models.PROTECT, related_name="pdfs")
    change_request = models.ForeignKey(ChangeRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="pdfs")
    edition = models.CharField(max_length=8, choices=[*Edition.choices, *Copy.choices])
    is_abridged = models.BooleanField(
        default=False, help_text="Without what only some readers of the page may read: amounts, risks, the office's own part."
    )
    record_sha256 = models.CharField(max_length=64, help_text="The digest of the record that it was built from.")
    file = models.BinaryField()
    sha256 = models.CharField(max_length=64, db_index=True)
    built_at = models.DateTimeField()
    built_with = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=exactly_one(SIGNED), name="governance_pdf_of_one_thing"),
            *(
                models.UniqueConstraint(
                    fields=[subject, "record_sha256", "edition", "is_abridged"], name=f"governance_pdf_once_{subject}"
                )
                for subject in SIGNED
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_edition_display()}{' (abridged)' if self.is_abridged else ''} of {self.subject}"

    @property
    def subject(self) -> Any:
        """Return what was decided. Queries what was not fetched."""
        return self.version or self.gate_review or self.change_request
