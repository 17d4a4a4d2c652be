"""Programs and departments: what groups the projects."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from pmo.lib.access import require
from pmo.lib.tables import Table
from pmo.models.calendar import office_calendar
from portfolio.access import PortfolioAccess
from portfolio.forms.projects import DepartmentForm, ProgramForm
from portfolio.models import Department, Program, Project
from portfolio.tables import project_columns
from portfolio.views.editing import EditView, FormView
from portfolio.views.tabs import portfolio_tabs

PROGRAM_COLUMNS = ("rating", "code", "name", "manager", "phase", "forecast_finish", "slip", "budget", "variance")


def portfolio_access(request: HttpRequest) -> PortfolioAccess:
    """Return what the person may do; 403 for those who have no working list."""
    access = PortfolioAccess(request.user)
    require(access.can_list, "Programs are for the office and for those who have a part in a project.")
    return access


@require_GET
def program_list(request: HttpRequest) -> HttpResponse:
    access = portfolio_access(request)
    seen = Q(projects__in=Project.objects.visible_to(request.user).active())
    programs = Program.objects.select_related("owner").annotate(open_projects=Count("projects", filter=seen, distinct=True))
    return render(
        request,
        "portfolio/program_list.html",
        {"programs": programs, "access": access, "tabs": portfolio_tabs(request.user, "program")},
    )


@require_GET
def program_detail(request: HttpRequest, code: str) -> HttpResponse:
    access = portfolio_access(request)
    program = get_object_or_404(Program.objects.select_related("owner"), code=code)
    rows = Project.objects.visible_to(request.user).filter(program=program).order_by("code")
    columns = [column for column in project_columns(request.user, office_calendar()) if column.key in PROGRAM_COLUMNS]
    unsorted = [column.without_sort() for column in columns]
    table = Table(unsorted, "", rows.select_related("department", "project_manager", "standing"))
    return render(request, "portfolio/program_detail.html", {"program": program, "table": table, "access": access})


class ProgramNewView(FormView):
    form_class = ProgramForm
    title = "New program"

    def prepare(self, **kwargs: Any) -> None:
        require(PortfolioAccess(self.request.user).can_edit_programs)

    def get_cancel_url(self) -> str:
        return reverse("portfolio:program-list")

    def get_context(self) -> dict[str, Any]:
        return {"crumbs": [("Programs", reverse("portfolio:program-list"))]}

    def save(self, form: Any) -> str:
        program = Program.enter(by=self.request.user, **form.values())
        self.done = f"The program {program} is there."
        return program.get_absolute_url()


class ProgramEditView(EditView):
    form_class = ProgramForm

    def prepare(self, **kwargs: Any) -> None:
        portfolio_access(self.request)
        self.row = get_object_or_404(Program, code=kwargs["code"])
        require(PortfolioAccess(self.request.user).can_edit_programs)
        self.title = f"Edit {self.row}"
        self.done = f"{self.row} is saved."

    def get_cancel_url(self) -> str:
        return self.target()

    def get_context(self) -> dict[str, Any]:
        crumbs = [("Programs", reverse("portfolio:program-list")), (str(self.row), self.target())]
        return {**super().get_context(), "crumbs": crumbs}


# Departments: a short list with a form beside it
class DepartmentListView(FormView):
    form_class = DepartmentForm
    template_name = "portfolio/department_list.html"
    title = "Departments"
    submit = "Add"

    def prepare(self, **kwargs: Any) -> None:
        require(PortfolioAccess(self.request.user).can_edit_programs)

    def get_context(self) -> dict[str, Any]:
        return {"departments": Department.objects.annotate(number=Count("projects"))}

    def save(self, form: Any) -> str:
        department = Department.enter(by=self.request.user, **form.values())
        self.done = f"{department} is added."
        return reverse("portfolio:department-list")


class DepartmentEditView(EditView):
    form_class = DepartmentForm

    def prepare(self, **kwargs: Any) -> None:
        require(PortfolioAccess(self.request.user).can_edit_programs)
        self.row = get_object_or_404(Department, pk=kwargs["pk"])
        self.title = f"Rename {self.row}"
        self.done = "The department is renamed."

    def target(self) -> str:
        return reverse("portfolio:department-list")

    get_cancel_url = target

    def get_context(self) -> dict[str, Any]:
        return {**super().get_context(), "crumbs": [("Departments", self.target())]}
