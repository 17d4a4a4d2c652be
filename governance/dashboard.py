"""The portfolio as it is published: which rows there are today or were on an earlier day, and what they amount to.

Everything is read from the standings and their dated snapshots, which hold published facts only; `FIELDS` lets them through
by name. A dashboard costs the same few queries whatever the number of projects.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from governance.models import StandingSnapshot
from governance.publication import RANK, trend_of
from governance.states import Letter
from pmo.lib import words
from portfolio.models import Project
from portfolio.states import ProjectStatus

WEEK = dt.timedelta(days=7)
#: Worst first: what needs a decision, what is off plan, what nobody knows, what is on plan.
WORST_FIRST = (Letter.RED, Letter.YELLOW, Letter.GREY, Letter.GREEN)
NEEDS_ATTENTION = (Letter.RED, Letter.YELLOW, Letter.GREY)
OVER = (ProjectStatus.CLOSED, ProjectStatus.CANCELLED)
DOLLARS = "USD"
UNIT_WORDS = {1: "", 1_000: "thousand", 1_000_000: "million"}


@dataclass(frozen=True)
class Lens:
    """The day on which the portfolio is looked at: today, or an earlier one as it stood at its end."""

    today: dt.date
    on: dt.date | None = None

    @property
    def day(self) -> dt.date:
        return self.on or self.today

    @property
    def week_before(self) -> dt.date:
        return self.day - WEEK

    def standing(self, name: str) -> str:
        """Return the query path of a published field."""
        return name if self.on else f"standing__{name}"

    def project(self, name: str) -> str:
        """Return the query path of a field of the project itself; names and departments are always today's."""
        return f"project__{name}" if self.on else name

    def rows(self) -> QuerySet[Any]:
        """Return one row a project with its `letter`, the letter a week before (`was`, empty when it was not there yet).

        A project nobody has reported on is grey, so that none is missing. Today's rows are projects, earlier ones snapshots.
        """
        rows: QuerySet[Any] = StandingSnapshot.objects.as_of(self.on) if self.on else Project.objects.all()
        week_before = StandingSnapshot.objects.filter(
            project=OuterRef("project_id" if self.on else "pk"), from_on__lte=self.week_before
        ).order_by("-from_on")
        return rows.order_by().annotate(
            letter=Coalesce(self.standing("overall"), Value(Letter.GREY.value)),
            was=Coalesce(Subquery(week_before.values("overall")[:1]), Value("")),
        )

    def rebaselined(self) -> Q:
        """Return the condition that the project got a new baseline in the week before this day."""
        path = self.standing("rebaselined_on")
        return Q(**{f"{path}__gt": self.week_before, f"{path}__lte": self.day})

    def changed(self) -> Q:
        return ~Q(letter=F("was")) | self.rebaselined()

    def in_state(self, state: str) -> Q:
        """Return the condition for `open` projects, those that are `over`, or `all`."""
        over = Q(status__in=OVER)
        return Q() if state == "all" else over if state == "over" else ~over


def by_rating() -> Case:
    """Return what ratings are sorted by: green least, red most."""
    ranks = {letter: rank for rank, letter in enumerate(reversed(WORST_FIRST))}
    return Case(*[When(letter=letter, then=Value(rank)) for letter, rank in ranks.items()], output_field=IntegerField())


@dataclass(frozen=True)
class OtherMoney:
    """What stands in another currency than dollars: it enters no total."""

    currency: str
    unit: int
    count: int
    budget: Decimal

    @property
    def words(self) -> str:
        return words.amount(self.budget, self.currency, UNIT_WORDS.get(self.unit, ""))


@dataclass
class Totals:
    """What some rows of the portfolio amount to. Amounts are dollars; other currencies stand apart."""

    count: int = 0
    by_letter: Counter[str] = field(default_factory=Counter)
    budget_by_letter: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    budget: Decimal = Decimal(0)
    variance: Decimal = Decimal(0)
    in_dollars: int = 0
    others: list[OtherMoney] = field(default_factory=list)
    moves: Counter[str] = field(default_factory=Counter)
    rebaselined: int = 0
    changed: int = 0
    mine: int = 0

    @property
    def needs_attention(self) -> int:
        return sum(self.by_letter[letter] for letter in NEEDS_ATTENTION)

    @property
    def parts(self) -> list[tuple[str, int]]:
        """Each rating with its number of projects, worst first, for the bar."""
        return [(str(letter), self.by_letter[letter]) for letter in WORST_FIRST]

    @property
    def headline(self) -> str:
        return words.count(self.count, "project")

    @property
    def ratings_sentence(self) -> str:
        named = (("G", "on plan"), ("Y", "off plan"), ("R", "red"), ("-", "without data"))
        return ", ".join(f"{self.by_letter[letter]} {name}" for letter, name in named)

    @property
    def changes_sentence(self) -> str:
        """Say what changed since the week before: `2 worse, 1 better, 1 re-baselined`, or `no change`."""
        named = [
            ("worse", self.moves["worse"]),
            ("better", self.moves["better"]),
            ("without data now", self.moves["lost"]),
            ("with data again", self.moves["found"]),
            ("new", self.moves["new"]),
            ("re-baselined", self.rebaselined),
        ]
        return ", ".join(f"{number} {name}" for name, number in named if number) or "no change"

    def money_rows(self) -> list[tuple[str, str, str, str]]:
        """Return the table beside the bar: rating, number, dollars and share of the dollars."""
        return [
            (
                words_of(letter),
                str(self.by_letter[letter]),
                words.millions(self.budget_by_letter[letter]),
                words.percent(self.budget_by_letter[letter] / self.budget * 100, 0) if self.budget else words.MISSING,
            )
            for letter in WORST_FIRST
        ]


def words_of(letter: str) -> str:
    return str(Letter(letter).label)


def move_of(now: str, was: str) -> str:
    """Return what happened to a rating in a week: better, worse, lost or found its data, new, or an empty string."""
    if not was:
        return "new"
    if now == was:
        return ""
    if now not in RANK:
        return "lost"
    return "found" if was not in RANK else trend_of(now, was)


def totals_of(rows: QuerySet[Any], lens: Lens, department_id: int | None = None) -> Totals:
    """Return what `rows` of `lens` amount to; `mine` counts those of one department. One query."""
    groups = rows.values(
        "letter", "was", of_currency=F(lens.standing("currency")), of_unit=F(lens.standing("amount_unit"))
    ).annotate(
        number=Count("pk"),
        budgets=Count(lens.standing("budget_amount")),
        budget_sum=Sum(lens.standing("budget_amount")),
        variance_sum=Sum(lens.standing("variance_amount")),
        rebaselined=Count("pk", filter=lens.rebaselined()),
        mine=Count("pk", filter=Q(**{lens.project("department"): department_id})) if department_id else Value(0),
    )
    return added_up(groups)


def added_up(groups: Iterable[Mapping[str, Any]]) -> Totals:
    """Add up groups that share rating, rating a week ago, currency and unit."""
    totals = Totals()
    apart: dict[tuple[str, int], list[Any]] = defaultdict(lambda: [0, Decimal(0)])
    for group in groups:
        letter, number = group["letter"], group["number"]
        totals.count += number
        totals.by_letter[letter] += number
        totals.rebaselined += group["rebaselined"]
        totals.mine += group["mine"]
        move = move_of(letter, group["was"])
        totals.moves[move] += number
        totals.changed += number if move else group["rebaselined"]
        if group["of_currency"] == DOLLARS:
            _add_dollars(totals, group)
        elif group["budgets"]:
            apart[group["of_currency"], group["of_unit"]][0] += group["budgets"]
            apart[group["of_currency"], group["of_unit"]][1] += group["budget_sum"]
    totals.others = [OtherMoney(currency, unit, *sums) for (currency, unit), sums in sorted(apart.items())]
    return totals


def _add_dollars(totals: Totals, group: Mapping[str, Any]) -> None:
    budget = (group["budget_sum"] or Decimal(0)) * group["of_unit"]
    totals.in_dollars += group["budgets"]
    totals.budget += budget
    totals.budget_by_letter[group["letter"]] += budget
    totals.variance += (group["variance_sum"] or Decimal(0)) * group["of_unit"]
