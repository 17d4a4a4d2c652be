"""The list of reports that are not in."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from governance.clock import Office
from governance.models import Deliverable
from governance.not_in import NotInFilters, not_in_columns, reports_not_in
from governance.queue import next_report_due
from governance.review_access import OfficeAccess
from pmo.lib.access import require
from pmo.lib.tables import Column
from pmo.lib.views import FilteredListView


class ReportsNotInView(FilteredListView):
    list_name = "reports-not-in"
    title = "Reports not in"
    noun = "report"
    template_name = "governance/not_in.html"
    filterset_class = NotInFilters
    default_order = "due"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        self.access = OfficeAccess(request.user)
        require(self.access.can_see_not_in, "The list of reports not in is for the office.")
        self.at = timezone.now()
        return super().get(request, **kwargs)

    def get_columns(self) -> list[Column]:
        return not_in_columns(Office.load(), self.at, can_excuse=self.access.can_excuse and not self.export)

    def get_rows(self) -> QuerySet[Deliverable]:
        return reports_not_in(self.request.user, self.at)

    def get_extra(self) -> dict[str, Any]:
        return {"next_due": next_report_due(self.at)}
