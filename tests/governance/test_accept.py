"""Accepting a report on the review page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from governance.models import DeliverableVersion, SignOff
from pmo.lib.errors import Refused
from tests.factories import make_milestone
from tests.governance.pages import long_signed_in, review_address, signed_in, typed
from tests.governance.stories import NOON, THURSDAY, WEEK, a_finding, a_submitted, agreed_terms

pytestmark = pytest.mark.django_db


def state_of(version: DeliverableVersion) -> str:
    return str(DeliverableVersion.objects.values_list("state", flat=True).get(pk=version.pk))


def letters_of(version: DeliverableVersion) -> dict[str, str]:
    return dict(version.status_report.ratings.values_list("dimension", "pmo_letter"))


@pytest.fixture
def late(alpha):
    """Return a report whose schedule is rated green beside red evidence."""
    make_milestone(alpha, name="Go-live", is_key=True, baseline_on=THURSDAY - 8 * WEEK, forecast_on=THURSDAY + 4 * WEEK)
    return a_submitted(alpha)


def test_the_pmo_manager_accepts(alpha, pia) -> None:
    version = a_submitted(alpha)
    answer = signed_in(pia).post(review_address(version, "review-accept"), typed())
    assert answer.status_code == 302
    assert state_of(version) == "approved"
    assert set(letters_of(version).values()) == {"G"}


def test_accepting_by_address_alone_does_nothing(alpha, pia) -> None:
    version = a_submitted(alpha)
    assert signed_in(pia).get(review_address(version, "review-accept")).status_code == 405
    assert state_of(version) == "submitted"


@pytest.mark.parametrize("person", ["gina", "audrey"])
def test_other_office_roles_read_but_do_not_accept(person, alpha, request) -> None:
    version = a_submitted(alpha)
    client = signed_in(request.getfixturevalue(person))
    assert client.get(review_address(version)).status_code == 200
    assert client.post(review_address(version, "review-accept"), typed()).status_code == 403
    assert state_of(version) == "submitted"


@pytest.mark.parametrize(("person", "status"), [("max", 403), ("stella", 404), ("olaf", 404), ("hugo", 404)])
def test_nobody_else_opens_or_accepts(person, status, alpha, request) -> None:
    version = a_submitted(alpha)
    client = signed_in(request.getfixturevalue(person))
    assert client.get(review_address(version)).status_code == status
    assert client.post(review_address(version, "review-accept"), typed()).status_code == status
    assert state_of(version) == "submitted"


def test_a_report_that_does_not_exist_is_not_found(alpha, pia) -> None:
    assert signed_in(pia).get(reverse("governance:review-detail", args=["P-1001", 1, 1])).status_code == 404


def test_a_sign_in_of_an_hour_ago_is_asked_for_again_and_no_word_is_lost(late, pia) -> None:
    client = long_signed_in(pia)
    answer = client.post(
        review_address(late, "review-accept"),
        typed(office_schedule="R", reason_schedule="27 days late.", reason_overall="The evidence is older."),
    )
    assert answer.url.startswith("/accounts/reauthenticate/")
    assert state_of(late) == "in_review"
    assert "27 days late." in client.get(review_address(late)).content.decode()


def test_a_missing_reason_is_named_beside_its_field_and_what_was_typed_stays(late, pia) -> None:
    answer = signed_in(pia).post(review_address(late, "review-accept"), typed(reason_overall="Seen on site."))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#reason-schedule"' in text
    assert "Seen on site." in text
    assert state_of(late) == "in_review"


def test_an_open_finding_keeps_the_report_from_being_accepted(alpha, pia) -> None:
    version = a_submitted(alpha)
    a_finding(version, by=pia)
    answer = signed_in(pia).post(review_address(version, "review-accept"), typed())
    assert answer.status_code == 409
    assert state_of(version) == "in_review"


def test_the_second_tab_is_told_who_decided_and_keeps_its_words(late, pia) -> None:
    first, second = signed_in(pia), signed_in(pia)
    sent = typed(reason_overall="Seen on site.", reason_schedule="Seen on site.")
    assert first.post(review_address(late, "review-accept"), sent).status_code == 302
    answer = second.post(review_address(late, "review-accept"), typed(reason_overall="Another reason."))
    assert answer.status_code == 409
    assert "Pia Orlov already decided" in answer.content.decode()
    assert "Another reason." in answer.content.decode()
    assert SignOff.objects.filter(action="approve").count() == 1


def test_two_deciders_of_one_row_have_one_winner(alpha, pia) -> None:
    version = a_submitted(alpha)
    other = DeliverableVersion.objects.get(pk=version.pk)
    version.approve(by=pia, at=NOON, terms=agreed_terms(version))
    with pytest.raises(Refused) as refused:
        other.approve(by=pia, at=NOON, terms=agreed_terms(other))
    assert refused.value.code == "already_decided"


def test_the_next_item_of_the_queue_opens_by_itself(alpha, beta, pia) -> None:
    first, second = a_submitted(alpha), a_submitted(beta)
    client = signed_in(pia)
    answer = client.post(review_address(first, "review-accept"), typed())
    assert answer.url == review_address(second)
    answer = client.post(review_address(second, "review-accept"), typed())
    assert answer.url == reverse("governance:review-list")


def test_withheld_fields_are_kept_from_stakeholders_from_the_start(alpha, pia) -> None:
    version = a_submitted(alpha)
    client = signed_in(pia)
    client.post(review_address(version, "review-notes"), typed(withheld="headline"))
    preview = client.get(review_address(version, "review-public")).content.decode()
    assert "the intake forms are tested" not in preview
    client.post(review_address(version, "review-accept"), typed(withheld="headline"))
    assert '"withheld":["headline"]' in DeliverableVersion.objects.get(pk=version.pk).record
