"""What a stale form token gets: its words back where the form is ours, a plain refusal where it is not."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from pmo import kept
from pmo.middleware import signed_out_page


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403, or 401 to someone signed out. Only a form sent from a page of ours is shown, ready to send again."""
    if kept.is_from_script(request):
        return JsonResponse({"code": "stale_token"}, status=403)
    if not kept.is_from_our_page(request):
        return render(request, "account/refused.html", {"is_ours": False}, status=403)
    if not request.user.is_authenticated and kept.may_be_kept(request):
        return signed_out_page(request)
    post = kept.kept_from(request)
    template = "account/resend.html" if post else "account/refused.html"
    return render(request, template, {"post": post, "is_stale": True, "is_ours": True}, status=403)
