"""The portfolio on paper: the board's rows as finished words, no more of them than a person will read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from django.conf import settings
from django.utils.safestring import SafeString

from governance.board import Board
from governance.dashboard import WORST_FIRST, words_of
from governance.dashboard_rows import PHASES, Row, slip_of, strip_of, variance_of
from governance.states import Letter
from pmo.lib import charts, words
from pmo.lib.charts.shapes import SHORT_WORD

#: More lines than these nobody reads on paper, and laying them out takes long; the CSV has them all.
MOST_ROWS = 500


@dataclass(frozen=True)
class Cells:
    word: str
    strip: SafeString
    phase: str
    finish: str
    slip: str
    budget: str
    variance: str
    report: str
    grey: str
    imported: str


class PortfolioPaper:
    """What the printed portfolio shows beyond the board itself."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.city, self.office = settings.CITY_NAME, settings.OFFICE_NAME

    @property
    def foot(self) -> str:
        return f"Plumbline, {self.city}   {self.board.when}   made {words.moment(self.board.at)}"

    @property
    def bar(self) -> SafeString:
        return charts.stacked_status(self.board.totals.parts, 960, 10)

    @cached_property
    def rows(self) -> list[tuple[Row, Cells]]:
        return [(row, self.cells(row)) for row in islice(self.board.all_rows(), MOST_ROWS)]

    @property
    def shown(self) -> int:
        return len(self.rows)

    @property
    def left_out(self) -> int:
        return self.board.totals.count - self.shown

    @property
    def variance(self) -> str:
        return words.difference(self.board.totals.variance)

    @property
    def key(self) -> list[tuple[str, str]]:
        return [(str(letter), words_of(letter)) for letter in reversed(WORST_FIRST)]

    def cells(self, row: Row) -> Cells:
        age = row.age_days(self.board.lens.day)
        is_grey = row.letter == Letter.GREY
        return Cells(
            word=SHORT_WORD[row.letter],
            strip=strip_of(row.strip or ""),
            phase=PHASES.get(row.phase or "", words.MISSING),
            finish=words.day_without_weekday(row.forecast_finish_on),
            slip=slip_of(row.slip_days),
            budget=words.amount(row.budget_amount, row.currency or "USD", row.unit_word),
            variance=variance_of(row),
            report=("none yet" if age is None else words.age(age)) + (", overdue" if row.is_report_overdue else ""),
            grey=row.why if is_grey and not row.imported_rating else "",
            imported=row.imported_rating or "" if is_grey else "",
        )
