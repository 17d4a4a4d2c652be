"""The office's side, reading: the queue, one report beside another, what stakeholders will see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from governance import queue
from governance.models import DeliverableVersion
from governance.publication import published_record
from governance.queue import Neighbors, Queue
from governance.report_content import read_typed
from governance.review_access import OfficeAccess, ReviewAccess, load_review
from governance.review_page import review_page
from governance.reviewing import Problem, Typed, rated
from governance.states import ReviewState
from pmo.lib.access import require

#: The views of the queue: key, word, kinds of item (none is every kind).
VIEWS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("", "All", ()),
    ("reports", "Reports", ("report",)),
    ("documents", "Documents", ("document", "returned")),
    ("opinions", "Opinions", ("opinion",)),
    ("changes", "Changes", ("change",)),
    ("gates", "Gates", ("gate", "next_gate", "waiver")),
    ("conditions", "Conditions", ("condition", "compliance")),
    ("challenges", "Challenges", ("challenge", "answer")),
    ("office", "Policies and advice", ("policy", "policy_review", "standard", "guidance", "lesson")),
)
EVERYBODY = "everybody"


@require_GET
def review_list(request: HttpRequest) -> HttpResponse:
    access = OfficeAccess(request.user)
    require(access.can_open_queue, "Reviews are for the office and those who decide in its name.")
    at = timezone.now()
    own = queue.queue_of(request.user, at)
    asked = request.GET.get("what", "" if own.items or not access.reads_all or access.can_delegate else EVERYBODY)
    shown = queue.queue_of(request.user, at, everybody=True) if asked == EVERYBODY and access.reads_all else own
    kinds: tuple[str, ...] = next((kinds for key, _, kinds in VIEWS if key == asked), ())
    context = queue_context(shown.of_kind(*kinds), request.GET.get("page"))
    views = [(key, word, len(own.of_kind(*kinds).items), key == asked) for key, word, kinds in VIEWS]
    context |= {"views": views, "own": own, "access": access, "is_everybody": shown is not own, "everybody": EVERYBODY}
    if not context["page"].paginator.count:
        context["next_due"] = queue.next_report_due(at)
    return render(request, "governance/review_list.html", context)


def queue_context(shown: Queue, page_number: str | None) -> dict[str, Any]:
    """Return what `governance/_queue.html` needs: one page of a queue, grouped by when things fall due."""
    page = Paginator(shown.items, queue.PAGE).get_page(page_number)
    items = queue.with_glances(list(page.object_list))
    return {
        "queue": shown,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "groups": shown.groups(items),
        "unread": sum(item.may_be_accepted_unread for item in items),
    }


@require_GET
def review_detail(request: HttpRequest, code: str, number: int, version: int) -> HttpResponse:
    row, access = load_review(request, code, number, version)
    return show_review(request, row, access)


def show_review(
    request: HttpRequest,
    row: DeliverableVersion,
    access: ReviewAccess,
    *,
    typed: Typed | None = None,
    problems: Sequence[Problem] = (),
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show the review page; `typed` are words that were just sent, `refused` says why they did not count."""
    page = review_page(
        row,
        signature=access.signature,
        neighbors=neighbors_of(request, row, access),
        against=request.GET.get("against", ""),
        typed=typed,
        problems=problems,
        on=timezone.localdate(),
    )
    context = {
        "page": page,
        "refused": refused,
        "office_access": access,
        # Words that can no longer be stored are shown, so that they can be copied.
        "lost": typed if typed and not row.is_waiting else None,
        "saved_at": timezone.now(),
        "problem_links": [(f"#{problem.field}", problem.sentence) for problem in problems],
    }
    return render(request, "governance/review_detail.html", context, status=status)


def neighbors_of(request: HttpRequest, row: DeliverableVersion, access: ReviewAccess) -> Neighbors | None:
    if not access.can_decide or not row.is_waiting:
        return None
    return queue.neighbors(queue.queue_of(request.user, timezone.now()), "report", row.pk)


@require_GET
def review_public(request: HttpRequest, code: str, number: int, version: int) -> HttpResponse:
    """Show the report as stakeholders will see it if it is accepted with what the reviewer has typed so far."""
    row, access = load_review(request, code, number, version)
    content = read_typed(row.content)
    review = row.reviews.filter(state=ReviewState.OPEN).first()
    typed = Typed.from_notes(review.notes if review else {})
    terms = typed.terms(rated(content))
    decision = {"decided_at": row.decided_at or timezone.now(), "role": access.signature.role if access.signature else ""}
    record = {"content": content, "office": terms["ratings"], "withheld": terms["withheld"], "decision": decision}
    report = published_record(read_typed(row.record) if row.record and "office" in row.record else record)
    return render(request, "governance/review_public.html", {"row": row, "report": report})
