"""What a column can mean: the targets, and the headings by which other offices call them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Kind(StrEnum):
    CODE = "code"
    TEXT = "text"
    NAME = "name"
    PERSON = "person"
    PHASE = "phase"
    CLASS = "class"
    DATE = "date"
    AMOUNT = "amount"
    DAYS = "days"


@dataclass(frozen=True)
class Target:
    """One meaning. `field` is the project's field it is written to; "" for what is kept with the dated standing only."""

    key: str
    label: str
    kind: Kind
    field: str = ""
    #: Headings that mean just this, likeliest first, parted by commas.
    called: str = ""
    #: Words that settle the meaning wherever they stand in a heading.
    phrases: tuple[str, ...] = ()
    hint: str = ""

    @cached_property
    def synonyms(self) -> tuple[str, ...]:
        return tuple(name.strip() for name in self.called.split(",") if name.strip())


TARGETS = (
    Target(
        "code",
        "Project code",
        Kind.CODE,
        field="code",
        called=(
            "project code, code, project number, project no, project id, pid, project ref, project reference, "
            "reference, ref, id, number, gmpp id, gmpp id number, key"
        ),
        phrases=("project code", "project number", "project id", "gmpp id"),
        hint="The same code is the same project, in this file and in the next.",
    ),
    Target(
        "name",
        "Project name",
        Kind.NAME,
        field="name",
        called="project name, name, project title, title, project, project description short",
        phrases=("project name", "project title"),
    ),
    Target(
        "purpose",
        "Purpose",
        Kind.TEXT,
        field="purpose",
        called="purpose, description, project description, description aims, aims, summary, scope, objective, objectives",
    ),
    Target(
        "department",
        "Department",
        Kind.NAME,
        field="department",
        called=(
            "department, dept, managing agency, agency, sponsoring department, lead department, organisation, "
            "organization, business unit, division, bureau, client department"
        ),
    ),
    Target(
        "program",
        "Program",
        Kind.NAME,
        field="program",
        called="program, programme, program name, programme name, portfolio",
    ),
    Target(
        "manager",
        "Project manager",
        Kind.PERSON,
        field="project_manager",
        called=(
            "project manager, manager, pm, project lead, project manager email, project manager e mail, pm email, pm name, lead"
        ),
        phrases=("project manager",),
        hint="An e-mail address or a name of somebody who has an account here.",
    ),
    Target(
        "phase",
        "Phase",
        Kind.PHASE,
        field="phase",
        called=("phase, current phase, project phase, stage, current stage, project stage, lifecycle stage, life cycle stage"),
    ),
    Target(
        "class",
        "Governance class",
        Kind.CLASS,
        field="governance_class",
        called="governance class, class, governance tier, tier",
    ),
    Target(
        "start",
        "Start",
        Kind.DATE,
        field="start_on",
        called=(
            "start, start date, project start, project start date, design start, planned start, actual start, begin, begin date"
        ),
        phrases=("start date",),
    ),
    Target(
        "original_finish",
        "Original baseline finish",
        Kind.DATE,
        field="original_finish_on",
        called=(
            "original finish, original baseline finish, original end date, original completion, original completion "
            "date, original finish date, initial finish"
        ),
    ),
    Target(
        "baseline_finish",
        "Current baseline finish",
        Kind.DATE,
        field="baseline_finish_on",
        called=(
            "baseline finish, baseline end, baseline end date, baseline finish date, planned finish, planned end, "
            "planned end date, planned completion, approved finish, target date, target completion, due date"
        ),
    ),
    Target(
        "forecast_finish",
        "Forecast finish",
        Kind.DATE,
        field="forecast_finish_on",
        called=(
            "forecast finish, forecast completion, forecast end, forecast end date, forecast finish date, end date, "
            "end, finish, finish date, project end date, expected completion, estimated completion, estimated "
            "completion date, completion date, expected finish, latest approved end date"
        ),
        phrases=("forecast completion", "forecast finish", "end date"),
    ),
    Target(
        "budget",
        "Approved budget",
        Kind.AMOUNT,
        field="budget_amount",
        called=(
            "whole life cost, wlc, wlc baseline incl ncg, approved budget, budget, total budget, budget amount, project "
            "budget, adopted budget, current budget, total approved budget"
        ),
        phrases=("whole life cost", "wlc", "approved budget"),
    ),
    Target(
        "spent",
        "Spent to date",
        Kind.AMOUNT,
        field="spent_amount",
        called=(
            "spent, spent to date, actual, actual cost, actuals, actual to date, expended, expenditure, spend to date, "
            "total spend, cost to date, expended to date, paid to date"
        ),
    ),
    Target(
        "committed",
        "Committed",
        Kind.AMOUNT,
        field="committed_amount",
        called="committed, commitments, encumbered, encumbrance, encumbrances, committed amount",
    ),
    Target(
        "forecast",
        "Forecast at completion",
        Kind.AMOUNT,
        field="forecast_amount",
        called=(
            "budget forecast, forecast at completion, estimate at completion, eac, forecast cost, cost forecast, "
            "forecast total, forecast amount, total forecast, forecast"
        ),
        phrases=("forecast at completion", "estimate at completion"),
    ),
    Target(
        "rating",
        "Rating, in the source's words",
        Kind.TEXT,
        called=(
            "rating, rag, rag status, rag rating, colour rating, color rating, delivery confidence assessment, dca, ipa "
            "delivery confidence assessment, overall rating, overall status, health, status, project status, status "
            "color"
        ),
        phrases=("delivery confidence", "colour rating", "color rating", "rag"),
        hint="Kept in the source's own words as imported, not reviewed; it never becomes a published rating.",
    ),
    Target(
        "comment",
        "Comment on the rating",
        Kind.TEXT,
        called=(
            "rating comment, comment, comments, status comment, narrative, commentary, departmental commentary, notes, remarks"
        ),
        phrases=("rating comment", "commentary"),
    ),
    Target(
        "as_of",
        "Date of the report",
        Kind.DATE,
        called=(
            "as of, as of date, date reported as of, report date, reporting date, reported as of, status date, data "
            "date, snapshot date, date reported, reporting period"
        ),
        phrases=("as of", "report date", "reported as of"),
        hint="Several rows of one code with different dates become one project with a history.",
    ),
    Target(
        "stated_cost_change",
        "Stated change of the forecast cost",
        Kind.AMOUNT,
        called=(
            "latest budget changes, latest budget change, budget change, change in budget, cost change, latest cost "
            "change, change since last report"
        ),
        hint="Compared with the figures of the report before; a contradiction is listed, not corrected.",
    ),
    Target(
        "stated_finish_change",
        "Stated change of the forecast finish, in days",
        Kind.DAYS,
        called=(
            "latest schedule changes, latest schedule change, schedule change, change in schedule, schedule change "
            "days, slip days"
        ),
        hint="Compared with the dates of the report before; a contradiction is listed, not corrected.",
    ),
)
BY_KEY = {target.key: target for target in TARGETS}
REQUIRED = ("code", "name")
AMOUNTS = tuple(target for target in TARGETS if target.kind is Kind.AMOUNT)
DATES = tuple(target for target in TARGETS if target.kind is Kind.DATE)


def plain(heading: str) -> str:
    """Return `heading` in small letters with everything but letters and digits as one space: “Project_No.” is “project no”."""
    return " ".join(re.sub(r"[\W_]+", " ", heading.casefold()).split())


KNOWN_HEADINGS = frozenset(synonym for target in TARGETS for synonym in target.synonyms)
