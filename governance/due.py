"""What the clock does: opens periods, reminds, tells of the overdue, escalates, recomputes.

Every step is done once and catches up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.db import IntegrityError, transaction

from governance import early_work, gate_due, notices, policies, routing
from governance.attachment_files import forget_orphans
from governance.clock import Office
from governance.condition_due import find_overdue_conditions, remind_of_conditions
from governance.document_states import PartState
from governance.models import Deliverable, RatingChallenge, ReviewPart
from governance.periods import WEEK, after_workdays, current_period, reminder_at, reports_in
from governance.recorded_figures import measure_from_records
from governance.reports import open_period
from governance.standings import rebuild_standings
from governance.states import ChallengeState, ReviewState
from pmo.models import JobSlot
from portfolio.models import ImportRun, Project

#: How many weeks of missed periods are opened after a downtime.
CATCH_UP_WEEKS = 8


@dataclass
class DueReport:
    """What one run did."""

    opened: int = 0
    reminded: int = 0
    overdue: int = 0
    escalated: int = 0
    challenges: int = 0
    conditions_reminded: int = 0
    conditions_overdue: int = 0
    gates: int = 0
    policies: int = 0
    standards: int = 0
    rebuilt: int = 0
    files_emptied: int = 0
    files_removed: int = 0
    reviewers: int = 0


def run_due(*, at: dt.datetime) -> DueReport:
    """Do everything that is due by `at` and has not been done. A second call with the same moment does nothing."""
    done = DueReport()
    office = Office.load()
    done.opened = open_periods(at, office)
    done.reminded = remind(at, office)
    done.overdue = tell_overdue(at, office)
    done.escalated = escalate(at, office)
    done.challenges = remind_of_challenges(at)
    done.reviewers = remind_reviewers(at, office)
    done.conditions_reminded = remind_of_conditions(at, office, once)
    done.conditions_overdue = find_overdue_conditions(at, office, once)
    done.gates = watch_gates(at, office)
    done.policies = remind_of_policies(at)
    done.standards = measure_standards(at, office)
    done.rebuilt = nightly(at, office)
    done.files_emptied = forget_imported_files(at, office)
    done.files_removed = forget_orphans_daily(at, office)
    return done


def once(job: str, slot: str, at: dt.datetime, work: Callable[[], int]) -> int:
    """Do `work` unless this job has been done for this slot; the row and the work stand or fall together."""
    try:
        with transaction.atomic():
            JobSlot.objects.create(job=job, slot=slot, ran_at=at)
            return work()
    except IntegrityError:
        return 0


def open_periods(at: dt.datetime, office: Office) -> int:
    """Open the running period of every reporting project, and those missed since its first status date, at most eight
    weeks back.
    """
    today = office.day(at)
    opened = 0
    for project in Project.objects.reporting().select_related("project_manager"):
        have = set(Deliverable.objects.reports().filter(project=project).values_list("period_end_on", flat=True))
        for end_on in _ends_owed(project, today, office):
            if end_on not in have:
                period = current_period(end_on, project.governance_class, office.rules)
                open_period(project, period, at=at, office=office)
                opened += 1
    return opened


def _ends_owed(project: Project, today: dt.date, office: Office) -> list[dt.date]:
    """Return the status dates for which `project` owes a report by now, the running period included, oldest first."""
    running = current_period(today, project.governance_class, office.rules).end_on
    first = project.reporting_from_on or running
    ends = [running - WEEK * back for back in range(CATCH_UP_WEEKS, -1, -1)]
    return [end_on for end_on in ends if end_on >= first and reports_in(end_on, project.governance_class, office.rules)]


def _owed(at: dt.datetime) -> list[Deliverable]:
    rows = Deliverable.objects.reports().filter(
        first_submitted_at=None, excused_at=None, due_at__isnull=False, project__status="active"
    )
    return list(rows.filter(opened_at__lte=at).select_related("project__project_manager").order_by("due_at"))


def remind(at: dt.datetime, office: Office) -> int:
    """Remind of each report of the running week from the reminder's hour until it is due."""
    told = 0
    for row in _owed(at):
        assert row.period_end_on is not None
        assert row.due_at is not None
        if reminder_at(row.period_end_on, office.rules, office.zone) <= at < row.due_at:
            told += once("remind", f"report-{row.pk}", at, partial(notices.reminder, row, at=at))
    return told


def tell_overdue(at: dt.datetime, office: Office) -> int:
    return _tell_late("overdue", at, office, office.rules.overdue_days, notices.overdue)


def escalate(at: dt.datetime, office: Office) -> int:
    return _tell_late("escalate", at, office, office.rules.escalation_days, notices.escalated)


def _tell_late(job: str, at: dt.datetime, office: Office, days: int, tell: Callable[..., int]) -> int:
    told = 0
    for row in _owed(at):
        assert row.due_at is not None
        if at >= after_workdays(row.due_at, days, office.calendar, office.zone):
            told += once(job, f"report-{row.pk}", at, partial(tell, row, at=at))
    return told


def remind_of_challenges(at: dt.datetime) -> int:
    """Tell the office of each challenge that nobody answered in time."""
    late = RatingChallenge.objects.filter(state=ChallengeState.OPEN, due_at__lt=at).select_related(
        "project", "version__deliverable__project"
    )
    return sum(once("challenge-late", f"challenge-{row.pk}", at, partial(notices.unanswered, row, at=at)) for row in late)


def remind_reviewers(at: dt.datetime, office: Office) -> int:
    """Remind once of each part of a review that is still asked for on the working day before the decision is due."""
    parts = ReviewPart.objects.filter(state=PartState.ASKED, review__state=ReviewState.OPEN)
    told = 0
    for part in parts.select_related("review__version__deliverable__project", "person"):
        if at >= after_workdays(part.review.due_at, -1, office.calendar, office.zone):
            slot = f"part-{part.pk}-{part.person_id or 0}"
            told += once("remind-reviewer", slot, at, partial(routing.send_reminder, part, by=None, at=at))
    return told


def watch_gates(at: dt.datetime, office: Office) -> int:
    """Look at gates that come near or were not held, at work before its gate, and at waivers running out."""
    today = office.day(at)
    opened = gate_due.open_late_gates(at, today) + gate_due.open_expired_waivers(at, today)
    opened += early_work.settle_undone(at) + early_work.open_early_work(at, office)
    return opened + gate_due.warn_of_waivers(at, today) + gate_due.remind_of_gates(at, today)


def remind_of_policies(at: dt.datetime) -> int:
    """Remind of each policy, twice, those who have not acknowledged it."""
    return sum(
        once(f"policy-{days}", f"version-{version.pk}", at, partial(policies.remind, version, days, at=at))
        for version, days in policies.reminders_due(at)
    )


def measure_standards(at: dt.datetime, office: Office) -> int:
    """Take the figures of standards from the records once a day."""
    return once("standards", office.day(at).isoformat(), at, partial(measure_from_records, at, office))


def nightly(at: dt.datetime, office: Office) -> int:
    """Recompute every standing once a day: a report grows old without anybody touching it."""
    return once("standings", office.day(at).isoformat(), at, lambda: rebuild_standings(at=at))


def forget_imported_files(at: dt.datetime, office: Office) -> int:
    """Empty the files of old imports once a day; their reports stay."""
    return once("forget-imports", office.day(at).isoformat(), at, lambda: ImportRun.objects.forget_files(at=at))


def forget_orphans_daily(at: dt.datetime, office: Office) -> int:
    """Delete the files that no attachment leads to, once a day."""
    return once("forget-orphans", office.day(at).isoformat(), at, partial(forget_orphans, at=at))
