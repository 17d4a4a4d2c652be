"""Making and changing accounts. Each page ends in one verb of `pmo.administration.accounts`."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from pmo.accounts import signed_in
from pmo.administration.access import require_keeper
from pmo.administration.accounts import (
    deactivate,
    edit_account,
    make_account,
    reactivate,
    reset_second_factor,
    send_password_link,
)
from pmo.administration.forms import DeactivateForm, PersonForm
from pmo.administration.leaving import left_behind
from pmo.lib.access import require
from pmo.lib.errors import Refused
from pmo.models import User
from portfolio.forms.base import ReasonForm
from portfolio.models import Department
from portfolio.views.editing import EditView, FormView

OWN_ACCOUNT = "Another administrator does this with your account."


def crumbs_to(person: User | None = None) -> list[tuple[str, str]]:
    crumbs = [("Administration", reverse("administration")), ("People", reverse("person-list"))]
    return [*crumbs, (person.name, person.get_absolute_url())] if person else crumbs


def with_departments() -> dict[str, Any]:
    """Return the departments that the form suggests."""
    return {"departments": list(Department.objects.values_list("name", flat=True))}


class PersonNewView(FormView):
    form_class = PersonForm
    template_name = "pmo/administration_person_form.html"
    title = "New person"
    submit = "Make the account"

    def prepare(self, **kwargs: Any) -> None:
        require_keeper(self.request.user)

    def get_cancel_url(self) -> str:
        return reverse("person-list")

    def get_context(self) -> dict[str, Any]:
        note = "The person gets a mail with a link to choose a password. Give roles on the next page."
        return {"crumbs": crumbs_to(), "note": note, **with_departments()}

    def save(self, form: Any) -> str:
        by = signed_in(self.request)
        person = make_account(by=by, **form.values())
        self.done = f"{person.name} has an account."
        self.send_link(person, by)
        return person.get_absolute_url()

    def send_link(self, person: User, by: User) -> None:
        """The account is there whether or not the mail can be sent; the page says which."""
        try:
            send_password_link(person, by=by, request=self.request)
        except Refused as refused:
            messages.error(self.request, refused.sentence)
        else:
            self.done = f"{person.name} has an account. A link to choose a password is on its way to {person.email}."


class PersonEditView(EditView):
    form_class = PersonForm
    template_name = "pmo/administration_person_form.html"

    def prepare(self, **kwargs: Any) -> None:
        require_keeper(self.request.user)
        self.row = get_object_or_404(User, pk=kwargs["pk"])
        self.title = f"Edit {self.row.name}"
        self.done = f"{self.row.name} is saved."

    def get_cancel_url(self) -> str:
        return self.target()

    def get_context(self) -> dict[str, Any]:
        return {**super().get_context(), "crumbs": crumbs_to(self.row), **with_departments()}

    def revise(self, form: Any, changes: dict[str, Any]) -> None:
        edit_account(
            self.row,
            by=signed_in(self.request),
            changes=changes,
            reason=form.cleaned_data.get("reason", ""),
            version=self.row.version(),
        )


class PersonDeactivateView(FormView):
    form_class = DeactivateForm
    template_name = "pmo/administration_deactivate.html"
    submit = "Deactivate the account"

    def prepare(self, **kwargs: Any) -> None:
        access = require_keeper(self.request.user)
        self.person = get_object_or_404(User, pk=kwargs["pk"])
        require(access.can_keep(self.person), OWN_ACCOUNT)
        self.left = left_behind(self.person, on=timezone.localdate(), reader=signed_in(self.request))
        self.title = f"Deactivate {self.person.name}"

    def form_options(self) -> dict[str, Any]:
        return {"leaves_work": bool(self.left)}

    def get_cancel_url(self) -> str:
        return self.person.get_absolute_url()

    def get_context(self) -> dict[str, Any]:
        return {"crumbs": crumbs_to(self.person), "person": self.person, "left": self.left}

    def save(self, form: Any) -> str:
        data = form.cleaned_data
        by = signed_in(self.request)
        deactivate(self.person, by=by, reason=data["reason"], is_confirmed=data.get("is_confirmed", False))
        self.done = f"{self.person.name} can no longer sign in. Open sessions have ended."
        return self.person.get_absolute_url()


class PersonReactivateView(FormView):
    form_class = ReasonForm
    submit = "Reactivate the account"

    def prepare(self, **kwargs: Any) -> None:
        require_keeper(self.request.user)
        self.person = get_object_or_404(User, pk=kwargs["pk"])
        self.title = f"Reactivate {self.person.name}"

    def get_cancel_url(self) -> str:
        return self.person.get_absolute_url()

    def get_context(self) -> dict[str, Any]:
        roles = ", ".join(sorted(self.person.groups.values_list("name", flat=True)))
        note = f"The person signs in again with the same password and the roles they had: {roles or 'none'}."
        return {"crumbs": crumbs_to(self.person), "note": note}

    def save(self, form: Any) -> str:
        reactivate(self.person, by=signed_in(self.request), reason=form.cleaned_data["reason"])
        self.done = f"{self.person.name} may sign in again."
        return self.person.get_absolute_url()


class PersonResetFactorView(FormView):
    form_class = ReasonForm
    submit = "Take the second factor off"

    def prepare(self, **kwargs: Any) -> None:
        access = require_keeper(self.request.user)
        self.person = get_object_or_404(User, pk=kwargs["pk"])
        require(access.can_keep(self.person), OWN_ACCOUNT)
        self.title = f"Take the second factor off {self.person.name}’s account"

    def get_cancel_url(self) -> str:
        return self.person.get_absolute_url()

    def get_context(self) -> dict[str, Any]:
        note = (
            "For somebody who lost both the authenticator app and the recovery codes. Make sure that it is really "
            "them who asks: from now on the password alone opens the account. Every session ends."
        )
        return {"crumbs": crumbs_to(self.person), "note": note}

    def save(self, form: Any) -> str:
        reset_second_factor(self.person, by=signed_in(self.request), reason=form.cleaned_data["reason"])
        self.done = f"{self.person.name} signs in with the password alone, and can set up a new second factor."
        return self.person.get_absolute_url()


@require_POST
def person_send_link(request: HttpRequest, pk: int) -> HttpResponse:
    access = require_keeper(request.user)
    person = get_object_or_404(User, pk=pk)
    require(access.can_keep(person), "Change your own password on the page of your account.")
    try:
        send_password_link(person, by=signed_in(request), request=request)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, f"A link to choose a password is on its way to {person.email}.")
    return redirect(person)
