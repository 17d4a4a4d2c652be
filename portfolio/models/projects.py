from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from pmo.roles import Role
from portfolio.states import GovernanceClass, MemberRole, Phase, Priority, ProjectStatus

#: Roles that read every project's working pages (`tests/access_matrix.py` holds the whole table).
READ_ALL = (Role.PMO_MANAGER, Role.EXECUTIVE, Role.FINANCE, Role.AUDITOR)

code_validator = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9._-]*$", "Use letters, digits, dots, hyphens and underscores, beginning with a letter or digit.", code="code_form"
)


class Department(models.Model):
    """A department of the city for which projects are done."""

    name = models.CharField(max_length=160, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Program(models.Model):
    """Projects that are led together towards one result."""

    code = models.CharField(max_length=20, unique=True, validators=[code_validator])
    name = models.CharField(max_length=160)
    purpose = models.TextField(blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="owned_programs")
    is_active = models.BooleanField(default=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("portfolio:program-detail", args=[self.code])


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
        own = ProjectMember.objects.filter(user=user).values("project_id")
        return self.filter(Q(pk__in=own) | Q(sponsor=user) | Q(business_owner=user))

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
        user.__dict__["manages_any"] = Project.objects.filter(project_manager=user).exclude(
            status__in=[ProjectStatus.CLOSED, ProjectStatus.CANCELLED]
        ).exists()
    return bool(user.__dict__["manages_any"])


class Project(models.Model):
    """One project of the portfolio: what it is for, who answers for it, and its agreed, current and expected dates and money."""

    code = models.CharField(max_length=40, unique=True, validators=[code_validator], help_text="Never changes; it stands in links and reports.")
    name = models.CharField(max_length=200)
    purpose = models.TextField(blank=True, help_text="One or two sentences: what will be different for whom. Stakeholders read it.")
    program = models.ForeignKey(Program, null=True, blank=True, on_delete=models.PROTECT, related_name="projects")
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="projects")
    sponsor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="sponsored_projects")
    business_owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="owned_projects")
    project_manager = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="managed_projects")
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through="ProjectMember", related_name="member_projects")

    phase = models.CharField(max_length=12, choices=Phase.choices, default=Phase.INTAKE)
    status = models.CharField(max_length=10, choices=ProjectStatus.choices, default=ProjectStatus.ACTIVE)
    governance_class = models.PositiveSmallIntegerField(
        "governance class", choices=GovernanceClass.choices, default=GovernanceClass.CLASS_1,
        help_text="Follows from the ten questions of the class score; it may be raised by hand, with a reason.",
    )
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.MEDIUM)
    is_reporting = models.BooleanField("owes status reports", default=True)
    reporting_from_on = models.DateField("first status date", null=True, blank=True, help_text="Reports are due for weeks that end on or after this date.")

    # Dates. The original baseline is never overwritten; the current one changes only by an approved change.
    start_on = models.DateField("start", null=True, blank=True)
    original_finish_on = models.DateField("original baseline finish", null=True, blank=True)
    baseline_finish_on = models.DateField("current baseline finish", null=True, blank=True)
    baseline_number = models.PositiveSmallIntegerField("baseline number", default=0)
    rebaselined_on = models.DateField("last re-baselined", null=True, blank=True)
    forecast_finish_on = models.DateField("forecast finish", null=True, blank=True)
    actual_finish_on = models.DateField("actual finish", null=True, blank=True)

    # Money, in the unit and currency of its source. A foreign amount never enters a dollar total.
    currency = models.CharField(max_length=3, default="USD", validators=[RegexValidator(r"^[A-Z]{3}$", "Give the three-letter code of the currency.")])
    amount_unit = models.PositiveIntegerField("unit of amounts", default=1, choices=[(1, "units"), (1_000, "thousands"), (1_000_000, "millions")])
    budget_amount = models.DecimalField("approved budget", max_digits=16, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(Decimal(0))])
    spent_amount = models.DecimalField("spent", max_digits=16, decimal_places=2, null=True, blank=True)
    committed_amount = models.DecimalField("committed", max_digits=16, decimal_places=2, null=True, blank=True, help_text="Ordered and not yet invoiced.")
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
            models.CheckConstraint(condition=Q(governance_class__gte=1, governance_class__lte=4), name="portfolio_project_class_1_to_4"),
            models.CheckConstraint(
                condition=Q(start_on__isnull=True) | Q(baseline_finish_on__isnull=True) | Q(baseline_finish_on__gte=F("start_on")),
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
            raise ValidationError({"sponsor": ValidationError("The sponsor cannot also be the project manager.", code="sponsor_is_manager")})

    @property
    def variance_amount(self) -> Decimal | None:
        """Return forecast minus approved budget (positive = over), in the project's unit; None when either is missing."""
        if self.forecast_amount is None or self.budget_amount is None:
            return None
        return self.forecast_amount - self.budget_amount

    @property
    def is_open(self) -> bool:
        return self.status in {ProjectStatus.ACTIVE, ProjectStatus.ON_HOLD}


class ProjectMember(models.Model):
    """One person's part in one project."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=MemberRole.choices, default=MemberRole.MEMBER)
    note = models.CharField(max_length=160, blank=True, help_text="What the person does on this project.")

    history = HistoricalRecords()

    class Meta:
        ordering = ["user__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "user"], name="portfolio_member_once", violation_error_message="This person is already a member of the project."
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"
