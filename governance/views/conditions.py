"""Conditions: the list across the portfolio, one condition, and what each person may do with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from governance import conditions
from governance.condition_page import ConditionAccess, condition_page
from governance.condition_tables import ConditionFilters, condition_columns
from governance.forms.condition import ExtendConditionForm, GiveEvidenceForm, ReassignConditionForm, RefuseEvidenceForm
from governance.models import Condition
from pmo.accounts import signed_in
from pmo.lib.access import require, visible_or_404
from pmo.lib.errors import Refused
from pmo.lib.tables import Column
from pmo.lib.views import FilteredListView

#: What a row or a page of a condition reads.
JOINED = ("project__project_manager", "owner", "verifier", "version__deliverable__project", "gate_review__project")


class ConditionListView(FilteredListView):
    list_name = "conditions"
    title = "Conditions"
    noun = "condition"
    template_name = "governance/condition_list.html"
    filterset_class = ConditionFilters
    default_order = "due"
    quick_views = (
        ("Not met yet", "state=open&state=evidenced"),
        ("Overdue", "overdue=yes"),
        ("To be verified", "state=evidenced"),
        ("Mine", "mine=yes&state=open&state=evidenced"),
        ("Closed", "state=closed"),
    )

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        self.at = timezone.now()
        return super().get(request, **kwargs)

    def get_columns(self) -> list[Column]:
        return condition_columns(timezone.localdate(self.at))

    def get_rows(self) -> QuerySet[Condition]:
        rows = Condition.objects.visible_to(self.request.user).select_related(*JOINED)
        return rows.defer("version__content", "version__record", "gate_review__record").distinct()


def load_condition(request: HttpRequest, code: str, number: int, right: str = "") -> tuple[Condition, ConditionAccess]:
    rows = Condition.objects.select_related(*JOINED, "evidenced_by", "closed_by").distinct()
    condition = visible_or_404(rows, request.user, project__code=code, number=number)
    access = ConditionAccess(request.user, condition)
    if right:
        require(getattr(access, right), "This is for somebody else who has a part in the condition.")
    return condition, access


@require_GET
def condition_detail(request: HttpRequest, code: str, number: int) -> HttpResponse:
    condition, access = load_condition(request, code, number)
    return show_condition(request, condition, access)


def show_condition(
    request: HttpRequest, condition: Condition, access: ConditionAccess, *, form: Form | None = None, status: int = 200
) -> HttpResponse:
    page = condition_page(condition, access, timezone.localdate())
    offered = GiveEvidenceForm() if page.can_give_evidence else RefuseEvidenceForm() if page.can_verify else None
    return render(request, "governance/condition_detail.html", {"page": page, "form": form or offered}, status=status)


def _act(
    request: HttpRequest,
    place: tuple[str, int],
    right: str,
    verb: Callable[..., None],
    form: Form,
    done: str,
) -> HttpResponse:
    """Do one verb with what the form says, and answer with the page of the condition."""
    condition, access = load_condition(request, *place, right)
    if not form.is_valid():
        return show_condition(request, condition, access, form=form, status=422)
    try:
        verb(condition, by=signed_in(request), at=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, refused)
        return show_condition(request, load_condition(request, *place)[0], access, form=form, status=409)
    messages.success(request, done)
    return redirect(condition)


@require_POST
def condition_evidence(request: HttpRequest, code: str, number: int) -> HttpResponse:
    form = GiveEvidenceForm(request.POST, request.FILES)
    return _act(request, (code, number), "may_give_evidence", conditions.give_evidence, form, "The verifier is told.")


@require_POST
def condition_close(request: HttpRequest, code: str, number: int) -> HttpResponse:
    return _act(request, (code, number), "may_verify", conditions.close, Form(request.POST), "The condition is closed.")


@require_POST
def condition_refuse(request: HttpRequest, code: str, number: int) -> HttpResponse:
    form = RefuseEvidenceForm(request.POST)
    return _act(request, (code, number), "may_verify", conditions.refuse_evidence, form, "The owner is told what is missing.")


@require_http_methods(["GET", "POST"])
def condition_extend(request: HttpRequest, code: str, number: int) -> HttpResponse:
    condition, _ = load_condition(request, code, number, "may_change_terms")
    form = ExtendConditionForm(request.POST if request.method == "POST" else None)
    words = {"heading": "Set a later date", "submit": "Extend", "done": "The new date is set."}
    return _change_terms(request, condition, conditions.extend, form, words)


@require_http_methods(["GET", "POST"])
def condition_reassign(request: HttpRequest, code: str, number: int) -> HttpResponse:
    condition, _ = load_condition(request, code, number, "may_change_terms")
    form = ReassignConditionForm(request.POST if request.method == "POST" else None, condition=condition)
    words = {"heading": "Choose owner and verifier", "submit": "Reassign", "done": "Both are told."}
    return _change_terms(request, condition, conditions.reassign, form, words)


def _change_terms(
    request: HttpRequest, condition: Condition, verb: Callable[..., None], form: Form, words: dict[str, str]
) -> HttpResponse:
    if form.is_valid():
        try:
            verb(condition, by=signed_in(request), at=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, words["done"])
            return redirect(condition)
    context = {"condition": condition, "form": form, "cancel_url": condition.get_absolute_url(), **words}
    return render(request, "governance/condition_terms.html", context, status=422 if form.is_bound else 200)
