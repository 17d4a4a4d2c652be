"""How people come in: nobody signs up, the e-mail address is the login, and tries are counted per account and per address."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from pmo.models import User

NO_ADDRESS = "0.0.0.0"  # noqa: S104  (a mark for "unknown", nothing is bound to it)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; everything else is allauth's."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "This e-mail address and this password do not belong together. Check both.",
        "enter_current_password": "This is not your password now.",
        "incorrect_password": "This is not your password.",
        "incorrect_code": "This is not the code that the app shows now. Wait for the next one and type it.",
        "invalid_password_reset": "This link no longer works. Ask for a new one.",
        "too_many_login_attempts": "Too many wrong tries. Wait a quarter of an hour, or choose a new password.",
        "rate_limited": "That was sent too often. Wait a minute.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the visitor's address; behind a Unix socket there is none, and sign-in must work all the same."""
        return get_client_ip(request) or NO_ADDRESS

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_login")

    def set_password(self, user: Any, password: str) -> None:
        """Store a new password, with words for the history of the account."""
        user._change_reason = "A password was chosen."
        super().set_password(user, password)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the address in the mail: below the configured one, whatever host the request was sent to."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.BASE_URL + path.replace("UID-KEY", quote(key))

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        """Send the link; who has no password yet reads why an account was made for them."""
        kind = "password_reset_key" if user.has_usable_password() else "account_made"
        self.send_mail(f"account/email/{kind}", email, context)


def login_name(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str | None:
    """Return the account that a sign-in try is about, in one spelling, so that tries with other capitals count together."""
    typed = (credentials or {}).get("email") or (credentials or {}).get("username")
    if not typed and request is not None:
        typed = request.POST.get("login")
    return str(typed).strip().lower() if typed else None


def client_address(request: HttpRequest) -> str:
    """Return the address that tries are counted under: the same one that the list of sessions shows."""
    return get_client_ip(request) or NO_ADDRESS


# The first that is found counts: Edge and Opera also say Chrome, and Chrome also says Safari.
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def browser_words(user_agent: str) -> str:
    """Return what a person would call it, “Chrome on Windows”; what says neither is shown as it calls itself."""
    browser = next((word for mark, word in BROWSERS if mark in user_agent), "")
    system = next((word for mark, word in SYSTEMS if mark in user_agent), "")
    return " on ".join(filter(None, (browser, system))) or user_agent[:60] or "—"


def signed_in(request: HttpRequest) -> User:
    """Return the person behind a request that has passed SignInRequired."""
    user = request.user
    assert isinstance(user, User)
    return user


def remember_sign_in(sender: type[User], user: User, **_: Any) -> None:
    """Store when a person signed in. No change of the account, so it writes no history."""
    user.last_login = timezone.now()
    User.objects.filter(pk=user.pk).update(last_login=user.last_login)


def safe_next(request: HttpRequest, fallback: str) -> str:
    """Return where the form wants to go next if that is a page of ours, else `fallback`."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return wanted
    return fallback
