"""Signing asks who signs: a sign-in or a repeated password counts for some minutes, then it is asked for again."""

from __future__ import annotations

import time

from allauth.account.authentication import get_authentication_records
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from pmo.account_forms import ReauthenticateForm
from pmo.accounts import signed_in


def recently_authenticated(request: HttpRequest, minutes: int) -> bool:
    """Say whether the person gave a password, code or key in this session within the last `minutes`."""
    records = get_authentication_records(request, signed_in(request))
    newest = max((float(record["at"]) for record in records), default=0.0)
    return time.time() - newest < minutes * 60


def ask_again(request: HttpRequest, next_url: str) -> HttpResponse:
    """Lead to the page that asks for the password, and from there back to `next_url`."""
    messages.info(request, "Confirm that it is you, then sign. What you typed is kept.")
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': next_url})}")


def password_form(request: HttpRequest, data: QueryDict | None = None) -> ReauthenticateForm:
    """Return the field that asks for the signer's password at the signature itself; wrong tries count as at sign-in.

    For acts that are signed every time, however short ago somebody signed in.
    """
    return ReauthenticateForm(data, user=signed_in(request))


def password_holds(request: HttpRequest, password: str) -> bool:
    """Say whether `password` is the signed-in person's own, where it is a field of a longer form; wrong tries count too."""
    return bool(password_form(request, QueryDict(urlencode({"password": password}))).is_valid())
