"""One change request as its page and its paper show it: effects, options, who decides and why, what happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from governance.change_access import ChangeAccess
from governance.change_authority import Base, Effect, SizeLimits, Verdict, written
from governance.change_deciding import deciders
from governance.change_facts import DECIDED, Drift, Move, Outcome, Size, moves_of
from governance.change_requests import Problem, options_of, problems
from governance.change_states import Authority, ChangeState
from governance.documents.access import version_url
from governance.models import ChangeOption, ChangeRequest, SignOff
from governance.report_content import read_typed
from pmo.lib import words
from pmo.lib.workdays import WorkCalendar
from portfolio.models import Project
from portfolio.tables import UNIT_WORDS

AS_AGREED = "As agreed"


@dataclass(frozen=True)
class EffectLine:
    """One effect: what it is on, as it is, as it would be, and the difference in words."""

    label: str
    now: str
    then: str
    difference: str = ""
    original: str = ""
    """The difference from baseline 0, with everything that was approved since."""


@dataclass(frozen=True)
class Fact:
    """One part of the size, as it was asked and as the assessor found it."""

    label: str
    asked: str
    found: str

    @property
    def is_corrected(self) -> bool:
        return self.asked != self.found


@dataclass(frozen=True)
class Event:
    at: dt.datetime
    who: str
    did: str
    words: str = ""


@dataclass(frozen=True)
class Sum:
    """One line of the computation: what is added up, and its cost and days in words."""

    label: str
    cost: str
    days: str
    url: str = ""


@dataclass(frozen=True)
class AuthorityPanel:
    """Who decides, by which sums and for which reasons."""

    authority: str
    deciders: str
    grounds: Sequence[str]
    lines: Sequence[Sum]
    limits: Sequence[tuple[str, str]]
    base: Sequence[tuple[str, str]]
    original: Sequence[Sum]
    """Where all changes together lead, against baseline 0."""
    is_sealed: bool


@dataclass(frozen=True)
class ChangePage:
    change: ChangeRequest
    project: Project
    access: ChangeAccess
    effects: list[EffectLine]
    facts: list[Fact]
    options: list[ChangeOption]
    panel: AuthorityPanel
    events: list[Event]
    sign_offs: list[SignOff]
    problems: list[Problem]
    outcome: Outcome
    shows_money: bool
    #: The versions of documents that carry it out, as far as the person reads them.
    carried_out_by: list[tuple[str, str]]

    @property
    def is_decided(self) -> bool:
        return self.change.state in DECIDED and bool(self.change.record)

    @property
    def can_assess(self) -> bool:
        return self.change.state == ChangeState.SUBMITTED and self.access.can_assess

    @property
    def can_decide(self) -> bool:
        return self.change.state == ChangeState.ASSESSED and self.access.can_decide

    @property
    def can_agree(self) -> bool:
        waits = self.change.state in (ChangeState.SUBMITTED, ChangeState.ASSESSED, ChangeState.DEFERRED)
        return waits and self.access.can_agree and self.change.agreed_by_id != self.access.user.pk

    @property
    def can_edit(self) -> bool:
        return self.change.state == ChangeState.DRAFT and self.access.can_write

    @property
    def can_withdraw(self) -> bool:
        return self.change.is_open and self.access.can_write

    @property
    def can_resume(self) -> bool:
        return self.change.state == ChangeState.DEFERRED and self.access.can_resume

    @property
    def lacks_agreement(self) -> bool:
        """Whether approving waits for the project's manager."""
        needed = self.access.size.authority == Authority.MANAGER_AND_SPONSOR
        return needed and self.change.agreed_by_id != self.project.project_manager_id

    @property
    def next_baseline(self) -> int:
        return self.project.baseline_number + 1


def change_page(change: ChangeRequest, access: ChangeAccess) -> ChangePage:
    """Return the page of a request. About eleven queries, however many changes came before."""
    size, shows = access.size, access.can_see_money
    return ChangePage(
        change=change,
        project=change.project,
        access=access,
        effects=effect_lines(size, shows_money=shows),
        facts=facts_of(change, shows_money=shows),
        options=list(change.options.all()),
        panel=authority_panel(size, shows_money=shows),
        events=events_of(change),
        sign_offs=list(change.sign_offs.all()),
        problems=problems(change, options_of(change)) if change.state == ChangeState.DRAFT else [],
        outcome=size.outcome,
        shows_money=shows,
        carried_out_by=_carried_out_by(change, access.user),
    )


def _carried_out_by(change: ChangeRequest, user: Any) -> list[tuple[str, str]]:
    """Return (address, name) of the versions of documents that carry a change out."""
    if change.state != ChangeState.APPROVED:
        return []
    rows = change.versions.visible_to(user).select_related("deliverable__project").defer("content", "record").order_by("pk")
    return [(version_url(row), f"{row.deliverable.get_kind_display().lower()} {row.label}") for row in rows]


def money(project: Project, value: Decimal | None) -> str:
    return words.amount(value, project.currency, UNIT_WORDS.get(project.amount_unit, ""))


def moved_money(project: Project, value: Decimal | None) -> str:
    """Write `+$40,000`, `−$8,300`, `none`."""
    if value is None:
        return words.MISSING
    return "none" if value == 0 else f"{'+' if value > 0 else ''}{money(project, value)}"


def moved_days(days: int | None, noun: str = "day") -> str:
    """Write `12 days later`, `3 days earlier`, `none`; `noun` says which days where nothing around it does."""
    if days is None:
        return words.MISSING
    return "none" if days == 0 else f"{words.count(abs(days), noun)} {'later' if days > 0 else 'earlier'}"


def effect_lines(size: Size, *, shows_money: bool) -> list[EffectLine]:
    """Return the effects. A decided request shows the figures of its sealed record, not those of today."""
    change, project = size.change, size.project
    drift = drift_of(size)
    finish, budget = sealed_before(change) or (project.baseline_finish_on, project.budget_amount)
    later = size.calendar.add(finish, change.days_effect) if finish else None
    cost = change.cost_effect
    more = None if budget is None else budget + cost
    days_off = moved_days(drift.days) if drift else ""
    lines = [EffectLine("Finish", words.day(finish), words.day(later), moved_days(change.days_effect), days_off)]
    if shows_money:
        paid = "from contingency" if change.within_contingency else change.funding_source
        said = f"{moved_money(project, cost)}{', ' + paid if paid and cost else ''}"
        money_off = moved_money(project, drift.cost) if drift else ""
        lines.append(EffectLine("Cost", money(project, budget), money(project, more), said, money_off))
    if change.moved_start_on:
        lines.append(EffectLine("Start", words.day(start_before(change)), words.day(change.moved_start_on)))
    lines += [milestone_line(size.calendar, move) for move in moved_milestones(change)]
    scope = "changes scope or benefits" if change.changes_scope else ""
    texts = (
        ("Scope", change.scope_effect, scope),
        ("Quality", change.quality_effect, ""),
        ("Risk", change.risk_effect, ""),
        ("Benefits", change.benefits_effect, ""),
        ("People", change.resources_effect, ""),
    )
    return [*lines, *(EffectLine(label, AS_AGREED, text or words.MISSING, note) for label, text, note in texts)]


def milestone_line(calendar: WorkCalendar, move: Move) -> EffectLine:
    def off(planned: dt.date | None) -> str:
        return moved_days(calendar.between(planned, move.new_on)) if planned else ""

    return EffectLine(move.name, words.day(move.was_on), words.day(move.new_on), off(move.was_on), off(move.original_on))


def moved_milestones(change: ChangeRequest) -> list[Move]:
    """Return the milestones that the request moves: those of its sealed record once it is decided."""
    if change.state not in DECIDED or not change.record:
        return moves_of(change)
    return [Move(**row) for row in read_typed(change.record)["change"].get("milestones", ())]


def drift_of(size: Size) -> Drift | None:
    """Return how far from baseline 0 it leads, as sealed where it is decided; None where the record does not say it."""
    if size.change.state not in DECIDED or not size.change.record:
        return size.drift
    found = read_typed(size.change.record)["authority"].get("original")
    if found is None:
        return None
    return Drift(found["days"], _amount(found["days_percent"]), _amount(found["cost"]), _amount(found["cost_percent"]))


def facts_of(change: ChangeRequest, *, shows_money: bool) -> list[Fact]:
    """Return what the assessor confirmed or corrected; nothing before the assessment."""
    if change.stated_cost_effect is None:
        return []

    def answer(value: bool | None) -> str:
        return "yes" if value else "no"

    cost = (moved_money(change.project, change.stated_cost_effect), moved_money(change.project, change.cost_effect))
    return [
        Fact("Finish", moved_days(change.stated_days_effect), moved_days(change.days_effect)),
        *([Fact("Cost", *cost)] if shows_money else []),
        Fact("Changes scope or benefits", answer(change.stated_changes_scope), answer(change.changes_scope)),
        Fact("Paid from contingency", answer(change.stated_within_contingency), answer(change.within_contingency)),
    ]


def start_before(change: ChangeRequest) -> dt.date | None:
    if change.state not in DECIDED or not change.record:
        return change.project.start_on
    return _day(read_typed(change.record).get("was", {}).get("start_on"))


def sealed_before(change: ChangeRequest) -> tuple[dt.date | None, Decimal | None] | None:
    """Return finish and budget as they were when the request was decided; None while it is not."""
    if change.state not in DECIDED or not change.record:
        return None
    was = read_typed(change.record).get("was", {})
    return _day(was.get("finish_on")), _amount(was.get("budget"))


def _day(value: Any) -> dt.date | None:
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def _amount(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def authority_panel(size: Size, *, shows_money: bool) -> AuthorityPanel:
    """Return the computation as it stood at the decision, or as it stands now while none was made."""
    change = size.change
    if change.state in DECIDED and change.record:
        return _sealed_panel(size, read_typed(change.record)["authority"], shows_money=shows_money)
    verdict = size.verdict
    named = ", ".join(person.name for person in deciders(size, timezone.localdate())) if change.is_open else ""
    return AuthorityPanel(
        size.authority.label,
        named,
        [ground.sentence for ground in (*verdict.grounds, *size.raised)],
        _lines(size, verdict, shows_money=shows_money),
        limit_pairs(verdict.limits),
        _base(size.project, verdict.base, size.contingency_left, shows_money=shows_money),
        _original(size, shows_money=shows_money),
        False,
    )


def limit_pairs(limits: Any) -> list[tuple[str, str]]:
    return [
        ("PMO manager from", f"{written(Decimal(limits.low_percent))} or {words.count(limits.low_days, 'day')}"),
        ("Governance board from", written(Decimal(limits.high_percent))),
        ("Scope or benefits", f"to the board from class {limits.scope_class}"),
        ("New baseline", f"to the board from class {limits.baseline_class}"),
    ]


def _base(project: Project, base: Base, left: Decimal | None, *, shows_money: bool) -> list[tuple[str, str]]:
    duration = words.MISSING if base.duration_days is None else words.count(base.duration_days, "working day")
    amounts = [("Baseline budget", money(project, base.budget)), ("Contingency left before it", money(project, left))]
    return [*(amounts if shows_money else []), ("Baseline duration", duration)]


def _original(size: Size, *, shows_money: bool) -> list[Sum]:
    drift = drift_of(size)
    if drift is None:
        return []
    cost_share, days_share = (
        words.MISSING if part is None else written(part) for part in (drift.cost_percent, drift.days_percent)
    )
    cost = moved_money(size.project, drift.cost)
    return [
        Sum("With this request", cost if shows_money else words.MISSING, moved_days(drift.days)),
        Sum("Of baseline 0", cost_share if shows_money else words.MISSING, days_share),
    ]


def _lines(size: Size, verdict: Verdict, *, shows_money: bool) -> list[Sum]:
    project = size.project
    addresses = {one.code: one.get_absolute_url() for one in size.earlier}

    def cost(value: Decimal) -> str:
        return moved_money(project, value) if shows_money else words.MISSING

    lines = [Sum(one.name, cost(one.cost), moved_days(one.days), addresses.get(one.name, "")) for one in verdict.earlier]
    lines.append(Sum("This request", cost(verdict.own.cost), moved_days(verdict.own.days)))
    total = money(project, verdict.cost_sum) if shows_money else words.MISSING
    lines.append(Sum("Moved in all", total, words.count(verdict.days_sum, "day")))
    shares = (verdict.cost_percent, verdict.days_percent)
    cost_share, days_share = (words.MISSING if share is None else written(share) for share in shares)
    return [*lines, Sum("Of the baseline", cost_share if shows_money else words.MISSING, days_share)]


def _sealed_panel(size: Size, found: dict[str, Any], *, shows_money: bool) -> AuthorityPanel:
    limits = found["limits"]
    sizes = SizeLimits(
        Decimal(limits["low_percent"]),
        Decimal(limits["high_percent"]),
        limits["low_days"],
        limits["scope_class"],
        limits.get("baseline_class", SizeLimits.baseline_class),
    )
    earlier = tuple(Effect(one["code"], Decimal(one["cost"]), one["days"]) for one in found["earlier"])
    own = Effect(size.change.code, size.change.cost_effect, size.change.days_effect)
    base = Base(_amount(found["budget"]), found["duration_days"], size.project.governance_class)
    verdict = Verdict(Authority(found["authority"]), earlier, own, base, sizes, ())
    return AuthorityPanel(
        Authority(found["authority"]).label,
        "",
        found["grounds"],
        _lines(size, verdict, shows_money=shows_money),
        limit_pairs(sizes),
        _base(size.project, base, _amount(found.get("contingency_left")), shows_money=shows_money),
        _original(size, shows_money=shows_money),
        True,
    )


def events_of(change: ChangeRequest) -> list[Event]:
    """Return who did what and when, oldest first. The people are to be fetched with the request."""
    found = [Event(change.requested_at, change.requested_by.name, "began the request")]
    if change.submitted_at:
        found.append(Event(change.submitted_at, change.requested_by.name, "asked for the change"))
    if change.agreed_at and change.agreed_by and change.agreed_by_id != change.requested_by_id:
        found.append(Event(change.agreed_at, change.agreed_by.name, "agreed as project manager"))
    if change.assessed_at and change.assessed_by:
        found.append(Event(change.assessed_at, change.assessed_by.name, "assessed it"))
    if change.decided_at and change.decided_by:
        did = f"{change.get_state_display().lower()} it"
        found.append(Event(change.decided_at, change.decided_by.name, did, change.decision_reason))
    return sorted(found, key=lambda event: event.at)
