from django.http import HttpRequest, HttpResponse


def rules_detail(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def thresholds_edit(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def clocks_edit(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def holiday_list(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def holiday_delete(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def checklist_edit(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError
