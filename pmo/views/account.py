"""A person's own account: preferences, sessions, and the form that was kept for them."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pmo import kept
from pmo.accounts import browser_words, safe_next, signed_in
from pmo.models import User
from pmo.models.users import Density, MailChoice, Theme


@require_GET
def account_home(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    context = {
        "roles": sorted(user.roles),
        "has_second_factor": Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists(),
        "session_count": UserSession.objects.filter(user=user).count(),
        "themes": Theme.choices,
        "densities": Density.choices,
        "mail_choices": MailChoice.choices,
    }
    return render(request, "account/home.html", context)


@require_POST
def preferences_set(request: HttpRequest) -> HttpResponse:
    """Store what was sent of theme, density, keys and mails; a value we do not offer changes nothing."""
    changed = chosen_preferences(request)
    if changed:
        User.objects.filter(pk=signed_in(request).pk).update(**changed)
    return redirect(safe_next(request, reverse("account")))


def chosen_preferences(request: HttpRequest) -> dict[str, str | bool]:
    chosen: dict[str, str | bool] = {}
    if (theme := request.POST.get("theme")) in Theme.values:
        chosen["theme"] = theme or ""
    if (density := request.POST.get("density")) in Density.values:
        chosen["density"] = density or ""
    if (keys := request.POST.get("keys")) in {"on", "off"}:
        chosen["keys_enabled"] = keys == "on"
    if (mails := request.POST.get("mails")) in MailChoice.values:
        chosen["mail_choice"] = mails or ""
    return chosen


class SessionList(ListUserSessionsView):
    """The person's sessions, each with its browser in words; POST ends all but this one."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        for session in context["sessions"]:
            session.browser = browser_words(session.user_agent)
        return context


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of the person's own other sessions; anyone else's does not exist for them."""
    session = UserSession.objects.filter(pk=pk, user=signed_in(request)).first()
    if session is None or session.is_current():
        raise Http404("No such session of yours.")
    session.end()
    messages.success(request, "That session is ended. Whoever used it has to sign in again.")
    return redirect("usersessions_list")


@require_http_methods(["GET", "POST"])
def resend(request: HttpRequest) -> HttpResponse:
    """Show the form that was kept, ready to send again; POST drops it."""
    if request.method == "POST":
        kept.forget(request)
        messages.info(request, "What you had typed is dropped.")
        return redirect("/")
    return render(request, "account/resend.html", {"post": kept.remembered(request), "is_stale": False})
