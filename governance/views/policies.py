"""The register of policies: the list, one policy and its versions, writing, publishing, acknowledging."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from governance import policies
from governance.forms.policies import NewPolicyForm, PolicyForm, PolicyTextForm
from governance.models import Policy, PolicyVersion
from governance.policies import members_asked
from governance.policy_page import changes_between, policy_page
from governance.policy_states import PolicyState
from governance.policy_tables import (
    PolicyFilters,
    ReaderFilters,
    people_rows,
    policy_columns,
    policy_rows,
    reader_columns,
)
from governance.policy_tabs import RulebookAccess, rulebook_tabs
from pmo.accounts import signed_in
from pmo.lib.access import require, visible_or_404
from pmo.lib.errors import Refused
from pmo.lib.tables import Column
from pmo.lib.views import FilteredListView
from pmo.models import User
from portfolio.views.editing import EditView, FormView

READERS_ONLY = "Policies are for the office and for those who have a part in a project."
WRITERS_ONLY = "The PMO manager writes and publishes policies."


class PolicyListView(FilteredListView):
    list_name = "policies"
    title = "Policies"
    noun = "policy"
    template_name = "governance/policy_list.html"
    filterset_class = PolicyFilters
    default_order = "code"
    quick_views = (("Wait for me", "mine=waits"), ("Published", "state=in_force"), ("Review overdue", "review=yes"))

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        self.access = RulebookAccess(request.user)
        require(self.access.can_read, READERS_ONLY)
        return super().get(request, **kwargs)

    def get_columns(self) -> list[Column]:
        is_asked = members_asked().filter(pk=signed_in(self.request).pk).exists()
        return policy_columns(timezone.localdate(), is_asked=is_asked, sees_drafts=self.access.can_see_outstanding)

    def get_rows(self) -> QuerySet[Policy]:
        return policy_rows(self.request.user)

    def get_extra(self) -> dict[str, Any]:
        return {"tabs": rulebook_tabs(self.request.user, "policy"), "access": self.access}


def load_policy(request: HttpRequest, code: str, right: str = "") -> Policy:
    policy = visible_or_404(Policy.objects.select_related("owner"), request.user, code=code)
    if right:
        require(getattr(RulebookAccess(request.user), right), WRITERS_ONLY)
    return policy


def load_version(request: HttpRequest, code: str, version: int, right: str = "") -> PolicyVersion:
    rows = PolicyVersion.objects.select_related("policy")
    row = visible_or_404(rows, request.user, policy__code=code, number=version)
    if right:
        require(getattr(RulebookAccess(request.user), right), WRITERS_ONLY)
    return row


@require_GET
def policy_detail(request: HttpRequest, code: str, version: int | None = None) -> HttpResponse:
    policy = load_policy(request, code)
    page = policy_page(policy, request.user, timezone.localdate(), number=version)
    if page is None:
        raise Http404("No such page, or it is not yours to see.")
    return render(request, "governance/policy_detail.html", {"page": page})


@require_GET
def policy_changes(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """Show a version beside an earlier one: that before it, or the one that `from` names."""
    now = load_version(request, code, version)
    earlier = PolicyVersion.objects.visible_to(request.user).filter(policy=now.policy, number__lt=now.number)
    asked = request.GET.get("from", "")
    was = earlier.filter(number=int(asked)).first() if asked.isdecimal() and len(asked) < 6 else earlier.first()
    if was is None:
        raise Http404("There is no earlier version.")
    context = {"changes": changes_between(was, now), "policy": now.policy, "earlier": earlier}
    return render(request, "governance/policy_changes.html", context)


class PolicyNewView(FormView):
    form_class = NewPolicyForm
    title = "New policy"
    submit = "Save the draft"
    done = "The draft is saved. Publish it when it is ready."

    def prepare(self, **kwargs: Any) -> None:
        require(RulebookAccess(self.request.user).can_write, WRITERS_ONLY)

    def get_cancel_url(self) -> str:
        return reverse("governance:policy-list")

    def get_context(self) -> dict[str, Any]:
        return {"crumbs": [("Policies", self.get_cancel_url())]}

    def save(self, form: Any) -> str:
        policy = policies.open_policy(by=self.request.user, at=timezone.now(), **form.values())
        return policy.get_absolute_url()


class PolicyEditView(EditView):
    """Title, owner and date of review."""

    form_class = PolicyForm

    def prepare(self, **kwargs: Any) -> None:
        self.row = load_policy(self.request, kwargs["code"], "can_write")
        self.title = f"Edit {self.row.code}"
        self.done = f"{self.row.code} is saved."

    def get_cancel_url(self) -> str:
        return self.target()

    def get_context(self) -> dict[str, Any]:
        crumbs = [("Policies", reverse("governance:policy-list")), (str(self.row), self.target())]
        return {**super().get_context(), "crumbs": crumbs}


class PolicyTextView(EditView):
    """The text of a draft."""

    form_class = PolicyTextForm

    def prepare(self, **kwargs: Any) -> None:
        self.row = load_version(self.request, kwargs["code"], kwargs["version"], "can_write")
        self.title = f"{self.row.policy.title}, draft of version {self.row.number}"
        self.submit = "Save the draft"
        self.done = "The draft is saved."

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.prepare(**kwargs)
        if self.row.state != PolicyState.DRAFT:
            messages.error(request, "This version is published and never changes. Begin the next one.")
            return redirect(self.row)
        return super().get(request, **kwargs)

    def get_cancel_url(self) -> str:
        return self.target()

    def get_context(self) -> dict[str, Any]:
        policy = self.row.policy
        crumbs = [("Policies", reverse("governance:policy-list")), (str(policy), policy.get_absolute_url())]
        return {**super().get_context(), "crumbs": crumbs}


@require_POST
def policy_begin(request: HttpRequest, code: str) -> HttpResponse:
    """Begin the next version, or go on with the draft that is there."""
    policy = load_policy(request, code, "can_write")
    version = policies.begin_version(policy, by=signed_in(request), at=timezone.now())
    return redirect("governance:policy-text", code, version.number)


@require_POST
def policy_publish(request: HttpRequest, code: str, version: int) -> HttpResponse:
    row = load_version(request, code, version, "can_write")
    try:
        policies.publish(row, by=signed_in(request), at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect(row)
    messages.success(request, f"Version {row.number} is published. Everybody who is asked has a notice.")
    return redirect(row.policy)


@require_POST
def policy_acknowledge(request: HttpRequest, code: str, version: int) -> HttpResponse:
    row = load_version(request, code, version)
    is_member = members_asked().filter(pk=signed_in(request).pk).exists()
    require(is_member, "Members of the office and project managers are asked to acknowledge policies.")
    try:
        policies.acknowledge(row, by=signed_in(request), at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, f"Recorded: you have read version {row.number} of {row.policy.title}.")
    return redirect(row.policy)


class ReaderListView(FilteredListView):
    """Who has read the version in force, and who has not."""

    list_name = "policy-readers"
    noun = "member"
    template_name = "governance/policy_readers.html"
    filterset_class = ReaderFilters
    default_order = "person"
    quick_views = (("Not yet", "read=no"), ("Have read it", "read=yes"))

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        self.policy = load_policy(request, kwargs["code"])
        require(RulebookAccess(request.user).can_see_outstanding, "The office reads who has acknowledged.")
        self.version = self.policy.versions.in_force().first()  # type: ignore[attr-defined]
        self.title = f"{self.policy.code} acknowledgements"
        return super().get(request, **kwargs)

    def get_columns(self) -> list[Column]:
        return reader_columns(self.version)

    def get_rows(self) -> QuerySet[User]:
        return people_rows(self.version)

    def get_extra(self) -> dict[str, Any]:
        return {"policy": self.policy, "version": self.version}
