"""Every text column of governance, filled with the naughty strings behind the back of the forms, whatever it may hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from pmo.lib.canonical import canonical_json, sha256_of
from tests.nasty.strings import marked

#: Text columns that no person writes: digests, codes of the product itself, names of sources, what follows from elsewhere.
NOT_TYPED = {
    "record_sha256", "content_sha256", "entry_sha256", "previous_sha256", "sha256", "public_id", "content_type", "built_with",
    "key", "section", "row", "kind_in_source", "source", "strip", "currency", "edition", "status", "test", "number", "code",
    "role", "path", "benefits_after",
}  # fmt: skip
#: Models whose rows are shown as part of other pages' figures, or belong to reports and the office's clocks.
NOT_HERE = {
    "ProjectStanding", "StandingSnapshot", "ChainHead", "SignOff", "StoredPdf", "StatusReport", "ReportRating",
    "RatingChallenge", "PlanReconciliation", "Deliverable", "ThresholdSet", "Threshold", "Review", "RouteStep",
}  # fmt: skip
#: Columns that hold JSON, each with what in it was typed.
SEALED = {"content", "record"}


def text_columns() -> Iterator[tuple[type[models.Model], str]]:
    """Yield every column of governance into which a person's words get."""
    for model in apps.get_app_config("governance").get_models():
        name = model.__name__
        if name in NOT_HERE or name.startswith("Historical"):
            continue
        for field in model._meta.concrete_fields:
            is_text = isinstance(field, models.CharField | models.TextField) and not isinstance(field, models.URLField)
            if is_text and not field.choices and field.name not in NOT_TYPED | SEALED:
                yield model, field.name


def soak(body: str) -> set[str]:
    """Fill every text that is not empty, and return the keys (Model.column) of all columns that hold one now."""
    filled = set()
    for model, name in text_columns():
        for key in model._base_manager.exclude(**{name: ""}).values_list("pk", flat=True):
            word = f"{model.__name__}.{name}"
            model._base_manager.filter(pk=key).update(**{name: marked(f"{word}:{key}", body)})
            filled.add(word)
    filled |= _soak_rows(body) | _soak_columns(body) | _soak_sealed(body)
    return filled


def _soak_rows(body: str) -> set[str]:
    """Fill the cells of the tables of documents that hold words."""
    from governance.models import DocumentSection

    for section in DocumentSection.objects.exclude(rows=[]).select_related("section"):
        plain = {column["key"] for column in section.section.columns if column["type"] in {"text", "long"}}
        for row in section.rows:
            row["cells"] = {
                key: marked(f"DocumentSection.rows:{section.pk}.{key}", body) if key in plain and cell else cell
                for key, cell in row["cells"].items()
            }
        DocumentSection.objects.filter(pk=section.pk).update(rows=section.rows)
    return {"DocumentSection.rows"}


def _soak_columns(body: str) -> set[str]:
    """Fill labels and hints of the columns of templates that are in work."""
    from governance.models import TemplateSection

    for section in TemplateSection.objects.exclude(columns=[]):
        for column in section.columns:
            column["label"] = marked(f"TemplateSection.columns:{section.pk}.{column['key']}", body)
        TemplateSection.objects.filter(pk=section.pk).update(columns=section.columns)
    return {"TemplateSection.columns"}


#: What in a sealed text was typed by a person.
TYPED = {
    "text", "answer", "note", "reason", "rationale", "minutes", "risk_summary", "recommendation", "description", "title",
    "consequence", "assessment", "capacity", "change_summary", "root_cause", "scope_effect", "quality_effect", "risk_effect",
    "benefits_effect", "resources_effect", "funding_source",
}  # fmt: skip


def _soak_sealed(body: str) -> set[str]:
    from governance.models import ChangeRequest, DeliverableVersion, GateReview

    filled = set()
    for model, names in ((DeliverableVersion, ("content", "record")), (GateReview, ("record",)), (ChangeRequest, ("record",))):
        for name in names:
            rows: Any = model._base_manager.exclude(**{name: ""})
            if model is DeliverableVersion:
                rows = rows.filter(document__isnull=False)
            for key, stored in rows.values_list("pk", name):
                word = f"{model.__name__}.{name}"
                # Alike in all versions, so that no page has to compare them.
                text = canonical_json(_filled(json.loads(stored), word, body))
                rows.filter(pk=key).update(**{name: text, f"{name}_sha256": sha256_of(text)})
                filled.add(word)
    return filled


def _filled(value: Any, key: str, body: str, name: str = "") -> Any:
    if isinstance(value, dict):
        return {
            one: _cells(other, key, body) if one == "cells" else _filled(other, key, body, one) for one, other in value.items()
        }
    if isinstance(value, list):
        return [_filled(one, key, body, name) for one in value]
    return marked(key, body) if isinstance(value, str) and value and name in TYPED else value


def _cells(cells: dict[str, str], key: str, body: str) -> dict[str, str]:
    """Fill the cells whose words are prose; dates, figures and choices stay."""
    return {name: marked(key, body) if " " in cell else cell for name, cell in cells.items()}
