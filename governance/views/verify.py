"""What a digest or a PDF is: the form that asks for it, and the answer at an address of its own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from governance.forms.verify import VerifyForm
from governance.verifying import digits_of, file_named, look_up
from pmo.lib.errors import Refused


def verify_form(request: HttpRequest) -> HttpResponse:
    form = VerifyForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        named = f"?file={form.cleaned_data['file_sha256']}" if form.cleaned_data.get("file_sha256") else ""
        return redirect(reverse("governance:verify-digest", args=[form.cleaned_data["digest"]]) + named)
    return render(request, "governance/verify.html", {"form": form}, status=422 if form.errors else 200)


def verify_digest(request: HttpRequest, digest: str) -> HttpResponse:
    try:
        verdict = look_up(digits_of(digest), request.user)
    except Refused as refused:
        return render(request, "governance/verify_digest.html", {"digest": digest, "refusal": refused.sentence}, status=404)
    given = request.GET.get("file", "")
    file = file_named(given, verdict) if verdict and given else None
    context = {"digest": digest, "verdict": verdict, "file": file}
    return render(request, "governance/verify_digest.html", context, status=200 if verdict else 404)
