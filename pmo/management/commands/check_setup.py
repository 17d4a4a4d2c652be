from __future__ import annotations

import os
import shutil
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from governance.sealing import key_note
from pmo import health

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def pdf_note() -> str | None:
    """Return why PDFs are off, or None when they work."""
    try:
        import weasyprint  # noqa: F401
    except OSError as problem:
        return f"Pango is missing ({str(problem).splitlines()[0]})"
    return None


def browser_path() -> str | None:
    names = (os.environ.get("PMO_CHROMIUM", ""), *BROWSERS)
    return next((found for name in names if name and (found := shutil.which(name))), None)


def journal_note() -> str:
    if connection.vendor != "sqlite":
        return connection.vendor
    with connection.cursor() as cursor:
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        sync = cursor.execute("PRAGMA synchronous").fetchone()[0]
    return f"sqlite, journal {mode}, synchronous {sync}"


class Command(BaseCommand):
    help = "Say what this installation has and lacks: database, schema, worker, disk, PDFs, browser for tests."

    def handle(self, *args: Any, **options: Any) -> None:
        self.line(True, "settings", f"{settings.ENVIRONMENT}, demo {'on' if settings.DEMO else 'off'}, {settings.BASE_URL}")
        facts = health.facts(timezone.now())
        for fact in facts:
            self.line(fact.is_well, fact.name, fact.note)
        if facts[0].is_well:
            self.line(True, "kind", journal_note())
        problem = pdf_note()
        self.line(problem is None, "PDFs", problem or "work")
        key_problem = key_note()
        self.line(key_problem is None, "sealing", key_problem or "works")
        found = browser_path()
        self.line(found is not None, "browser", found or "none found; tests in a browser are skipped (set PMO_CHROMIUM)")
        if any(fact.stops and not fact.is_well for fact in facts):
            raise SystemExit(1)

    def line(self, is_well: bool, name: str, note: str) -> None:
        self.stdout.write(f"{'ok     ' if is_well else 'MISSING'} {name:<12} {note}")
