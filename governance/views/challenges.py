from django.http import HttpRequest, HttpResponse


def challenge_list(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def challenge_detail(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def challenge_answer(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def challenge_rule(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError
