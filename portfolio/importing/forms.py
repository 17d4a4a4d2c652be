"""The forms of the import wizard: the file, how to read it, what its columns mean. They convert; the engine decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from pmo.lib.forms import StyledForm, style
from portfolio.importing.columns import phase_words, suggested_phase
from portfolio.importing.delimited import DELIMITERS, delimiter_name, delimiter_words
from portfolio.importing.headings import SourceTable
from portfolio.importing.limits import MAX_COLUMNS, MAX_FILE_BYTES, MAX_ROWS
from portfolio.importing.options import DATE_ORDERS, DECIMAL_SIGNS, UNITS, ImportOptions
from portfolio.importing.problems import shortened
from portfolio.importing.reading import ReadingChoice, refuse_too_large
from portfolio.importing.targets import BY_KEY, DATES, REQUIRED, TARGETS, Kind
from portfolio.importing.text import ENCODINGS
from portfolio.importing.values import detected_order
from portfolio.models import ImportRun
from portfolio.states import GovernanceClass, Phase

SAMPLES = 3
SAMPLE_LENGTH = 60
GROUPS = {
    "The project": (Kind.CODE, Kind.NAME, Kind.PERSON, Kind.PHASE, Kind.CLASS),
    "Dates": (Kind.DATE, Kind.DAYS),
    "Money": (Kind.AMOUNT,),
    "Texts": (Kind.TEXT,),
}
TARGET_CHOICES = [
    ("", "Keep as text with the history"),
    *((name, [(target.key, target.label) for target in TARGETS if target.kind in kinds]) for name, kinds in GROUPS.items()),
]


class UploadForm(StyledForm, forms.Form):
    file = forms.FileField(
        label="CSV or XLSX file",
        help_text=f"At most {MAX_FILE_BYTES // 1024 // 1024} MB, {MAX_ROWS:,} rows and {MAX_COLUMNS} columns. One row for each "
        "project, or for each project and date. Nothing is imported before you have seen what would happen.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
        error_messages={
            "required": "Choose the file to bring in.",
            "empty": "The file is empty. Choose one that has headings and rows.",
        },
        max_length=200,
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        refuse_too_large(file.size or 0)
        return file


class ReadingForm(StyledForm, forms.Form):
    """How the file is read. Everything may be left to be found out."""

    encoding = forms.ChoiceField(
        label="Encoding", required=False, help_text="Change it when accents or currency signs look wrong."
    )
    delimiter = forms.ChoiceField(
        label="Character between the cells", required=False, help_text="Change it when cells stand in the wrong column."
    )
    sheet = forms.ChoiceField(label="Sheet", required=False)
    header_row = forms.IntegerField(
        label="Row with the headings",
        required=False,
        min_value=1,
        max_value=1000,
        help_text="As the spreadsheet numbers it. Empty: find it.",
    )

    def __init__(self, run: ImportRun, table: SourceTable | None, *args: Any, **kwargs: Any) -> None:
        choice = ReadingChoice.from_json(run.options.get("reading", {}))
        kwargs["initial"] = {
            "encoding": choice.encoding,
            "delimiter": delimiter_name(choice.delimiter) if choice.delimiter else "",
            "header_row": choice.header_row or None,
            "sheet": choice.sheet,
        }
        super().__init__(*args, **kwargs)
        found = (ENCODINGS.get(table.encoding, ""), delimiter_words(table.delimiter)) if table else ("", "")
        self._offer("encoding", found[0], list(ENCODINGS.items()))
        self._offer("delimiter", found[1], [(name, words) for name, (_, words) in DELIMITERS.items()])
        self._keep_to_kind(table, is_workbook=bool(table.sheets) if table else bool(run.sheet))

    def _offer(self, name: str, found: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", f"Find out{f' (found: {found})' if found else ''}"), *choices]

    def _keep_to_kind(self, table: SourceTable | None, *, is_workbook: bool) -> None:
        """A workbook has sheets, a text has an encoding and a delimiter."""
        if is_workbook:
            self._offer("sheet", table.sheet if table else "", [(name, name) for name in (table.sheets if table else [])])
        for name in ("encoding", "delimiter") if is_workbook else ("sheet",):
            del self.fields[name]

    def choice(self) -> ReadingChoice:
        chosen = self.cleaned_data
        delimiter = chosen.get("delimiter")
        return ReadingChoice(
            encoding=chosen.get("encoding") or "",
            delimiter=DELIMITERS[delimiter][0] if delimiter else "",
            header_row=chosen.get("header_row") or 0,
            sheet=chosen.get("sheet") or "",
        )


class ColumnsForm(StyledForm, forms.Form):
    """What each column means, and how its figures and dates are written."""

    source = forms.CharField(
        label="Source",
        max_length=120,
        help_text="Where the records come from. It stands on every project that the import opens.",
    )
    as_of_on = forms.DateField(
        label="Figures as of",
        required=False,
        widget=forms.DateInput,
        help_text="For rows without a date of their own. Ignored when a column is read as the date of the report.",
    )
    currency = forms.RegexField(
        r"^[A-Za-z]{3}$",
        label="Currency",
        help_text="Three letters, such as USD or GBP. Other currencies never enter a total in dollars.",
        widget=forms.TextInput(attrs={"size": 4, "maxlength": 3, "autocomplete": "off"}),
        error_messages={"invalid": "Give the three-letter code of the currency, such as USD."},
    )
    unit = forms.TypedChoiceField(
        label="Amounts are in",
        coerce=int,
        choices=list(UNITS.items()),
        help_text="The amounts are kept as the file gives them.",
    )
    date_order = forms.ChoiceField(
        label="Dates like 05/04/2026 are",
        choices=list(DATE_ORDERS.items()),
        help_text="Dates like 2026-04-05 are always understood.",
    )
    decimal_sign = forms.ChoiceField(label="Decimal sign", choices=list(DECIMAL_SIGNS.items()))
    code_prefix = forms.CharField(
        label="Put before every code",
        max_length=12,
        required=False,
        help_text="Keeps the codes of two sources apart: NYC- makes NYC-3 of 3.",
    )
    default_phase = forms.ChoiceField(
        label="Phase of new projects", choices=Phase.choices, help_text="Where no column or word gives one."
    )
    default_class = forms.TypedChoiceField(
        label="Class of new projects", coerce=int, choices=GovernanceClass.choices, help_text="Where no column gives one."
    )
    SECTIONS = (
        ("The source", ("source", "as_of_on", "code_prefix")),
        ("Money and dates", ("currency", "unit", "date_order", "decimal_sign")),
        ("New projects", ("default_phase", "default_class")),
    )

    def __init__(self, table: SourceTable, options: ImportOptions, *args: Any, **kwargs: Any) -> None:
        self.table = table
        self.before = options
        self.phase_words = phase_words(table, options.columns)
        initial = {name: getattr(options, name) for section in self.SECTIONS for name in section[1]}
        initial |= {f"column_{at}": options.columns.get(heading, "") for at, heading in enumerate(table.headings)}
        initial |= {f"phase_{at}": options.phases.get(word, suggested_phase(word)) for at, word in enumerate(self.phase_words)}
        super().__init__(*args, initial=initial, **kwargs)
        for at, heading in enumerate(table.headings):
            self._add(f"column_{at}", f"Read “{heading}” as", TARGET_CHOICES)
        for at, word in enumerate(self.phase_words):
            self._add(f"phase_{at}", f"Read “{word}” as", [("", "Leave the phase as it is"), *Phase.choices])

    def _add(self, name: str, label: str, choices: list[Any]) -> None:
        field = forms.ChoiceField(label=label, required=False, choices=choices)
        style(field)
        self.fields[name] = field

    @property
    def columns(self) -> Iterator[tuple[forms.BoundField, str, list[str]]]:
        """Yield the field of each column, its heading and its first different values."""
        for at, heading in enumerate(self.table.headings):
            yield self[f"column_{at}"], heading, samples(self.table.column(heading))

    @property
    def phases(self) -> list[tuple[forms.BoundField, str]]:
        return [(self[f"phase_{at}"], word) for at, word in enumerate(self.phase_words)]

    @property
    def grouped(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names]) for title, names in self.SECTIONS]

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or self.cleaned_data
        columns = self._columns(chosen)
        self._check_twice(columns)
        for key in REQUIRED:
            if key not in columns.values():
                self.add_error(
                    None, forms.ValidationError(f"No column is read as “{BY_KEY[key].label}”. Choose it.", code="missing")
                )
        if "as_of" not in columns.values() and not chosen.get("as_of_on") and "as_of_on" not in self.errors:
            self.add_error(
                "as_of_on", forms.ValidationError("Give the date, or choose the column that holds it.", code="missing")
            )
        self._check_order(columns, str(chosen.get("date_order", "")))
        return chosen

    def _columns(self, chosen: dict[str, Any]) -> dict[str, str]:
        return {heading: chosen.get(f"column_{at}") or "" for at, heading in enumerate(self.table.headings)}

    def _check_twice(self, columns: dict[str, str]) -> None:
        first: dict[str, str] = {}
        for at, (heading, key) in enumerate(columns.items()):
            if key and key in first:
                sentence = f"“{first[key]}” is read as “{BY_KEY[key].label}” already. Choose one of the two columns."
                self.add_error(f"column_{at}", forms.ValidationError(sentence, code="twice"))
            elif key:
                first[key] = heading

    def _check_order(self, columns: dict[str, str], chosen: str) -> None:
        """Refuse an order in which some dates of the file cannot be read, where the other order reads them all."""
        keys = {target.key for target in DATES}
        cells = [cell for heading, key in columns.items() if key in keys for cell in self.table.column(heading)]
        found = detected_order(cells)
        if chosen and found.order and found.order != chosen and not found.is_mixed:
            sentence = f"The file has dates that can only be read as {DATE_ORDERS[found.order]}. Choose that order."
            self.add_error("date_order", forms.ValidationError(sentence, code="order"))

    def chosen_options(self) -> ImportOptions:
        """Return what was chosen; words of phases that were not asked about keep what is known of them."""
        chosen = self.cleaned_data
        columns = self._columns(chosen)
        as_of_on: dt.date | None = chosen["as_of_on"]
        asked = {word: chosen.get(f"phase_{at}") or "" for at, word in enumerate(self.phase_words)}
        new = {
            word: phase for word in phase_words(self.table, columns) if word not in asked and (phase := suggested_phase(word))
        }
        return ImportOptions(
            columns={heading: key for heading, key in columns.items() if key},
            source=chosen["source"],
            as_of_on=as_of_on,
            currency=chosen["currency"].upper(),
            unit=chosen["unit"],
            date_order=chosen["date_order"],
            decimal_sign=chosen["decimal_sign"],
            code_prefix=chosen["code_prefix"],
            phases={**self.before.phases, **new, **asked},
            default_phase=chosen["default_phase"],
            default_class=chosen["default_class"],
        )


def samples(cells: list[str]) -> list[str]:
    """Return the first different filled cells, shortened to a line."""
    found: list[str] = []
    for cell in cells:
        text = shortened(" ".join(cell.split()), SAMPLE_LENGTH)
        if text and text not in found:
            found.append(text)
        if len(found) == SAMPLES:
            break
    return found
