"""What stands in the way of submitting a report, and what a reviewer is told about it. Pure: content in, findings out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from governance.states import Dimension, Letter

#: W6: texts that are more alike than this count as the same.
SAME_TEXT_RATIO = 0.95
#: A reason of fewer words than this says nothing.
REASON_WORDS = 3


@dataclass(frozen=True)
class Obstacle:
    """One thing to mend before the report can go out: where on the form, and what to do."""

    field: str
    section: str
    code: str
    sentence: str


@dataclass(frozen=True)
class CheckResult:
    """One automatic check as the reviewer sees it."""

    code: str
    holds: bool
    title: str
    detail: str = ""
    section: str = ""


def rating_obstacles(ratings: list[Mapping[str, Any]]) -> list[Obstacle]:
    found: list[Obstacle] = []
    for row in ratings:
        found += _rating_obstacles(row)
    return found


def _rating_obstacles(row: Mapping[str, Any]) -> list[Obstacle]:
    name, label = row["dimension"], Dimension(row["dimension"]).label.lower()
    if not row["pm"]:
        return [Obstacle(f"{name}-pm_letter", "ratings", "rating_missing", f"Choose a rating for {label}")]
    if row["pm"] == Letter.GREEN:
        return []
    found = []
    if len(row["reason"].split()) < REASON_WORDS:
        found.append(
            Obstacle(
                f"{name}-reason", "ratings", "reason_missing", f"Say why {label} is {'yellow' if row['pm'] == 'Y' else 'red'}"
            )
        )
    if row["pm"] == Letter.RED:
        asked = {
            "cause": "the cause",
            "action": "what brings it back",
            "action_owner": "who does it",
            "action_due_on": "the day it is back on plan",
            "measure": "what will prove it",
        }
        found += [
            Obstacle(f"{name}-{field}", "ratings", "path_missing", f"Path to green for {label}: give {words}")
            for field, words in asked.items()
            if not row[field]
        ]
    return found


def obstacles(
    content: Mapping[str, Any], before: Mapping[str, Any] | None, *, open_findings: int = 0, is_correction: bool = False
) -> list[Obstacle]:
    """Return what stands in the way of submitting `content`, in the order of the form.

    `before` is the content of the report before, accepted or waiting, or None for a first one.
    """
    found = rating_obstacles(content["ratings"]) + _text_obstacles(content) + _plan_obstacles(content, before)
    if open_findings:
        noun = "finding waits" if open_findings == 1 else "findings wait"
        found.append(Obstacle("findings", "findings", "findings_unanswered", f"{open_findings} {noun} for your answer"))
    if is_correction and not content["change_note"].strip():
        found.append(Obstacle("change_note", "change_note", "change_note_missing", "Say what this correction changes, and why"))
    return found


def _text_obstacles(content: Mapping[str, Any]) -> list[Obstacle]:
    found = []
    if not content["headline"].strip():
        found.append(Obstacle("headline", "headline", "headline_missing", "Write the headline, one sentence"))
    found += [
        Obstacle(f"outcome-{position}", "plan-done", "outcome_missing", f"Say what happened to “{row['text']}”")
        for position, row in enumerate(content["reconciled"])
        if not row["outcome"]
    ]
    if not content["accomplishments"]:
        sentence = "Name at least one accomplishment, or say that there was none"
        found.append(Obstacle("accomplishments", "accomplishments", "accomplishments_missing", sentence))
    return found


def _plan_obstacles(content: Mapping[str, Any], before: Mapping[str, Any] | None) -> list[Obstacle]:
    if not content["plan"]:
        return [Obstacle("plan", "plan", "plan_missing", "Plan at least one item for the next period")]
    if before and same_plan(content, before) and not content["keeps_plan"]:
        sentence = "The plan is the same as last week. Change it, or tick that it stays on purpose"
        return [Obstacle("keeps_plan", "plan", "plan_unchanged", sentence)]
    return []


def same_plan(content: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    return bool(content["plan"] == before["plan"])


def text_of(content: Mapping[str, Any]) -> str:
    return "\n".join([content["headline"], *content["accomplishments"], *content["plan"]])


def likeness(now: str, then: str) -> float:
    """Return how alike two texts are, 0 to 1, by matching runs of words."""
    return SequenceMatcher(None, now.split(), then.split(), autojunk=False).ratio()


def automatic_checks(content: Mapping[str, Any], before: Mapping[str, Any] | None, on: dt.date) -> list[CheckResult]:
    """Return the automatic part of the report checklist (domain notes 1.6), failing ones first."""
    checks = [
        _plan_check(content),
        _risk_check(content, on),
        _decision_check(content),
        _money_check(content, on),
        _milestone_check(content),
        _narrative_check(content),
        _same_text_check(content, before),
        CheckResult(
            "reasons",
            not rating_obstacles(content["ratings"]),
            "Each yellow has a reason, each red a path to green",
            section="ratings",
        ),
        CheckResult("period", content["report"]["period_end_on"] is not None, "Period and status date are set"),
    ]
    return sorted(checks, key=lambda check: check.holds)


def _plan_check(content: Mapping[str, Any]) -> CheckResult:
    undone = [row for row in content["reconciled"] if row["outcome"] == "not_done"]
    again = max((row["weeks_planned"] for row in undone), default=0)
    detail = f"{len(undone)} of {len(content['reconciled'])} not done" + (
        f", one planned {again} weeks running" if again > 2 else ""
    )
    return CheckResult(
        "plan_reconciled", not undone or again <= 2, "Last week’s plan reconciled", detail if undone else "", "plan-done"
    )


def _risk_check(content: Mapping[str, Any], on: dt.date) -> CheckResult:
    loose = [
        row
        for row in content["risks"]
        if row["score"] >= 10 and (not row["owner"] or not row["next_action_on"] or row["next_action_on"] < on)
    ]
    detail = f"Risk {loose[0]['number']} has no owner or no next date ahead" if loose else ""
    return CheckResult("risks_owned", not loose, "Each risk at 10 or more has an owner and a next date", detail, "risks")


def _decision_check(content: Mapping[str, Any]) -> CheckResult:
    loose = [row for row in content["decisions"] if not row["needed_from"] or not row["needed_by_on"]]
    return CheckResult("decisions_named", not loose, "Decisions carry a name and a date", section="decisions")


def _money_check(content: Mapping[str, Any], on: dt.date) -> CheckResult:
    money = content["money"]
    if money is None or money["as_of_on"] is None:
        return CheckResult(
            "money_fresh",
            money is None,
            "Money is 7 days old or newer",
            "No date stands beside the amounts" if money else "No amounts are kept",
            "money",
        )
    age = (on - money["as_of_on"]).days
    return CheckResult("money_fresh", age <= 7, "Money is 7 days old or newer", f"{age} days old" if age > 7 else "", "money")


def _milestone_check(content: Mapping[str, Any]) -> CheckResult:
    loose = [
        row for row in content["milestones"] if not row["actual_on"] and (not row["baseline_on"] or not row["forecast_on"])
    ]
    return CheckResult(
        "milestones_dated",
        not loose,
        "Each open milestone has a baseline and a forecast",
        f"{loose[0]['name']} lacks one" if loose else "",
        "milestones",
    )


def _narrative_check(content: Mapping[str, Any]) -> CheckResult:
    late = max((row["late_days"] or 0 for row in content["milestones"] if row["is_key"]), default=0)
    overall = next(row for row in content["ratings"] if row["dimension"] == Dimension.OVERALL)
    silent = late > 15 and overall["pm"] == Letter.GREEN
    return CheckResult(
        "narrative_agrees",
        not silent,
        "Narrative agrees with the numbers",
        f"Green overall beside a key milestone {late} days late" if silent else "",
        "ratings",
    )


def _same_text_check(content: Mapping[str, Any], before: Mapping[str, Any] | None) -> CheckResult:
    same = before is not None and likeness(text_of(content), text_of(before)) > SAME_TEXT_RATIO
    return CheckResult(
        "text_is_new",
        not same,
        "The text differs from last week’s",
        "The words are nearly the same" if same else "",
        "headline",
    )


@dataclass(frozen=True)
class Trigger:
    """A rating check that went off: which, where, in words, and the values behind it."""

    check: str
    dimension: str
    sentence: str
    evidence: dict[str, Any]


RANK = {"G": 0, "Y": 1, "R": 2}


def rates_better(content: Mapping[str, Any]) -> list[Trigger]:
    """W1: the project manager rates a dimension better than the evidence by a level or more.

    Worse never needs a justification.
    """
    found = []
    for row in content["ratings"]:
        computed = row["computed"]["letter"]
        if row["pm"] in RANK and computed in RANK and RANK[row["pm"]] < RANK[computed]:
            label = Dimension(row["dimension"]).label
            sentence = f"{label} is rated {COLOUR[row['pm']]}; the evidence says {COLOUR[computed]}."
            found.append(
                Trigger(
                    "W1",
                    row["dimension"],
                    sentence,
                    {"pm": row["pm"], "computed": computed, "why": row["computed"]["sentence"]},
                )
            )
    return found


COLOUR = {"G": "green", "Y": "yellow", "R": "red", "-": "no data"}


def keeps_slipping(content: Mapping[str, Any], earlier: Sequence[Mapping[str, Any]]) -> list[Trigger]:
    """W3: a key milestone was forecast later in each of the last two steps between reports. `earlier` is newest first."""
    if len(earlier) < 2:
        return []
    series = [content, *earlier[:2]]
    found = []
    for row in content["milestones"]:
        dates = [_forecast(one, row["number"]) for one in series]
        if row["is_key"] and not row["actual_on"] and all(dates) and dates[0] > dates[1] > dates[2]:  # type: ignore[operator]
            sentence = f"{row['name']} was re-forecast later in each of the last 2 reports."
            found.append(
                Trigger(
                    "W3",
                    Dimension.SCHEDULE.value,
                    sentence,
                    {"milestone": row["name"], "forecasts": [str(day) for day in reversed(dates)]},
                )
            )
    return found[:1]


def _forecast(content: Mapping[str, Any], number: int) -> dt.date | None:
    return next((row["forecast_on"] for row in content["milestones"] if row["number"] == number), None)


def repeats_itself(content: Mapping[str, Any], before: Mapping[str, Any] | None) -> list[Trigger]:
    """W6: headline, accomplishments and plan are more than 95 % the same as last week's."""
    if before is None:
        return []
    ratio = likeness(text_of(content), text_of(before))
    if ratio <= SAME_TEXT_RATIO:
        return []
    percent = round(ratio * 100)
    return [
        Trigger(
            "W6", Dimension.OVERALL.value, f"The text is {percent} % the same as last week’s.", {"likeness_percent": percent}
        )
    ]


def triggers(content: Mapping[str, Any], earlier: Sequence[Mapping[str, Any]]) -> list[Trigger]:
    """Return the rating checks that `content` sets off.

    `earlier` holds the contents of the accepted reports before it, newest first.
    """
    return rates_better(content) + keeps_slipping(content, earlier) + repeats_itself(content, earlier[0] if earlier else None)
