"""Who asks what waits, at what moment, and what every source of the queue needs to answer with one query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from governance.clock import Office
from governance.models.rules import PastClocks, step_days
from governance.periods import after_workdays
from governance.queue_items import Item
from governance.separation import Duties
from governance.signing import Signature
from pmo.roles import Role

#: Of an obligation that has only a date: until when on that day.
CLOSE_OF_DAY = dt.time(17)
#: What is planned for a day comes into the queue so long before it.
AHEAD = dt.timedelta(days=14)


@dataclass(frozen=True)
class Asking:
    """For whom, at what moment, and whether everybody's items are asked for."""

    person: Any
    at: dt.datetime
    office: Office
    duties: Duties
    everybody: bool

    @property
    def sees_decisions(self) -> bool:
        """Whether anything that waits for a decision may be this person's, or is asked for at all."""
        return self.everybody or self.duties.decides_anything

    @property
    def today(self) -> dt.date:
        return self.office.day(self.at)

    def end_of(self, day: dt.date) -> dt.datetime:
        return dt.datetime.combine(day, CLOSE_OF_DAY, self.office.zone)

    def workdays_after(self, moment: dt.datetime, days: int) -> dt.datetime:
        return after_workdays(moment, days, self.office.calendar, self.office.zone)

    @cached_property
    def _past_clocks(self) -> PastClocks:
        return PastClocks()

    def step_after(self, moment: dt.datetime, what: str, project: Any) -> dt.datetime:
        """Return when a step is due that began at `moment`, by the clocks that ran then for the class of `project`."""
        return self.workdays_after(moment, step_days(self._past_clocks.at(moment), what, project.governance_class))

    def own(self, role: str) -> Signature:
        return Signature(self.person, role)

    def holds(self, role: Role) -> bool:
        """Whether the person holds a deciding role. No query."""
        return self.person.pk in self.duties.holders[role]

    def office_role(self, project: Any, managers: frozenset[int] = frozenset()) -> Role:
        """Return the role that acts for the office on a project: the executive where a PMO manager manages it. No query.

        `managers` are those who count as its managers beside the present one.
        """
        is_own_work = self.duties.holders[Role.PMO_MANAGER] & {*managers, project.project_manager_id}
        return Role.EXECUTIVE if is_own_work else Role.PMO_MANAGER

    def acts_for_office(self, project: Any, managers: frozenset[int] = frozenset()) -> bool:
        is_own = self.person.pk in {*managers, project.project_manager_id}
        return not is_own and self.holds(self.office_role(project, managers))

    def stage_managers(self, row: Any) -> frozenset[int]:
        """Return who counts as manager at the gates of a row read by `gate_authority.with_stage`. No query."""
        return self.duties.managing.since(row.project, row.stage_began)


Source = Callable[[Asking], list[Item]]


def of_project(project: Any, **values: Any) -> Item:
    return Item(code=project.code, project_name=project.name, **values)
