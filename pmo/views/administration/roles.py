"""Giving and taking roles, and the page on which two persons agree about those that need it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from pmo.accounts import signed_in
from pmo.administration.access import require_reader
from pmo.administration.forms import DeclineForm, GiveRoleForm
from pmo.administration.leaving import reviews_left
from pmo.administration.roles import confirm_role, decline_role, give_role, may_settle, role_by_slug, take_role, withdraw_role
from pmo.lib.access import require
from pmo.lib.errors import Refused
from pmo.models import RoleChange, User
from pmo.models.role_changes import RoleChangeState
from pmo.roles import Role
from pmo.views.administration.accounts import crumbs_to
from portfolio.forms.base import ReasonForm
from portfolio.views.editing import FormView

NOT_YOURS = "Your role does not give or take roles here; nobody changes their own."
CHANGES_A_PAGE = 50


class RoleGiveView(FormView):
    form_class = GiveRoleForm
    template_name = "pmo/administration_role_give.html"
    submit = "Give the role"

    def prepare(self, **kwargs: Any) -> None:
        access = require_reader(self.request.user)
        self.person = get_object_or_404(User, pk=kwargs["pk"])
        self.reach = access.reach(self.person)
        require(bool(self.reach), NOT_YOURS)
        self.title = f"Give {self.person.name} a role"

    def form_options(self) -> dict[str, Any]:
        held = set(self.person.groups.values_list("name", flat=True))
        return {"offered": [role for role in Role if role in self.reach and role.value not in held]}

    def get_cancel_url(self) -> str:
        return self.person.get_absolute_url()

    def get_context(self) -> dict[str, Any]:
        return {"crumbs": crumbs_to(self.person), "person": self.person}

    def save(self, form: Any) -> str:
        data = form.cleaned_data
        change = give_role(
            self.person, Role(data["role"]), by=signed_in(self.request), reason=data["reason"], at=timezone.now()
        )
        if change.state == RoleChangeState.WAITING:
            self.done = f"Another administrator or an executive is asked to agree: {change}."
            return reverse("role-change-list")
        self.done = f"{self.person.name} is {change.role} from the next page they open."
        return self.person.get_absolute_url()


class RoleTakeView(FormView):
    form_class = ReasonForm
    submit = "Take the role away"

    def prepare(self, **kwargs: Any) -> None:
        access = require_reader(self.request.user)
        self.person = get_object_or_404(User, pk=kwargs["pk"])
        role = role_by_slug(kwargs["role"])
        if role is None or not self.person.groups.filter(name=role.value).exists():
            raise Http404("The person does not have this role.")
        self.role = role
        require(role in access.reach(self.person), NOT_YOURS)
        self.title = f"Take {role.value} from {self.person.name}"

    def get_cancel_url(self) -> str:
        return self.person.get_absolute_url()

    def get_context(self) -> dict[str, Any]:
        note = "The role is gone with the next page that the person opens. What they did with it stays as it is."
        if self.role == Role.PMO_MANAGER and (left := reviews_left(self.person)):
            note = f"{note} {left.title}: {left.then}"
        return {"crumbs": crumbs_to(self.person), "note": note}

    def save(self, form: Any) -> str:
        reason = form.cleaned_data["reason"]
        take_role(self.person, self.role, by=signed_in(self.request), reason=reason, at=timezone.now())
        self.done = f"{self.person.name} is no longer {self.role.value}."
        return self.person.get_absolute_url()


@require_GET
def role_change_list(request: HttpRequest) -> HttpResponse:
    """Show what waits for a second person, and every role that was ever given, taken or refused."""
    require_reader(request.user)
    reader = signed_in(request)
    rows = RoleChange.objects.select_related("person", "asked_by", "settled_by")
    page = Paginator(rows.exclude(state=RoleChangeState.WAITING), CHANGES_A_PAGE).get_page(request.GET.get("page"))
    waiting = [(change, may_settle(change, reader), change.asked_by_id == reader.pk) for change in rows.waiting()]
    context = {
        "waiting": waiting,
        "page": page,
        "pages": list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)),
    }
    return render(request, "pmo/administration_roles.html", context)


def load_change(request: HttpRequest, pk: int) -> RoleChange:
    require_reader(request.user)
    return get_object_or_404(RoleChange.objects.needing_two().select_related("person", "asked_by"), pk=pk)


def require_second(request: HttpRequest, change: RoleChange) -> None:
    require(
        may_settle(change, signed_in(request)),
        "An administrator or an executive agrees to this: not the person who asked, nor the one who gets the role.",
    )


@require_POST
def role_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    change = load_change(request, pk)
    require_second(request, change)
    try:
        confirm_role(change, by=signed_in(request), at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, f"{change.person.name} is {change.role} now.")
    return redirect("role-change-list")


class RoleDeclineView(FormView):
    form_class = DeclineForm
    submit = "Decline"

    def prepare(self, **kwargs: Any) -> None:
        self.change = load_change(self.request, kwargs["pk"])
        require_second(self.request, self.change)
        self.title = f"Decline {self.change}"

    def get_cancel_url(self) -> str:
        return reverse("role-change-list")

    def get_context(self) -> dict[str, Any]:
        note = f"{self.change.asked_by.name} asked: {self.change.reason}"
        return {"crumbs": [*crumbs_to()[:1], ("Roles", reverse("role-change-list"))], "note": note}

    def save(self, form: Any) -> str:
        decline_role(self.change, by=signed_in(self.request), answer=form.cleaned_data["answer"], at=timezone.now())
        self.done = f"{self.change} is declined."
        return reverse("role-change-list")


@require_POST
def role_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    change = load_change(request, pk)
    require(change.asked_by_id == signed_in(request).pk, "Only the person who asked withdraws it.")
    try:
        withdraw_role(change, by=signed_in(request), at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, f"{change} is withdrawn.")
    return redirect("role-change-list")
