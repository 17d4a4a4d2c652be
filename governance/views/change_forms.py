"""Change requests, writing: a new draft, editing it, and the limits of who decides."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from governance import change_requests
from governance.change_access import load_change
from governance.change_conflicts import Edited, edited
from governance.change_page import limit_pairs
from governance.change_requests import may_request, options_mark, options_of
from governance.change_states import ChangeState
from governance.forms.change import ChangeForm, ChangeLimitsForm, with_row_added, with_row_removed
from governance.models import ChangeLimits, ChangeRequest
from governance.rule_changes import set_change_limits
from governance.views.rules import may_edit, may_read
from pmo.accounts import signed_in
from pmo.lib.access import require
from pmo.lib.errors import Refused
from pmo.models.revising import Stale
from portfolio.views.editing import add_errors, opened_version
from portfolio.views.loading import load_project

TITLE_MISSING = "Give the change a title; a draft needs nothing else."


def rows_asked(request: HttpRequest) -> QueryDict | None:
    """Return what was sent with a row more or less, when that was the button; else None."""
    if "add" in request.POST:
        return with_row_added(request.POST)
    if "remove" in request.POST:
        return with_row_removed(request.POST, request.POST["remove"])
    return None


@require_http_methods(["GET", "POST"])
def change_new(request: HttpRequest, code: str) -> HttpResponse:
    project, access = load_project(request, code)
    require(may_request(project, signed_in(request)), "Changes are asked for by those who have a part in the project.")
    context: dict[str, Any] = {"project": project, "access": access}
    changed = rows_asked(request)
    if changed is not None or request.method == "GET":
        return form_page(request, ChangeForm(changed, project=project), context)
    form = ChangeForm(request.POST, project=project)
    if not form.is_valid():
        return form_page(request, form, context, status=422)
    by, at = signed_in(request), timezone.now()
    values = form.values()
    try:
        change = change_requests.begin(project, by=by, at=at, title=values.pop("title"))
        change_requests.edit(change, by=by, changes=values, options=form.options())
    except ValidationError as error:
        add_errors(form, error)
        return form_page(request, form, context, status=422)
    return after_saving(request, change)


def after_saving(request: HttpRequest, change: ChangeRequest) -> HttpResponse:
    """Submit the draft when that was the button; whatever stands in the way is listed on its page with links."""
    if request.POST.get("then") != "submit":
        messages.success(request, f"{change.code} is kept as a draft.")
        return redirect(change)
    try:
        change_requests.submit(change, by=signed_in(request), at=timezone.now())
    except Refused as refused:
        messages.warning(request, f"{change.code} is kept as a draft, and not submitted. {refused.sentence}")
        return redirect("governance:change-edit", change.project.code, change.number)
    messages.success(request, "The request waits for its assessment.")
    return redirect(change)


@require_http_methods(["GET", "POST"])
def change_edit(request: HttpRequest, code: str, number: int) -> HttpResponse:
    change, access = load_change(request, code, number, "can_write")
    if change.state != ChangeState.DRAFT:
        messages.info(request, "The request was submitted, so its words stand. Withdraw it and begin another.")
        return redirect(change)
    context = {"project": change.project, "access": access, "change": change}
    stored = options_of(change)
    changed = rows_asked(request)
    data = changed if changed is not None else request.POST or None
    # A copy, because a form writes what was typed into the row that it is given.
    instance = ChangeRequest.objects.get(pk=change.pk)
    form = ChangeForm(data, project=change.project, options=stored, instance=instance)
    if changed is not None or request.method == "GET":
        return form_page(request, form, context)
    if not form.is_valid():
        return form_page(request, form, context, status=422)
    return store(request, change, form, context)


def store(request: HttpRequest, change: ChangeRequest, form: ChangeForm, context: dict[str, Any]) -> HttpResponse:
    """Store what was typed, unless somebody else changed the same meanwhile: then both stand side by side."""
    found = edited(change, form, request.POST, opened_version(request))
    if found.merged.conflicts or found.options_met:
        return conflict_page(request, change, form, found)
    by = signed_in(request)
    try:
        change_requests.edit(
            change,
            by=by,
            changes=found.changes,
            options=found.options,
            version=change.version(),
            options_seen=found.mark,
        )
    except Stale:
        change.refresh_from_db()
        return conflict_page(request, change, form, edited(change, form, request.POST, opened_version(request)))
    except ValidationError as error:
        add_errors(form, error)
        return form_page(request, form, context, status=422)
    return after_saving(request, change)


def conflict_page(request: HttpRequest, change: ChangeRequest, form: ChangeForm, found: Edited) -> HttpResponse:
    context = {
        "form": form,
        "found": found,
        "merged": found.merged,
        "row": change,
        "version": change.version(),
        "mark": options_mark(change),
        "then": request.POST.get("then", ""),
    }
    return render(request, "governance/change_conflict.html", context, status=409)


def form_page(request: HttpRequest, form: ChangeForm, context: dict[str, Any], status: int = 200) -> HttpResponse:
    change: ChangeRequest | None = context.get("change")
    sent = request.method == "POST"
    shown = {
        "form": form,
        # What the person had before them stays what it was when rows are added or removed.
        "version": request.POST.get("version") if sent else change.version() if change else 0,
        "mark": request.POST.get("options_seen", "") if sent else options_mark(change) if change else "",
        "stands_in_the_way": change_requests.problems(change, options_of(change)) if change and not sent else [],
    }
    return render(request, "governance/change_form.html", {**context, **shown}, status=status)


@require_http_methods(["GET", "POST"])
def change_limits(request: HttpRequest) -> HttpResponse:
    """The limits of who decides on a change: everybody who is measured by them reads them, the PMO manager changes them."""
    access = may_read(request)
    limits = ChangeLimits.current()
    form = ChangeLimitsForm(request.POST or None, instance=ChangeLimits.current())
    if request.method == "POST":
        may_edit(request)
        if form.is_valid():
            try:
                set_change_limits(form.instance, by=signed_in(request), reason=form.cleaned_data["reason"])
            except Refused as refused:
                form.add_error(None, refused)
            else:
                messages.success(request, "The limits are changed. Open requests are measured by them at once.")
                return redirect("governance:change-limits")
    history = ChangeLimits.history.select_related("history_user").order_by("-history_date")[:12]
    context = {
        "form": form if access.can_edit_rules else None,
        "pairs": limit_pairs(limits.as_sizes()),
        "changes": [(row, limit_pairs(row)) for row in history],
    }
    return render(request, "governance/rules_change_limits.html", context, status=422 if form.is_bound else 200)
