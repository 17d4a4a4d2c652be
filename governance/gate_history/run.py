"""The life of one import of gates: brought in and checked, looked at, carried out. It is kept where every import is kept."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import PurePath
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from governance.gate_history.planning import HistoryPlan, Origin, plan_history
from governance.gate_history.writing import write
from governance.standings import rebuild_standings
from pmo.lib.errors import Refused
from pmo.roles import Role
from portfolio.importing.limits import MAX_FINDINGS
from portfolio.importing.problems import shortened
from portfolio.importing.run import CHANGED_MEANWHILE, CLOSED_RUN, claim, require_same
from portfolio.models import ImportFinding, ImportLine, ImportRun
from portfolio.models.imports import GATES, ImportState


def import_gates(content: bytes, file_name: str, origin: Origin, *, by: Any, at: dt.datetime) -> ImportRun:
    """Bring the file in and carry it out at once, rejected rows left out. Raises what `bring_in` and `carry_out` raise."""
    run = bring_in(content, file_name, origin, by=by, at=at)
    carry_out(run, by=by, at=at, is_accepting_rows=True)
    return run


def bring_in(content: bytes, file_name: str, origin: Origin, *, by: Any, at: dt.datetime) -> ImportRun:
    """Store a file with what importing it would do. A file that cannot be read is not stored.

    Raises Refused: `not_importer`, `columns_missing`; FileRefused for what is no table.
    """
    _require_importer(by)
    plan = plan_history(content, origin, timezone.localdate(at))
    run = ImportRun(
        uploaded_by=by,
        uploaded_at=at,
        file_name=shortened(PurePath(file_name.replace("\\", "/")).name.replace("\x00", "") or "file", 200),
        sha256=hashlib.sha256(content).hexdigest(),
        raw=content,
        options={"what": GATES, "import": {"source": origin.source, "currency": origin.currency}},
    )
    with transaction.atomic():
        _keep(run, plan)
    return run


def check_again(run: ImportRun, *, at: dt.datetime) -> None:
    """Work out anew what the import would do. Raises Refused(`run_closed`)."""
    with transaction.atomic():
        if not ImportRun.objects.select_for_update().get(pk=run.pk).is_open:
            raise Refused(CLOSED_RUN, "run_closed")
        _keep(run, plan_of(run, at))


def origin_of(run: ImportRun) -> Origin:
    return Origin(**run.options["import"])


def plan_of(run: ImportRun, at: dt.datetime) -> HistoryPlan:
    return plan_history(bytes(run.raw), origin_of(run), timezone.localdate(at))


def _keep(run: ImportRun, plan: HistoryPlan) -> None:
    run.state, run.summary = ImportState.CHECKED, plan.summary()
    run.save()
    run.findings.all().delete()
    run.lines.all().delete()
    ImportFinding.objects.bulk_create([finding.as_row(run.pk) for finding in plan.findings[:MAX_FINDINGS]], batch_size=500)
    lines = [
        ImportLine(
            run=run,
            row_number=step.past.line,
            code=step.project.code,
            name=step.project.name,
            kind=step.kind,
            changes=step.differences(),
        )
        for step in plan.steps
    ]
    ImportLine.objects.bulk_create(lines, batch_size=500)


def carry_out(run: ImportRun, *, by: Any, at: dt.datetime, is_accepting_rows: bool) -> None:
    """Import what the preview showed, all of it or nothing. A second time it changes nothing.

    Raises Refused: `not_importer`, `run_closed`, `rows_rejected`, `nothing_to_import`, `changed_meanwhile`.
    """
    _require_importer(by)
    try:
        touched = _import(run, by=by, at=at, is_accepting_rows=is_accepting_rows)
    except (IntegrityError, Refused) as error:
        run.refresh_from_db(fields=["state", "imported_at"])
        if isinstance(error, Refused):
            raise
        raise Refused(CHANGED_MEANWHILE, "changed_meanwhile") from error
    rebuild_standings(touched, at=at)


@transaction.atomic
def _import(run: ImportRun, *, by: Any, at: dt.datetime, is_accepting_rows: bool) -> list[int]:
    claim(run, at=at)
    plan = plan_of(run, at)
    require_same(
        run,
        plan.digest(),
        has_rows=bool(plan.steps),
        rejected_rows=len(plan.rejected_rows),
        is_accepting_rows=is_accepting_rows,
    )
    return write(plan, origin_of(run), timezone.localdate(at), by=by)


def _require_importer(by: Any) -> None:
    if not by.has_role(Role.PMO_MANAGER):
        raise Refused("The PMO manager brings in other houses' records.", "not_importer")
