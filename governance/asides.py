"""What stands beside the office's queue: the portfolio, what changed, ratings in dispute, reports that are not in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.safestring import SafeString

from governance.changes import Changes, ProjectChanges
from governance.clock import Office
from governance.dashboard import Lens, Totals, totals_of
from governance.dashboard_rows import Row, Written, columns, read_rows
from governance.models import Deliverable, RatingChallenge, ReportRating
from governance.not_in import reports_not_in
from governance.states import Dimension, Letter
from pmo.lib import charts, words
from pmo.lib.tables import sorted_by
from portfolio.models import Project

SHOWN = 6
BAR = 242


@dataclass(frozen=True)
class Dispute:
    """One project whose rating is challenged: what is published, what the evidence says, what its manager says."""

    project_name: str
    url: str
    published: str
    evidence: str
    pm: str


@dataclass(frozen=True)
class NotIn:
    project_name: str
    url: str
    late: str


class Beside:
    """The cards beside the queue. Six queries, however many projects there are."""

    def __init__(self, user: Any, at: dt.datetime, office: Office) -> None:
        self.user, self.at, self.office = user, at, office
        self.lens = Lens(office.day(at))

    # The portfolio

    @cached_property
    def totals(self) -> Totals:
        return totals_of(self.lens.rows().filter(self.lens.in_state("open")), self.lens)

    @property
    def bars(self) -> tuple[SafeString, SafeString]:
        return charts.stacked_status(self.totals.parts, BAR, 14), charts.stacked_status(self.totals.parts, 324, 14)

    @property
    def wide_bars(self) -> tuple[SafeString, SafeString]:
        return charts.stacked_status(self.totals.parts, 990, 10), charts.stacked_status(self.totals.parts, 342, 10)

    @cached_property
    def worst(self) -> list[SafeString]:
        """The projects that need attention, worst first, as rows of a narrow table. One query."""
        rows = self.lens.rows().filter(self.lens.in_state("open"), letter__in=[Letter.RED, Letter.YELLOW])
        first = read_rows(sorted_by(rows, columns(self.lens), "-rating"), self.lens)[: 2 * SHOWN]
        writer = Written(self.lens, to_working_pages=True)
        return [writer.short_row(Row._make(values)) for values in first]

    # Changed since last week

    @cached_property
    def _changed(self) -> list[ProjectChanges]:
        return [one for one in Changes({}, self.lens.day).projects if one.overall or one.is_rebaselined]

    @property
    def changed(self) -> list[ProjectChanges]:
        return self._changed[:SHOWN]

    @property
    def more_changed(self) -> int:
        return max(0, len(self._changed) - SHOWN)

    # Ratings in dispute

    @cached_property
    def _disputes(self) -> list[Dispute]:
        found: dict[int, Dispute] = {}
        rows = RatingChallenge.objects.unsettled().visible_to(self.user).select_related("project__standing")
        said = ReportRating.objects.filter(report=OuterRef("version__status_report"), dimension=Dimension.OVERALL)
        rows = rows.annotate(pm=Subquery(said.values("pm_letter")[:1]), computed=Subquery(said.values("computed_letter")[:1]))
        for row in rows.defer("evidence").order_by("due_at", "pk"):
            if row.project_id not in found:
                found[row.project_id] = dispute_of(row)
        return list(found.values())

    @property
    def disputes(self) -> list[Dispute]:
        return self._disputes[:SHOWN]

    @property
    def dispute_count(self) -> int:
        return len(self._disputes)

    # Reports not in

    @cached_property
    def _not_in(self) -> list[Deliverable]:
        return list(reports_not_in(self.user, self.at))

    @property
    def not_in(self) -> list[NotIn]:
        return [self._late(row) for row in self._not_in[:SHOWN]]

    @property
    def not_in_count(self) -> int:
        return len(self._not_in)

    @cached_property
    def owing(self) -> int:
        """How many projects owe reports now. One query."""
        return Project.objects.reporting().count()

    @property
    def in_words(self) -> str:
        """Say how many projects are up to date: `40 of 41 are in.`"""
        late = len({row.project_id for row in self._not_in})
        return f"{max(0, self.owing - late)} of {self.owing} projects are in."

    def _late(self, row: Deliverable) -> NotIn:
        assert row.due_at is not None
        days = self.office.calendar.between(self.office.day(row.due_at), self.office.day(self.at))
        late = f"{words.count(days, 'day')} overdue" if days else "due, overdue"
        return NotIn(row.project.name, reverse("governance:report-list", args=[row.project.code]), late)


def dispute_of(row: Any) -> Dispute:
    """Return what is published beside what the challenged report says. `row` carries its `pm` and `computed`."""
    standing = getattr(row.project, "standing", None)
    return Dispute(
        project_name=row.project.name,
        url=row.get_absolute_url(),
        published=standing.overall if standing else Letter.GREY.value,
        evidence=row.computed or "",
        pm=row.pm or "",
    )
