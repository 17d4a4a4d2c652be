"""What projects did not keep: the list of findings, and closing one with evidence."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from governance.compliance import close_finding, require_closer
from governance.condition_tables import FindingFilters, finding_columns
from governance.forms.condition import CloseFindingForm
from governance.models import ComplianceFinding
from governance.models.versions import OFFICE_READERS
from pmo.accounts import signed_in
from pmo.lib.access import require, visible_or_404
from pmo.lib.errors import Refused
from pmo.lib.tables import Column
from pmo.lib.views import FilteredListView
from pmo.roles import Role
from portfolio.models import Project


class ComplianceListView(FilteredListView):
    list_name = "compliance"
    title = "Compliance findings"
    noun = "finding"
    template_name = "governance/compliance_list.html"
    filterset_class = FindingFilters
    default_order = "-opened"
    quick_views = (("Open", "is_open=yes"), ("Mine", "is_open=yes&mine=yes"), ("Closed", "is_open=no"))

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        user = signed_in(request)
        allowed = user.has_role(*OFFICE_READERS) or Project.objects.of(user).exists()
        require(allowed, "Findings are for the office and for whoever has a part in a project.")
        self.at = timezone.now()
        return super().get(request, **kwargs)

    def get_columns(self) -> list[Column]:
        user = signed_in(self.request)
        closes = user.has_role(Role.PMO_MANAGER) and not self.export
        return finding_columns(timezone.localdate(self.at), user if closes else None)

    def get_rows(self) -> QuerySet[ComplianceFinding]:
        rows = ComplianceFinding.objects.visible_to(self.request.user)
        return rows.select_related("project", "owner", "condition__project").distinct()


@require_http_methods(["GET", "POST"])
def compliance_close(request: HttpRequest, pk: int) -> HttpResponse:
    by = signed_in(request)
    rows = ComplianceFinding.objects.select_related("project", "condition__project", "owner").distinct()
    finding = visible_or_404(rows, by, pk=pk)
    try:
        require_closer(finding, by)
    except Refused as refused:
        require(False, refused.sentence)
    form = CloseFindingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            close_finding(finding, by=by, at=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "The finding is closed.")
            return redirect("governance:compliance-list")
    context = {
        "finding": finding,
        "form": form,
        "submit": "Close the finding",
        "cancel_url": reverse("governance:compliance-list"),
    }
    return render(request, "governance/compliance_close.html", context, status=422 if form.is_bound else 200)
