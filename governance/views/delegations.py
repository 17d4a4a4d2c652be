from django.http import HttpRequest, HttpResponse


def delegation_list(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def delegation_new(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def delegation_revoke(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError
