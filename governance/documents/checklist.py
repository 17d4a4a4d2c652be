"""Every line of the checklists for documents, and what becomes of it: a check, a question to the reviewer, or a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from governance.states import Kind


@dataclass(frozen=True)
class Line:
    """One line of a checklist. What `checks` (by code) cannot see is asked of the reviewer as `question`.

    `about` is the section that the question is about: where it is neither owed nor filled in, nothing is asked.
    `left_out` says why a part of the line is neither: what it would be compared with is not in the product.
    """

    kind: Kind
    text: str
    checks: tuple[str, ...] = ()
    question: str = ""
    about: str = ""
    left_out: str = ""


D, P = Kind.DEFINITION, Kind.EXECUTION_PLAN
CHECKLIST = (
    Line(D, "Every required section is filled in", ("sections_filled", "cells_filled")),
    Line(
        D,
        "The problem is stated without presupposing the solution",
        question="The problem is stated without presupposing the solution",
    ),
    Line(D, "Every objective is measurable, with baseline, target and date", ("objectives_measurable",)),
    Line(D, "Out of scope is not empty", ("out_of_scope",)),
    Line(
        D,
        "The sponsor is not the project manager, and has funding authority",
        ("sponsor",),
        question="The sponsor has authority over the money that the project needs",
    ),
    Line(D, "The funding source is named", ("funding_source",)),
    Line(D, "The cost is a range, with the basis of each estimate", ("cost_range",)),
    Line(D, "At least three milestones with dates", ("milestones",)),
    Line(D, "Dates lie within the life of the project", ("dates_in_life",)),
    Line(D, "Acceptance criteria for each deliverable", ("acceptance",)),
    Line(
        D, "The top risks have owners", ("risk_owners",), question="The risks listed are the ones that could stop the project"
    ),
    Line(D, "Benefits have an owner outside IT", ("benefit_owners",)),
    Line(D, "The class is the one that the answers give", ("class_score",)),
    Line(
        D,
        "It serves a live strategic objective",
        question="The strategic objective that it serves is in force",
        about="alignment",
        left_out="The product keeps no register of strategic objectives, so nothing says by itself whether one is in force.",
    ),
    Line(
        D,
        "The authority of the project manager is stated",
        ("manager_authority",),
        question="It says what the project manager may decide alone",
        about="oversight",
    ),
    Line(D, "What was agreed changes only with an approved change request", ("contract_kept",)),
    Line(P, "Every required section is filled in", ("sections_filled", "cells_filled")),
    Line(P, "The scope is that of the definition; differences have an approved change request", ("scope_as_defined",)),
    Line(P, "What was agreed changes only with an approved change request", ("contract_kept",)),
    Line(
        P,
        "Dates lie within the life of the project, and a purchase is awarded after it is solicited",
        ("dates_in_life", "procurement_dates"),
    ),
    Line(P, "What is waived has a reason", ("tailoring_reasons",)),
    Line(P, "Each deliverable stands in the work breakdown once", ("work_breakdown",)),
    Line(P, "Thresholds are numbers", ("thresholds_numeric",)),
    Line(P, "Somebody decides on changes of each size, within the office’s limits", ("change_authority", "authority_limits")),
    Line(P, "Each row of the quality plan has a number to reach", ("quality_targets",)),
    Line(P, "Escalation has times", ("escalation_hours",)),
    Line(P, "Communication reaches every stakeholder group", ("communication",)),
    Line(
        P,
        "The lead time of procurement is in the schedule",
        ("procurement_lead_time",),
        left_out="The schedule is not written in the product yet; until then a lead time in weeks is asked for.",
    ),
    Line(
        P,
        "Security, accessibility, data migration, cut-over, rollback and hand-over are covered, or waived with a reason",
        ("transition",),
        question="Where security, accessibility, migration, cut-over, rollback or hand-over is waived, the reason holds",
    ),
    Line(
        P,
        "The gates planned are those of its class",
        ("gates_of_class",),
        question="The gates planned are those that its class asks for",
    ),
)

#: The section that a question is about, by its words.
SUBJECTS: Mapping[str, str] = {line.question: line.about for line in CHECKLIST if line.about}

#: What a check is called on the page, in the order of the checklist.
LABELS: Mapping[str, str] = {
    "sections_filled": "Required sections are filled in",
    "cells_filled": "Required cells are filled in, each with what its column holds",
    "objectives_measurable": "Every objective has a measure, a baseline, a target and a date",
    "out_of_scope": "Out of scope is not empty",
    "sponsor": "A sponsor is named, and is not the project manager",
    "funding_source": "The funding source is named",
    "cost_range": "The cost is a range from low to high, with its basis",
    "milestones": "At least three milestones, with dates in order",
    "dates_in_life": "Dates lie between the start of the project and ten years later",
    "procurement_dates": "Purchases are awarded after they are solicited",
    "tailoring_reasons": "Every artefact that is waived has a reason",
    "gates_of_class": "The gates planned are those of the class",
    "authority_limits": "Nobody decides on larger changes than the office’s limits allow",
    "acceptance": "Every deliverable has acceptance criteria",
    "risk_owners": "Every risk has an owner",
    "benefit_owners": "Benefits have owners outside IT",
    "class_score": "The class is the one that the answers give",
    "manager_authority": "Project manager and oversight are named",
    "scope_as_defined": "The scope is that of the approved definition",
    "contract_kept": "What was agreed stands as approved, or a change request allows the difference",
    "work_breakdown": "The work breakdown holds each deliverable once",
    "thresholds_numeric": "Thresholds are numbers",
    "change_authority": "Somebody decides on changes of each size",
    "quality_targets": "Every quality row has a number to reach",
    "escalation_hours": "Every escalation level has a time",
    "communication": "Communication reaches every stakeholder group",
    "procurement_lead_time": "Every purchase has a lead time",
    "transition": "Security, accessibility, migration, cut-over and hand-over are covered",
    "findings_answered": "Findings of earlier versions are answered",
}


def codes_for(kind: str) -> tuple[str, ...]:
    """Return the codes of the checks of a kind, in the order of its checklist."""
    return tuple(code for line in CHECKLIST if line.kind == kind for code in line.checks)


def questions_for(kind: str) -> tuple[str, ...]:
    """Return what a reviewer of this kind is asked at first; the office may change it."""
    return tuple(line.question for line in CHECKLIST if line.kind == kind and line.question)
