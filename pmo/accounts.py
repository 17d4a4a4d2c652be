"""How people come in: nobody signs up, the e-mail address is the login, and tries are counted per account and per address."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from pmo.models import User

NO_ADDRESS = "0.0.0.0"  # noqa: S104  (a mark for "unknown", nothing is bound to it)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; everything else is allauth's."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the visitor's address; behind a Unix socket there is none, and sign-in must work all the same."""
        return get_client_ip(request) or NO_ADDRESS

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_login")


def login_name(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str | None:
    """Return the account that a sign-in try is about, in one spelling, so that tries with other capitals count together."""
    typed = (credentials or {}).get("email") or (credentials or {}).get("username")
    if not typed and request is not None:
        typed = request.POST.get("login")
    return str(typed).strip().lower() if typed else None


def client_address(request: HttpRequest) -> str:
    """Return the address that tries are counted under: the same one that the list of sessions shows."""
    return get_client_ip(request) or NO_ADDRESS


def signed_in(request: HttpRequest) -> User:
    """Return the person behind a request that has passed SignInRequired."""
    user = request.user
    assert isinstance(user, User)
    return user


def safe_next(request: HttpRequest, fallback: str) -> str:
    """Return where the form wants to go next if that is a page of ours, else `fallback`."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return wanted
    return fallback
