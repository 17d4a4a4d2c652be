"""The working list of projects."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from pmo.lib.access import require
from pmo.lib.tables import Column
from pmo.lib.views import FilteredListView
from pmo.models.calendar import office_calendar
from portfolio.access import PortfolioAccess
from portfolio.filters import ProjectFilters
from portfolio.models import Project
from portfolio.tables import project_columns
from portfolio.views.tabs import portfolio_tabs


class ProjectListView(FilteredListView):
    list_name = "projects"
    title = "Projects"
    noun = "project"
    filterset_class = ProjectFilters
    default_order = "code"
    template_name = "portfolio/project_list.html"
    quick_views = (
        ("Open", "status=active&status=on_hold"),
        ("Mine", "mine=yes"),
        ("Needs attention", "rating=R&rating=Y&sort=rating"),
    )

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        self.access = PortfolioAccess(request.user)
        require(
            self.access.can_list, "The working list of projects is for the office and for those who have a part in a project."
        )
        return super().get(request, **kwargs)

    def get_columns(self) -> list[Column]:
        return project_columns(self.request.user, office_calendar())

    def get_rows(self) -> QuerySet[Project]:
        return Project.objects.visible_to(self.request.user)

    def get_extra(self) -> dict[str, Any]:
        tabs = portfolio_tabs(self.request.user, "project")
        return {
            "tabs": tabs,
            "access": self.access,
            "choose": "row" if self.access.can_act_in_bulk else "",
            "bulk_form": "bulk",
        }
