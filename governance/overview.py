"""What the overview of a project shows of its reports: seven ratings, each with its differences, its trend and twelve weeks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from governance.models import ProjectStanding
from governance.report_page import RatingRow, ReportPage, decided_page
from governance.states import Letter
from governance.weeks import Weeks
from governance.why import Why, whys_of


@dataclass(frozen=True)
class RatingLine:
    """One dimension as it stands now."""

    dimension: str
    label: str
    letter: str
    evidence: str
    pm: str
    trend: str
    weeks: list[tuple[str, str, str]]
    """(letter, address of the report or nothing, words) of each period, oldest first."""

    @property
    def panel(self) -> str:
        return f"why-{self.dimension}"


@dataclass(frozen=True)
class Ratings:
    """The seven lines of the last accepted report and the panels that explain them."""

    page: ReportPage
    lines: list[RatingLine]
    whys: dict[str, Why]

    @property
    def overall(self) -> RatingLine:
        return self.lines[0]


def ratings_of(
    standing: ProjectStanding, weeks: Weeks, url_of: Callable[[int], str], *, shows_pm: bool, links_rows: bool
) -> Ratings | None:
    """Return the ratings of the last accepted report, grey where it has grown stale; None without one. No query.

    `standing.version` and its deliverable are read; `shows_pm` lets the project manager's own rating through.
    """
    if standing.version is None:
        return None
    page = decided_page(standing.version)
    lines = [line_of(row, standing, weeks, url_of, shows_pm=shows_pm) for row in page.ratings]
    return Ratings(page, lines, whys_of(page, with_links=links_rows))


def line_of(
    row: RatingRow, standing: ProjectStanding, weeks: Weeks, url_of: Callable[[int], str], *, shows_pm: bool
) -> RatingLine:
    letter = getattr(standing, row.dimension)
    is_stale = letter == Letter.GREY
    return RatingLine(
        dimension=row.dimension,
        label=row.label,
        letter=letter,
        evidence="" if is_stale else row.computed,
        pm=row.pm if shows_pm and not is_stale else "",
        trend=row.trend if row.previous and not is_stale else "",
        weeks=weeks.strip(row.dimension, url_of),
    )
