"""Beginning and writing a document. Two people in one section never overwrite each other unseen."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from governance.documents.confidential import reads_confidential, rows_for, said_on
from governance.documents.describing import set_change
from governance.documents.table_limits import excess_of
from governance.models import (
    Attachment,
    ChangeRequest,
    Deliverable,
    DeliverableVersion,
    Document,
    DocumentSection,
    DocumentTemplate,
)
from governance.separation import require_section_writer, require_writer
from governance.states import OPEN_STATES, STANDING_STATES, VersionState
from governance.writers import add_writer, taken_over
from pmo.lib.errors import Refused
from pmo.lib.history import save_as
from pmo.lib.storable import storable
from portfolio.models import Project


def deliverable_of(project: Project, kind: str, *, by: Any, at: dt.datetime) -> Deliverable:
    """Return the one deliverable of this kind that a project has, begun on first need."""
    found = Deliverable.objects.filter(project=project, kind=kind, number=1).first()
    if found is None:
        found = Deliverable(project=project, kind=kind, number=1, opened_at=at)
        save_as(found, by=by, reason="begun")
    return found


def start_document(
    project: Project,
    kind: str,
    *,
    by: Any,
    at: dt.datetime,
    begun_from: Document | None = None,
    is_blank: bool = False,
    change_summary: str = "",
    change: ChangeRequest | None = None,
    basis: str = "",
    keep: Collection[str] = (),
) -> DeliverableVersion:
    """Begin the next version of a project's document, with the words of `begun_from`, by default of its latest version.

    `is_blank` begins with nothing, whatever there was before; `change` is the approved change request that it carries out.
    After a rejection, `basis` says what is new, and of the rejected version only the sections in `keep` are taken over.
    Raises Refused: `not_writer`, `version_open` while another version is in work, `change_not_approved`, `basis_missing`.
    """
    with transaction.atomic():
        # Of two people who begin at the same moment, the second waits here and finds the version of the first.
        deliverable = Deliverable.objects.select_for_update().get(pk=deliverable_of(project, kind, by=by, at=at).pk)
        earlier = deliverable.versions.order_by("-number").first()
        is_rejected = earlier is not None and earlier.state == VersionState.REJECTED
        _require_startable(earlier, basis)
        document = Document(project=project, kind=kind, template=DocumentTemplate.current(kind))
        starts_blank = is_blank or (is_rejected and begun_from is None and not keep)
        document.begun_from = None if starts_blank else begun_from or (earlier.document if earlier else None)
        version = _next_version(deliverable, earlier, document, by=by, at=at)
        version.change_summary = change_summary
        version.basis = storable(basis).strip() or version.basis
        _require_beginner(project, earlier, by)
        set_change(version, change)
        save_as(document, by=by, reason="begun")
        version.document = document
        save_as(version, by=by, reason="begun")
        _fill(document, by=by, at=at, keep=keep if is_rejected and begun_from is None else None)
    return version


def _require_startable(earlier: DeliverableVersion | None, basis: str) -> None:
    if earlier and earlier.state in OPEN_STATES:
        raise Refused("A version of this document is already in work. Open it to go on.", "version_open")
    if earlier and earlier.state == VersionState.REJECTED and not basis.strip():
        raise Refused("The last version was rejected. Say what is new in the basis of this one.", "basis_missing")


def _next_version(
    deliverable: Deliverable, earlier: DeliverableVersion | None, document: Document, *, by: Any, at: dt.datetime
) -> DeliverableVersion:
    """Return the version after `earlier`, numbered; the basis stays until an approval rests on it."""
    number = (earlier.number if earlier else 0) + 1
    version = DeliverableVersion(deliverable=deliverable, number=number, author=by, created_at=at)
    version.basis = earlier.basis if earlier and not earlier.was_approved else ""
    version.writers = taken_over(document.begun_from.version if document.begun_from else None)
    _number(version)
    return version


def _require_beginner(project: Project, earlier: DeliverableVersion | None, by: Any) -> None:
    """Raise Refused(`not_writer`) unless `by` manages the project, wrote the version before, or is the PMO manager."""
    probe = earlier or DeliverableVersion(deliverable=Deliverable(project=project))
    require_writer(probe, by)


def _number(version: DeliverableVersion) -> None:
    """Call a draft by the number after the latest: 0.1, 0.2 before the first approval, then 1.1, 1.2 …"""
    earlier = version.deliverable.versions.order_by("-number").first()
    version.major = earlier.major if earlier else 0
    version.minor = (earlier.minor if earlier else 0) + 1


def _fill(document: Document, *, by: Any, at: dt.datetime, keep: Collection[str] | None) -> None:
    """Make the sections of the template, each with what the earlier document said in the section of the same key and form.

    `keep` names the sections that are taken over; None takes all.
    """
    source = document.begun_from
    before = {row.section.key: row for row in _sections(source) if keep is None or row.section.key in keep}
    reads = source is None or reads_confidential(by, source.project)
    for section in document.template.sections.all():
        row = DocumentSection(document=document, section=section)
        earlier = before.get(section.key)
        if earlier and earlier.section.form == section.form:
            _take_over(row, earlier, reads=reads)
        save_as(row, by=by, reason="begun")
        if earlier and earlier.document.project_id == document.project_id:
            _take_files_over(row, earlier)


def _take_over(row: DocumentSection, earlier: DocumentSection, *, reads: bool) -> None:
    """Take over words and rows, but nothing that the person who begins it may not read."""
    is_confidential = earlier.section.is_confidential
    keys = {column["key"] for column in row.section.columns}
    row.text = earlier.text if reads or not is_confidential else ""
    row.rows = [
        {"row": one["row"], "cells": {key: cell for key, cell in one["cells"].items() if key in keys}}
        for one in rows_for(earlier.rows, is_confidential=is_confidential, reads=reads, on=said_on(earlier.document.version))
    ]


def _take_files_over(row: DocumentSection, earlier: DocumentSection) -> None:
    """Let the attachments of the earlier version of the same document stand beside the new one, too: the same files."""
    for file in earlier.attachments.all():
        Attachment.objects.create(
            section=row,
            file=file.file.name,
            name=file.name,
            content_type=file.content_type,
            size=file.size,
            sha256=file.sha256,
            added_by=file.added_by,
            added_at=file.added_at,
        )


def _sections(document: Document | None) -> Iterable[DocumentSection]:
    """Return the sections of a document with their attachments. Two queries."""
    return document.sections.select_related("section", "document").prefetch_related("attachments") if document else ()


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

    Raises Refused: `not_writer`, `confidential` for who does not read all rows, `rows_too_many`, `cell_too_long`, `frozen`,
    `conflict` when somebody saved the section after `revision`.
    """
    version = section.document.version
    require_may_write(section, by)
    _require_fits(section, rows or ())
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
        add_writer(version, by)
    section.text, section.rows, section.revision = fresh.text, fresh.rows, fresh.revision
    return fresh.revision


def _require_fits(section: DocumentSection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Raise Refused, `rows_too_many` or `cell_too_long`, where the table cannot hold all of it: no part of it is kept then."""
    for excess in excess_of(rows, section.section.columns):
        raise Refused(excess.sentence, excess.code)


def require_may_write(section: DocumentSection, by: Any) -> None:
    """Raise Refused, `not_writer` or `confidential`, unless `by` may write in this section."""
    version = section.document.version
    require_section_writer(version, by)
    if section.section.is_confidential and not reads_confidential(by, version.deliverable.project):
        raise Refused("This section is confidential until award. The project manager writes it.", "confidential")


def latest_version(project: Project, kind: str) -> DeliverableVersion | None:
    """Return the newest version of a project's document, in whatever state, or None."""
    rows = DeliverableVersion.objects.filter(deliverable__project=project, deliverable__kind=kind)
    return rows.order_by("-number").first()


def approved_version(project: Project, kind: str) -> DeliverableVersion | None:
    """Return the version of a project's document that counts, or None before the first approval."""
    rows = DeliverableVersion.objects.filter(deliverable__project=project, deliverable__kind=kind, state__in=STANDING_STATES)
    return rows.order_by("-number").first()
