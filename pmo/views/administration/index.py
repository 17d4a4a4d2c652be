"""The front page of Administration."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from pmo.accounts import signed_in
from pmo.administration.access import require_reader
from pmo.administration.index import places_for


@require_GET
def administration(request: HttpRequest) -> HttpResponse:
    access = require_reader(request.user)
    return render(request, "pmo/administration.html", {"sections": places_for(signed_in(request)), "access": access})
