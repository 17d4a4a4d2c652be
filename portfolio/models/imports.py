from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from pmo.roles import Role
from portfolio.models.projects import Project

#: How long the file itself is kept; the report of what became of it stays.
KEEP_FILE = dt.timedelta(days=90)
GIVEN_UP = "The import was not finished within 90 days. Bring the file in again."


#: `options["what"]` of a file that holds the gates of another house; one without it holds a portfolio.
GATES = "gates"


class ImportState(models.TextChoices):
    READ = "read", "Read, columns to be confirmed"
    CHECKED = "checked", "Checked, ready to import"
    IMPORTED = "imported", "Imported"
    REFUSED = "refused", "Refused"


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, user: Any) -> ImportRunQuerySet:
        """Return the imports that `user` may read: all for the PMO manager and the auditor, none for anybody else."""
        if user.is_authenticated and user.is_active and user.has_role(Role.PMO_MANAGER, Role.AUDITOR):
            return self.all()
        return self.none()

    def without_file(self) -> ImportRunQuerySet:
        """Leave the file in the database: for lists and reports."""
        return self.defer("raw")

    def forget_files(self, *, at: dt.datetime) -> int:
        """Empty the files that were brought in more than 90 days before `at`, and give up imports left unfinished so long.

        Returns how many.
        """
        old = self.filter(uploaded_at__lt=at - KEEP_FILE).exclude(raw=b"")
        unfinished = old.filter(state__in=[ImportState.READ, ImportState.CHECKED])
        given_up = unfinished.update(state=ImportState.REFUSED, raw=b"", summary={"refusal": GIVEN_UP, "code": "given_up"})
        return given_up + old.update(raw=b"")


class ImportRun(models.Model):
    """One file that somebody brought in: what was found in it, how its columns were read, and what became of its rows."""

    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    raw = models.BinaryField(help_text="The file as it came, at most 20 MB; emptied after 90 days.")
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.READ)
    encoding = models.CharField(max_length=40, blank=True)
    delimiter = models.CharField(max_length=4, blank=True)
    sheet = models.CharField(max_length=80, blank=True)
    header_row = models.PositiveIntegerField(default=1)
    options = models.JSONField(default=dict, help_text="Column mapping, source name, currency, unit, date order, mode.")
    summary = models.JSONField(default=dict, help_text="Counts of rows read, accepted, rejected, created, changed, unchanged.")
    imported_at = models.DateTimeField(null=True, blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(state="imported") & models.Q(imported_at__isnull=False))
                | (~models.Q(state="imported") & models.Q(imported_at__isnull=True)),
                name="portfolio_importrun_imported_iff_at",
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_name}, {timezone.localtime(self.uploaded_at):%d %b %Y %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("governance:import-detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether columns may still be changed and the rows imported."""
        return self.state in {ImportState.READ, ImportState.CHECKED}

    @property
    def is_of_gates(self) -> bool:
        return self.options.get("what") == GATES


class ColumnMapping(models.Model):
    """How the columns of a file with these headings were read last time; offered when such a file comes again."""

    headings_sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    options = models.JSONField(default=dict)
    used_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class FindingLevel(models.TextChoices):
    REJECTED = "rejected", "Row rejected"
    WARNING = "warning", "Imported with a remark"
    QUALITY = "quality", "Data-quality finding"


class ImportFinding(models.Model):
    """One remark on one row of one import: where, which column, what is wrong and what to do."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="findings")
    level = models.CharField(max_length=10, choices=FindingLevel.choices)
    row_number = models.PositiveIntegerField()
    column = models.CharField(max_length=120, blank=True)
    value = models.CharField(max_length=240, blank=True)
    code = models.CharField(max_length=40)
    message = models.CharField(max_length=400)

    class Meta:
        ordering = ["row_number", "pk"]

    def __str__(self) -> str:
        return f"Row {self.row_number}: {self.message}"


class LineKind(models.TextChoices):
    CREATED = "created", "New project"
    CHANGED = "changed", "Changed"
    UNCHANGED = "unchanged", "Unchanged"


class ImportLine(models.Model):
    """What one import does, or did, to one project: each field as it was and as it is."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="lines")
    row_number = models.PositiveIntegerField(help_text="The row that speaks for the project: the latest one of its code.")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=LineKind.choices)
    standings = models.PositiveIntegerField(default=0, help_text="How many dated rows of history are new or changed.")
    changes = models.JSONField(default=list, help_text="[label, was, is] for each field.")

    class Meta:
        ordering = ["row_number", "pk"]
        indexes = [models.Index(fields=["run", "kind"], name="portfolio_importline_kind")]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=LineKind.values), name="portfolio_importline_kind_known")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.get_kind_display()}"


class ImportedStanding(models.Model):
    """What a source said of a project on one date, in its own words. Imported, not reviewed: never a published rating."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="imported_standings")
    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="standings")
    as_of = models.DateField()
    rating_text = models.CharField(max_length=400, blank=True)
    phase_text = models.CharField(max_length=120, blank=True)
    comment = models.TextField(blank=True)
    forecast_finish_on = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="USD")
    amount_unit = models.PositiveIntegerField(default=1, help_text="How many units of the currency one of its figures is.")
    budget_amount = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    forecast_amount = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    other = models.JSONField(default=dict, help_text="Every further cell of the row, by its heading.")

    class Meta:
        ordering = ["-as_of", "-pk"]
        constraints = [models.UniqueConstraint(fields=["project", "as_of"], name="portfolio_importedstanding_one_a_day")]

    def __str__(self) -> str:
        return f"{self.project} as of {self.as_of}"
