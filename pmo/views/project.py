from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


def project_overview(request: HttpRequest, code: str) -> HttpResponse:
    return redirect("governance:dashboard")
