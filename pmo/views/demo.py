"""One-click sign-in as the people of the demo city; it does not exist unless demo mode is on."""

from __future__ import annotations

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from pmo.accounts import safe_next
from pmo.demo_personas import DEMO_PASSWORD, PERSONAS, Persona, persona_by_email
from pmo.models import User


def offered_personas() -> tuple[Persona, ...]:
    """Return whom the sign-in page offers: nobody, unless demo mode is on."""
    return PERSONAS if settings.DEMO else ()


def offered_password() -> str:
    """Return the one password of the demo people; empty unless demo mode is on."""
    return DEMO_PASSWORD if settings.DEMO else ""


@login_not_required
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as a persona of the list, and only of the list. 404 unless demo mode is on."""
    persona = persona_by_email(request.POST.get("email", "")) if settings.DEMO else None
    if persona is None:
        raise Http404("There is no demo sign-in here.")
    user = User.objects.filter(email=persona.email, is_active=True).first()
    if user is None:
        messages.error(request, f"{persona.name} is not in this database. Load the demo city with ./dev manage seed_demo.")
        return redirect("account_login")
    if request.user.is_authenticated and request.user.pk != user.pk:
        logout(request)
    response = perform_login(request, user, redirect_url=safe_next(request, reverse("home")))
    # Demo people have no password to be asked for: the first signatures of the visit count as confirmed.
    if request.user.is_authenticated:
        reauthenticate_by_password(request)
    return response
