"""The words of the demo city’s documents: what each section says, what reviewers found in them and what was answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from governance.class_gates import path_of
from governance.document_states import ColumnType
from governance.models import DocumentSection
from governance.states import Kind
from pmo.demo import phrases
from pmo.demo.clock import DAY
from pmo.demo.portfolio import Running

FAMILY = {Kind.DEFINITION: "definition", Kind.EXECUTION_PLAN: "plan"}
SHARED_SECTIONS = ("in_scope", "out_of_scope")

Findings = tuple[tuple[str, str, str], ...]
#: In an execution plan that came back.
FINDINGS: Findings = (
    ("security", "major", "Say who reviews the roles after go-live, and how often."),
    ("migration", "minor", "Name the person who signs the comparison after each rehearsal."),
)
#: Of a review in three rounds: what was found each time, and what was answered.
ROUNDS: tuple[Findings, ...] = (
    (
        ("problem", "major", "Say over which period the failed inspections were counted."),
        ("objectives", "major", "The second objective names no system from which its figure is read."),
        ("cost", "minor", "Give the quotation on which the high estimate rests."),
    ),
    (
        ("benefits", "major", "The owner of the second benefit has to be a person, not a division."),
        ("risks", "minor", "Say who decides if the vendor's tablets are not delivered in time."),
        ("stakeholders", "comment", "The unions should be told before the pilot."),
    ),
)
ANSWERS: Mapping[str, str] = {
    "problem": "The fiscal year that ended in June; the section says so now.",
    "objectives": "It is read from the permit system each month; the measure names it.",
    "cost": "Three quotations of March; the basis names the upper one.",
    "benefits": "The deputy director of inspections owns it; she agreed in writing.",
    "risks": "The sponsor decides by the date of the pilot; the response says so.",
    "stakeholders": "A meeting is set for the week before the pilot.",
}

#: What is written for it: (row, column, words) of a table, words that are added to a text.
MENDED: Mapping[str, tuple[int, str, str]] = {
    "problem": (0, "", "All figures are of the fiscal year that ended in June."),
    "objectives": (1, "measure", "Share of cases, read from the permit system each month"),
    "cost": (2, "basis", "The upper of three quotations of March, with one year of support"),
    "benefits": (1, "owner", "Deputy director of inspections"),
    "risks": (0, "response", "The sponsor decides by the date of the pilot whether paper forms stay in use"),
    "stakeholders": (0, "engagement", "Meeting in the week before the pilot, then each month"),
}
#: What a submission did not comply with, so that no rewording could mend it.
REJECTED_FOR = {
    Kind.DEFINITION: "Two of the three objectives rest on grants that other agencies receive and the city only passes on. By "
    "the council’s resolution on grants the city keeps records of its own awards alone, so the project would hold data that it "
    "may not hold. No wording mends that: a new submission needs another basis.",
    Kind.EXECUTION_PLAN: "The plan moves seven years of stored boxes and gives up the older ones, a third of which is under "
    "legal hold. The policy on document retention (POL-04) stops every deletion until counsel lifts the hold, and has the city "
    "secretary told first. A new plan needs counsel’s written release as its basis.",
}
NEW_BASIS = (
    "The agencies agreed in writing to keep their own registers, and the grants committee confirmed it: the project tracks the "
    "city’s own awards only. Both letters are filed with the project."
)
NEW_BASIS_SUMMARY = "Only the city’s own awards are in scope; grants that are passed on are out of it."
#: Section to the row that the new basis adds to it.
NEW_BASIS_ROWS: Mapping[str, tuple[str, str]] = {
    "in_scope": ("Grants awarded to the city itself", "from application to close-out"),
    "out_of_scope": ("Grants that the city passes on", "their agencies keep the register"),
}
CONDITION = "The signed agreement on the exchange format is filed with the plan."
CONDITION_MET = "Both sides signed the agreement; it is filed with the plan, with the format as its annex."
EXTENDED = "The partner’s board signs at its next meeting; until then the team builds against the draft."

#: A later version that changes nothing of what was agreed: its kind, its summary, its section and what is added there.
LATER: Mapping[str, tuple[Kind, str, str, str]] = {
    "2272": (
        Kind.DEFINITION,
        "The constraints name the accreditation of the laboratory.",
        "constraints",
        "- The laboratory’s accreditation is renewed while the system is built; the auditors see both systems.",
    ),
    "2279": (
        Kind.EXECUTION_PLAN,
        "Security: who may change a signal from outside its cabinet.",
        "security",
        "Nobody changes the timing of a signal from outside its cabinet without a second person’s word.",
    ),
    "2365": (
        Kind.DEFINITION,
        "The constraints name the agreement with the unions on tests of applicants.",
        "constraints",
        "- Tests of applicants wait for the agreement with the unions.",
    ),
}


def words_for(row: DocumentSection, kind: Kind, running: Running, *, on: dt.date) -> dict[str, Any]:
    """Return what a section says, as `save_section` takes it; nothing where the data file has nothing for it."""
    section = row.section
    if section.key == "milestones":
        return {"rows": milestone_rows(running)}
    family = "definition" if section.key in SHARED_SECTIONS else FAMILY[kind]
    lines = phrases.sections("documents.txt").get(f"{family} {section.key}", ())
    if section.key == "phases":
        known = path_of(running.project.governance_class, procures=True)
        lines = tuple(line for line in lines if line[1] in known)
    blanks = _blanks(running, on)
    if not section.is_table:
        text = "\n\n".join(" > ".join(parts) for parts in lines).format_map(blanks).replace("\n\n- ", "\n- ")
        return {"text": text.replace(":\n- ", ":\n\n- ")} if text else {}
    rows = [_row(section.key, number, parts, section.columns, blanks) for number, parts in enumerate(lines, start=1)]
    return {"rows": rows} if rows else {}


def _row(key: str, number: int, parts: tuple[str, ...], columns: Any, blanks: Mapping[str, str]) -> dict[str, Any]:
    cells = {column["key"]: text.format_map(blanks) for column, text in zip(columns, parts, strict=False)}
    for column in columns:
        if column["type"] not in (ColumnType.DATE, ColumnType.CHOICE) and cells.get(column["key"]):
            cells[column["key"]] = cells[column["key"]][:1].upper() + cells[column["key"]][1:]
        if column["type"] == ColumnType.YES_NO:
            cells[column["key"]] = cells.get(column["key"], "").lower()
    return {"row": f"{key}-{number}", "cells": cells}


def milestone_rows(running: Running) -> list[Mapping[str, Any]]:
    return [
        {"row": f"milestones-{row.number}", "cells": {"name": row.name, "target": row.baseline_on.isoformat()}}
        for row in running.milestones
        if row.baseline_on
    ]


def _blanks(running: Running, on: dt.date) -> dict[str, str]:
    design, story, project = running.story.design, running.story, running.project
    awarded_on = story.start_on + (story.finish_on - story.start_on) * 2 // 5
    days = (story.finish_on - story.start_on).days
    subject = design.subject
    return {
        "purpose": subject.purpose,
        "users": subject.users,
        "Users": subject.users[:1].upper() + subject.users[1:],
        "thing": subject.thing,
        "data": subject.data,
        "partner": subject.partner,
        "Partner": subject.partner[:1].upper() + subject.partner[1:],
        "department": design.department,
        "sponsor": str(project.sponsor.name) if project.sponsor else "",
        "owner": str(project.business_owner.name) if project.business_owner else "",
        "manager": str(running.manager.name),
        "office": str(running.city.office.name),
        "lead": "Team lead",
        "budget": str(design.budget),
        "low": str(design.budget * 8 // 10),
        "high": str(design.budget * 13 // 10),
        "awarded": awarded_on.isoformat() if awarded_on <= on else "",
        **{f"d{part}": (story.start_on + DAY * (days * part // 10)).isoformat() for part in range(1, 11)},
    }
