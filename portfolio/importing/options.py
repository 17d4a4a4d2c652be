"""How a person wants a file imported: which column means what, in which unit and currency, and what to do with bad rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from portfolio.importing.values import NumberForm
from portfolio.states import GovernanceClass, Phase

UNITS = {1: "units", 1_000: "thousands", 1_000_000: "millions"}
DATE_ORDERS = {"mdy": "month / day / year", "dmy": "day / month / year"}
DECIMAL_SIGNS = {".": "point (1,234.50)", ",": "comma (1.234,50)"}
#: What is worth remembering for the next file with the same headings; the date of a report and its name are not.
REMEMBERED = (
    "columns",
    "currency",
    "unit",
    "date_order",
    "decimal_sign",
    "code_prefix",
    "phases",
    "default_phase",
    "default_class",
)


@dataclass(frozen=True)
class ImportOptions:
    """`columns` gives each heading its target; headings without one are kept with the dated standing."""

    columns: dict[str, str] = field(default_factory=dict)
    source: str = ""
    as_of_on: dt.date | None = None
    currency: str = "USD"
    unit: int = 1
    date_order: str = "mdy"
    decimal_sign: str = "."
    code_prefix: str = ""
    phases: dict[str, str] = field(default_factory=dict)
    default_phase: str = Phase.INTAKE.value
    default_class: int = GovernanceClass.CLASS_1.value
    is_accepting_rows: bool = False

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> ImportOptions:
        known = {item.name: stored[item.name] for item in fields(cls) if item.name in stored}
        if isinstance(known.get("as_of_on"), str):
            known["as_of_on"] = dt.date.fromisoformat(known["as_of_on"])
        return cls(**known)

    def to_json(self) -> dict[str, Any]:
        stored = asdict(self)
        stored["as_of_on"] = self.as_of_on.isoformat() if self.as_of_on else None
        return stored

    def remembered(self) -> dict[str, Any]:
        return {name: value for name, value in self.to_json().items() if name in REMEMBERED}

    def heading_of(self, target: str) -> str:
        """Return the heading read as `target`, "" when none is."""
        return next((heading for heading, key in self.columns.items() if key == target), "")

    @property
    def number_form(self) -> NumberForm:
        return NumberForm(self.decimal_sign, self.unit)
