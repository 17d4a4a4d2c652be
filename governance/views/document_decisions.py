"""The four decisions on a document, each on a page of its own: what is signed, the digest, and the password every time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from governance import document_notes
from governance.document_notes import DocumentNotes, kept_notes
from governance.document_offers import Offer, offers
from governance.document_review_access import DocumentReviewAccess, load_document_review, review_address
from governance.document_review_page import findings_until
from governance.documents.content import read_content
from governance.documents.life import APPROVALS
from governance.documents.questions import unticked
from governance.documents.room import next_gate_url
from governance.findings import raise_finding
from governance.forms.document_review import (
    ApproveForm,
    ConditionForm,
    OverrulingForm,
    RejectForm,
    ReturnForm,
    condition_forms,
    conditions_in,
    place_in,
)
from governance.models import DeliverableVersion, ReviewFinding, ReviewPart
from governance.objections import objection_words, overruling_words, standing_objections
from governance.queue import Neighbors
from governance.routing import missing_in
from governance.states import Decision, FindingState, ReviewState
from governance.views.document_reviews import document_neighbors
from pmo.accounts import signed_in
from pmo.lib.errors import Refused
from pmo.lib.words import count, moment
from pmo.signing_session import password_form

DONE = {
    Decision.APPROVE: "Approved",
    Decision.CONDITIONAL: "Approved with conditions",
    Decision.RETURN: "Returned with its findings",
    Decision.REJECT: "Rejected",
}


@dataclass
class Signing:
    """One decision about to be signed: what the page shows and what the verb needs."""

    request: HttpRequest
    version: DeliverableVersion
    access: DocumentReviewAccess
    offer: Offer
    findings: list[ReviewFinding]
    notes: DocumentNotes
    neighbors: Neighbors | None
    #: Who objects; only an approval asks.
    objections: list[ReviewPart]

    @property
    def open_findings(self) -> list[ReviewFinding]:
        return [row for row in self.findings if row.state == FindingState.OPEN]

    @property
    def stop_url(self) -> str:
        """Return where the project can be stopped, which a rejection may lead to."""
        return next_gate_url(self.version.deliverable.project) if self.offer.decision == Decision.REJECT else ""

    @property
    def objected(self) -> list[tuple[str, str]]:
        """Return each objection as (who objects, what they say)."""
        return [(objection_words([part]), part.note) for part in self.objections]

    @property
    def intent(self) -> str:
        return f"{self.version.intent_of(self.offer.action)} {overruling_words(self.objections)}".strip()

    @property
    def next_url(self) -> str:
        beside = self.neighbors
        upcoming = (beside.next or beside.previous) if beside else None
        return upcoming.url if upcoming else ""


def load_signing(request: HttpRequest, code: str, kind: str, version: int, decision: Decision) -> Signing:
    row, access = load_document_review(request, code, kind, version, "can_decide")
    findings = findings_until(row)
    standing = row.deliverable.versions.standing().defer("content", "record").first()
    offer = next(one for one in offers(row, findings, standing, lacking(row)) if one.decision == decision)
    notes, _ = kept_notes(row)
    objections = standing_objections(row) if decision in APPROVALS else []
    return Signing(request, row, access, offer, findings, notes, document_neighbors(request, row, access), objections)


def lacking(row: DeliverableVersion) -> str:
    """Return what a review lacks before an approval: answers of those who are asked, ticks of the checklist."""
    review = row.reviews.filter(state=ReviewState.OPEN).first()
    if review is None:
        return ""
    still = len(unticked(row, review.checklist_answers.filter(holds=True).values_list("item_id", flat=True)))
    ticks = f"{count(still, 'line')} of the checklist {'is' if still == 1 else 'are'} not ticked" if still else ""
    return "; ".join(part for part in (missing_in(review).rstrip("."), ticks) if part)


def show_signing(
    signing: Signing,
    *,
    form: Form | None = None,
    conditions: list[ConditionForm] | None = None,
    password: Form | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "signing": signing,
        "version": signing.version,
        "offer": signing.offer,
        "signature": signing.access.signature,
        "form": form,
        "conditions": conditions,
        "password": password or password_form(signing.request),
        "refused": refused or over(signing.version),
        "review_url": review_address(signing.version),
    }
    return render(signing.request, "governance/document_decision.html", context, status=status)


def over(version: DeliverableVersion) -> str:
    """Return who ended the wait for a decision, and how; an empty string while it waits."""
    if version.is_waiting:
        return ""
    state = version.get_state_display().lower()
    if version.decided_by is None:
        return f"This version is {state}; nothing is left to decide."
    return f"{version.decided_by.name} already decided this on {moment(version.decided_at)}: {state}."


def sign_with(
    signing: Signing, form: Form | None, act: Callable[[], None], conditions: list[ConditionForm] | None = None
) -> HttpResponse:
    """Ask for the password, do `act`, and open the next item of the queue. Nothing is decided unless all of it holds."""
    request, row = signing.request, signing.version
    forms = [*([form] if form else []), *(conditions or [])]
    wrong = [one for one in forms if not one.is_valid()]  # every form is asked, so that each says what is wrong in it
    if not wrong and row.is_waiting:
        password = password_form(request, request.POST)
        if not password.is_valid():
            return show_signing(signing, form=form, conditions=conditions, password=password, status=422)
        try:
            with transaction.atomic():
                act()
        except Refused as refused:
            row.refresh_from_db(fields=["state"])
            return show_signing(signing, form=form, conditions=conditions, refused=refused.sentence, status=409)
        messages.success(request, said_of(signing))
        return redirect(signing.next_url or reverse("governance:review-list"))
    return show_signing(signing, form=form, conditions=conditions, status=422 if row.is_waiting else 409)


def said_of(signing: Signing) -> str:
    row = signing.version
    what = f"{row.deliverable.get_kind_display().lower()} of {row.deliverable.project.code}, version {row.label}"
    upcoming = "This is the next one." if signing.next_url else "Nothing else waits for you."
    return f"{DONE[signing.offer.decision]}: {what}. {upcoming}"


def keep_typed(signing: Signing, **typed: Any) -> None:
    """Keep what was typed while the version waits, so that neither a wrong password nor leaving the page loses it."""
    with suppress(Refused):  # when it no longer waits, the verb that follows says so
        document_notes.keep(signing.version, by=signed_in(signing.request), at=timezone.now(), **typed)


def sent(request: HttpRequest, *names: str) -> dict[str, str]:
    """Return what was typed in some fields, as long as it may be."""
    return {name: request.POST.get(name, "")[: document_notes.LONGEST] for name in names}


@require_http_methods(["GET", "POST"])
def document_review_approve(request: HttpRequest, code: str, kind: str, version: int) -> HttpResponse:
    signing = load_signing(request, code, kind, version, Decision.APPROVE)
    objections = signing.objections
    if request.method == "GET":
        kept = {"reason": signing.notes.reason, "overruling": signing.notes.overruling}
        return show_signing(signing, form=ApproveForm(initial=kept, objections=objections))
    form = ApproveForm(request.POST, objections=objections)
    keep_typed(signing, **sent(request, "reason", "overruling"))
    row = signing.version
    return sign_with(
        signing,
        form,
        lambda: row.approve(by=request.user, at=timezone.now(), terms=form.terms(), reason=form.cleaned_data["reason"].strip()),
    )


@require_http_methods(["GET", "POST"])
def document_review_reject(request: HttpRequest, code: str, kind: str, version: int) -> HttpResponse:
    signing = load_signing(request, code, kind, version, Decision.REJECT)
    if request.method == "GET":
        return show_signing(signing, form=RejectForm(initial={"reason": signing.notes.reason}))
    form = RejectForm(request.POST)
    keep_typed(signing, **sent(request, "reason"))
    row = signing.version
    return sign_with(signing, form, lambda: row.reject(by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"]))


@require_http_methods(["GET", "POST"])
def document_review_return(request: HttpRequest, code: str, kind: str, version: int) -> HttpResponse:
    signing = load_signing(request, code, kind, version, Decision.RETURN)
    content = read_content(signing.version.content)
    places = [(section["key"], f"{section['number']} {section['title']}") for section in content["sections"]]
    options: dict[str, Any] = {"places": places, "needs_finding": not signing.open_findings}
    if request.method == "GET":
        typed = signing.notes.finding
        started = {"reason": signing.notes.reason, "text": typed.get("text", ""), "severity": typed.get("severity") or "major"}
        started["recommendation"] = typed.get("recommendation", "")
        started["where"] = typed.get("where", "").partition("/")[0]
        return show_signing(signing, form=ReturnForm(initial=started, **options))
    form = ReturnForm(request.POST, **options)
    keep_typed(signing, **sent(request, "reason"))
    return sign_with(signing, form, lambda: return_with(signing, form.cleaned_data, content))


def return_with(signing: Signing, given: dict[str, Any], content: dict[str, Any]) -> None:
    """Add the finding that was written with the decision, if one was, and return the version."""
    by, at = signed_in(signing.request), timezone.now()
    if "text" in given:
        section, place = place_in(given["where"], content)
        said = {name: given[name] for name in ("severity", "text", "recommendation")}
        raise_finding(signing.version, by=by, at=at, section=section, row=place, **said)
    signing.version.return_for_rework(by=by, at=at, reason=given["reason"].strip())


@require_http_methods(["GET", "POST"])
def document_review_conditions(request: HttpRequest, code: str, kind: str, version: int) -> HttpResponse:
    """Approve with conditions. A button adds a row without signing; what was typed is kept with the review."""
    signing = load_signing(request, code, kind, version, Decision.CONDITIONAL)
    project = signing.version.deliverable.project
    if request.method == "GET":
        rows = [dict(row) for row in signing.notes.conditions] or [empty_row(request)]
        overruled = OverrulingForm(initial={"overruling": signing.notes.overruling}, objections=signing.objections)
        return show_signing(signing, form=overruled, conditions=condition_forms(rows, project=project, is_sent=False))
    rows = conditions_in(request.POST)
    keep_typed(signing, conditions=rows, **sent(request, "overruling"))
    if "add" in request.POST:
        more = condition_forms([*rows, empty_row(request)], project=project, is_sent=False)
        overruled = OverrulingForm(initial=sent(request, "overruling"), objections=signing.objections)
        return show_signing(signing, form=overruled, conditions=more)
    forms = condition_forms(rows or [empty_row(request)], project=project, is_sent=True)
    overruled = OverrulingForm(request.POST, objections=signing.objections)
    row = signing.version
    return sign_with(
        signing,
        overruled,
        lambda: row.approve_with_conditions(
            by=request.user, at=timezone.now(), conditions=[form.terms() for form in forms], terms=overruled.terms()
        ),
        forms,
    )


def empty_row(request: HttpRequest) -> dict[str, str]:
    """Return a row in which whoever decides verifies."""
    return {"text": "", "owner": "", "verifier": str(signed_in(request).pk), "due_on": ""}
