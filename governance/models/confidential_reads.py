from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models

from governance.models.versions import DeliverableVersion


class ConfidentialRead(models.Model):
    """Somebody opened the edition of a document that holds what is confidential: who, when, which file.

    Never changed, never deleted: the database refuses both, whichever way they are asked for.
    """

    version = models.ForeignKey(DeliverableVersion, on_delete=models.PROTECT, related_name="confidential_reads")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()
    file_sha256 = models.CharField(max_length=64, help_text="The digest of the file that was handed out.")

    class Meta:
        ordering = ["-read_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.person} opened {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("What was read stays written down.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("What was read stays written down.")

    @classmethod
    def note(cls, version: DeliverableVersion, *, by: Any, at: dt.datetime, file_sha256: str) -> ConfidentialRead:
        """Write down that `by` is handed the file now; called before it is handed out."""
        return cls.objects.create(version=version, person=by, read_at=at, file_sha256=file_sha256)
