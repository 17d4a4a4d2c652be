"""Mails beside the notices: one for each event and person, kept, tried, left out, and never with what a report says."""

from __future__ import annotations

import datetime as dt
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from governance.challenging import answer
from governance.due import run_due
from governance.mails import GOOD_FOR, Letter, send_mails
from governance.models import Deliverable, RatingChallenge
from governance.reports import excuse
from pmo.lib.errors import Refused
from pmo.models import MailMessage, Notification, User
from pmo.models.mails import LONGEST_TRY, MOST_TRIES, PAUSES, MailState
from pmo.models.users import MailChoice
from tests.governance.stories import CITY, WEEK, a_draft, a_finding, a_submitted, an_accepted

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def on(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=CITY)


@pytest.fixture(autouse=True)
def _wednesday_noon(time_machine: Any) -> None:
    time_machine.move_to(on(18, 12), tick=False)


@pytest.fixture
def broken_server(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: EmailMessage, fail_silently: bool = False) -> int:
        raise SMTPServerDisconnected("Connection\nlost")

    monkeypatch.setattr(EmailMessage, "send", refuse)


@pytest.fixture
def reminded(alpha: Any) -> MailMessage:
    """The one mail of Wednesday noon: max is reminded."""
    run_due(at=on(18, 12))
    return MailMessage.objects.get()


def states() -> list[str]:
    return sorted(MailMessage.objects.values_list("state", flat=True))


# One for each event
def test_a_reminder_is_mailed_once_however_often_the_clock_runs(alpha, max) -> None:
    for minute in range(3):
        run_due(at=on(18, 12, minute))
        send_mails(at=on(18, 12, minute))
    assert [message.to for message in mail.outbox] == [[max.email]]


def test_the_mail_says_what_to_do_by_when_and_where(reminded, settings) -> None:
    settings.BASE_URL = "https://plumbline.city.example"
    row = Deliverable.objects.get()
    again = Letter("Report 1: due", "Submit it.", f"/projects/{row.project.code}/reports/1/", row.due_at).body()
    assert f"https://plumbline.city.example/projects/{row.project.code}/reports/1/\n" in again
    send_mails(at=on(18, 12))
    text = mail.outbox[0].body
    assert "By: Thu 19 Nov 2026, 17:00" in text
    assert f"/projects/{row.project.code}/reports/{row.number}/edit/" in text
    assert "https://plumbline.city.example/accounts/" in text
    assert (mail.outbox[0].content_subtype, mail.outbox[0].alternatives if hasattr(mail.outbox[0], "alternatives") else []) == (
        "plain",
        [],
    )


def test_overdue_and_escalated_are_mailed_to_those_who_are_told(alpha, max, pia, gina, time_machine) -> None:
    run_due(at=on(18, 9))
    time_machine.move_to(on(24, 17), tick=False)
    run_due(at=on(24, 17))
    send_mails(at=on(24, 17))
    told = {(message.to[0], "still not in" in message.subject) for message in mail.outbox}
    assert told == {(max.email, False), (pia.email, False), (gina.email, True)}


def test_a_returned_report_is_mailed_to_its_author_and_an_accepted_one_to_nobody(alpha, beta, max, pia) -> None:
    an_accepted(beta, by=pia, at=on(18, 8))
    version = a_submitted(alpha, at=on(18, 9))
    a_finding(version, by=pia, at=on(18, 10), text="Say how late go-live is.")
    version.return_for_rework(by=pia, at=on(18, 11))
    send_mails(at=on(18, 12))
    returned = [message for message in mail.outbox if "findings" in message.subject]
    assert [message.to for message in returned] == [[max.email]]
    assert not [message for message in mail.outbox if "accepted" in message.subject]
    assert "go-live" not in returned[0].body


def a_challenge(project: Any) -> RatingChallenge:
    """Submit a report that a rating check questions."""
    a_submitted(project, at=on(18, 11))
    return RatingChallenge.objects.get()


def test_a_challenge_is_mailed_without_its_sentence_which_quotes_a_report_in_work(alpha, max) -> None:
    challenge = a_challenge(alpha)
    send_mails(at=on(18, 12))
    message = next(message for message in mail.outbox if "questioned" in message.subject)
    assert message.to == [max.email]
    assert "By: Fri 20 Nov 2026, 11:00" in message.body
    assert challenge.sentence not in message.subject + message.body


def test_an_answer_to_a_challenge_is_mailed_to_the_office(alpha, max, pia) -> None:
    challenge = a_challenge(alpha)
    answer(challenge, by=max, answer="justify", text="The test passed on Monday.", at=on(18, 11, 30))
    send_mails(at=on(18, 12))
    assert [message.to[0] for message in mail.outbox] == [pia.email]  # the question itself is settled
    assert "Monday" not in mail.outbox[0].body


def test_what_happened_long_ago_is_not_mailed(alpha, pia, max) -> None:
    version = a_submitted(alpha, at=on(11, 9), end_on=dt.date(2026, 11, 12))
    a_finding(version, by=pia, at=on(11, 10))
    version.return_for_rework(by=pia, at=on(11, 11))
    assert Notification.objects.filter(recipient=max, key__startswith="decided").exists()
    assert not MailMessage.objects.exists()


# Sending
def test_a_mail_that_failed_waits_and_is_sent_at_the_next_try(reminded, monkeypatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", lambda self: 1 / 0)
        assert send_mails(at=on(18, 12)) == (0, 1)
    reminded.refresh_from_db()
    assert (reminded.state, reminded.tries) == (MailState.WAITING, 1)
    assert reminded.last_error.startswith("ZeroDivisionError")
    assert send_mails(at=on(18, 12)) == (0, 0)
    assert send_mails(at=on(18, 12) + PAUSES[0]) == (1, 0)
    reminded.refresh_from_db()
    assert (reminded.state, reminded.tries, reminded.last_error) == (MailState.SENT, 2, "")


def test_after_five_tries_with_growing_pauses_it_stops(reminded, broken_server) -> None:
    at = on(18, 12)
    for pause in (*PAUSES, WEEK):
        assert send_mails(at=at) == (0, 1)
        assert send_mails(at=at + pause - MINUTE / 2) == (0, 0)
        at += pause
    reminded.refresh_from_db()
    assert (reminded.state, reminded.tries) == (MailState.FAILED, MOST_TRIES)
    assert reminded.last_error == "SMTPServerDisconnected: Connection lost"
    assert list(PAUSES) == sorted(PAUSES)


def test_of_two_workers_one_sends(reminded) -> None:
    mine, theirs = MailMessage.objects.get(), MailMessage.objects.get()
    assert mine.claim(at=on(18, 12))
    assert not theirs.claim(at=on(18, 12))
    assert send_mails(at=on(18, 12)) == (0, 0)


def test_a_worker_that_died_in_the_middle_keeps_nothing_for_ever(reminded) -> None:
    assert reminded.claim(at=on(18, 12))
    assert send_mails(at=on(18, 12) + LONGEST_TRY) == (1, 0)


def test_a_slow_worker_does_not_undo_what_a_later_one_did(reminded) -> None:
    slow = MailMessage.objects.get()
    slow.claim(at=on(18, 12))
    send_mails(at=on(18, 12) + LONGEST_TRY)
    slow.failed("Timed out", at=on(18, 12) + LONGEST_TRY)
    assert states() == ["sent"]


def test_every_try_carries_the_same_name(reminded) -> None:
    send_mails(at=on(18, 12))
    assert mail.outbox[0].extra_headers["Message-ID"].startswith(f"<notice-{reminded.notification_id}@")


def test_a_failed_mail_can_be_tried_again_and_no_other(reminded, broken_server) -> None:
    with pytest.raises(Refused) as caught:
        reminded.try_again(at=on(18, 12))
    assert caught.value.code == "not_failed"
    MailMessage.objects.update(state=MailState.FAILED, tries=MOST_TRIES)
    MailMessage.objects.get().try_again(at=on(18, 13))
    reminded.refresh_from_db()
    assert (reminded.state, reminded.tries, reminded.next_try_at) == (MailState.WAITING, 0, on(18, 13))


# Left out
def left_out() -> str:
    send_mails(at=on(18, 12))
    row = MailMessage.objects.get(notification__kind="reminder")
    assert row.subject not in [message.subject for message in mail.outbox]
    assert row.state == MailState.LEFT_OUT
    return row.last_error


def test_nobody_deactivated_gets_a_mail(reminded, max) -> None:
    User.objects.filter(pk=max.pk).update(is_active=False)
    assert "deactivated" in left_out()


def test_whoever_no_longer_sees_the_project_gets_no_mail_of_it(reminded, alpha) -> None:
    alpha.project_manager = None
    alpha.save()
    assert "no longer sees" in left_out()


def test_what_was_done_meanwhile_is_not_asked_for(reminded, alpha) -> None:
    a_draft(alpha, at=on(18, 12)).submit(by=alpha.project_manager, at=on(18, 12))
    assert "done" in left_out()


def test_an_excused_report_is_not_asked_for(reminded, pia) -> None:
    excuse(Deliverable.objects.get(), by=pia, reason="The team is at the county fair.", at=on(18, 12))
    assert "done" in left_out()


def test_a_reminder_is_void_once_the_report_is_due_and_other_mails_after_two_weeks(reminded, alpha) -> None:
    assert reminded.good_until == on(19, 17)
    a_challenge(alpha)
    assert MailMessage.objects.get(notification__kind="challenge").good_until == on(18, 11) + GOOD_FOR
    send_mails(at=on(19, 17, 1))
    reminded.refresh_from_db()
    assert reminded.state == MailState.LEFT_OUT


def test_whoever_wants_only_what_presses_is_not_reminded_the_day_before(reminded, max) -> None:
    User.objects.filter(pk=max.pk).update(mail_choice=MailChoice.URGENT)
    assert "only" in left_out()


def test_whoever_wants_only_what_presses_is_told_of_the_overdue(alpha, max, time_machine) -> None:
    User.objects.filter(pk=max.pk).update(mail_choice=MailChoice.URGENT)
    run_due(at=on(18, 9))
    time_machine.move_to(on(20, 17), tick=False)
    run_due(at=on(20, 17))
    send_mails(at=on(20, 17))
    assert [message.to for message in mail.outbox] == [[max.email]]


def test_what_is_due_today_presses(alpha, max, time_machine) -> None:
    User.objects.filter(pk=max.pk).update(mail_choice=MailChoice.URGENT)
    run_due(at=on(16, 9))
    time_machine.move_to(on(19, 9), tick=False)
    run_due(at=on(19, 9))
    assert send_mails(at=on(19, 9)) == (1, 0)


# What stands in a mail
@pytest.mark.parametrize("name", ["Kiosks\r\nBcc: all@example.org", "Kiosks\u2028Bcc: a", "{{ user.password }} {0.__class__}"])
def test_the_name_of_a_project_starts_no_header_and_fills_no_place(name, alpha, max) -> None:
    type(alpha).objects.filter(pk=alpha.pk).update(name=name)
    run_due(at=on(18, 12))
    assert send_mails(at=on(18, 12)) == (1, 0)
    sent = mail.outbox[0]
    assert " ".join(name.split()) in sent.subject
    assert sent.recipients() == [max.email]
    assert sent.message()["Bcc"] is None
    assert not any(line.startswith("Bcc") for line in sent.body.splitlines())
