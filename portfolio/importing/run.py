"""The life of one import: brought in, read, checked, imported. What was chosen stands on the run, so that nothing is lost."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from pmo.lib.errors import Refused
from pmo.lib.history import create_many
from pmo.lib.transitions import move
from portfolio.importing.columns import remember, suggested_options
from portfolio.importing.headings import SourceTable
from portfolio.importing.limits import MAX_FINDINGS
from portfolio.importing.options import ImportOptions
from portfolio.importing.plan import ImportPlan, plan_import
from portfolio.importing.problems import FileRefused, shortened
from portfolio.importing.projects import as_new, revise_from_source, write_baselines
from portfolio.importing.reading import ReadingChoice, read_table
from portfolio.importing.standings import COMPARED
from portfolio.models import ImportedStanding, ImportFinding, ImportLine, ImportRun, Project
from portfolio.models.imports import ImportState, LineKind

BATCH = 500
OPEN_STATES = (ImportState.READ, ImportState.CHECKED)
CLOSED_RUN = "This import is finished. Bring the file in again to import it once more."
CHANGED_MEANWHILE = "Something changed since the preview, so nothing was imported. Look at the new preview and import again."


def bring_in(content: bytes, file_name: str, *, by: Any, at: dt.datetime) -> ImportRun:
    """Store a file and read it. A file that can never be read is refused, and nothing of it is kept but the reason."""
    run = ImportRun(
        uploaded_by=by,
        uploaded_at=at,
        file_name=shortened(PurePath(file_name.replace("\\", "/")).name.replace("\x00", "") or "file", 200),
        sha256=hashlib.sha256(content).hexdigest(),
        raw=content,
    )
    earlier = ImportRun.objects.filter(sha256=run.sha256, state=ImportState.IMPORTED).without_file().first()
    run.options = dict(earlier.options) if earlier else {}
    read(run, ReadingChoice.from_json(run.options.get("reading", {})), on=timezone.localdate(at))
    return run


def read(run: ImportRun, choice: ReadingChoice, *, on: dt.date) -> SourceTable | None:
    """Read the file as chosen and keep what was found. Returns None when it cannot be read so; the reason stands on the run."""
    _require_open(run)
    headings = run.summary.get("headings")
    try:
        table = read_table(bytes(run.raw), choice)
    except FileRefused as error:
        _keep_refusal(run, choice, error)
        return None
    run.encoding, run.delimiter, run.sheet, run.header_row = table.encoding, table.delimiter, table.sheet[:80], table.header_row
    run.state = ImportState.READ
    run.options = {**run.options, "reading": choice.to_json()}
    if "import" not in run.options or (headings is not None and headings != table.headings):
        run.options["import"] = suggested_options(table, source=_source_of(run.file_name), on=on).to_json()
    run.summary = {"headings": table.headings, "rows": len(table.rows)}
    run.save()
    _clear(run)
    return table


def _source_of(file_name: str) -> str:
    return shortened(PurePath(file_name).stem, 120)


def _keep_refusal(run: ImportRun, choice: ReadingChoice, error: FileRefused) -> None:
    run.state = ImportState.READ if error.is_correctable else ImportState.REFUSED
    if run.state == ImportState.REFUSED:
        run.raw = b""
    run.options = {**run.options, "reading": choice.to_json()}
    run.summary = {"refusal": error.sentence, "code": error.code}
    run.save()
    _clear(run)


def _clear(run: ImportRun) -> None:
    run.lines.all().delete()
    run.findings.all().delete()


def _require_open(run: ImportRun) -> None:
    if run.pk and not run.is_open:
        raise Refused(CLOSED_RUN, "run_closed")


def table_of(run: ImportRun) -> SourceTable:
    """Return the table of the run's file as chosen. Raises FileRefused."""
    return read_table(bytes(run.raw), ReadingChoice.from_json(run.options.get("reading", {})))


def options_of(run: ImportRun) -> ImportOptions:
    return ImportOptions.from_json(run.options.get("import", {}))


def keep_options(run: ImportRun, options: ImportOptions) -> None:
    """Keep what was chosen, right or not yet right."""
    _require_open(run)
    run.options = {**run.options, "import": options.to_json()}
    run.save(update_fields=["options"])


def check(run: ImportRun, options: ImportOptions) -> ImportPlan:
    """Work out what the import would do and keep it for the preview. What was chosen is kept even when it is refused.

    Raises FileRefused: columns.
    """
    keep_options(run, options)
    plan = plan_import(table_of(run), options)
    with transaction.atomic():
        _keep_plan(run, plan)
        run.state = ImportState.CHECKED
        run.save(update_fields=["state", "summary"])
    return plan


def _keep_plan(run: ImportRun, plan: ImportPlan) -> None:
    _clear(run)
    run.summary = {"headings": run.summary.get("headings", []), **plan.summary()}
    ImportFinding.objects.bulk_create([finding.as_row(run.pk) for finding in plan.findings[:MAX_FINDINGS]], batch_size=BATCH)
    ImportLine.objects.bulk_create(_lines(run, plan), batch_size=BATCH)


def _lines(run: ImportRun, plan: ImportPlan) -> list[ImportLine]:
    new: dict[str, int] = {}
    for key, _ in plan.standings.new:
        new[key] = new.get(key, 0) + 1
    replaced: dict[int, int] = {}
    for standing in plan.standings.changed:
        replaced[standing.project_id] = replaced.get(standing.project_id, 0) + 1
    return [
        ImportLine(
            run=run,
            row_number=line.speaker.number,
            code=line.code,
            name=shortened(line.name, 200),
            kind=line.kind,
            standings=new.get(line.code.casefold(), 0) + (replaced.get(line.existing.pk, 0) if line.existing else 0),
            changes=line.differences(),
        )
        for line in sorted(plan.projects, key=lambda line: line.speaker.number)
    ]


def apply(run: ImportRun, *, by: Any, at: dt.datetime, is_accepting_rows: bool) -> list[int]:
    """Import what the preview showed, all of it or nothing. Returns the ids of the projects that are new or changed.

    Raises Refused: run_closed, not_checked, rows_rejected, nothing_to_import, changed_meanwhile.
    """
    _require_open(run)
    if run.state != ImportState.CHECKED:
        raise Refused("Look at the preview first.", "not_checked")
    table, options = table_of(run), options_of(run)
    try:
        with transaction.atomic():
            claim(run, at=at)
            plan = plan_import(table, options)
            require_same(
                run,
                plan.digest(),
                has_rows=bool(plan.accepted),
                rejected_rows=plan.rejected_rows,
                is_accepting_rows=is_accepting_rows,
            )
            touched = _write(run, plan, by=by, at=at)
            run.options = {**run.options, "import": {**options.to_json(), "is_accepting_rows": is_accepting_rows}}
            run.save(update_fields=["options"])
            remember(table, options, at=at)
    except (IntegrityError, ValidationError) as error:
        run.state, run.imported_at = ImportState.CHECKED, None
        if isinstance(error, Refused):
            raise
        raise Refused(CHANGED_MEANWHILE, "changed_meanwhile") from error
    return touched


def claim(run: ImportRun, *, at: dt.datetime) -> None:
    """Take a checked run for importing, before anything else is written. Raises Refused(`run_closed`) for all but the first."""
    move(
        run,
        sources=[ImportState.CHECKED],
        target=ImportState.IMPORTED,
        refusal=CLOSED_RUN,
        code="run_closed",
        imported_at=at,
    )


def require_same(run: ImportRun, digest: str, *, has_rows: bool, rejected_rows: int, is_accepting_rows: bool) -> None:
    """Let only what the preview showed be written. Raises Refused: changed_meanwhile, nothing_to_import, rows_rejected."""
    if digest != run.summary.get("digest"):
        raise Refused(CHANGED_MEANWHILE, "changed_meanwhile")
    if not has_rows:
        raise Refused("No row can be imported. Correct the rows listed, and bring the file in again.", "nothing_to_import")
    if rejected_rows and not is_accepting_rows:
        raise Refused(
            f"{rejected_rows:,} rows are rejected, so nothing was imported. Correct them, "
            "or choose to import the accepted rows only.",
            "rows_rejected",
        )


def _write(run: ImportRun, plan: ImportPlan, *, by: Any, at: dt.datetime) -> list[int]:
    reason = f"Imported from {run.file_name}"
    plan.directory.save_new(by=by, reason=reason)
    created = create_many(Project, as_new(plan.of_kind(LineKind.CREATED)), by=by, reason=reason)
    write_baselines(created, by=by, at=at, reason=reason)
    ids = {project.code.casefold(): project.pk for project in created}
    for line in plan.of_kind(LineKind.CHANGED):
        assert line.existing is not None
        changes = dict(line.changes)
        # A phase that a portfolio brings is taken over first, while the manager is the one who is known here.
        if phase := changes.pop("phase", None):
            line.existing.bring_phase(phase, by=by, reason=reason)
        if changes:
            revise_from_source(line.existing, changes, by=by, at=at, reason=reason)
    ids |= {line.code.casefold(): line.existing.pk for line in plan.projects if line.existing}
    _write_standings(run, plan, ids)
    touched = {key for key, _ in plan.standings.new} | {
        line.code.casefold() for line in plan.projects if line.kind is not LineKind.UNCHANGED
    }
    return sorted({ids[key] for key in touched} | {standing.project_id for standing in plan.standings.changed})


def _write_standings(run: ImportRun, plan: ImportPlan, ids: dict[str, int]) -> None:
    for key, standing in plan.standings.new:
        standing.project_id, standing.run = ids[key], run
    ImportedStanding.objects.bulk_create([standing for _, standing in plan.standings.new], batch_size=BATCH)
    for standing in plan.standings.changed:
        standing.run = run
    ImportedStanding.objects.bulk_update(plan.standings.changed, ["run", *COMPARED], batch_size=BATCH)


def discard(run: ImportRun) -> None:
    """Delete an import that was never carried out. Raises Refused for one that was: its report stays."""
    if run.state == ImportState.IMPORTED:
        raise Refused("This import was carried out; its report stays.", "run_closed")
    run.delete()
