"""Who decides on a change: pure computation from its size and that of every change approved since the last baseline."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from governance.change_states import Authority

HUNDREDTH = Decimal("0.01")
#: From the least to the highest.
ORDER = (Authority.MANAGER_AND_SPONSOR, Authority.PMO_MANAGER, Authority.BOARD)


@dataclass(frozen=True)
class SizeLimits:
    """From `low_percent` or `low_days` on the PMO manager decides, from `high_percent` on the governance board."""

    low_percent: Decimal = Decimal(5)
    high_percent: Decimal = Decimal(10)
    low_days: int = 10
    scope_class: int = 3
    baseline_class: int = 3


@dataclass(frozen=True)
class Effect:
    """What one change moves: money in the project's currency and unit, and working days."""

    name: str
    cost: Decimal
    days: int


@dataclass(frozen=True)
class Base:
    """What the movement is measured against: the current baseline. None where nothing was agreed yet."""

    budget: Decimal | None
    duration_days: int | None
    governance_class: int


@dataclass(frozen=True)
class Nature:
    """What else about the change itself decides who decides."""

    within_contingency: bool = False
    is_short: bool = False
    """Contingency was meant to pay, and what is left of it does not."""
    changes_scope: bool = False
    wants_baseline: bool = False


@dataclass(frozen=True)
class Ground:
    """One reason for an authority, in a sentence."""

    authority: Authority
    sentence: str


@dataclass(frozen=True)
class Verdict:
    """The authority that follows, with everything that it follows from."""

    authority: Authority
    earlier: tuple[Effect, ...]
    own: Effect
    base: Base
    limits: SizeLimits
    grounds: tuple[Ground, ...]

    @property
    def cost_sum(self) -> Decimal:
        return movement([one.cost for one in (*self.earlier, self.own)])

    @property
    def days_sum(self) -> int:
        return int(movement([Decimal(one.days) for one in (*self.earlier, self.own)]))

    @property
    def cost_percent(self) -> Decimal | None:
        return share(self.cost_sum, self.base.budget)

    @property
    def days_percent(self) -> Decimal | None:
        return share(Decimal(self.days_sum), self.base.duration_days)

    @property
    def deciding(self) -> tuple[Ground, ...]:
        """The grounds that led to the authority; a lower one would have been enough for the others."""
        return tuple(one for one in self.grounds if one.authority == self.authority)


def movement(effects: list[Decimal]) -> Decimal:
    """Return how far everything moved, whichever way: a saving makes no room for an increase that nobody looks at."""
    return sum((abs(one) for one in effects), Decimal(0))


def share(moved: Decimal, whole: Decimal | int | None) -> Decimal | None:
    """Return `moved` in percent of `whole`: zero where nothing moved, None where there is nothing to measure by."""
    if moved == 0:
        return Decimal(0)
    if not whole or whole < 0:
        return None
    return moved * 100 / Decimal(whole)


def written(percent: Decimal) -> str:
    """Write a percentage to a hundredth; what lies a hair below a limit is never shown as the limit."""
    shown = percent.quantize(HUNDREDTH, ROUND_HALF_UP).normalize()
    return f"{shown:f} %"


def decide_by_size(own: Effect, earlier: tuple[Effect, ...], base: Base, nature: Nature, limits: SizeLimits) -> Verdict:
    """Return who decides on `own` after `earlier`, the changes approved since the last baseline."""
    draft = Verdict(Authority.MANAGER_AND_SPONSOR, earlier, own, base, limits, ())
    grounds = (
        *_of_share("Cost", draft.cost_percent, "no approved budget is recorded to measure it by", limits),
        *_of_share(
            "Time", draft.days_percent, "start or baseline finish is missing, so there is no duration to measure it by", limits
        ),
        *_of_days(draft.days_sum, limits),
        *_of_nature(own, base, nature, limits),
    )
    highest = max((one.authority for one in grounds), key=ORDER.index, default=Authority.MANAGER_AND_SPONSOR)
    if not grounds:
        grounds = (Ground(highest, _small(limits)),)
    return Verdict(highest, earlier, own, base, limits, grounds)


def _small(limits: SizeLimits) -> str:
    return (
        f"All changes since the last baseline stay under {written(limits.low_percent)} and under {limits.low_days} working"
        " days, and no money beyond contingency is asked for."
    )


def _of_share(what: str, percent: Decimal | None, missing: str, limits: SizeLimits) -> tuple[Ground, ...]:
    if percent is None:
        return (Ground(Authority.BOARD, f"{what}: {missing}, so the higher authority decides."),)
    said = f"{what}: {written(percent)} of the current baseline since it was agreed"
    if percent >= limits.high_percent:
        return (Ground(Authority.BOARD, f"{said}; the limit of the PMO manager is {written(limits.high_percent)}."),)
    if percent >= limits.low_percent:
        return (Ground(Authority.PMO_MANAGER, f"{said}; the limit of the sponsor is {written(limits.low_percent)}."),)
    return ()


def _of_days(days: int, limits: SizeLimits) -> tuple[Ground, ...]:
    if days < limits.low_days:
        return ()
    sentence = f"Time: {days} working days since the baseline was agreed; the limit of the sponsor is {limits.low_days}."
    return (Ground(Authority.PMO_MANAGER, sentence),)


def _of_nature(own: Effect, base: Base, nature: Nature, limits: SizeLimits) -> tuple[Ground, ...]:
    found = []
    if nature.changes_scope and base.governance_class >= limits.scope_class:
        sentence = f"Scope or benefits change in a project of class {base.governance_class}."
        found.append(Ground(Authority.BOARD, sentence))
    if nature.is_short:
        found.append(Ground(Authority.PMO_MANAGER, "What is left of the contingency does not pay for it."))
    elif own.cost > 0 and not nature.within_contingency:
        found.append(Ground(Authority.PMO_MANAGER, "The money is not paid from contingency."))
    if nature.wants_baseline:
        # It sets the sums back to zero; whoever could do that with small changes would never reach a limit.
        found.append(_of_baseline(base, limits))
    return tuple(found)


def _of_baseline(base: Base, limits: SizeLimits) -> Ground:
    if base.governance_class >= limits.baseline_class:
        sentence = f"A new baseline is asked for in a project of class {base.governance_class}; the sums begin anew from it."
        return Ground(Authority.BOARD, sentence)
    return Ground(Authority.PMO_MANAGER, "A new baseline is asked for, from which the sums begin anew.")
