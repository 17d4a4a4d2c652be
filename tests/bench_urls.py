"""The product's URLs and one page more: U, a minimal table of fifty rows from the database, the unit of the benchmark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import include, path

from portfolio.models import Project

FLOOR = Template(
    "<!doctype html><html lang=en><title>Floor</title><table>{% for row in rows %}"
    "<tr><td>{{ row.code }}</td><td>{{ row.name }}</td><td>{{ row.phase }}</td>"
    "<td>{{ row.baseline_finish_on|date:'D j M Y' }}</td><td>{{ row.forecast_finish_on|date:'D j M Y' }}</td>"
    "<td>{{ row.budget_amount }}</td><td>{{ row.forecast_amount }}</td></tr>{% endfor %}</table></html>"
)


def floor(request: HttpRequest) -> HttpResponse:
    rows = Project.objects.order_by("code")[:50]
    return HttpResponse(FLOOR.render(Context({"rows": rows})))


def count_queries(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Say in a header how many queries a request took, when it asks."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "HTTP_X_COUNT" not in request.META:
            return get_response(request)
        counted = [0]

        def count(execute: Any, *arguments: Any) -> Any:
            counted[0] += 1
            return execute(*arguments)

        with connection.execute_wrapper(count):
            response = get_response(request)
        response["X-Queries"] = str(counted[0])
        return response

    return middleware


urlpatterns = [path("bench-floor/", floor), path("", include("pmo.urls"))]
