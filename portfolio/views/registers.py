"""What the five registers have in common: lists across the portfolio and in a project, details, forms and verbs.

Each register has a module of its own (`risks.py`, `issues.py` …) that says what differs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View

from pmo.lib import history, words
from pmo.lib.access import require
from pmo.lib.tables import Column
from pmo.lib.views import FilteredListView
from portfolio.access import PortfolioAccess, ProjectAccess
from portfolio.models import Project, ProjectMember
from portfolio.models.entries import RegisterEntry
from portfolio.register_tables import Reader
from portfolio.views.editing import EditView, FormView
from portfolio.views.loading import load_entry, load_project, next_url, way_back
from portfolio.views.tabs import REGISTERS, portfolio_tabs

#: Fields that show money; they are hidden in forms, differences and details from those who may not see it.
MONEY_FIELDS = frozenset({"cost_amount", "chance_pct"})


def editable_projects(user: Any) -> Callable[[Any], bool]:
    """Return a test whether `user` may change an entry. Two queries, once for a whole list."""
    if PortfolioAccess(user).can_create:
        return lambda entry: True
    managed = set(Project.objects.managed_by(user).values_list("pk", flat=True))
    own = managed | set(ProjectMember.objects.filter(user=user).values_list("project_id", flat=True))
    return lambda entry: entry.project_id in own


class RegisterListView(FilteredListView):
    """One register across all projects whose registers the person reads."""

    model: type[RegisterEntry]
    columns_for: Any = None
    template_name = "portfolio/register_list.html"
    also_select: tuple[str, ...] = ()
    quick_views = (
        ("Open", "status=open"),
        ("Owned by me", "mine=yes&status=open"),
        ("Overdue", "overdue=yes"),
        ("On the report", "on_report=1&status=open"),
    )
    is_in_project = False

    def get(self, request: HttpRequest, **kwargs: Any) -> Any:
        if not self.is_in_project:
            require(
                PortfolioAccess(request.user).can_list_registers,
                "Registers are for the office and those with a part in a project.",
            )
        return super().get(request, **kwargs)

    def way_back(self) -> dict[str, str]:
        return way_back(self.request)

    def reader(self) -> Reader:
        user = self.request.user
        return Reader(
            PortfolioAccess(user),
            timezone.localdate(),
            editable_projects(user),
            self.is_in_project,
            self.way_back()["back_query"],
        )

    def get_columns(self) -> list[Column]:
        columns: list[Column] = type(self).columns_for(self.reader())
        return columns

    def get_rows(self) -> QuerySet[Any]:
        return self.model.objects.visible_to(self.request.user).select_related("project", "owner", *self.also_select)

    def get_extra(self) -> dict[str, Any]:
        return {"tabs": portfolio_tabs(self.request.user, self.model.URL_NOUN), "noun": self.noun}


class ProjectRegisterListView(RegisterListView):
    """The same register, of one project."""

    template_name = "portfolio/project_register.html"
    is_in_project = True

    def get(self, request: HttpRequest, **kwargs: Any) -> Any:
        self.project, self.access = load_project(request, kwargs["code"], "can_see_registers")
        self.title = f"{self.project.code} {type(self).title}"
        return super().get(request, **kwargs)

    def get_rows(self) -> QuerySet[Any]:
        return super().get_rows().filter(project=self.project)

    def get_extra(self) -> dict[str, Any]:
        code, ways = self.project.code, self.way_back()
        registers = [
            (label, reverse(f"portfolio:project-{noun}-list", args=[code]) + ways["back_query"], noun == self.model.URL_NOUN)
            for label, noun in REGISTERS
        ]
        new_url = reverse(f"portfolio:{self.model.URL_NOUN}-new", args=[code]) + ways["back_query"]
        return {
            **ways,
            "project": self.project,
            "access": self.access,
            "tab": "registers",
            "room": type(self).title,
            "registers": registers,
            "noun": self.noun,
            "new_url": new_url if self.access.can_edit_registers and self.project.is_open else "",
        }


@dataclass(frozen=True)
class Verb:
    """A button on an entry's page: its words, the end of its URL name, and the state it leads to."""

    label: str
    name: str
    target: str
    right: str = "can_close_entries"


class EntryDetailView(View):
    """One entry: what it says, what can be done with it, and how it became what it is."""

    model: type[RegisterEntry]
    template_name = "portfolio/entry_detail.html"
    verbs: tuple[Verb, ...] = ()

    def facts(self, entry: Any, access: ProjectAccess) -> list[tuple[str, Any]]:
        raise NotImplementedError

    def texts(self, entry: Any) -> list[tuple[str, str]]:
        return [("Description", entry.description)]

    def beside(self, entry: Any, access: ProjectAccess) -> dict[str, Any]:
        return {}

    def get(self, request: HttpRequest, code: str, number: int) -> HttpResponse:
        entry, access = load_entry(self.model, request, code, number)
        can_edit = access.can_edit_registers and entry.project.is_open
        context = {
            "entry": entry,
            "access": access,
            "project": entry.project,
            "tab": "registers",
            "room": str(entry),
            "can_edit": can_edit,
        }
        context["facts"] = [(label, fact_words(value)) for label, value in self.facts(entry, access)]
        context["texts"] = [(heading, text) for heading, text in self.texts(entry) if text]
        ways = way_back(request)
        context["verbs"] = [(words_of, url + ways["back_query"]) for words_of, url in self.offered(entry, access)]
        context["events"] = entry_events(entry, access)
        context["edit_url"] = reverse(f"portfolio:{entry.URL_NOUN}-edit", args=[code, number]) + ways["back_query"]
        context["list_url"] = reverse(f"portfolio:project-{entry.URL_NOUN}-list", args=[code]) + ways["back_query"]
        return render(request, self.template_name, {**context, **ways, **self.beside(entry, access)})

    def offered(self, entry: Any, access: ProjectAccess) -> list[tuple[str, str]]:
        """Return the verbs that the entry's state and the person's part allow, as (words, address)."""
        args = [entry.project.code, entry.number]
        return [
            (verb.label, reverse(f"portfolio:{entry.URL_NOUN}-{verb.name}", args=args))
            for verb in self.verbs
            if entry.can_become(verb.target) and getattr(access, verb.right)
        ]


def fact_words(value: Any) -> str:
    """Return a fact in words: dates with their weekday, a dash for what is missing."""
    if isinstance(value, dt.date):
        return words.day(value)
    return words.MISSING if value in (None, "") else str(value)


def entry_events(entry: Any, access: ProjectAccess) -> list[history.Event]:
    """Return the last hundred changes of one entry, newest first."""
    hidden = frozenset() if access.can_see_money else MONEY_FIELDS
    kinds = [history.Kind(type(entry), Q(id=entry.pk), entry.noun, lambda row: row.title, hidden)]
    return history.events(kinds, history.event_keys(kinds)[:100])


class EntryNewView(FormView):
    model: type[RegisterEntry]

    def prepare(self, **kwargs: Any) -> None:
        self.project, self.access = load_project(self.request, kwargs["code"])
        require(self.access.can_edit_registers)
        self.submit = "Record"
        self.done = f"{str(self.model._meta.verbose_name).capitalize()} recorded."
        self.title = f"New {self.model._meta.verbose_name}"

    def form_options(self) -> dict[str, Any]:
        return {"access": self.access}

    def get_cancel_url(self) -> str:
        return reverse(f"portfolio:project-{self.model.URL_NOUN}-list", args=[self.project.code])

    def get_context(self) -> dict[str, Any]:
        return {"crumbs": register_crumbs(self.project, self.model)}

    def save(self, form: Any) -> str:
        entry = self.model.record(project=self.project, by=self.request.user, **form.values())
        return str(entry.get_absolute_url())


class EntryEditView(EditView):
    model: type[RegisterEntry]

    def prepare(self, **kwargs: Any) -> None:
        self.row, self.access = load_entry(self.model, self.request, kwargs["code"], kwargs["number"], "can_edit_registers")
        self.title = f"Edit {self.row.noun.lower()} {self.row.number}"
        self.done = f"{self.row.noun} {self.row.number} is saved."

    def form_options(self) -> dict[str, Any]:
        return {**super().form_options(), "access": self.access}

    def get_cancel_url(self) -> str:
        return self.target()

    def get_context(self) -> dict[str, Any]:
        crumbs = [*register_crumbs(self.row.project, self.model), (str(self.row), self.target())]
        return {**super().get_context(), "crumbs": crumbs}


class EntryVerbView(FormView):
    """A verb on one entry that asks for words or a date first."""

    model: type[RegisterEntry]
    right = "can_close_entries"

    def prepare(self, **kwargs: Any) -> None:
        self.entry, self.access = load_entry(self.model, self.request, kwargs["code"], kwargs["number"], self.right)

    def get_cancel_url(self) -> str:
        return str(self.entry.get_absolute_url())

    def get_context(self) -> dict[str, Any]:
        crumbs = [*register_crumbs(self.entry.project, self.model), (str(self.entry), self.entry.get_absolute_url())]
        return {"crumbs": crumbs, "note": self.entry.title}

    def save(self, form: Any) -> str:
        target = self.act(self.entry, **form.cleaned_data) or self.entry
        self.done = f"{self.entry.noun} {self.entry.number}: {self.entry.get_status_display().lower()}."  # type: ignore[attr-defined]
        return str(target.get_absolute_url())

    def act(self, entry: Any, **values: Any) -> Any:
        """Call the verb; return what to show next, or None for the entry itself."""
        raise NotImplementedError


class EntryReopenView(EntryVerbView):
    submit = "Reopen"

    def act(self, entry: Any, **values: Any) -> None:
        entry.reopen(by=self.request.user, reason=values["reason"])


def register_crumbs(project: Project, model: type[RegisterEntry]) -> list[tuple[str, str]]:
    label = {noun: label for label, noun in REGISTERS}[model.URL_NOUN]
    here = reverse(f"portfolio:project-{model.URL_NOUN}-list", args=[project.code])
    return [("Projects", reverse("portfolio:project-list")), (str(project), project.get_absolute_url()), (label, here)]


def show_entry(request: HttpRequest, model: type[RegisterEntry], code: str, number: int) -> HttpResponse:
    """Put an entry on the next report or take it off."""
    entry, _ = load_entry(model, request, code, number, "can_edit_registers")
    entry.show(by=request.user, on_report=request.POST.get("on_report") == "yes")
    messages.success(request, f"{entry.noun} {entry.number} is {'on' if entry.show_on_report else 'off'} the report.")
    return redirect(next_url(request, entry.get_absolute_url()))
