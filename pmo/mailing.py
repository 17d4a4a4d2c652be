"""Sending what waits in the outbox. Any number of workers may do it side by side; no transaction is open meanwhile."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone

from pmo.models import MailMessage, User
from pmo.models.mails import MOST_TRIES
from pmo.models.users import MailChoice

logger = logging.getLogger(__name__)
#: Backends that hand mails to nobody, and where these then are.
NOWHERE = {"console": "printed to the log", "filebased": "written to files", "dummy": "thrown away"}
#: At most so many in one round, so that a long queue does not hold up what else has fallen due.
A_ROUND = 200

MayRead = Callable[[MailMessage], bool]


def one_line(text: str) -> str:
    """Return `text` as one line without control characters: what stands in it can start no header and no line of its own."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def where_mails_go() -> str:
    """Say what happens to mails where nobody gets them; empty where they are sent."""
    backend = settings.EMAIL_BACKEND.split(".")[-2]
    where = NOWHERE.get(backend, "")
    return f"{where} in {settings.EMAIL_CONFIG['EMAIL_FILE_PATH']}" if backend == "filebased" else where


def send_waiting(may_read: MayRead, *, at: dt.datetime) -> tuple[int, int]:
    """Send every mail that is due by `at`. `may_read` says whether the recipient still sees what it leads to.

    Returns how many went out and how many did not.
    """
    sent = missed = 0
    for mail in MailMessage.objects.due(at)[:A_ROUND]:
        if not mail.claim(at=at):
            continue
        together = [mail, *(one for one in MailMessage.objects.beside(mail, at) if one.claim(at=at))]
        ready = [one for one in together if not left_out(one, may_read, at)]
        if ready and send(ready, at=at):
            sent += 1
        elif ready:
            missed += 1
    return sent, missed


def left_out(mail: MailMessage, may_read: MayRead, at: dt.datetime) -> bool:
    """Leave out what is not to be sent after all, with the reason."""
    reason = reason_to_leave_out(mail, may_read, at)
    if reason:
        mail.leave_out(reason)
    return bool(reason)


def reason_to_leave_out(mail: MailMessage, may_read: MayRead, at: dt.datetime) -> str:
    """Say why this mail is not to be sent after all; empty when it is. What was true when it was written may be no more."""
    notice, person = mail.notification, mail.notification.recipient
    if not person.is_active:
        return "The account is deactivated."
    if at > mail.good_until:
        return "Old news."
    if notice.read_at is not None:
        return "Read in the product, or done, before it went out."
    if person.mail_choice == MailChoice.URGENT and not mail.is_urgent:
        return "The person gets only what is due today, overdue or escalated."
    if not may_read(mail):
        return "The person no longer sees what it leads to."
    return ""


def send(mails: Sequence[MailMessage], *, at: dt.datetime) -> bool:
    """Try once to send what belongs into one mail, and keep what came of it."""
    fresh = [mail for mail in mails if mail.tries <= MOST_TRIES]
    for mail in mails:
        if mail not in fresh:  # The worker stopped during the last try: nobody knows whether it went out.
            mail.failed("The last try was stopped before it ended.", at=at)
    if not fresh:
        return False
    person = fresh[0].notification.recipient
    try:
        message(fresh, person).send()
    except Exception as error:  # A mail server fails in many ways, each of which waits and is tried again.
        logger.exception("mail %s was not sent", fresh[0].pk)
        for mail in fresh:
            mail.failed(one_line(f"{type(error).__name__}: {error}"), at=at)
        return False
    for mail in fresh:
        mail.went_out(to=person.email, at=max(at, timezone.now()))
    return True


def message(mails: Sequence[MailMessage], person: User) -> EmailMessage:
    """Return the mail as it goes out, with one name for all tries, by which mail servers know a second copy.

    Several together are one mail: what happened, then each as it would stand alone.
    """
    first = mails[0]
    host = settings.BASE_URL.split("//")[-1].split("/")[0].split(":")[0]
    headers = {"Message-ID": f"<notice-{first.notification_id}@{host}>", "Auto-Submitted": "auto-generated"}
    if len(mails) == 1:
        return EmailMessage(one_line(first.subject), first.body + footer(), to=[person.email], headers=headers)
    subject = f"{len(mails)} things since the last mail"
    heads = "\n".join(f"- {one_line(mail.subject)}" for mail in mails)
    body = "\n\n".join([heads, *(mail.body.strip() for mail in mails)])
    return EmailMessage(subject, f"{body}\n{footer()}", to=[person.email], headers=headers)


def footer() -> str:
    """Return the last lines of every mail: from whom it is, and where the person chooses what they get."""
    account = settings.BASE_URL + reverse("account")
    return f"\n-- \n{settings.OFFICE_NAME}, {settings.CITY_NAME}\nChoose which mails you get: {account}\n"
