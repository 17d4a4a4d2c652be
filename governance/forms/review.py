"""What a reviewer sends: ratings, reasons, withheld fields, ticks of the checklist, a finding. Read tolerantly, so that
whatever was typed can be kept; the verbs say what is missing."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import QueryDict

from governance.models import ChecklistItem
from governance.reviewing import LETTERS, Typed, known_withheld
from governance.states import Dimension
from pmo.lib.storable import storable

LONGEST = 4_000
FINDING_FIELDS = ("section", "severity", "text")


def typed_in(data: QueryDict) -> Typed:
    """Return what was typed on the review page; unknown letters and fields are dropped."""
    letters = {name: data.get(f"office-{name}", "") for name in Dimension.values}
    reasons = {name: storable(data.get(f"reason-{name}", ""))[:LONGEST] for name in Dimension.values}
    return Typed(
        letters={name: letter for name, letter in letters.items() if letter in LETTERS},
        reasons={name: text for name, text in reasons.items() if text.strip()},
        withheld=known_withheld(data.getlist("withheld")),
        finding={name: data.get(f"finding-{name}", "")[:LONGEST] for name in FINDING_FIELDS},
    )


def ticked(data: QueryDict, items: Iterable[ChecklistItem]) -> dict[int, bool]:
    """Return for each item of the checklist whether it is ticked."""
    chosen = set(data.getlist("checklist"))
    return {item.pk: str(item.pk) in chosen for item in items}


def revision_in(data: QueryDict) -> int | None:
    """Return the revision of the notes that the page was made from, or None when it was not sent."""
    text = data.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None
