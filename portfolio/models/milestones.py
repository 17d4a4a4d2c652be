from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from pmo.lib.errors import Refused
from pmo.lib.history import save_as
from pmo.lib.workdays import WorkCalendar
from pmo.models.revising import Revisable
from pmo.roles import Role
from portfolio.models.numbering import next_number
from portfolio.models.projects import Project
from portfolio.states import MilestoneKind


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def visible_to(self, user: Any) -> MilestoneQuerySet:
        return self.filter(project__in=Project.objects.visible_to(user))

    def open(self) -> MilestoneQuerySet:
        return self.filter(actual_on=None)

    def by_date(self) -> MilestoneQuerySet:
        """Order by the date that counts today: actual, else forecast, else baseline."""
        return self.annotate(counts_on=Coalesce("actual_on", "forecast_on", "baseline_on")).order_by(
            F("counts_on").asc(nulls_last=True), "pk"
        )


class Milestone(Revisable):
    """One dated event of a project: as first agreed, as agreed now, as expected, and as it happened."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="milestones")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=10, choices=MilestoneKind.choices, default=MilestoneKind.WORK)
    is_key = models.BooleanField(
        "key milestone", default=False, help_text="Its lateness counts in the computed schedule rating."
    )
    original_on = models.DateField("original baseline", null=True, blank=True)
    baseline_on = models.DateField("current baseline", null=True, blank=True)
    forecast_on = models.DateField("forecast", null=True, blank=True)
    actual_on = models.DateField("actual", null=True, blank=True)
    show_on_report = models.BooleanField("show on report", default=True)

    objects = MilestoneQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="portfolio_milestone_number_once"),
            models.UniqueConstraint(
                fields=["project", "name"],
                name="portfolio_milestone_name_once",
                violation_error_message="The project already has a milestone of this name.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("portfolio:milestone-list", args=[self.project.code]) + f"#milestone-{self.number}"

    @property
    def expected_on(self) -> dt.date | None:
        """Return the actual date, else the forecast, else the current baseline."""
        return self.actual_on or self.forecast_on or self.baseline_on

    # Verbs
    @classmethod
    @transaction.atomic
    def plan(cls, *, project: Project, by: Any, **values: Any) -> Milestone:
        """Add a milestone. A baseline given now is its original baseline for ever."""
        if not project.is_open:
            raise Refused("The project is over. Reopen it before you plan further.", "project_over")
        milestone = cls(project=project, number=next_number(cls, project), **values)
        milestone.original_on = milestone.original_on or milestone.baseline_on
        milestone.full_clean()
        save_as(milestone, by=by)
        milestone._keep_agreed(by)
        return milestone

    def _keep_agreed(self, by: Any) -> None:
        """Enter the date into the baseline of the project, once the project has one."""
        if self.baseline_on and self.project.is_agreed:
            self.project.keep_agreed(by=by)

    @transaction.atomic
    def revise(self, *, by: Any, changes: Mapping[str, Any], reason: str = "", version: int | None = None) -> list[str]:
        changed = super().revise(by=by, changes=changes, reason=reason, version=version)
        if "baseline_on" in changed:
            self._keep_agreed(by)
        return changed

    def check_revision(self, before: Mapping[str, Any], *, by: Any, reason: str) -> list[str]:
        if "original_on" in before or "number" in before:
            raise Refused("The original baseline and the number never change.", "fixed_for_ever")
        if "baseline_on" not in before:
            return []
        if before["baseline_on"] is None:
            self.original_on = self.original_on or self.baseline_on
        elif not self.project.is_agreed:
            self.original_on = self.baseline_on
        else:
            sentence = "The date was agreed; it changes by an approved change request for a new baseline only. Begin one."
            raise Refused(sentence, "by_change_only")
        return ["original_on"]

    @transaction.atomic
    def reach(self, *, by: Any, on: dt.date) -> None:
        """Mark the milestone as reached on `on`. Raises Refused when it is already, or when `on` lies in the future."""
        fresh = Milestone.objects.select_for_update().get(pk=self.pk)
        if fresh.actual_on:
            raise Refused("The milestone is marked as reached already.", "already_reached")
        if on > timezone.localdate():
            raise Refused("The day lies in the future. A milestone is reached when it has happened.", "reached_in_future")
        self.actual_on = on
        save_as(self, by=by, fields=["actual_on"], reason="Reached")

    @transaction.atomic
    def reopen(self, *, by: Any, reason: str) -> None:
        if not reason.strip():
            raise Refused("Say why the milestone is not reached after all.", "reason_missing")
        if not Milestone.objects.select_for_update().get(pk=self.pk).actual_on:
            raise Refused("The milestone is not marked as reached.", "not_reached")
        self.actual_on = None
        save_as(self, by=by, fields=["actual_on"], reason=reason)

    @transaction.atomic
    def remove(self, *, by: Any, reason: str) -> None:
        """Take a milestone out of the plan; its history stays. A baselined one goes only by the PMO manager, with a reason."""
        if not reason.strip():
            raise Refused("Say why the milestone is removed.", "reason_missing")
        if self.original_on and not by.has_role(Role.PMO_MANAGER):
            raise Refused("The milestone has a baseline; only the PMO manager removes it.", "agreed_office_only")
        self._history_user = by
        self._change_reason = reason
        self.delete()

    @transaction.atomic
    def show(self, *, by: Any, on_report: bool) -> None:
        """Put the milestone on the next weekly report, or take it off. An unchanged tick leaves no trace."""
        if self.show_on_report != on_report:
            self.show_on_report = on_report
            save_as(
                self, by=by, fields=["show_on_report"], reason="Shown on the report" if on_report else "Taken off the report"
            )

    def slip_days(self, calendar: WorkCalendar) -> int | None:
        """Return working days of the expected date after the current baseline; None when one of them is missing."""
        if self.expected_on is None or self.baseline_on is None:
            return None
        return calendar.between(self.baseline_on, self.expected_on)

    def original_slip_days(self, calendar: WorkCalendar) -> int | None:
        """Return working days of the expected date after the original baseline; None when one of them is missing."""
        if self.expected_on is None or self.original_on is None:
            return None
        return calendar.between(self.original_on, self.expected_on)
