"""How long a session lasts, who may end it, and that a form sent too late is not lost."""

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from pmo import kept
from pmo.accounts import browser_words
from tests.factories import PASSWORD

MORNING = "2026-12-04T09:00:00Z"
MINUTE, HOUR = 60, 3600
FORM = "/accounts/"  # a page that needs sign-in and exists without any project
TYPED = {"headline": "Cutover moved to May", "schedule_reason": "Vendor late\nby two weeks", "empty": "", "_mark": "x"}
SEND_TO = "/projects/P-1001/edit/?tab=status"


def sign_in(client, user) -> None:
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})


def is_in(client) -> bool:
    return client.get(FORM).status_code == 200


@pytest.fixture
def clock():
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


def test_half_an_hour_without_a_page_ends_the_session(client, pia, clock):
    sign_in(client, pia)
    assert is_in(client)
    clock.shift(29 * MINUTE)
    assert is_in(client)
    clock.shift(30 * MINUTE)
    assert not is_in(client)


def test_reading_on_keeps_the_session_until_twelve_hours_are_over(client, pia, clock):
    sign_in(client, pia)
    for _ in range(47):
        assert is_in(client)
        clock.shift(15 * MINUTE)
    assert is_in(client)
    clock.shift(15 * MINUTE)
    assert not is_in(client)


def test_reading_writes_the_session_at_most_every_five_minutes(client, pia, clock, django_assert_num_queries):
    sign_in(client, pia)
    client.get(FORM)
    stored = Session.objects.get().session_data
    clock.shift(4 * MINUTE)
    client.get(FORM)
    assert Session.objects.get().session_data == stored
    clock.shift(2 * MINUTE)
    client.get(FORM)
    assert Session.objects.get().session_data != stored


def test_a_closed_account_is_out_at_the_next_request(client, pia):
    sign_in(client, pia)
    assert is_in(client)
    type(pia).objects.filter(pk=pia.pk).update(is_active=False)
    assert not is_in(client)


def test_one_sees_and_ends_ones_own_other_sessions(client, pia):
    other = Client()
    sign_in(client, pia)
    sign_in(other, pia)
    page = client.get("/accounts/sessions/")
    assert page.context["session_count"] == 2
    theirs = UserSession.objects.exclude(session_key=client.session.session_key).get()
    client.post(reverse("session-end", args=[theirs.pk]))
    assert not is_in(other)
    assert is_in(client)


def test_nobody_ends_another_persons_session(client, pia, olaf):
    other = Client()
    sign_in(client, olaf)
    sign_in(other, pia)
    theirs = UserSession.objects.get(user=pia)
    assert client.post(reverse("session-end", args=[theirs.pk])).status_code == 404
    assert is_in(other)


def test_ending_a_session_needs_a_form(client, pia):
    sign_in(client, pia)
    assert client.get(reverse("session-end", args=[1])).status_code == 405


def test_preferences_are_kept_on_the_account_and_nonsense_is_not(client, pia):
    client.force_login(pia)
    client.post("/accounts/preferences/", {"theme": "dark", "density": "compact", "keys": "off", "next": "/resend/"})
    client.post("/accounts/preferences/", {"theme": "purple", "density": "huge", "keys": "maybe"})
    pia.refresh_from_db()
    assert (pia.theme, pia.density, pia.keys_enabled) == ("dark", "compact", False)


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_preferences_never_lead_to_another_site(client, pia, target):
    client.force_login(pia)
    assert client.post("/accounts/preferences/", {"theme": "dark", "next": target}).url == "/accounts/"


# Nothing typed is lost


def test_a_form_sent_signed_out_is_kept_and_offered_after_sign_in(client, pia):
    answer = client.post(SEND_TO, TYPED)
    assert answer.status_code == 401
    assert answer.context["sign_in_url"] == "/accounts/login/?next=%2Fresend%2F"
    assert b"Cutover moved to May" in answer.content
    after = client.post("/accounts/login/", {"login": pia.email, "password": PASSWORD, "next": "/resend/"})
    assert after.url == "/resend/"
    post = client.get("/resend/").context["post"]
    assert post.path == SEND_TO
    assert dict(post.fields) == TYPED
    assert post.readable == [("Headline", "Cutover moved to May"), ("Schedule reason", "Vendor late\nby two weeks")]


def test_what_is_sent_after_signing_out_is_offered_to_that_person_only(client, pia, olaf):
    """Pia signs out in one tab and sends the form of another; Olaf is the next to sign in on this browser."""
    sign_in(client, pia)
    client.get(FORM)
    client.post("/accounts/logout/")
    assert client.post(SEND_TO, TYPED).status_code == 401
    sign_in(client, olaf)
    assert client.get("/resend/").context["post"] is None
    client.post("/accounts/logout/")
    sign_in(client, pia)
    assert client.get("/resend/").context["post"] is None  # dropped unseen, not kept for later


def test_what_is_sent_after_signing_out_is_offered_when_the_same_person_is_back(client, pia):
    sign_in(client, pia)
    client.post("/accounts/logout/")
    client.post(SEND_TO, TYPED)
    sign_in(client, pia)
    assert dict(client.get("/resend/").context["post"].fields) == TYPED


def test_nobody_writes_into_the_browser_who_was_signed_in(client, pia, olaf):
    sign_in(client, pia)
    client.cookies[kept.LAST_PERSON] = str(olaf.pk)
    client.post("/accounts/logout/")
    client.cookies[kept.LAST_PERSON] = f"{olaf.pk}:forged:value"
    client.post(SEND_TO, TYPED)
    assert client.session[kept.SESSION_KEY]["user_id"] is None


def test_what_is_sent_again_is_no_longer_kept(client, pia):
    client.post(SEND_TO, TYPED)
    sign_in(client, pia)
    assert client.get("/resend/").context["post"]
    client.post(SEND_TO, TYPED)
    assert client.get("/resend/").context["post"] is None


def test_what_is_kept_can_be_dropped(client, pia):
    client.post(SEND_TO, TYPED)
    sign_in(client, pia)
    client.post("/resend/")
    assert client.get("/resend/").context["post"] is None


def test_a_form_that_arrives_after_the_idle_limit_is_kept_for_the_same_person_only(client, pia, olaf, clock):
    sign_in(client, pia)
    assert is_in(client)
    clock.shift(HOUR)
    assert client.post(SEND_TO, TYPED).status_code == 401
    sign_in(client, olaf)
    assert client.get("/resend/").context["post"] is None


def test_the_same_person_gets_it_back_after_the_idle_limit(client, pia, clock):
    sign_in(client, pia)
    assert is_in(client)
    clock.shift(HOUR)
    client.post(SEND_TO, TYPED)
    sign_in(client, pia)
    assert client.get("/resend/").context["post"].readable


@pytest.mark.parametrize("path", ["/accounts/password/change/", "/accounts/reauthenticate/", "/accounts/2fa/totp/activate/"])
def test_nothing_under_accounts_is_ever_kept(client, db, path):
    client.post(path, {"oldpassword": "the old one", "password1": "the new one", "code": "123456"})
    assert kept.SESSION_KEY not in client.session


def test_passwords_and_tokens_are_left_out_of_what_is_kept(client, db):
    client.post(SEND_TO, {**TYPED, "password": "p", "api_token": "t", "client_secret": "s", "csrfmiddlewaretoken": "c"})
    assert {name for name, _ in client.session[kept.SESSION_KEY]["fields"]} == set(TYPED)


def test_a_form_that_is_too_long_is_not_kept_and_the_page_says_so(client, db):
    answer = client.post(SEND_TO, {"text": "x" * (kept.MOST_CHARACTERS + 1)})
    assert answer.status_code == 401
    assert answer.context["too_long"]
    assert kept.SESSION_KEY not in client.session


def test_files_are_named_as_what_could_not_be_kept(client, db):
    answer = client.post(SEND_TO, {**TYPED, "evidence": SimpleUploadedFile("photo.png", b"x")})
    assert answer.context["post"].files == ["photo.png"]


@pytest.mark.parametrize("header", [{"HX-Request": "true"}, {"Sec-Fetch-Mode": "cors"}, {"Accept": "application/json"}])
def test_a_script_gets_json_and_nothing_is_kept(client, db, header):
    answer = client.post(SEND_TO, TYPED, headers=header)
    assert answer.status_code == 401
    assert answer.json()["code"] == "signed_out"
    assert kept.SESSION_KEY not in client.session


@pytest.fixture
def strict(pia):
    """A browser that checks form tokens, signed in, with a token that is no longer the right one."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(pia)
    return browser


def test_a_stale_token_from_our_own_page_shows_what_was_typed_ready_to_send_again(strict):
    answer = strict.post(SEND_TO, TYPED, headers={"Origin": "http://testserver"})
    assert answer.status_code == 403
    assert dict(answer.context["post"].fields) == TYPED
    token = answer.context["csrf_token"]
    again = strict.post("/accounts/preferences/", {"theme": "dark", "csrfmiddlewaretoken": str(token)})
    assert again.status_code == 302


@pytest.mark.parametrize(
    "sender", [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Referer": "https://evil.example/x"}]
)
def test_a_form_from_elsewhere_is_refused_and_shows_nothing(strict, sender):
    answer = strict.post(SEND_TO, TYPED, headers=sender)
    assert answer.status_code == 403
    assert b"Cutover moved" not in answer.content


def test_a_stale_token_of_someone_signed_out_keeps_the_form(db):
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(SEND_TO, TYPED, headers={"Origin": "http://testserver"}).status_code == 401
    assert browser.session[kept.SESSION_KEY]["path"] == SEND_TO


def test_a_stale_sign_in_form_keeps_no_password(db):
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post("/accounts/login/", {"login": "a@b.c", "password": "p"}, headers={"Origin": "http://testserver"})
    assert answer.status_code == 403
    assert not Session.objects.exists()


def test_a_script_with_a_stale_token_gets_json(strict):
    answer = strict.post(SEND_TO, TYPED, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.json()["code"]) == (403, "stale_token")


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36 Edg/156.0",
            "Edge on Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Safari/605", "Safari on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("curl/8.5", "curl/8.5"),
        ("", "—"),
    ],
)
def test_a_browser_is_named_in_words(user_agent, words):
    assert browser_words(user_agent) == words
