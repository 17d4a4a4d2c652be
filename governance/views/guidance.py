"""Guidance: across the portfolio, in a project, one note with its answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from governance import guiding
from governance.forms.guidance import GuidanceForm, SettleGuidanceForm
from governance.guidance_tables import GuidanceFilters, guidance_columns
from governance.models import GuidanceNote
from governance.policy_states import OUTCOMES, GuidanceState
from governance.policy_tabs import RulebookAccess, project_tabs, rulebook_tabs
from pmo.accounts import signed_in
from pmo.lib import markdown
from pmo.lib.access import require, visible_or_404
from pmo.lib.errors import Refused
from pmo.lib.tables import Column
from pmo.lib.views import FilteredListView
from portfolio.access import ProjectAccess
from portfolio.views.editing import FormView
from portfolio.views.loading import load_project

ADVISERS_ONLY = "The PMO manager, executives and other project managers write guidance."
READERS_ONLY = "Guidance is for the office and the people of the project."


class GuidanceListView(FilteredListView):
    list_name = "guidance"
    title = "Guidance"
    noun = "note"
    template_name = "governance/guidance_list.html"
    filterset_class = GuidanceFilters
    default_order = "-at"
    quick_views = (("Not read yet", "state=open"), ("Not answered", "state=open&state=read"), ("For me", "mine=yes"))

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        require(RulebookAccess(request.user).can_list_guidance, READERS_ONLY)
        return super().get(request, **kwargs)

    def get_columns(self) -> list[Column]:
        return guidance_columns()

    def get_rows(self) -> QuerySet[GuidanceNote]:
        notes = GuidanceNote.objects.visible_to(self.request.user)
        return notes.select_related("project__project_manager", "written_by", "for_whom")

    def get_extra(self) -> dict[str, Any]:
        return {"tabs": rulebook_tabs(self.request.user, "guidance")}


class ProjectGuidanceListView(GuidanceListView):
    """The same, of one project."""

    list_name = "project-guidance"
    template_name = "governance/project_guidance.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        self.project, self.access = load_project(request, kwargs["code"], "can_see_guidance")
        self.title = f"{self.project.code} Guidance"
        return FilteredListView.get(self, request, **kwargs)

    def get_columns(self) -> list[Column]:
        return guidance_columns(is_in_project=True)

    def get_rows(self) -> QuerySet[GuidanceNote]:
        return super().get_rows().filter(project=self.project)

    def get_extra(self) -> dict[str, Any]:
        may_write = guiding.may_guide(self.project, self.request.user) and self.project.is_open
        new_url = reverse("governance:guidance-new", args=[self.project.code]) if may_write else ""
        return {**room(self.project, self.access, "guidance"), "new_url": new_url}


def room(project: Any, access: ProjectAccess, here: str) -> dict[str, Any]:
    """Return what a page of the room of guidance and lessons needs."""
    tabs = project_tabs(project.code, here, has_guidance=access.can_see_guidance)
    label = next(label for label, _, is_current in tabs if is_current) if here != "note" else "Guidance"
    return {"project": project, "access": access, "tab": "guidance", "room": label, "rooms": tabs}


class GuidanceNewView(FormView):
    form_class = GuidanceForm
    template_name = "governance/guidance_form.html"
    submit = "Send"
    done = "The project manager has a notice."

    def prepare(self, **kwargs: Any) -> None:
        self.project, self.access = load_project(self.request, kwargs["code"])
        require(guiding.may_guide(self.project, self.request.user), ADVISERS_ONLY)
        self.title = f"Guidance for {self.project.name}"

    def form_options(self) -> dict[str, Any]:
        return {"project": self.project}

    def get_cancel_url(self) -> str:
        return reverse("governance:project-guidance-list", args=[self.project.code])

    def get_context(self) -> dict[str, Any]:
        crumbs = [("Projects", reverse("portfolio:project-list")), (str(self.project), self.project.get_absolute_url())]
        return {"crumbs": [*crumbs, ("Guidance", self.get_cancel_url())]}

    def save(self, form: Any) -> str:
        note = guiding.write(self.project, by=self.request.user, at=timezone.now(), **form.cleaned_data)
        return note.get_absolute_url()


def load_note(request: HttpRequest, code: str, pk: int) -> GuidanceNote:
    rows = GuidanceNote.objects.select_related(
        "project__project_manager",
        "project__department",
        "project__program",
        "project__standing",
        "deliverable",
        "written_by",
        "for_whom",
        "read_by",
        "settled_by",
    )
    return visible_or_404(rows, request.user, project__code=code, pk=pk)


@require_GET
def guidance_detail(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    return show_note(request, load_note(request, code, pk))


def show_note(request: HttpRequest, note: GuidanceNote, *, form: Form | None = None, status: int = 200) -> HttpResponse:
    may_answer = guiding.may_answer(note, request.user)
    is_unsettled = note.state not in OUTCOMES
    context = {
        **room(note.project, ProjectAccess(request.user, note.project), "note"),
        "note": note,
        "html": markdown.render(note.text),
        "can_mark_read": may_answer and note.state == GuidanceState.OPEN,
        "form": form or (SettleGuidanceForm() if may_answer and is_unsettled else None),
    }
    return render(request, "governance/guidance_detail.html", context, status=status)


@require_POST
def guidance_read(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    note = load_note(request, code, pk)
    require(guiding.may_answer(note, request.user), "The project manager answers guidance.")
    try:
        guiding.mark_read(note, by=signed_in(request), at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, "Marked as read.")
    return redirect(note)


@require_POST
def guidance_settle(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    note = load_note(request, code, pk)
    require(guiding.may_answer(note, request.user), "The project manager answers guidance.")
    form = SettleGuidanceForm(request.POST)
    if not form.is_valid():
        return show_note(request, note, form=form, status=422)
    try:
        guiding.settle(note, by=signed_in(request), at=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, refused)
        return show_note(request, load_note(request, code, pk), form=form, status=409)
    messages.success(request, "Your answer is recorded, and its author has a notice.")
    return redirect(note)
