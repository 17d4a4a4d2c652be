"""What is checked in a document, one function a check. Pure: content and context in, what is wrong out.

A function returns None where there is nothing to check, else its faults; none means that it holds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from governance.document_states import ColumnType
from governance.documents.content import cells_of, section_named
from governance.gate_states import Gate

Content = Mapping[str, Any]
LEAST_MILESTONES = 3
ESTIMATES = ("low", "likely", "high")
#: What must be said about going live, by section, and how the check names it.
TRANSITION = {
    "security": "security",
    "accessibility": "accessibility",
    "migration": "migration",
    "deployment": "cut-over",
    "operations": "hand-over",
}
#: What people write where something is not known yet; no basis for a decision.
PLACEHOLDERS = frozenset(
    (
        *("unknown", "not known", "tbd", "tba", "tbc", "n.a", "n/a", "na", "xx", "xxx", "todo", "to do", "lorem ipsum"),
        *("to be defined", "to be determined", "to be decided", "to be confirmed"),
        *("higher", "lower", "better", "more", "less", "faster", "improved"),
    )
)
#: Sections whose emptiness a check of their own speaks of.
OWN_CHECK = frozenset({"out_of_scope", "milestones", "cost", "oversight", *TRANSITION})
#: Sections that hold what was agreed: they change only with an approved change request.
CONTRACT = ("objectives", "in_scope", "out_of_scope", "deliverables", "milestones", "cost", "benefits")
#: Cells that a check of their own asks for: code, section, columns.
CELL_CHECKS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "objectives_measurable": ("objectives", ("measure", "baseline", "target", "date")),
    "funding_source": ("funding", ("source",)),
    "acceptance": ("deliverables", ("criteria",)),
    "risk_owners": ("risks", ("owner",)),
    "thresholds_numeric": ("thresholds", ("limit",)),
    "change_authority": ("change_authority", ("authority",)),
    "quality_targets": ("quality", ("target",)),
    "escalation_hours": ("escalation", ("hours",)),
    "procurement_lead_time": ("procurement", ("lead_time",)),
}
OWN_CELLS = frozenset((section, column) for section, columns in CELL_CHECKS.values() for column in columns)


@dataclass(frozen=True)
class Context:
    """What a check needs to know beyond the document. `scored_class` is None for a project that was never scored."""

    has_manager: bool = True
    has_sponsor: bool = True
    sponsor_manages: bool = False
    governance_class: int = 2
    scored_class: int | None = None
    definition: Content | None = None
    #: What the version of the same document that counts now says.
    approved: Content | None = None
    #: The first day that a plan may speak of, the gates between definition and closing, and those of the whole path.
    start_on: dt.date | None = None
    gates_needed: tuple[str, ...] = ()
    gates_known: tuple[str, ...] = tuple(Gate.values)
    #: The office's limits of change control.
    low_percent: Decimal = Decimal(5)
    high_percent: Decimal = Decimal(10)
    low_days: int = 10
    #: The code of the approved change request that this version carries out.
    change_code: str = ""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where, and what mends it."""

    sentence: str
    section: str = ""
    row: str = ""


Faults = list[Fault] | None


def place(section: Content) -> str:
    return f"{section['number']} {section['title']}"


def is_empty(section: Content) -> bool:
    return not (section["rows"] if section["form"] == "table" else section["text"].strip())


def applies(section: Content | None) -> bool:
    """Return whether there is something to check: the section is required of this class, or filled in all the same."""
    return section is not None and (section["is_required"] or not is_empty(section))


def same(text: str) -> str:
    """Return `text` as it is compared: case and spacing do not count."""
    return " ".join(text.split()).casefold()


def says_nothing(text: str) -> bool:
    """Return whether `text` is empty or only holds the place for what will be known later."""
    plain = same(text).strip(" .?!-–—_")
    return not plain or plain in PLACEHOLDERS


def number_in(text: str) -> Decimal | None:
    """Return the number that a cell holds, `$1,250.50` included; None where it holds none."""
    plain = "".join(letter for letter in text if letter not in "$, \u00a0")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def date_in(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        return None


def cell_problem(column: Content, text: str) -> str:
    """Return what is wrong with a filled cell, or an empty string."""
    kind = column["type"]
    if kind in (ColumnType.NUMBER, ColumnType.MONEY) and number_in(text) is None:
        return "is no number. Enter one, for example 250"
    if kind == ColumnType.DATE and date_in(text) is None:
        return "is no date. Enter one, for example 2027-06-30"
    if kind == ColumnType.CHOICE and text not in column["choices"]:
        return f"is none of the choices. Choose one: {', '.join(column['choices'])}"
    if kind == ColumnType.YES_NO and same(text) not in ("yes", "no"):
        return "is neither yes nor no. Choose one"
    return ""


def rows_of(section: Content) -> Iterator[tuple[int, str, Mapping[str, str]]]:
    """Yield (place from 1, row id, cells)."""
    for number, row in enumerate(section["rows"], start=1):
        yield number, row["row"], row["cells"]


def cell_faults(section: Content, wanted: Callable[[Content], bool], needed: Callable[[Content], bool]) -> Iterator[Fault]:
    """Yield what is wrong in the cells of the `wanted` columns; a `needed` one must be filled in."""
    columns = [column for column in section["columns"] if wanted(column)]
    for number, row, cells in rows_of(section):
        for column in columns:
            text = str(cells.get(column["key"], "")).strip()
            problem = cell_problem(column, text) if text else "is empty. Fill it in" if needed(column) else ""
            if text and not problem and needed(column) and says_nothing(text):
                problem = f"says nothing yet with “{text}”. Write what is known"
            if problem:
                yield Fault(f"{place(section)}, row {number}: {column['label']} {problem}", section["key"], row)


def sections_filled(content: Content, context: Context) -> Faults:
    return [fault for section in content["sections"] if section["key"] not in OWN_CHECK for fault in _section_fault(section)]


def _section_fault(section: Content) -> Iterator[Fault]:
    if not section["is_required"]:
        return
    least = section["least_rows"] if section["form"] == "table" else 1
    if is_empty(section):
        yield Fault(f"{place(section)} is empty. Fill it in", section["key"])
    elif section["form"] != "table" and says_nothing(section["text"]):
        yield Fault(f"{place(section)} says nothing yet. Write what is known", section["key"])
    elif section["form"] == "table" and len(section["rows"]) < least:
        yield Fault(f"{place(section)} has {len(section['rows'])} of at least {least} rows. Add the others", section["key"])


def cells_filled(content: Content, context: Context) -> Faults:
    found: list[Fault] = []
    for section in content["sections"]:
        if section["form"] == "table":
            others = [column for column in section["columns"] if (section["key"], column["key"]) not in OWN_CELLS]
            found += cell_faults(section, others.__contains__, lambda column: bool(column["required"]))
    return found


def cell_check(code: str) -> Callable[[Content, Context], Faults]:
    """Return the check that the cells named for `code` are filled in, whatever the template says of them."""
    key, names = CELL_CHECKS[code]

    def check(content: Content, context: Context) -> Faults:
        section = section_named(content, key)
        if section is None or is_empty(section):
            return None  # an empty table is the business of `sections_filled`
        return list(cell_faults(section, lambda column: column["key"] in names, lambda column: True))

    return check


def out_of_scope(content: Content, context: Context) -> Faults:
    section = section_named(content, "out_of_scope")
    if section is None or not applies(section):
        return None
    if not any(str(cells.get("item", "")).strip() for _, _, cells in rows_of(section)):
        return [Fault(f"{place(section)} is empty. Name what people might expect and will not get", "out_of_scope")]
    return []


def sponsor(content: Content, context: Context) -> Faults:
    if not context.has_sponsor:
        return [Fault("The project has no sponsor. Name one on the project’s page")]
    if context.sponsor_manages:
        return [Fault("The sponsor is the project manager. Name somebody else as one of them on the project’s page")]
    return []


def manager_authority(content: Content, context: Context) -> Faults:
    found = [] if context.has_manager else [Fault("The project has no project manager. Name one on the project’s page")]
    section = section_named(content, "oversight")
    if section is None or not applies(section):
        return found or None  # a project needs a manager whatever the form asks
    if is_empty(section):
        remedy = "Say who oversees the project and what the project manager may decide alone"
        found.append(Fault(f"{place(section)} is empty. {remedy}", "oversight"))
    return found


def cost_range(content: Content, context: Context) -> Faults:
    section = section_named(content, "cost")
    if section is None or not applies(section):
        return None
    rows = {
        same(str(cells.get("estimate", ""))): (row, number_in(str(cells.get("amount", ""))))
        for _, row, cells in rows_of(section)
    }
    missing = [name for name in ESTIMATES if name not in rows]
    if missing:
        return [Fault(f"{place(section)} has no {name} estimate. Add it with its basis", "cost") for name in missing]
    if len(section["rows"]) > len(rows):
        return [Fault(f"{place(section)} names an estimate twice. Keep one of each", "cost")]
    amounts = [(name, *rows[name]) for name in ESTIMATES]
    return [
        Fault(f"{place(section)}: the {name} estimate is lower than the {before}. Put them in order", "cost", row)
        for (before, _, less), (name, row, more) in pairwise(amounts)
        if less is not None and more is not None and more < less
    ]


def milestones(content: Content, context: Context) -> Faults:
    section = section_named(content, "milestones")
    if section is None or not applies(section):
        return None
    found = []
    if len(section["rows"]) < LEAST_MILESTONES:
        has = len(section["rows"])
        found.append(Fault(f"{place(section)} has {has} of at least {LEAST_MILESTONES} rows. Add the others", "milestones"))
    latest: dt.date | None = None
    for number, row, cells in rows_of(section):
        target = date_in(str(cells.get("target", "")))
        if target and latest and target < latest:
            remedy = "Put the milestones in order of their dates"
            found.append(Fault(f"{place(section)}, row {number} is aimed at before the row above. {remedy}", "milestones", row))
        latest = max(filter(None, (latest, target)), default=None)
    return found


def benefit_owners(content: Content, context: Context) -> Faults:
    section = section_named(content, "benefits")
    if section is None or is_empty(section):
        return None
    return [
        Fault(f"{place(section)}, row {number}: the owner works in IT. Name somebody who gains by it", "benefits", row)
        for number, row, cells in rows_of(section)
        if same(str(cells.get("owner_is_it", ""))) == "yes"
    ]


def class_score(content: Content, context: Context) -> Faults:
    if context.scored_class is None:
        return [Fault("The class of the project was never scored. Answer its questions on the project’s page")]
    if context.scored_class != context.governance_class:
        given, scored = context.governance_class, context.scored_class
        return [Fault(f"The project is class {given}, its answers give class {scored}. Score the project anew")]
    return []


def scope_as_defined(content: Content, context: Context) -> Faults:
    if context.definition is None:
        return [Fault("There is no approved definition document to plan from. Have it approved first")]
    if context.change_code:
        return []
    return [fault for key in ("in_scope", "out_of_scope") for fault in _scope_faults(content, context.definition, key)]


def _scope_faults(content: Content, definition: Content, key: str) -> Iterator[Fault]:
    section = section_named(content, key)
    if section is None or section_named(definition, key) is None:
        return
    remedy = "Take it over word for word, or have a change request approved"
    defined = {same(text): text for text in _column(definition, key, "item")}
    planned = {same(text) for text in _column(content, key, "item")}
    for number, row, cells in rows_of(section):
        if same(str(cells.get("item", ""))) not in defined:
            yield Fault(f"{place(section)}, row {number} is not in the approved definition. {remedy}", key, row)
    for missing, text in defined.items():
        if missing not in planned:
            yield Fault(f"{place(section)} lacks “{text}” of the approved definition. {remedy}", key)


def contract_kept(content: Content, context: Context) -> Faults:
    """Compare what was agreed with the approved version, word for word; spacing, case and the order of rows do not count."""
    if context.approved is None:
        return None
    if context.change_code:
        return []
    return [fault for key in CONTRACT for fault in _contract_fault(content, context.approved, key)]


def _contract_fault(content: Content, approved: Content, key: str) -> Iterator[Fault]:
    section, agreed = section_named(content, key), section_named(approved, key)
    if section is None or agreed is None:
        return
    if not agrees(section, agreed):
        remedy = "Take that back, or choose the approved change request that this version carries out"
        yield Fault(f"{place(section)} differs from the approved version. {remedy}", key)


def agrees(section: Content, other: Content) -> bool:
    """Whether two versions of a section say the same; spacing, case and the order of rows do not count."""
    return _agreed_words(section, other) == _agreed_words(other, section)


def _agreed_words(section: Content, other: Content) -> list[tuple[str, ...]]:
    """Return the words of the columns that both templates have, row by row in any order."""
    theirs = {column["key"] for column in other["columns"]}
    keys = [column["key"] for column in section["columns"] if column["key"] in theirs]
    rows = [tuple(same(str(cells.get(key, ""))) for key in sorted(keys)) for _, _, cells in rows_of(section)]
    return sorted([row for row in rows if any(row)] + ([(same(section["text"]),)] if section["text"].strip() else []))


def _column(content: Content, section: str, column: str) -> Iterable[str]:
    texts = (str(cells.get(column, "")).strip() for _, cells in cells_of(content, section))
    return [text for text in texts if text]


def work_breakdown(content: Content, context: Context) -> Faults:
    section = section_named(content, "wbs")
    if section is None or is_empty(section):
        return None
    found, seen = [], set()
    for number, row, cells in rows_of(section):
        for key, noun in (("code", "code"), ("deliverable", "deliverable")):
            text = same(str(cells.get(key, "")))
            if text and (key, text) in seen:
                found.append(Fault(f"{place(section)}, row {number} repeats a {noun}. Keep each once", "wbs", row))
            seen.add((key, text))
    for wanted in _column(context.definition, "deliverables", "deliverable") if context.definition else ():
        if ("deliverable", same(wanted)) not in seen:
            found.append(Fault(f"{place(section)} lacks “{wanted}” of the approved definition. Add it", "wbs"))
    return found


def communication(content: Content, context: Context) -> Faults:
    section = section_named(content, "communication")
    groups = _column(context.definition, "stakeholders", "name") if context.definition else []
    if section is None or is_empty(section) or not groups:
        return None
    audiences = [same(text) for text in _column(content, "communication", "audience")]
    return [
        Fault(f"{place(section)} does not reach “{group}” of the approved definition. Add a row for them", "communication")
        for group in groups
        if not any(same(group) in audience for audience in audiences)
    ]


RULES: Mapping[str, Callable[[Content, Context], Faults]] = {
    **{code: cell_check(code) for code in CELL_CHECKS},
    "sections_filled": sections_filled,
    "cells_filled": cells_filled,
    "out_of_scope": out_of_scope,
    "sponsor": sponsor,
    "cost_range": cost_range,
    "milestones": milestones,
    "benefit_owners": benefit_owners,
    "class_score": class_score,
    "manager_authority": manager_authority,
    "scope_as_defined": scope_as_defined,
    "contract_kept": contract_kept,
    "work_breakdown": work_breakdown,
    "communication": communication,
}
