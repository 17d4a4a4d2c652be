"""What a digest or a PDF is: the form that asks for it, and the answer at an address of its own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from governance.forms.verify import VerifyForm
from governance.verifying import digits_of, look_up
from pmo.lib.errors import Refused


def verify_form(request: HttpRequest) -> HttpResponse:
    form = VerifyForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return redirect("governance:verify-digest", form.cleaned_data["digest"])
    return render(request, "governance/verify.html", {"form": form}, status=422 if form.errors else 200)


def verify_digest(request: HttpRequest, digest: str) -> HttpResponse:
    try:
        verdict = look_up(digits_of(digest), request.user)
    except Refused as refused:
        return render(request, "governance/verify_digest.html", {"digest": digest, "refusal": refused.sentence}, status=404)
    return render(
        request, "governance/verify_digest.html", {"digest": digest, "verdict": verdict}, status=200 if verdict else 404
    )
