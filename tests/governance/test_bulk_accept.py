"""Accepting several reports at once, and one by a key: only where nothing differs and nothing is open."""

from __future__ import annotations

import pytest
from django.urls import reverse

from governance.models import SignOff
from tests.governance.pages import long_signed_in, signed_in
from tests.governance.stories import a_finding, a_submitted
from tests.governance.test_queue import agreed

pytestmark = pytest.mark.django_db
ADDRESS = "/reviews/accept-many/"


def states(*versions) -> list[str]:
    for version in versions:
        version.refresh_from_db()
    return [version.state for version in versions]


def test_the_page_shows_what_would_be_signed_and_signs_nothing(alpha, beta, pia) -> None:
    ready, differs = agreed(alpha, pia), a_submitted(beta)
    text = signed_in(pia).get(ADDRESS, {"pick": [ready.pk, differs.pk]}).content.decode()
    assert ("P-1001" in text, "P-1002" in text) == (True, False)
    assert states(ready, differs) == ["submitted", "submitted"]


def test_each_is_accepted_with_the_ratings_that_everybody_agrees_on(alpha, beta, pia) -> None:
    versions = [agreed(alpha, pia), agreed(beta, pia)]
    before = SignOff.objects.filter(action="approve").count()
    answer = signed_in(pia).post(ADDRESS, {"pick": [version.pk for version in versions]})
    assert answer.url == reverse("governance:review-list")
    assert states(*versions) == ["approved", "approved"]
    assert SignOff.objects.filter(action="approve").count() == before + 2


def test_what_differs_or_is_open_stays_in_the_queue_and_is_named(alpha, beta, pia) -> None:
    held, differs = agreed(alpha, pia), a_submitted(beta)
    a_finding(held, by=pia)
    answer = signed_in(pia).post(ADDRESS, {"pick": [held.pk, differs.pk]}, follow=True)
    assert states(held, differs) == ["in_review", "submitted"]
    assert answer.content.decode().count("was not accepted") == 2


def test_a_report_decided_meanwhile_is_said_to_be_gone(alpha, pia) -> None:
    version = agreed(alpha, pia)
    client = signed_in(pia)
    client.post(ADDRESS, {"pick": [version.pk]})
    assert "decided meanwhile" in client.post(ADDRESS, {"pick": [version.pk]}, follow=True).content.decode()


def test_an_old_sign_in_is_asked_for_again_and_the_choice_is_kept(alpha, pia) -> None:
    version = agreed(alpha, pia)
    answer = long_signed_in(pia).post(ADDRESS, {"pick": [version.pk]})
    assert answer.url.startswith("/accounts/reauthenticate/")
    assert f"pick%3D{version.pk}" in answer.url
    assert states(version) == ["submitted"]


@pytest.mark.parametrize("person", ["gina", "bea"])
def test_who_does_not_decide_on_it_accepts_nothing(person, alpha, pia, request) -> None:
    version = agreed(alpha, pia)
    signed_in(request.getfixturevalue(person)).post(ADDRESS, {"pick": [version.pk]})
    assert states(version) == ["submitted"]


@pytest.mark.parametrize("person", ["audrey", "max", "stella"])
def test_who_decides_on_nothing_is_refused(person, alpha, pia, request) -> None:
    version = agreed(alpha, pia)
    assert signed_in(request.getfixturevalue(person)).post(ADDRESS, {"pick": [version.pk]}).status_code == 403


def test_nonsense_is_no_choice(pia) -> None:
    assert signed_in(pia).get(ADDRESS, {"pick": ["x", "-1", "9" * 30]}).status_code == 200
