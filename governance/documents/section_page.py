"""One section while it is written: what was typed, and what its pages show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.safestring import SafeString

from governance.attachments import LIMIT, TAKEN
from governance.documents.access import DocumentAccess
from governance.documents.editing import editor_of
from governance.documents.meeting import by_key, carried, joined_rows, met_rows, opened_at, text_pieces
from governance.documents.pasting import read_block
from governance.documents.reading import cells_in_words
from governance.documents.rows_typed import changed, inputs_of, problems_of, rows_in
from governance.documents.table_limits import MOST_ROWS, excess_of
from governance.forms.document import SectionTextForm
from governance.models import DocumentSection
from pmo.lib.markdown import render
from pmo.lib.storable import storable
from pmo.lib.three_way import Joined, join

Row = Mapping[str, Any]
#: So many problems of a block are listed before the rest is only counted.
MOST_ERRORS = 10


@dataclass(frozen=True)
class Typed:
    """What a form sent: the words or rows, at which revision it was opened, and which button was pressed."""

    revision: int
    action: str
    is_table: bool
    text: str = ""
    rows: Sequence[Row] = ()
    columns: Sequence[Any] = ()
    errors: tuple[tuple[str, str], ...] = ()
    """What cannot be kept as it stands: (address on the page, or nothing, and a sentence with place and remedy)."""
    pasted: str = ""
    added: int = 0
    """How many rows of the block joined the table."""

    @property
    def values(self) -> dict[str, Any]:
        """Return what `save_section` is to store."""
        return {"rows": list(self.rows)} if self.is_table else {"text": self.text}

    @property
    def html(self) -> SafeString:
        return render(self.text)

    @property
    def lines(self) -> list[tuple[str, ...]]:
        """Return the rows in words, to be copied from a page that could not store them."""
        return [tuple(cell.words for cell in cells_in_words(self.columns, row["cells"])) for row in self.rows]

    @property
    def anchor(self) -> str:
        """Return the place of the page to go on at: it takes the focus."""
        verb, _, key = self.action.partition(":")
        if self.added:
            return f"#{self.rows[-self.added]['row']}"
        if verb in ("up", "down"):
            return f"#{key}"
        return {"add": "#new-row", "paste": "#rows", "remove": "#rows"}.get(verb, "")

    def with_values(self, *, text: str | None = None, rows: Sequence[Row] | None = None) -> Typed:
        return replace(self, text=self.text if text is None else text, rows=self.rows if rows is None else rows)

    @property
    def does_not_fit(self) -> Typed:
        """Return the same with what a table cannot hold said as its errors."""
        return replace(self, errors=tuple((one.address, one.sentence) for one in excess_of(self.rows, self.columns)))

    def says_what_is_stored(self, section: DocumentSection) -> bool:
        """Say whether the section holds these very words already: another tab stored them."""
        if not self.is_table:
            return self.text == section.text
        return [row["row"] for row in self.rows] == [row["row"] for row in section.rows] and by_key(self.rows) == by_key(
            section.rows
        )


def typed_in(section: DocumentSection, data: QueryDict, *, takes_block: bool = True) -> Typed:
    """Return what a form sent. A block in the field for pasting becomes rows, unless it is only saved on the way."""
    revision = data.get("revision", "")
    base = Typed(
        revision=int(revision) if revision.isdigit() and len(revision) < 9 else -1,
        action=data.get("do", ""),
        is_table=section.section.is_table,
        columns=section.section.columns,
    )
    return _typed_rows(base, section, data, takes_block=takes_block) if base.is_table else _typed_text(base, data)


def _typed_text(base: Typed, data: QueryDict) -> Typed:
    # No database keeps a null character, and nobody typed one: everything else of the text is kept.
    form = SectionTextForm({"text": storable(data.get("text", ""))})
    is_fine = form.is_valid()
    words = form.cleaned_data["text"] if is_fine else data.get("text", "")
    return replace(base, text=words, errors=tuple(("", str(error)) for error in form.errors.get("text", ())))


def _typed_rows(base: Typed, section: DocumentSection, data: QueryDict, *, takes_block: bool) -> Typed:
    columns = section.section.columns
    rows = changed(rows_in(data, columns), base.action)
    pasted = data.get("paste", "")
    block = read_block(pasted if takes_block else "", columns)
    errors = [(one.address, one.sentence) for one in excess_of(rows, columns)]
    errors += [("#paste", str(problem)) for problem in block.refused]
    if len(errors) > MOST_ERRORS:
        errors = [*errors[:MOST_ERRORS], (errors[MOST_ERRORS][0], f"{len(errors) - MOST_ERRORS} more of this kind.")]
    if block.rows and len(rows) + len(block.rows) > MOST_ROWS:
        errors.append(("#paste", _too_many_with(len(rows) + len(block.rows))))
    if errors:
        return replace(base, rows=rows, pasted=pasted, errors=tuple(errors))
    return replace(base, rows=[*rows, *block.rows], added=len(block.rows))


def _too_many_with(number: int) -> str:
    sentence = f"A table holds at most {MOST_ROWS} rows; with this block it would have {number:,}."
    return f"{sentence} Paste fewer rows, or attach the longer list as a file."


def section_context(
    access: DocumentAccess, section: DocumentSection, typed: Typed | None, *, at: dt.datetime
) -> dict[str, Any]:
    """Return what the page of one section shows: the stored words, or those that were typed and not stored."""
    template = section.section
    text = typed.text if typed else section.text
    rows = list(typed.rows) if typed else section.rows
    keys = list(section.document.template.sections.values_list("key", "number", "title", "is_confidential"))
    return {
        "section": template,
        "row": section,
        "revision": typed.revision if typed else section.revision,
        "is_required": template.is_required(access.project.governance_class),
        "form": SectionTextForm(initial={"text": text}),
        "text": text,
        "html": render(text),
        "is_preview": typed is not None and typed.action == "preview",
        "inputs": inputs_of(rows, template.columns) if template.is_table else [],
        "problems": problems_of(rows, template.columns) if template.is_table else [],
        "errors": typed.errors if typed else (),
        "pasted": typed.pasted if typed else "",
        "editor": editor_of(section, at=at, other_than=access.user),
        "files": section.attachments.select_related("added_by"),
        "limit": f"{LIMIT // 1024 // 1024} MB",
        "taken": TAKEN,
        **_neighbors([key for key in keys if access.reads_confidential or not key[3]], template.key),
    }


def _neighbors(sections: Sequence[tuple[str, str, str, bool]], key: str) -> dict[str, Any]:
    """Return the sections before and after this one, as far as the person writes them."""
    place = next((place for place, section in enumerate(sections) if section[0] == key), 0)
    return {
        "before": sections[place - 1] if place else None,
        "after": sections[place + 1] if place + 1 < len(sections) else None,
    }


def conflict_context(section: DocumentSection, typed: Typed, person: Any) -> dict[str, Any]:
    """Return both sides of a section that somebody saved while it was being written, and both as one where that can be."""
    before = opened_at(section, typed.revision)
    sides = _met_tables(section, typed, before) if typed.is_table else _met_texts(section, typed, before)
    saved_by = section.saved_by if section.saved_by != person else None
    return {"section": section.section, "row": section, "typed": typed, "saved_by": saved_by, **sides}


def _met_tables(section: DocumentSection, typed: Typed, before: tuple[str, list[Row]] | None) -> dict[str, Any]:
    mine = joined_rows(section, typed.rows, before[1]) if before else typed.rows
    return {"met": met_rows(section, mine, opened=before[1] if before else None), "mine": carried(mine)}


def _met_texts(section: DocumentSection, typed: Typed, before: tuple[str, list[Row]] | None) -> dict[str, Any]:
    joined = join(before[0], mine=typed.text, theirs=section.text) if before else Joined(typed.text, 0)
    return {"joined": joined, "is_joined": before is not None, "pieces": text_pieces(section.text, joined.text)}
