"""The registers of a project: risks, issues, decisions, actions and dependencies."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from pmo.lib.errors import Refused
from portfolio.models.entries import RegisterEntry, RegisterQuerySet, need_reason, numbered
from portfolio.models.numbering import next_number
from portfolio.models.projects import Project
from portfolio.states import (
    ACTION_MOVES,
    DECISION_MOVES,
    DEPENDENCY_MOVES,
    ISSUE_MOVES,
    RISK_MOVES,
    ActionStatus,
    DecisionStatus,
    DependencyStatus,
    IssueSeverity,
    IssueStatus,
    RiskResponse,
    RiskStatus,
)

__all__ = ["Action", "Decision", "Dependency", "Issue", "RegisterEntry", "Risk", "next_number"]

ONE_TO_FIVE = [MinValueValidator(1), MaxValueValidator(5)]


def not_in_future(on: dt.date) -> None:
    if on > timezone.localdate():
        raise Refused("The day lies in the future. Give the day on which it happened.", "day_in_future")


class RiskQuerySet(RegisterQuerySet):
    def with_score(self) -> RiskQuerySet:
        """Give each risk `exposure`, its score before treatment, as the database computes it."""
        return self.annotate(exposure=F("probability") * F("impact"))

    def worst_first(self) -> RiskQuerySet:
        return self.with_score().order_by("-exposure", "next_action_on", "number")


class Risk(RegisterEntry):
    """Something that may happen to a project: how likely and how bad, before and after treatment, and who does what next."""

    URL_NOUN = "risk"
    MOVES = RISK_MOVES

    title = models.CharField("risk", max_length=240, help_text="If (cause), then (effect).")
    description = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=RiskStatus.choices, default=RiskStatus.OPEN)
    probability = models.PositiveSmallIntegerField(
        validators=ONE_TO_FIVE, help_text="1 rare to 5 almost certain, before treatment."
    )
    impact = models.PositiveSmallIntegerField(validators=ONE_TO_FIVE, help_text="1 slight to 5 severe, before treatment.")
    treated_probability = models.PositiveSmallIntegerField(
        "probability after treatment", null=True, blank=True, validators=ONE_TO_FIVE
    )
    treated_impact = models.PositiveSmallIntegerField("impact after treatment", null=True, blank=True, validators=ONE_TO_FIVE)
    chance_pct = models.DecimalField(
        "chance in percent",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )
    cost_amount = models.DecimalField(
        "cost if it happens", max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(Decimal(0))]
    )
    proximity_on = models.DateField("could happen from", null=True, blank=True)
    response = models.CharField(max_length=10, choices=RiskResponse.choices, default=RiskResponse.MITIGATE)
    treatment = models.TextField(blank=True, help_text="What is being done about it.")
    next_action = models.CharField(max_length=240, blank=True)
    next_action_on = models.DateField("next action by", null=True, blank=True)
    progressed_on = models.DateField("treatment last progressed", null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    objects = RiskQuerySet.as_manager()  # type: ignore[misc]
    history = HistoricalRecords()

    class Meta(RegisterEntry.Meta):
        constraints = [
            numbered("risk"),
            models.CheckConstraint(condition=Q(status__in=RiskStatus.values), name="portfolio_risk_status_known"),
            models.CheckConstraint(
                condition=Q(probability__gte=1, probability__lte=5, impact__gte=1, impact__lte=5),
                name="portfolio_risk_scales_1_to_5",
            ),
        ]

    @property
    def score(self) -> int:
        """Return probability times impact before treatment, 1 to 25."""
        return self.probability * self.impact

    @property
    def treated_score(self) -> int | None:
        """Return the score after treatment, or None while it is not estimated."""
        if self.treated_probability is None or self.treated_impact is None:
            return None
        return self.treated_probability * self.treated_impact

    @property
    def expected_amount(self) -> Decimal | None:
        """Return the expected monetary value, chance times cost, in dollars to the cent; None when either is missing."""
        if self.chance_pct is None or self.cost_amount is None:
            return None
        return (self.chance_pct / 100 * self.cost_amount).quantize(Decimal("0.01"), ROUND_HALF_EVEN)

    def close(self, *, by: Any, reason: str) -> None:
        """Close a risk that can no longer happen."""
        need_reason(reason, "Say why the risk is over.")
        self.move_to(RiskStatus.CLOSED, by=by, reason=reason, refusal="The risk is not open.", closed_on=timezone.localdate())

    def reopen(self, *, by: Any, reason: str) -> None:
        need_reason(reason, "Say why the risk is back.")
        self.move_to(RiskStatus.OPEN, by=by, reason=reason, refusal="Only a closed risk can be reopened.", closed_on=None)

    @transaction.atomic
    def becomes_issue(self, *, by: Any, on: dt.date, severity: str = IssueSeverity.MAJOR) -> Issue:
        """The risk has happened: close it as such and record the issue it became, each linked to the other."""
        not_in_future(on)
        refusal = "Only an open risk can become an issue."
        self.move_to(RiskStatus.REALISED, by=by, reason="Happened, became an issue", refusal=refusal, closed_on=on)
        return Issue.record(
            project=self.project,
            by=by,
            reason=f"Risk {self.number} happened",
            title=self.title,
            description=self.description,
            owner=self.owner,
            severity=severity,
            raised_on=on,
            show_on_report=self.show_on_report,
            from_risk=self,
        )


class Issue(RegisterEntry):
    """Something that has happened to a project and has to be resolved."""

    URL_NOUN = "issue"
    MOVES = ISSUE_MOVES

    title = models.CharField("issue", max_length=240)
    description = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=IssueStatus.choices, default=IssueStatus.OPEN)
    severity = models.CharField(max_length=10, choices=IssueSeverity.choices, default=IssueSeverity.MINOR)
    raised_on = models.DateField()
    due_on = models.DateField("resolve by", null=True, blank=True)
    next_action = models.CharField(max_length=240, blank=True)
    resolved_on = models.DateField(null=True, blank=True)
    resolution = models.TextField(blank=True)
    from_risk = models.OneToOneField(
        Risk, null=True, blank=True, on_delete=models.PROTECT, related_name="became_issue", editable=False
    )

    history = HistoricalRecords()

    class Meta(RegisterEntry.Meta):
        constraints = [
            numbered("issue"),
            models.CheckConstraint(
                condition=Q(status=IssueStatus.RESOLVED, resolved_on__isnull=False)
                | Q(status=IssueStatus.OPEN, resolved_on__isnull=True),
                name="portfolio_issue_resolved_iff_date",
                violation_error_message="A resolved issue needs the date on which it was resolved, and an open one has none.",
            ),
        ]

    def age_days(self, on: dt.date) -> int:
        """Return the calendar days from raising to `on`, or to the resolution when it came earlier."""
        return max(0, (min(self.resolved_on or on, on) - self.raised_on).days)

    def resolve(self, *, by: Any, resolution: str, on: dt.date) -> None:
        need_reason(resolution, "Say how the issue was resolved.")
        not_in_future(on)
        if on < self.raised_on:
            raise Refused("The issue was raised after that day. Correct one of the two dates.", "resolved_before_raised")
        self.move_to(
            IssueStatus.RESOLVED,
            by=by,
            reason="Resolved",
            refusal="The issue is resolved already.",
            resolved_on=on,
            resolution=resolution,
        )

    def reopen(self, *, by: Any, reason: str) -> None:
        need_reason(reason, "Say why the issue is open again.")
        self.move_to(IssueStatus.OPEN, by=by, reason=reason, refusal="The issue is open already.", resolved_on=None)


class Decision(RegisterEntry):
    """A decision that a project needs from somebody, and what came of it."""

    OPEN_STATUS = "needed"
    URL_NOUN = "decision"
    MOVES = DECISION_MOVES

    title = models.CharField("decision", max_length=240)
    description = models.TextField("background and options", blank=True)
    status = models.CharField(max_length=10, choices=DecisionStatus.choices, default=DecisionStatus.NEEDED)
    needed_from = models.CharField("needed from", max_length=160, help_text="A person or a body, by name.")
    needed_by_on = models.DateField("needed by")
    consequence = models.TextField("consequence of delay", blank=True)
    outcome = models.TextField(blank=True)
    decided_on = models.DateField(null=True, blank=True)

    history = HistoricalRecords()

    class Meta(RegisterEntry.Meta):
        constraints = [
            numbered("decision"),
            models.CheckConstraint(
                condition=Q(status=DecisionStatus.DECIDED, decided_on__isnull=False)
                | (~Q(status=DecisionStatus.DECIDED) & Q(decided_on__isnull=True)),
                name="portfolio_decision_decided_iff_date",
                violation_error_message="A decision that was taken needs its date, and one that was not has none.",
            ),
        ]

    def decide(self, *, by: Any, outcome: str, on: dt.date) -> None:
        """Record what was decided. `by` writes it down; who decided stands in `needed_from`."""
        need_reason(outcome, "Write down what was decided.")
        not_in_future(on)
        refusal = "The decision is not waiting any more."
        self.move_to(DecisionStatus.DECIDED, by=by, reason="Decided", refusal=refusal, decided_on=on, outcome=outcome)

    def drop(self, *, by: Any, reason: str) -> None:
        need_reason(reason, "Say why the decision is no longer needed.")
        self.move_to(DecisionStatus.DROPPED, by=by, reason=reason, refusal="The decision is not waiting any more.")

    def reopen(self, *, by: Any, reason: str) -> None:
        need_reason(reason, "Say why the decision is needed again.")
        self.move_to(DecisionStatus.NEEDED, by=by, reason=reason, refusal="The decision is waiting already.", decided_on=None)


class Action(RegisterEntry):
    """A piece of work that somebody has promised by a date."""

    URL_NOUN = "action"
    MOVES = ACTION_MOVES

    title = models.CharField("action", max_length=240)
    description = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=ActionStatus.choices, default=ActionStatus.OPEN)
    due_on = models.DateField("due", null=True, blank=True)
    done_on = models.DateField("done", null=True, blank=True)
    outcome = models.TextField(blank=True)

    history = HistoricalRecords()

    class Meta(RegisterEntry.Meta):
        constraints = [
            numbered("action"),
            models.CheckConstraint(
                condition=Q(status=ActionStatus.DONE, done_on__isnull=False)
                | (~Q(status=ActionStatus.DONE) & Q(done_on__isnull=True)),
                name="portfolio_action_done_iff_date",
                violation_error_message="An action that is done needs the date, and one that is not has none.",
            ),
        ]

    def finish(self, *, by: Any, outcome: str, on: dt.date) -> None:
        not_in_future(on)
        self.move_to(
            ActionStatus.DONE, by=by, reason="Done", refusal="The action is not open any more.", done_on=on, outcome=outcome
        )

    def drop(self, *, by: Any, reason: str) -> None:
        need_reason(reason, "Say why the action is dropped.")
        self.move_to(ActionStatus.DROPPED, by=by, reason=reason, refusal="The action is not open any more.")

    def reopen(self, *, by: Any, reason: str) -> None:
        need_reason(reason, "Say why the action is open again.")
        self.move_to(ActionStatus.OPEN, by=by, reason=reason, refusal="The action is open already.", done_on=None)


class Dependency(RegisterEntry):
    """Something that this project needs from another project, or from outside the portfolio, by a date."""

    URL_NOUN = "dependency"
    MOVES = DEPENDENCY_MOVES

    title = models.CharField("what is needed", max_length=240)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="dependencies")
    on_project = models.ForeignKey(
        Project, null=True, blank=True, on_delete=models.PROTECT, related_name="dependents", verbose_name="from project"
    )
    on_outside = models.CharField(
        "from outside", max_length=160, blank=True, help_text="Name the body when it is not a project of the portfolio."
    )
    description = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=DependencyStatus.choices, default=DependencyStatus.OPEN)
    needed_on = models.DateField("needed by")
    promised_on = models.DateField("promised for", null=True, blank=True)

    history = HistoricalRecords()

    class Meta(RegisterEntry.Meta):
        verbose_name_plural = "dependencies"
        constraints = [
            numbered("dependency"),
            models.CheckConstraint(
                condition=(Q(on_project__isnull=False) & Q(on_outside="")) | (Q(on_project__isnull=True) & ~Q(on_outside="")),
                name="portfolio_dependency_one_source",
                violation_error_message="Choose a project or name a body outside, and not both.",
            ),
            models.CheckConstraint(
                condition=Q(on_project__isnull=True) | ~Q(on_project=F("project")),
                name="portfolio_dependency_not_itself",
                violation_error_message="A project cannot depend on itself.",
            ),
        ]

    def meet(self, *, by: Any, reason: str = "") -> None:
        """What was needed is there."""
        self.move_to(DependencyStatus.MET, by=by, reason=reason or "Met", refusal="The dependency is settled already.")

    def fail(self, *, by: Any, reason: str) -> None:
        """What was needed will not come as promised."""
        need_reason(reason, "Say what does not come and what it means.")
        self.move_to(DependencyStatus.BROKEN, by=by, reason=reason, refusal="The dependency is not open.")

    def drop(self, *, by: Any, reason: str) -> None:
        need_reason(reason, "Say why it is no longer needed.")
        self.move_to(DependencyStatus.DROPPED, by=by, reason=reason, refusal="The dependency is settled already.")

    @property
    def source(self) -> str:
        """Who has to deliver: the other project, or the body outside. Reads the project, so select it with the row."""
        return str(self.on_project) if self.on_project else self.on_outside
