"""Who managed a project, and until when: read from its history, so that handing it over for a day frees nobody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import Lag

from portfolio.models import Project

#: From when on somebody, or nobody, managed a project, in the order of its history.
Turns = tuple[tuple[dt.datetime, int | None], ...]


@dataclass(frozen=True)
class Managing:
    """The changes of managers of some projects, read once for any number of questions."""

    turns: Mapping[int, Turns] = field(default_factory=dict)

    @classmethod
    def of_project(cls, project: Project) -> Managing:
        """Return everybody who ever managed `project`. One query."""
        return cls(_turns(_history().filter(id=project.pk)))

    @classmethod
    def of_people(cls, people: Collection[int]) -> Managing:
        """Return who managed the projects that one of `people` ever managed, and no other project. One query."""
        theirs = _history().filter(project_manager_id__in=people).values("id")
        return cls(_turns(_history().filter(id__in=theirs)))

    def since(self, project: Project, moment: dt.datetime | None) -> frozenset[int]:
        """Return who manages `project`, or did at any time from `moment` on; None asks who ever did. No query."""
        turns = self.turns.get(project.pk, ())
        ends = [began for began, _ in turns[1:]]
        held = {who for (_, who), ended in zip(turns, [*ends, None], strict=False) if not _is_over(ended, moment)}
        return frozenset(who for who in (*held, project.project_manager_id) if who is not None)


def managers_since(project: Project, moment: dt.datetime | None) -> frozenset[int]:
    """Return who manages `project`, or did at any time from `moment` on; None asks who ever did. One query."""
    return Managing.of_project(project).since(project, moment)


def managed_since(person: Any, moment: str) -> Exists:
    """Return, for rows of a project, whether `person` (a key, or an OuterRef) managed it at any time since the field `moment`.

    The same as `managers_since`, but for who manages it today without a trace in the history.
    """
    later = Q(history_date__gt=OuterRef("history_date"))
    later |= Q(history_date=OuterRef("history_date"), history_id__gt=OuterRef("history_id"))
    ended = _history().filter(later, id=OuterRef("id"), history_date__lte=OuterRef(OuterRef(moment)))
    return Exists(_history().filter(~Exists(ended), id=OuterRef("project_id"), project_manager_id=person))


def _is_over(ended: dt.datetime | None, moment: dt.datetime | None) -> bool:
    return ended is not None and moment is not None and ended <= moment


def _history() -> QuerySet[Any]:
    return Project.history.all()  # type: ignore[attr-defined, no-any-return]


def _turns(rows: QuerySet[Any]) -> dict[int, Turns]:
    """Return the turns of each project. Most changes of a project leave its manager, so those are not read."""
    before = Window(Lag("project_manager_id"), partition_by=F("id"), order_by=["history_date", "history_id"])
    turned = Q(before=None) | Q(project_manager_id=None) | ~Q(before=F("project_manager_id"))
    found = rows.order_by().annotate(before=before).filter(turned).order_by("id", "history_date", "history_id")
    named = found.values_list("id", "history_date", "project_manager_id")
    return {pk: tuple((at, who) for _, at, who in group) for pk, group in groupby(named, key=itemgetter(0))}
