"""From a row of text to typed values, with a remark for each cell that could not be taken as it stands."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError

from portfolio.importing.headings import SourceRow, SourceTable
from portfolio.importing.options import ImportOptions
from portfolio.importing.problems import Finding, Unreadable, rejected, remark, shortened
from portfolio.importing.targets import BY_KEY, Kind, Target
from portfolio.importing.values import is_missing, read_amount, read_class, read_date, read_days, read_rating
from portfolio.models.imports import ImportedStanding
from portfolio.models.programs import code_validator
from portfolio.models.projects import Project

LIMITS = {"code": 40, "name": 200, "department": 160, "program": 160}
RATING_LENGTH: int = ImportedStanding._meta.get_field("rating_text").max_length  # type: ignore[assignment]
PHASE_LENGTH: int = ImportedStanding._meta.get_field("phase_text").max_length  # type: ignore[assignment]
assert Project._meta.get_field("name").max_length == LIMITS["name"]


@dataclass
class ReadRow:
    """One row as read. `values` has the target keys that hold something; `other` every cell that is kept as text."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    other: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_rejected(self) -> bool:
        return any(finding.level == "rejected" for finding in self.findings)

    @property
    def code(self) -> str:
        return str(self.values.get("code", ""))

    @property
    def as_of(self) -> dt.date:
        return self.values["as_of"]  # type: ignore[no-any-return]


class RowReader:
    """Reads every row of one table in the same way."""

    def __init__(self, table: SourceTable, options: ImportOptions) -> None:
        self.table = table
        self.options = options
        self.targets = [BY_KEY.get(options.columns.get(heading, "")) for heading in table.headings]
        self.readers: dict[Kind, Callable[[ReadRow, Target, str, str], None]] = {
            Kind.CODE: self._read_code,
            Kind.NAME: self._read_name,
            Kind.TEXT: self._read_text,
            Kind.PERSON: self._read_name,
            Kind.PHASE: self._read_phase,
            Kind.DATE: partial(self._read_with, lambda text: read_date(text, options.date_order)),
            Kind.AMOUNT: self._read_amount,
            Kind.DAYS: partial(self._read_with, read_days),
            Kind.CLASS: partial(self._read_with, read_class),
        }

    def read(self, row: SourceRow) -> ReadRow:
        found = ReadRow(row.number)
        for heading, target, cell in zip(self.table.headings, self.targets, row.cells, strict=True):
            text = cell.strip()
            if target is None:
                if text:
                    found.other[heading] = text
            elif text:
                self.readers[target.kind](found, target, heading, text)
        self._check_required(found)
        return found

    def _check_required(self, found: ReadRow) -> None:
        for key in ("code", "name"):
            heading = self.options.heading_of(key)
            if key not in found.values and not any(finding.column == heading for finding in found.findings):
                label = BY_KEY[key].label.lower()
                found.findings.append(
                    rejected(found.number, f"{key}_missing", f"The {label} is missing. Fill it in, or delete the row.", heading)
                )
        if "as_of" not in found.values:
            self._date_row(found)

    def _date_row(self, found: ReadRow) -> None:
        heading = self.options.heading_of("as_of")
        if heading and any(finding.column == heading for finding in found.findings):
            return
        if heading or self.options.as_of_on is None:
            found.findings.append(
                rejected(
                    found.number, "as_of_missing", "The date of the report is missing. Fill it in, or delete the row.", heading
                )
            )
        else:
            found.values["as_of"] = self.options.as_of_on

    def _read_code(self, found: ReadRow, target: Target, heading: str, text: str) -> None:
        code = f"{self.options.code_prefix}{text}"
        try:
            code_validator(code)
        except ValidationError:
            better = re.sub(r"[^A-Za-z0-9._-]+", "-", code).strip("-._")
            hint = f", for example {shortened(better, 40)}" if better else ""
            found.findings.append(
                rejected(
                    found.number,
                    "code_form",
                    f"A code has letters, digits, dots, hyphens and underscores only. Write it so{hint}.",
                    heading,
                    text,
                )
            )
            return
        if self._fits(found, target, heading, code):
            found.values["code"] = code

    def _fits(self, found: ReadRow, target: Target, heading: str, text: str) -> bool:
        limit = LIMITS.get(target.key)
        if limit is None or len(text) <= limit:
            return True
        found.findings.append(
            rejected(
                found.number,
                "too_long",
                f"The {target.label.lower()} has {len(text)} characters; at most {limit} fit. Shorten it.",
                heading,
                text,
            )
        )
        return False

    def _read_name(self, found: ReadRow, target: Target, heading: str, text: str) -> None:
        if (target.kind is Kind.PERSON or target.key == "program") and is_missing(text):
            return
        if self._fits(found, target, heading, text):
            found.values[target.key] = text

    def _read_text(self, found: ReadRow, target: Target, heading: str, text: str) -> None:
        if target.key != "rating":
            found.values[target.key] = text
            return
        rating = read_rating(text)
        if len(rating) > RATING_LENGTH:
            found.other[heading] = text
        found.values["rating"] = shortened(rating, RATING_LENGTH)

    def _read_phase(self, found: ReadRow, target: Target, heading: str, text: str) -> None:
        if is_missing(text):
            return
        words = " ".join(text.split())
        if len(words) > PHASE_LENGTH:
            found.other[heading] = text
        found.texts["phase"] = shortened(words, PHASE_LENGTH)
        if phase := self.options.phases.get(words):
            found.values["phase"] = phase
        elif words not in self.options.phases:
            message = "No phase of ours is chosen for this word, so the phase stays as it is. Choose one under “Columns”."
            found.findings.append(remark(found.number, "phase_unknown", message, heading, text))

    def _read_with(self, reader: Callable[[str], Any], found: ReadRow, target: Target, heading: str, text: str) -> None:
        try:
            value = reader(text)
        except Unreadable as error:
            self._note(found, error, target, heading, text)
            return
        if value is not None:
            found.values[target.key] = value

    def _read_amount(self, found: ReadRow, target: Target, heading: str, text: str) -> None:
        try:
            amount = read_amount(text, self.options.number_form)
        except Unreadable as error:
            self._note(found, error, target, heading, text)
            return
        if amount is None:
            return
        chosen = self.options.currency
        if amount.currency and amount.currency != chosen and not ("$" in text and chosen in {"CAD", "AUD", "NZD"}):
            message = (
                f"The amount is in {amount.currency}, but the file is to be read in {chosen}. "
                "Choose the right currency, or bring these rows in on their own."
            )
            found.findings.append(rejected(found.number, "other_currency", message, heading, text))
            return
        if amount.is_rounded:
            found.findings.append(remark(found.number, "rounded", f"Rounded to two decimals: {amount.value:,}.", heading, text))
            found.other[heading] = text
        found.values[target.key] = amount.value

    def _note(self, found: ReadRow, error: Unreadable, target: Target, heading: str, text: str) -> None:
        """Keep a sentence as text with a remark; a broken figure or date rejects the row, for it would be lost."""
        if error.is_text:
            found.other[heading] = text
            message = (
                f"Text stands where “{target.label}” belongs. The field stays empty; the text is kept with the imported row."
            )
            found.findings.append(remark(found.number, "text_for_value", message, heading, text))
        else:
            found.findings.append(rejected(found.number, error.code, error.reason, heading, text))
