from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from governance.document_states import SectionForm
from governance.states import Kind

#: The kinds that are written in the product, section by section.
DOCUMENT_KINDS = (Kind.DEFINITION, Kind.EXECUTION_PLAN)


class DocumentTemplate(models.Model):
    """One version of the sections that a kind of document has. A document keeps the version it was begun with.

    A published version never changes: editing begins the next one, of which each kind has at most one in work.
    """

    kind = models.CharField(max_length=16, choices=[(kind.value, kind.label) for kind in DOCUMENT_KINDS])
    version = models.PositiveIntegerField()
    note = models.CharField("what is new in it", max_length=240, blank=True)
    checks_given_up = models.TextField(
        "why checks are given up", blank=True, help_text="Where sections or columns that a check reads were taken out."
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="governance_template_version_once"),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(published_at=None),
                name="governance_template_one_in_work",
                violation_error_message="The next version of this template is already in work.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, template version {self.version}"

    @classmethod
    def current(cls, kind: str) -> DocumentTemplate:
        """Return the newest published version. Raises DoesNotExist while a kind has none."""
        return cls.objects.exclude(published_at=None).filter(kind=kind).order_by("-version")[:1].get()


class TemplateSection(models.Model):
    """One section of a template: a text, or a table with typed columns; with guidance, and the classes that must fill it in.

    `columns` is a list of {"key", "label", "type" (ColumnType), "required", "choices", "help"}.
    """

    template = models.ForeignKey(DocumentTemplate, on_delete=models.CASCADE, related_name="sections")
    key = models.SlugField(max_length=40)
    number = models.CharField(max_length=8)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    form = models.CharField(max_length=5, choices=SectionForm.choices, default=SectionForm.TEXT)
    guidance = models.TextField(blank=True, help_text="Stands beside the section while it is written.")
    required_from_class = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The lowest class that must fill it in; empty where nobody must."
    )
    columns = models.JSONField(default=list, blank=True)
    least_rows = models.PositiveSmallIntegerField(default=1, help_text="Rows that a required table needs.")
    is_confidential = models.BooleanField(
        "confidential until award", default=False, help_text="Rows without an award date stay in the office."
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["template", "position"]
        constraints = [
            models.UniqueConstraint(fields=["template", "key"], name="governance_templatesection_key_once"),
            models.CheckConstraint(
                condition=Q(required_from_class__isnull=True) | Q(required_from_class__range=(1, 4)),
                name="governance_templatesection_class_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def is_required(self, governance_class: int) -> bool:
        return self.required_from_class is not None and governance_class >= self.required_from_class

    @property
    def is_table(self) -> bool:
        return self.form == SectionForm.TABLE
