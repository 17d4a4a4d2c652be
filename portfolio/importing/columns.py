"""What the columns of a file probably mean, by their headings and by what stands below them; and what was chosen last time."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable

from pmo.lib.canonical import sha256_of
from portfolio.importing.headings import SourceTable
from portfolio.importing.options import ImportOptions
from portfolio.importing.problems import Unreadable
from portfolio.importing.targets import AMOUNTS, BY_KEY, DATES, TARGETS, Kind, Target, plain
from portfolio.importing.values import (
    KNOWN_RATINGS,
    detected_decimal_sign,
    detected_order,
    is_missing,
    read_amount,
    read_date,
    read_days,
)
from portfolio.models import ColumnMapping
from portfolio.states import Phase

SAMPLE_ROWS = 400
#: A heading with one of these words speaks about a figure; it is not the figure.
ABOUT_WORDS = frozenset(
    {"comment", "comments", "narrative", "reason", "reasons", "change", "changes", "variance", "previous", "prior", "last"}
)
CURRENCY_SIGNS = re.compile(r"[£€$¥₹]")
CURRENCY_OF = {"£": "GBP", "€": "EUR", "$": "USD", "¥": "JPY", "₹": "INR"}
MILLIONS_IN_PROSE = re.compile(r"[£€$]\s?[\d,.]+\s?(m|mn|million)\b", re.IGNORECASE)
UNIT_WORDS = (
    (re.compile(r"\b(millions?|[£€$]\s?m|m[£€$]|mn)\b|[£€$]m\b", re.IGNORECASE), 1_000_000),
    (re.compile(r"\b(thousands?|000s?|[£€$]\s?k)\b|[£€$]k\b", re.IGNORECASE), 1_000),
)
PHASE_WORDS = (
    (Phase.CLOSED, ("closed", "complete", "completed", "done", "finished")),
    (Phase.CLOSING, ("closing", "close out", "closeout", "closure", "handover")),
    (Phase.PROCUREMENT, ("procurement", "procure", "tender", "tendering", "bid", "award", "contracting")),
    (Phase.TEST, ("test", "testing", "acceptance", "commissioning")),
    (Phase.ROLLOUT, ("rollout", "roll out", "deployment", "deploy", "go live", "transition", "implementation", "launch")),
    (Phase.BUILD, ("build", "construction", "development", "develop", "execution", "delivery", "in progress", "execute")),
    (Phase.DEFINITION, ("definition", "define", "scoping", "initiation", "initiate", "feasibility", "business case")),
    (Phase.PLANNING, ("planning", "plan", "design", "pre design")),
    (Phase.INTAKE, ("intake", "idea", "proposal", "proposed", "concept", "request", "pipeline")),
)


def suggested_options(table: SourceTable, *, source: str, on: dt.date) -> ImportOptions:
    """Return options for `table`: those remembered for its headings, else guessed ones. `on` is the day of the import."""
    remembered = ColumnMapping.objects.filter(headings_sha256=fingerprint(table.headings)).first()
    if remembered is not None:
        return ImportOptions.from_json({**remembered.options, "source": source, "as_of_on": on})
    columns = suggested_columns(table)
    return ImportOptions(
        columns=columns,
        source=source,
        as_of_on=on,
        currency=suggested_currency(table, columns),
        unit=suggested_unit(table, columns),
        date_order=date_order_of(table, columns),
        decimal_sign=detected_decimal_sign(_cells(table, columns, AMOUNTS)),
        phases=suggested_phases(table, columns),
    )


def fingerprint(headings: Iterable[str]) -> str:
    """Return what a set of headings is remembered by: the same ones in another order are the same set."""
    return sha256_of("\n".join(sorted(plain(heading) for heading in headings)))


def remember(table: SourceTable, options: ImportOptions, *, at: dt.datetime) -> None:
    """Keep the choices for the next file with these headings."""
    ColumnMapping.objects.update_or_create(
        headings_sha256=fingerprint(table.headings),
        defaults={"name": options.source[:120] or "Unnamed source", "options": options.remembered(), "used_at": at},
    )


def suggested_columns(table: SourceTable) -> dict[str, str]:
    """Return heading to target, each target once: by heading first, then by what stands in the cells."""
    scored = [
        (-score, position, target.key)
        for position, heading in enumerate(table.headings)
        for target in TARGETS
        if (score := _heading_score(heading, target))
    ]
    found: dict[str, str] = {}
    taken: set[str] = set()
    for _, position, key in sorted(scored):
        heading = table.headings[position]
        if heading in found or key in taken or not _cells_agree(table, heading, BY_KEY[key]):
            continue
        found[heading] = key
        taken.add(key)
    return _by_cells(table, found)


def _heading_score(heading: str, target: Target) -> int:
    words = plain(re.sub(r"\([^)]*\)", " ", heading)) or plain(heading)
    if words in target.synonyms:
        return 200 - target.synonyms.index(words)
    if ABOUT_WORDS & set(words.split()):
        return 0
    for rank, phrase in enumerate(target.phrases):
        if f" {phrase} " in f" {words} ":
            return 100 - rank
    return 0


def _sample(table: SourceTable, heading: str) -> list[str]:
    position = table.headings.index(heading)
    return [row.cells[position] for row in table.rows[:SAMPLE_ROWS] if not is_missing(row.cells[position])]


def _cells_agree(table: SourceTable, heading: str, target: Target) -> bool:
    """Say whether at least half of the filled cells can be what the heading promises; an empty column may be anything."""
    cells = _sample(table, heading)
    if not cells:
        return True
    if target.kind is Kind.DATE:
        return _share(cells, _is_date) >= 0.5
    if target.kind is Kind.AMOUNT:
        return _share(cells, lambda cell: _reads(read_amount, cell) or _reads(read_amount, cell.replace(",", "."))) >= 0.5
    if target.kind is Kind.DAYS:
        return _share(cells, lambda cell: _reads(read_days, cell)) >= 0.5
    if target.key == "rating":
        return len(set(cells)) <= max(12, len(cells) // 4)
    return True


def _share(cells: list[str], test: Callable[[str], bool]) -> float:
    return sum(1 for cell in cells if test(cell)) / len(cells)


def _reads(reader: Callable[[str], object], cell: str) -> bool:
    try:
        reader(cell)
    except Unreadable:
        return False
    return True


def _is_date(cell: str) -> bool:
    return _reads(lambda text: read_date(text, "mdy"), cell) or _reads(lambda text: read_date(text, "dmy"), cell)


def _by_cells(table: SourceTable, found: dict[str, str]) -> dict[str, str]:
    """Fill in a code, a name and a rating that no heading gave away."""
    guesses: tuple[tuple[str, Callable[[list[str]], bool]], ...] = (
        ("code", _could_be_codes),
        ("name", _could_be_names),
        ("rating", _could_be_ratings),
    )
    for key, test in guesses:
        if key in found.values():
            continue
        free = (heading for heading in table.headings if heading not in found)
        guess = next((heading for heading in free if (cells := _sample(table, heading)) and test(cells)), None)
        if guess is not None:
            found[guess] = key
    return found


def _could_be_codes(cells: list[str]) -> bool:
    return len(set(cells)) == len(cells) > 1 and all(
        re.fullmatch(r"[A-Za-z0-9][\w.-]{0,39}", cell.strip()) and re.search(r"\d", cell) for cell in cells
    )


def _could_be_names(cells: list[str]) -> bool:
    return (
        len(set(cells)) > 0.8 * len(cells)
        and _share(cells, lambda cell: 3 <= len(cell) <= 160 and " " in cell.strip() and not _is_date(cell)) >= 0.7
    )


def _could_be_ratings(cells: list[str]) -> bool:
    return _share(cells, lambda cell: re.sub(r"\s*/\s*", "/", cell.strip()).casefold() in KNOWN_RATINGS) >= 0.7


def _cells(table: SourceTable, columns: dict[str, str], targets: Iterable[Target]) -> list[str]:
    keys = {target.key for target in targets}
    return [cell for heading, key in columns.items() if key in keys for cell in table.column(heading) if cell.strip()]


def date_order_of(table: SourceTable, columns: dict[str, str]) -> str:
    """Return dmy or mdy as the dates need it; where they do not tell, month first, as dates are written here."""
    return detected_order(_cells(table, columns, DATES)).order or "mdy"


def suggested_currency(table: SourceTable, columns: dict[str, str]) -> str:
    """Return the currency whose sign stands most often in the amounts or their headings, else dollars."""
    headings = [heading for heading, key in columns.items() if BY_KEY[key].kind is Kind.AMOUNT]
    signs = Counter(sign for text in [*_cells(table, columns, AMOUNTS), *headings] for sign in CURRENCY_SIGNS.findall(text)[:1])
    return CURRENCY_OF[signs.most_common(1)[0][0]] if signs else "USD"


def suggested_unit(table: SourceTable, columns: dict[str, str]) -> int:
    """Return what one of the file's figures counts: as the headings say, else as its texts speak of money."""
    headings = " ".join(heading for heading, key in columns.items() if BY_KEY[key].kind is Kind.AMOUNT)
    for pattern, unit in UNIT_WORDS:
        if pattern.search(headings):
            return unit
    amounts = {heading for heading, key in columns.items() if BY_KEY[key].kind is Kind.AMOUNT}
    positions = [position for position, heading in enumerate(table.headings) if heading not in amounts]
    rows = table.rows[:SAMPLE_ROWS]
    speaking = sum(1 for row in rows if any(MILLIONS_IN_PROSE.search(row.cells[position]) for position in positions))
    return 1_000_000 if amounts and rows and speaking > len(rows) / 5 else 1


def phase_words(table: SourceTable, columns: dict[str, str]) -> list[str]:
    """Return the different words in the column read as phase, commonest first; none when there are too many to be phases."""
    heading = next((heading for heading, key in columns.items() if key == "phase"), "")
    if not heading:
        return []
    words = Counter(" ".join(cell.split()) for cell in table.column(heading) if not is_missing(cell))
    return [word for word, _ in words.most_common()] if len(words) <= 40 else []


def suggested_phases(table: SourceTable, columns: dict[str, str]) -> dict[str, str]:
    return {word: phase for word in phase_words(table, columns) if (phase := suggested_phase(word))}


def suggested_phase(word: str) -> str:
    """Return the phase that another office's word means, "" when none is plain."""
    words = plain(word)
    if words in Phase.values:
        return words
    return next((phase.value for phase, names in PHASE_WORDS if any(f" {name} " in f" {words} " for name in names)), "")
