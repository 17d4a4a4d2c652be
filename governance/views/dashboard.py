from django.http import HttpRequest, HttpResponse


def dashboard(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def dashboard_csv(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def dashboard_xlsx(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def dashboard_json(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def dashboard_pdf(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError


def dashboard_changes(request: HttpRequest, **where: object) -> HttpResponse:
    raise NotImplementedError
