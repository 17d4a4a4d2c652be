"""What a change request is measured by: changes approved since the last baseline, the baseline, the limits; and its record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from governance.change_authority import Base, Effect, Ground, Nature, Verdict, decide_by_size
from governance.change_states import Authority, ChangeState
from governance.models import ChangeLimits, ChangeOption, ChangeRequest
from pmo.lib.workdays import WorkCalendar
from pmo.models import User
from pmo.models.calendar import office_calendar
from pmo.roles import Role
from portfolio.models import Project

HUNDREDTH = Decimal("0.01")


def approved_changes_of(project: Project) -> Any:
    """Return the approved change requests of a project, newest first: what a document or a plan may refer to."""
    return ChangeRequest.objects.approved().filter(project=project).order_by("-decided_at", "-number")


def since_last_baseline(project: Project) -> list[ChangeRequest]:
    """Return what was approved against the baseline in force, oldest first. One query."""
    rows = approved_changes_of(project).filter(baseline_number=project.baseline_number, new_baseline_number=None)
    return list(rows.order_by("decided_at", "number"))


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
        nature = Nature(change.within_contingency, change.changes_scope, change.wants_baseline)
        for one in self.earlier:
            one.project = self.project
        earlier = tuple(effect_of(one) for one in self.earlier)
        limits = ChangeLimits.current().as_sizes()
        return decide_by_size(effect_of(change), earlier, base_of(self.project, self.calendar), nature, limits)

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
        """Who never decides on this change: who asked for it, who assessed it, the project's manager."""
        people = {self.change.requested_by_id, self.change.assessed_by_id, self.project.project_manager_id}
        return {one for one in people if one is not None}

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
        return Outcome(finish, later, budget, None if budget is None else budget + cost)


def content_of(change: ChangeRequest, options: Iterable[ChangeOption]) -> dict[str, Any]:
    """Return the words and figures of a request, ready for canonical JSON."""
    plain = ("title", "reason_code", "description", "root_cause", "scope_effect", "changes_scope", "days_effect", "cost_effect")
    more = ("quality_effect", "risk_effect", "benefits_effect", "resources_effect", "within_contingency", "funding_source")
    return {
        "code": change.code,
        "project": {"code": change.project.code, "name": change.project.name, "currency": change.project.currency},
        **{name: exact(getattr(change, name)) for name in (*plain, *more, "wants_baseline")},
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
    verdict = size.verdict
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
        },
    }


DECIDED = (ChangeState.APPROVED, ChangeState.REJECTED, ChangeState.DEFERRED)
