"""Actions: work that somebody has promised by a date."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from portfolio.access import ProjectAccess
from portfolio.filters import ActionFilters
from portfolio.forms.base import ReasonForm
from portfolio.forms.registers import ActionForm, DoneForm
from portfolio.models import Action
from portfolio.register_tables import action_columns
from portfolio.states import ActionStatus
from portfolio.views.registers import (
    EntryDetailView,
    EntryEditView,
    EntryNewView,
    EntryReopenView,
    EntryVerbView,
    ProjectRegisterListView,
    RegisterListView,
    Verb,
    show_entry,
)


class ActionListView(RegisterListView):
    model = Action
    list_name = "actions"
    title = "Actions"
    noun = "action"
    filterset_class = ActionFilters
    columns_for = action_columns
    default_order = "due_on"


class ProjectActionListView(ActionListView, ProjectRegisterListView):
    list_name = "project-actions"
    template_name = "portfolio/project_register.html"


class ActionDetailView(EntryDetailView):
    model = Action
    verbs = (
        Verb("Done", "done", ActionStatus.DONE, right="can_edit_registers"),
        Verb("Drop", "drop", ActionStatus.DROPPED),
        Verb("Reopen", "reopen", ActionStatus.OPEN),
    )

    def facts(self, entry: Action, access: ProjectAccess) -> list[tuple[str, Any]]:
        return [("Owner", entry.owner), ("Due", entry.due_on), ("Done", entry.done_on)]

    def texts(self, entry: Action) -> list[tuple[str, str]]:
        return [("Description", entry.description), ("Outcome", entry.outcome)]


class ActionNewView(EntryNewView):
    model = Action
    form_class = ActionForm


class ActionEditView(EntryEditView):
    model = Action
    form_class = ActionForm


class ActionDoneView(EntryVerbView):
    model = Action
    form_class = DoneForm
    right = "can_edit_registers"
    title = "The action is done"
    submit = "Done"

    def act(self, entry: Action, **values: Any) -> None:
        entry.finish(by=self.request.user, outcome=values["outcome"], on=values["on"])


class ActionDropView(EntryVerbView):
    model = Action
    form_class = ReasonForm
    title = "Drop the action"
    submit = "Drop"

    def act(self, entry: Action, **values: Any) -> None:
        entry.drop(by=self.request.user, reason=values["reason"])


class ActionReopenView(EntryReopenView):
    model = Action
    form_class = ReasonForm
    title = "Reopen the action"


@require_POST
def action_show(request: HttpRequest, code: str, number: int) -> HttpResponse:
    return show_entry(request, Action, code, number)
