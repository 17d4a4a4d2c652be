"""What stands beside the form: how far the report is, and what changed since last week."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from governance.report_checks import Obstacle, automatic_checks, same_plan
from governance.report_words import unit_word
from governance.states import Dimension
from pmo.lib import words

#: The lines of the card, by the sections that they stand for.
STEPS: Mapping[str, tuple[str, ...]] = {
    "Findings": ("findings",),
    "What this correction changes": ("change_note",),
    "Ratings": ("ratings",),
    "Headline": ("headline",),
    "Last week’s plan": ("plan-done",),
    "Accomplishments": ("accomplishments",),
    "Plan for next week": ("plan",),
    "Milestones": ("milestones",),
    "Money": ("money",),
    "Risks and issues": ("risks", "issues", "decisions"),
}


@dataclass(frozen=True)
class Step:
    """One line of the card: a section, whether anything stands in its way, and a word about it."""

    title: str
    address: str
    holds: bool
    note: str


def steps_of(
    content: Mapping[str, Any],
    before: Mapping[str, Any] | None,
    found: Iterable[Obstacle],
    *,
    has_findings: bool = False,
    is_correction: bool = False,
) -> list[Step]:
    """Return the sections of the form with what stands in their way, or what the reviewer will be told of them."""
    obstacles = list(found)
    hints = {
        check.section: SOFT.get(check.code, "")
        for check in automatic_checks(content, before, content["report"]["period_end_on"])
        if not check.holds and check.section not in ("ratings", "plan-done")
    }
    lines = []
    for title, sections in STEPS.items():
        if (title == "Findings" and not has_findings) or (sections == ("change_note",) and not is_correction):
            continue
        mine = [obstacle for obstacle in obstacles if obstacle.section in sections]
        hint = next((hints[section] for section in sections if section in hints), "")
        lines.append(Step(title, f"#section-{sections[0]}", not mine, _note(mine, sections, content, before) or hint))
    return lines


def _note(mine: list[Obstacle], sections: tuple[str, ...], content: Mapping[str, Any], before: Mapping[str, Any] | None) -> str:
    if mine:
        return f"{len(mine)} open" if len(mine) > 1 or sections == ("plan-done",) else MISSING.get(mine[0].code, "open")
    if before and sections == ("plan",) and same_plan(content, before):
        return "same text, on purpose"
    if before and sections == ("headline",) and content["headline"] == before["headline"]:
        return "same text"
    return ""


MISSING = {
    "rating_missing": "1 rating missing",
    "reason_missing": "1 reason missing",
    "path_missing": "1 field missing",
    "headline_missing": "empty",
    "accomplishments_missing": "empty",
    "plan_missing": "empty",
    "plan_unchanged": "same text",
    "findings_unanswered": "not answered",
    "change_note_missing": "empty",
}
#: What a failing automatic check means to the writer, in a word; it stops nobody.
SOFT = {
    "money_fresh": "older than 7 days",
    "milestones_dated": "a date is missing",
    "risks_owned": "owner or date missing",
    "decisions_named": "name or date missing",
    "text_is_new": "same text",
}


@dataclass(frozen=True)
class Change:
    """One line of "since last week": a rating from letter to letter, or words."""

    label: str
    was: str = ""
    now: str = ""
    words: str = ""


def since_last_week(content: Mapping[str, Any], before: Mapping[str, Any] | None) -> list[Change]:
    """Return what the project's own figures did since the last accepted report; nothing without one."""
    return [] if before is None else [*_evidence(content, before), *_milestones(content, before), *_money(content, before)]


def _evidence(content: Mapping[str, Any], before: Mapping[str, Any]) -> list[Change]:
    then = {row["dimension"]: row["computed"]["letter"] for row in before["ratings"]}
    return [
        Change(f"{Dimension(row['dimension']).label}, evidence", was=then[row["dimension"]], now=row["computed"]["letter"])
        for row in content["ratings"]
        if then.get(row["dimension"]) not in (None, row["computed"]["letter"])
    ]


def _milestones(content: Mapping[str, Any], before: Mapping[str, Any]) -> list[Change]:
    then = {row["number"]: row for row in before["milestones"]}
    changes = []
    for row in content["milestones"]:
        old = then.get(row["number"])
        if old is None:
            changes.append(Change(row["name"], words="new on the report"))
        elif row["actual_on"] and not old["actual_on"]:
            changes.append(Change(row["name"], words=f"reached, {words.slip(row['late_days'])}"))
        elif row["late_days"] != old["late_days"]:
            changes.append(Change(row["name"], words=words.slip(row["late_days"])))
    return changes


def _money(content: Mapping[str, Any], before: Mapping[str, Any]) -> list[Change]:
    now, then = content["money"], before["money"]
    if not now or not then or (now["currency"], now["amount_unit"]) != (then["currency"], then["amount_unit"]):
        return []
    changes = []
    for name, label in (("spent_amount", "Spent"), ("forecast_amount", "Forecast at completion")):
        if now[name] is None or then[name] is None or now[name] == then[name]:
            continue
        step = now[name] - then[name]
        amount = words.amount(abs(step), now["currency"], unit_word(now["amount_unit"]))
        changes.append(Change(label, words=f"{amount} {'more' if step > 0 else 'less'}"))
    return changes
