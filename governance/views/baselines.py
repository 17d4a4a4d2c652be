"""Correcting a typing error in what was agreed for a project: the executive alone, and what was typed first stays."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from governance.forms.baseline import CorrectBaselineForm
from pmo.accounts import signed_in
from pmo.lib.access import require
from pmo.lib.errors import Refused
from pmo.roles import Role
from portfolio.models import Baseline, Project
from portfolio.models.baselines import correct
from portfolio.views.loading import load_project

FOR_WHOM = "The executive corrects a typing error; everything else is a change request."


def may_correct(project: Project, user: Any) -> bool:
    return project.is_open and bool(user.has_role(Role.EXECUTIVE)) and project.project_manager_id != user.pk


@require_http_methods(["GET", "POST"])
def baseline_correct(request: HttpRequest, code: str) -> HttpResponse:
    project, access = load_project(request, code, "can_see_changes")
    require(may_correct(project, signed_in(request)), FOR_WHOM)
    current = Baseline.objects.current_of(project)
    if current is None:
        messages.info(request, "Nothing was agreed yet, so there is nothing to correct.")
        return redirect("governance:change-room", project.code)
    form = CorrectBaselineForm(request.POST or None, baseline=current)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        given = {"figures": form.figures(), "dates": form.dates(), "reason": reason}
        try:
            row = correct(project, by=signed_in(request), at=timezone.now(), **given)
        except Refused as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, f"{row.name} is corrected. What was typed first stands beside it.")
            return redirect("governance:change-room", project.code)
    context = {"project": project, "access": access, "baseline": current, "form": form}
    return render(request, "governance/baseline_correct.html", context, status=422 if form.is_bound else 200)
