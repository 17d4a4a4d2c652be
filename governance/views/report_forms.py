from django.http import HttpRequest, HttpResponse


def report_new(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def report_edit(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def report_autosave(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def report_conflict(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def report_preview(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def report_submit(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def report_withdraw(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def report_correct(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def report_excuse(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def finding_answer(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError
