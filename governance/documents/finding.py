"""Looking for words in documents: only in what the person would read on the page of the document itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from governance.documents.cells import shown
from governance.documents.confidential import reads_confidential, rows_for, said_on
from governance.models import DeliverableVersion, DocumentSection, TemplateSection
from governance.models.templates import DOCUMENT_KINDS
from governance.states import STANDING_STATES
from pmo.lib.finding import any_field, holds_all, words_of

#: The newest so many versions that may hold the words are read; who looks for what stands everywhere adds a word.
MOST_READ = 200
#: The value of a cell as far as the words: a string that follows a colon. So the names of cells and columns do not count.
IN_A_CELL = r':\s*"(?:[^"\\]|\\.)*'
LABEL = re.compile(r"v?(?P<major>\d{1,4})\.(?P<minor>\d{1,4})", re.IGNORECASE | re.ASCII)
KINDS = [(kind.value, kind.label) for kind in DOCUMENT_KINDS]


@dataclass(frozen=True)
class FoundDocument:
    """The newest of the versions that count that says the words; `section` says most of them, None where its head does."""

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


def versions_that_count(words: Iterable[str]) -> Q:
    """Return which versions are looked through: the one that stands and the newest, and those whose number is one of `words`.

    What else there is, is history: superseded, or sent back and written anew since.
    """
    newer = DeliverableVersion.objects.filter(deliverable=OuterRef("deliverable"), number__gt=OuterRef("number"))
    return reduce(or_, _numbered(words), Q(state__in=STANDING_STATES) | ~Q(Exists(newer)))


def _numbered(words: Iterable[str]) -> Iterator[Q]:
    found = (LABEL.fullmatch(word) for word in words)
    return (Q(major=int(one["major"]), minor=int(one["minor"])) for one in found if one)


def _candidates(user: Any, words: Sequence[str]) -> QuerySet[DeliverableVersion]:
    rows = DeliverableVersion.objects.visible_to(user).filter(versions_that_count(words), document__isnull=False)
    fields = ("deliverable__project__code", "deliverable__project__name", "change_summary")
    for word in words:
        said = _saying([word]).filter(document=OuterRef("document_id"))
        condition = any_field(word, fields, {"deliverable__kind": KINDS}) | Q(Exists(said))
        rows = rows.filter(reduce(or_, _numbered([word]), condition))
    rows = rows.select_related("deliverable__project", "document").defer("content", "record")
    return rows.order_by("-created_at", "-pk")


def _saying(words: Iterable[str]) -> QuerySet[DocumentSection]:
    """Return the sections that may hold one of `words`, in their text or in a cell."""
    holds = Q()
    for word in words:
        holds |= any_field(word, ("text",)) | Q(said__iregex=IN_A_CELL + "".join(_spelled(letter) for letter in word))
    return DocumentSection.objects.alias(said=Cast("rows", TextField())).filter(holds)


def _spelled(letter: str) -> str:
    """Return the pattern of a letter in stored cells: databases write what is not plain English, and quotes, in their own ways.

    Where it stands as a number, its capital has another one.
    """
    same = dict.fromkeys((letter, letter.lower(), letter.upper()))
    stored = dict.fromkeys(json.dumps(one, ensure_ascii=is_ascii)[1:-1] for one in same for is_ascii in (True, False))
    return f"(?:{'|'.join(re.escape(one) for one in stored)})"


def _sections_of(versions: Iterable[DeliverableVersion], words: Sequence[str]) -> dict[int | None, list[DocumentSection]]:
    rows = _saying(words).filter(document__in=[version.document_id for version in versions])
    found: dict[int | None, list[DocumentSection]] = {}
    for row in rows.select_related("section").order_by("section__position"):
        found.setdefault(row.document_id, []).append(row)
    return found
