from django.http import HttpRequest, HttpResponse


def report_list(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def report_detail(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def report_version(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def report_pdf(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def report_why(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError
