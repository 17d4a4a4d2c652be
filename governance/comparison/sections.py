"""The sections of a status report beside an earlier one. Section names are those that `report_checks` points at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from governance.comparison.pieces import ADDED, REMOVED, SAME, Column, Line, Table, lines_of, table_of, words_of
from governance.states import PlanOutcome
from pmo.lib.diffs import Piece
from pmo.lib.words import MISSING, amount, count, day, percent, slip

Content = Mapping[str, Any]
UNIT_WORDS = {1: "", 1_000: "thousand", 1_000_000: "million"}


@dataclass(frozen=True)
class Section:
    """One section: either words, lines or a table. `note` says in few words what differs, or what there is."""

    name: str
    title: str
    note: str
    is_open: bool
    """Whether it is to be read: something in it differs, or it holds something and there is nothing to compare it with."""
    words: tuple[Piece, ...] = ()
    lines: tuple[Line, ...] = ()
    table: Table | None = None
    nothing: str = ""
    """What to say where there is no content."""
    number: int = 0

    @property
    def holds_something(self) -> bool:
        return bool(self.words or self.lines or (self.table and self.table.rows))


def changes(number: int) -> str:
    return count(number, "change")


def compare(content: Content, before: Content | None, *, same_period: bool = False) -> list[Section]:
    """Return the sections of `content`, marked against `before` (None: nothing to compare with).

    `same_period` is True beside an earlier version of the same report: then last week's plan is compared, too.
    """
    makers: list[Callable[[Content, Content | None], Section]] = [
        _change_note,
        _headline,
        lambda now, was: _reconciled(now, was if same_period else None),
        _milestones,
        _accomplishments,
        _plan,
        _finish,
        _money,
        _risks,
        _issues,
        _decisions,
        _dependencies,
    ]
    made = (make(content, before) for make in makers)
    shown = [section for section in made if section.name != "change_note" or section.words]
    return [
        replace(section, number=number, is_open=section.is_open or (before is None and section.holds_something))
        for number, section in enumerate(shown, start=1)
    ]


def _of(before: Content | None, name: str) -> Any:
    return None if before is None else before[name]


def _change_note(now: Content, was: Content | None) -> Section:
    """What a correction says it changes: never compared, always shown."""
    words = words_of(None, now["change_note"])
    return Section("change_note", "What this correction changes, and why", "", is_open=True, words=words)


def _headline(now: Content, was: Content | None) -> Section:
    words = words_of(_of(was, "headline"), now["headline"])
    number = sum(piece.kind != SAME for piece in words)
    return Section(
        "headline", "Headline", "changed" if number else "", is_open=bool(number), words=words, nothing="No headline."
    )


def _lines(name: str, title: str, nothing: str, now: Content, was: Content | None) -> Section:
    lines = lines_of(_of(was, name), now[name])
    added, removed = (sum(line.kind == kind for line in lines) for kind in (ADDED, REMOVED))
    changed = sum(line.kind not in (SAME, ADDED, REMOVED) for line in lines)
    parts = [f"{number} {word}" for number, word in ((added, "added"), (changed, "changed"), (removed, "removed")) if number]
    note = ", ".join(parts) or count(len(lines), "line")
    return Section(name, title, note, is_open=bool(parts), lines=lines, nothing=nothing)


def _accomplishments(now: Content, was: Content | None) -> Section:
    return _lines("accomplishments", "Accomplishments", "None named.", now, was)


def _plan(now: Content, was: Content | None) -> Section:
    section = _lines("plan", "Plan for next week", "Nothing planned.", now, was)
    if section.is_open or was is None:
        return section
    note = "the same as last week, kept on purpose" if now["keeps_plan"] else "unchanged"
    return replace(section, note=note)


ORDINAL = {2: "Second", 3: "Third", 4: "Fourth", 5: "Fifth", 6: "Sixth", 7: "Seventh", 8: "Eighth"}


def _weeks(row: Mapping[str, Any]) -> str:
    planned = row["weeks_planned"]
    running = f"{ORDINAL.get(planned, f'{planned}th')} week on the plan" if planned > 1 else ""
    return ". ".join(part for part in (row["note"].rstrip("."), running) if part) or MISSING


RECONCILED = (
    Column("Planned", lambda row: row["text"]),
    Column("Said to be", lambda row: PlanOutcome(row["outcome"]).label if row["outcome"] else MISSING),
    Column("Note", _weeks, is_text=True),
)


def _reconciled(now: Content, was: Content | None) -> Section:
    """Last week's plan item by item: new every week, so it is always open; compared within the same report only."""
    rows = now["reconciled"]
    table = table_of(RECONCILED, _of(was, "reconciled"), rows, key="text")
    undone = sum(row["outcome"] == PlanOutcome.NOT_DONE for row in rows)
    note = f"{undone} of {len(rows)} not done" if rows else "no plan to compare with"
    is_open = bool(rows) and (was is None or table.changes > 0)
    return Section("plan-done", "Last week’s plan", note, is_open, table=table, nothing="There was no plan to answer for.")


def _tables(
    name: str, title: str, noun: str, columns: tuple[Column, ...], now: Content, was: Content | None, key: str = "number"
) -> Section:
    table = table_of(columns, _of(was, name), now[name], key=key, prefix=f"{name}-")
    note = changes(table.changes) if table.changes else count(len(now[name]), noun, _plural(noun)) if now[name] else "none"
    return Section(name, title, note, is_open=table.changes > 0, table=table, nothing="None.")


def _plural(noun: str) -> str:
    return {"dependency": "dependencies"}.get(noun, "")


MILESTONES = (
    Column("Milestone", lambda row: f"{row['name']}{' (key)' if row['is_key'] else ''}"),
    Column("Baseline", lambda row: day(row["baseline_on"]), "nowrap"),
    Column("Forecast", lambda row: f"{day(row['actual_on'])}, done" if row["actual_on"] else day(row["forecast_on"]), "nowrap"),
    Column("Against baseline", lambda row: slip(row["late_days"]), "num", compared=False),
)


def _milestones(now: Content, was: Content | None) -> Section:
    return _tables("milestones", "Milestones", "milestone", MILESTONES, now, was)


def titled(noun: str) -> Column:
    return Column(noun, lambda row: f"{row['number']}: {row['title']}", is_text=True)


RISKS = (
    titled("Risk"),
    Column("Score", lambda row: str(row["score"]), "num"),
    Column("After treatment", lambda row: str(row["treated_score"] or MISSING), "num"),
    Column("Owner", lambda row: row["owner"] or MISSING),
    Column("Next action", lambda row: row["next_action"] or MISSING, is_text=True),
    Column("By", lambda row: day(row["next_action_on"])),
)
ISSUES = (
    titled("Issue"),
    Column("Severity", lambda row: row["severity"]),
    Column("Owner", lambda row: row["owner"] or MISSING),
    Column("Age", lambda row: count(row["age_days"], "day"), "num", compared=False),
    Column("Next action", lambda row: row["next_action"] or MISSING, is_text=True),
    Column("By", lambda row: day(row["due_on"])),
)
DECISIONS = (
    titled("Decision"),
    Column("From", lambda row: row["needed_from"] or MISSING),
    Column("By", lambda row: day(row["needed_by_on"]), "nowrap"),
    Column("If it is late", lambda row: row["consequence"] or MISSING, is_text=True),
)
DEPENDENCIES = (
    titled("Dependency"),
    Column("On", lambda row: row["source"] or MISSING),
    Column("Needed", lambda row: day(row["needed_on"]), "nowrap"),
    Column("Promised", lambda row: day(row["promised_on"]), "nowrap"),
)


def _risks(now: Content, was: Content | None) -> Section:
    return _tables("risks", "Risks", "risk", RISKS, now, was)


def _issues(now: Content, was: Content | None) -> Section:
    return _tables("issues", "Issues", "issue", ISSUES, now, was)


def _decisions(now: Content, was: Content | None) -> Section:
    return _tables("decisions", "Decisions needed", "decision", DECISIONS, now, was)


def _dependencies(now: Content, was: Content | None) -> Section:
    return _tables("dependencies", "Dependencies", "dependency", DEPENDENCIES, now, was)


FACTS = (Column("Fact", lambda row: row["name"]), Column("Value", lambda row: row["value"], "num"))
FINISH = (
    ("original_on", "Original baseline finish"),
    ("baseline_on", "Current baseline finish"),
    ("forecast_on", "Forecast finish"),
)


def _finish(now: Content, was: Content | None) -> Section:
    return _facts("finish", "Finish", _finish_facts(now), None if was is None else _finish_facts(was))


def _finish_facts(content: Content) -> list[dict[str, str]]:
    finish = content["finish"]
    rows = [{"name": label, "value": day(finish[name])} for name, label in FINISH]
    if finish["actual_on"]:
        rows.append({"name": "Finished", "value": day(finish["actual_on"])})
    return [*rows, {"name": "Against the current baseline", "value": slip(finish["late_days"])}]


MONEY = (
    ("budget_amount", "Approved budget"),
    ("spent_amount", "Spent"),
    ("committed_amount", "Committed"),
    ("forecast_amount", "Forecast at completion"),
)


def _money(now: Content, was: Content | None) -> Section:
    section = _facts("money", "Money", _money_facts(now), None if was is None else _money_facts(was))
    money = now["money"]
    if money is None:
        return section
    as_of = f"as of {day(money['as_of_on'])}" if money["as_of_on"] else "without a date"
    note = f"{section.note}, {as_of}" if section.is_open else as_of
    return replace(section, note=note)


def _money_facts(content: Content) -> list[dict[str, str]]:
    money = content["money"]
    if money is None:
        return []
    unit = UNIT_WORDS.get(money["amount_unit"], "")
    rows = [{"name": label, "value": amount(money[name], money["currency"], unit)} for name, label in MONEY]
    return [*rows, {"name": "Against budget", "value": _variance(money, unit)}]


def _variance(money: Mapping[str, Any], unit: str) -> str:
    variance = money["variance_amount"]
    if variance is None:
        return MISSING
    if variance == 0:
        return "on budget"
    said = f"{amount(abs(variance), money['currency'], unit)} {'over' if variance > 0 else 'under'}"
    return f"{said} ({percent(abs(money['variance_pct']))})" if money["variance_pct"] is not None else said


def _facts(name: str, title: str, now: list[dict[str, str]], was: list[dict[str, str]] | None) -> Section:
    table = table_of(FACTS, was, now, key="name")
    note = changes(table.changes) if table.changes else "" if now else "none kept"
    return Section(name, title, note, is_open=table.changes > 0, table=table, nothing="None kept.")
