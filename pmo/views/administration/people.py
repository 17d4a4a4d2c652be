"""The list of people who may sign in, and the page of one of them."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from pmo.accounts import signed_in
from pmo.administration.access import require_reader
from pmo.administration.filters import PersonFilters
from pmo.administration.person_page import person_page
from pmo.administration.tables import person_columns
from pmo.lib.tables import Column
from pmo.lib.views import FilteredListView
from pmo.models import User
from portfolio.states import ProjectStatus

RUNNING = Count(
    "managed_projects",
    filter=Q(managed_projects__status__in=[ProjectStatus.ACTIVE, ProjectStatus.ON_HOLD]),
)


class PersonListView(FilteredListView):
    list_name = "people"
    title = "People"
    noun = "account"
    filterset_class = PersonFilters
    default_order = "name"
    template_name = "pmo/administration_people.html"
    quick_views = (
        ("May sign in", "active=yes"),
        ("No role", "role=none&active=yes"),
        ("Never signed in", "seen=no&active=yes"),
        ("Deactivated", "active=no"),
    )

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        self.access = require_reader(request.user)
        return super().get(request, **kwargs)

    def get_columns(self) -> list[Column]:
        return person_columns()

    def get_rows(self) -> QuerySet[User]:
        return User.objects.annotate(running_projects=RUNNING).prefetch_related("groups")

    def get_extra(self) -> dict[str, Any]:
        return {"access": self.access}


@require_GET
def person_detail(request: HttpRequest, pk: int) -> HttpResponse:
    access = require_reader(request.user)
    person = get_object_or_404(User, pk=pk)
    page = person_page(
        person,
        reader=signed_in(request),
        reach=access.reach(person),
        on=timezone.localdate(),
        number=request.GET.get("page"),
    )
    context = {"page": page, "person": person, "access": access, "can_keep": access.can_keep(person)}
    return render(request, "pmo/administration_person.html", context)
