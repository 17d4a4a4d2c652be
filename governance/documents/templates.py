"""Templates of documents: the PMO manager begins a next version, changes it and publishes it. What is published stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from governance.document_states import SectionForm
from governance.documents.checks_lost import checks_lost
from governance.models import DocumentTemplate, TemplateSection
from pmo.lib.errors import Refused
from pmo.lib.history import save_as
from pmo.lib.storable import storable
from pmo.roles import Role

COPIED = (
    "key",
    "number",
    "position",
    "title",
    "form",
    "guidance",
    "required_from_class",
    "columns",
    "least_rows",
    "is_confidential",
)
EDITED = tuple(name for name in COPIED if name not in ("key", "position"))


def begin_next(kind: str, *, by: Any, at: dt.datetime) -> DocumentTemplate:
    """Begin the next version of a template as a copy of the one in force. Raises Refused: `not_office`, `already_begun`."""
    _require_office(by)
    with transaction.atomic():
        if DocumentTemplate.objects.filter(kind=kind, published_at=None).exists():
            raise Refused("The next version of this template is already in work.", "already_begun")
        current = DocumentTemplate.current(kind)
        made = DocumentTemplate(kind=kind, version=current.version + 1, created_by=by, created_at=at)
        save_as(made, by=by, reason="begun")
        for section in current.sections.all():
            copy = TemplateSection(template=made, **{name: getattr(section, name) for name in COPIED})
            save_as(copy, by=by, reason="copied")
    return made


def add_section(template: DocumentTemplate, values: Mapping[str, Any], *, by: Any) -> TemplateSection:
    """Add a section at the end. Raises Refused: `not_office`, `published`, `key_taken`, `no_columns`."""
    with transaction.atomic():
        _require_open(template, by)
        if template.sections.filter(key=values["key"]).exists():
            raise Refused("A section of this template has this short name already.", "key_taken")
        _require_columns(values)
        last = template.sections.order_by("-position").values_list("position", flat=True).first() or 0
        section = TemplateSection(template=template, position=last + 1, key=values["key"])
        _set(section, values)
        save_as(section, by=by, reason="section added")
    return section


def change_section(section: TemplateSection, values: Mapping[str, Any], *, by: Any) -> None:
    """Change a section; its short name stays, since documents find it again by that. Raises Refused as `add_section`."""
    with transaction.atomic():
        _require_open(section.template, by)
        _require_columns(values)
        _set(section, values)
        save_as(section, by=by, fields=list(EDITED), reason="section changed")


def move_section(section: TemplateSection, steps: int, *, by: Any) -> None:
    """Move a section up (-1) or down (1) by one place; at an end it stays. Raises Refused: `not_office`, `published`."""
    with transaction.atomic():
        _require_open(section.template, by)
        rows = list(section.template.sections.order_by("position", "pk"))
        place = next(place for place, row in enumerate(rows) if row.pk == section.pk)
        other = place + (1 if steps > 0 else -1)
        if 0 <= other < len(rows):
            rows[place], rows[other] = rows[other], rows[place]
        for position, row in enumerate(rows, start=1):
            if row.position != position:
                row.position = position
                save_as(row, by=by, fields=["position"], reason="section moved")


def delete_section(section: TemplateSection, *, by: Any) -> None:
    """Take a section out of the version in work. Raises Refused: `not_office`, `published`."""
    with transaction.atomic():
        _require_open(section.template, by)
        section._history_user = by  # type: ignore[attr-defined]
        section._change_reason = "section taken out"  # type: ignore[attr-defined]
        section.delete()


def publish(template: DocumentTemplate, *, by: Any, at: dt.datetime, note: str, given_up: str = "") -> None:
    """Put a version in force: new documents are begun with it, others keep theirs. Raises Refused.

    `not_office`, `published`, `note_missing`, `no_sections`, `checks_lost` unless `given_up` says why.
    """
    if not note.strip():
        raise Refused("Say what is new in this version.", "note_missing")
    with transaction.atomic():
        _require_open(template, by)
        if not template.sections.exists():
            raise Refused("A template needs at least one section.", "no_sections")
        lost = checks_lost(template)
        if lost and not given_up.strip():
            raise Refused(f"It gives up checks: {'; '.join(lost)}. Put back what they read, or say why.", "checks_lost")
        template.note, template.published_at = note.strip(), at
        template.checks_given_up = f"{'; '.join(lost)}: {storable(given_up).strip()}" if lost else ""
        save_as(template, by=by, fields=["note", "published_at", "checks_given_up"], reason="published")


def discard(template: DocumentTemplate, *, by: Any) -> None:
    """Throw the version in work away. Raises Refused: `not_office`, `published`."""
    with transaction.atomic():
        _require_open(template, by)
        template._history_user = by  # type: ignore[attr-defined]
        template._change_reason = "discarded"  # type: ignore[attr-defined]
        template.delete()


def _set(section: TemplateSection, values: Mapping[str, Any]) -> None:
    for name in EDITED:
        if name in values:
            setattr(section, name, values[name])
    if section.form == SectionForm.TEXT:
        section.columns = []


def _require_columns(values: Mapping[str, Any]) -> None:
    if values["form"] == SectionForm.TABLE and not values.get("columns"):
        raise Refused("A table needs at least one column.", "no_columns")


def _require_office(by: Any) -> None:
    if not by.has_role(Role.PMO_MANAGER):
        raise Refused("The PMO manager keeps the templates.", "not_office")


def _require_open(template: DocumentTemplate, by: Any) -> None:
    """Refuse what is published, read anew and locked, so that nothing slips in while somebody else publishes."""
    _require_office(by)
    fresh = DocumentTemplate.objects.select_for_update().filter(pk=template.pk).first()
    if fresh is None or fresh.published_at is not None:
        raise Refused("This version is published and does not change any more. Begin the next one.", "published")
