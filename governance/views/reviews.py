from django.http import HttpRequest, HttpResponse


def review_list(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def report_not_in(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def review_detail(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def review_public(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError
