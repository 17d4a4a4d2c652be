"""What a source said of one project, date by date: the columns of the page and of its files."""

from __future__ import annotations

from decimal import Decimal

from django.utils.html import format_html, format_html_join

from pmo.lib.tables import Column, Html, Money
from portfolio.importing.options import UNITS
from portfolio.importing.problems import shortened
from portfolio.models import ImportedStanding

UNIT_WORDS = {1_000: "thousand", 1_000_000: "million"}
SHOWN_LENGTH = 160


def standing_columns(*, with_money: bool, for_file: bool) -> list[Column]:
    """Return the columns. Without money neither amounts nor the further cells, which may hold some, are there.

    A file has currency and unit in columns of their own, for its amounts are plain numbers.
    """
    columns = [
        Column("as_of", "As of", lambda row: row.as_of, is_head=True),
        Column("rating", "Rating, not reviewed", lambda row: row.rating_text, is_wide=True),
        Column("phase", "Phase", lambda row: row.phase_text),
        Column("forecast_finish", "Forecast finish", lambda row: row.forecast_finish_on),
        Column("comment", "Comment", _comment, is_wide=True),
        Column("source", "From", lambda row: row.run.file_name, is_wide=True),
    ]
    if not with_money:
        return columns
    amounts = [
        Column("budget", "Budget", lambda row: _amount(row, row.budget_amount), is_number=True),
        Column("forecast", "Forecast", lambda row: _amount(row, row.forecast_amount), is_number=True),
        Column("currency", "Currency", lambda row: row.currency),
        Column("unit", "Unit", lambda row: UNITS.get(row.amount_unit, str(row.amount_unit))),
    ]
    if not for_file:
        amounts = amounts[:2]
    return [*columns[:4], *amounts, *columns[4:5], Column("other", "Further cells", _other, is_wide=True), *columns[5:]]


def _amount(row: ImportedStanding, amount: Decimal | None) -> Money:
    return Money(amount, row.currency, UNIT_WORDS.get(row.amount_unit, ""))


def _comment(row: ImportedStanding) -> Html | None:
    if not row.comment:
        return None
    return Html(format_html("{}", shortened(" ".join(row.comment.split()), SHOWN_LENGTH)), row.comment)


def _other(row: ImportedStanding) -> Html | None:
    """Fold the cells that have no field of their own; files have them as text."""
    if not row.other:
        return None
    cells = list(row.other.items())
    listed = format_html_join("", "<dt>{}</dt><dd>{}</dd>", cells)
    html = format_html('<details><summary>{} cells</summary><dl class="kv">{}</dl></details>', len(cells), listed)
    return Html(html, "; ".join(f"{heading}: {text}" for heading, text in cells))
