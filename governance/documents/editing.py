"""Who is writing in which section just now. It is no change of the document, so no history says so."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q

from governance.models import DocumentSection

#: After so long without a sign of life, nobody is said to be writing any more.
SILENCE = dt.timedelta(minutes=5)


def claim(section: DocumentSection, *, by: Any, at: dt.datetime) -> None:
    """Say that `by` writes here, unless somebody else does already."""
    free = Q(editing_by=None) | Q(editing_by=by) | Q(editing_at__lt=at - SILENCE)
    DocumentSection.objects.filter(free, pk=section.pk).update(editing_by=by, editing_at=at)


def release(section: DocumentSection, *, by: Any) -> None:
    DocumentSection.objects.filter(pk=section.pk, editing_by=by).update(editing_by=None, editing_at=None)


def editor_of(section: DocumentSection, *, at: dt.datetime, other_than: Any = None) -> Any:
    """Return who writes in the section just now, or None; never the person who asks."""
    if section.editing_at is None or section.editing_at < at - SILENCE or section.editing_by == other_than:
        return None
    return section.editing_by
