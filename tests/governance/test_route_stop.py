"""Stopping the review of a document before everybody has answered: by whom, with what reason, and who is told."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from governance import routing
from governance.mails import send_mails
from governance.models import DeliverableVersion
from governance.routing import stop_of
from pmo.models import Notification
from tests.factories import make_user
from tests.governance.pages import signed_in
from tests.governance.stories import NOON
from tests.governance.written import a_submitted_document

pytestmark = pytest.mark.django_db
REASON = {"reason": "The wrong version was sent."}


@pytest.fixture
def version(alpha: Any, pia: Any, sam: Any, fay: Any) -> DeliverableVersion:
    """A definition about which sponsor and business owner are asked; the sponsor has answered."""
    alpha.business_owner = make_user("Bo Ferris")
    alpha.save()
    row = a_submitted_document(alpha)
    part = row.reviews.get().parts.get(seat="sponsor")
    routing.give_opinion(part, by=sam, at=NOON, opinion="endorse")
    return row


def page(version: DeliverableVersion, name: str = "document-review-stop") -> str:
    return reverse(f"governance:{name}", args=[version.deliverable.project.code, "definition", version.number])


def states(version: DeliverableVersion) -> dict[str, str]:
    return dict(version.reviews.get().parts.values_list("seat", "state"))


def test_the_page_says_what_follows_and_who_is_asked_no_more(version, pia) -> None:
    said = signed_in(pia).get(page(version)).content.decode()
    assert "It cannot be approved after that" in said
    assert "Bo Ferris" in said
    assert "Sam Okafor" in said
    assert said.count("btn--first") == 1


def test_it_is_reached_from_the_review_by_who_may_decide_only(version, pia, sam, max) -> None:
    assert page(version) in signed_in(pia).get(page(version, "document-review")).content.decode()
    for person in (sam, max):
        assert page(version) not in signed_in(person).get(page(version, "document-review")).content.decode()


def test_with_a_reason_nobody_is_asked_any_more(version, pia) -> None:
    answer = signed_in(pia).post(page(version), REASON)
    assert (answer.status_code, answer["Location"]) == (302, f"{page(version, 'document-review')}#route")
    assert states(version) == {"sponsor": "done", "business_owner": "cancelled", "finance": "cancelled"}
    stop = stop_of(version.reviews.get())
    assert stop is not None
    assert (stop.name, stop.reason) == ("Pia Orlov", REASON["reason"])


def test_without_a_reason_nothing_happens(version, pia) -> None:
    answer = signed_in(pia).post(page(version), {"reason": " "})
    assert answer.status_code == 422
    assert states(version)["business_owner"] == "asked"
    assert stop_of(version.reviews.get()) is None


def test_to_look_at_the_page_changes_nothing(version, pia) -> None:
    signed_in(pia).get(page(version), REASON)
    assert states(version)["business_owner"] == "asked"


@pytest.mark.parametrize(
    ("name", "status"),
    [("gina", 403), ("audrey", 403), ("max", 403), ("sam", 403), ("bea", 404), ("olaf", 404), ("stella", 404)],
)
def test_nobody_else_stops_it(name, status, version, beta, request) -> None:
    client = signed_in(request.getfixturevalue(name))
    assert client.get(page(version)).status_code == status
    assert client.post(page(version), REASON).status_code == status
    assert states(version)["business_owner"] == "asked"


def test_what_was_stopped_is_not_stopped_again(version, pia) -> None:
    signed_in(pia).post(page(version), REASON)
    answer = signed_in(pia).post(page(version), {"reason": "Again."})
    assert answer.status_code == 409
    assert "Nobody is asked any more." in answer.content.decode()
    assert page(version) not in signed_in(pia).get(page(version, "document-review")).content.decode()


def test_a_version_that_no_longer_waits_is_not_stopped(version, pia, max) -> None:
    version.withdraw(by=max, at=NOON)
    answer = signed_in(pia).post(page(version), REASON)
    assert answer.status_code in (403, 409)
    assert stop_of(version.reviews.get()) is None


def test_review_and_version_show_who_stopped_it_when_and_why(version, pia, max) -> None:
    signed_in(pia).post(page(version), REASON)
    for name in ("document-review", "document-version"):
        said = signed_in(max).get(page(version, name)).content.decode()
        assert REASON["reason"] in said
        assert "Pia Orlov" in said


def test_whose_opinion_is_void_and_who_was_asked_are_told_once_and_by_mail(version, pia, sam) -> None:
    signed_in(pia).post(page(version), REASON)
    told = {row.recipient.name: row for row in Notification.objects.filter(title__contains="was stopped")}
    assert told["Sam Okafor"].key == f"part-stopped-{version.pk}"
    assert told["Sam Okafor"].url == page(version, "document-review")
    assert told["Bo Ferris"].key.startswith(f"part-off@{version.pk}-")
    assert not Notification.objects.filter(key__startswith="part-asked", recipient__name="Bo Ferris", read_at=None).exists()
    send_mails(at=timezone.now())
    void = [message for message in mail.outbox if "stopped" in message.subject]
    assert sorted(message.to[0] for message in void) == sorted([sam.email, told["Bo Ferris"].recipient.email])
    assert all(REASON["reason"] not in message.body for message in void)
    opened = signed_in(told["Bo Ferris"].recipient).get(told["Bo Ferris"].url)
    assert opened.status_code == 200
