"""Accounts: the list, the page of a person, and the verbs that make, change, end and restore accounts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pmo.administration import accounts
from pmo.administration.leaving import left_behind
from pmo.lib.errors import Refused
from pmo.models import User
from pmo.models.revising import Stale
from pmo.roles import Role
from tests.factories import PASSWORD, make_project, make_risk, make_user
from tests.governance.stories import a_submitted
from tests.pmo.test_sign_in import sign_in

LIST = "/administration/people/"
NEW = {"name": "Nora Keel", "email": "Nora.Keel@Example.org", "title": "Planner", "department_name": "Parks"}


@pytest.fixture
def office(client: Client, adam: User) -> Client:
    """A browser in which adam, the administrator, is signed in."""
    client.force_login(adam)
    return client


def names(response: Any) -> list[str]:
    return [row.name for row in response.context["list"].table.rows]


def refusal(verb: Any, *arguments: Any, **named: Any) -> str:
    with pytest.raises(Refused) as caught:
        verb(*arguments, **named)
    return str(caught.value.code)


def last_change(person: User) -> Any:
    return person.history.order_by("-history_id").first()  # type: ignore[attr-defined]


# The list
def test_the_list_is_filtered_by_text_role_and_state(office, adam, pia, gina, olaf):
    make_user("Otto Gone", Role.EXECUTIVE, is_active=False)
    assert names(office.get(LIST, {"q": "pia orl"})) == ["Pia Orlov"]
    assert names(office.get(LIST, {"role": "Executive"})) == ["Gina Salcedo", "Otto Gone"]
    assert names(office.get(LIST, {"role": "Executive", "active": "yes"})) == ["Gina Salcedo"]
    assert names(office.get(LIST, {"role": "none"})) == ["Olaf Berg"]
    assert names(office.get(LIST, {"active": "no"})) == ["Otto Gone"]


def test_a_person_with_two_of_the_chosen_roles_stands_in_the_list_once(office, pia):
    pia.add_role(Role.FINANCE)
    assert names(office.get(LIST, {"role": ["PMO manager", "Finance analyst"]})) == ["Pia Orlov"]


def test_the_list_counts_running_projects_only(office, alpha, max):
    make_project(project_manager=max, status="closed")
    row = office.get(LIST, {"q": "Max"}).context["list"].table.rows[0]
    assert row.running_projects == 1


def test_the_file_holds_the_rows_of_the_list(office, pia, gina):
    text = b"".join(office.get("/administration/people.csv", {"role": "Executive"}).streaming_content).decode("utf-8-sig")
    assert [line.split(",")[0] for line in text.splitlines()] == ["Name", "Gina Salcedo"]
    assert office.get("/administration/people.xlsx").status_code == 200


def queries_of(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_the_list_costs_the_same_for_three_people_and_for_thirty(office, pia):
    few = queries_of(office, LIST)
    for number in range(30):
        make_project(project_manager=make_user(f"Person {number}", Role.STAKEHOLDER, password=None))
    assert queries_of(office, LIST) == few


# The page of a person
def test_the_page_names_projects_only_to_those_who_see_them(office, pia, alpha, max):
    assert "P-1001" not in office.get(max.get_absolute_url()).content.decode()
    office.force_login(pia)
    assert "P-1001" in office.get(max.get_absolute_url()).content.decode()


def test_the_history_shows_what_a_field_was_and_is(office, adam, olaf):
    accounts.edit_account(olaf, by=adam, changes={"title": "Surveyor"}, reason="New job")
    event = office.get(olaf.get_absolute_url()).context["page"].events[0]
    assert (event.by, event.reason) == ("Adam Castell", "New job")
    assert [(change.label, change.was, change.now) for change in event.changes] == [("Job title", "empty", "Surveyor")]


def test_signing_in_writes_no_history_and_is_remembered(client, olaf):
    before = olaf.history.count()
    sign_in(client, olaf.email)
    olaf.refresh_from_db()
    assert olaf.last_login is not None
    assert olaf.history.count() == before


def test_the_page_of_a_person_costs_the_same_however_long_the_history(office, adam, olaf):
    few = queries_of(office, olaf.get_absolute_url())
    for number in range(30):
        accounts.edit_account(olaf, by=adam, changes={"title": f"Surveyor {number}"})
    assert queries_of(office, olaf.get_absolute_url()) <= few + 1  # the rows before the changed ones


# Making
def test_a_new_person_gets_an_account_without_password_and_a_link_below_the_configured_address(office, settings):
    settings.BASE_URL = "https://plumbline.example.gov"
    response = office.post(f"{LIST}new/", NEW, headers={"host": "localhost"})
    person = User.objects.get(email="nora.keel@example.org")
    assert response.url == person.get_absolute_url()
    assert (person.name, person.title, person.department_name) == ("Nora Keel", "Planner", "Parks")
    assert not person.has_usable_password()
    assert mail.outbox[0].to == [person.email]
    assert "https://plumbline.example.gov/accounts/password/reset/key/" in mail.outbox[0].body
    assert "localhost" not in mail.outbox[0].body


def test_the_link_of_a_new_person_lets_them_choose_a_password_and_sign_in(office, settings):
    office.post(f"{LIST}new/", NEW)
    path = re.search(rf"{settings.BASE_URL}(\S+)", mail.outbox[0].body)[1]
    fresh = Client()
    form = fresh.get(path, follow=True).request["PATH_INFO"]
    fresh.post(form, {"password1": "seven quiet herons 7", "password2": "seven quiet herons 7"})
    assert sign_in(Client(), "nora.keel@example.org", "seven quiet herons 7").status_code == 302


def test_a_link_that_anybody_asks_for_keeps_to_the_configured_address(client, pia, settings):
    settings.ALLOWED_HOSTS = ["*"]
    client.post("/accounts/password/reset/", {"email": pia.email}, headers={"host": "evil.example"})
    assert settings.BASE_URL in mail.outbox[0].body
    assert "evil.example" not in mail.outbox[0].body


def test_an_address_that_somebody_has_in_other_capitals_is_refused(office, olaf):
    response = office.post(f"{LIST}new/", {**NEW, "email": olaf.email.upper()})
    assert response.status_code == 422
    assert response.context["form"].has_error("email", "unique")
    assert not mail.outbox


def test_the_account_stands_when_the_mail_cannot_be_handed_over(office, monkeypatch):
    def broken(*arguments: Any, **named: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", broken)
    page = office.post(f"{LIST}new/", NEW, follow=True)
    assert User.objects.filter(email="nora.keel@example.org").exists()
    assert [message.level_tag for message in page.context["messages"]] == ["error", "success"]


@pytest.mark.parametrize("person", ["pia", "gina", "audrey", "olaf"])
def test_only_an_administrator_makes_accounts(person, request):
    by = request.getfixturevalue(person)
    assert refusal(accounts.make_account, by=by, email="x@example.org", name="X") == "not_administrator"


def test_an_administrator_who_was_deactivated_makes_no_accounts(adam):
    User.objects.filter(pk=adam.pk).update(is_active=False)
    assert refusal(accounts.make_account, by=adam, email="x@example.org", name="X") == "not_administrator"


def test_making_an_account_stands_in_its_history(adam):
    person = accounts.make_account(by=adam, email="x@example.org", name="X")
    assert (last_change(person).history_user, last_change(person).history_type) == (adam, "+")


# Editing
def test_editing_changes_only_what_differs_and_says_why(office, adam, olaf):
    edit = f"{olaf.get_absolute_url()}edit/"
    version = office.get(edit).context["version"]
    values = {"name": "Olaf Berg", "email": "o.berg@example.org", "title": "", "department_name": "Water"}
    assert office.post(edit, {**values, "reason": "Moved", "version": version}).status_code == 302
    olaf.refresh_from_db()
    assert (olaf.email, olaf.department_name) == ("o.berg@example.org", "Water")
    assert (last_change(olaf).history_user, last_change(olaf).history_change_reason) == (adam, "Moved")


def test_two_administrators_who_change_the_same_field_are_shown_both_values(office, adam, olaf):
    edit = f"{olaf.get_absolute_url()}edit/"
    version = office.get(edit).context["version"]
    accounts.edit_account(olaf, by=adam, changes={"title": "Surveyor"})
    values = {"name": olaf.name, "email": olaf.email, "title": "Engineer", "department_name": "", "version": version}
    response = office.post(edit, values)
    assert response.status_code == 409
    assert [conflict.name for conflict in response.context["merged"].conflicts] == ["title"]


def test_editing_is_an_administrators_and_knows_what_was_saved_meanwhile(adam, pia, olaf):
    assert refusal(accounts.edit_account, olaf, by=pia, changes={"name": "O"}) == "not_administrator"
    with pytest.raises(Stale):
        accounts.edit_account(olaf, by=adam, changes={"name": "O"}, version=olaf.version() + 1)
    with pytest.raises(ValidationError):
        accounts.edit_account(olaf, by=adam, changes={"email": adam.email})


def test_with_another_address_links_to_the_old_one_stop_working(office, adam, olaf, settings):
    EmailAddress.objects.create(user=olaf, email=olaf.email, verified=True, primary=True)
    office.post(reverse("person-send-link", args=[olaf.pk]))
    path = re.search(rf"{settings.BASE_URL}(\S+)", mail.outbox[0].body)[1]
    old = olaf.email
    accounts.edit_account(olaf, by=adam, changes={"email": "new@example.org"})
    assert Client().get(path, follow=True).context["token_fail"]
    mail.outbox.clear()
    Client().post("/accounts/password/reset/", {"email": old})
    assert not mail.outbox


def test_the_old_address_is_told_of_a_new_one_and_learns_nothing_of_it(adam, olaf, django_capture_on_commit_callbacks):
    old = olaf.email
    with django_capture_on_commit_callbacks(execute=True):
        accounts.edit_account(olaf, by=adam, changes={"email": "secret@example.org"})
    [letter] = mail.outbox
    assert letter.to == [old]
    assert "secret" not in letter.body


def test_an_edit_without_a_new_address_sends_no_mail(adam, olaf, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        accounts.edit_account(olaf, by=adam, changes={"title": "Surveyor"})
    assert not mail.outbox


# The second factor
@pytest.fixture
def with_factor(olaf: User) -> User:
    TOTP.activate(olaf, totp.generate_totp_secret())
    return olaf


def test_a_lost_second_factor_is_taken_off_and_every_session_ends(client, adam, olaf, request):
    sign_in(client, olaf.email)
    assert client.get("/").status_code == 200
    with_factor = request.getfixturevalue("with_factor")
    accounts.reset_second_factor(with_factor, by=adam, reason="Lost the phone")
    assert not Authenticator.objects.filter(user=with_factor).exists()
    assert client.get("/").status_code == 302
    assert last_change(with_factor).history_user == adam
    assert "Lost the phone" in last_change(with_factor).history_change_reason


def test_taking_a_second_factor_off_is_refused_with_its_reason(adam, pia, olaf, with_factor, tess):
    assert refusal(accounts.reset_second_factor, with_factor, by=pia, reason="x") == "not_administrator"
    assert refusal(accounts.reset_second_factor, adam, by=adam, reason="x") == "own_account"
    assert refusal(accounts.reset_second_factor, with_factor, by=adam, reason=" ") == "reason_missing"
    assert refusal(accounts.reset_second_factor, tess, by=adam, reason="x") == "no_second_factor"
    assert Authenticator.objects.filter(user=olaf).exists()


# Deactivating
def test_deactivating_ends_every_session_at_once(adam, olaf):
    browsers = [Client(), Client()]
    for browser in browsers:
        sign_in(browser, olaf.email)
        assert browser.get("/").status_code == 200
    accounts.deactivate(olaf, by=adam, reason="Left the city")
    assert [browser.get("/").status_code for browser in browsers] == [302, 302]
    assert not UserSession.objects.filter(user=olaf).exists()
    sign_in(browsers[0], olaf.email, PASSWORD)
    assert browsers[0].get("/").status_code == 302


def test_a_session_from_before_does_not_come_back_to_life(adam, olaf):
    browser = Client()
    sign_in(browser, olaf.email)
    accounts.deactivate(olaf, by=adam, reason="Left")
    accounts.reactivate(olaf, by=adam, reason="Came back")
    assert browser.get("/").status_code == 302
    assert sign_in(browser, olaf.email).status_code == 302
    assert browser.get("/").status_code == 200


def test_deactivating_and_reactivating_say_who_and_why(adam, olaf):
    accounts.deactivate(olaf, by=adam, reason=" Left ")
    assert (last_change(olaf).history_user, last_change(olaf).history_change_reason) == (adam, "Left")
    accounts.reactivate(olaf, by=adam, reason="Back")
    assert (last_change(olaf).is_active, last_change(olaf).history_change_reason) == (True, "Back")


def test_deactivating_is_refused_with_its_reason(adam, pia, olaf):
    assert refusal(accounts.deactivate, olaf, by=pia, reason="x") == "not_administrator"
    assert refusal(accounts.deactivate, adam, by=adam, reason="x") == "own_account"
    assert refusal(accounts.deactivate, olaf, by=adam, reason=" ") == "reason_missing"
    accounts.deactivate(olaf, by=adam, reason="x")
    assert refusal(accounts.deactivate, olaf, by=adam, reason="x") == "already_deactivated"
    assert olaf.history.filter(history_type="~").count() == 1


def test_reactivating_is_refused_with_its_reason(adam, pia, olaf):
    assert refusal(accounts.reactivate, olaf, by=adam, reason="x") == "is_active"
    accounts.deactivate(olaf, by=adam, reason="x")
    assert refusal(accounts.reactivate, olaf, by=pia, reason="x") == "not_administrator"
    assert refusal(accounts.reactivate, olaf, by=adam, reason="") == "reason_missing"


def test_of_two_administrators_who_deactivate_each_other_one_stays(adam):
    other = make_user("Ada Second", Role.ADMINISTRATOR)
    accounts.deactivate(other, by=adam, reason="x")
    assert refusal(accounts.deactivate, adam, by=other, reason="x") == "not_administrator"
    assert User.objects.with_role(Role.ADMINISTRATOR).get() == adam


def test_the_last_active_administrator_is_known_also_when_others_are_deactivated(adam):
    make_user("Ada Gone", Role.ADMINISTRATOR, is_active=False)
    assert accounts.is_last_administrator(adam)
    make_user("Ada Second", Role.ADMINISTRATOR)
    assert not accounts.is_last_administrator(adam)


def test_what_a_project_manager_leaves_has_to_be_confirmed(adam, pia, max, alpha):
    a_submitted(alpha)
    make_risk(alpha, owner=max)
    assert refusal(accounts.deactivate, max, by=adam, reason="Left") == "leaves_work"
    assert User.objects.get(pk=max.pk).is_active
    accounts.deactivate(max, by=adam, reason="Left", is_confirmed=True)
    assert not User.objects.get(pk=max.pk).is_active


def test_what_is_left_names_projects_reviews_and_entries(adam, pia, max, alpha, beta):
    today = timezone.localdate()
    a_submitted(alpha)
    make_risk(alpha, owner=max)
    [projects, entries] = left_behind(max, on=today, reader=pia)
    assert [project.code for project in projects.projects] == ["P-1001"]
    assert "1 risk" in entries.title
    assert left_behind(max, on=today, reader=adam)[0].projects == ()
    [reviews] = left_behind(pia, on=today)
    assert "1 open review" in reviews.title
    assert left_behind(adam, on=today) == []


def test_the_page_asks_for_the_confirmation_only_where_something_is_left(office, max, alpha, olaf):
    url = reverse("person-deactivate", args=[max.pk])
    assert "is_confirmed" in office.get(url).context["form"].fields
    assert office.post(url, {"reason": "Left"}).status_code == 422
    assert office.post(url, {"reason": "Left", "is_confirmed": "on"}).status_code == 302
    assert "is_confirmed" not in office.get(reverse("person-deactivate", args=[olaf.pk])).context["form"].fields


# The link
def test_a_link_that_was_sent_stands_in_the_history(office, adam, olaf):
    office.post(reverse("person-send-link", args=[olaf.pk]))
    assert mail.outbox[0].to == [olaf.email]
    assert last_change(olaf).history_user == adam
    assert last_change(olaf).history_change_reason


def test_a_link_is_refused_to_the_deactivated_and_when_asked_for_too_often(office, adam, olaf):
    url = reverse("person-send-link", args=[olaf.pk])
    for _ in range(10):
        office.post(url)
    assert len(mail.outbox) == 5
    mail.outbox.clear()
    gone = make_user("Otto Gone", is_active=False)
    office.post(reverse("person-send-link", args=[gone.pk]))
    assert not mail.outbox


def test_verbs_reject_a_get_and_who_is_no_administrator(client, pia, olaf):
    client.force_login(pia)
    for name in ("person-edit", "person-deactivate", "person-reactivate"):
        assert client.post(reverse(name, args=[olaf.pk]), {"reason": "x"}).status_code == 403
    assert client.post(reverse("person-send-link", args=[olaf.pk])).status_code == 403
    assert client.get(reverse("person-send-link", args=[olaf.pk])).status_code == 405
    assert olaf.history.count() == 1
