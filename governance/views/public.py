from django.http import HttpRequest, HttpResponse


def public_project(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def public_report(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def public_report_pdf(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def public_why(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError
