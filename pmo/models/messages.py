from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import IntegrityError, models, transaction


class NotificationQuerySet(models.QuerySet["Notification"]):
    def unread(self) -> NotificationQuerySet:
        return self.filter(read_at=None)

    def tell(self, recipients, *, key: str, title: str, url: str, at: dt.datetime, kind: str = "", code: str = "") -> int:  # type: ignore[no-untyped-def]
        """Tell each person once; a second call with the same `key` tells nobody twice. Returns how many were told now."""
        told = 0
        for person in recipients:
            try:
                with transaction.atomic():
                    self.create(recipient=person, key=key, title=title, url=url, created_at=at, kind=kind, code=code)
            except IntegrityError:
                continue
            told += 1
        return told


class Notification(models.Model):
    """One line that tells one person of one event, with a link to where it can be acted on."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    key = models.CharField(max_length=160)
    kind = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=240)
    url = models.CharField(max_length=240)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["recipient", "key"], name="pmo_notification_once")]
        indexes = [models.Index(fields=["recipient", "read_at"], name="pmo_notification_unread")]

    def __str__(self) -> str:
        return self.title
