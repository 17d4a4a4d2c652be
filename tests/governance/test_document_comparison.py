"""Two frozen documents side by side: by section, by line and word, by table row."""

from __future__ import annotations

import time
from typing import Any

from governance.comparison import Comparison, DocumentSection, compare_documents
from tests.steps import altered, prose, steps_of

COLUMNS = [
    {"key": "statement", "label": "Objective", "type": "text"},
    {"key": "target", "label": "Target", "type": "number"},
    {"key": "date", "label": "By", "type": "date"},
]


def a_text(text: str, key: str = "problem", **more: Any) -> dict[str, Any]:
    given = {"number": "1.1", "title": key.title(), "form": "text", "columns": [], "rows": [], "attachments": []}
    return {"key": key, "text": text, **given, **more}


def a_table(*rows: tuple[str, str, str, str], key: str = "objectives", **more: Any) -> dict[str, Any]:
    made = [{"row": row, "cells": {"statement": what, "target": target, "date": date}} for row, what, target, date in rows]
    return {**a_text("", key), "form": "table", "columns": COLUMNS, "rows": made, **more}


def content(*sections: dict[str, Any], **facts: str) -> dict[str, Any]:
    return {"facts": {"sponsor": "Sam Okafor", **facts}, "sections": list(sections)}


def only(comparison: Comparison) -> DocumentSection:
    (section,) = comparison.sections
    return section


def test_a_first_version_is_plain() -> None:
    comparison = compare_documents(content(a_text("Clerks retype forms."), a_table(("a", "Less retyping", "10", ""))), None)
    assert (comparison.sentence, comparison.changes) == ("", 0)
    assert comparison.sections[1].rows[0].kind == "same"


def test_changed_words_stand_in_place_and_count_once() -> None:
    was, now = "Drains at 24 pilot sites are inspected by eye.", "Drains at 412 sites are inspected by eye."
    section = only(compare_documents(content(a_text(now)), content(a_text(was))))
    assert "at <del>24 pilot</del> <ins>412</ins> sites" in section.text.html
    assert (section.changes, section.note) == (1, "1 change")


def test_a_changed_cell_an_added_and_a_removed_row_are_one_change_each() -> None:
    was = a_table(("a", "Find blockages", "60", "2027-06-30"), ("b", "Pilot evaluation", "1", ""), ("c", "Trips", "9", ""))
    now = a_table(("a", "Find blockages", "75", "2027-06-30"), ("c", "Trips", "9", ""), ("d", "Warn", "", ""))
    section = only(compare_documents(content(now), content(was)))
    assert [(row.row, row.kind) for row in section.rows] == [("a", "changed"), ("b", "removed"), ("c", "same"), ("d", "added")]
    assert (section.rows[0].cells[1].was, section.rows[0].cells[1].now) == ("60", "75")
    assert section.changes == 3


def test_rows_that_only_moved_are_no_change() -> None:
    first, second = ("a", "One", "1", ""), ("b", "Two", "2", "")
    comparison = compare_documents(content(a_table(second, first)), content(a_table(first, second)))
    assert comparison.changes == 0
    assert comparison.sentence == "nothing changed"
    assert only(comparison).note == "2 rows"


def test_a_text_is_read_as_it_is_rendered() -> None:
    section = only(compare_documents(content(a_text("- **Cost**: two <b>thirds</b>")), None))
    assert "<li><strong>Cost</strong>: two &lt;b&gt;thirds&lt;/b&gt;</li>" in section.text.html
    assert section.note == "3 words"


def test_changes_are_counted_over_the_sections() -> None:
    was = content(a_text("Old words here."), a_table(("a", "One", "1", "")), a_text("Same", "scope"))
    now = content(a_text("Other phrase altogether."), a_table(("a", "One", "2", "")), a_text("Same", "scope"))
    comparison = compare_documents(now, was)
    assert comparison.sentence == "3 changes in 2 of 3 sections"


def test_a_new_section_is_all_new_and_one_that_the_template_dropped_is_shown_as_removed() -> None:
    comparison = compare_documents(content(a_text("Fresh.", "benefits")), content(a_text("Gone words.", "problem")))
    fresh, gone = comparison.sections
    assert "<ins>Fresh.</ins>" in fresh.text.html
    assert ("<del>Gone words.</del>" in gone.text.html, gone.is_gone) == (True, True)


def test_another_sponsor_is_a_change_of_its_own() -> None:
    comparison = compare_documents(content(a_text("Same"), sponsor="Gina Salcedo"), content(a_text("Same")))
    assert comparison.sections[0].key == "facts"
    assert comparison.sections[0].rows[0].cells[1].was == "Sam Okafor"


def test_an_exchanged_file_is_a_change() -> None:
    was = content(a_text("Same", attachments=[{"name": "plan.pdf", "sha256": "a" * 64, "size": 1}]))
    now = content(a_text("Same", attachments=[{"name": "plan.pdf", "sha256": "b" * 64, "size": 1}]))
    assert compare_documents(now, was).changes >= 1


def test_dates_are_written_in_words_and_what_is_no_date_stays() -> None:
    section = only(compare_documents(content(a_table(("a", "One", "1", "2027-06-30"), ("b", "Two", "1", "June"))), None))
    assert [row.cells[2].now for row in section.rows] == ["30 Jun 2027", "June"]


def test_long_texts_and_tables_are_compared_in_a_moment() -> None:
    was = content(
        a_text("\n".join(f"Line {n} says one thing" for n in range(600))),
        a_table(*((f"r{n}", f"Row {n}", str(n), "") for n in range(500))),
    )
    now = content(
        a_text("\n".join(f"{n}: quite another sentence" for n in range(600))),
        a_table(*((f"r{n}", f"Row {n}", str(n + 1), "") for n in reversed(range(500)))),
    )
    begun = time.process_time()
    comparison = compare_documents(now, was)
    assert time.process_time() - begun < 2
    assert comparison.sections[1].changes == 500


def test_the_work_grows_with_the_length_of_what_changed() -> None:
    """Long texts without a break and a long cell, changed all over: by the square, twice the words take four times the work."""

    def steps(count: int) -> int:
        was, now = (
            content(*(a_text(" ".join(said), f"text{n}") for n in range(6)), a_table(("a", " ".join(said), "1", "")))
            for said in (prose(count), altered(prose(count)))
        )
        return steps_of(lambda: [[cell.pieces for row in one.rows for cell in row.cells] for one in compared(now, was)])

    assert steps(1_900) < 2.6 * steps(950)


def compared(now: dict[str, Any], was: dict[str, Any]) -> tuple[DocumentSection, ...]:
    sections = compare_documents(now, was).sections
    assert all(section.is_changed for section in sections)
    return sections
