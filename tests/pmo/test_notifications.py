"""What a person was told: one page, read by opening, and only one's own."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from governance.models import DeliverableVersion
from pmo.models import Notification
from tests.governance.pages import review_address, signed_in, typed
from tests.governance.stories import a_submitted

pytestmark = pytest.mark.django_db


def told(person, **overrides) -> Notification:
    values = {"key": f"n{Notification.objects.count()}", "title": "Report 3 waits", "url": "/reviews/", "kind": "review"}
    return Notification.objects.create(**{"recipient": person, "created_at": timezone.now(), **values, **overrides})


def test_the_page_lists_ones_own_newest_first(pia, max) -> None:
    told(pia, title="Older", created_at=timezone.now() - dt.timedelta(days=2))
    told(pia, title="Newer")
    told(max, title="Not yours")
    text = signed_in(pia).get(reverse("notification-list")).content.decode()
    assert text.index("Newer") < text.index("Older")
    assert "Not yours" not in text


def test_opening_one_marks_it_and_leads_on(pia) -> None:
    note = told(pia)
    answer = signed_in(pia).post(reverse("notification-read", args=[note.pk]))
    note.refresh_from_db()
    assert (answer.url, note.read_at is None) == ("/reviews/", False)


def test_an_address_outside_is_not_followed(pia) -> None:
    note = told(pia, url="//evil.example/")
    assert signed_in(pia).post(reverse("notification-read", args=[note.pk])).url == reverse("notification-list")


def test_somebody_elses_does_not_exist(pia, max) -> None:
    note = told(max)
    assert signed_in(pia).post(reverse("notification-read", args=[note.pk])).status_code == 404


def test_a_link_alone_marks_nothing(pia) -> None:
    note = told(pia)
    assert signed_in(pia).get(reverse("notification-read", args=[note.pk])).status_code == 405


def test_all_of_ones_own_are_marked_at_once(pia, max) -> None:
    told(pia)
    told(pia)
    other = told(max)
    signed_in(pia).post(reverse("notification-read-all"))
    assert not pia.notifications.unread().exists()
    assert Notification.objects.unread().get() == other


def test_a_notice_counts_as_read_once_what_it_asks_for_is_done(alpha, pia) -> None:
    version = a_submitted(alpha, at=timezone.now())
    assert pia.notifications.unread().count() == 1
    signed_in(pia).post(review_address(version, "review-accept"), typed())
    assert DeliverableVersion.objects.get(pk=version.pk).state == "approved"
    assert not pia.notifications.unread().exists()


def test_an_empty_page_says_what_will_be_told(olaf) -> None:
    assert "Nothing has been told to you yet" in signed_in(olaf).get(reverse("notification-list")).content.decode()
