"""Computed ratings: pure functions of a frozen set of inputs and a set of thresholds.

Source of tests and default limits: the office's rating rules (domain notes 2.6). Every result carries its tests, inputs, rows
and the thresholds' version, so that each light can say why.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from governance.states import CORE, Dimension, Letter

G, Y, R, GREY, NONE = Letter.GREEN, Letter.YELLOW, Letter.RED, Letter.GREY, Letter.NOT_ASSESSED
RANK = {G: 0, Y: 1, R: 2}


@dataclass(frozen=True)
class MilestoneFact:
    name: str
    is_key: bool
    baseline_on: dt.date | None
    forecast_on: dt.date | None
    actual_on: dt.date | None
    late_days: int | None
    """Working days after the baseline, positive late; None without a baseline or an expected date."""


@dataclass(frozen=True)
class RiskFact:
    number: int
    title: str
    score: int
    is_overdue: bool
    """The next action is past its date, or there is none."""
    idle_days: int | None
    """Calendar days since the treatment last progressed; None when it never did."""


@dataclass(frozen=True)
class IssueFact:
    number: int
    title: str
    severity: str
    age_days: int


@dataclass(frozen=True)
class HealthInputs:
    """Everything a computed rating may rest on, on one status date."""

    status_on: dt.date
    governance_class: int
    start_on: dt.date | None
    baseline_finish_on: dt.date | None
    forecast_finish_on: dt.date | None
    actual_finish_on: dt.date | None
    schedule_age_days: int | None
    """Calendar days since dates were last confirmed; None when they never were."""
    milestones: tuple[MilestoneFact, ...] = ()
    risks: tuple[RiskFact, ...] = ()
    issues: tuple[IssueFact, ...] = ()


@dataclass(frozen=True)
class Limits:
    """The limits of one class. A value up to `green` is green, beyond `red` it is red, between them yellow."""

    version: int
    by_test: Mapping[str, tuple[Decimal, Decimal]]

    def letter(self, test: str, amount: Decimal | int) -> Letter:
        green, red = self.by_test[test]
        return G if amount <= green else R if amount > red else Y

    def words(self, test: str, unit: str) -> tuple[str, str]:
        green, red = self.by_test[test]
        return f"{plain(green)}{unit} or less", f"over {plain(red)}{unit}"


@dataclass(frozen=True)
class Test:
    name: str
    shown: str
    green: str
    red: str
    letter: Letter


@dataclass(frozen=True)
class Computed:
    """One computed rating with all that explains it."""

    dimension: Dimension
    letter: Letter
    sentence: str
    tests: tuple[Test, ...] = ()
    inputs: tuple[tuple[str, str], ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    thresholds_version: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return the explanation as plain values, for storing beside the rating."""
        return {
            "letter": str(self.letter),
            "sentence": self.sentence,
            "tests": [[test.name, test.shown, test.green, test.red, str(test.letter)] for test in self.tests],
            "inputs": [list(pair) for pair in self.inputs],
            "rows": [list(pair) for pair in self.rows],
            "thresholds_version": self.thresholds_version,
        }


#: Test name → (what it is called, unit, default green limit, default red limit). One place; the rules page edits
#: versions of it.
TESTS: Mapping[str, tuple[str, str, Decimal, Decimal]] = {
    "finish_slip_pct": ("Finish slip, percent of baseline duration", " %", Decimal(5), Decimal(10)),
    "key_milestone_days": ("Latest key milestone, working days late", " days", Decimal(5), Decimal(15)),
    "schedule_age_days": ("Age of the dates, days", " days", Decimal(14), Decimal(14)),
    "risk_score": ("Worst open risk, probability times impact", "", Decimal(9), Decimal(14)),
    "risk_idle_days": ("A risk of 10 or more without progress, days", " days", Decimal(30), Decimal(30)),
    "critical_issue_days": ("Oldest open critical issue, days", " days", Decimal(0), Decimal(5)),
    "major_issue_days": ("Oldest open major issue, days", " days", Decimal(30), Decimal(60)),
    "report_age_days": ("Age of the last accepted report, days", " days", Decimal(14), Decimal(14)),
}
#: Class 1 reports every second week: its data may be a week older.
CLASS_1_LIMITS = {"schedule_age_days": (Decimal(21), Decimal(21)), "report_age_days": (Decimal(21), Decimal(21))}


def default_limits(governance_class: int, version: int = 0) -> Limits:
    limits = {test: (green, red) for test, (_, _, green, red) in TESTS.items()}
    return Limits(version, {**limits, **(CLASS_1_LIMITS if governance_class == 1 else {})})


def plain(number: Decimal) -> str:
    """Return a number without trailing zeros."""
    return f"{number.normalize():f}"


def day_words(day: dt.date | None) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}" if day else "—"


def late_words(days: int) -> str:
    return "on time" if days == 0 else f"{abs(days)} {'day' if abs(days) == 1 else 'days'} {'late' if days > 0 else 'early'}"


def slip_pct(start_on: dt.date | None, baseline_on: dt.date | None, expected_on: dt.date | None) -> Decimal | None:
    """Return the slip of the finish in percent of the baseline duration, one decimal; negative is early.

    None when a date is missing or the baseline duration is zero. Calendar days on both sides.
    """
    if start_on is None or baseline_on is None or expected_on is None or baseline_on <= start_on:
        return None
    ratio = Decimal((expected_on - baseline_on).days) / Decimal((baseline_on - start_on).days)
    return (ratio * 100).quantize(Decimal("0.1"), ROUND_HALF_EVEN)


def worst(letters: Iterable[Letter]) -> Letter:
    """Return the worst of some colours; green when there is none."""
    return max((letter for letter in letters if letter in RANK), key=RANK.__getitem__, default=G)


def _verdict(dimension: Dimension, tests: list[Test], limits: Limits, **explained: Any) -> Computed:
    letter = worst(test.letter for test in tests)
    outside = [test for test in tests if test.letter in (Y, R)]
    red = sum(test.letter == R for test in outside)
    if not outside:
        sentence = (
            f"All {len(tests)} tests are inside the green limits."
            if len(tests) > 1
            else "The one test is inside the green limit."
        )
    else:
        noun = "test is" if len(outside) == 1 else "tests are"
        tail = f"{red} {'is' if red == 1 else 'are'} red" if red else "no test is red"
        sentence = f"{len(outside)} of {len(tests)} {noun} outside green; {tail}. The worst test decides."
    return Computed(dimension, letter, sentence, tuple(tests), thresholds_version=limits.version, **explained)


def _finish_test(inputs: HealthInputs, limits: Limits) -> Test | None:
    expected = inputs.actual_finish_on or inputs.forecast_finish_on
    slip = slip_pct(inputs.start_on, inputs.baseline_finish_on, expected)
    if slip is None:
        return None
    return Test("Finish slip", f"{slip} %", *limits.words("finish_slip_pct", " %"), limits.letter("finish_slip_pct", slip))


def _past_finish_test(inputs: HealthInputs) -> Test | None:
    if inputs.baseline_finish_on is None or inputs.actual_finish_on is not None:
        return None
    is_past = inputs.status_on > inputs.baseline_finish_on
    return Test("Open past its baseline finish", "yes" if is_past else "no", "no", "yes", R if is_past else G)


def _key_milestone_test(inputs: HealthInputs, limits: Limits) -> Test | None:
    late = [fact.late_days for fact in inputs.milestones if fact.is_key and fact.late_days is not None]
    if not late:
        return None
    latest = max(late)
    return Test(
        "Key milestone",
        late_words(latest),
        *limits.words("key_milestone_days", " days late"),
        limits.letter("key_milestone_days", latest),
    )


def schedule(inputs: HealthInputs, limits: Limits) -> Computed:
    """Rate the schedule by finish slip, key milestones and an overrun baseline finish.

    Grey without dates or with stale ones.
    """
    found = [_finish_test(inputs, limits), _past_finish_test(inputs), _key_milestone_test(inputs, limits)]
    tests = [test for test in found if test is not None]
    if not tests or inputs.schedule_age_days is None:
        return Computed(
            Dimension.SCHEDULE, GREY, "No baseline and forecast dates to compare.", thresholds_version=limits.version
        )
    if limits.letter("schedule_age_days", inputs.schedule_age_days) != G:
        oldest = plain(limits.by_test["schedule_age_days"][0])
        sentence = (
            f"The dates were last confirmed {inputs.schedule_age_days} days ago; more than {oldest} days counts as no data."
        )
        return Computed(Dimension.SCHEDULE, GREY, sentence, tuple(tests), thresholds_version=limits.version)
    facts = (
        ("Start", day_words(inputs.start_on)),
        ("Baseline finish", day_words(inputs.baseline_finish_on)),
        ("Forecast finish", day_words(inputs.actual_finish_on or inputs.forecast_finish_on)),
        ("Status date", day_words(inputs.status_on)),
        ("Dates confirmed", "today" if inputs.schedule_age_days == 0 else f"{inputs.schedule_age_days} days ago"),
    )
    late = sorted((fact for fact in inputs.milestones if fact.late_days), key=lambda fact: -(fact.late_days or 0))[:5]
    rows = tuple((fact.name, late_words(fact.late_days or 0)) for fact in late)
    return _verdict(Dimension.SCHEDULE, tests, limits, inputs=facts, rows=rows)


def risk(inputs: HealthInputs, limits: Limits) -> Computed:
    """Rate the risk register.

    A score over the red limit that is untreated or overdue is red, one between the limits without progress yellow.
    """
    open_risks = sorted(inputs.risks, key=lambda fact: -fact.score)
    top = open_risks[0].score if open_risks else 0
    high = limits.letter("risk_score", top)
    untreated = [
        fact
        for fact in open_risks
        if limits.letter("risk_score", fact.score) == R and (fact.is_overdue or fact.idle_days is None)
    ]
    letter = R if untreated else Y if high == R else G
    green, red = limits.words("risk_score", "")
    tests = [Test("Worst open risk", str(top) if open_risks else "none", green, f"{red}, untreated or overdue", letter)]
    idle = [
        fact
        for fact in open_risks
        if fact.score >= 10 and (fact.idle_days is None or limits.letter("risk_idle_days", fact.idle_days) != G)
    ]
    shown = f"{len(idle)} of {sum(fact.score >= 10 for fact in open_risks)}"
    limit = plain(limits.by_test["risk_idle_days"][0])
    tests.append(Test("Risks of 10 or more without progress", shown, f"none for {limit} days", "—", Y if idle else G))
    rows = tuple((f"Risk {fact.number}: {fact.title}", f"score {fact.score}") for fact in open_risks[:5])
    return _verdict(
        Dimension.RISK,
        tests,
        limits,
        inputs=(("Open risks", str(len(open_risks))), ("Status date", day_words(inputs.status_on))),
        rows=rows,
    )


def _issue_test(name: str, test: str, facts: list[IssueFact], limits: Limits) -> Test:
    oldest = max((fact.age_days for fact in facts), default=None)
    green, red = limits.words(test, " days")
    if oldest is None:
        return Test(name, "none", green, red, G)
    # A critical issue raised today is already more than none.
    letter = limits.letter(test, max(oldest, 1) if test == "critical_issue_days" else oldest)
    return Test(name, f"{oldest} days", green, red, letter)


def quality(inputs: HealthInputs, limits: Limits) -> Computed:
    """Rate quality by the age of open critical and major issues: what the registers know of it so far."""
    critical = [fact for fact in inputs.issues if fact.severity == "critical"]
    major = [fact for fact in inputs.issues if fact.severity == "major"]
    tests = [
        _issue_test("Oldest critical issue", "critical_issue_days", critical, limits),
        _issue_test("Oldest major issue", "major_issue_days", major, limits),
    ]
    rows = tuple(
        (f"Issue {fact.number}: {fact.title}", f"{fact.severity}, {fact.age_days} days")
        for fact in sorted(critical + major, key=lambda f: -f.age_days)[:5]
    )
    return _verdict(Dimension.QUALITY, tests, limits, inputs=(("Open issues", str(len(inputs.issues))),), rows=rows)


def not_assessed(dimension: Dimension, why: str) -> Callable[[HealthInputs, Limits], Computed]:
    return lambda inputs, limits: Computed(dimension, NONE, why, thresholds_version=limits.version)


#: How each dimension is computed today. What has no source in the product says so.
RULES: Mapping[Dimension, Callable[[HealthInputs, Limits], Computed]] = {
    Dimension.SCOPE: not_assessed(Dimension.SCOPE, "Approved scope is not kept in the product yet."),
    Dimension.SCHEDULE: schedule,
    Dimension.BUDGET: not_assessed(
        Dimension.BUDGET, "Approved project budgets and the ledger are not kept in the product yet."
    ),
    Dimension.QUALITY: quality,
    Dimension.RISK: risk,
    Dimension.RESOURCES: not_assessed(Dimension.RESOURCES, "Resource plans are not kept in the product yet."),
}


def overall_letter(letters: Mapping[Dimension, Letter]) -> Letter:
    """Return the overall rating of the other six by the office's rule.

    A red core dimension, or two other reds, is red; a yellow core, two other yellows or one other red is yellow; one
    other yellow
    is still green. Grey keeps it from green. Not assessed stays out; nothing assessed at all is grey.
    """
    assessed = {dimension: letter for dimension, letter in letters.items() if letter != NONE and dimension != Dimension.OVERALL}
    if not assessed:
        return GREY
    core = [letter for dimension, letter in assessed.items() if dimension in CORE]
    other = [letter for dimension, letter in assessed.items() if dimension not in CORE]
    if R in core or other.count(R) >= 2:
        return R
    if Y in core or R in other or other.count(Y) >= 2 or GREY in assessed.values():
        return Y
    return G


def overall(parts: Mapping[Dimension, Computed], limits: Limits) -> Computed:
    letters = {dimension: part.letter for dimension, part in parts.items()}
    letter = overall_letter(letters)
    outside = [dimension.label for dimension, found in letters.items() if found in (Y, R)]
    grey = [dimension.label for dimension, found in letters.items() if found == GREY]
    sentence = f"Outside green: {', '.join(outside).lower()}." if outside else "Every dimension that can be computed is green."
    if grey:
        sentence += f" Without data: {', '.join(grey).lower()}; so it cannot be green."
    tests = tuple(Test(dimension.label, part.sentence, "—", "—", part.letter) for dimension, part in parts.items())
    return Computed(Dimension.OVERALL, letter, sentence, tests, thresholds_version=limits.version)


def compute(inputs: HealthInputs, limits: Limits) -> dict[Dimension, Computed]:
    """Return the computed rating of all seven dimensions, overall first."""
    parts = {dimension: rule(inputs, limits) for dimension, rule in RULES.items()}
    return {Dimension.OVERALL: overall(parts, limits), **parts}
