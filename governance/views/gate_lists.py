"""Gates across the portfolio: the calendar as a list and by month, how long from gate to gate; the waivers."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from governance import waivers
from governance.access import PublishedAccess
from governance.forms.gate import WaiverForm, waiver_choices
from governance.gate_authority import GateAccess
from governance.gate_calendar import by_month
from governance.gate_rule_history import waiver_events
from governance.gate_states import Gate, GateState
from governance.gate_tables import (
    GateFilters,
    WaiverFilters,
    calendar_rows,
    gate_columns,
    waiver_columns,
    waiver_rows,
)
from governance.models import GateReview, Waiver
from pmo.accounts import signed_in
from pmo.lib.access import require, visible_or_404
from pmo.lib.tables import Column
from pmo.lib.views import FilteredListView
from pmo.models.calendar import office_calendar
from portfolio.access import PortfolioAccess
from portfolio.forms.base import ReasonForm
from portfolio.models import Project
from portfolio.views.editing import FormView
from portfolio.views.loading import load_project
from portfolio.views.projects import project_crumbs

FOR_WHOM = "Gates are for those who have a part in a project, and for the office."
WAIVES = "The PMO manager or the executive grants and revokes waivers, never for a project of their own."


def may_read(request: HttpRequest) -> None:
    require(PublishedAccess(request.user).has_working_pages, FOR_WHOM)


class GateListView(FilteredListView):
    list_name = "gates"
    title = "Gates"
    noun = "gate"
    template_name = "governance/gate_list.html"
    filterset_class = GateFilters
    default_order = "state"
    quick_views = (
        ("Overdue", "when=late"),
        ("Ahead", "when=ahead"),
        ("Not planned yet", "when=expected&sort=next"),
        ("Decided", "when=decided&sort=-held"),
    )

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        may_read(request)
        self.today = timezone.localdate()
        return super().get(request, **kwargs)

    def get_columns(self) -> list[Column]:
        return gate_columns(self.today, office_calendar())

    def get_rows(self) -> QuerySet[Any]:
        rows = GateReview.objects.visible_to(self.request.user).select_related("project__project_manager", "decided_by")
        return calendar_rows(rows, self.today)

    def get_extra(self) -> dict[str, Any]:
        return {"can_import": PortfolioAccess(self.request.user).can_import}


@require_GET
def gate_months(request: HttpRequest) -> HttpResponse:
    """Show the calendar month by month: what is overdue first, then the last quarter and the year ahead."""
    may_read(request)
    today = timezone.localdate()
    own = GateReview.objects.visible_to(request.user).filter(kind_in_source="").select_related("project__project_manager")
    rows = calendar_rows(own, today).order_by("counts_on", "project__code")
    late = rows.filter(rank=0)
    months = by_month(rows, own, today)
    context = {"late": late, "months": months, "today": today, "this_month": today.replace(day=1)}
    return render(request, "governance/gate_months.html", context)


class WaiverListView(FilteredListView):
    list_name = "waivers"
    title = "Waivers"
    noun = "waiver"
    template_name = "governance/waiver_list.html"
    filterset_class = WaiverFilters
    default_order = "state"
    quick_views = (("In force", "when=force"), ("End soon", "when=soon"), ("Ended", "when=over"))

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        may_read(request)
        return super().get(request, **kwargs)

    def get_columns(self) -> list[Column]:
        return waiver_columns()

    def get_rows(self) -> QuerySet[Any]:
        rows = Waiver.objects.visible_to(self.request.user).select_related("project", "granted_by", "condition")
        return waiver_rows(rows, timezone.localdate())

    def get_extra(self) -> dict[str, Any]:
        return {"events": waiver_events(Q(project__in=Project.objects.visible_to(self.request.user)))}


class WaiverNewView(FormView):
    form_class = WaiverForm
    title = "Grant a waiver"
    submit = "Grant"
    done = "The waiver is in force."

    def prepare(self, **kwargs: Any) -> None:
        self.project, _ = load_project(self.request, kwargs["code"])
        require(GateAccess(self.request.user, self.project).can_waive, WAIVES)
        asked = self.request.GET.get("gate") or self.request.POST.get("gate", "")
        planned = self.project.gate_reviews.filter(state=GateState.PLANNED).order_by("gate").first()
        self.gate = asked if asked in Gate.values else planned.gate if planned else Gate.G1.value
        self.choices = waiver_choices(self.project, self.gate, timezone.localdate())

    def form_options(self) -> dict[str, Any]:
        asked = self.request.GET
        return {"choices": self.choices, "initial": {"gate": self.gate, "waived": asked.get("waived", "")}}

    def get_cancel_url(self) -> str:
        return reverse("governance:gate-room", args=[self.project.code])

    def get_context(self) -> dict[str, Any]:
        note = "Until that day the gate may be passed without it. Everybody who sees the project reads who waived it, and why."
        return {"crumbs": [*project_crumbs(self.project), ("Gates", self.get_cancel_url())], "note": note}

    def save(self, form: Any) -> str:
        by = signed_in(self.request)
        waiver = waivers.grant_waiver(self.project, by=by, at=timezone.now(), **form.terms(self.project))
        return reverse("governance:gate-readiness", args=[self.project.code, waiver.gate])


class WaiverRevokeView(FormView):
    form_class = ReasonForm
    template_name = "governance/waiver_revoke.html"
    title = "Revoke a waiver"
    submit = "Revoke it"
    done = "The waiver is revoked."

    def prepare(self, **kwargs: Any) -> None:
        rows = Waiver.objects.select_related("project__project_manager", "granted_by", "condition")
        self.waiver = visible_or_404(rows, self.request.user, pk=kwargs["pk"])
        require(GateAccess(self.request.user, self.waiver.project).can_waive, WAIVES)

    def get_cancel_url(self) -> str:
        return reverse("governance:waiver-list")

    def get_context(self) -> dict[str, Any]:
        return {"waiver": self.waiver, "events": waiver_events(Q(project_id=self.waiver.project_id))}

    def save(self, form: Any) -> str:
        by = signed_in(self.request)
        waivers.revoke_waiver(self.waiver, by=by, at=timezone.now(), reason=form.cleaned_data["reason"])
        return reverse("governance:gate-readiness", args=[self.waiver.project.code, self.waiver.gate])
