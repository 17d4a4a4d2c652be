from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from simple_history.models import HistoricalRecords

from governance.models.templates import DOCUMENT_KINDS, DocumentTemplate, TemplateSection
from governance.states import Decision
from portfolio.models import Project


def life() -> Any:
    from governance.documents import life as module

    return module


class Document(models.Model):
    """The content of one version of a definition document or an execution plan: sections as their template names them."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.label) for kind in DOCUMENT_KINDS])
    template = models.ForeignKey(DocumentTemplate, on_delete=models.PROTECT, related_name="documents")
    begun_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    is_frozen = models.BooleanField(default=False, editable=False)

    history = HistoricalRecords()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.project.code}"

    def get_absolute_url(self) -> str:
        return reverse("governance:document-detail", args=[self.project.code, self.kind.replace("_", "-")])

    # What the review engine asks of every content row; it stands in governance.documents.life, which needs the models.

    def freeze(self, version: Any, *, by: Any, at: dt.datetime) -> dict[str, Any]:
        return life().freeze(self, version, by=by, at=at)

    def review_due_at(self, at: dt.datetime) -> dt.datetime:
        return life().review_due_at(self, at)

    def after_submission(self, version: Any, *, by: Any, at: dt.datetime) -> None:
        life().after_submission(self, version, by=by, at=at)

    def after_withdrawal(self, version: Any, *, by: Any, at: dt.datetime) -> None:
        life().after_withdrawal(self, version, by=by, at=at)

    def weigh(self, version: Any, decision: Decision, terms: Mapping[str, Any]) -> dict[str, Any]:
        return life().weigh(self, version, decision, terms)

    def settle(self, decision: Decision, weighed: Mapping[str, Any], *, by: Any) -> None:
        life().settle(self, decision, weighed, by=by)

    def after_decision(self, version: Any, decision: Decision, *, by: Any, at: dt.datetime) -> None:
        life().after_decision(self, version, decision, by=by, at=at)

    def fault(self, version: Any) -> str:
        return life().fault(self, version)


class DocumentSection(models.Model):
    """What one section of one document says: `text` in Markdown, or `rows`, a list of {"row": id, "cells": {column: text}}.

    A row keeps its id from version to version, so that a comparison and a finding find it again.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="sections")
    section = models.ForeignKey(TemplateSection, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    rows = models.JSONField(default=list, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)
    saved_at = models.DateTimeField(null=True, editable=False)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    editing_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    editing_at = models.DateTimeField(null=True, editable=False)

    history = HistoricalRecords(excluded_fields=["editing_by", "editing_at"])

    class Meta:
        ordering = ["section__position"]
        constraints = [models.UniqueConstraint(fields=["document", "section"], name="governance_documentsection_once")]

    def __str__(self) -> str:
        return str(self.section)

    @property
    def is_empty(self) -> bool:
        return not (self.rows if self.section.is_table else self.text.strip())
