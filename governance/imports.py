"""Importing a portfolio, and what has to follow: the portfolio does not know of standings, so the call stands here."""

from __future__ import annotations

import datetime as dt
from typing import Any

from governance.standings import rebuild_standings
from portfolio.importing import run as importing
from portfolio.models import ImportRun


def carry_out(run: ImportRun, *, by: Any, at: dt.datetime, is_accepting_rows: bool) -> int:
    """Import what the preview of `run` showed and rebuild the standings of what it touched. Returns how many projects.

    Raises Refused, with nothing imported. The standings are rebuilt once the import is stored: what fails there, the
    nightly rebuilding mends.
    """
    touched = importing.apply(run, by=by, at=at, is_accepting_rows=is_accepting_rows)
    rebuild_standings(touched, at=at)
    return len(touched)
