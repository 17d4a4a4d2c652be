"""Looking for words in documents: only in what the person would read on the page of the document itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from governance.documents.cells import shown
from governance.documents.confidential import reads_confidential, rows_for, said_on
from governance.models import DeliverableVersion, DocumentSection, TemplateSection
from governance.models.templates import DOCUMENT_KINDS
from pmo.lib.finding import any_field, holds_all, words_of

#: The newest so many versions that may hold the words are read; who looks for what stands everywhere adds a word.
MOST_READ = 200
LABEL = re.compile(r"v?(?P<major>\d{1,4})\.(?P<minor>\d{1,4})", re.IGNORECASE | re.ASCII)
KINDS = [(kind.value, kind.label) for kind in DOCUMENT_KINDS]


@dataclass(frozen=True)
class FoundDocument:
    """The newest version of a document that says the words; `section` says most of them, None where its head does."""

    version: DeliverableVersion
    section: TemplateSection | None
    texts: tuple[str, ...]


@dataclass(frozen=True)
class FoundDocuments:
    rows: list[FoundDocument]
    is_cut: bool
    """Whether there are older versions that were not read."""


def find_documents(user: Any, text: str) -> FoundDocuments:
    """Return the documents that `user` reads and that say every word of `text`, the newest first. Two queries.

    The database brings what may hold the words; whether it does for this person, what they may read of it decides. So a row
    that stays in the office before its award is neither found nor quoted for anybody else.
    """
    words = words_of(text)
    if not words:
        return FoundDocuments([], False)
    candidates = list(_candidates(user, words)[: MOST_READ + 1])
    sections = _sections_of(candidates[:MOST_READ], words)
    found: dict[int, FoundDocument] = {}
    for version in candidates[:MOST_READ]:
        hit = _hit(user, version, sections.get(version.document_id, ()), words)
        if hit is not None:
            found.setdefault(version.deliverable_id, hit)
    return FoundDocuments(list(found.values()), len(candidates) > MOST_READ)


def _hit(
    user: Any, version: DeliverableVersion, sections: Iterable[DocumentSection], words: Sequence[str]
) -> FoundDocument | None:
    reads, on = reads_confidential(user, version.deliverable.project), said_on(version)
    said = [(row.section, tuple(said_to(row, reads=reads, on=on))) for row in sections]
    if not holds_all(words, [*head_of(version), *(text for _, texts in said for text in texts)]):
        return None
    best = max(said, key=lambda pair: sum(holds_all([word], pair[1]) for word in words), default=None)
    if best is None or not any(holds_all([word], best[1]) for word in words):
        return FoundDocument(version, None, (version.change_summary,))
    return FoundDocument(version, *best)


def head_of(version: DeliverableVersion) -> tuple[str, ...]:
    """Return by which words a version is found besides those of its sections."""
    deliverable = version.deliverable
    numbers = (version.label, f"v{version.label}")
    return (
        deliverable.project.code,
        deliverable.project.name,
        deliverable.get_kind_display(),
        *numbers,
        version.change_summary,
    )


def said_to(row: DocumentSection, *, reads: bool, on: Any) -> Iterator[str]:
    """Yield the texts of a section that a person finds on its page: of a closed one only rows that were awarded by `on`.

    A row is one text, as it is shown and, where that differs, as it is stored.
    """
    section = row.section
    if not section.is_table:
        if reads or not section.is_confidential:
            yield row.text
        return
    for one in rows_for(row.rows, is_confidential=section.is_confidential, reads=reads, on=on):
        cells = [(column, cell) for column in section.columns if (cell := one["cells"].get(column["key"], ""))]
        yield from dict.fromkeys((", ".join(shown(*pair) for pair in cells), ", ".join(cell for _, cell in cells)))


def _candidates(user: Any, words: Iterable[str]) -> QuerySet[DeliverableVersion]:
    rows = DeliverableVersion.objects.visible_to(user).filter(document__isnull=False)
    fields = ("deliverable__project__code", "deliverable__project__name", "change_summary")
    for word in words:
        said = _saying([word]).filter(document=OuterRef("document_id"))
        condition = any_field(word, fields, {"deliverable__kind": KINDS}) | Q(Exists(said))
        if number := LABEL.fullmatch(word):
            condition |= Q(major=int(number["major"]), minor=int(number["minor"]))
        rows = rows.filter(condition)
    rows = rows.select_related("deliverable__project", "document").defer("content", "record")
    return rows.order_by("-created_at", "-pk")


def _saying(words: Iterable[str]) -> QuerySet[DocumentSection]:
    """Return the sections that may hold one of `words`, wherever: also in the names of their cells."""
    holds = Q()
    for word in words:
        holds |= Q(text__icontains=word)
        for spelled in _spellings(word):
            holds |= Q(said__icontains=spelled)
    return DocumentSection.objects.alias(said=Cast("rows", TextField())).filter(holds)


def _spellings(word: str) -> set[str]:
    """Return how a word may stand in stored cells: databases write what is not plain English, and quotes, in their own ways."""
    return {word, json.dumps(word)[1:-1], json.dumps(word, ensure_ascii=False)[1:-1]}


def _sections_of(versions: Iterable[DeliverableVersion], words: Sequence[str]) -> dict[int | None, list[DocumentSection]]:
    rows = _saying(words).filter(document__in=[version.document_id for version in versions])
    found: dict[int | None, list[DocumentSection]] = {}
    for row in rows.select_related("section").order_by("section__position"):
        found.setdefault(row.document_id, []).append(row)
    return found
