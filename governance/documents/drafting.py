"""Beginning and writing a document. Two people in one section never overwrite each other unseen."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from governance.models import Deliverable, DeliverableVersion, Document, DocumentSection, DocumentTemplate
from governance.separation import require_writer
from governance.states import OPEN_STATES, STANDING_STATES, VersionState
from pmo.lib.errors import Refused
from pmo.lib.history import save_as
from portfolio.models import Project


def deliverable_of(project: Project, kind: str, *, by: Any, at: dt.datetime) -> Deliverable:
    """Return the one deliverable of this kind that a project has, begun on first need."""
    found = Deliverable.objects.filter(project=project, kind=kind, number=1).first()
    if found is None:
        found = Deliverable(project=project, kind=kind, number=1, opened_at=at)
        save_as(found, by=by, reason="begun")
    return found


def start_document(
    project: Project, kind: str, *, by: Any, at: dt.datetime, begun_from: Document | None = None, change_summary: str = ""
) -> DeliverableVersion:
    """Begin the next version of a project's document, with the words of `begun_from`, by default of its latest version.

    Raises Refused: `not_writer`, `version_open` while another version is in work.
    """
    with transaction.atomic():
        # Of two people who begin at the same moment, the second waits here and finds the version of the first.
        deliverable = Deliverable.objects.select_for_update().get(pk=deliverable_of(project, kind, by=by, at=at).pk)
        earlier = deliverable.versions.order_by("-number").first()
        if earlier and earlier.state in OPEN_STATES:
            raise Refused("A version of this document is already in work. Open it to go on.", "version_open")
        document = Document(project=project, kind=kind, template=DocumentTemplate.current(kind))
        document.begun_from = begun_from or (earlier.document if earlier else None)
        version = DeliverableVersion(
            deliverable=deliverable, number=(earlier.number if earlier else 0) + 1, author=by, created_at=at
        )
        version.change_summary = change_summary
        require_writer(version, by)
        _number(version)
        save_as(document, by=by, reason="begun")
        version.document = document
        save_as(version, by=by, reason="begun")
        _fill(document, by=by, at=at)
    return version


def _number(version: DeliverableVersion) -> None:
    """Call a draft by the number after the latest: 0.1, 0.2 before the first approval, then 1.1, 1.2 …"""
    earlier = version.deliverable.versions.order_by("-number").first()
    version.major = earlier.major if earlier else 0
    version.minor = (earlier.minor if earlier else 0) + 1


def _fill(document: Document, *, by: Any, at: dt.datetime) -> None:
    """Make the sections of the template, each with what the earlier document said in the section of the same key and form."""
    before = {row.section.key: row for row in _sections(document.begun_from)}
    for section in document.template.sections.all():
        row = DocumentSection(document=document, section=section)
        earlier = before.get(section.key)
        if earlier and earlier.section.form == section.form:
            keys = {column["key"] for column in section.columns}
            row.text = earlier.text
            row.rows = [
                {"row": one["row"], "cells": {key: cell for key, cell in one["cells"].items() if key in keys}}
                for one in earlier.rows
            ]
        save_as(row, by=by, reason="begun")


def _sections(document: Document | None) -> Iterable[DocumentSection]:
    return document.sections.select_related("section") if document else ()


def new_row_id() -> str:
    return secrets.token_hex(4)


def save_section(
    section: DocumentSection,
    *,
    by: Any,
    at: dt.datetime,
    revision: int,
    text: str | None = None,
    rows: list[Mapping[str, Any]] | None = None,
) -> int:
    """Keep what was typed in one section, and return its new revision.

    Raises Refused: `not_writer`, `frozen`, `conflict` when somebody saved the section after `revision`.
    """
    version = section.document.version
    require_writer(version, by)
    with transaction.atomic():
        fresh = DocumentSection.objects.select_for_update().get(pk=section.pk)
        if version.__class__.objects.filter(pk=version.pk).exclude(state=VersionState.DRAFT).exists():
            raise Refused("This version was submitted; its text does not change any more.", "frozen")
        if fresh.revision != revision:
            raise Refused("Somebody else saved this section meanwhile. Compare both and save again.", "conflict")
        if text is not None:
            fresh.text = text
        if rows is not None:
            fresh.rows = [{"row": row.get("row") or new_row_id(), "cells": dict(row["cells"])} for row in rows]
        fresh.revision, fresh.saved_at, fresh.saved_by = revision + 1, at, by
        save_as(fresh, by=by, fields=["text", "rows", "revision", "saved_at", "saved_by"], reason="section saved")
    section.text, section.rows, section.revision = fresh.text, fresh.rows, fresh.revision
    return fresh.revision


def latest_version(project: Project, kind: str) -> DeliverableVersion | None:
    """Return the newest version of a project's document, in whatever state, or None."""
    rows = DeliverableVersion.objects.filter(deliverable__project=project, deliverable__kind=kind)
    return rows.order_by("-number").first()


def approved_version(project: Project, kind: str) -> DeliverableVersion | None:
    """Return the version of a project's document that counts, or None before the first approval."""
    rows = DeliverableVersion.objects.filter(deliverable__project=project, deliverable__kind=kind, state__in=STANDING_STATES)
    return rows.order_by("-number").first()
