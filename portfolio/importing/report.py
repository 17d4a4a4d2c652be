"""What an import found and did, as people read it: counts in words, and the columns of its two tables, on page and in files."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.html import format_html_join

from pmo.lib import words
from pmo.lib.charts import icon
from pmo.lib.tables import Chip, Column, Html
from portfolio.importing.problems import shortened
from portfolio.models import ImportFinding, ImportLine
from portfolio.models.imports import FindingLevel, LineKind

LEVEL_CHIPS = {FindingLevel.REJECTED: "late", FindingLevel.WARNING: "plain", FindingLevel.QUALITY: "ink"}
KIND_CHIPS = {LineKind.CREATED: "bold", LineKind.CHANGED: "ink", LineKind.UNCHANGED: "plain"}
SHOWN_LENGTH = 90
NAMES_SHOWN = 20
#: Facts of a new project that its line leaves out on the page: they stand beside it, or fill the page. The files have them.
LEFT_OUT = frozenset({"Name", "Source", "Purpose", "Money as of"})


def count_lines(summary: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the counts of one import, named, in the order in which they are looked at."""
    names = {
        "Rows read": "rows",
        "Rows accepted": "accepted",
        "Rows rejected": "rejected",
        "Projects": "projects",
        "Created": "created",
        "Changed": "changed",
        "Unchanged": "unchanged",
        "Remarks": "remarks",
        "Data-quality findings": "quality",
        "Dates": "dates",
    }
    return [(name, f"{summary[key]:,}") for name, key in names.items()]


def fact_lines(summary: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what else the file holds: history, new departments and programs, ratings in their own words, sums."""
    lines = [
        ("Rows of history", _standings(summary)),
        ("New departments", _names(summary["departments_new"])),
        ("New programs", _names(summary["programs_new"])),
    ]
    ratings = {word: count for word, count in summary["ratings"].items() if word != "blank"}
    if ratings:
        lines.append(("Ratings, imported and not reviewed", ", ".join(f"{word} {count:,}" for word, count in ratings.items())))
    for name, key in (("Sum of budgets", "budget_total"), ("Sum of forecasts", "forecast_total")):
        if Decimal(summary[key]):
            lines.append((name, f"{Decimal(summary[key]):,.2f} ({summary['currency']}, {summary['unit']})"))
    return lines


def _standings(summary: dict[str, Any]) -> str:
    kinds = {"new": "standings_new", "replaced": "standings_changed", "there already": "standings_same"}
    return ", ".join(f"{summary[key]:,} {word}" for word, key in kinds.items())


def _names(names: list[str]) -> str:
    shown = ", ".join(names[:NAMES_SHOWN])
    return "0" if not names else f"{len(names):,}: {shown}{' …' if len(names) > NAMES_SHOWN else ''}"


def headline(summary: dict[str, Any], *, is_done: bool) -> str:
    """Return the one sentence that says what the import does, or did."""
    would = "" if is_done else "will be "
    parts = [
        f"{words.count(summary['created'], 'project')} {would}created",
        f"{summary['changed']:,} {would}changed",
        f"{summary['unchanged']:,} {'stayed' if is_done else 'will stay'} as they are",
    ]
    rejected = f" {words.count(summary['rejected'], 'row')} of {summary['rows']:,} rejected." if summary["rejected"] else ""
    return f"{', '.join(parts)}.{rejected}"


def _changes_text(line: ImportLine) -> str:
    if line.kind == LineKind.CREATED:
        return "; ".join(f"{label}: {now}" for label, _, now in line.changes)
    return "; ".join(f"{label}: {was} → {now}" for label, was, now in line.changes)


def _changes_cell(line: ImportLine) -> Html | None:
    """Return each change as was and is; a new project shows what it starts with. Long texts are shortened on the page only."""
    if line.kind == LineKind.CREATED:
        facts = [(label, shortened(now, SHOWN_LENGTH)) for label, _, now in line.changes if label not in LEFT_OUT]
        html = format_html_join(" · ", '<span class="soft">{}</span> {}', facts)
    else:
        arrow = icon("right", 14)
        rows = [(label, shortened(was, SHOWN_LENGTH), arrow, shortened(now, SHOWN_LENGTH)) for label, was, now in line.changes]
        html = format_html_join(
            "", '<span class="soft">{}</span> <span class="was"><del>{}</del>{}<ins>{}</ins></span><br>', rows
        )
    return Html(html, _changes_text(line)) if line.changes else None


def finding_columns() -> list[Column]:
    return [
        Column("row", "Row", lambda finding: finding.row_number, is_number=True),
        Column("level", "What", _level),
        Column("column", "Column", lambda finding: finding.column, is_wide=True),
        Column("value", "Value", lambda finding: shortened(finding.value, SHOWN_LENGTH), is_wide=True),
        Column("message", "Reason, and what to do", lambda finding: finding.message, is_wide=True),
    ]


def finding_file_columns() -> list[Column]:
    """Return the columns of the file: the whole value, and the code by which reasons can be counted."""
    whole = Column("value", "Value", lambda finding: finding.value, is_wide=True)
    columns = [whole if column.key == "value" else column for column in finding_columns()]
    return [*columns, Column("code", "Code", lambda finding: finding.code)]


def _level(finding: ImportFinding) -> Chip:
    level = FindingLevel(finding.level)
    return Chip(str(level.label), LEVEL_CHIPS[level])


def line_columns() -> list[Column]:
    return [
        Column("code", "Code", lambda line: line.code),
        Column("name", "Project", lambda line: line.name, is_head=True),
        Column("kind", "What", _kind),
        Column("changes", "Was and is", _changes_cell, is_wide=True),
        Column("standings", "New history", lambda line: line.standings, is_number=True),
        Column("row", "Row", lambda line: line.row_number, is_number=True),
    ]


def _kind(line: ImportLine) -> Chip:
    kind = LineKind(line.kind)
    return Chip(str(kind.label), KIND_CHIPS[kind])
