"""The import wizard as a command: the same reading, the same suggestions, the same counts."""

from __future__ import annotations

import datetime as dt
import json
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from governance.imports import carry_out
from pmo.lib.errors import Refused
from pmo.models import User
from portfolio.access import PortfolioAccess
from portfolio.importing import run as importing
from portfolio.importing.columns import suggested_options
from portfolio.importing.delimited import DELIMITERS
from portfolio.importing.headings import SourceTable
from portfolio.importing.options import DATE_ORDERS, DECIMAL_SIGNS, UNITS, ImportOptions
from portfolio.importing.plan import plan_import
from portfolio.importing.problems import Finding
from portfolio.importing.reading import ReadingChoice, how_it_was_read, read_table
from portfolio.importing.report import count_lines, fact_lines
from portfolio.importing.targets import BY_KEY
from portfolio.importing.text import ENCODINGS
from portfolio.states import Phase


class Command(BaseCommand):
    help = "Import a portfolio from a CSV or XLSX file. Without --dry-run it needs --as, the e-mail address of a PMO manager."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="The CSV or XLSX file.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen and write nothing.")
        parser.add_argument("--as", dest="email", default="", metavar="EMAIL", help="In whose name; a PMO manager.")
        parser.add_argument("--accept-rows", action="store_true", help="Import the accepted rows although others are rejected.")
        parser.add_argument(
            "--mapping",
            action="append",
            default=[],
            metavar="HEADING=TARGET",
            help=f"Read a column as a target, or as nothing (HEADING=). Repeatable. Targets: {', '.join(BY_KEY)}.",
        )
        parser.add_argument("--phase", action="append", default=[], metavar="WORD=PHASE", help="Read a phase's word as ours.")
        parser.add_argument("--source", help="Where the records come from; the file's name by default.")
        parser.add_argument(
            "--as-of", type=dt.date.fromisoformat, metavar="DATE", help="When the figures stood, without a column."
        )
        parser.add_argument("--currency", help="Three letters, such as GBP.")
        parser.add_argument("--unit", choices=list(UNITS.values()))
        parser.add_argument("--date-order", choices=list(DATE_ORDERS))
        parser.add_argument("--decimal-sign", choices=list(DECIMAL_SIGNS))
        parser.add_argument("--code-prefix", help="Put before every code, to keep two sources apart.")
        parser.add_argument("--default-phase", choices=Phase.values)
        parser.add_argument("--default-class", type=int, choices=(1, 2, 3, 4))
        parser.add_argument("--encoding", choices=list(ENCODINGS), default="")
        parser.add_argument("--delimiter", choices=list(DELIMITERS), default="")
        parser.add_argument("--header-row", type=int, default=0)
        parser.add_argument("--sheet", default="")

    def handle(self, *args: Any, **given: Any) -> None:
        at = timezone.now()
        try:
            if given["dry_run"]:
                self._try(given, at)
            else:
                self._import(given, at)
        except Refused as error:
            raise CommandError(f"{given['file']}: {error.sentence}") from error

    def _try(self, given: dict[str, Any], at: dt.datetime) -> None:
        table = read_table(self._content(given["file"]), choice_of(given))
        options = chosen_options(suggested_options(table, source=given["file"].stem, on=timezone.localdate(at)), given)
        plan = plan_import(table, options)
        self._say(table, options, plan.summary(), plan.findings)
        self.stdout.write("Dry run: nothing was written.")

    def _import(self, given: dict[str, Any], at: dt.datetime) -> None:
        by = importer(given["email"])
        content = self._content(given["file"])
        run = importing.bring_in(content, given["file"].name, by=by, at=at)
        table = importing.read(run, choice_of(given), on=timezone.localdate(at)) if run.is_open else None
        if table is None:
            sentence = run.summary["refusal"]
            importing.discard(run)
            raise CommandError(f"{given['file']}: {sentence}")
        try:
            plan = importing.check(run, chosen_options(importing.options_of(run), given))
            self._say(table, importing.options_of(run), run.summary, plan.findings)
            touched = carry_out(run, by=by, at=at, is_accepting_rows=given["accept_rows"])
        except Refused:
            importing.discard(run)
            raise
        self.stdout.write(f"Imported: {touched:,} projects are new, changed or have new history. Report: import {run.pk}.")

    def _content(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error

    def _say(self, table: SourceTable, options: ImportOptions, summary: dict[str, Any], findings: list[Finding]) -> None:
        for name, fact in how_it_was_read(table).items():
            self.stdout.write(f"{name}: {fact}")
        for heading in table.headings:
            target = BY_KEY.get(options.columns.get(heading, ""))
            self.stdout.write(f"  {heading}: {target.label if target else '(kept with the history)'}")
        for name, fact in (*count_lines(summary), *fact_lines(summary)):
            self.stdout.write(f"{name}: {fact}")
        for finding in findings:
            place = f"row {finding.row_number}" + (f", {finding.column}" if finding.column else "")
            value = f" {json.dumps(finding.value, ensure_ascii=False)}" if finding.value else ""
            self.stdout.write(f"  {finding.level.label}, {place}{value}: {finding.message}")


def choice_of(given: dict[str, Any]) -> ReadingChoice:
    delimiter = DELIMITERS[given["delimiter"]][0] if given["delimiter"] else ""
    return ReadingChoice(given["encoding"], delimiter, given["header_row"], given["sheet"])


def chosen_options(options: ImportOptions, given: dict[str, Any]) -> ImportOptions:
    """Return the suggested options with what was said on the command line."""
    columns = dict(options.columns)
    for heading, target in pairs(given["mapping"], "--mapping"):
        if target and target not in BY_KEY:
            raise CommandError(f"--mapping: there is no target “{target}”. Choose one of: {', '.join(BY_KEY)}.")
        columns = {known: key for known, key in columns.items() if key != target} | {heading: target}
    phases = dict(pairs(given["phase"], "--phase"))
    wrong = [phase for phase in phases.values() if phase and phase not in Phase.values]
    if wrong:
        raise CommandError(f"--phase: there is no phase “{wrong[0]}”. Choose one of: {', '.join(Phase.values)}.")
    said = {
        "source": given["source"],
        "as_of_on": given["as_of"],
        "currency": given["currency"] and given["currency"].upper(),
        "unit": next((unit for unit, word in UNITS.items() if word == given["unit"]), None),
        "date_order": given["date_order"],
        "decimal_sign": given["decimal_sign"],
        "code_prefix": given["code_prefix"],
        "default_phase": given["default_phase"],
        "default_class": given["default_class"],
    }
    return replace(
        options,
        columns=columns,
        phases={**options.phases, **phases},
        **{name: value for name, value in said.items() if value is not None},
    )


def pairs(given: list[str], option: str) -> list[tuple[str, str]]:
    """Return `heading=target` as pairs, parted at the last equals sign: a heading may have one of its own."""
    wrong = [pair for pair in given if "=" not in pair]
    if wrong:
        raise CommandError(f"{option}: write “{wrong[0]}” as HEADING=TARGET.")
    return [(pair.rpartition("=")[0].strip(), pair.rpartition("=")[2].strip()) for pair in given]


def importer(email: str) -> User:
    """Return the person in whose name the import is done. Raises CommandError unless they may import."""
    if not email:
        raise CommandError("Say in whose name the import is done: --as EMAIL, a PMO manager. Or try it with --dry-run.")
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None or not PortfolioAccess(user).can_import:
        raise CommandError(f"Nobody with the role of PMO manager signs in as {email}.")
    return user
