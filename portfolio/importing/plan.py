"""What importing a table would do, worked out without writing. The preview, the dry run and the import all ask here."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pmo.lib.canonical import canonical_json, sha256_of
from portfolio.importing.headings import SourceTable
from portfolio.importing.options import UNITS, ImportOptions
from portfolio.importing.people import Directory
from portfolio.importing.problems import FileRefused, Finding, rejected
from portfolio.importing.projects import ProjectPlan, plan_project
from portfolio.importing.quality import Reported, quality_findings
from portfolio.importing.rows import ReadRow, RowReader
from portfolio.importing.standings import StandingPlan, plan_standings
from portfolio.importing.targets import BY_KEY, REQUIRED
from portfolio.models import Baseline, ImportedStanding, Project
from portfolio.models.imports import FindingLevel, LineKind
from portfolio.states import BaselineOrigin

CHUNK = 500


@dataclass
class ImportPlan:
    """Everything an import would do, and every remark on the way."""

    options: ImportOptions
    row_count: int = 0
    accepted: list[ReadRow] = field(default_factory=list)
    projects: list[ProjectPlan] = field(default_factory=list)
    standings: StandingPlan = field(default_factory=StandingPlan)
    findings: list[Finding] = field(default_factory=list)
    directory: Directory = field(default_factory=Directory)

    def of_kind(self, kind: LineKind) -> list[ProjectPlan]:
        return [plan for plan in self.projects if plan.kind is kind]

    @property
    def rejected_rows(self) -> int:
        return self.row_count - len(self.accepted)

    def summary(self) -> dict[str, Any]:
        """Return the counts that page, command and report show."""
        levels = Counter(finding.level for finding in self.findings)
        dates = {row.as_of for row in self.accepted}
        return {
            "rows": self.row_count,
            "accepted": len(self.accepted),
            "rejected": self.rejected_rows,
            "projects": len(self.projects),
            "created": len(self.of_kind(LineKind.CREATED)),
            "changed": len(self.of_kind(LineKind.CHANGED)),
            "unchanged": len(self.of_kind(LineKind.UNCHANGED)),
            "dates": len(dates),
            "standings_new": len(self.standings.new),
            "standings_changed": len(self.standings.changed),
            "standings_same": self.standings.same,
            "remarks": levels[FindingLevel.WARNING],
            "quality": levels[FindingLevel.QUALITY],
            "findings": len(self.findings),
            "departments_new": sorted(row.name for row in self.directory.new_departments.values()),
            "programs_new": sorted(row.name for row in self.directory.new_programs.values()),
            "ratings": self._ratings(),
            "budget_total": self._total("budget"),
            "forecast_total": self._total("forecast"),
            "currency": self.options.currency,
            "unit": UNITS[self.options.unit],
            "digest": self.digest(),
        }

    def _ratings(self) -> dict[str, int]:
        """Return how often each rating stands on the latest rows; sentences are counted together."""
        words = Counter(plan.speaker.values.get("rating", "") for plan in self.projects)
        counts: Counter[str] = Counter()
        for word, count in words.items():
            counts[word if word and len(word) <= 20 else ("in words" if word else "blank")] += count
        return dict(counts.most_common())

    def _total(self, key: str) -> str:
        return str(sum((plan.speaker.values[key] for plan in self.projects if key in plan.speaker.values), Decimal(0)))

    def digest(self) -> str:
        """Return what tells whether the same import would still do the same."""
        lines = [[plan.code, plan.kind.value, plan.differences()] for plan in self.projects]
        remarks = [[finding.row_number, finding.code, finding.value] for finding in self.findings]
        counts = [len(self.standings.new), len(self.standings.changed), self.standings.same]
        return sha256_of(canonical_json([lines, remarks, counts]))


def check_columns(table: SourceTable, options: ImportOptions) -> None:
    """Refuse a choice of columns that cannot work: a heading that is gone, a meaning given twice, none for code or name."""
    gone = [heading for heading in options.columns if heading not in table.headings]
    if gone:
        raise FileRefused(f"The file has no column headed “{gone[0]}”. Choose the columns again.", "columns")
    twice = [key for key, count in Counter(key for key in options.columns.values() if key).items() if count > 1]
    if twice:
        raise FileRefused(f"Two columns are read as “{BY_KEY[twice[0]].label}”. Choose one of them.", "columns")
    for key in REQUIRED:
        if not options.heading_of(key):
            raise FileRefused(f"No column is read as “{BY_KEY[key].label}”. Choose the one that holds it.", "columns")
    if not options.heading_of("as_of") and options.as_of_on is None:
        raise FileRefused("Say on which date the figures stood, or choose the column that holds it.", "columns")


def plan_import(table: SourceTable, options: ImportOptions) -> ImportPlan:
    """Work out what importing `table` would do. A handful of queries, no writing. Raises FileRefused: columns."""
    check_columns(table, options)
    plan = ImportPlan(options, row_count=len(table.rows), directory=Directory.load())
    reader = RowReader(table, options)
    good: dict[str, list[ReadRow]] = {}
    for row in _without_twins([reader.read(row) for row in table.rows], options):
        plan.findings += row.findings
        if not row.is_rejected:
            good.setdefault(row.code.casefold(), []).append(row)
    known = Known.load(good.keys())
    for key, rows in good.items():
        _plan_code(plan, key, sorted(rows, key=lambda row: row.as_of), known)
    plan.directory.keep_new({id(value) for project in plan.projects for value in project.changes.values()})
    plan.standings = plan_standings(plan.accepted, known.standings, options)
    plan.findings.sort(key=lambda finding: (finding.row_number, finding.level))
    return plan


def _without_twins(rows: list[ReadRow], options: ImportOptions) -> Iterable[ReadRow]:
    """Yield every row; a second one of the same code and date is marked as rejected."""
    first: dict[tuple[str, dt.date], int] = {}
    for row in rows:
        if not row.is_rejected:
            place = first.setdefault((row.code.casefold(), row.as_of), row.number)
            if place != row.number:
                message = (
                    f"The same code and date stand in row {place}. Keep one of the two rows, or give them different dates."
                )
                row.findings.append(rejected(row.number, "duplicate_row", message, options.heading_of("code"), row.code))
        yield row


def _plan_code(plan: ImportPlan, key: str, rows: list[ReadRow], known: Known) -> None:
    """Plan one project; when its latest row would make it invalid, that row is rejected and the one before it speaks."""
    latest = known.latest(key)
    while rows:
        is_latest = latest is None or rows[-1].as_of >= latest
        existing = known.projects.get(key)
        is_kept_here = existing is not None and existing.pk in known.kept_here
        project = plan_project(rows, existing, plan.options, plan.directory, is_latest=is_latest, is_kept_here=is_kept_here)
        plan.findings += project.findings
        if not any(finding.level == FindingLevel.REJECTED for finding in project.findings):
            break
        rows = rows[:-1]
    else:
        return
    plan.accepted += rows
    plan.projects.append(project)
    plan.findings += quality_findings(rows, known.before(key, rows[0].as_of), plan.options)


@dataclass
class Known:
    """What stands in the database about the codes of the file."""

    projects: dict[str, Project] = field(default_factory=dict)
    standings: dict[tuple[str, dt.date], ImportedStanding] = field(default_factory=dict)
    histories: dict[str, list[ImportedStanding]] = field(default_factory=dict)
    kept_here: set[int] = field(default_factory=set)

    @classmethod
    def load(cls, codes: Iterable[str]) -> Known:
        """Read projects and their imported standings. Three queries for each 500 projects found, one more for the codes."""
        known = cls()
        wanted = set(codes)
        keys = {pk: code.casefold() for pk, code in Project.objects.values_list("pk", "code") if code.casefold() in wanted}
        ids = list(keys)
        for start in range(0, len(ids), CHUNK):
            part = ids[start : start + CHUNK]
            related = ("department", "program", "project_manager")
            known.projects |= {row.code.casefold(): row for row in Project.objects.select_related(*related).filter(pk__in=part)}
            here = Baseline.objects.filter(project__in=part).exclude(origin__in=[BaselineOrigin.START, BaselineOrigin.IMPORT])
            known.kept_here |= set(here.values_list("project_id", flat=True))
            for standing in ImportedStanding.objects.filter(project__in=part).order_by("as_of"):
                known._add(keys[standing.project_id], standing)
        return known

    def _add(self, key: str, standing: ImportedStanding) -> None:
        self.standings[key, standing.as_of] = standing
        self.histories.setdefault(key, []).append(standing)

    def latest(self, key: str) -> dt.date | None:
        """Return the latest date for which something was imported."""
        history = self.histories.get(key)
        return history[-1].as_of if history else None

    def before(self, key: str, as_of: dt.date) -> Reported | None:
        """Return what was imported for the latest date before `as_of`."""
        standing = next((row for row in reversed(self.histories.get(key, [])) if row.as_of < as_of), None)
        if standing is None:
            return None
        cost = standing.forecast_amount if standing.forecast_amount is not None else standing.budget_amount
        return Reported(standing.as_of, cost, standing.forecast_finish_on)
