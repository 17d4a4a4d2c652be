"""What cells of a document say: placeholders, dates out of the project's life, gates, waivers, and who decides on changes."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from governance.documents.checks import context_of
from governance.documents.content import content_of, section_named
from tests.governance.test_document_checks import failed, with_cell, without
from tests.governance.written import a_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def definition(alpha, pia):
    version = a_document(alpha)
    return content_of(version.document), context_of(version)


@pytest.fixture
def plan(alpha, pia):
    version = a_document(alpha, "execution_plan")
    return content_of(version.document), context_of(version)


def codes(content, context) -> set[str]:
    return {code for code, _, _ in failed(content, context)}


@pytest.mark.parametrize("words", ["unknown", "TBD", "n.a.", "N/A", "to be determined.", "higher", "-", "?"])
@pytest.mark.parametrize(
    ("section", "cell", "code"),
    [
        ("objectives", "baseline", "objectives_measurable"),
        ("objectives", "target", "objectives_measurable"),
        ("risks", "owner", "risk_owners"),
        ("cost", "basis", "cells_filled"),
    ],
)
def test_a_placeholder_is_no_answer(definition, words, section, cell, code) -> None:
    content, context = definition
    assert failed(with_cell(content, section, 0, **{cell: words}), context) == [(code, section, f"{section}-0")]


def test_a_text_that_only_holds_its_place_is_found(definition) -> None:
    content, context = definition
    assert failed(without(content, "problem", text="TBD"), context) == [("sections_filled", "problem", "")]


@pytest.mark.parametrize("on", ["1999-01-01", "2206-06-30"])
def test_a_milestone_lies_within_the_life_of_the_project(definition, on) -> None:
    content, context = definition
    context = dataclasses.replace(context, start_on=dt.date(2026, 6, 1))
    wrong = content
    for row in range(len(section_named(content, "milestones")["rows"])):
        wrong = with_cell(wrong, "milestones", row, target=on)
    assert codes(wrong, context) == {"dates_in_life"}
    assert codes(content, context) == set()


def test_a_target_before_the_project_is_found(definition) -> None:
    content, context = definition
    assert failed(with_cell(content, "objectives", 0, date="1999-01-01"), context) == [
        ("dates_in_life", "objectives", "objectives-0")
    ]


def test_a_date_that_was_approved_is_not_asked_again(definition) -> None:
    content, context = definition
    late = dataclasses.replace(context, start_on=dt.date(2027, 12, 1), approved=content)
    assert "dates_in_life" not in codes(content, late)


@pytest.mark.parametrize("column", ["award", "awarded_on"])
def test_an_award_follows_its_solicitation(plan, column) -> None:
    content, context = plan
    rows = [{"row": "p-1", "cells": {"item": "Scanners", "method": "RFP", "contract_type": "Fixed", "lead_time": "8"}}]
    rows[0]["cells"] |= {"solicitation": "2030-01-01", column: "2029-12-31"}
    found = failed(without(content, "procurement", rows=rows), context)
    assert ("procurement_dates", "procurement", "p-1") in found


def test_what_is_waived_needs_a_reason(plan) -> None:
    content, context = plan
    waived = with_cell(content, "tailoring", 0, choice="waived", reason="TBD")
    assert ("tailoring_reasons", "tailoring", "tailoring-0") in failed(waived, context)
    said = with_cell(content, "tailoring", 0, choice="waived", reason="Nothing is built.")
    assert "tailoring_reasons" not in codes(said, context)


def test_the_gates_named_are_those_of_the_class(plan) -> None:
    content, context = plan
    rows = section_named(content, "phases")["rows"]
    assert codes(content, context) == set()
    assert codes(without(content, "phases", rows=rows[1:]), context) == {"gates_of_class"}
    lean = dataclasses.replace(context, gates_known=("G0", "G1", "G4", "G5", "G6"), gates_needed=("G1", "G4", "G5"))
    assert ("gates_of_class", "phases", "phases-G2") in failed(content, lean)


@pytest.mark.parametrize(
    ("size", "who", "holds"),
    [
        ("Up to 15 working days", "Sponsor", False),
        ("Up to 10 working days", "Sponsor", True),
        ("Up to 7.5 % of the budget", "Sponsor", False),
        ("Up to 5 % of the budget", "Project manager and sponsor", True),
        ("Up to 12 %", "PMO manager", False),
        ("Up to 10 % or 40 days", "PMO manager", True),
        ("Above 10 %", "Governance board", True),
    ],
)
def test_nobody_decides_beyond_the_limits_of_the_office(plan, size, who, holds) -> None:
    content, context = plan
    told = with_cell(content, "change_authority", 0, size=size, authority=who)
    assert ("authority_limits" not in codes(told, context)) is holds
