from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from governance.due import run_due


class Command(BaseCommand):
    help = "Open reporting periods, remind, tell of the overdue, escalate and recompute. Safe to run often; catches up."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", help="The moment to act at, as 2026-12-03T17:30; default: the present.")

    def handle(self, *args: Any, **options: Any) -> None:
        done = run_due(at=self._moment(options["now"]))
        self.stdout.write(", ".join(f"{name} {count}" for name, count in asdict(done).items()))

    def _moment(self, text: str | None) -> dt.datetime:
        if text is None:
            return timezone.now()
        try:
            moment = dt.datetime.fromisoformat(text)
        except ValueError as error:
            raise CommandError(f"“{text}” is not a moment. Write it as 2026-12-03T17:30.") from error
        return moment if moment.tzinfo else timezone.make_aware(moment)
