from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from pmo.lib.errors import Refused
from pmo.lib.finding import each_word
from pmo.lib.history import save_as
from pmo.lib.transitions import move
from pmo.models.revising import Revisable
from pmo.roles import Role
from portfolio.models.programs import Department, Program, code_validator
from portfolio.parts import require_able
from portfolio.signals import revised, status_changed
from portfolio.states import PROJECT_MOVES, GovernanceClass, Phase, Priority, ProjectStatus, sources_of

#: Roles that read every project's working pages (`tests/access_matrix.py` holds the whole table).
READ_ALL = (Role.PMO_MANAGER, Role.EXECUTIVE, Role.FINANCE, Role.AUDITOR)
#: Roles that read every project's registers.
READ_REGISTERS = (Role.PMO_MANAGER, Role.EXECUTIVE, Role.AUDITOR)
#: What makes a baseline: the first value of the first two agrees the project, and from then on each value stands.
AGREED = {
    "baseline_finish_on": "The baseline finish was agreed",
    "budget_amount": "The budget was approved",
    "start_on": "The start was agreed",
    "contingency_amount": "The contingency was approved",
    "currency": "The currency of the budget was agreed",
    "amount_unit": "The unit of the budget was agreed",
}
AGREEING = ("baseline_finish_on", "budget_amount")
UNITS_OF_MONEY = ("currency", "amount_unit")
#: Who has a part in a project, and as what; a part asks for something to be done.
PARTS = {"project_manager": "project manager", "sponsor": "sponsor", "business_owner": "business owner"}


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, user: Any) -> ProjectQuerySet:
        """Return the projects whose working pages `user` may read.

        Office roles and every project manager read all; members, sponsors and business owners read their own; nobody else any.
        What is published is another matter: see governance.publication.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_role(*READ_ALL) or manages_any_project(user):
            return self.all()
        return self.of(user)

    def with_registers_for(self, user: Any) -> ProjectQuerySet:
        """Return the projects whose registers `user` may read: all for the office, else those they have a part in."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.all() if user.has_role(*READ_REGISTERS) else self.of(user)

    def of(self, user: Any) -> ProjectQuerySet:
        """Return the projects in which `user` has a part: manager, sponsor, business owner or member."""
        teams = Project.members.through.objects.filter(user=user).values("project_id")  # type: ignore[attr-defined]
        return self.filter(Q(pk__in=teams) | Q(project_manager=user) | Q(sponsor=user) | Q(business_owner=user))

    def matching(self, text: str) -> ProjectQuerySet:
        """Return the projects whose code, name or purpose holds every word of `text`."""
        return self.filter(each_word(text, "code", "name", "purpose"))

    def active(self) -> ProjectQuerySet:
        return self.filter(status__in=[ProjectStatus.ACTIVE, ProjectStatus.ON_HOLD])

    def reporting(self) -> ProjectQuerySet:
        """Return the projects that owe status reports: active, with a project manager, and not exempted."""
        return self.filter(status=ProjectStatus.ACTIVE, is_reporting=True, project_manager__isnull=False)

    def managed_by(self, user: Any) -> ProjectQuerySet:
        return self.filter(project_manager=user)


def manages_any_project(user: Any) -> bool:
    """Return whether `user` is project manager of a project that is not closed; asked once for each user object."""
    if "manages_any" not in user.__dict__:
        user.__dict__["manages_any"] = (
            Project.objects.filter(project_manager=user)
            .exclude(status__in=[ProjectStatus.CLOSED, ProjectStatus.CANCELLED])
            .exists()
        )
    return bool(user.__dict__["manages_any"])


class Project(Revisable):
    """One project of the portfolio: what it is for, who answers for it, its agreed, current and expected dates and money."""

    code = models.CharField(
        max_length=40, unique=True, validators=[code_validator], help_text="Never changes; it stands in links and reports."
    )
    name = models.CharField(max_length=200)
    purpose = models.TextField(
        blank=True, help_text="One or two sentences: what will be different for whom. Stakeholders read it."
    )
    program = models.ForeignKey(Program, null=True, blank=True, on_delete=models.PROTECT, related_name="projects")
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="projects")
    sponsor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="sponsored_projects"
    )
    business_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="owned_projects"
    )
    project_manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="managed_projects"
    )
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through="ProjectMember", related_name="member_projects")

    phase = models.CharField(max_length=12, choices=Phase.choices, default=Phase.INTAKE)
    status = models.CharField(max_length=10, choices=ProjectStatus.choices, default=ProjectStatus.ACTIVE)
    governance_class = models.PositiveSmallIntegerField(
        "governance class",
        choices=GovernanceClass.choices,
        default=GovernanceClass.CLASS_1,
        help_text="Follows from the ten questions of the class score; it may be raised by hand, with a reason.",
    )
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.MEDIUM)
    is_reporting = models.BooleanField("owes status reports", default=True)
    reporting_from_on = models.DateField(
        "first status date", null=True, blank=True, help_text="Reports are due for weeks that end on or after this date."
    )

    # Dates. The original baseline is never overwritten; the current one changes only by an approved change.
    start_on = models.DateField("start", null=True, blank=True)
    original_finish_on = models.DateField("original baseline finish", null=True, blank=True)
    baseline_finish_on = models.DateField("current baseline finish", null=True, blank=True)
    baseline_number = models.PositiveSmallIntegerField("baseline number", default=0)
    rebaselined_on = models.DateField("last re-baselined", null=True, blank=True)
    forecast_finish_on = models.DateField("forecast finish", null=True, blank=True)
    actual_finish_on = models.DateField("actual finish", null=True, blank=True)

    # Money, in the unit and currency of its source. A foreign amount never enters a dollar total.
    currency = models.CharField(
        max_length=3, default="USD", validators=[RegexValidator(r"^[A-Z]{3}$", "Give the three-letter code of the currency.")]
    )
    amount_unit = models.PositiveIntegerField(
        "unit of amounts", default=1, choices=[(1, "units"), (1_000, "thousands"), (1_000_000, "millions")]
    )
    budget_amount = models.DecimalField(
        "approved budget", max_digits=16, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(Decimal(0))]
    )
    contingency_amount = models.DecimalField(
        "approved contingency",
        max_digits=16,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text="Approved beside the budget, for what nobody could foresee. Changes paid from it are taken off.",
    )
    spent_amount = models.DecimalField("spent", max_digits=16, decimal_places=2, null=True, blank=True)
    committed_amount = models.DecimalField(
        "committed", max_digits=16, decimal_places=2, null=True, blank=True, help_text="Ordered and not yet invoiced."
    )
    forecast_amount = models.DecimalField("forecast at completion", max_digits=16, decimal_places=2, null=True, blank=True)
    money_as_of = models.DateField("money as of", null=True, blank=True)

    source = models.CharField(max_length=120, blank=True, help_text="Where the record came from, when it was imported.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ProjectQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["created_at", "updated_at"])

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ProjectStatus.values), name="portfolio_project_status_known"),
            models.CheckConstraint(condition=Q(phase__in=Phase.values), name="portfolio_project_phase_known"),
            models.CheckConstraint(
                condition=Q(governance_class__gte=1, governance_class__lte=4), name="portfolio_project_class_1_to_4"
            ),
            models.CheckConstraint(
                condition=Q(start_on__isnull=True)
                | Q(baseline_finish_on__isnull=True)
                | Q(baseline_finish_on__gte=F("start_on")),
                name="portfolio_project_finish_after_start",
                violation_error_message="The baseline finish lies before the start. Correct one of the two dates.",
            ),
            models.CheckConstraint(
                condition=Q(budget_amount__isnull=True) | Q(budget_amount__gte=0),
                name="portfolio_project_budget_not_negative",
                violation_error_message="The approved budget cannot be negative.",
            ),
        ]
        indexes = [models.Index(fields=["status", "code"], name="portfolio_project_status")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("project-overview", args=[self.code])

    def clean(self) -> None:
        if self.sponsor_id and self.sponsor_id == self.project_manager_id:
            raise ValidationError(
                {"sponsor": ValidationError("The sponsor cannot also be the project manager.", code="sponsor_is_manager")}
            )

    @property
    def variance_amount(self) -> Decimal | None:
        """Return forecast minus approved budget (positive = over), in the project's unit; None when either is missing."""
        if self.forecast_amount is None or self.budget_amount is None:
            return None
        return self.forecast_amount - self.budget_amount

    @property
    def is_open(self) -> bool:
        return self.status in {ProjectStatus.ACTIVE, ProjectStatus.ON_HOLD}

    # Verbs
    @classmethod
    @transaction.atomic
    def register(cls, *, by: Any, reason: str = "", **values: Any) -> Project:
        """Open a project. The baseline finish given now is the original baseline for ever. Raises Refused(`reads_only`)."""
        project = cls(**values)
        project.original_finish_on = project.original_finish_on or project.baseline_finish_on
        project.full_clean()
        project.require_able(PARTS)
        save_as(project, by=by, reason=reason)
        project.keep_agreed(by=by, reason=reason)
        return project

    @property
    def is_agreed(self) -> bool:
        """Whether a baseline was agreed: from then on what it says changes by an approved change request only."""
        return any(getattr(self, name) is not None for name in AGREEING)

    def keep_agreed(self, *, by: Any, reason: str = "") -> None:
        """Enter what was agreed for the first time into the baseline. Nothing happens while nothing was agreed."""
        from portfolio.models.baselines import keep_agreed

        keep_agreed(self, by=by, reason=reason)

    @transaction.atomic
    def revise(self, *, by: Any, changes: Mapping[str, Any], reason: str = "", version: int | None = None) -> list[str]:
        changed = super().revise(by=by, changes=changes, reason=reason, version=version)
        if AGREED.keys() & set(changed):
            self.keep_agreed(by=by, reason=reason)
        if changed:
            revised.send(Project, project=self, changed=frozenset(changed), by=by, reason=reason)
        return changed

    def check_revision(self, before: Mapping[str, Any], *, by: Any, reason: str) -> list[str]:
        if "code" in before or "original_finish_on" in before:
            raise Refused("The code and the original baseline never change.", "fixed_for_ever")
        if not self.is_open:
            raise Refused("The project is over, so its record is closed. Reopen it first.", "project_over")
        is_office = by.has_role(Role.PMO_MANAGER)
        if not is_office and before.keys() & {
            "project_manager",
            "phase",
            "priority",
            "program",
            "governance_class",
            "is_reporting",
        }:
            raise Refused(
                "Only the PMO manager changes the manager, phase, priority, program, class or reporting.", "office_only"
            )
        if is_office:
            self._check_own(before, by=by)
        self.require_able(before.keys())
        if "contingency_amount" in before and not is_office:
            raise Refused("The office enters the contingency that was approved.", "office_only")
        if "phase" in before:
            raise Refused("The phase moves by the decision at a gate. Plan the next gate.", "phase_by_gate")
        for name in before.keys() & AGREED.keys():
            self._check_agreed(name, before)
        return self._follow_baseline(before)

    def require_able(self, names: Collection[str]) -> None:
        """Raise Refused(`reads_only`) where an auditor is named for one of these parts. One query for each part named."""
        for name in PARTS.keys() & set(names):
            require_able(getattr(self, name), PARTS[name])

    def _check_own(self, before: Mapping[str, Any], *, by: Any) -> None:
        """Refuse to the office what is agreed with it where it manages the project: gates and changes are decided by others."""
        was = before.get("project_manager")
        manager = was.pk if was else self.project_manager_id
        if manager == by.pk and before.keys() & {"phase", "contingency_amount"}:
            raise Refused(
                f"You manage {self.code}, so somebody else in the office changes its phase and contingency.", "own_project"
            )

    def _check_agreed(self, name: str, before: Mapping[str, Any]) -> None:
        """Refuse to type over an agreed figure, whoever asks. A first value is free, and so is all before the agreement."""
        was_agreed = any(before.get(one, getattr(self, one)) is not None for one in AGREEING)
        deciding = ("budget_amount", "contingency_amount") if name in UNITS_OF_MONEY else (name,)
        if was_agreed and any(before.get(one, getattr(self, one)) is not None for one in deciding):
            raise Refused(f"{AGREED[name]}; it changes by an approved change request only. Begin one.", "by_change_only")

    def _follow_baseline(self, before: Mapping[str, Any]) -> list[str]:
        """A first baseline is the original one; a later one comes by `rebaseline`."""
        if "baseline_finish_on" not in before:
            return []
        self.original_finish_on = self.original_finish_on or self.baseline_finish_on
        return ["original_finish_on"]

    def rebaseline(self, *, by: Any, at: dt.datetime, reason: str, **agreed: Any) -> int:
        """Agree a new baseline and return its number; see `portfolio.models.baselines.open_next`."""
        from portfolio.models.baselines import open_next

        return open_next(self, by=by, at=at, reason=reason, **agreed).number

    @transaction.atomic
    def enter_phase(self, phase: str, *, by: Any, reason: str) -> None:
        """Move an open project into another phase. Who may decide that is the caller's rule. Raises Refused(`project_over`)."""
        sources = [one for one in Phase.values if one != phase]
        if not self.is_open:
            raise Refused("The project is over, so its phase stays. Reopen it first.", "project_over")
        if phase != self.phase:
            refusal = "The project is in this phase already."
            move(self, field="phase", sources=sources, target=phase, refusal=refusal, code="wrong_phase")
            save_as(self, by=by, fields=["phase", "updated_at"], reason=reason)

    def bring_phase(self, phase: str, *, by: Any, reason: str) -> None:
        """Take over the phase that an imported portfolio brings. Raises Refused: `own_project`, `project_over`."""
        if by.pk == self.project_manager_id:
            raise Refused(f"You manage {self.code}, so somebody else in the office imports its phase.", "own_project")
        self.enter_phase(phase, by=by, reason=reason)

    def correct_phase(self, phase: str, *, by: Any, reason: str) -> None:
        """Correct a phase that the gates left wrong, as executive. Raises Refused.

        `executive_only`, `own_project`, `reason_missing`, `closed_by_gate`, `project_over`.
        """
        if not by.has_role(Role.EXECUTIVE) or by.only_reads:
            raise Refused("The executive corrects a phase; otherwise it moves by gates.", "executive_only")
        if by.pk == self.project_manager_id:
            raise Refused("You manage this project, so its phase is not yours to correct.", "own_project")
        if not reason.strip():
            raise Refused("Give the reason; it stands in the history.", "reason_missing")
        if phase == Phase.CLOSED:
            raise Refused("A project is closed by its last gate.", "closed_by_gate")
        self.enter_phase(phase, by=by, reason=f"Correction: {reason.strip()}")

    def put_on_hold(self, *, by: Any, reason: str) -> None:
        self._change_status(ProjectStatus.ON_HOLD, by=by, reason=reason, refusal="Only an active project can be put on hold.")

    def reactivate(self, *, by: Any, reason: str) -> None:
        """Take up a project that was on hold, or reopen one that was closed or cancelled."""
        refusal = "The project is active already."
        self._change_status(ProjectStatus.ACTIVE, by=by, reason=reason, refusal=refusal, actual_finish_on=None)

    def cancel(self, *, by: Any, reason: str) -> None:
        self._change_status(ProjectStatus.CANCELLED, by=by, reason=reason, refusal="The project is over already.")

    def close(self, *, by: Any, reason: str, finished_on: dt.date) -> None:
        """Close a finished project: called by the decision at its last gate only.

        Raises Refused when it is over already or the finish lies in the future.
        """
        if finished_on > timezone.localdate():
            raise Refused("The finish lies in the future. Give the day on which the project really ended.", "finish_in_future")
        if self.start_on and finished_on < self.start_on:
            raise Refused("The finish lies before the start. Correct one of the two dates.", "finish_before_start")
        refusal = "The project is over already."
        self._change_status(
            ProjectStatus.CLOSED, by=by, reason=reason, refusal=refusal, phase=Phase.CLOSED, actual_finish_on=finished_on
        )

    @transaction.atomic
    def _change_status(self, target: ProjectStatus, *, by: Any, reason: str, refusal: str, **also: Any) -> None:
        if not reason.strip():
            raise Refused("Give the reason; it stands in the history.", "reason_missing")
        if by is not None and by.pk == self.project_manager_id:
            raise Refused(f"You manage {self.code}. Somebody else holds, ends or reopens it.", "own_project")
        if target == ProjectStatus.ACTIVE and self.phase == Phase.CLOSED:
            also["phase"] = Phase.CLOSING
        was, sources = self.status, sources_of(PROJECT_MOVES, target)
        move(self, field="status", sources=sources, target=target, refusal=refusal, code="wrong_status", **also)
        save_as(self, by=by, fields=["status", *also, "updated_at"], reason=reason)
        status_changed.send(Project, project=self, was=was, by=by, reason=reason)
