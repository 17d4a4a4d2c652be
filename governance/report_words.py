"""The words that reports are written in: sections, units, clocks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from governance.states import Dimension
from pmo.lib import words

#: What stands in place of a difference of which one side is not known.
NO_FINISH, NO_VARIANCE = "no baseline and forecast to compare", "no budget and forecast to compare"
UNITS: Mapping[int, str] = {1: "", 1_000: "thousand", 1_000_000: "million"}
#: The sections of a report, by the key under which findings, checks and obstacles name them; in the order of the page.
SECTIONS: Mapping[str, str] = {
    "ratings": "Ratings",
    "headline": "Headline",
    "plan-done": "Last week’s plan",
    "accomplishments": "Accomplishments",
    "plan": "Plan for next week",
    "milestones": "Milestones",
    "money": "Money",
    "risks": "Risks",
    "issues": "Issues",
    "decisions": "Decisions needed",
    "dependencies": "Dependencies",
    "findings": "Findings",
    "change_note": "What this correction changes",
}


def unit_word(amount_unit: int) -> str:
    return UNITS.get(amount_unit, "")


def place_words(section: str) -> str:
    """Return where in a report something stands: a section, or a dimension of the ratings."""
    if section in Dimension.values:
        return f"Rating of {Dimension(section).label.lower()}"
    return SECTIONS.get(section) or section.replace("_", " ").replace("-", " ").capitalize()


def day_and_time(moment: dt.datetime, now: dt.datetime, zone: ZoneInfo) -> str:
    """Write `today 17:00`, `tomorrow 17:00`, `Thu 3 Dec 17:00`."""
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((local.date() - today).days)
    return f"{near or words.short_day(local)} {words.clock(local)}"


def time_left(until: dt.datetime, now: dt.datetime) -> str:
    """Write what is left: `2 h 50 min`, `12 min`, `1 day 4 h`, `6 days`; nothing once the time has passed."""
    minutes = int((until - now).total_seconds() // 60)
    if minutes < 0:
        return ""
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days > 1:
        return words.count(days, "day")
    if days:
        return f"1 day {hours} h" if hours else "1 day"
    return f"{hours} h {minutes % 60:02d} min" if hours else f"{minutes} min"
