"""One mail each working morning for those who choose it; what is due today, overdue or escalated goes out at once."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from pmo.mailing import send_waiting
from pmo.models import MailMessage, Notification
from pmo.models.mails import MORNING, morning_after
from pmo.models.users import MailChoice, User

pytestmark = pytest.mark.django_db
CITY = ZoneInfo("America/Chicago")
FRIDAY_NOON = dt.datetime(2026, 11, 20, 12, tzinfo=CITY)
MONDAY = dt.datetime(2026, 11, 23, 7, tzinfo=CITY)


def tell(person: User, key: str, *, is_urgent: bool = False) -> None:
    Notification.objects.all().tell([person], key=key, title=key, url=f"/{key}/", at=FRIDAY_NOON)
    good_until = FRIDAY_NOON + dt.timedelta(days=14)
    words = {"subject": f"About {key}", "body": f"Body of {key}\n", "good_until": good_until, "at": FRIDAY_NOON}
    MailMessage.objects.all().write(key, is_urgent=is_urgent, **words)


@pytest.fixture
def reader(max) -> User:
    max.mail_choice = MailChoice.DIGEST
    max.save(update_fields=["mail_choice"])
    return max


def send(at: dt.datetime) -> tuple[int, int]:
    return send_waiting(lambda message: True, at=at)


def test_new_people_get_the_digest() -> None:
    assert User().mail_choice == MailChoice.DIGEST


def test_the_morning_is_one_on_which_the_office_works() -> None:
    assert morning_after(FRIDAY_NOON) == MONDAY
    assert MONDAY.time() == MORNING


def test_what_does_not_press_waits_for_the_morning_and_comes_in_one_mail(reader) -> None:
    tell(reader, "one")
    tell(reader, "two")
    assert send(FRIDAY_NOON) == (0, 0)
    assert send(MONDAY) == (1, 0)
    (sent,) = mail.outbox
    assert "About one" in sent.body
    assert "Body of two" in sent.body
    assert set(MailMessage.objects.values_list("state", flat=True)) == {"sent"}


def test_what_presses_goes_out_at_once_and_by_itself(reader) -> None:
    tell(reader, "one")
    tell(reader, "now", is_urgent=True)
    assert send(FRIDAY_NOON) == (1, 0)
    assert [sent.subject for sent in mail.outbox] == ["About now"]


def test_two_peoples_mornings_are_two_mails(reader, pia) -> None:
    pia.mail_choice = MailChoice.DIGEST
    pia.save(update_fields=["mail_choice"])
    for person, key in ((reader, "one"), (reader, "two"), (pia, "three"), (pia, "four")):
        tell(person, key)
    assert send(MONDAY) == (2, 0)
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted([reader.email, pia.email])


def test_what_was_read_meanwhile_is_left_out_of_the_digest(reader) -> None:
    tell(reader, "one")
    tell(reader, "two")
    Notification.objects.filter(key="one").update(read_at=FRIDAY_NOON)
    send(MONDAY)
    assert [sent.subject for sent in mail.outbox] == ["About two"]


def test_a_digest_that_fails_is_tried_again_as_a_whole(reader, monkeypatch) -> None:
    tell(reader, "one")
    tell(reader, "two")
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", lambda self, **options: 1 / 0)
        assert send(MONDAY) == (0, 1)
    assert send(MONDAY + dt.timedelta(minutes=2)) == (1, 0)
    assert "Body of one" in mail.outbox[0].body


def test_whoever_wants_each_by_itself_gets_it_at_once(reader) -> None:
    reader.mail_choice = MailChoice.ALL
    reader.save(update_fields=["mail_choice"])
    tell(reader, "one")
    assert send(FRIDAY_NOON) == (1, 0)
