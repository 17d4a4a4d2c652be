"""What changed in the published portfolio between two days: was and is, project by project."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator

from governance.dashboard import UNIT_WORDS, WEEK, move_of
from governance.dashboard_rows import PHASES
from governance.models import StandingSnapshot
from governance.states import Dimension, Letter
from pmo.lib import words
from portfolio.states import ProjectStatus

PAGE_SIZE = 50
#: What may be asked for alone.
KINDS = (("", "Everything"), ("ratings", "Ratings"), ("dates", "Dates and phase"), ("money", "Money"))
DIMENSIONS = tuple(name for name in Dimension.values if name != Dimension.OVERALL)
FIELDS = (
    "overall",
    *DIMENSIONS,
    "phase",
    "status",
    "baseline_finish_on",
    "forecast_finish_on",
    "currency",
    "amount_unit",
    "budget_amount",
    "forecast_amount",
    "imported_rating",
)
NEW = "New on the portfolio"
REBASELINED = "re-baselined"
#: The order of projects on the page.
ORDER = {"worse": 0, "lost": 1, "better": 2, "found": 3, "new": 4, "": 5}


@dataclass(frozen=True)
class Change:
    """One fact as it was and as it is. A change of a rating has letters, any other has words."""

    kind: str
    label: str
    was: str
    now: str
    is_rating: bool = False
    note: str = ""


@dataclass(frozen=True)
class ProjectChanges:
    code: str
    name: str
    move: str
    """Better, worse, lost or found (its data), new, or empty when the overall rating is the same."""
    changes: list[Change] = field(default_factory=list)

    @property
    def overall(self) -> Change | None:
        return next((change for change in self.changes if change.label in ("Overall", NEW)), None)

    @property
    def is_rebaselined(self) -> bool:
        return any(change.note == REBASELINED for change in self.changes)

    @property
    def move_words(self) -> str:
        """Say a move that is neither better nor worse."""
        return {"lost": "without data now", "found": "with data again"}.get(self.move, "")

    @property
    def others(self) -> list[Change]:
        return [change for change in self.changes if change is not self.overall]


class Changes:
    """The two days that were asked for, and what changed between them. Two queries, and none twice."""

    def __init__(self, asked: Mapping[str, str], today: dt.date) -> None:
        self.asked, self.today = asked, today
        self.problem = ""
        self.to_on = self._day("to", today)
        self.from_on = self._day("from", self.to_on - WEEK)
        self.kind = next((key for key, _ in KINDS if key == asked.get("only", "")), "")
        if self.from_on >= self.to_on:
            self.problem = "The first day must lie before the second. The week before the second is shown."
            self.from_on = self.to_on - WEEK

    def _day(self, name: str, default: dt.date) -> dt.date:
        asked = self.asked.get(name, "").strip()
        if not asked:
            return default
        try:
            day = dt.date.fromisoformat(asked)
        except ValueError:
            self.problem = "Give the day as year, month, day: 2026-11-20."
            return default
        if day > self.today:
            self.problem = "That day lies in the future. Today is shown."
            return self.today
        return day

    @cached_property
    def projects(self) -> list[ProjectChanges]:
        """Every project with a change of the asked kind: worse first, then better, new, and the rest by code."""
        now = snapshots(self.to_on, since=self.from_on)
        before = snapshots(self.from_on, ids=list(now)) if now else {}
        found = [compared(key, before.get(key), row) for key, row in now.items()]
        wanted = [
            ProjectChanges(one.code, one.name, one.move, [change for change in one.changes if self.kind in ("", change.kind)])
            for one in found
        ]
        return sorted((one for one in wanted if one.changes), key=lambda one: (ORDER[one.move], one.code))

    @cached_property
    def page(self) -> Page[ProjectChanges]:
        return Paginator(self.projects, PAGE_SIZE).get_page(self.asked.get("page"))

    @property
    def pages(self) -> Iterator[int | str]:
        return self.page.paginator.get_elided_page_range(self.page.number, on_each_side=1, on_ends=1)

    @property
    def sentence(self) -> str:
        """Say how many ratings changed: `2 worse, 1 better, 5 with other changes`."""
        named = (
            ("worse", "worse"),
            ("lost", "without data now"),
            ("better", "better"),
            ("found", "with data again"),
            ("new", "new"),
            ("", "with other changes"),
        )
        counted = {move: sum(one.move == move for one in self.projects) for move in ORDER}
        return ", ".join(f"{counted[move]} {name}" for move, name in named if counted[move]) or "no change"

    @property
    def kinds(self) -> list[tuple[str, str, bool]]:
        return [(key, label, key == self.kind) for key, label in KINDS]


def snapshots(day: dt.date, *, since: dt.date | None = None, ids: list[int] | None = None) -> dict[int, dict[str, Any]]:
    """Return by project how it stood on `day`: only those that changed after `since`, or only some. One query."""
    rows = StandingSnapshot.objects.as_of(day)
    if since is not None:
        rows = rows.filter(from_on__gt=since)
    found = rows.values("project_id", "project__code", "project__name", *FIELDS)
    wanted = set(ids) if ids is not None else None
    return {row["project_id"]: row for row in found if wanted is None or row["project_id"] in wanted}


def compared(key: int, before: Mapping[str, Any] | None, now: Mapping[str, Any]) -> ProjectChanges:
    move = move_of(now["overall"], before["overall"] if before else "")
    changes = list(differences(before, now)) if before else [Change("ratings", NEW, "", now["overall"], True)]
    return ProjectChanges(now["project__code"], now["project__name"], move, changes)


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    """Yield every published fact that differs, the overall rating first."""
    for name in ("overall", *DIMENSIONS):
        # Without an accepted report every dimension is grey; the overall one says it for all.
        if before[name] != now[name] and (name == "overall" or Letter.GREY not in (before["overall"], now["overall"])):
            yield Change("ratings", Dimension(name).label, before[name], now[name], True)
    if before["imported_rating"] != now["imported_rating"]:
        yield Change("ratings", "Imported rating, not reviewed", before["imported_rating"], now["imported_rating"])
    if before["phase"] != now["phase"]:
        yield Change("dates", "Phase", PHASES.get(before["phase"], ""), PHASES.get(now["phase"], ""))
    if before["status"] != now["status"]:
        yield Change("dates", "Status", status_words(before["status"]), status_words(now["status"]))
    yield from date_differences(before, now)
    yield from money_differences(before, now)


def date_differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    for name, label in (("baseline_finish_on", "Baseline finish"), ("forecast_finish_on", "Forecast finish")):
        was, is_now = before[name], now[name]
        if was != is_now:
            rebaselined = name == "baseline_finish_on" and was is not None
            note = REBASELINED if rebaselined else moved_by(was, is_now)
            yield Change("dates", label, words.day_without_weekday(was), words.day_without_weekday(is_now), note=note)


def moved_by(was: dt.date | None, now: dt.date | None) -> str:
    """Return `12 days later`, `3 days earlier`, in calendar days; empty when one of the days is missing."""
    if was is None or now is None:
        return ""
    days = (now - was).days
    return f"{words.count(abs(days), 'day')} {'later' if days > 0 else 'earlier'}"


def money_differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    for name, label in (("budget_amount", "Budget"), ("forecast_amount", "Forecast cost")):
        was, is_now = money_words(before, name), money_words(now, name)
        if was != is_now:
            yield Change("money", label, was, is_now)


def money_words(row: Mapping[str, Any], name: str) -> str:
    return words.amount(row[name], row["currency"], UNIT_WORDS.get(row["amount_unit"], ""))


def status_words(status: str) -> str:
    return ProjectStatus(status).label if status in ProjectStatus.values else ""
