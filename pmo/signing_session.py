"""Signing asks who signs: a sign-in or a repeated password counts for some minutes, then it is asked for again."""

from __future__ import annotations

import time

from allauth.account.authentication import get_authentication_records
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from pmo.accounts import signed_in

MOST_WRONG = 10


def recently_authenticated(request: HttpRequest, minutes: int) -> bool:
    """Say whether the person gave a password, code or key in this session within the last `minutes`."""
    records = get_authentication_records(request, signed_in(request))
    newest = max((float(record["at"]) for record in records), default=0.0)
    return time.time() - newest < minutes * 60


def ask_again(request: HttpRequest, next_url: str) -> HttpResponse:
    """Lead to the page that asks for the password, and from there back to `next_url`."""
    messages.info(request, "Confirm that it is you, then sign. What you typed is kept.")
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': next_url})}")


def password_holds(request: HttpRequest, password: str) -> bool:
    """Say whether `password` is the signed-in person's own. After ten wrong ones in a quarter of an hour none holds."""
    person = signed_in(request)
    key = f"signing-wrong-{person.pk}"
    wrong = cache.get(key, 0)
    if wrong >= MOST_WRONG:
        return False
    if person.check_password(password):
        return True
    cache.set(key, wrong + 1, 15 * 60)
    return False
