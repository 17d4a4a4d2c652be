"""Pages with one form: a new row, and a row that somebody else may be editing at the same time."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.generic import View

from pmo.lib.conflicts import Merge, merge
from pmo.models.revising import Stale
from portfolio.views.loading import next_url


def add_errors(form: BaseForm, error: ValidationError) -> None:
    """Put what a verb refused where the person can see it; errors of fields that the form lacks stand at its head."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields and name != NON_FIELD_ERRORS else None, errors)


class FormView(View):
    """A form that ends in one verb. Subclasses load in `prepare`, and write in `save`."""

    form_class: Any = None
    template_name = "portfolio/form.html"
    title = ""
    submit = "Save"
    done = "Saved."

    def prepare(self, **kwargs: Any) -> None:
        """Load what the form is about; raise Http404 or PermissionDenied."""

    def form_options(self) -> dict[str, Any]:
        return {}

    def save(self, form: Any) -> str:
        """Call the verb and return the address to go to. Raises ValidationError (Refused is one)."""
        raise NotImplementedError

    def get_cancel_url(self) -> str:
        return "/"

    def get_context(self) -> dict[str, Any]:
        return {}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.prepare(**kwargs)
        return self.page(self.form_class(**self.form_options()))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.prepare(**kwargs)
        form = self.form_class(request.POST, **self.form_options())
        if form.is_valid():
            try:
                target = self.save(form)
            except ValidationError as error:
                add_errors(form, error)
            else:
                messages.success(request, self.done)
                return redirect(next_url(request, target))
        return self.page(form, status=422)

    def page(self, form: Any, status: int = 200) -> HttpResponse:
        asked = next_url(self.request, "")
        context = {
            "form": form,
            "title": self.title,
            "submit": self.submit,
            "next": asked,
            "cancel_url": asked or self.get_cancel_url(),
        }
        return render(self.request, self.template_name, {**context, **self.get_context()}, status=status)


class EditView(FormView):
    """A form over one stored row (`self.row`). What somebody else saved meanwhile is neither lost nor overwritten unseen."""

    row: Any = None

    def form_options(self) -> dict[str, Any]:
        return {"instance": type(self.row)._base_manager.get(pk=self.row.pk)}

    def get_context(self) -> dict[str, Any]:
        return {"version": self.row.version(), "row": self.row}

    def target(self) -> str:
        return str(self.row.get_absolute_url())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.prepare(**kwargs)
        form = self.form_class(request.POST, **self.form_options())
        if not form.is_valid():
            return self.page(form, status=422)
        merged = merge(self.row, opened_version(request), typed_values(form))
        if merged.conflicts:
            return self.conflict_page(form, merged)
        return self.write(form, merged)

    def write(self, form: Any, merged: Merge) -> HttpResponse:
        changes = {name: value for name, value in merged.changes.items() if self.request.POST.get(f"use_{name}") != "stored"}
        try:
            self.revise(form, changes)
        except Stale:
            return self.conflict_page(
                form, merge(type(self.row)._base_manager.get(pk=self.row.pk), opened_version(self.request), typed_values(form))
            )
        except ValidationError as error:
            add_errors(form, error)
            return self.page(form, status=422)
        messages.success(self.request, self.done)
        return redirect(next_url(self.request, self.target()))

    def revise(self, form: Any, changes: dict[str, Any]) -> None:
        """Write the changes. Raises Stale when somebody saved since `self.row` was read, ValidationError for bad values."""
        reason = form.cleaned_data.get("reason", "")
        self.row.revise(by=self.request.user, changes=changes, reason=reason, version=self.row.version())

    def conflict_page(self, form: Any, merged: Merge) -> HttpResponse:
        """Show both values of each field that two people changed; everything typed is carried along."""
        context = {
            "form": form,
            "merged": merged,
            "title": self.title,
            "version": self.row.version(),
            "next": next_url(self.request, ""),
        }
        return render(self.request, "portfolio/conflict.html", {**context, "row": self.row}, status=409)


def opened_version(request: HttpRequest) -> int:
    asked = request.POST.get("version", "")
    return int(asked) if asked.isdigit() else 0


def typed_values(form: Any) -> dict[str, Any]:
    """Return what the form says of the row's own fields; those that cannot be changed here are left out."""
    own = {field.name for field in form.instance._meta.concrete_fields}
    return {name: value for name, value in form.cleaned_data.items() if name in own and not form.fields[name].disabled}
