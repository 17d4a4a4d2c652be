"""What a change request is measured by: changes approved since the last baseline, the baseline, the limits; and its record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from governance.change_authority import Base, Effect, Ground, Nature, Verdict, decide_by_size, share
from governance.change_states import Authority, ChangeState
from governance.managing import managers_since
from governance.models import ChangeLimits, ChangeOption, ChangeRequest
from governance.models.changes import ASSESSED
from pmo.lib.workdays import WorkCalendar
from pmo.models import User
from pmo.models.calendar import office_calendar
from pmo.roles import Role
from portfolio.models import Baseline, Project

HUNDREDTH = Decimal("0.01")


def approved_changes_of(project: Project) -> Any:
    """Return the approved change requests of a project, newest first: what a document or a plan may refer to."""
    return ChangeRequest.objects.approved().filter(project=project).order_by("-decided_at", "-number")


def since_last_baseline(project: Project) -> list[ChangeRequest]:
    """Return what was approved against the baseline in force, oldest first. One query."""
    rows = approved_changes_of(project).filter(baseline_number=project.baseline_number, new_baseline_number=None)
    return list(rows.order_by("decided_at", "number"))


def contingency_left(project: Project, changes: Iterable[ChangeRequest] | None = None) -> Decimal | None:
    """Return what the changes since the last baseline left of the contingency; None where none was approved."""
    approved = project.contingency_amount
    if approved is None:
        return None
    spent = since_last_baseline(project) if changes is None else changes
    return approved - sum((one.cost_effect for one in spent if one.within_contingency), Decimal(0))


def effect_of(change: ChangeRequest) -> Effect:
    return Effect(change.code, change.cost_effect, change.days_effect)


def base_of(project: Project, calendar: WorkCalendar) -> Base:
    start, finish = project.start_on, project.baseline_finish_on
    days = calendar.between(start, finish) if start and finish else None
    return Base(project.budget_amount, days, project.governance_class)


@dataclass(frozen=True)
class Outcome:
    """Finish and budget as agreed now, and as they would be with every change since then and the new one."""

    old_finish_on: dt.date | None
    new_finish_on: dt.date | None
    old_budget: Decimal | None
    new_budget: Decimal | None
    new_contingency: Decimal | None
    """None where no contingency was approved."""


@dataclass(frozen=True)
class Drift:
    """How far finish and budget lie from baseline 0 with every change up to this one; None where one of the two is missing."""

    days: int | None
    days_percent: Decimal | None
    cost: Decimal | None
    cost_percent: Decimal | None


@dataclass(frozen=True)
class Move:
    """One milestone that a request moves: as agreed at first, as agreed now, as it would be, and when it was reached."""

    number: int
    name: str
    original_on: dt.date | None
    was_on: dt.date | None
    new_on: dt.date
    actual_on: dt.date | None = None


class Size:
    """How large a change is together with its predecessors, and who decides on it. Each part is read once."""

    def __init__(self, change: ChangeRequest, calendar: WorkCalendar | None = None) -> None:
        self.change, self.project = change, change.project
        self.calendar = calendar or office_calendar()

    @cached_property
    def earlier(self) -> list[ChangeRequest]:
        return [one for one in since_last_baseline(self.project) if one.pk != self.change.pk]

    @cached_property
    def verdict(self) -> Verdict:
        """Return who decides by size alone. Two queries, and one for the calendar where it was not given."""
        change = self.change
        nature = Nature(
            within_contingency=self.is_covered,
            is_short=self.is_short,
            changes_scope=change.changes_scope,
            wants_baseline=change.wants_baseline,
        )
        for one in self.earlier:
            one.project = self.project
        earlier = tuple(effect_of(one) for one in self.earlier)
        limits = ChangeLimits.current().as_sizes()
        return decide_by_size(effect_of(change), earlier, base_of(self.project, self.calendar), nature, limits)

    @cached_property
    def contingency_left(self) -> Decimal | None:
        """Return what is left of the approved contingency before this request; None where none was approved."""
        return contingency_left(self.project, self.earlier)

    @property
    def is_covered(self) -> bool:
        """Whether contingency is to pay, and is there."""
        left, cost = self.contingency_left, self.change.cost_effect
        return self.change.within_contingency and (cost <= 0 or (left is not None and left >= cost))

    @property
    def is_short(self) -> bool:
        return self.change.within_contingency and not self.is_covered

    @cached_property
    def original(self) -> Baseline | None:
        """Return baseline 0. One query."""
        return Baseline.objects.original_of(self.project)

    @property
    def drift(self) -> Drift:
        """Return what all changes together, and this one, make of baseline 0."""
        start, finish, budget = original_of(self.project, self.original)
        after = self.outcome
        later = self.calendar.between(finish, after.new_finish_on) if finish and after.new_finish_on else None
        whole = self.calendar.between(start, finish) if start and finish else None
        more = after.new_budget - budget if budget is not None and after.new_budget is not None else None
        shares = (None if moved is None else signed_share(Decimal(moved), of) for moved, of in ((later, whole), (more, budget)))
        days_share, cost_share = shares
        return Drift(later, days_share, more, cost_share)

    @cached_property
    def raised(self) -> tuple[Ground, ...]:
        """Return why somebody higher decides because those whom the size names may not. One query at most."""
        authority, found = self.verdict.authority, []
        if authority == Authority.MANAGER_AND_SPONSOR and (why := self._sponsor_may_not()):
            authority = Authority.PMO_MANAGER
            found.append(Ground(authority, f"{why}, so the PMO manager decides in the sponsor’s place."))
        if authority == Authority.PMO_MANAGER and self._office_may_not():
            found.append(Ground(Authority.BOARD, "The PMO manager has a part in it, so the governance board decides."))
        return tuple(found)

    @property
    def authority(self) -> Authority:
        return self.raised[-1].authority if self.raised else self.verdict.authority

    @property
    def barred(self) -> set[int]:
        """Who never decides on this change: who asked for it, who assessed it, who manages the project or did since."""
        people = {self.change.requested_by_id, self.change.assessed_by_id, *self.managers}
        return {one for one in people if one is not None}

    @cached_property
    def managers(self) -> frozenset[int]:
        """Who manages the project, or did at any time since the change was asked for: handing it over frees nobody."""
        return managers_since(self.project, self.change.requested_at)

    def _sponsor_may_not(self) -> str:
        if self.project.sponsor_id is None:
            return "The project has no sponsor"
        return "The sponsor has a part in it" if self.project.sponsor_id in self.barred else ""

    def _office_may_not(self) -> bool:
        return bool(User.objects.with_role(Role.PMO_MANAGER).filter(pk__in=self.barred).exists())

    @cached_property
    def outcome(self) -> Outcome:
        """Return what becomes of finish and budget: all changes since the baseline are gathered into the next one."""
        days = sum(one.days_effect for one in self.earlier) + self.change.days_effect
        cost = sum((one.cost_effect for one in self.earlier), Decimal(0)) + self.change.cost_effect
        finish, budget = self.project.baseline_finish_on, self.project.budget_amount
        later = self.calendar.add(finish, days) if finish else None
        left = self.contingency_left
        if left is not None and self.change.within_contingency:
            left -= self.change.cost_effect
        return Outcome(finish, later, budget, None if budget is None else budget + cost, left)


def original_of(project: Project, original: Baseline | None) -> tuple[dt.date | None, dt.date | None, Decimal | None]:
    """Return start, finish and budget as agreed at first; an amount in another unit than today's is not compared."""
    if original is None:
        return project.start_on, project.original_finish_on, None
    is_comparable = (original.currency, original.amount_unit) == (project.currency, project.amount_unit)
    return original.start_on, original.finish_on, original.budget_amount if is_comparable else None


def signed_share(moved: Decimal, whole: Decimal | int | None) -> Decimal | None:
    """Return `moved` in percent of `whole`, less than zero where it is less; None where there is nothing to measure by."""
    found = share(abs(moved), whole)
    return found if found is None or moved >= 0 else -found


def moves_of(change: ChangeRequest) -> list[Move]:
    """Return the milestones that the request moves, as they are agreed now and as they would be. One query at most."""
    moves = change.moves
    if not moves:
        return []
    rows = change.project.milestones.filter(number__in=moves).order_by("baseline_on", "number")
    return [Move(row.number, row.name, row.original_on, row.baseline_on, moves[row.number], row.actual_on) for row in rows]


def content_of(change: ChangeRequest, options: Iterable[ChangeOption]) -> dict[str, Any]:
    """Return the words and figures of a request, ready for canonical JSON."""
    plain = ("title", "reason_code", "description", "root_cause", "scope_effect", "changes_scope", "days_effect", "cost_effect")
    more = ("quality_effect", "risk_effect", "benefits_effect", "resources_effect", "within_contingency", "funding_source")
    return {
        "code": change.code,
        "project": {"code": change.project.code, "name": change.project.name, "currency": change.project.currency},
        **{name: exact(getattr(change, name)) for name in (*plain, *more, "wants_baseline", "moved_start_on")},
        "milestones": [
            {
                "number": one.number,
                "name": one.name,
                "original_on": one.original_on,
                "was_on": one.was_on,
                "new_on": one.new_on,
            }
            for one in moves_of(change)
        ],
        "stated": {name: exact(getattr(change, f"stated_{name}")) for name in ASSESSED} if change.was_corrected else None,
        "requested_by": change.requested_by.name,
        "requested_at": change.requested_at,
        "submitted_at": change.submitted_at,
        "agreed_by": change.agreed_by.name if change.agreed_by else "",
        "options": [
            {
                "title": one.title,
                "is_do_nothing": one.is_do_nothing,
                "is_recommended": one.is_recommended,
                "consequence": one.consequence,
                "cost_effect": exact(one.cost_effect),
                "days_effect": one.days_effect,
            }
            for one in options
        ],
    }


def exact(value: Any) -> Any:
    """Return amounts to the cent, so that one amount has one way to be written; everything else as it is."""
    return Decimal(value).quantize(HUNDREDTH) if isinstance(value, Decimal) else value


def computation_of(size: Size) -> dict[str, Any]:
    """Return the computation of the authority, ready for canonical JSON."""
    verdict, drift = size.verdict, size.drift
    return {
        "authority": str(size.authority),
        "grounds": [ground.sentence for ground in (*verdict.grounds, *size.raised)],
        "earlier": [{"code": one.name, "cost": exact(one.cost), "days": one.days} for one in verdict.earlier],
        "cost_sum": exact(verdict.cost_sum),
        "days_sum": verdict.days_sum,
        "cost_percent": exact(verdict.cost_percent),
        "days_percent": exact(verdict.days_percent),
        "budget": exact(verdict.base.budget),
        "duration_days": verdict.base.duration_days,
        "limits": {
            "low_percent": exact(verdict.limits.low_percent),
            "high_percent": exact(verdict.limits.high_percent),
            "low_days": verdict.limits.low_days,
            "scope_class": int(verdict.limits.scope_class),
            "baseline_class": int(verdict.limits.baseline_class),
        },
        "contingency_left": exact(size.contingency_left),
        "original": {
            "days": drift.days,
            "days_percent": exact(drift.days_percent),
            "cost": exact(drift.cost),
            "cost_percent": exact(drift.cost_percent),
        },
    }


DECIDED = (ChangeState.APPROVED, ChangeState.REJECTED, ChangeState.DEFERRED)
