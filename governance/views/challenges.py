"""Ratings in dispute: the list, one challenge, its answer and its ruling."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from governance import challenging
from governance.challenge_page import ChallengeAccess, challenge_page
from governance.challenge_tables import ChallengeFilters, challenge_columns
from governance.forms.challenge import AnswerChallengeForm, RuleOnChallengeForm
from governance.models import RatingChallenge
from governance.review_access import OfficeAccess
from pmo.accounts import signed_in
from pmo.lib.access import require, visible_or_404
from pmo.lib.errors import Refused
from pmo.lib.tables import Column
from pmo.lib.views import FilteredListView
from portfolio.models.projects import manages_any_project


class ChallengeListView(FilteredListView):
    list_name = "challenges"
    title = "Challenges"
    noun = "challenge"
    template_name = "governance/challenge_list.html"
    filterset_class = ChallengeFilters
    default_order = "-due"
    quick_views = (
        ("Not settled", "state=open&state=answered"),
        ("Wait for the office", "state=answered"),
        ("Decided", "state=decided"),
    )

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        access = OfficeAccess(request.user)
        allowed = access.can_open_queue or manages_any_project(request.user)
        require(allowed, "Challenges are for the office and for project managers.")
        self.at = timezone.now()
        return super().get(request, **kwargs)

    def get_columns(self) -> list[Column]:
        return challenge_columns(self.at)

    def get_rows(self) -> QuerySet[RatingChallenge]:
        return RatingChallenge.objects.visible_to(self.request.user).select_related("project__project_manager")


def load_challenge(request: HttpRequest, code: str, pk: int, right: str = "") -> tuple[RatingChallenge, ChallengeAccess]:
    rows = RatingChallenge.objects.select_related(
        "project__project_manager",
        "version__deliverable__project__project_manager",
        "version__submitted_by",
        "answered_by",
        "ruled_by",
    )
    challenge = visible_or_404(rows, request.user, project__code=code, pk=pk)
    access = ChallengeAccess(request.user, challenge)
    if right:
        require(getattr(access, right))
    return challenge, access


@require_GET
def challenge_detail(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    challenge, access = load_challenge(request, code, pk)
    return show_challenge(request, challenge, access)


def show_challenge(
    request: HttpRequest, challenge: RatingChallenge, access: ChallengeAccess, *, form: Form | None = None, status: int = 200
) -> HttpResponse:
    page = challenge_page(challenge, access, timezone.now())
    offered = AnswerChallengeForm() if page.can_answer else RuleOnChallengeForm() if page.can_rule else None
    return render(request, "governance/challenge_detail.html", {"page": page, "form": form or offered}, status=status)


@require_POST
def challenge_answer(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    challenge, access = load_challenge(request, code, pk, "is_project_manager")
    form = AnswerChallengeForm(request.POST)
    if not form.is_valid():
        return show_challenge(request, challenge, access, form=form, status=422)
    try:
        challenging.answer(challenge, by=signed_in(request), at=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, refused)
        return show_challenge(request, load_challenge(request, code, pk)[0], access, form=form, status=409)
    messages.success(request, "Your answer is with the office.")
    return redirect(challenge)


@require_POST
def challenge_rule(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    challenge, access = load_challenge(request, code, pk, "may_rule")
    form = RuleOnChallengeForm(request.POST)
    if not form.is_valid():
        return show_challenge(request, challenge, access, form=form, status=422)
    try:
        challenging.rule(challenge, by=signed_in(request), at=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, refused)
        return show_challenge(request, load_challenge(request, code, pk)[0], access, form=form, status=409)
    messages.success(request, "The challenge is decided.")
    return redirect(challenge)
