"""Checks of what cells say, beyond that they say something: dates, gates, waivers and who decides on changes. Pure.

`RULES` holds every check, those of check_rules and check_transition included.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from governance.change_authority import written
from governance.documents import check_rules
from governance.documents.check_rules import (
    Content,
    Context,
    Fault,
    Faults,
    agrees,
    applies,
    date_in,
    is_empty,
    place,
    rows_of,
    same,
)
from governance.documents.check_transition import transition
from governance.documents.content import section_named

#: A project that plans beyond this has mistyped a year.
LONGEST_YEARS = 10
#: Where the dates of a project's plan stand: section, columns.
PLANNED_DATES = (
    ("objectives", ("date",)),
    ("milestones", ("target",)),
    ("benefits", ("from_date",)),
    ("phases", ("planned",)),
    ("procurement", ("solicitation", "award")),
)
DAYS = re.compile(r"(\d+)\s*(?:working |calendar )?days?\b", re.IGNORECASE)
PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*(?:%|percent)", re.IGNORECASE)
GATE = re.compile(r"\bG[0-6]\b", re.IGNORECASE)
#: Words by which a row of the change control says that somebody higher decides.
BOARD, OFFICE = ("board", "council", "committee"), ("pmo", "office")


def dates_in_life(content: Content, context: Context) -> Faults:
    """Look whether dates lie between the start of the project and ten years later. What was approved so is not asked again."""
    if context.start_on is None:
        return None
    latest = context.start_on.replace(month=1, day=1, year=context.start_on.year + LONGEST_YEARS + 1)
    sections = [(section_named(content, key), columns) for key, columns in PLANNED_DATES]
    return [
        fault
        for section, columns in sections
        if section is not None and not _stands_approved(section, context)
        for fault in _date_faults(section, columns, context.start_on, latest)
    ]


def _stands_approved(section: Content, context: Context) -> bool:
    before = section_named(context.approved, section["key"]) if context.approved else None
    return before is not None and agrees(section, before)


def _date_faults(section: Content, columns: tuple[str, ...], first: dt.date, latest: dt.date) -> Iterator[Fault]:
    for number, row, cells in rows_of(section):
        for column in columns:
            on = date_in(str(cells.get(column, "")))
            if on and on < first:
                said = (
                    f"lies before the start of the project, {first.isoformat()}. Correct it, or the start on the project’s page"
                )
                yield Fault(f"{place(section)}, row {number}: {on.isoformat()} {said}", section["key"], row)
            elif on and on >= latest:
                said = f"lies more than {LONGEST_YEARS} years after the start of the project. Correct the year"
                yield Fault(f"{place(section)}, row {number}: {on.isoformat()} {said}", section["key"], row)


def procurement_dates(content: Content, context: Context) -> Faults:
    section = section_named(content, "procurement")
    if section is None or is_empty(section):
        return None
    found = []
    for number, row, cells in rows_of(section):
        asked = date_in(str(cells.get("solicitation", "")))
        for column, what in (("award", "The award is planned"), ("awarded_on", "It was awarded")):
            on = date_in(str(cells.get(column, "")))
            if asked and on and on < asked:
                remedy = "Put the dates in order"
                found.append(
                    Fault(f"{place(section)}, row {number}: {what} before it is solicited. {remedy}", "procurement", row)
                )
    return found


def tailoring_reasons(content: Content, context: Context) -> Faults:
    section = section_named(content, "tailoring")
    if section is None or is_empty(section):
        return None
    return [
        Fault(f"{place(section)}, row {number} waives an artefact without a reason. Give it", "tailoring", row)
        for number, row, cells in rows_of(section)
        if same(str(cells.get("choice", ""))) == "waived" and check_rules.says_nothing(str(cells.get("reason", "")))
    ]


def gates_of_class(content: Content, context: Context) -> Faults:
    """Look whether the gates named are those between definition and closing on the path of the class."""
    section = section_named(content, "phases")
    if section is None or not applies(section) or is_empty(section):
        return None
    named = {
        found.upper(): (number, row)
        for number, row, cells in rows_of(section)
        for found in GATE.findall(str(cells.get("gate", "")))
    }
    lacking = [gate for gate in context.gates_needed if gate not in named]
    strange = [(gate, *at) for gate, at in named.items() if gate not in context.gates_known]
    its_class = f"class {context.governance_class}"
    return [
        *(Fault(f"{place(section)} lacks {gate}, which {its_class} passes. Add a row", "phases") for gate in lacking),
        *(
            Fault(f"{place(section)}, row {number}: {gate} is no gate of {its_class}. Take the row out", "phases", row)
            for gate, number, row in strange
        ),
    ]


def authority_limits(content: Content, context: Context) -> Faults:
    """Look whether anybody decides on larger changes than the office's limits let them."""
    section = section_named(content, "change_authority")
    if section is None or is_empty(section):
        return None
    found = []
    for number, row, cells in rows_of(section):
        size, who = str(cells.get("size", "")), same(str(cells.get("authority", "")))
        for said in _over(size, who, context):
            remedy = "Lower it, or name who decides by the office’s limits"
            found.append(Fault(f"{place(section)}, row {number}: {said}. {remedy}", "change_authority", row))
    return found


def _over(size: str, who: str, context: Context) -> Iterator[str]:
    if any(word in who for word in BOARD):
        return
    is_office = any(word in who for word in OFFICE)
    most, above = (context.high_percent, "board") if is_office else (context.low_percent, "PMO manager")
    for text in PERCENT.findall(size):
        if Decimal(text) > most:
            yield f"from {written(Decimal(most))} on the {above} decides, not at {text} %"
    for text in () if is_office else DAYS.findall(size):
        if int(text) > context.low_days:
            yield f"from {context.low_days} working days on the PMO manager decides, not at {text}"


RULES: Mapping[str, Callable[[Content, Context], Faults]] = {
    **check_rules.RULES,
    "transition": transition,
    "dates_in_life": dates_in_life,
    "procurement_dates": procurement_dates,
    "tailoring_reasons": tailoring_reasons,
    "gates_of_class": gates_of_class,
    "authority_limits": authority_limits,
}
