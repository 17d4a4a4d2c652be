"""The public side of one project: what its accepted reports published, and nothing else. Everything comes from `publish`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from governance.access import PublishedAccess
from governance.dashboard import UNIT_WORDS
from governance.models import DeliverableVersion, ProjectStanding, ReportingRules, ReportRating
from governance.publication import PublicRating, PublicReport, publish
from governance.report_words import NO_FINISH, NO_VARIANCE
from governance.states import Dimension, Kind, Letter
from governance.weeks import Weeks, weeks_of
from governance.why import Why, title_of
from pmo.lib import charts, words
from pmo.lib.charts.shapes import SHORT_WORD
from portfolio.models import Project

PAGE_SIZE = 12
WIDE, NARROW = 512.0, 324.0
REMARKABLE_SLIP = 5
COLOR = {"G": "green", "Y": "yellow", "R": "red"}


def public_project_or_404(user: Any, code: str) -> Project:
    """Return a project whose public side `user` may read; raise Http404 without saying whether there is one."""
    project = Project.objects.select_related("standing__version__deliverable").filter(code=code).first()
    if project is None or not PublishedAccess(user).can_see_public_page_of(project):
        raise Http404("No such page, or it is not yours to see.")
    return project


def accepted_versions(project: Project) -> QuerySet[DeliverableVersion]:
    """Return the accepted reports of a project, each in the version that counts, the newest first."""
    rows = DeliverableVersion.objects.standing().filter(deliverable__project=project, deliverable__kind=Kind.STATUS_REPORT)
    return rows.order_by("-deliverable__period_end_on", "-pk")


def accepted_version_or_404(project: Project, number: int) -> DeliverableVersion:
    found = accepted_versions(project).filter(deliverable__number=number).select_related("deliverable").first()
    if found is None:
        raise Http404("No report of this number is published.")
    found.deliverable.project = project
    return found


@dataclass(frozen=True)
class PublicLine:
    """One dimension as it is published now, with the way to each week's report."""

    rating: PublicRating
    letter: str
    weeks: list[tuple[str, str, str]]

    @property
    def evidence(self) -> str:
        return self.rating.evidence if self.letter != Letter.GREY else ""

    @property
    def trend(self) -> str:
        return self.rating.trend if self.letter != Letter.GREY else ""

    @property
    def panel(self) -> str:
        return f"why-{self.rating.dimension}"


@dataclass(frozen=True)
class ListedReport:
    number: int
    change_note: str
    period_end_on: dt.date
    accepted_at: dt.datetime
    letter: str


class PublicProject:
    """All that the public page of a project shows. Each part is read once; the number of queries is constant."""

    def __init__(self, project: Project, at: dt.datetime, page: str | None = None) -> None:
        self.project, self.at, self.asked_page = project, at, page
        self.today = timezone.localdate(at)
        self.standing: ProjectStanding | None = getattr(project, "standing", None)

    @cached_property
    def report(self) -> PublicReport | None:
        """The last accepted report as published."""
        return publish(self.standing.version) if self.standing and self.standing.version else None

    @cached_property
    def weeks(self) -> Weeks:
        rules = ReportingRules.current() if self.project.governance_class == 1 else ReportingRules()
        return weeks_of(self.project, self.today, rules)

    def report_url(self, number: int) -> str:
        return reverse("governance:public-report", args=[self.project.code, number])

    @cached_property
    def lines(self) -> list[PublicLine]:
        """The seven ratings, grey where the last report has grown stale."""
        if self.report is None or self.standing is None:
            return []
        return [
            PublicLine(rating, getattr(self.standing, rating.dimension), self.weeks.strip(rating.dimension, self.report_url))
            for rating in self.report.ratings
        ]

    @property
    def overall(self) -> PublicLine | None:
        return self.lines[0] if self.lines else None

    @property
    def letter(self) -> str:
        return self.standing.overall if self.standing else Letter.GREY.value

    @property
    def why_title(self) -> str:
        return f"Why {COLOR.get(self.letter, 'no data')}"

    @property
    def why(self) -> str:
        said = (self.standing.reason if self.standing else "") or (self.report.headline if self.report else "")
        return said or ("No report has been accepted yet." if self.report is None else "The office gave no reason.")

    @property
    def whys(self) -> dict[str, Why]:
        """The panels of all dimensions."""
        return {line.rating.dimension: why_of(line.rating, line.letter, self.report) for line in self.lines if self.report}

    @property
    def accepted_days(self) -> int | None:
        return (self.today - timezone.localdate(self.report.accepted_at)).days if self.report else None

    # Finish and money

    @property
    def expected_on(self) -> dt.date | None:
        return (self.report.finish["actual_on"] or self.report.finish["forecast_on"]) if self.report else None

    @property
    def slip_stands_out(self) -> bool:
        days = self.report.finish["late_days"] if self.report else None
        return days is not None and days > REMARKABLE_SLIP

    @property
    def finish_words(self) -> str:
        if self.report is None or self.report.finish["late_days"] is None:
            return NO_FINISH if self.report else ""
        number, finish = self.report.project["baseline_number"], self.report.finish
        said = f"against baseline {number}" if number else "against the baseline"
        if finish["original_on"] in (None, finish["baseline_on"]):
            return said
        return f"{said}; {finish['late_original_days']} against the original"

    @property
    def finish_charts(self) -> tuple[SafeString, SafeString]:
        assert self.report is not None
        finish = self.report.finish
        number, slip = self.report.project["baseline_number"], finish["late_days"]
        dates = (finish["original_on"], finish["baseline_on"], self.expected_on, self.today, number, slip)
        return charts.finish_line(*dates, width=WIDE), charts.finish_line(*dates, width=NARROW, labels=False)

    @property
    def finish_pairs(self) -> list[tuple[str, str]]:
        assert self.report is not None
        finish = self.report.finish
        return [
            ("Original baseline", words.day(finish["original_on"])),
            (f"Baseline {self.report.project['baseline_number']}", words.day(finish["baseline_on"])),
            ("Actual" if finish["actual_on"] else "Forecast", words.day(self.expected_on)),
        ]

    @property
    def money(self) -> dict[str, Any] | None:
        return self.report.money if self.report else None

    def amount(self, value: Any) -> str:
        assert self.money is not None
        if self.money["currency"] == "USD" and self.money["amount_unit"] == 1:
            return words.millions(value)
        return words.amount(value, self.money["currency"], UNIT_WORDS.get(self.money["amount_unit"], ""))

    @property
    def over_words(self) -> str:
        """Return `$0.54 M over`, or `on budget`; nothing while an amount is missing."""
        variance = self.money["variance_amount"] if self.money else None
        if not variance:
            return "" if variance is None else "on budget"
        return f"{self.amount(abs(variance))} {'over' if variance > 0 else 'under'}"

    @property
    def over_stands_out(self) -> bool:
        share = self.money["variance_pct"] if self.money else None
        return share is not None and share > 5

    @property
    def money_words(self) -> str:
        assert self.money is not None
        share, as_of = self.money["variance_pct"], self.money["as_of_on"]
        against = f"the approved budget ({words.percent(abs(share))})" if share else ""
        if self.money["variance_amount"] is None:
            against = NO_VARIANCE
        dated = f"as of {words.day_without_weekday(as_of)}" if as_of else ""
        return ", ".join(part for part in (against, dated) if part)

    @property
    def money_charts(self) -> tuple[SafeString, SafeString]:
        assert self.money is not None
        amounts = (self.money["budget_amount"], self.money["spent_amount"], None, self.money["forecast_amount"])
        return (
            charts.bullet(*amounts, width=WIDE, show=self.amount),
            charts.bullet(*amounts, width=NARROW, labels=False, show=self.amount),
        )

    @property
    def money_pairs(self) -> list[tuple[str, str]]:
        assert self.money is not None
        named = (("Spent", "spent_amount"), ("Forecast", "forecast_amount"), ("Budget", "budget_amount"))
        return [(name, self.amount(self.money[key])) for name, key in named]

    # Facts and reports

    @property
    def facts(self) -> list[tuple[str, str]]:
        assert self.report is not None
        project = self.report.project
        again = words.day(project["rebaselined_on"]) if project["rebaselined_on"] else "never"
        return [
            ("Department", project["department"]),
            ("Sponsor", project["sponsor"]),
            ("Project manager", project["project_manager"]),
            ("Class, phase", f"{project['governance_class']}, {project['phase_label']}"),
            ("Last re-baselined", again),
        ]

    @cached_property
    def reports(self) -> Page[Any]:
        """The published reports, the newest first, a page of twelve. Two queries."""
        overall = ReportRating.objects.filter(report=OuterRef("status_report"), dimension=Dimension.OVERALL)
        rows = accepted_versions(self.project).annotate(letter=Subquery(overall.values("pmo_letter")[:1]))
        fields = ("deliverable__number", "status_report__change_note", "deliverable__period_end_on", "decided_at", "letter")
        page = Paginator(rows.values_list(*fields), PAGE_SIZE).get_page(self.asked_page)
        page.object_list = [ListedReport(*values) for values in page.object_list]
        return page

    @property
    def pages(self) -> Iterator[int | str]:
        return self.reports.paginator.get_elided_page_range(self.reports.number, on_each_side=1, on_ends=1)


def why_of(rating: PublicRating, letter: str, report: PublicReport) -> Why:
    """Return what is published of the reasons of one rating: the office's words, and the tests of the evidence."""
    evidence = rating.evidence or rating.letter
    is_tested = bool(rating.tests) and evidence != Letter.NOT_ASSESSED
    inputs = [["Published", SHORT_WORD[rating.letter]]]
    if is_tested:
        inputs.append(["Evidence", SHORT_WORD[evidence]])
    accepted = f"accepted by the {report.accepted_by_role} on {words.moment(report.accepted_at)}"
    return Why(
        letter=letter,
        src="",
        title=title_of(rating.label, letter),
        sentence=" ".join(part for part in (rating.reason, rating.evidence_sentence) if part),
        tests=rating.tests,
        inputs=inputs,
        rows=[],
        source=f"Report {report.number}, week to {words.day(report.period_end_on)}, {accepted}.",
    )
