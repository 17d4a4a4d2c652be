"""The registers of a project. Every entry has a number that is unique in its project and register, an owner and a tick for the report."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Max, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from portfolio.models.projects import Project
from portfolio.states import ActionStatus, DecisionStatus, DependencyStatus, IssueSeverity, IssueStatus, RiskResponse, RiskStatus

ONE_TO_FIVE = [MinValueValidator(1), MaxValueValidator(5)]


def next_number(model: type[models.Model], project: Project) -> int:
    """Return the next free number of `model` in `project`. One query; the unique constraint settles a race."""
    highest = model._base_manager.filter(project=project).aggregate(highest=Max("number"))["highest"]
    return (highest or 0) + 1


class RegisterQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: Any) -> RegisterQuerySet:
        return self.filter(project__in=Project.objects.visible_to(user))

    def open(self) -> RegisterQuerySet:
        return self.filter(status=self.model.OPEN_STATUS)

    def on_report(self) -> RegisterQuerySet:
        return self.open().filter(show_on_report=True)


class RegisterEntry(models.Model):
    """What every entry of a register has."""

    OPEN_STATUS = "open"
    URL_NOUN = ""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="%(class)ss")
    number = models.PositiveIntegerField(editable=False)
    title = models.CharField(max_length=240)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="owned_%(class)ss")
    show_on_report = models.BooleanField("show on report", default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RegisterQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.number}: {self.title}".capitalize()

    def get_absolute_url(self) -> str:
        return reverse(f"portfolio:{self.URL_NOUN}-detail", args=[self.project.code, self.number])


def numbered(name: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(fields=["project", "number"], name=f"portfolio_{name}_number_once")


class RiskQuerySet(RegisterQuerySet):
    def worst_first(self) -> RiskQuerySet:
        return self.annotate(exposure=F("probability") * F("impact")).order_by("-exposure", "next_action_on", "number")


class Risk(RegisterEntry):
    """Something that may happen to a project: if …, then …; how likely and how bad, before and after treatment, and who does what next."""

    URL_NOUN = "risk"

    title = models.CharField("risk", max_length=240, help_text="If (cause), then (effect).")
    description = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=RiskStatus.choices, default=RiskStatus.OPEN)
    probability = models.PositiveSmallIntegerField(validators=ONE_TO_FIVE, help_text="1 rare to 5 almost certain, before treatment.")
    impact = models.PositiveSmallIntegerField(validators=ONE_TO_FIVE, help_text="1 slight to 5 severe, before treatment.")
    treated_probability = models.PositiveSmallIntegerField("probability after treatment", null=True, blank=True, validators=ONE_TO_FIVE)
    treated_impact = models.PositiveSmallIntegerField("impact after treatment", null=True, blank=True, validators=ONE_TO_FIVE)
    chance_pct = models.DecimalField("chance in percent", max_digits=5, decimal_places=2, null=True, blank=True,
                                     validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))])
    cost_amount = models.DecimalField("cost if it happens", max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(Decimal(0))])
    proximity_on = models.DateField("could happen from", null=True, blank=True)
    response = models.CharField(max_length=10, choices=RiskResponse.choices, default=RiskResponse.MITIGATE)
    treatment = models.TextField(blank=True, help_text="What is being done about it.")
    next_action = models.CharField(max_length=240, blank=True)
    next_action_on = models.DateField("next action by", null=True, blank=True)
    progressed_on = models.DateField("treatment last progressed", null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    objects = RiskQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(RegisterEntry.Meta):
        constraints = [
            numbered("risk"),
            models.CheckConstraint(condition=Q(status__in=RiskStatus.values), name="portfolio_risk_status_known"),
            models.CheckConstraint(condition=Q(probability__gte=1, probability__lte=5, impact__gte=1, impact__lte=5), name="portfolio_risk_scales_1_to_5"),
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


class Issue(RegisterEntry):
    """Something that has happened to a project and has to be resolved."""

    URL_NOUN = "issue"

    title = models.CharField("issue", max_length=240)
    description = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=IssueStatus.choices, default=IssueStatus.OPEN)
    severity = models.CharField(max_length=10, choices=IssueSeverity.choices, default=IssueSeverity.MINOR)
    raised_on = models.DateField()
    due_on = models.DateField("resolve by", null=True, blank=True)
    next_action = models.CharField(max_length=240, blank=True)
    resolved_on = models.DateField(null=True, blank=True)
    resolution = models.TextField(blank=True)
    from_risk = models.OneToOneField(Risk, null=True, blank=True, on_delete=models.PROTECT, related_name="became_issue", editable=False)

    history = HistoricalRecords()

    class Meta(RegisterEntry.Meta):
        constraints = [
            numbered("issue"),
            models.CheckConstraint(
                condition=Q(status=IssueStatus.RESOLVED, resolved_on__isnull=False) | Q(status=IssueStatus.OPEN, resolved_on__isnull=True),
                name="portfolio_issue_resolved_iff_date",
                violation_error_message="A resolved issue needs the date on which it was resolved, and an open one has none.",
            ),
        ]

    def age_days(self, on: dt.date) -> int:
        """Return the calendar days from raising to `on`, or to the resolution when it came earlier."""
        return max(0, (min(self.resolved_on or on, on) - self.raised_on).days)


class Decision(RegisterEntry):
    """A decision that a project needs from somebody, and what came of it."""

    OPEN_STATUS = "needed"
    URL_NOUN = "decision"

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
                condition=Q(status=DecisionStatus.DECIDED, decided_on__isnull=False) | (~Q(status=DecisionStatus.DECIDED) & Q(decided_on__isnull=True)),
                name="portfolio_decision_decided_iff_date",
                violation_error_message="A decision that was taken needs its date, and one that was not has none.",
            ),
        ]


class Action(RegisterEntry):
    """A piece of work that somebody has promised by a date."""

    URL_NOUN = "action"

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
                condition=Q(status=ActionStatus.DONE, done_on__isnull=False) | (~Q(status=ActionStatus.DONE) & Q(done_on__isnull=True)),
                name="portfolio_action_done_iff_date",
                violation_error_message="An action that is done needs the date, and one that is not has none.",
            ),
        ]


class Dependency(RegisterEntry):
    """Something that this project needs from another project, or from outside the portfolio, by a date."""

    URL_NOUN = "dependency"

    title = models.CharField("what is needed", max_length=240)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="dependencies")
    on_project = models.ForeignKey(Project, null=True, blank=True, on_delete=models.PROTECT, related_name="dependents", verbose_name="from project")
    on_outside = models.CharField("from outside", max_length=160, blank=True, help_text="Name the body when it is not a project of the portfolio.")
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
