"""Whose words stand in a version: kept as they write, so that none of them decides on it."""

from __future__ import annotations

from typing import Any

from governance.models import DeliverableVersion
from governance.states import STANDING_STATES, VersionState
from pmo.lib.history import save_as


def add_writer(version: DeliverableVersion, by: Any) -> None:
    """Remember that words of `by` stand in the version, so that they never decide on it. Call it inside a transaction."""
    if by.pk in version.writers:
        return
    fresh = DeliverableVersion.objects.select_for_update().get(pk=version.pk)
    version.writers = fresh.writers = sorted({*fresh.writers, by.pk})
    save_as(fresh, by=by, fields=["writers"], reason="joined in writing")


def taken_over(earlier: DeliverableVersion | None) -> list[int]:
    """Return whose words a version begins with that is copied from `earlier`, as long as nobody has approved them.

    They stay the work of whoever wrote them.
    """
    if earlier is None or earlier.state in (*STANDING_STATES, VersionState.SUPERSEDED):
        return []
    return sorted({*earlier.writers, earlier.author_id})
