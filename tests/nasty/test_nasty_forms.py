"""What the forms of governance make of 515 naughty strings: each is kept as it was typed, or refused with a sentence.

Documented as normal: white space at both ends is dropped where a field says so, and lines end in one way.
"""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from governance.models import ChangeRequest, DocumentSection
from tests.governance.pages import signed_in
from tests.governance.section_forms import fields as fields_of
from tests.governance.section_forms import url as section_url
from tests.governance.test_change_pages import sent
from tests.governance.written import a_document
from tests.nasty.fields import FIELDS, RULED, text_fields
from tests.nasty.soaked import text_columns
from tests.nasty.strings import naughty, settled

#: Columns of other areas, whose pages have tests of their own.
ELSEWHERE = ("StatusReport", "RatingChallenge", "Deliverable.", "ThresholdSet", "CityHoliday", "TemplateSection.")
PLAIN = {name: field for name, field in text_fields() if FIELDS.get(name) != RULED}
LONGEST_TEXT = 60_000


def test_every_text_field_has_a_row() -> None:
    assert {name for name, _ in text_fields()} == set(FIELDS)


def test_what_is_typed_gets_into_a_column_that_is_looked_at() -> None:
    columns = {f"{model.__name__}.{name}" for model, name in text_columns()}
    typed = {column for column in FIELDS.values() if "." in column}
    codes = {"Policy.code", "ProductivityStandard.code", "GateReview.source"}
    assert {one for one in typed - columns - codes if not one.startswith(ELSEWHERE)} == set()


@pytest.mark.parametrize("name", PLAIN)
def test_each_string_is_kept_or_refused_with_a_sentence(name: str, real_data: Any) -> None:
    field = PLAIN[name]
    for string in naughty(real_data):
        wanted = string.strip() if field.strip else string
        cleaned, said = cleaned_by(field, string)
        if cleaned is None:
            is_long = field.max_length is not None and len(wanted) > field.max_length
            is_empty = field.required and not wanted
            assert is_long or is_empty, repr(string)
            assert said
        elif name.startswith("ReportForm"):  # it makes one line of each of whatever breaks lines; its own tests say how
            assert settled(cleaned) == settled(wanted)
        else:
            assert cleaned == wanted, repr(string)


def cleaned_by(field: Any, string: str) -> tuple[str | None, list[str]]:
    """Return what a field makes of a string; None and what it says where it takes none of it."""
    try:
        return field.clean(string), []
    except ValidationError as refused:
        return None, refused.messages


@pytest.mark.parametrize("name", PLAIN)
def test_what_no_database_can_hold_is_refused_and_not_dropped(name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        PLAIN[name].clean("one\x00two")
    assert refused.value.messages


@pytest.mark.django_db
def test_all_strings_in_the_text_of_a_section_come_back_in_its_form(alpha, max, real_data) -> None:
    version = a_document(alpha)
    text = "\n".join(naughty(real_data))
    row = version.document.sections.get(section__key="problem")
    client = signed_in(max)
    typed = {"revision": row.revision, "text": text.replace("\n", "\r\n"), "do": "done"}
    assert client.post(section_url(alpha, "problem"), typed).status_code == 302
    row.refresh_from_db()
    assert settled(row.text) == settled(text)
    assert client.get(section_url(alpha, "problem")).context["form"]["text"].value() == row.text


@pytest.mark.django_db
def test_each_string_in_a_row_of_its_own_stays_in_it(alpha, max, real_data) -> None:
    version = a_document(alpha)
    strings = naughty(real_data)
    client = signed_in(max)
    for part in (strings[:400], strings[400:]):
        cells = [{"name": one, "target": "2027-06-30"} for one in part]
        rows = [{"row": f"r{place}", "cells": one} for place, one in enumerate(cells)]
        section = DocumentSection.objects.get(document=version.document, section__key="milestones")
        assert client.post(section_url(alpha, "milestones"), fields_of(rows, section.revision, do="save")).status_code == 302
        section.refresh_from_db()
        kept = [row["cells"]["name"] for row in section.rows]
        assert [one for one, was in zip(kept, part, strict=True) if settled(one) != settled(was)] == []


@pytest.mark.django_db
def test_a_nul_in_a_section_or_a_cell_is_said_and_nothing_is_lost(alpha, max) -> None:
    version = a_document(alpha)
    client = signed_in(max)
    for key, typed in (("problem", {"text": "one\x00two"}), ("milestones", {"row": ["a"], "a.name": "one\x00two"})):
        row = version.document.sections.get(section__key=key)
        answer = client.post(section_url(alpha, key), {"revision": row.revision, "do": "save", **typed})
        assert answer.status_code in {302, 422}, key
        row.refresh_from_db()
        assert "\x00" not in f"{row.text}{row.rows}"
        assert "onetwo" not in f"{row.text}{row.rows}", f"{key} dropped it without a word"


@pytest.mark.django_db
def test_strings_in_the_titles_of_changes_come_back_and_stay_text_in_files(alpha, pia, max, real_data) -> None:
    formulas = [one for one in naughty(real_data) if one.strip() and one[0] in "=+-@"]
    titles = [*formulas, '=HYPERLINK("http://a.example","b")', "@SUM(1+1)*cmd|' /C calc'!A0"]
    client = signed_in(pia)
    for title in titles:
        ChangeRequest.objects.all().delete()
        assert client.post(reverse("governance:change-new", args=[alpha.code]), sent(title=title[:160])).status_code == 302, (
            title
        )
        assert ChangeRequest.objects.get().title == title[:160].strip()
        text = b"".join(client.get(reverse("governance:change-list-csv")).streaming_content).decode("utf-8-sig")
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert not [cell for cell in cells if cell[:1] in {"=", "@", "+", "\t"} and len(cell) > 1], title
