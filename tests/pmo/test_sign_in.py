"""Coming in: by e-mail address and password, with a second factor, and not by guessing."""

import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.urls import reverse

from tests.factories import PASSWORD

LOGIN = "/accounts/login/"
NEW_PASSWORD = "seven quiet herons 7"
OUTSIDE = [
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "https:///evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "\\\\evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "\thttps://evil.example",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    "data:text/html,x",
    "ftp://testserver/",
]


def sign_in(client, email: str, password: str = PASSWORD, **more: str):
    return client.post(LOGIN, {"login": email, "password": password, **more})


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_a_page_asks_for_sign_in_and_leads_back(client, db):
    response = client.get("/accounts/sessions/")
    assert response.status_code == 302
    assert response.url == f"{LOGIN}?next=/accounts/sessions/"


def test_signs_in_by_email_address_in_any_capitals(client, pia):
    assert sign_in(client, pia.email.upper()).status_code == 302
    assert is_signed_in(client)


def test_signing_in_leads_to_the_page_that_was_asked_for(client, pia):
    assert sign_in(client, pia.email, next="/accounts/sessions/").url == "/accounts/sessions/"


@pytest.mark.parametrize("target", OUTSIDE)
def test_signing_in_never_leads_to_another_site(client, pia, target):
    assert "evil" not in sign_in(client, pia.email, next=target).url
    assert not re.match(r"(?i)\s*(javascript|data|ftp):", sign_in(client, pia.email, next=target).url)


def test_signing_in_changes_the_session_key(client, pia):
    client.get(LOGIN)
    session = client.session
    session["mark"] = "before"
    session.save()
    before = session.session_key
    sign_in(client, pia.email)
    assert client.session.session_key != before


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, pia):
    wrong = sign_in(client, pia.email, "not the password")
    unknown = sign_in(client, "nobody@example.org", "not the password")
    assert wrong.status_code == unknown.status_code == 200
    codes = [[error.code for error in answer.context["form"].errors.as_data()["__all__"]] for answer in (wrong, unknown)]
    assert codes[0] == codes[1]
    assert not is_signed_in(client)


def test_a_closed_account_does_not_get_in(client, pia):
    pia.is_active = False
    pia.save()
    sign_in(client, pia.email)
    assert not is_signed_in(client)


@pytest.mark.parametrize("path", ["/accounts/signup/", "/accounts/email/", "/accounts/3rdparty/", "/accounts/login/code/"])
def test_nobody_signs_up_or_changes_the_address_by_themselves(client, pia, path):
    client.force_login(pia)
    assert client.get(path).status_code == 404


def test_after_eight_wrong_tries_even_the_right_password_is_refused_for_a_quarter_of_an_hour(client, pia):
    with time_machine.travel("2026-12-04T09:00:00Z", tick=False) as clock:
        answers = [sign_in(client, pia.email.upper() if n % 2 else pia.email, "wrong").status_code for n in range(8)]
        assert answers[-1] == 429
        assert sign_in(client, pia.email).status_code == 429
        assert not is_signed_in(client)
        clock.shift(16 * 60)
        sign_in(client, pia.email)
        assert is_signed_in(client)


def test_the_locked_page_is_shown_in_words(client, pia):
    for _ in range(8):
        answer = sign_in(client, pia.email, "wrong")
    assert "account/locked.html" in [template.name for template in answer.templates]


def test_tries_on_one_account_count_together_whichever_address_they_come_from(client, pia):
    for n in range(10):
        client.post(LOGIN, {"login": pia.email, "password": "wrong"}, REMOTE_ADDR=f"192.0.2.{n}")
    client.post(LOGIN, {"login": pia.email, "password": PASSWORD}, REMOTE_ADDR="192.0.2.99")
    assert not is_signed_in(client)


def test_wrong_passwords_at_the_change_form_are_counted(client, pia):
    client.force_login(pia)
    body = {"oldpassword": "wrong", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    answers = [client.post("/accounts/password/change/", body).status_code for _ in range(6)]
    assert answers[-1] == 429


def test_reset_requests_for_one_address_are_counted(client, pia):
    answers = [client.post("/accounts/password/reset/", {"email": pia.email}).status_code for _ in range(6)]
    assert answers[-1] == 429


def test_a_reset_link_sets_a_password_once(client, pia, settings):
    client.post("/accounts/password/reset/", {"email": pia.email})
    link = re.search(rf"{settings.BASE_URL}(\S+)", mail.outbox[0].body)[1]
    form = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    pia.refresh_from_db()
    assert pia.check_password(NEW_PASSWORD)
    client.logout()
    assert client.get(link).context["token_fail"]


def test_an_unknown_address_gets_no_mail_and_the_same_page(client, db, pia):
    known = client.post("/accounts/password/reset/", {"email": pia.email})
    mail.outbox.clear()
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert mail.outbox == []


@pytest.mark.parametrize("weak", ["short", "password1234", "123456789012", "pia.orlov@example"])
def test_weak_passwords_are_refused(client, pia, weak):
    client.force_login(pia)
    answer = client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak})
    assert answer.status_code == 200
    pia.refresh_from_db()
    assert pia.check_password(PASSWORD)


def test_changing_the_password_ends_the_other_sessions_and_tells_the_person(client, django_client_class, pia):
    other = django_client_class()
    sign_in(other, pia.email)
    sign_in(client, pia.email)
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert client.get("/accounts/").status_code == 200
    assert other.get("/accounts/").status_code == 302
    assert [message.to for message in mail.outbox] == [[pia.email]]


@pytest.fixture
def django_client_class():
    from django.test import Client

    return Client


def give_second_factor(user) -> str:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    return secret


def code_for(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))


def test_with_a_second_factor_the_password_alone_does_not_sign_in(client, pia):
    secret = give_second_factor(pia)
    assert sign_in(client, pia.email).url == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    assert is_signed_in(client)


def test_wrong_codes_are_counted(client, pia):
    give_second_factor(pia)
    sign_in(client, pia.email)
    answers = [client.post("/accounts/2fa/authenticate/", {"code": "000000"}) for _ in range(12)]
    assert not is_signed_in(client)
    assert "too_many_login_attempts" in {error.code for error in answers[-1].context["form"].errors.as_data()["code"]}


def test_turning_on_the_app_asks_for_the_password_first_and_gives_recovery_codes(client, pia):
    sign_in(client, pia.email)
    first = client.get("/accounts/2fa/totp/activate/")
    assert first.url.startswith("/accounts/reauthenticate/")
    client.post(first.url, {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    client.post("/accounts/2fa/totp/activate/", {"code": code_for(secret)})
    assert set(Authenticator.objects.values_list("type", flat=True)) == {"totp", "recovery_codes"}
    assert client.get("/accounts/2fa/recovery-codes/").status_code == 200


PAGES = [
    "/accounts/",
    "/accounts/logout/",
    "/accounts/reauthenticate/",
    "/accounts/password/change/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/done/",
    "/accounts/inactive/",
    "/accounts/2fa/",
    "/accounts/sessions/",
    "/resend/",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_account_page_stands_in_our_frame(client, pia, path):
    sign_in(client, pia.email)
    answer = client.get(path)
    assert answer.status_code == 200
    assert "account/layout.html" in [template.name for template in answer.templates]


def test_signing_out_needs_a_form(client, pia):
    sign_in(client, pia.email)
    client.get("/accounts/logout/")
    assert is_signed_in(client)
    client.post("/accounts/logout/")
    assert not is_signed_in(client)
