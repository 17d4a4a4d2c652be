"""The page of the user guide that says who may open what is the table that the pages are tested against."""

from __future__ import annotations

from tests import access_matrix
from tests.access_guide import COLUMNS, FOR_EVERYBODY, PAGE, SECTIONS, guide
from tests.access_matrix import EVERYONE, MATRIX


def test_the_user_guide_says_what_the_table_says():
    assert PAGE.read_text() == guide(), "write it anew: .venv/bin/python -m tests.access_guide"


def test_every_person_of_the_table_has_a_column():
    assert set(COLUMNS) == EVERYONE


def test_a_row_that_changes_changes_the_page(monkeypatch):
    before = guide()
    monkeypatch.setitem(access_matrix.ADMINISTRATION, "person-new", access_matrix.office_page(frozenset({"pia"})))
    assert guide() != before


def test_every_row_stands_in_a_section():
    told = [name for rows in (*FOR_EVERYBODY, *(rows for _, rows in SECTIONS)) for name in rows]
    assert sorted(told) == sorted(MATRIX), "put the new rows into a section of tests/access_guide.py"
