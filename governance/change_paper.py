"""A change request on paper: what was asked for, by which size who decided, and the page of signatures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from governance.change_access import PEOPLE
from governance.change_facts import DECIDED, Size
from governance.change_page import AuthorityPanel, EffectLine, Fact, authority_panel, effect_lines, facts_of
from governance.change_states import ChangeState
from governance.models import ChangeOption, ChangeRequest
from governance.paper_signing import SignaturePage, grouped, paper_signs, signed_until
from governance.stored_pdfs import printed
from pmo.lib import words
from portfolio.models import Project

MEANING = {
    ChangeState.APPROVED: "What is stated here takes the place of what was agreed before. The original baseline stays.",
    ChangeState.REJECTED: "Everything stays as it was agreed before.",
    ChangeState.DEFERRED: "Everything stays as it was agreed before; the request may be taken up again.",
}


@dataclass(frozen=True)
class ChangePaper:
    """What stands on the pages, for those who read the amounts or for those who do not."""

    change: ChangeRequest
    project: Project
    effects: list[EffectLine]
    facts: list[Fact]
    options: list[ChangeOption]
    panel: AuthorityPanel
    shows_money: bool


def pdf_of_change(change: ChangeRequest, *, shows_money: bool) -> bytes:
    """Return the tagged PDF of a request that is not decided, as it stands. Raises PdfUnavailable."""
    return printed(html_of(change, shows_money=shows_money))


def paper_of(change: ChangeRequest, *, shows_money: bool) -> ChangePaper:
    size = Size(ChangeRequest.objects.select_related(*PEOPLE).get(pk=change.pk))
    return ChangePaper(
        change=size.change,
        project=size.project,
        effects=effect_lines(size, shows_money=shows_money),
        facts=facts_of(size.change, shows_money=shows_money),
        options=list(size.change.options.all()),
        panel=authority_panel(size, shows_money=shows_money),
        shows_money=shows_money,
    )


def html_of(change: ChangeRequest, *, shows_money: bool, copy: str = "") -> str:
    """Return the page that a request is printed from; `copy` says what the copy is, where it is one that is kept."""
    paper = paper_of(change, shows_money=shows_money)
    moved_at = change.decided_at or change.assessed_at or change.submitted_at or change.requested_at
    is_decided = change.state in DECIDED and bool(change.record)
    context: dict[str, Any] = {
        "page": paper,
        "change": paper.change,
        "foot": _foot(change, is_decided, words.moment(moved_at)),
        "moved_at": moved_at,
        "digest": change.record_sha256 if is_decided else "",
        "signing": _signing(change) if is_decided else None,
        "copy": copy,
        "city": settings.CITY_NAME,
        "office": settings.OFFICE_NAME,
        "base_url": settings.BASE_URL,
    }
    return render_to_string("governance/pdf/change.html", context)


def _foot(change: ChangeRequest, is_decided: bool, when: str) -> str:
    about = f"{change.code}   {change.get_state_display().lower()}, {when}"
    return f"{about}   digest {grouped(change.record_sha256[:16], 4)}" if is_decided else f"{about}   not decided"


def _signing(change: ChangeRequest) -> SignaturePage:
    return SignaturePage(
        kicker=f"Change request {change.code}, {change.title}",
        meaning_head="What the decision means",
        meaning=f"{change.get_state_display()}. {MEANING[ChangeState(change.state)]}",
        rows=paper_signs(signed_until(change)),
        digest=change.record_sha256,
    )
