"""Whether this installation can do its work: the database, its schema, the worker, the disk. Nothing secret is said."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from pmo.models import JobSlot

BEAT_JOB = "worker-beat"
BEAT_SECONDS = 30
WORKER_LATE_SECONDS = 120
LEAST_FREE_BYTES = 200 * 1024 * 1024


@dataclass(frozen=True)
class Fact:
    """One thing that was looked at. `stops` says that pages cannot be served while it is wrong."""

    name: str
    is_well: bool
    note: str
    stops: bool = True


def beat(worker: str, at: dt.datetime) -> None:
    """Write down that this worker is alive."""
    JobSlot.objects.update_or_create(job=BEAT_JOB, slot=worker[:80], defaults={"ran_at": at})


def database() -> Fact:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return Fact("database", False, "does not answer")
    return Fact("database", True, "answers")


def migrations() -> Fact:
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return Fact("migrations", not missing, f"{missing} to apply" if missing else "applied")


def worker(now: dt.datetime) -> Fact:
    """Pages work without the worker; mails and PDFs wait. So a late worker is reported, and stops nothing."""
    if "immediate" in settings.TASKS["default"]["BACKEND"]:
        return Fact("worker", True, "not used", stops=False)
    last = JobSlot.objects.filter(job=BEAT_JOB).order_by("-ran_at").values_list("ran_at", flat=True).first()
    if last is None:
        return Fact("worker", False, "never seen", stops=False)
    age = int((now - last).total_seconds())
    return Fact("worker", age <= WORKER_LATE_SECONDS, f"seen {age} s ago", stops=False)


def disk() -> Fact:
    free = shutil.disk_usage(settings.VAR_DIR).free
    return Fact("disk", free >= LEAST_FREE_BYTES, f"{free // (1024 * 1024)} MB free")


def facts(now: dt.datetime) -> list[Fact]:
    """Return what can be said: the schema needs a database that answers, the worker a schema that is complete."""
    found = [database(), disk()]
    if found[0].is_well:
        found.append(migrations())
        if found[-1].is_well:
            found.append(worker(now))
    return found
