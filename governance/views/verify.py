from django.http import HttpRequest, HttpResponse


def verify_form(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def verify_digest(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError
