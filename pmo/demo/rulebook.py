"""The rulebook of the demo city: policies that people acknowledge, standards with a year of figures, guidance, lessons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

from django.utils import timezone

from governance import guiding, lessons, measuring, policies
from governance.models import Lesson, PolicyVersion
from governance.policy_states import OUTCOMES, Direction, Frequency, GuidanceState, RecordedFigure
from pmo.demo import phrases
from pmo.demo.clock import DAY
from pmo.demo.people import ADELA, MARGUERITE
from pmo.demo.portfolio import City
from pmo.lib.history import dated

SEED = 20261204
#: Code to (title, owner, days until the review, days ago at which each version was published).
POLICIES: dict[str, tuple[str, str, int, tuple[int, ...]]] = {
    "POL-01": ("Project governance", ADELA, 210, (410, 180)),
    "POL-02": ("Status reporting", ADELA, 120, (400, 11)),
    "POL-03": ("Change control", ADELA, 45, (390,)),
    "POL-04": ("Document retention", "Beatrix Oyelaran", -20, (380,)),
    "POL-05": ("Secure delivery", "Anselm Kovacs", 300, (330, 3)),
    "POL-06": ("Accessibility", MARGUERITE, 90, (290,)),
}
#: (code, statement, unit, target, direction, how it is measured, twelve figures, oldest first, or where they are taken from).
STANDARDS: tuple[tuple[str, str, str, str, Direction, str, tuple[str, ...] | RecordedFigure], ...] = (
    (
        "STD-01",
        "Status reports are in on time",
        "%",
        "95",
        Direction.HIGHER,
        "Reports submitted by their due moment, of all that were due in the month. Excused reports are left out.",
        RecordedFigure.REPORTS_IN_TIME,
    ),
    (
        "STD-02",
        "Reviews are decided within two working days",
        "%",
        "90",
        Direction.HIGHER,
        "Decisions within the office’s clock, of all decisions in the month, by the moment of the sign-off.",
        RecordedFigure.REVIEWS_IN_TIME,
    ),
    (
        "STD-03",
        "What is submitted is approved the first time",
        "%",
        "93",
        Direction.HIGHER,
        "First submissions of reports and documents approved, with conditions or without, of those decided in the month.",
        RecordedFigure.FIRST_PASS,
    ),
    (
        "STD-04",
        "An action is done by its day",
        "%",
        "80",
        Direction.HIGHER,
        "Actions done on or before their due day, of all due in the month, across the portfolio.",
        ("64", "66", "71", "70", "73", "75", "78", "81", "80", "82", "79", "81"),
    ),
    (
        "STD-05",
        "A change request is decided quickly",
        "working days",
        "10",
        Direction.LOWER,
        "Median of working days between submission and decision, of all decided in the month.",
        ("16", "15", "14.5", "13", "12", "11", "10", "9.5", "9", "10", "8.5", "9"),
    ),
    (
        "STD-06",
        "Findings are answered without delay",
        "working days",
        "3",
        Direction.LOWER,
        "Mean of working days between a finding and its answer, of all answered in the month.",
        ("4.6", "4.2", "3.9", "3.4", "3.1", "2.9", "2.8", "3", "2.7", "2.9", "3.3", "3.6"),
    ),
)
#: Lesson, by its place in the file, to the projects that took it up.
USES = {
    0: ("2388", "2324", "2338"),
    2: ("2388", "2312"),
    4: ("2420",),
    6: ("2414",),
    7: ("2360", "2324"),
    9: ("2318",),
    11: ("2338",),
}
#: The newest lessons wait for the office.
DRAFTS = 2


def keep_rulebook(city: City) -> None:
    """Let all of it happen, each part in its order."""
    _policies(city)
    _standards(city)
    _guidance(city)
    _lessons(city)


def _at(city: City, days_ago: int, hour: int = 10) -> dt.datetime:
    return city.time.moment(city.time.calendar.on_or_before(city.time.today - DAY * days_ago), hour, days_ago % 50)


def _texts() -> dict[tuple[str, int], tuple[str, str]]:
    """Return, by code and version, what changes and the text."""
    found = {}
    blocks = (phrases.DATA / "policies.txt").read_text(encoding="utf-8").split("=== ")[1:]
    for block in blocks:
        head, _, text = block.partition("\n")
        code, number, *note = head.split(" ", 2)
        found[code, int(number)] = (note[0] if note else "", text.strip())
    return found


def _policies(city: City) -> None:
    texts, chance = _texts(), Random(SEED)
    members = list(policies.members_asked())
    for code, (title, owner, review_in, published) in POLICIES.items():
        for number, days_ago in enumerate(published, start=1):
            note, text = texts[code, number]
            at = _at(city, days_ago)
            with dated(at):
                version = _written(city, code, title, owner, review_in, number, text, note, at)
                policies.publish(version, by=city.office, at=at)
            _read(city, version, members, chance, is_newest=days_ago < 15)


def _written(
    city: City, code: str, title: str, owner: str, review_in: int, number: int, text: str, note: str, at: dt.datetime
) -> PolicyVersion:
    effective_on = timezone.localdate(at) + DAY * 14
    if number == 1:
        policies.open_policy(
            by=city.office,
            at=at,
            code=code,
            title=title,
            owner=city.people[owner],
            review_by=city.time.today + DAY * review_in,
            text=text,
            effective_on=effective_on,
        )
        return PolicyVersion.objects.select_related("policy").get(policy__code=code)
    policy = PolicyVersion.objects.select_related("policy").filter(policy__code=code)[0].policy
    version = policies.begin_version(policy, by=city.office, at=at)
    version.revise(by=city.office, changes={"text": text, "change_note": note, "effective_on": effective_on})
    return version


def _read(city: City, version: PolicyVersion, members: list[Any], chance: Random, *, is_newest: bool) -> None:
    """Let everybody read an old version within some days, and only some the newest."""
    assert version.published_at is not None
    for person in members:
        published_on = timezone.localdate(version.published_at)
        on = city.time.calendar.add(published_on, chance.choice((0, 0, 1, 1, 2, 3, 5, 7)))
        at = version.published_at + (on - published_on) + dt.timedelta(minutes=chance.randint(20, 300))
        if at < city.time.now and (not is_newest or chance.random() < 0.55):
            policies.acknowledge(version, by=person, at=at)


def _month_ends(today: dt.date) -> Iterator[dt.date]:
    """Yield the last days of the twelve months that are over, newest first."""
    day = today.replace(day=1)
    for _ in range(12):
        day -= DAY
        yield day
        day = day.replace(day=1)


def _standards(city: City) -> None:
    ends = list(_month_ends(city.time.today))[::-1]
    for code, statement, unit, target, direction, how, source in STANDARDS:
        recorded = source if isinstance(source, RecordedFigure) else ""
        with dated(_at(city, 400)):
            standard = measuring.open_standard(
                by=city.office,
                code=code,
                statement=statement,
                unit=unit,
                target=Decimal(target),
                direction=direction,
                how_measured=how,
                recorded_figure=recorded,
                frequency=Frequency.MONTHLY,
                owner=city.office,
            )
        for end_on, figure in zip(ends, () if recorded else source, strict=not recorded):
            at = city.time.moment(city.time.calendar.add(end_on, 3), 9)
            with dated(at):
                row = measuring.measure(standard, by=city.office, at=at, period_end_on=end_on, value=Decimal(figure))
        if code == "STD-04":
            reason = "Two actions had been closed on the day and entered later."
            with dated(city.time.now - DAY):
                measuring.correct(row, by=city.office, value=Decimal("82.5"), note=row.note, reason=reason)


def _guidance(city: City) -> None:
    for number, writer, kind, days_ago, subject, text, outcome, *answer in phrases.sections("guidance.txt")["guidance"]:
        project, at = city.projects[number], _at(city, int(days_ago), 11)
        with dated(at):
            said = text.replace(" - ", "\n\n- ", 1).replace(" - ", "\n- ")
            note = guiding.write(project, by=city.people[writer], at=at, kind=kind, subject=subject, text=said)
        read_at = min(at + DAY, city.time.now)
        with dated(read_at):
            if outcome == GuidanceState.READ:
                guiding.mark_read(note, by=project.project_manager, at=read_at)
            elif outcome in OUTCOMES:
                settled_at = at + DAY * 6
                guiding.settle(note, by=project.project_manager, at=settled_at, outcome=outcome, answer=answer[0])


def _lessons(city: City) -> None:
    rows = phrases.sections("lessons.txt")["lessons"]
    told: list[Lesson] = []
    for place, (number, category, phase, title, happened, why, next_time, tags) in enumerate(rows):
        project, days_ago = city.projects[number], 12 + 21 * (len(rows) - place)
        at = _at(city, days_ago, 14)
        with dated(at):
            lesson = lessons.record(
                project,
                by=project.project_manager,
                at=at,
                category=category,
                phase=phase,
                title=title,
                what_happened=happened,
                why=why,
                next_time=next_time,
                tags=tags,
            )
        told.append(lesson)
        if place < len(rows) - DRAFTS:
            with dated(at + DAY * 4):
                lessons.publish(lesson, by=city.office, at=at + DAY * 4)
    for place, numbers in USES.items():
        for number in numbers:
            project = city.projects[number]
            lessons.use(told[place], project, by=project.project_manager, at=_at(city, 9 + place, 15))
