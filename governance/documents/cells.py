"""Cells of typed columns: how one is stored, shown, and what is wrong with it. A draft may hold what is wrong."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from governance.document_states import ColumnType
from pmo.lib.storable import storable
from pmo.lib.words import MISSING, day_without_weekday

Column = Mapping[str, Any]
LONGEST_CELL = 4_000
TOO_LONG = f"At most {LONGEST_CELL:,} letters fit into a cell; shorten this one."
#: How dates may be typed or pasted, besides 2026-12-04.
PATTERNS = (
    *("%m/%d/%Y", "%m/%d/%y", "%Y/%m/%d", "%d.%m.%Y"),
    *("%d %b %Y", "%d %B %Y", "%d-%b-%y", "%d-%b-%Y", "%b %d, %Y", "%B %d, %Y", "%A, %B %d, %Y"),
)
#: A number: thousands in threes, parted by commas or spaces, or not at all. `12,5` is none: nobody can say what it means.
NUMBER = re.compile(r"(?:\d{1,3}(?:[,\s]\d{3})+|\d+)(?:\.\d*)?|\.\d+", re.ASCII)
YES = frozenset({"yes", "y", "true", "x", "1"})
NO = frozenset({"no", "n", "false", "0"})
LARGEST = Decimal("1e15")
#: What a cell must be, where it is not.
REMEDIES = {
    ColumnType.DATE: "Write a date, for example 2026-12-04.",
    ColumnType.NUMBER: "Write a number, for example 12.5.",
    ColumnType.MONEY: "Write an amount in dollars, for example 240,000.",
    ColumnType.YES_NO: "Write yes or no.",
}


def normal(column: Column, text: str) -> str:
    """Return `text` as it is stored: what can be read in the one form of its type, everything else as it was typed."""
    typed = cleaned(text)
    match column["type"]:
        case ColumnType.DATE:
            found = read_date(typed)
            return found.isoformat() if found else typed
        case ColumnType.NUMBER | ColumnType.MONEY:
            number = read_number(typed)
            return typed if number is None else f"{number:f}"
        case ColumnType.YES_NO:
            low = typed.lower()
            return "yes" if low in YES else "no" if low in NO else typed
        case ColumnType.CHOICE:
            return next((choice for choice in column["choices"] if choice.lower() == typed.lower()), typed)
        case ColumnType.LONG:
            return typed
        case _:
            return " ".join(typed.split())


def cleaned(text: str) -> str:
    """Return `text` as it can be kept, without white space at its ends. How long it may be is said by `table_limits`."""
    return storable(text).strip()


def read_date(text: str) -> dt.date | None:
    if len(text) > LONGEST_CELL:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        pass
    for pattern in PATTERNS:
        try:
            return dt.datetime.strptime(text, pattern).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    return None


def read_number(text: str) -> Decimal | None:
    """Return the number in `text`. Ledgers write what is below zero in brackets, and zero as a dash."""
    if len(text) > LONGEST_CELL:
        return None  # nobody writes such a number, and the patterns below are not made for it
    plain = text.replace("\u2212", "-").replace("\u00a0", " ").replace("\u202f", " ").replace("$", "").strip()
    bracketed = re.fullmatch(r"\(\s*(.*?)\s*\)", plain)
    plain = f"-{bracketed[1]}" if bracketed else plain
    sign, plain = (plain[0], plain[1:].strip()) if plain.startswith(("+", "-")) else ("", plain)
    if sign == "-" and not plain and "$" in text:
        return Decimal(0)
    if not NUMBER.fullmatch(plain):
        return None
    try:
        number = Decimal(sign + re.sub(r"[,\s]", "", plain))
    except InvalidOperation:
        return None
    return number if abs(number) < LARGEST else None


def problem_of(column: Column, text: str) -> str:
    """Return what must be done about a stored cell, or an empty string where it is fine."""
    if not text:
        return "Fill this in." if column["required"] else ""
    if len(text) > LONGEST_CELL:
        return TOO_LONG
    match column["type"]:
        case ColumnType.DATE:
            is_fine = read_date(text) is not None
        case ColumnType.NUMBER | ColumnType.MONEY:
            is_fine = read_number(text) is not None
        case ColumnType.YES_NO:
            is_fine = text in ("yes", "no")
        case ColumnType.CHOICE:
            if text not in column["choices"]:
                return f"Choose one of: {', '.join(column['choices'])}."
            is_fine = True
        case _:
            is_fine = True
    if text.endswith("%") and not is_fine and column["type"] == ColumnType.NUMBER:
        return "Write the number without %."
    return "" if is_fine else REMEDIES[column["type"]]


def shown(column: Column, text: str) -> str:
    """Return a stored cell in words; what cannot be read stays as it was typed."""
    if not text:
        return MISSING
    number = read_number(text) if column["type"] in (ColumnType.NUMBER, ColumnType.MONEY) else None
    if number is not None:
        sign = "$" if column["type"] == ColumnType.MONEY else ""
        places = 0 if number == number.to_integral_value() else 2 if sign else max(0, -int(number.as_tuple().exponent))
        return f"{'−' if number < 0 else ''}{sign}{abs(number):,.{places}f}"
    if column["type"] == ColumnType.DATE and (found := read_date(text)):
        return day_without_weekday(found)
    return text


def is_figure(column: Column) -> bool:
    return column["type"] in (ColumnType.NUMBER, ColumnType.MONEY)
