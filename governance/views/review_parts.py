"""One part of a review: giving the opinion that is asked for, and moving, excusing or reminding whoever is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from governance import routing
from governance.document_notes import LONGEST
from governance.document_review_access import DocumentReviewAccess, load_document_review, review_address
from governance.document_states import Opinion, PartState
from governance.models import DeliverableVersion, ReviewPart
from governance.seats import OPEN_PARTS, ROLE_OF, Seat
from pmo.accounts import signed_in
from pmo.lib.errors import Refused
from pmo.lib.forms import StyledForm
from pmo.models import User

#: It is kept in the history of every part, whose reasons are short.
LONGEST_REASON = 600


class OpinionForm(StyledForm, forms.Form):
    opinion = forms.ChoiceField(label="Your opinion", choices=Opinion.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label="In your words",
        widget=forms.Textarea,
        max_length=LONGEST,
        required=False,
        help_text="Say what you object to; with an endorsement it is optional.",
    )


class ReassignForm(StyledForm, forms.Form):
    person = forms.ModelChoiceField(label="Who is asked instead", queryset=User.objects.none(), empty_label="Choose a person")
    reason = forms.CharField(label="Reason", max_length=240)

    def __init__(self, *args: Any, seat: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = ROLE_OF.get(Seat(seat))
        people = User.objects.with_role(role) if role else User.objects.filter(is_active=True)
        self.fields["person"].queryset = people.order_by("name")  # type: ignore[attr-defined]


class ExcuseForm(StyledForm, forms.Form):
    reason = forms.CharField(label="Why they are excused", max_length=240, help_text="For example: a conflict of interest.")


class StopForm(StyledForm, forms.Form):
    reason = forms.CharField(
        label="Why the review stops",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_REASON,
        help_text="Everybody who was asked is told; the author reads it beside the version.",
    )


def load_part(
    request: HttpRequest, code: str, kind: str, version: int, part: int
) -> tuple[DeliverableVersion, DocumentReviewAccess, ReviewPart]:
    row, access = load_document_review(request, code, kind, version)
    rows = ReviewPart.objects.filter(review__version=row)
    found = get_object_or_404(rows.select_related("review__version__deliverable__project", "person", "acting_for"), pk=part)
    if not (access.can_decide or is_asked(access, found)):
        raise PermissionDenied("This part of the review belongs to somebody else.")
    return row, access, found


def is_asked(access: DocumentReviewAccess, part: ReviewPart) -> bool:
    return access.part is not None and access.part.pk == part.pk


@require_GET
def document_review_part(request: HttpRequest, code: str, kind: str, version: int, part: int) -> HttpResponse:
    return show_part(request, *load_part(request, code, kind, version, part))


def show_part(
    request: HttpRequest,
    row: DeliverableVersion,
    access: DocumentReviewAccess,
    part: ReviewPart,
    *,
    sent: dict[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show what this person may do with the part; `sent` holds the form that was just sent, by its verb."""
    is_open = row.is_waiting and part.state in OPEN_PARTS
    offered: dict[str, forms.Form] = {}
    if is_open and is_asked(access, part):
        offered["opinion"] = OpinionForm()
    if is_open and access.can_decide:
        offered["reassign"] = ReassignForm(seat=part.seat)
    if is_open:
        offered["excuse"] = ExcuseForm()
    shown = {**offered, **(sent or {})}
    titles = {"opinion": "Your opinion", "reassign": "Ask somebody else", "excuse": "Excuse from this review"}
    words = {"opinion": "Give the opinion", "reassign": "Reassign", "excuse": "Excuse"}
    context = {
        "version": row,
        "part": part,
        "review_url": review_address(row),
        "forms": [
            (titles[verb], words[verb], review_address(row, f"document-review-part-{verb}", part.pk), form)
            for verb, form in shown.items()
        ],
        "remind_url": review_address(row, "document-review-part-remind", part.pk)
        if is_open and access.can_decide and part.state == "asked"
        else "",
    }
    return render(request, "governance/document_part.html", context, status=status)


def act_on(
    request: HttpRequest,
    loaded: tuple[DeliverableVersion, DocumentReviewAccess, ReviewPart],
    verb: str,
    form: forms.Form,
    act: Callable[[], None],
    said: str,
) -> HttpResponse:
    row, access, part = loaded
    if not form.is_valid():
        return show_part(request, row, access, part, sent={verb: form}, status=422)
    try:
        act()
    except Refused as refused:
        form.add_error(None, refused)
        return show_part(request, row, access, part, sent={verb: form}, status=409)
    messages.success(request, said)
    still_reads = DocumentReviewAccess(request.user, row).can_read
    return redirect(f"{review_address(row)}#route" if still_reads else "governance:review-list")


@require_POST
def document_review_part_opinion(request: HttpRequest, code: str, kind: str, version: int, part: int) -> HttpResponse:
    loaded = load_part(request, code, kind, version, part)
    form = OpinionForm(request.POST)
    by, at = signed_in(request), timezone.now()
    return act_on(
        request,
        loaded,
        "opinion",
        form,
        lambda: routing.give_opinion(loaded[2], by=by, at=at, **form.cleaned_data),
        "Your opinion stands with the review.",
    )


@require_POST
def document_review_part_reassign(request: HttpRequest, code: str, kind: str, version: int, part: int) -> HttpResponse:
    loaded = load_part(request, code, kind, version, part)
    form = ReassignForm(request.POST, seat=loaded[2].seat)
    by, at = signed_in(request), timezone.now()
    return act_on(
        request,
        loaded,
        "reassign",
        form,
        lambda: routing.reassign(loaded[2], form.cleaned_data["person"], by=by, at=at, reason=form.cleaned_data["reason"]),
        "Somebody else is asked now.",
    )


@require_POST
def document_review_part_excuse(request: HttpRequest, code: str, kind: str, version: int, part: int) -> HttpResponse:
    loaded = load_part(request, code, kind, version, part)
    form = ExcuseForm(request.POST)
    by, at = signed_in(request), timezone.now()
    return act_on(
        request,
        loaded,
        "excuse",
        form,
        lambda: routing.excuse(loaded[2], by=by, at=at, reason=form.cleaned_data["reason"]),
        "Excused; the seat no longer counts.",
    )


@require_POST
def document_review_part_remind(request: HttpRequest, code: str, kind: str, version: int, part: int) -> HttpResponse:
    loaded = load_part(request, code, kind, version, part)
    by, at = signed_in(request), timezone.now()
    try:
        routing.remind(loaded[2], by=by, at=at)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, "Reminded.")
    return redirect(f"{review_address(loaded[0])}#route")


@require_http_methods(["GET", "POST"])
def document_review_stop(request: HttpRequest, code: str, kind: str, version: int) -> HttpResponse:
    """Stop asking the reviewers of a version: a page that says what follows and asks for the reason."""
    row, _ = load_document_review(request, code, kind, version, "can_decide")
    review = get_object_or_404(row.reviews.order_by("-opened_at")[:1].select_related("version__deliverable__project"))
    form = StopForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            routing.abort_route(review, by=signed_in(request), at=timezone.now(), reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, refused)
            status = 409
        else:
            messages.success(request, "The review is stopped. Return the version or reject it.")
            return redirect(f"{review_address(row)}#route")
    parts = review.parts.select_related("person").order_by("position", "pk")
    context = {
        "version": row,
        "form": form,
        "parts": [part for part in parts if part.state in OPEN_PARTS],
        "answered": [part for part in parts if part.state == PartState.DONE],
        "submit": "Stop the review",
        "cancel_url": f"{review_address(row)}#route",
    }
    return render(request, "governance/document_review_stop.html", context, status=status)
