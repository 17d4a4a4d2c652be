"""What the mails say that go beside some notices: what happened, what to do, by when, and where. No content of a report."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone

from governance.models import (
    ChangeRequest,
    ComplianceFinding,
    Condition,
    Deliverable,
    DeliverableVersion,
    GateReview,
    GuidanceNote,
    PolicyVersion,
    RatingChallenge,
    ReviewPart,
    Waiver,
)
from pmo.lib import words
from pmo.mailing import one_line, send_waiting
from pmo.models import MailMessage
from portfolio.models import Project

#: What happened longer ago is found among the notifications only: a first start, or the demo city's past, mails nothing.
MAIL_AGE = dt.timedelta(days=2)
#: A mail that could not be sent by then is old news.
GOOD_FOR = dt.timedelta(days=14)
#: What the last part of a notice's key is the number of, by which the recipient's right is asked again.
SUBJECTS: dict[str, Any] = {
    "reminder": Deliverable,
    "overdue": Deliverable,
    "escalated": Deliverable,
    "decided": DeliverableVersion,
    "challenge": RatingChallenge,
    "challenge-late": RatingChallenge,
    "challenge-answered": RatingChallenge,
    "challenge-ruled": RatingChallenge,
    "submitted": DeliverableVersion,
    "part-asked": ReviewPart,
    "part-reminder": ReviewPart,
    "part-stopped": DeliverableVersion,
    "part-off": Project,
    "condition-put": Condition,
    "condition-soon": Condition,
    "condition-today": Condition,
    "condition-overdue": Condition,
    "condition-evidence": Condition,
    "condition-refused": Condition,
    "condition-closed": Condition,
    "condition-extended": Condition,
    "condition-reassigned": Condition,
    "gate-planned": GateReview,
    "gate-soon": GateReview,
    "gate-today": GateReview,
    "gate-late": GateReview,
    "gate-off": GateReview,
    "gate-decided": GateReview,
    "early-work": ComplianceFinding,
    "waiver-ends": Waiver,
    "waiver-ended": Waiver,
    "change-assess": ChangeRequest,
    "change-agree": ChangeRequest,
    "change-decide": ChangeRequest,
    "change-resumed": ChangeRequest,
    "change-passed": ChangeRequest,
    "change-decided": ChangeRequest,
    "change-deferred": ChangeRequest,
    "policy": PolicyVersion,
    "policy-after-5": PolicyVersion,
    "policy-after-10": PolicyVersion,
    "guidance": GuidanceNote,
}


@dataclass(frozen=True)
class Letter:
    """`happened` is the subject too. `by` is when it must be done, None where nothing presses."""

    happened: str
    to_do: str
    url: str
    by: dt.datetime | None = None
    is_urgent: bool = False
    is_void_when_due: bool = False

    def body(self) -> str:
        lines = [one_line(self.happened), "", f"What to do: {self.to_do}"]
        if self.by is not None:
            lines.append(f"By: {moment(self.by)}")
        return "\n".join([*lines, "", f"{settings.BASE_URL}{self.url}", ""])


def moment(when: dt.datetime) -> str:
    return f"{words.day(when)}, {words.clock(when)}"


def write(key: str, letter: Letter, *, at: dt.datetime) -> None:
    """Put the letter into the outbox for everybody who was told of `key`, once each, in the transaction of the caller."""
    if timezone.now() - at > MAIL_AGE:
        return
    is_due_today = letter.by is not None and words.local_date(letter.by) <= words.local_date(at)
    MailMessage.objects.all().write(
        key,
        subject=one_line(letter.happened),
        body=letter.body(),
        is_urgent=letter.is_urgent or is_due_today,
        good_until=letter.by if letter.is_void_when_due and letter.by else at + GOOD_FOR,
        at=at,
    )


def may_read(mail: MailMessage) -> bool:
    """Say whether the recipient still sees what the mail leads to: what is gone, or was never listed here, is not mailed."""
    subject, _, number = mail.notification.key.rpartition("-")
    model = SUBJECTS.get(subject.partition("@")[0])  # what stands behind an @ tells one time from the next
    if model is None or not number.isdigit():
        return False
    return bool(model.objects.visible_to(mail.notification.recipient).filter(pk=number).exists())


def send_mails(*, at: dt.datetime) -> tuple[int, int]:
    """Send what waits. Returns how many went out and how many did not."""
    return send_waiting(may_read, at=at)
