"""Productivity standards: the list, one standard with its trend, figures and their corrections."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from governance import measuring
from governance.forms.policies import CorrectMeasurementForm, MeasureForm, StandardForm
from governance.models import ProductivityStandard, StandardMeasurement
from governance.policy_tabs import RulebookAccess, rulebook_tabs
from governance.standard_page import standard_page
from governance.standard_tables import (
    MeasurementFilters,
    StandardFilters,
    measurement_columns,
    standard_columns,
    standard_rows,
)
from pmo.lib.access import require, visible_or_404
from pmo.lib.tables import Column
from pmo.lib.views import FilteredListView
from portfolio.views.editing import EditView, FormView

READERS_ONLY = "Standards are for the office and for those who have a part in a project."
MEASURERS_ONLY = "The owner of the standard and the PMO manager record its figures."
WRITERS_ONLY = "The PMO manager sets the standards."


class _ReadersList(FilteredListView):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        self.access = RulebookAccess(request.user)
        require(self.access.can_read, READERS_ONLY)
        return super().get(request, **kwargs)

    def get_extra(self) -> dict[str, Any]:
        return {"tabs": rulebook_tabs(self.request.user, "standard"), "access": self.access}


class StandardListView(_ReadersList):
    list_name = "standards"
    title = "Productivity standards"
    noun = "standard"
    template_name = "governance/standard_list.html"
    filterset_class = StandardFilters
    default_order = "code"
    quick_views = (("Missed", "result=missed"), ("Missed twice running", "result=running"), ("Met", "result=met"))

    def get_columns(self) -> list[Column]:
        return standard_columns()

    def get_rows(self) -> QuerySet[ProductivityStandard]:
        return standard_rows(self.request.user)


class MeasurementListView(_ReadersList):
    list_name = "measurements"
    title = "Figures of the standards"
    noun = "figure"
    template_name = "governance/measurement_list.html"
    filterset_class = MeasurementFilters
    default_order = "-period"

    def get_columns(self) -> list[Column]:
        return measurement_columns()

    def get_rows(self) -> QuerySet[StandardMeasurement]:
        return StandardMeasurement.objects.visible_to(self.request.user).select_related("standard", "measured_by")


def load_standard(request: HttpRequest, code: str) -> ProductivityStandard:
    return visible_or_404(ProductivityStandard.objects.select_related("owner"), request.user, code=code)


@require_GET
def standard_detail(request: HttpRequest, code: str) -> HttpResponse:
    page = standard_page(load_standard(request, code), request.user)
    return render(request, "governance/standard_detail.html", {"page": page})


class StandardNewView(FormView):
    form_class = StandardForm
    title = "New standard"
    done = "The standard is set. Record its first figure when a period is over."

    def prepare(self, **kwargs: Any) -> None:
        require(RulebookAccess(self.request.user).can_write, WRITERS_ONLY)

    def get_cancel_url(self) -> str:
        return reverse("governance:standard-list")

    def get_context(self) -> dict[str, Any]:
        return {"crumbs": [("Standards", self.get_cancel_url())]}

    def save(self, form: Any) -> str:
        return measuring.open_standard(by=self.request.user, **form.values()).get_absolute_url()


class StandardEditView(EditView):
    form_class = StandardForm

    def prepare(self, **kwargs: Any) -> None:
        self.row = load_standard(self.request, kwargs["code"])
        require(RulebookAccess(self.request.user).can_write, WRITERS_ONLY)
        self.title = f"Edit {self.row.code}"
        self.done = f"{self.row.code} is saved."

    def get_cancel_url(self) -> str:
        return self.target()

    def get_context(self) -> dict[str, Any]:
        return {**super().get_context(), "crumbs": _crumbs(self.row)}


def _crumbs(standard: ProductivityStandard) -> list[tuple[str, str]]:
    return [("Standards", reverse("governance:standard-list")), (standard.code, standard.get_absolute_url())]


class MeasureView(FormView):
    form_class = MeasureForm
    submit = "Record"

    def prepare(self, **kwargs: Any) -> None:
        self.standard = load_standard(self.request, kwargs["code"])
        require(measuring.may_measure(self.standard, self.request.user), MEASURERS_ONLY)
        self.title = f"{self.standard.code}: record a figure"
        self.done = "The figure is recorded."

    def get_cancel_url(self) -> str:
        return self.standard.get_absolute_url()

    def get_context(self) -> dict[str, Any]:
        note = f"{self.standard.statement} {self.standard.how_measured}"
        return {"crumbs": _crumbs(self.standard), "note": note}

    def save(self, form: Any) -> str:
        measuring.measure(self.standard, by=self.request.user, at=timezone.now(), **form.values())
        return self.standard.get_absolute_url()


class MeasurementCorrectView(EditView):
    form_class = CorrectMeasurementForm

    def prepare(self, **kwargs: Any) -> None:
        rows = StandardMeasurement.objects.select_related("standard")
        self.row = visible_or_404(rows, self.request.user, standard__code=kwargs["code"], pk=kwargs["pk"])
        require(measuring.may_measure(self.row.standard, self.request.user), MEASURERS_ONLY)
        self.title = f"{self.row.standard.code}: correct the figure of the period to {self.row.period_end_on:%d %b %Y}"
        self.submit = "Correct"
        self.done = "The figure is corrected; the earlier one stays in the history."

    def get_cancel_url(self) -> str:
        return self.target()

    def get_context(self) -> dict[str, Any]:
        return {**super().get_context(), "crumbs": _crumbs(self.row.standard)}
