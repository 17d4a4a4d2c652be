"""The parts of a review in the browser: opinions, and moving, excusing and reminding whoever is asked."""

from __future__ import annotations

import pytest

from governance.models import DeliverableVersion, ReviewPart
from tests.governance.pages import signed_in
from tests.governance.test_document_review_page import address
from tests.governance.written import a_submitted_document

pytestmark = pytest.mark.django_db


def asked(version: DeliverableVersion) -> ReviewPart:
    return ReviewPart.objects.get(review__version=version, seat="sponsor")


def send(sender, part: ReviewPart, verb: str, **typed):
    return signed_in(sender).post(address(part.review.version, f"parts/{part.pk}/{verb}/"), typed)


def test_the_sponsor_endorses(alpha, pia, sam) -> None:
    part = asked(a_submitted_document(alpha))
    shown = signed_in(sam).get(address(part.review.version, f"parts/{part.pk}/")).content.decode()
    assert "Give the opinion" in shown
    assert "Reassign" not in shown
    assert send(sam, part, "opinion", opinion="endorse").status_code == 302
    part.refresh_from_db()
    assert (part.state, part.opinion, part.person) == ("done", "endorse", sam)
    assert part.history.first().history_user == sam
    assert send(sam, part, "opinion", opinion="object", note="No").status_code in {403, 409}


def test_an_objection_needs_its_words(alpha, pia, sam) -> None:
    part = asked(a_submitted_document(alpha))
    assert send(sam, part, "opinion", opinion="object").status_code == 409
    part.refresh_from_db()
    assert part.state == "asked"


def test_who_decides_asks_somebody_else(alpha, pia, sam, stella) -> None:
    part = asked(a_submitted_document(alpha))
    assert send(pia, part, "reassign", person=stella.pk, reason="").status_code == 422
    assert send(pia, part, "reassign", person=alpha.project_manager.pk, reason="Leave").status_code == 409
    assert send(pia, part, "reassign", person=stella.pk, reason="Leave").status_code == 302
    part.refresh_from_db()
    assert part.person == stella


def test_who_decides_excuses_and_reminds(alpha, pia, sam) -> None:
    part = asked(a_submitted_document(alpha))
    send(pia, part, "remind")
    part.refresh_from_db()
    assert part.reminded_at is not None
    assert send(pia, part, "excuse", reason="Holds shares of the vendor").status_code == 302
    part.refresh_from_db()
    assert part.state == "excused"


@pytest.mark.parametrize("verb", ["opinion", "reassign", "excuse", "remind"])
@pytest.mark.parametrize(("person", "status"), [("max", 403), ("audrey", 403), ("tess", 403), ("stella", 404), ("olaf", 404)])
def test_nobody_else_touches_a_part(verb, person, status, alpha, pia, request) -> None:
    part = asked(a_submitted_document(alpha))
    answer = send(request.getfixturevalue(person), part, verb, opinion="endorse", reason="Leave")
    assert answer.status_code == status
    part.refresh_from_db()
    assert (part.state, part.reminded_at) == ("asked", None)


@pytest.mark.parametrize("verb", ["opinion", "reassign", "excuse", "remind"])
def test_following_a_link_changes_nothing(verb, alpha, pia) -> None:
    part = asked(a_submitted_document(alpha))
    assert signed_in(pia).get(address(part.review.version, f"parts/{part.pk}/{verb}/")).status_code == 405
