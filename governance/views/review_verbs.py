from django.http import HttpRequest, HttpResponse


def review_accept_many(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def review_notes(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def review_accept(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def review_return(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def finding_new(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def finding_close(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def finding_reopen(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError
