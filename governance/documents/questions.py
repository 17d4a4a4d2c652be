"""What a reviewer is asked about one version: of a short form, nothing about sections that its class does not owe."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from governance.documents.check_rules import applies
from governance.documents.checklist import SUBJECTS
from governance.documents.content import read_content, section_named
from governance.models import ChecklistItem, DeliverableVersion


def asked_items(version: DeliverableVersion) -> list[ChecklistItem]:
    """Return the active lines of the checklist that `version` is reviewed by, in their order. One query."""
    items = ChecklistItem.objects.filter(kind=version.deliverable.kind, is_active=True).order_by("position", "pk")
    content = read_content(version.content)
    return [item for item in items if is_asked(item.text, content)]


def shown_items(version: DeliverableVersion, answered: Collection[int]) -> list[ChecklistItem]:
    """Return the lines that a review shows: those that are asked, and those that were `answered`, by key. One query."""
    items = ChecklistItem.objects.filter(kind=version.deliverable.kind).order_by("position", "pk")
    content = read_content(version.content)
    return [item for item in items if item.pk in answered or (item.is_active and is_asked(item.text, content))]


def unticked(version: DeliverableVersion, held: Iterable[int]) -> list[ChecklistItem]:
    """Return the lines that are asked of `version` and not among the keys `held`."""
    ticked = set(held)
    return [item for item in asked_items(version) if item.pk not in ticked]


def is_asked(question: str, content: Mapping[str, Any]) -> bool:
    """Say whether a question has an object: the section it is about is owed, or filled in all the same.

    A question of the office's own words is always asked.
    """
    section = section_named(content, SUBJECTS.get(question, ""))
    return section is None or applies(section)
