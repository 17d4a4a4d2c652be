"""The office's side, acting: keep what is typed, accept, return, and everything about findings."""

from __future__ import annotations

from contextlib import suppress

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from governance import queue
from governance.findings import answer_checklist, close_finding, keep_notes, raise_finding, reopen_finding
from governance.forms.document_review import closing_reason
from governance.forms.review import revision_in, ticked, typed_in
from governance.models import ChecklistItem, DeliverableVersion, ReportingRules, ReviewFinding
from governance.notices import review_url
from governance.report_content import read_typed
from governance.review_access import OfficeAccess, ReviewAccess, load_review
from governance.reviewing import Typed, problems, rated
from governance.separation import Duties
from governance.states import SignAction
from governance.views.reviews import neighbors_of, show_review
from pmo.accounts import signed_in
from pmo.kept import is_from_script
from pmo.lib.access import require
from pmo.lib.charts.shapes import COLOUR_WORD
from pmo.lib.errors import Refused
from pmo.lib.words import clock, count
from pmo.signing_session import ask_again, recently_authenticated


def keep(request: HttpRequest, row: DeliverableVersion, typed: Typed, revision: int | None = None) -> int:
    """Keep what was typed and ticked; return the new revision. Raises Refused: `conflict`, `not_waiting`."""
    by, at = signed_in(request), timezone.now()
    kept = keep_notes(row, typed.as_notes(), by=by, at=at, revision=revision)
    items = ChecklistItem.objects.filter(kind=row.deliverable.kind, is_active=True)
    answer_checklist(row, ticked(request.POST, items), by=by, at=at)
    return kept


def keep_if_open(request: HttpRequest, row: DeliverableVersion, typed: Typed) -> None:
    """Keep what was typed while the version still waits. When it no longer does, the verb that follows says so."""
    with suppress(Refused):
        keep(request, row, typed)


@require_POST
def review_notes(request: HttpRequest, code: str, number: int, version: int) -> HttpResponse:
    """Keep the reviewer's notes: JSON for the script that saves by itself, the page again for everybody else."""
    row, access = load_review(request, code, number, version, "can_decide")
    typed = typed_in(request.POST)
    try:
        kept = keep(request, row, typed, revision_in(request.POST))
    except Refused as refused:
        if is_from_script(request):
            return JsonResponse({"url": review_url(row), "message": refused.sentence, "code": refused.code}, status=409)
        return show_review(request, row, access, typed=typed, refused=refused.sentence, status=409)
    if is_from_script(request):
        now = timezone.now()
        return JsonResponse({"saved_at": now.isoformat(), "clock": clock(now), "revision": kept})
    messages.success(request, "Kept. Nothing is decided yet.")
    return redirect(review_url(row))


@require_POST
def review_accept(request: HttpRequest, code: str, number: int, version: int) -> HttpResponse:
    row, access = load_review(request, code, number, version, "can_decide")
    typed = typed_in(request.POST)
    found = problems(rated(read_typed(row.content)), typed) if row.is_waiting else []
    if found:
        keep_if_open(request, row, typed)
        return show_review(request, row, access, typed=typed, problems=found, status=422)
    return decide(request, row, access, typed, SignAction.APPROVE)


@require_POST
def review_return(request: HttpRequest, code: str, number: int, version: int) -> HttpResponse:
    row, access = load_review(request, code, number, version, "can_decide")
    return decide(request, row, access, typed_in(request.POST), SignAction.RETURN)


def decide(
    request: HttpRequest, row: DeliverableVersion, access: ReviewAccess, typed: Typed, action: SignAction
) -> HttpResponse:
    """Sign one decision: what was typed is kept first, so that neither the password nor a refusal loses it."""
    if row.is_waiting:
        keep_if_open(request, row, typed)
        if not recently_authenticated(request, ReportingRules.current().signing_minutes):
            return ask_again(request, review_url(row))
    beside = neighbors_of(request, row, access)
    by, at = signed_in(request), timezone.now()
    try:
        if action == SignAction.APPROVE:
            terms = typed.terms(rated(read_typed(row.content)))
            row.approve(by=by, at=at, terms=terms)
            overall = COLOUR_WORD[terms["ratings"]["overall"]["letter"]]
            said = f"Accepted: report {row.deliverable.number} of {row.deliverable.project.code}, overall {overall}."
        else:
            row.return_for_rework(by=by, at=at)
            said = f"Returned: report {row.deliverable.number} of {row.deliverable.project.code}, with its findings."
    except Refused as refused:
        row, access = load_review(request, row.deliverable.project.code, row.deliverable.number, row.number)
        return show_review(request, row, access, typed=typed, refused=refused.sentence, status=409)
    upcoming = (beside.next or beside.previous) if beside else None
    messages.success(request, f"{said} This is the next one." if upcoming else f"{said} Nothing else waits for you.")
    return redirect(upcoming.url if upcoming else reverse("governance:review-list"))


@require_POST
def finding_new(request: HttpRequest, code: str, number: int, version: int) -> HttpResponse:
    """Record the finding that was typed; everything else on the page is kept beside it."""
    row, access = load_review(request, code, number, version, "can_decide")
    typed = typed_in(request.POST)
    by, at = signed_in(request), timezone.now()
    section, severity, text = (typed.finding.get(name, "") for name in ("section", "severity", "text"))
    try:
        keep(request, row, typed)
        raise_finding(row, by=by, at=at, section=section or "ratings", severity=severity, text=text)
        keep(request, row, Typed(typed.letters, typed.reasons, typed.withheld))
    except Refused as refused:
        row, access = load_review(request, code, number, version)
        return show_review(request, row, access, typed=typed, refused=refused.sentence, status=422)
    messages.success(request, "The finding is added. The project manager sees it when you return the report.")
    return redirect(f"{review_url(row)}#findings")


@require_POST
def finding_close(request: HttpRequest, code: str, number: int, version: int, finding: int) -> HttpResponse:
    return settle_finding(request, code, number, version, finding, close=True)


@require_POST
def finding_reopen(request: HttpRequest, code: str, number: int, version: int, finding: int) -> HttpResponse:
    return settle_finding(request, code, number, version, finding, close=False)


def settle_finding(request: HttpRequest, code: str, number: int, version: int, finding: int, *, close: bool) -> HttpResponse:
    """Close or reopen a finding of any version of the report.

    `finding` is its key, because its number starts anew with each version.
    """
    row, _ = load_review(request, code, number, version, "can_decide")
    rows = ReviewFinding.objects.filter(version__deliverable=row.deliverable)
    rows = rows.select_related("version__deliverable__project", "raised_by")
    found = get_object_or_404(rows, pk=finding)
    by, at = signed_in(request), timezone.now()
    keep_if_open(request, row, typed_in(request.POST))
    try:
        if close:
            close_finding(found, by=by, at=at, reason=closing_reason(request, finding))
        else:
            reopen_finding(found, by=by, at=at)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, "The finding is closed." if close else "The finding is open again.")
    return redirect(f"{review_url(row)}#findings")


@require_http_methods(["GET", "POST"])
def review_accept_many(request: HttpRequest) -> HttpResponse:
    """Accept reports in which nothing differs and nothing is open: GET shows what would be signed, POST signs it."""
    require(OfficeAccess(request.user).duties.decides_anything, "Only those who decide on reports accept them.")
    picked = [int(key) for key in (request.POST or request.GET).getlist("pick") if key.isdecimal() and len(key) < 16][
        : queue.PAGE
    ]
    rows = list(queue.waiting_versions().filter(pk__in=picked))
    if request.method == "GET":
        return render(request, "governance/review_accept_many.html", accept_many_context(request, rows))
    if not recently_authenticated(request, ReportingRules.current().signing_minutes):
        query = urlencode([("pick", key) for key in picked])
        return ask_again(request, f"{reverse('governance:review-accept-many')}?{query}")
    refused = [sentence for row in rows if (sentence := accept_unread(request, row))]
    accepted = len(rows) - len(refused)
    if accepted:
        messages.success(request, f"{count(accepted, 'report')} accepted.")
    for sentence in refused + ["Some were decided meanwhile and are gone from the queue."] * (len(rows) < len(set(picked))):
        messages.warning(request, sentence)
    return redirect("governance:review-list")


def accept_many_context(request: HttpRequest, rows: list[DeliverableVersion]) -> dict[str, object]:
    duties = Duties.of(request.user, timezone.localdate())
    ready = [row for row in rows if duties.may_decide(row) and queue.may_be_accepted_unread(row)]
    return {"ready": ready, "left": len(rows) - len(ready), "intent": ready[0].intent_of(SignAction.APPROVE) if ready else ""}


def accept_unread(request: HttpRequest, row: DeliverableVersion) -> str:
    """Accept one report with the ratings that everybody agrees on. Returns why it cannot be, or an empty string."""
    name = f"Report {row.deliverable.number} of {row.deliverable.project.code}"
    if not queue.may_be_accepted_unread(row):
        return f"{name} was not accepted: something in it differs or is open. Open it to decide."
    try:
        row.approve(by=signed_in(request), at=timezone.now(), terms=Typed().terms(rated(read_typed(row.content))))
    except Refused as refused:
        return f"{name} was not accepted. {refused.sentence}"
    return ""
