"""The figures that the office sets: one page to read them, one form for each sort."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from governance.forms.rules import (
    ClocksForm,
    HolidayForm,
    QuestionFormSet,
    ThresholdsForm,
    question_rows,
    questions_in,
)
from governance.models import ChecklistItem, ReportingRules, ThresholdSet
from governance.models.templates import DOCUMENT_KINDS
from governance.review_access import OfficeAccess
from governance.rule_changes import (
    add_holiday,
    limits_in,
    remove_holiday,
    set_checklist,
    set_clocks,
    set_thresholds,
)
from governance.rules_page import CHECKLIST_KINDS, rules_page
from governance.states import Kind
from pmo.accounts import signed_in
from pmo.lib.access import require
from pmo.lib.errors import Refused
from pmo.models.calendar import CityHoliday
from portfolio.models.projects import manages_any_project

READERS_ONLY = "The rules are for the office and for project managers."
MAKERS_ONLY = "The PMO manager changes the rules."


def may_read(request: HttpRequest) -> OfficeAccess:
    access = OfficeAccess(request.user)
    require(access.reads_all or manages_any_project(request.user), READERS_ONLY)
    return access


def may_edit(request: HttpRequest) -> OfficeAccess:
    access = may_read(request)
    require(access.can_edit_rules, MAKERS_ONLY)
    return access


@require_GET
def rules_detail(request: HttpRequest) -> HttpResponse:
    access = may_read(request)
    return render(request, "governance/rules_detail.html", {"page": rules_page(timezone.localdate()), "access": access})


@require_http_methods(["GET", "POST"])
def thresholds_edit(request: HttpRequest) -> HttpResponse:
    may_edit(request)
    newest = ThresholdSet.objects.first()
    form = ThresholdsForm(request.POST or None, limits=limits_in(newest))
    if request.method == "POST" and form.is_valid():
        try:
            made = set_thresholds(form.limits(), by=request.user, reason=form.cleaned_data["reason"], at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, f"Version {made.version} is in force.")
            return redirect("governance:rules-detail")
    context = {"form": form, "next_version": (newest.version if newest else 0) + 1}
    return render(request, "governance/rules_thresholds.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def clocks_edit(request: HttpRequest) -> HttpResponse:
    may_edit(request)
    form = ClocksForm(request.POST or None, instance=ReportingRules.current())
    if request.method == "POST" and form.is_valid():
        set_clocks(form.instance, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, "The clocks are changed.")
        return redirect("governance:rules-detail")
    return render(request, "governance/rules_clocks.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def holiday_list(request: HttpRequest) -> HttpResponse:
    """List the days on which the city's calendar differs; POST adds one."""
    access = may_read(request)
    form = HolidayForm(request.POST or None)
    if request.method == "POST":
        require(access.can_edit_rules, MAKERS_ONLY)
        if form.is_valid():
            add_holiday(form.instance, by=signed_in(request))
            messages.success(request, f"{form.instance.name} is in the calendar.")
            return redirect("governance:holiday-list")
    today = timezone.localdate()
    days = CityHoliday.objects.all()
    context = {
        "form": form if access.can_edit_rules else None,
        "ahead": days.filter(on__gte=today).order_by("on"),
        "over": days.filter(on__lt=today)[:50],
        "access": access,
    }
    return render(request, "governance/rules_holidays.html", context, status=422 if form.is_bound else 200)


@require_POST
def holiday_delete(request: HttpRequest, pk: int) -> HttpResponse:
    may_edit(request)
    holiday = get_object_or_404(CityHoliday, pk=pk)
    try:
        remove_holiday(holiday, by=signed_in(request), on=timezone.localdate())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, f"{holiday.name} is taken out of the calendar.")
    return redirect("governance:holiday-list")


@require_http_methods(["GET", "POST"])
def checklist_edit(request: HttpRequest) -> HttpResponse:
    """Show and change the checklist of one kind, that of `?kind=`, by default of a status report."""
    may_edit(request)
    kind = request.GET.get("kind", Kind.STATUS_REPORT)
    if kind not in CHECKLIST_KINDS:
        raise Http404("This kind is not reviewed with a checklist.")
    items = ChecklistItem.objects.filter(kind=kind).order_by("-is_active", "position", "pk")
    formset = QuestionFormSet(request.POST or None, initial=question_rows(items))
    refused_words = ""
    if request.method == "POST" and formset.is_valid():
        try:
            set_checklist(questions_in(formset), by=signed_in(request), kind=kind)
        except Refused as refused:
            refused_words = refused.sentence
        else:
            messages.success(request, "The checklist is changed. Open reviews ask the new questions.")
            return redirect("governance:rules-detail")
    context = {
        "formset": formset,
        "refused": refused_words,
        "kind": Kind(kind),
        "kinds": CHECKLIST_KINDS,
        "must_hold": kind in DOCUMENT_KINDS,
    }
    return render(request, "governance/rules_checklist.html", context, status=422 if formset.is_bound else 200)
