from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from governance.gate_history import import_gates
from governance.management.commands.import_portfolio import importer
from pmo.lib.errors import Refused
from portfolio.importing.problems import FileRefused


class Command(BaseCommand):
    help = "Make gate records of a table of another house: one project a row, one dated column a gate."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", required=True, help="e-mail address of the PMO manager in whose name it is done")

    def handle(self, *args: Any, **given: Any) -> None:
        path: Path = given["file"]
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        try:
            done = import_gates(content, path.name, by=importer(given["by"]), at=timezone.now())
        except (Refused, FileRefused) as refused:
            raise CommandError(str(refused.args[0])) from refused
        self.stdout.write(f"{done.rows} projects read: {done.created} new, {done.found} known.")
        self.stdout.write(f"{done.held} gates held, {done.planned} planned.")
        for problem in done.problems:
            self.stdout.write(f"Row {problem.line}, {problem.value}: {problem.message}")
