"""Who is on a project: the people who answer for it, and the team."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from pmo.lib.access import require, visible_or_404
from portfolio.forms.plans import MemberForm, MemberNewForm
from portfolio.models import ProjectMember
from portfolio.views.editing import EditView, FormView
from portfolio.views.loading import load_project, next_url
from portfolio.views.projects import project_crumbs


@require_GET
def member_list(request: HttpRequest, code: str) -> HttpResponse:
    project, access = load_project(request, code)
    members = list(project.memberships.select_related("user"))
    leading = [
        ("Sponsor", project.sponsor),
        ("Business owner", project.business_owner),
        ("Project manager", project.project_manager),
    ]
    context = {"project": project, "access": access, "members": members, "leading": leading, "tab": "people", "room": "People"}
    return render(
        request, "portfolio/member_list.html", {**context, "can_assign": access.can_assign_members and project.is_open}
    )


class MemberNewView(FormView):
    form_class = MemberNewForm
    title = "Add a person"
    submit = "Add"

    def prepare(self, **kwargs: Any) -> None:
        self.project, self.access = load_project(self.request, kwargs["code"], "can_assign_members")

    def form_options(self) -> dict[str, Any]:
        return {"project": self.project}

    def get_cancel_url(self) -> str:
        return reverse("portfolio:member-list", args=[self.project.code])

    def get_context(self) -> dict[str, Any]:
        return {"crumbs": [*project_crumbs(self.project), ("People", self.get_cancel_url())]}

    def save(self, form: Any) -> str:
        member = ProjectMember.add(project=self.project, by=self.request.user, **form.cleaned_data)
        self.done = f"{member.user} is on the team."
        return self.get_cancel_url()


class MemberEditView(EditView):
    form_class = MemberForm

    def prepare(self, **kwargs: Any) -> None:
        self.project, self.access = load_project(self.request, kwargs["code"], "can_assign_members")
        self.row = visible_or_404(
            ProjectMember.objects.select_related("user"), self.request.user, project=self.project, pk=kwargs["pk"]
        )
        self.title = f"Role of {self.row.user}"
        self.done = f"The role of {self.row.user} is saved."

    def target(self) -> str:
        return reverse("portfolio:member-list", args=[self.project.code])

    get_cancel_url = target

    def get_context(self) -> dict[str, Any]:
        return {**super().get_context(), "crumbs": [*project_crumbs(self.project), ("People", self.target())]}


@require_POST
def member_remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    project, access = load_project(request, code)
    require(access.can_assign_members)
    member = visible_or_404(ProjectMember.objects.select_related("user"), request.user, project=project, pk=pk)
    member.remove(by=request.user)
    messages.success(request, f"{member.user} is no longer on the team.")
    return redirect(next_url(request, reverse("portfolio:member-list", args=[code])))
