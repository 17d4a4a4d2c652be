from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from pmo.lib.errors import Refused
from pmo.lib.history import save_as, update_many
from pmo.roles import Role
from portfolio.models.milestones import Milestone
from portfolio.models.projects import UNITS_OF_MONEY, Project
from portfolio.states import BaselineOrigin

#: What a baseline says, and the field of the project that repeats the newest one.
FIGURES = {
    "start_on": "start_on",
    "finish_on": "baseline_finish_on",
    "budget_amount": "budget_amount",
    "contingency_amount": "contingency_amount",
}
MONEY = ("budget_amount", "contingency_amount")


class BaselineQuerySet(models.QuerySet["Baseline"]):
    def in_order(self) -> BaselineQuerySet:
        """Order from the original to the current one; a correction follows what it corrects."""
        return self.order_by("number", "edition")

    def current_of(self, project: Project) -> Baseline | None:
        return self.filter(project=project).order_by("-number", "-edition").first()

    def original_of(self, project: Project) -> Baseline | None:
        """Return baseline 0, as corrected where it was."""
        return self.filter(project=project, number=0).order_by("-edition").first()


class Baseline(models.Model):
    """What was agreed for a project at one time. What it says never changes; the newest one counts.

    A figure that was not agreed yet may be entered once. A typing error is corrected by a further edition of the same number,
    which stands beside the first.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="baselines")
    number = models.PositiveSmallIntegerField()
    edition = models.PositiveSmallIntegerField(default=0)
    origin = models.CharField(max_length=10, choices=BaselineOrigin.choices)
    reason = models.TextField(blank=True)
    agreed_at = models.DateTimeField()
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    start_on = models.DateField("start", null=True)
    finish_on = models.DateField("finish", null=True)
    currency = models.CharField(max_length=3, blank=True, help_text="Empty until an amount was agreed.")
    amount_unit = models.PositiveIntegerField(null=True)
    budget_amount = models.DecimalField("budget", max_digits=16, decimal_places=2, null=True)
    contingency_amount = models.DecimalField("contingency", max_digits=16, decimal_places=2, null=True)

    objects = BaselineQuerySet.as_manager()

    class Meta:
        ordering = ["project", "number", "edition"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number", "edition"], name="portfolio_baseline_edition_once"),
            models.CheckConstraint(condition=Q(origin__in=BaselineOrigin.values), name="portfolio_baseline_origin_known"),
            models.CheckConstraint(
                condition=Q(edition=0) | (Q(origin=BaselineOrigin.CORRECTION) & ~Q(reason="")),
                name="portfolio_baseline_correction_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project.code} baseline {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            was = Baseline.objects.get(pk=self.pk)
            for field in self._meta.concrete_fields:
                old = getattr(was, field.attname)
                if old not in (None, "") and old != getattr(self, field.attname):
                    raise Refused("A baseline is never altered. Agree a new one.", "baseline_fixed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise Refused("A baseline is never removed.", "baseline_fixed")

    @property
    def name(self) -> str:
        return f"Baseline {self.number}"

    def dates_by_number(self) -> dict[int, dt.date]:
        return {row.milestone_number: row.on for row in self.dates.all()}


class BaselineDate(models.Model):
    """The date of one milestone in one baseline. It stays when the milestone is taken out of the plan."""

    baseline = models.ForeignKey(Baseline, on_delete=models.PROTECT, related_name="dates")
    milestone_number = models.PositiveIntegerField()
    name = models.CharField(max_length=160)
    is_key = models.BooleanField()
    on = models.DateField()

    class Meta:
        ordering = ["on", "milestone_number"]
        constraints = [
            models.UniqueConstraint(fields=["baseline", "milestone_number"], name="portfolio_baselinedate_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.on}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Refused("A date of a baseline is never altered. Agree a new baseline.", "baseline_fixed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise Refused("A date of a baseline is never removed.", "baseline_fixed")


def figures_of(project: Project) -> dict[str, Any]:
    """Return what is agreed for the project now, as a baseline says it: the unit of money with the first amount."""
    figures = {name: getattr(project, field) for name, field in FIGURES.items()}
    if any(figures[name] is not None for name in MONEY):
        figures |= {"currency": project.currency, "amount_unit": project.amount_unit}
    return figures


def unsaved(project: Project, origin: BaselineOrigin, *, at: dt.datetime, by: Any, reason: str = "") -> list[Baseline]:
    """Return the baselines of a project that has none yet: what is agreed, and before it what was agreed at first."""
    shared: dict[str, Any] = {"project": project, "origin": origin, "agreed_at": at, "agreed_by": by, "reason": reason}
    shared["start_on"] = project.start_on
    current = figures_of(project)
    original, number = project.original_finish_on, project.baseline_number
    if original == project.baseline_finish_on or original is None:
        return [Baseline(number=number, **{**shared, **current})]
    # Somebody else agreed it anew before it came here: of the first agreement only the finish is known.
    return [Baseline(number=0, finish_on=original, **shared), Baseline(number=max(number, 1), **{**shared, **current})]


def keep_agreed(project: Project, *, by: Any, reason: str = "", origin: BaselineOrigin = BaselineOrigin.START) -> None:
    """Enter what was agreed for the first time: baseline 0 as a whole, or what the current one did not know yet.

    Nothing happens while nothing was agreed. About four queries.
    """
    if not project.is_agreed:
        return
    current = Baseline.objects.current_of(project)
    if current is None:
        for current in unsaved(project, origin, at=timezone.now(), by=by, reason=reason):
            current.save()
            _keep_dates(current, project)
        return
    agreed = figures_of(project).items()
    missing = {name: value for name, value in agreed if value is not None and getattr(current, name) in (None, "")}
    for name, value in missing.items():
        setattr(current, name, value)
    if missing:
        current.save()
    _keep_dates(current, project)


def _keep_dates(baseline: Baseline, project: Project, dates: Mapping[int, dt.date] | None = None) -> None:
    """Enter the milestones that the baseline does not hold yet: their agreed dates, or `dates` where those differ."""
    known = set(baseline.dates.values_list("milestone_number", flat=True))
    is_first = baseline.number == 0
    rows = []
    for milestone in project.milestones.all():
        on = (dates or {}).get(milestone.number, milestone.original_on if is_first else milestone.baseline_on)
        if on is not None and milestone.number not in known:
            fixed = {"name": milestone.name, "is_key": milestone.is_key, "on": on}
            rows.append(BaselineDate(baseline=baseline, milestone_number=milestone.number, **fixed))
    BaselineDate.objects.bulk_create(rows)


@transaction.atomic
def open_next(
    project: Project,
    *,
    by: Any,
    at: dt.datetime,
    reason: str,
    dates: Mapping[int, dt.date] | None = None,
    origin: BaselineOrigin = BaselineOrigin.CHANGE,
    **agreed: Any,
) -> Baseline:
    """Agree a new baseline. The original stays. Called by an approved change request, or where a file says so.

    What is not given stays: of FIGURES and UNITS_OF_MONEY in `agreed`, and of milestones in `dates` (number to day).
    Raises Refused: `project_over`, `reason_missing`, `finish_before_start`, `budget_negative`.
    """
    fresh = Project.objects.select_for_update().get(pk=project.pk)
    if not fresh.is_open:
        raise Refused("The project is over, so its baseline stays. Reopen it first.", "project_over")
    if not reason.strip():
        raise Refused("Give the reason; it stands in the history.", "reason_missing")
    values = {field: agreed.get(name, getattr(fresh, field)) for name, field in FIGURES.items()}
    _check_figures(values["start_on"], values["baseline_finish_on"], values["budget_amount"])
    keep_agreed(fresh, by=by)
    values |= {name: agreed[name] for name in UNITS_OF_MONEY if name in agreed}
    values |= {
        "original_finish_on": fresh.original_finish_on or fresh.baseline_finish_on or values["baseline_finish_on"],
        "baseline_number": fresh.baseline_number + 1,
        "rebaselined_on": timezone.localdate(at),
    }
    _write(project, values, dates or {}, by=by, reason=reason)
    return _keep_row(project, origin, dates or {}, at=at, by=by, reason=reason)


def _check_figures(start: dt.date | None, finish: dt.date | None, budget: Decimal | None) -> None:
    if finish and start and finish < start:
        raise Refused("The new finish lies before the start.", "finish_before_start")
    if budget is not None and budget < 0:
        raise Refused("The new budget lies below zero.", "budget_negative")


def _write(project: Project, values: Mapping[str, Any], dates: Mapping[int, dt.date], *, by: Any, reason: str) -> None:
    """Bring the project and its milestones to what is agreed now."""
    for name, value in values.items():
        setattr(project, name, value)
    save_as(project, by=by, fields=[*values, "updated_at"], reason=reason)
    moved = [row for row in project.milestones.filter(number__in=dates) if row.baseline_on != dates[row.number]]
    for row in moved:
        row.original_on = row.original_on or dates[row.number]
        row.baseline_on = dates[row.number]
    update_many(Milestone, moved, ["original_on", "baseline_on"], by=by, reason=reason)


def _keep_row(
    project: Project,
    origin: BaselineOrigin,
    dates: Mapping[int, dt.date],
    *,
    at: dt.datetime,
    by: Any,
    reason: str,
    edition: int = 0,
) -> Baseline:
    row = Baseline(
        project=project,
        number=project.baseline_number,
        edition=edition,
        origin=origin,
        reason=reason,
        agreed_at=at,
        agreed_by=by,
        **figures_of(project),
    )
    row.save()
    _keep_dates(row, project, dates)
    return row


@transaction.atomic
def correct(
    project: Project, *, by: Any, at: dt.datetime, reason: str, figures: Mapping[str, Any], dates: Mapping[int, dt.date]
) -> Baseline:
    """Correct a typing error in the newest baseline by a further edition of it; what was typed first stays beside it.

    Raises Refused: `executive_only`, `own_project`, `project_over`, `reason_missing`, `baseline_missing`, `nothing_changed`,
    `finish_before_start`, `budget_negative`.
    """
    Project.objects.select_for_update().get(pk=project.pk)
    project.refresh_from_db()
    _require_corrector(project, by, reason)
    current = Baseline.objects.current_of(project)
    if current is None:
        raise Refused("Nothing was agreed yet, so there is nothing to correct.", "baseline_missing")
    stood = current.dates_by_number()
    changed = {name: value for name, value in figures.items() if name in FIGURES and getattr(current, name) != value}
    moved = {number: on for number, on in dates.items() if number in stood and stood[number] != on}
    if not changed and not moved:
        raise Refused("Nothing differs from what stands there.", "nothing_changed")
    agreed = {name: changed.get(name, getattr(current, name)) for name in FIGURES}
    _check_figures(agreed["start_on"], agreed["finish_on"], agreed["budget_amount"])
    values = {FIGURES[name]: value for name, value in changed.items()}
    if current.number == 0 and "finish_on" in changed:
        values["original_finish_on"] = changed["finish_on"]
    said = f"Typing error corrected: {reason.strip()}"
    _write(project, values, moved, by=by, reason=said)
    if current.number == 0 and moved:
        _correct_originals(project, moved, by=by, reason=said)
    return _keep_row(
        project, BaselineOrigin.CORRECTION, moved, at=at, by=by, reason=reason.strip(), edition=current.edition + 1
    )


def _require_corrector(project: Project, by: Any, reason: str) -> None:
    if not by.is_active or not by.has_role(Role.EXECUTIVE):
        raise Refused("The executive corrects a typing error; everything else is a change request.", "executive_only")
    if project.project_manager_id == by.pk:
        raise Refused("You manage this project, so somebody else corrects what was agreed.", "own_project")
    if not project.is_open:
        raise Refused("The project is over, so its baseline stays. Reopen it first.", "project_over")
    if not reason.strip():
        raise Refused("Say what was typed wrongly; it stands beside the correction.", "reason_missing")


def _correct_originals(project: Project, moved: Mapping[int, dt.date], *, by: Any, reason: str) -> None:
    rows = list(project.milestones.filter(number__in=moved))
    for row in rows:
        row.original_on = moved[row.number]
    update_many(Milestone, rows, ["original_on"], by=by, reason=reason)
