"""The outbox: who was mailed, whether it went out, and trying again; never what a mail says. And who chooses which mails."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from governance.mails import GOOD_FOR
from pmo.mailing import where_mails_go
from pmo.models import MailMessage, Notification, User
from pmo.models.mails import MOST_TRIES, MailState
from pmo.models.users import MailChoice

OUTBOX = "/administration/outbox/"


@pytest.fixture
def office(client: Client, adam: User) -> Client:
    client.force_login(adam)
    return client


def a_mail(person: User, number: int = 1, **values: Any) -> MailMessage:
    at = timezone.now()
    Notification.objects.all().tell([person], key=f"reminder-{number}", title="Due", url="/", at=at)
    notice = Notification.objects.get(key=f"reminder-{number}", recipient=person)
    given = {"subject": f"Report {number}: due", "body": "The words of the mail", "created_at": at, "next_try_at": at, **values}
    return MailMessage.objects.create(notification=notice, to=person.email, good_until=at + GOOD_FOR, **given)


def a_failed(person: User, number: int = 1) -> MailMessage:
    return a_mail(person, number, state=MailState.FAILED, tries=MOST_TRIES, last_error="Connection lost")


def subjects(response: Any) -> list[str]:
    return [row.subject for row in response.context["list"].table.rows]


def test_the_list_says_whether_it_went_out_and_never_what_it_says(office, max) -> None:
    a_failed(max)
    page = office.get(OUTBOX).content.decode()
    assert max.email in page
    assert "Connection lost" in page
    assert "The words of the mail" not in page + office.get("/administration/outbox.csv").getvalue().decode()


def test_the_list_is_filtered_by_state_and_text(office, max, pia) -> None:
    a_failed(max, 1)
    a_mail(pia, 2)
    assert subjects(office.get(OUTBOX, {"state": "failed"})) == ["Report 1: due"]
    assert subjects(office.get(OUTBOX, {"q": "pia"})) == ["Report 2: due"]


def test_the_list_is_paged_in_a_fixed_number_of_queries(office, max, django_assert_max_num_queries) -> None:
    for number in range(60):
        a_mail(max, number)
    with django_assert_max_num_queries(12):
        answer = office.get(OUTBOX)
    assert len(subjects(answer)) == 50


def test_the_marked_mails_are_tried_again_and_what_did_not_fail_is_refused(office, max) -> None:
    failed, waiting = a_failed(max, 1), a_mail(max, 2)
    answer = office.post(
        reverse("outbox-try-again"), {"row": [failed.pk, waiting.pk], "next": f"{OUTBOX}?state=failed"}, follow=True
    )
    failed.refresh_from_db()
    assert (failed.state, failed.tries) == (MailState.WAITING, 0)
    assert [message.level_tag for message in answer.context["messages"]] == ["success", "error"]
    assert answer.redirect_chain[0][0] == f"{OUTBOX}?state=failed"


def test_failed_mails_are_marked_where_only_they_stand(office, max) -> None:
    a_failed(max)
    everything = office.get(OUTBOX).content.decode()
    assert 'href="?state=failed"' in everything
    assert 'name="row"' not in everything
    assert 'name="row"' in office.get(OUTBOX, {"state": "failed"}).content.decode()


def test_trying_again_leads_to_no_other_site(office, max) -> None:
    answer = office.post(reverse("outbox-try-again"), {"row": [a_failed(max).pk], "next": "https://evil.example/"})
    assert answer["Location"] == OUTBOX


def test_where_mails_go_nowhere_the_page_says_so(office, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert "Nothing leaves this machine" in office.get(OUTBOX).content.decode()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert where_mails_go() == ""
    assert "Nothing leaves this machine" not in office.get(OUTBOX).content.decode()


def test_in_demo_mode_no_mail_server_is_used_whatever_is_set(tmp_path) -> None:
    environment = {
        **os.environ,
        "PMO_ENV": "local",
        "PMO_DEMO": "1",
        "PMO_VAR": str(tmp_path),
        "EMAIL_URL": "smtp://mail.example.org:25",
    }
    said = "import pmo.settings as s; print(s.EMAIL_BACKEND, s.EMAIL_FILE_PATH)"
    answer = subprocess.run([sys.executable, "-c", said], env=environment, capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["django.core.mail.backends.filebased.EmailBackend", f"{tmp_path}/mail"]


def test_a_person_chooses_which_mails_they_get(client, max) -> None:
    client.force_login(max)
    client.post(reverse("preferences-set"), {"mails": "urgent"})
    max.refresh_from_db()
    assert max.mail_choice == MailChoice.URGENT
    client.post(reverse("preferences-set"), {"mails": "never", "theme": "dark"})
    max.refresh_from_db()
    assert max.mail_choice == MailChoice.URGENT
    assert 'value="urgent" checked' in client.get(reverse("account")).content.decode()
