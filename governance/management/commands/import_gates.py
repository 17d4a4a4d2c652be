from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from governance.gate_history.planning import Origin
from governance.gate_history.report import headline
from governance.gate_history.run import import_gates
from governance.management.commands.import_portfolio import importer
from pmo.lib.errors import Refused


class Command(BaseCommand):
    help = "Make gate records of a table of another house: one project a row, one dated column a gate."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", required=True, help="e-mail address of the PMO manager in whose name it is done")
        parser.add_argument("--source", help="Whose records they are; the file's name by default.")
        parser.add_argument("--currency", default="USD", help="Three letters, such as AUD.")

    def handle(self, *args: Any, **given: Any) -> None:
        path: Path = given["file"]
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        origin = Origin((given["source"] or path.stem)[:80], given["currency"])
        try:
            run = import_gates(content, path.name, origin, by=importer(given["by"]), at=timezone.now())
        except Refused as refused:
            raise CommandError(str(refused.args[0])) from refused
        self.stdout.write(headline(run.summary, is_done=True))
        for finding in run.findings.all():
            self.stdout.write(f"Row {finding.row_number}, {finding.value}: {finding.message}")
