"""How long a session lasts, and what happens to a page or a form of someone who is signed out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from pmo import kept

TOUCH_SECONDS = 5 * 60


class SessionLimits:
    """Ends a session that was idle too long or is too old, at the next request that comes with it.

    A page touches the session at most every five minutes, so that reading does not become writing. The idle limit counts
    from the last touch: it may come up to five minutes early, never late.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._keep_limits(request, timezone.now().timestamp())
        response = self.get_response(request)
        kept.note_person(request, response)
        return response

    def _keep_limits(self, request: HttpRequest, now: float) -> None:
        session = request.session
        started, seen = session.get("started_at"), session.get("seen_at")
        if started is None or seen is None:
            session["started_at"] = session["seen_at"] = now
        elif now - started >= settings.SESSION_ABSOLUTE_HOURS * 3600 or now - seen >= settings.SESSION_IDLE_MINUTES * 60:
            user_id = request.user.pk
            logout(request)
            # Who it was, so that words kept from this request are shown to nobody else.
            request.ended_user_id = user_id  # type: ignore[attr-defined]
        elif now - seen >= TOUCH_SECONDS:
            session["seen_at"] = now


class SignInRequired(LoginRequiredMiddleware):
    """Every page asks for sign-in unless it opts out; a form that arrives signed out is kept, and scripts get JSON."""

    def process_view(self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any) -> HttpResponseBase | None:
        if request.user.is_authenticated and request.method == "POST":
            self._forget_what_is_sent_now(request)
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponse:  # type: ignore[override]
        if kept.is_from_script(request):
            return signed_out_json(request)
        if request.method == "POST":
            return signed_out_page(request)
        return super().handle_no_permission(request, view_func)

    def _forget_what_is_sent_now(self, request: HttpRequest) -> None:
        stored = request.session.get(kept.SESSION_KEY)
        if stored and stored["path"] == request.get_full_path():
            kept.forget(request)


def sign_in_url(next_url: str) -> str:
    return f"{reverse('account_login')}?{urlencode({'next': next_url})}"


def signed_out_json(request: HttpRequest) -> JsonResponse:
    """Answer a script: signed out, and where to sign in. Nothing is kept; the page still holds what was typed."""
    return JsonResponse({"code": "signed_out", "sign_in_url": reverse("account_login")}, status=401)


def signed_out_page(request: HttpRequest) -> HttpResponse:
    """Keep the form that came in, and say so on a page that leads to sign-in and from there to sending it again."""
    post = kept.kept_from(request)
    if post is not None:
        kept.remember(request, post)
    context = {
        "post": post,
        "too_long": post is None and kept.may_be_kept(request),
        "sign_in_url": sign_in_url(reverse("resend") if post else "/"),
    }
    return render(request, "account/signed_out.html", context, status=401)
