"""The page of the rules: clocks in words, limits by test and class, versions with what each changed, days, questions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from governance.health import TESTS
from governance.models import ChecklistItem, ReportingRules, ThresholdSet
from governance.models.rules import CHANGES, DOCUMENTS, step_days
from governance.models.templates import DOCUMENT_KINDS
from governance.route_changes import route_words, routes_of
from governance.rule_changes import CLASSES, LimitChange, changes_between, limit_words, limits_in
from governance.states import Kind
from pmo.lib.words import count
from pmo.models.calendar import CityHoliday

VERSIONS = 12
DAYS_AHEAD = 8
#: The kinds that are reviewed with a checklist, in the order in which the pages name them.
CHECKLIST_KINDS = (Kind.STATUS_REPORT, *DOCUMENT_KINDS)


@dataclass(frozen=True)
class Version:
    made: ThresholdSet
    changes: list[LimitChange]
    is_first: bool


@dataclass(frozen=True)
class RulesPage:
    clocks: list[tuple[str, str]]
    clock_changes: list[tuple[dt.datetime, str, str]]
    classes: tuple[int, ...]
    limits: list[tuple[str, list[str]]]
    in_force: ThresholdSet | None
    versions: list[Version]
    holidays: list[CityHoliday]
    checklists: list[tuple[Kind, list[ChecklistItem]]]
    route_kinds: tuple[Kind, ...]
    #: For each class, for each kind of document: its label and the steps in words.
    routes: list[tuple[int, list[tuple[str, list[str]]]]]


def rules_page(today: dt.date) -> RulesPage:
    """Return all the rules. Two queries for each version shown, at most twelve of them, and eight more."""
    sets = list(ThresholdSet.objects.select_related("created_by")[: VERSIONS + 1])
    newest = sets[0] if sets else None
    limits = limits_in(newest)
    older = [*sets[1:], None]
    return RulesPage(
        clocks=clock_words(ReportingRules.current()),
        clock_changes=_clock_changes(),
        classes=CLASSES,
        limits=[(TESTS[test][0], [limit_words(test, limits[key, test]) for key in CLASSES]) for test in TESTS],
        in_force=newest,
        versions=[
            Version(made, [] if before is None else changes_between(before, made), before is None)
            for made, before in list(zip(sets, older, strict=True))[:VERSIONS]
        ],
        holidays=list(CityHoliday.objects.filter(on__gte=today).order_by("on")[:DAYS_AHEAD]),
        checklists=_checklists(),
        route_kinds=DOCUMENT_KINDS,
        routes=_routes(),
    )


def _checklists() -> list[tuple[Kind, list[ChecklistItem]]]:
    """Return what is asked of each kind that is reviewed. One query."""
    items = list(ChecklistItem.objects.filter(is_active=True).order_by("position", "pk"))
    return [(kind, [item for item in items if item.kind == kind]) for kind in CHECKLIST_KINDS]


def _routes() -> list[tuple[int, list[tuple[str, list[str]]]]]:
    by_kind = [(str(kind.label), routes_of(kind)) for kind in DOCUMENT_KINDS]
    return [(key, [(label, route_words(routes[key])) for label, routes in by_kind]) for key in CLASSES]


def clock_words(rules: ReportingRules) -> list[tuple[str, str]]:
    """Return each clock as (what, when)."""
    workdays = "working day"
    return [
        ("A week ends on", rules.get_status_weekday_display()),
        ("Reports are due", f"that day at {rules.due_time:%H:%M}; on a closed day, the working day before"),
        ("Reminder", f"{rules.get_reminder_weekday_display()} at {rules.reminder_time:%H:%M}"),
        ("The PMO manager is told", f"{count(rules.overdue_days, workdays)} after it was due"),
        ("The executive is told", f"{count(rules.escalation_days, workdays)} after it was due"),
        ("The review of a report is due", f"{count(rules.review_days, workdays)} after submission"),
        ("The review of a document is due", f"{_by_class(rules, DOCUMENTS)} after submission"),
        ("A step of a change request is due", f"{_by_class(rules, CHANGES)} after the one before"),
        ("A challenge is answered", f"within {count(rules.answer_days, workdays)}"),
        ("Class 1 reports", f"every {count(rules.class_1_every_weeks, 'week')}"),
        ("A sign-in counts for signing", f"for {count(rules.signing_minutes, 'minute')}"),
    ]


def _by_class(rules: ReportingRules, what: str) -> str:
    """Return the days of all classes, like ones together: `class 1 and 2: 5; class 3 and 4: 10 working days`."""
    classes: dict[int, list[str]] = {}
    for governance_class in CLASSES:
        classes.setdefault(step_days(rules, what, governance_class), []).append(str(governance_class))
    if len(classes) == 1:
        return count(next(iter(classes)), "working day")
    parts = [f"class {' and '.join(some)}: {days}" for days, some in classes.items()]
    return f"{'; '.join(parts)} working days"


def _clock_changes() -> list[tuple[dt.datetime, str, str]]:
    """Return the last changes of the clocks: when, by whom, why. One query."""
    rows = ReportingRules.history.select_related("history_user").order_by("-history_date")[:5]
    return [
        (row.history_date, row.history_user.name if row.history_user else "the system", row.history_change_reason or "")
        for row in rows
    ]
