"""The only door through which anything of a report reaches a stakeholder. Fields are let through by name.

Everything else does not exist.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from governance.report_content import read_typed
from governance.states import Dimension, Letter

if TYPE_CHECKING:
    from governance.models import DeliverableVersion

#: What a reviewer may blank on acceptance, with the words on the form.
WITHHOLDABLE: Mapping[str, str] = {
    "headline": "Headline",
    "reasons": "Reasons of the ratings",
    "accomplishments": "Accomplishments",
    "plan": "Plan for next week",
    "milestones": "Milestones",
    "decisions": "Decisions needed",
}
PROJECT_FIELDS = (
    "code",
    "name",
    "purpose",
    "department",
    "project_manager",
    "sponsor",
    "phase_label",
    "governance_class",
    "baseline_number",
    "rebaselined_on",
)
FINISH_FIELDS = ("start_on", "original_on", "baseline_on", "forecast_on", "actual_on", "late_days", "late_original_days")
MONEY_FIELDS = (
    "budget_amount",
    "spent_amount",
    "forecast_amount",
    "variance_amount",
    "variance_pct",
    "as_of_on",
    "currency",
    "amount_unit",
)
MILESTONE_FIELDS = ("name", "original_on", "baseline_on", "forecast_on", "actual_on", "late_days")
DECISION_FIELDS = ("title", "needed_from", "needed_by_on", "consequence")
WITHHELD = "Withheld by the office."


@dataclass(frozen=True)
class PublicRating:
    """One dimension as stakeholders see it: the published letter, the reason, and the evidence where it differs."""

    dimension: str
    label: str
    letter: str
    evidence: str
    reason: str
    trend: str
    strip: str
    tests: list[list[str]]
    evidence_sentence: str


@dataclass(frozen=True)
class PublicReport:
    """An accepted report as published."""

    number: int
    version: int
    period_start_on: dt.date
    period_end_on: dt.date
    accepted_at: dt.datetime
    accepted_by_role: str
    digest: str
    is_superseded: bool
    project: dict[str, Any]
    finish: dict[str, Any]
    money: dict[str, Any] | None
    ratings: list[PublicRating]
    headline: str
    accomplishments: list[str]
    plan: list[str]
    milestones: list[dict[str, Any]]
    decisions: list[dict[str, Any]]
    path_to_green: list[dict[str, Any]]
    change_note: str
    withheld: list[str]

    @property
    def overall(self) -> PublicRating:
        return self.ratings[0]


def picked(row: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: row.get(name) for name in names}


RANK = {Letter.GREEN: 0, Letter.YELLOW: 1, Letter.RED: 2}


def trend_of(now: str, before: str | None) -> str:
    """Return better, same or worse than the last published letter; empty where there is none to compare with."""
    if now not in RANK or before not in RANK:
        return ""
    if RANK[Letter(now)] == RANK[Letter(before)]:
        return "same"
    return "worse" if RANK[Letter(now)] > RANK[Letter(before)] else "better"


def public_reason(row: Mapping[str, Any], office: Mapping[str, str], withheld: list[str]) -> str:
    """Return the office's reason, else the project manager's where the office agrees; blank when withheld."""
    if "reasons" in withheld:
        return ""
    if office["reason"]:
        return office["reason"]
    return str(row["reason"]) if office["letter"] == row["pm"] else ""


def _rating(row: Mapping[str, Any], record: Mapping[str, Any]) -> PublicRating:
    name = row["dimension"]
    office, before = record["office"][name], record["content"]["before"]
    computed = row["computed"]
    differs = computed["letter"] in (*RANK, Letter.GREY) and computed["letter"] != office["letter"]
    return PublicRating(
        dimension=name,
        label=Dimension(name).label,
        letter=office["letter"],
        evidence=computed["letter"] if differs else "",
        reason=public_reason(row, office, record["withheld"]),
        trend=trend_of(office["letter"], before["letters"].get(name)),
        strip=(before["strips"].get(name, "") + office["letter"])[-12:],
        tests=computed["tests"],
        evidence_sentence=computed["sentence"],
    )


def _path(row: Mapping[str, Any], record: Mapping[str, Any]) -> dict[str, Any] | None:
    # Where the office publishes another letter, a path would tell that the project manager rated red.
    published = record["office"][row["dimension"]]["letter"]
    if row["pm"] != Letter.RED or published != Letter.RED or "reasons" in record["withheld"] or not row["action"]:
        return None
    return {
        "label": Dimension(row["dimension"]).label,
        "action": row["action"],
        "action_due_on": row["action_due_on"],
        "measure": row["measure"],
    }


def publish(version: DeliverableVersion) -> PublicReport:
    """Return the public side of an accepted (or superseded) report. Reads the frozen record only; no query beyond `version`."""
    return published_record(read_typed(version.record), digest=version.record_sha256, is_superseded=not version.is_standing)


def published_record(record: Mapping[str, Any], *, digest: str = "", is_superseded: bool = False) -> PublicReport:
    content, withheld = record["content"], record["withheld"]
    shown = {name: name not in withheld for name in WITHHOLDABLE}
    paths = [_path(row, record) for row in content["ratings"]]
    return PublicReport(
        number=content["report"]["number"],
        version=content["report"]["version"],
        period_start_on=content["report"]["period_start_on"],
        period_end_on=content["report"]["period_end_on"],
        accepted_at=record["decision"]["decided_at"],
        accepted_by_role=record["decision"]["role"],
        digest=digest,
        is_superseded=is_superseded,
        project=picked(content["project"], PROJECT_FIELDS),
        finish=picked(content["finish"], FINISH_FIELDS),
        money=picked(content["money"], MONEY_FIELDS) if content["money"] else None,
        ratings=[_rating(row, record) for row in content["ratings"]],
        headline=content["headline"] if shown["headline"] else "",
        accomplishments=content["accomplishments"] if shown["accomplishments"] else [],
        plan=content["plan"] if shown["plan"] else [],
        milestones=[picked(row, MILESTONE_FIELDS) for row in content["milestones"]] if shown["milestones"] else [],
        decisions=[picked(row, DECISION_FIELDS) for row in content["decisions"]] if shown["decisions"] else [],
        path_to_green=[path for path in paths if path],
        change_note=content["change_note"],
        withheld=[WITHHOLDABLE[name] for name in withheld],
    )
