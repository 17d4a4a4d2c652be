"""Two people edit one draft: which fields met, whether the options did, and what is stored after the choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from governance.change_requests import Option, options_mark, options_of
from governance.forms.change import ChangeForm
from governance.models import ChangeRequest
from pmo.lib.conflicts import Merge, merge


@dataclass(frozen=True)
class Edited:
    """What to store: the changed fields and the options, and where another hand changed the same meanwhile."""

    merged: Merge
    changes: dict[str, Any]
    options: list[Option] | None
    """None leaves the stored ones as they are."""
    options_met: bool
    stored: list[Option]
    typed: list[Option]
    mark: str


def edited(change: ChangeRequest, form: ChangeForm, sent: Mapping[str, Any], opened: int) -> Edited:
    """Compare what was typed with what is stored. `sent` names for each conflict whose value counts."""
    merged = merge(change, opened, form.values())
    stored, now = options_of(change), options_mark(change)
    typed = [one for one in form.options() if one.is_do_nothing or not one.is_empty]
    seen = str(sent.get("options_seen", "")) or now
    differs = typed != stored
    options_met = seen != now and differs
    keeps_stored = sent.get("use_options") == "stored"
    changes = {name: value for name, value in merged.changes.items() if sent.get(f"use_{name}") != "stored"}
    options = None if keeps_stored or not differs else typed
    return Edited(merged, changes, options, options_met, stored, typed, now)
