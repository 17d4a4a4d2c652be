from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

#: What can be signed: a version of a deliverable, a gate review, a change request.
SIGNED = ("version", "gate_review", "change_request")


def exactly_one(names: Iterable[str]) -> Q:
    """Return the condition that exactly one of the named relations is set, for a check constraint."""
    either = Q()
    for chosen in names:
        either |= Q(**{f"{name}__isnull": name != chosen for name in names})
    return either
