"""The overview of a project, composed of all its rooms: where it stands, why, what comes next and who answers for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from governance.access import PublishedAccess
from governance.gate_next import next_gate_of, with_next_gate
from governance.models import ReportingRules
from governance.open_conditions import OpenConditions, open_conditions_of
from governance.overview import Ratings, ratings_of
from governance.report_facts import late_days, percent_of
from governance.report_words import NO_FINISH, NO_VARIANCE
from governance.separation import DECIDING, Duties
from governance.weeks import Weeks, weeks_of
from governance.work import Task, unsettled_reports
from pmo.lib import charts, words
from pmo.lib.access import visible_or_404
from pmo.lib.workdays import WorkCalendar
from pmo.models import User
from pmo.models.calendar import office_calendar
from pmo.roles import Role
from pmo.views.baseline_card import BaselineLine, baseline_lines, first_figures
from portfolio.access import ProjectAccess
from portfolio.models import Decision, Milestone, Project, ProjectMember, Risk
from portfolio.tables import UNIT_WORDS

SHOWN = 3
WIDE, NARROW = 512.0, 324.0
COLOR = {"G": "green", "Y": "yellow", "R": "red"}
TIMES = {1: "once", 2: "twice"}
REMARKABLE_SLIP = 5


@dataclass(frozen=True)
class Step:
    """A button in the title row."""

    words: str
    url: str
    is_first: bool = False


@dataclass(frozen=True)
class Line:
    """One milestone, risk or decision: what, a note below it, a figure at the end."""

    text: str
    url: str
    note: str
    end: str
    is_late: bool = False
    is_overdue: bool = False


def with_everything(reader: Any) -> QuerySet[Project]:
    """Return projects with all that the overview reads of them in one row: people, standing, last accepted report, counts,
    and whether `reader` is on the team.
    """
    team = ProjectMember.objects.filter(project=OuterRef("pk")).order_by()
    members = team.values("project").annotate(number=Count("pk"))
    office = User.objects.filter(groups__name=Role.PMO_MANAGER, is_active=True).order_by("name")
    people = ("department", "program", "sponsor", "business_owner", "project_manager")
    return Project.objects.select_related(*people, "standing__version__deliverable").annotate(
        member_count=Coalesce(Subquery(members.values("number")[:1]), 0),
        office_name=Subquery(office.values("name")[:1]),
        reader_is_member=Exists(team.filter(user=reader)),
        **first_figures(),
    )


@require_GET
def project_overview(request: HttpRequest, code: str) -> HttpResponse:
    # Asked first, because what it finds answers the questions of visibility and of the navigation too.
    _ = PublishedAccess(request.user).reads_working_pages
    rows = with_next_gate(with_everything(request.user))
    project = visible_or_404(rows, request.user, code=code)
    access = ProjectAccess(request.user, project)
    access.is_member = project.reader_is_member  # type: ignore[attr-defined]
    page = ProjectPage(project, access, timezone.now())
    context = {"project": project, "access": access, "page": page, "tab": "overview"}
    return render(request, "pmo/project_overview.html", context)


class ProjectPage:
    """All that the overview shows. Each part is read once; the number of queries does not depend on the project."""

    def __init__(self, project: Project, access: ProjectAccess, at: dt.datetime) -> None:
        self.project, self.access, self.at = project, access, at
        self.today = timezone.localdate(at)
        self.standing = getattr(project, "standing", None)

    # Ratings

    @cached_property
    def weeks(self) -> Weeks:
        rules = ReportingRules.current() if self.project.governance_class == 1 else ReportingRules()
        return weeks_of(self.project, self.today, rules)

    @cached_property
    def ratings(self) -> Ratings | None:
        if self.standing is None:
            return None
        return ratings_of(
            self.standing, self.weeks, self.report_url, shows_pm=self.shows_pm, links_rows=self.access.can_see_registers
        )

    @cached_property
    def shows_pm(self) -> bool:
        """The project manager's own rating stays within the office and the project."""
        return self.access.can_see_registers

    def report_url(self, number: int) -> str:
        return reverse("governance:report-detail", args=[self.project.code, number])

    @property
    def accepted_days(self) -> int | None:
        standing = self.standing
        return (self.today - timezone.localdate(standing.accepted_at)).days if standing and standing.accepted_at else None

    @property
    def why_title(self) -> str:
        letter = self.standing.overall if self.standing else "-"
        return f"Why {COLOR.get(letter, 'no data')}"

    @property
    def why(self) -> str:
        """Return the published reason in full, and how often the project was re-baselined."""
        reason = (self.standing.reason if self.standing else "") or "No report has been accepted yet."
        number = self.project.baseline_number
        again = f" Re-baselined {TIMES.get(number, f'{number} times')}." if number else ""
        said = self.ratings.page.content["headline"] if self.ratings and not (self.standing and self.standing.reason) else ""
        return f"{said or reason}{again}"

    # The next step

    @cached_property
    def tasks(self) -> list[Task]:
        return unsettled_reports([self.project], self.at)

    @cached_property
    def task(self) -> Task | None:
        """The report to see to first: one in work or come back, else the one that is due, else one that waits."""
        mine = [task for task in self.tasks if not task.is_waiting]
        return next((task for task in mine if task.state), None) or next(iter([*mine, *self.tasks]), None)

    @property
    def waiting(self) -> Task | None:
        return next((task for task in self.tasks if task.is_waiting), None)

    @cached_property
    def steps(self) -> list[Step]:
        """At most two buttons: what this person does next, and the last report on one page."""
        found = [step for step in (self._review_step(), self._write_step()) if step][:1]
        if self.standing and self.standing.version:
            url = reverse(
                "governance:report-pdf", args=[self.project.code, self.standing.report_number, self.standing.version.number]
            )
            found.append(Step("One-page PDF", url))
        return found

    def _review_step(self) -> Step | None:
        if self.waiting is None or self.access.is_manager:
            return None
        may = self.access.user.has_role(*DECIDING) or Duties.of(self.access.user, self.today).decides_anything
        return Step(f"Review report {self.waiting.number}", self.waiting.review_url, True) if may else None

    def _write_step(self) -> Step | None:
        if not self.access.is_manager:
            return None
        if self.task is not None:
            return Step(self.task.words, self.task.url, not self.task.is_waiting)
        owes = self.project.is_reporting and self.project.status == "active"
        return Step("Write report", reverse("governance:report-new", args=[self.project.code]), True) if owes else None

    # Finish

    @cached_property
    def calendar(self) -> WorkCalendar:
        return office_calendar()

    @property
    def expected_on(self) -> dt.date | None:
        return self.project.actual_finish_on or self.project.forecast_finish_on

    @cached_property
    def slip(self) -> int | None:
        return late_days(self.calendar, self.project.baseline_finish_on, self.expected_on)

    @property
    def slip_stands_out(self) -> bool:
        return self.slip is not None and self.slip > REMARKABLE_SLIP

    @property
    def finish_words(self) -> str:
        """Say against what the slip is counted: `against baseline 2; 104 against the original`."""
        if self.slip is None:
            return NO_FINISH if self.expected_on or self.project.baseline_finish_on else "no dates yet"
        project, said = self.project, f"against {self.baseline_name}"
        if project.original_finish_on in (None, project.baseline_finish_on):
            return said
        return f"{said}; {late_days(self.calendar, project.original_finish_on, self.expected_on)} against the original"

    @property
    def baseline_name(self) -> str:
        return f"baseline {self.project.baseline_number}" if self.project.baseline_number else "the baseline"

    @property
    def finish_charts(self) -> tuple[SafeString, SafeString]:
        project = self.project
        dates = (
            project.original_finish_on,
            project.baseline_finish_on,
            self.expected_on,
            self.today,
            project.baseline_number,
            self.slip,
        )
        return charts.finish_line(*dates, width=WIDE), charts.finish_line(*dates, width=NARROW, labels=False)

    @property
    def finish_pairs(self) -> list[tuple[str, str]]:
        project = self.project
        return [
            ("Original baseline", words.day(project.original_finish_on)),
            (f"Baseline {project.baseline_number}", words.day(project.baseline_finish_on)),
            ("Actual" if project.actual_finish_on else "Forecast", words.day(self.expected_on)),
        ]

    # Money

    @property
    def has_money(self) -> bool:
        project = self.project
        amounts = (project.budget_amount, project.spent_amount, project.committed_amount, project.forecast_amount)
        return self.access.can_see_money and any(amount is not None for amount in amounts)

    def amount(self, value: Any) -> str:
        project = self.project
        if project.currency == "USD" and project.amount_unit == 1:
            return words.millions(value)
        return words.amount(value, project.currency, UNIT_WORDS.get(project.amount_unit, ""))

    @property
    def over_words(self) -> str:
        """Return `$0.54 M over`, `$0.02 M under`, `on budget`; nothing while an amount is missing."""
        variance = self.project.variance_amount
        if not variance:
            return "" if variance is None else "on budget"
        return f"{self.amount(abs(variance))} {'over' if variance > 0 else 'under'}"

    @property
    def over_stands_out(self) -> bool:
        share = self.over_share
        return share is not None and share > 5

    @property
    def over_share(self) -> Any:
        return percent_of(self.project.variance_amount, self.project.budget_amount)

    @property
    def money_words(self) -> str:
        share = self.over_share
        against = (
            "against the approved budget"
            if share == 0
            else f"the approved budget ({words.percent(abs(share))})"
            if share
            else ""
        )
        if self.project.variance_amount is None:
            against = NO_VARIANCE
        as_of = f"as of {words.day_without_weekday(self.project.money_as_of)}" if self.project.money_as_of else ""
        return ", ".join(part for part in (against, as_of) if part)

    @property
    def money_charts(self) -> tuple[SafeString, SafeString]:
        project = self.project
        amounts = (project.budget_amount, project.spent_amount, project.committed_amount, project.forecast_amount)
        return (
            charts.bullet(*amounts, width=WIDE, show=self.amount),
            charts.bullet(*amounts, width=NARROW, labels=False, show=self.amount),
        )

    @property
    def money_pairs(self) -> list[tuple[str, str]]:
        project = self.project
        named = (
            ("Spent", project.spent_amount),
            ("Committed", project.committed_amount),
            ("Forecast", project.forecast_amount),
            ("Budget", project.budget_amount),
        )
        return [(name, self.amount(value)) for name, value in named]

    @property
    def contingency_words(self) -> str:
        project = self.project
        return words.amount(project.contingency_amount, project.currency, UNIT_WORDS.get(project.amount_unit, ""))

    # Conditions

    @cached_property
    def conditions(self) -> OpenConditions | None:
        """Return what must still be done, as far as the person reads it; None where nothing is open."""
        return open_conditions_of(self.project, self.access.user, self.today)

    # Lists

    @property
    def ahead(self) -> list[Line]:
        return [*self.gates, *self.milestones]

    @cached_property
    def gates(self) -> list[Line]:
        """Return the gate that comes next, or nothing."""
        found = next_gate_of(self.project, self.today)
        if found is None:
            return []
        note = f"gate, {found.in_place} of {found.asked} in place" if found.planned_on else "gate, not planned yet"
        is_overdue = found.planned_on is not None and found.planned_on < self.today
        end = words.day(found.planned_on) if found.planned_on else words.MISSING
        return [Line(str(found.gate.label), found.url, note, end, is_overdue=is_overdue)]

    @cached_property
    def milestones(self) -> list[Line]:
        return [self._milestone(row) for row in self.planned if row.actual_on is None][:SHOWN]

    @cached_property
    def planned(self) -> list[Milestone]:
        return list(Milestone.objects.filter(project=self.project).by_date())

    @property
    def baselines(self) -> list[BaselineLine]:
        return baseline_lines(self)

    def _milestone(self, row: Milestone) -> Line:
        row.project = self.project
        days = late_days(self.calendar, row.baseline_on, row.expected_on)
        is_late = days is not None and days > REMARKABLE_SLIP
        return Line(row.name, row.get_absolute_url(), words.day(row.expected_on), words.slip(days), is_late)

    @cached_property
    def open_risks(self) -> list[Risk]:
        return list(Risk.objects.filter(project=self.project).open().worst_first().select_related("owner"))  # type: ignore[attr-defined]

    @property
    def risks(self) -> list[Line]:
        return [self._risk(row) for row in self.open_risks[:SHOWN]]

    def _risk(self, row: Risk) -> Line:
        row.project = self.project
        step = f"next step {words.short_day(row.next_action_on)}" if row.next_action_on else ""
        is_overdue = bool(row.next_action_on and row.next_action_on < self.today)
        note = ", ".join(
            part for part in (row.owner.name if row.owner else "no owner", step, "overdue" if is_overdue else "") if part
        )
        return Line(row.title, row.get_absolute_url(), note, str(row.score))

    @cached_property
    def open_decisions(self) -> list[Decision]:
        return list(Decision.objects.filter(project=self.project).open().order_by("needed_by_on", "number"))

    @property
    def decisions(self) -> list[Line]:
        return [self._decision(row) for row in self.open_decisions[:SHOWN]]

    def _decision(self, row: Decision) -> Line:
        row.project = self.project
        is_overdue = row.needed_by_on < self.today
        end = words.short_day(row.needed_by_on) + (", overdue" if is_overdue else "")
        return Line(row.title, row.get_absolute_url(), row.needed_from, end, is_overdue=is_overdue)

    @property
    def people(self) -> list[tuple[str, str]]:
        project = self.project
        return [
            ("Sponsor", person(project.sponsor)),
            ("Owner", person(project.business_owner)),
            ("Project manager", person(project.project_manager)),
            ("PMO", project.office_name or ""),  # type: ignore[attr-defined]
            ("Department", project.department.name if project.department else ""),
            ("Class, phase", f"{project.governance_class}, {project.get_phase_display()}"),
        ]


def person(user: User | None) -> str:
    return user.name if user else ""
