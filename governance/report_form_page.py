"""All that the form of one draft shows, gathered once. The number of queries does not depend on the content."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField

from governance.clock import Office
from governance.forms.report import PATH_LABELS, ReportForm
from governance.models import DeliverableVersion, RatingChallenge, ReviewFinding
from governance.report_checks import Obstacle, Trigger, obstacles, same_plan, triggers
from governance.report_life import earlier_contents, told_before
from governance.report_page import RatingRow, ReportPage, page_of
from governance.report_state import Change, Step, since_last_week, steps_of
from governance.reports import RATING_FIELDS
from governance.states import FindingState
from governance.status_room import Clock, clock_of, on_time
from governance.why import Why, whys_of


@dataclass(frozen=True)
class RatingFields:
    """One dimension on the form: what others say, and the fields."""

    row: RatingRow
    letter: BoundField
    reason: BoundField
    path: list[BoundField]
    keeps_reason: bool
    """The reason says the same as in the last accepted report."""


@dataclass(frozen=True)
class ItemFields:
    """One item of last week's plan on the form."""

    text: str
    weeks_planned: int
    outcome: BoundField
    note: BoundField


@dataclass(frozen=True)
class FormPage:
    """The form with everything beside it."""

    version: DeliverableVersion
    form: ReportForm
    page: ReportPage
    before: Mapping[str, Any] | None
    obstacles: list[Obstacle]
    triggers: list[Trigger]
    challenges: list[RatingChallenge]
    clock: Clock | None
    on_time: tuple[int, int]
    whys: dict[str, Why]
    on: dt.date
    """The day that dates are held against: the status date, or today while that lies ahead."""
    is_refused: bool
    """Submitting was tried: what stands in the way is shown at the head and at the fields."""

    @property
    def content(self) -> dict[str, Any]:
        return self.page.content

    @property
    def ratings(self) -> list[RatingFields]:
        then = {row["dimension"]: row["reason"] for row in self.before["ratings"]} if self.before else {}
        return [self._rating(row, then.get(row.dimension, "")) for row in self.page.ratings]

    def _rating(self, row: RatingRow, reason_before: str) -> RatingFields:
        field = {name: self.form[f"{row.dimension}-{name}"] for name in RATING_FIELDS}
        path = [field[name] for name in PATH_LABELS]
        return RatingFields(row, field["pm_letter"], field["reason"], path, row.reason == reason_before != "")

    @property
    def items(self) -> list[ItemFields]:
        return [
            ItemFields(item.text, item.weeks_planned, self.form[f"outcome-{item.position}"], self.form[f"note-{item.position}"])
            for item in self.form.items
        ]

    @property
    def answered(self) -> int:
        return sum(bool(item.outcome) for item in self.form.items)

    @property
    def answers(self) -> list[tuple[ReviewFinding, BoundField]]:
        return [(finding, self.form[f"finding-{finding.pk}"]) for finding in self.form.findings]

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Return what stands in the way as (address, sentence): obstacles after a refusal, else fields that cannot be read."""
        if self.is_refused:
            return [(self.address_of(obstacle), obstacle.sentence) for obstacle in self.obstacles]
        return [
            (self.form.address(name), f"{self.form[name].label}: {error}")
            for name, errors in self.form.errors.items()
            for error in errors
        ]

    def address_of(self, obstacle: Obstacle) -> str:
        return "#section-findings" if obstacle.field == "findings" else self.form.address(obstacle.field)

    @property
    def in_the_way(self) -> list[tuple[str, str]]:
        """Return the sections in which something stands in the way, as (address, words), for the bar at the foot."""
        return [(step.address, step.title.lower()) for step in self.steps if not step.holds]

    @property
    def steps(self) -> list[Step]:
        return steps_of(
            self.content,
            self.before,
            self.obstacles,
            has_findings=bool(self.form.findings),
            is_correction=self.version.corrects_id is not None,
        )

    @property
    def holding(self) -> int:
        return sum(step.holds for step in self.steps)

    @property
    def changes(self) -> list[Change]:
        return since_last_week(self.content, self.before)

    @property
    def before_number(self) -> int | None:
        return self.before["report"]["number"] if self.before else None

    @property
    def keeps_headline(self) -> bool:
        return self.before is not None and self.content["headline"] == self.before["headline"] != ""

    @property
    def keeps_plan(self) -> bool:
        return self.before is not None and bool(self.content["plan"]) and same_plan(self.content, self.before)

    @property
    def keeps_accomplishments(self) -> bool:
        return self.before is not None and self.content["accomplishments"] == self.before["accomplishments"] != []


def form_page(
    version: DeliverableVersion, form: ReportForm, *, at: dt.datetime, office: Office, is_refused: bool = False
) -> FormPage:
    """Return the page of a draft whose form came from `drafting.form_for`. About two dozen queries."""
    deliverable, report = version.deliverable, form.report
    page = page_of(version)
    content = page.content
    before = told_before(report)
    found = obstacles(
        content,
        before,
        open_findings=sum(finding.state == FindingState.OPEN for finding in form.findings),
        is_correction=version.corrects_id is not None,
    )
    if is_refused:
        form.mark(found)
    return FormPage(
        version=version,
        form=form,
        page=page,
        before=before,
        obstacles=found,
        triggers=triggers(content, earlier_contents(report)),
        challenges=list(RatingChallenge.objects.unsettled().filter(project=deliverable.project_id)),
        clock=clock_of(deliverable.due_at, at, office) if deliverable.due_at and not deliverable.first_submitted_at else None,
        on_time=on_time(deliverable.project, at=at),
        whys=whys_of(page),
        on=min(report.period_end_on, office.day(at)),
        is_refused=is_refused,
    )
