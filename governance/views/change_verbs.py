"""Change requests: the steps from submitting to the decision, each one verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from governance import change_deciding, change_requests
from governance.change_access import ChangeAccess, load_change
from governance.change_states import ChangeState
from governance.forms.change import DecideForm, ReasonForm
from governance.models import ChangeRequest, ReportingRules
from governance.views.changes import assess_form, reason_key, show_change
from pmo.accounts import signed_in
from pmo.lib.errors import Refused
from pmo.signing_session import ask_again, recently_authenticated

Act = Callable[..., None]


def carry_out(request: HttpRequest, change: ChangeRequest, act: Act, said: str, **values: Any) -> HttpResponse:
    """Do one verb and lead back to the request; a refusal is said on its page."""
    try:
        act(change, by=signed_in(request), at=timezone.now(), **values)
    except Refused as refused:
        change, access = load_change(request, change.project.code, change.number)
        return show_change(request, change, access, refused=refused.sentence, status=409)
    messages.success(request, said)
    return redirect(change)


def with_form(
    request: HttpRequest, loaded: tuple[ChangeRequest, ChangeAccess], name: str, form: Form, act: Act, said: str
) -> HttpResponse:
    change, access = loaded
    if not form.is_valid():
        return show_change(request, change, access, forms={name: form}, status=422)
    try:
        act(change, by=signed_in(request), at=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        change, access = load_change(request, change.project.code, change.number)
        return show_change(request, change, access, forms={name: form}, refused=refused.sentence, status=409)
    messages.success(request, said)
    return redirect(change)


@require_POST
def change_submit(request: HttpRequest, code: str, number: int) -> HttpResponse:
    change, _ = load_change(request, code, number, "can_write")
    return carry_out(request, change, change_requests.submit, "The request waits for its assessment.")


@require_POST
def change_agree(request: HttpRequest, code: str, number: int) -> HttpResponse:
    change, _ = load_change(request, code, number, "can_agree")
    return carry_out(request, change, change_requests.agree, "You have agreed to the change.")


@require_POST
def change_assess(request: HttpRequest, code: str, number: int) -> HttpResponse:
    loaded = load_change(request, code, number, "can_assess")
    said = "Your assessment is with those who decide."
    form = assess_form(*loaded, request.POST)
    return with_form(request, loaded, "assess", form, change_requests.assess, said)


@require_POST
def change_withdraw(request: HttpRequest, code: str, number: int) -> HttpResponse:
    loaded = load_change(request, code, number, "can_write")
    form = ReasonForm(request.POST, prefix="withdraw")
    if loaded[0].state == ChangeState.DRAFT:
        form.fields["reason"].required = False
    return with_form(request, loaded, "withdraw", form, change_requests.withdraw, "The request is taken back.")


@require_POST
def change_resume(request: HttpRequest, code: str, number: int) -> HttpResponse:
    loaded = load_change(request, code, number, "can_resume")
    form = ReasonForm(request.POST, prefix="resume")
    return with_form(request, loaded, "resume", form, change_requests.resume, "The request waits for a decision again.")


@require_POST
def change_approve(request: HttpRequest, code: str, number: int) -> HttpResponse:
    return decide(request, code, number, change_deciding.approve, "approved")


@require_POST
def change_reject(request: HttpRequest, code: str, number: int) -> HttpResponse:
    return decide(request, code, number, change_deciding.reject, "rejected")


@require_POST
def change_defer(request: HttpRequest, code: str, number: int) -> HttpResponse:
    return decide(request, code, number, change_deciding.defer, "deferred")


def decide(request: HttpRequest, code: str, number: int, act: Act, word: str) -> HttpResponse:
    """Sign one decision. The reason is kept while the password is asked for, so that nothing typed is lost."""
    change, access = load_change(request, code, number, "can_decide")
    form = DecideForm(request.POST, prefix="decision")
    if change.state == ChangeState.ASSESSED and not recently_authenticated(request, ReportingRules.current().signing_minutes):
        request.session[reason_key(change)] = request.POST.get("decision-reason", "")[:4_000]
        return ask_again(request, change.get_absolute_url())
    answer = with_form(
        request, (change, access), "decide", form, act, f"{change.code} is {word}. The record is sealed and signed."
    )
    if answer.status_code == 302:
        request.session.pop(reason_key(change), None)
    return answer
