from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from pmo.lib.errors import Refused
from pmo.lib.transitions import move
from pmo.models.calendar import office_calendar
from pmo.models.messages import Notification
from pmo.models.users import MailChoice

#: How long is waited after the first, second … try; one more try than there are pauses, then somebody has to look.
PAUSES = (dt.timedelta(minutes=1), dt.timedelta(minutes=5), dt.timedelta(minutes=30), dt.timedelta(hours=3))
MOST_TRIES = len(PAUSES) + 1
#: How long one try may take before another worker believes that it was stopped in the middle.
LONGEST_TRY = dt.timedelta(minutes=10)
#: When the one mail of the morning goes out, on days on which the office works.
MORNING = dt.time(7)


def morning_after(at: dt.datetime) -> dt.datetime:
    """Return the next working morning after `at`, in the office's time. One query."""
    here = timezone.localtime(at)
    return timezone.make_aware(dt.datetime.combine(office_calendar().add(here.date(), 1), MORNING))


class MailState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    LEFT_OUT = "left_out", "Left out"


def _waits(notice: Notification) -> bool:
    return notice.recipient.mail_choice == MailChoice.DIGEST


class MailMessageQuerySet(models.QuerySet["MailMessage"]):
    def due(self, at: dt.datetime) -> MailMessageQuerySet:
        """Return what is to be tried at `at`, oldest first, with what was told and to whom."""
        waiting = self.filter(state=MailState.WAITING, next_try_at__lte=at)
        return waiting.select_related("notification__recipient").order_by("created_at", "pk")

    def beside(self, mail: MailMessage, at: dt.datetime) -> MailMessageQuerySet:
        """Return what goes out together with `mail`: all else that the morning's mail of the same person holds."""
        person = mail.notification.recipient
        if mail.is_urgent or person.mail_choice != MailChoice.DIGEST:
            return self.none()
        return self.due(at).filter(notification__recipient=person, is_urgent=False).exclude(pk=mail.pk)

    def write(self, key: str, *, subject: str, body: str, is_urgent: bool, good_until: dt.datetime, at: dt.datetime) -> int:
        """Write a mail beside each notice called `key` that has none yet. Returns how many were written.

        Lines in `subject` are the caller's business; it becomes a header.
        """
        told = list(Notification.objects.filter(key=key, mail=None).select_related("recipient"))
        morning = morning_after(at) if not is_urgent and any(_waits(notice) for notice in told) else at
        rows = [
            MailMessage(
                notification=notice,
                to=notice.recipient.email,
                subject=subject[: MailMessage.SUBJECT_LENGTH],
                body=body,
                is_urgent=is_urgent,
                created_at=at,
                good_until=good_until,
                next_try_at=morning if _waits(notice) else at,
            )
            for notice in told
        ]
        return len(MailMessage.objects.bulk_create(rows, ignore_conflicts=True))


class MailMessage(models.Model):
    """One e-mail of the office's outbox: the notice that it carries, and whether it went out. At most one for each notice."""

    SUBJECT_LENGTH = 200

    notification = models.OneToOneField(Notification, on_delete=models.CASCADE, related_name="mail")
    to = models.EmailField("to")
    subject = models.CharField(max_length=SUBJECT_LENGTH)
    body = models.TextField()
    is_urgent = models.BooleanField("due today, overdue or escalated", default=False)
    state = models.CharField(max_length=10, choices=MailState.choices, default=MailState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    good_until = models.DateTimeField(help_text="What has not gone out by then is old news and stays here.")
    next_try_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField("last error, or why it was left out", max_length=300, blank=True)

    objects = MailMessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state", "next_try_at"], name="pmo_mail_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="pmo_mail_sent_iff_sent_at",
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"

    def claim(self, *, at: dt.datetime) -> bool:
        """Take this mail for one try; False when another worker has it. A worker that dies keeps it for ten minutes only."""
        mine = {"pk": self.pk, "state": MailState.WAITING, "tries": self.tries, "next_try_at": self.next_try_at}
        claimed = MailMessage.objects.filter(**mine).update(tries=F("tries") + 1, next_try_at=at + LONGEST_TRY)
        if claimed != 1:
            return False
        self.tries, self.next_try_at = self.tries + 1, at + LONGEST_TRY
        return True

    def went_out(self, *, to: str, at: dt.datetime) -> None:
        self._put(state=MailState.SENT, sent_at=at, to=to, last_error="")

    def failed(self, error: str, *, at: dt.datetime) -> None:
        """Keep the error; try again after a pause that grows, or give up after the last try."""
        if self.tries >= MOST_TRIES:
            self._put(state=MailState.FAILED, last_error=error[:300])
        else:
            self._put(next_try_at=at + PAUSES[self.tries - 1], last_error=error[:300])

    def leave_out(self, reason: str) -> None:
        self._put(state=MailState.LEFT_OUT, last_error=reason[:300])

    def _put(self, **values: Any) -> None:
        """Write only while this try is still the latest one, so that a slow worker never undoes what a later one did."""
        MailMessage.objects.filter(pk=self.pk, state=MailState.WAITING, tries=self.tries).update(**values)
        for name, value in values.items():
            setattr(self, name, value)

    @transaction.atomic
    def try_again(self, *, at: dt.datetime) -> None:
        """Give a failed mail five more tries. Raises Refused: `not_failed`, `old_news`."""
        if at > self.good_until:
            raise Refused("This mail is old news. The person finds it among their notifications.", "old_news")
        move(
            self,
            sources=[MailState.FAILED],
            target=MailState.WAITING,
            refusal="Only a mail that failed can be tried again.",
            code="not_failed",
            tries=0,
            next_try_at=at,
        )
