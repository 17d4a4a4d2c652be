"""What a project manager writes for one week: reconciled plan, accomplishments, new plan, headline, ratings with reasons."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import get_text_list

from governance.health import overall_letter
from governance.models import StatusReport
from governance.states import Dimension, Letter
from pmo.demo import phrases
from pmo.demo.clock import DAY
from pmo.demo.portfolio import Running, hundreds, team_of
from pmo.demo.story import DISPUTED, WATERMELON
from pmo.lib import words

FIRST_WORK = "Team named, working agreements written, kick-off held with the sponsor"
RESOURCES_YELLOW = frozenset({"2215", "2318"})


@dataclass
class Writer:
    """One manager's pen: remembers what was planned, so that the next report says what became of it."""

    running: Running
    done_words: dict[str, str] = field(default_factory=dict)
    used: list[str] = field(default_factory=list)
    owner: str = ""

    def __post_init__(self) -> None:
        self.chance = self.running.story.own_chance("texts")
        self.owner = team_of(self.running)[-1].name

    # The text

    def report(self, report: StatusReport, week: int, computed: dict[Dimension, Letter]) -> dict[str, Any]:
        """Return what is typed into the form of report `week`."""
        outcomes, accomplished, carried = self._reconciled(report)
        plan = self._plan(carried, week)
        return {
            "headline": self._headline(accomplished, week),
            "accomplishments": "\n".join(accomplished),
            "plan": "\n".join(plan),
            "outcomes": outcomes,
            "ratings": self.ratings(week, computed),
        }

    def _reconciled(self, report: StatusReport) -> tuple[dict[int, dict[str, str]], list[str], list[str]]:
        outcomes: dict[int, dict[str, str]] = {}
        accomplished: list[str] = []
        carried: list[str] = []
        rows = list(report.reconciliations.all())
        for row in rows:
            draw = self.chance.random()
            must_be_done = row.weeks_planned > 2 or (row is rows[-1] and not accomplished)
            if draw < 0.76 or must_be_done:
                outcomes[row.position] = {"outcome": "done", "note": ""}
                accomplished.append(self.done_words.get(row.text, row.text))
            elif draw < 0.96:
                outcomes[row.position] = {"outcome": "not_done", "note": self._sentence("notes of delay")}
                carried.append(row.text)
            else:
                outcomes[row.position] = {"outcome": "dropped", "note": self._sentence("notes of dropping")}
        return outcomes, accomplished or [FIRST_WORK], carried

    def _plan(self, carried: list[str], week: int) -> list[str]:
        story = self.running.story
        lines = phrases.work(story.design.subject.kind, story.phase_on(story.ends[week]))
        fresh = [line for line in lines if line[0] not in self.used[-8:]] or list(lines)
        plan = list(carried)
        for planned, done in self.chance.sample(
            fresh, k=min(len(fresh), max(1, self.chance.choice((2, 3, 3, 4)) - len(carried)))
        ):
            values = phrases.blanks(story.design.subject, self.chance)
            text = phrases.written(planned, values)
            self.done_words[text] = phrases.written(done, values)
            self.used.append(planned)
            plan.append(text)
        return plan

    def _headline(self, accomplished: list[str], week: int) -> str:
        head = max(accomplished, key=len).split(";")[0].rstrip(".")
        upcoming = next((row for row in self.running.milestones if row.actual_on is None), None)
        if upcoming is None or upcoming.forecast_on is None:
            return f"{head}; the project is being closed."[:300]
        slips, name = self.running.story.slips, upcoming.name[:1].lower() + upcoming.name[1:]
        moved = slips[week] - slips[week - 1] if week else 0
        verb = "moves to" if moved > 0 else "comes forward to" if moved < 0 else "stays on"
        return f"{head}; {name} {verb} {words.short_day(upcoming.forecast_on)}."[:300]

    def _sentence(self, section: str, **more: Any) -> str:
        values = phrases.blanks(self.running.story.design.subject, self.chance, **more)
        return phrases.written(phrases.one(section, self.chance), values)

    # The ratings

    def letters(self, week: int, computed: dict[Dimension, Letter]) -> dict[Dimension, str]:
        """Return how the manager rates: as the evidence says, and honestly where there is none, but for two stories."""
        story, number = self.running.story, self.running.number
        if number == WATERMELON and story.letters[week] != "G":
            return dict.fromkeys(Dimension, "G")
        if number == DISPUTED and week == len(story.ends) - 1:
            computed = {**computed, Dimension.SCHEDULE: Letter.YELLOW}
        over = story.over_percents[week]
        given = {
            Dimension.SCOPE: "G",
            Dimension.BUDGET: "G" if over <= 5 else "Y" if over <= 10 or number == DISPUTED else "R",
            Dimension.RESOURCES: "Y" if number in RESOURCES_YELLOW and week >= len(story.ends) - 9 else "G",
        }
        for dimension in (Dimension.SCHEDULE, Dimension.QUALITY, Dimension.RISK):
            letter = computed[dimension]
            given[dimension] = letter.value if letter in ("G", "Y", "R") else "G"
        overall = overall_letter({dimension: Letter(letter) for dimension, letter in given.items()})
        return {Dimension.OVERALL: overall.value, **given}

    def ratings(self, week: int, computed: dict[Dimension, Letter]) -> dict[str, dict[str, Any]]:
        letters = self.letters(week, computed)
        return {dimension.value: self._rating(dimension, letters, week) for dimension in Dimension}

    def _rating(self, dimension: Dimension, letters: dict[Dimension, str], week: int) -> dict[str, Any]:
        letter = letters[dimension]
        rating: dict[str, Any] = {
            "pm_letter": letter,
            **dict.fromkeys(("reason", "cause", "action", "action_owner", "measure"), ""),
        }
        rating["action_due_on"] = None
        if letter != "G":
            rating["reason"] = self._reason(dimension, letters, week)
        if letter == "R":
            rating |= self._path(week)
        return rating

    def _reason(self, dimension: Dimension, letters: dict[Dimension, str], week: int) -> str:
        story, letter = self.running.story, letters[dimension]
        if self.running.number == DISPUTED and week == len(story.ends) - 1 and dimension in ("overall", "schedule"):
            return "The vendor has promised the missing interface for next week; the delay can be recovered."
        areas = get_text_list(
            [name.label.lower() for name in Dimension if name != "overall" and letters[name] == letter], "and"
        )
        milestone = next((row for row in self.running.milestones if row.is_key and row.actual_on is None), None)
        values = phrases.blanks(
            story.design.subject,
            self.chance,
            areas=areas or "several areas",
            milestone=milestone.name if milestone else "The finish",
            late=words.slip(story.slips[week]),
            over=words.money(hundreds(story.design.budget * story.over_percents[week] / 100)),
            percent=words.percent(story.over_percents[week]),
            number=1,
        )
        section = f"reasons {dimension.value}" + (f" {letter}" if dimension == Dimension.OVERALL else "")
        # The same reason for two weeks running, as people write it.
        chance = story.own_chance(f"{section}-{week // 2}")
        return phrases.written(chance.choice(phrases.entries(section))[0], values)

    def _path(self, week: int) -> dict[str, Any]:
        """Return the path to green; it stays the same for as long as the project is red."""
        story = self.running.story
        begun = week
        while begun and story.letters[begun - 1] == "R":
            begun -= 1
        chance = story.own_chance(f"path-{begun}")
        values = phrases.blanks(story.design.subject, chance)
        due = story.ends[begun] + DAY * 64
        while due <= story.ends[week] + DAY * 7:
            due += DAY * 42
        return {
            "cause": phrases.written(phrases.one("causes", chance), values),
            "action": phrases.written(phrases.one("recoveries", chance), values),
            "action_owner": self.owner,
            "action_due_on": self._friday(due),
            "measure": phrases.written(phrases.one("measures", chance), values)[:240],
        }

    def _friday(self, day: dt.date) -> dt.date:
        return day + DAY * ((4 - day.weekday()) % 7)
