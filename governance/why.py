"""The answer to "why?": one computed rating as the panel shows it, with links to the rows behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse

from governance.report_page import RatingRow, ReportPage
from pmo.lib import words

COLOR = {"G": "green", "Y": "yellow", "R": "red"}
ENTRY = re.compile(r"^(Risk|Issue) (\d+):")


@dataclass(frozen=True)
class Why:
    """What `components/why_panel.html` shows."""

    letter: str
    src: str
    title: str
    sentence: str
    tests: list[list[str]]
    inputs: list[list[str]]
    rows: list[tuple[str, str, str]]
    """(words, address or nothing, value)"""
    source: str


def whys_of(page: ReportPage, *, with_links: bool = True) -> dict[str, Why]:
    """Return the panels of all seven dimensions, by dimension. `with_links`: the reader may open the registers."""
    return {row.dimension: why_of(row, page.content, with_links=with_links) for row in page.ratings}


def why_of(row: RatingRow, content: Mapping[str, Any], *, with_links: bool = True) -> Why:
    found = row.explained
    return Why(
        letter=row.computed,
        src="evidence",
        title=title_of(row.label, row.computed),
        sentence=found["sentence"],
        tests=found["tests"],
        inputs=found["inputs"],
        rows=[(said, _address(said, content) if with_links else "", shown) for said, shown in found["rows"]],
        source=_source(found, content),
    )


def title_of(label: str, letter: str) -> str:
    if letter == "N":
        return f"Why is {label.lower()} not assessed?"
    return f"Why is {label.lower()} {COLOR.get(letter, 'without data')}?"


def _source(found: Mapping[str, Any], content: Mapping[str, Any]) -> str:
    number = found["thresholds_version"]
    limits = f"Thresholds version {number}" if number else "Thresholds as delivered"
    status_on = words.day(content["report"]["period_end_on"])
    limits += f", class {content['project']['governance_class']}"
    return f"Dates and registers of the project, status date {status_on}. {limits}."


def _address(said: str, content: Mapping[str, Any]) -> str:
    """Return the address of the register entry or milestone that a row behind a rating names, or nothing."""
    code = content["project"]["code"]
    if entry := ENTRY.match(said):
        return _url(f"portfolio:{entry[1].lower()}-detail", code, int(entry[2]))
    is_milestone = any(row["name"] == said for row in content["milestones"])
    return _url("portfolio:milestone-list", code) if is_milestone else ""


def _url(name: str, *parts: str | int) -> str:
    try:
        return reverse(name, args=parts)
    except NoReverseMatch:
        return ""
