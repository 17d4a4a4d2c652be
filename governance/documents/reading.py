"""A document as its pages show it: sections with finished words, as far as the reader may see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from governance.document_states import SectionForm
from governance.documents.cells import is_figure, shown
from governance.documents.confidential import content_for, said_on
from governance.documents.content import content_of, read_content
from governance.models import Attachment, DeliverableVersion
from governance.states import VersionState
from pmo.lib.markdown import render
from pmo.lib.words import count

Content = Mapping[str, Any]


@dataclass(frozen=True)
class Cell:
    label: str
    words: str
    css: str


@dataclass(frozen=True)
class ReadRow:
    key: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class ReadSection:
    """One section, ready to be shown: text as clean markup, or rows under heads. `hidden` rows stay in the office."""

    key: str
    number: str
    title: str
    is_table: bool
    is_required: bool
    is_confidential: bool
    html: SafeString
    heads: tuple[tuple[str, str], ...]
    rows: tuple[ReadRow, ...]
    hidden: int
    files: tuple[Attachment, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.html or self.rows)


@dataclass(frozen=True)
class Progress:
    """How many of the required sections say something, and how many sections there are that do."""

    filled: int
    required: int

    @property
    def words(self) -> str:
        return f"{self.filled} of {count(self.required, 'required section')} written"

    @property
    def is_complete(self) -> bool:
        return self.filled >= self.required


def content_now(version: DeliverableVersion) -> dict[str, Any]:
    """Return what a version says: a draft as its sections stand, everything else as it was frozen."""
    if version.state == VersionState.DRAFT:
        return content_of(version.document)  # type: ignore[arg-type]
    return read_content(version.content)


def progress_of(content: Content) -> Progress:
    required = [section for section in content["sections"] if section["is_required"]]
    return Progress(sum(says_something(section) for section in required), len(required))


def says_something(section: Content) -> bool:
    return bool(section["rows"]) if section["form"] == SectionForm.TABLE else bool(section["text"].strip())


def read_sections(version: DeliverableVersion, content: Content, *, reads: bool) -> list[ReadSection]:
    """Return the sections of `content` for a reader; `reads` says whether they read what is confidential. One query."""
    files: dict[tuple[str, str], list[Attachment]] = {}
    for file in Attachment.objects.filter(section__document=version.document).select_related("section__section"):
        if file.section is not None:
            files.setdefault((file.section.section.key, file.sha256), []).append(file)
    return [_section(section, files) for section in content_for(content, reads=reads, on=said_on(version))["sections"]]


def _section(section: Content, files: Mapping[tuple[str, str], list[Attachment]]) -> ReadSection:
    is_table = section["form"] == SectionForm.TABLE
    columns = section["columns"] if is_table else []
    return ReadSection(
        key=section["key"],
        number=section["number"],
        title=section["title"],
        is_table=is_table,
        is_required=section["is_required"],
        is_confidential=section["is_confidential"],
        html=render("" if is_table else section["text"]),
        heads=tuple((column["label"], _css(column)) for column in columns),
        rows=tuple(ReadRow(row["row"], cells_in_words(columns, row["cells"])) for row in section["rows"]),
        hidden=section["hidden"],
        files=tuple(found for file in section["attachments"] for found in files.get((section["key"], file["sha256"]), ())[:1]),
    )


def cells_in_words(columns: Any, cells: Mapping[str, str]) -> tuple[Cell, ...]:
    return tuple(Cell(column["label"], shown(column, cells.get(column["key"], "")), _css(column)) for column in columns)


def _css(column: Content) -> str:
    return "num" if is_figure(column) else "nowrap" if column["type"] == "date" else "wrap"
