"""Change requests, reading: across the portfolio, of one project, one request, its paper."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from governance.change_access import ChangeAccess, load_change, may_begin, may_list_changes
from governance.change_page import change_page, money
from governance.change_paper import pdf_of_change
from governance.change_room import room_page
from governance.change_tables import ChangeFilters, change_columns
from governance.forms.change import AssessForm, DecideForm, ReasonForm
from governance.models import ChangeRequest
from governance.record_copies import file_name, is_decided
from governance.review_access import OfficeAccess
from governance.states import Copy
from governance.views.baselines import may_correct
from governance.views.copies import as_pdf, cannot_print, serve_copy, serve_record_copy
from pmo.lib.access import require
from pmo.lib.pdf import PdfUnavailable
from pmo.lib.tables import Column
from pmo.lib.views import FilteredListView
from portfolio.views.loading import load_project


class ChangeListView(FilteredListView):
    list_name = "changes"
    title = "Change requests"
    noun = "change request"
    template_name = "governance/change_list.html"
    filterset_class = ChangeFilters
    default_order = "-begun"
    quick_views = (
        ("Waits for me", "waits=me"),
        ("Open", "state=submitted&state=assessed&state=deferred"),
        ("Approved", "state=approved"),
        ("New baselines", "baseline=new"),
    )

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        require(may_list_changes(request.user), "Change requests are for the office and those with a part in a project.")
        return super().get(request, **kwargs)

    def get_columns(self) -> list[Column]:
        return change_columns(self.request.user)

    def get_rows(self) -> QuerySet[ChangeRequest]:
        return ChangeRequest.objects.visible_to(self.request.user).select_related("project", "requested_by")

    def get_extra(self) -> dict[str, Any]:
        return {"office_access": OfficeAccess(self.request.user)}


class ChangeRoomView(ChangeListView):
    """The Changes room: the requests of one project, what they add up to, and how far it is off both baselines."""

    list_name = "project-changes"
    template_name = "governance/change_room.html"
    default_order = "-code"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        self.project, self.access = load_project(request, kwargs["code"], "can_see_changes")
        self.title = f"{self.project.code} change requests"
        return FilteredListView.get(self, request, **kwargs)

    def get_columns(self) -> list[Column]:
        return change_columns(self.request.user, in_project=True)

    def get_rows(self) -> QuerySet[ChangeRequest]:
        return super().get_rows().filter(project=self.project)

    def get_extra(self) -> dict[str, Any]:
        user, code = self.request.user, self.project.code
        begins = may_begin(self.project, user)
        return {
            "project": self.project,
            "access": self.access,
            "tab": "changes",
            "room": "Changes",
            "page": room_page(self.project, user, timezone.localdate()),
            "correct_url": reverse("governance:baseline-correct", args=[code]) if may_correct(self.project, user) else "",
            "new_url": reverse("governance:change-new", args=[code]) if begins else "",
        }


@require_GET
def change_detail(request: HttpRequest, code: str, number: int) -> HttpResponse:
    change, access = load_change(request, code, number)
    return show_change(request, change, access)


def reason_key(change: ChangeRequest) -> str:
    """Return under which name a reason is kept in the session while the password is asked for."""
    return f"change-reason-{change.pk}"


def assess_form(change: ChangeRequest, access: ChangeAccess, data: QueryDict | None = None) -> AssessForm:
    left = money(change.project, access.size.contingency_left) if access.can_see_money else ""
    return AssessForm(data, change=change, left=left)


def show_change(
    request: HttpRequest,
    change: ChangeRequest,
    access: ChangeAccess,
    *,
    forms: dict[str, Form] | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show the request; `forms` are those that were just sent, by name: assess, decide, reason."""
    page = change_page(change, access)
    kept = {"reason": request.session.get(reason_key(change), "")}
    offered: dict[str, Form] = {
        "assess": assess_form(change, access),
        "decide": DecideForm(initial=kept, prefix="decision"),
        "withdraw": ReasonForm(prefix="withdraw"),
        "resume": ReasonForm(prefix="resume"),
    }
    context = {"page": page, "change": change, "forms": {**offered, **(forms or {})}, "refused": refused}
    return render(request, "governance/change_detail.html", context, status=status)


@require_GET
def change_pdf(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Return the request on paper; that of a decided one is kept."""
    change, access = load_change(request, code, number)
    if is_decided(change):
        return serve_copy(request, change, Copy.READING, abridged=not access.can_see_money)
    try:
        return as_pdf(pdf_of_change(change, shows_money=access.can_see_money), file_name(change))
    except PdfUnavailable as error:
        return cannot_print(request, change, error)


@require_GET
def change_record_pdf(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Return the sealed record copy of a decided request."""
    change, access = load_change(request, code, number)
    return serve_record_copy(request, change, abridged=not access.can_see_money)
