"""What is too much for a section: refused whole, at its place, and all of it stays on the page."""

from __future__ import annotations

import pytest
from django.test import Client

from governance.documents.drafting import save_section
from governance.models import DocumentSection
from pmo.lib.errors import Refused
from tests.governance.section_forms import ROWS, fields, section, url
from tests.governance.stories import NOON
from tests.governance.written import a_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(alpha):
    return a_document(alpha, milestones=ROWS, problem="Clerks retype forms.")


@pytest.fixture
def writer(client: Client, draft, max) -> Client:
    client.force_login(max)
    return client


def many(count: int) -> list[dict[str, object]]:
    return [{"row": f"m{number}", "cells": {"name": f"M{number}", "target": "2027-01-01"}} for number in range(1, count + 1)]


def refused_code(row: DocumentSection, person, rows) -> str:
    with pytest.raises(Refused) as refused:
        save_section(row, by=person, at=NOON, revision=row.revision, rows=rows)
    return str(refused.value.code)


def test_more_rows_than_a_table_holds_are_refused_whole_and_all_of_them_stay(writer, alpha, draft) -> None:
    row = section(draft, "milestones")
    response = writer.post(url(alpha, "milestones"), fields(many(503), row.revision, do="done"))
    assert response.status_code == 422
    assert response.context["errors"] == (
        (
            "#m501",
            "Row 501: A table holds at most 500 rows, and these are 503. Take out 3 rows, or attach the longer list as a file.",
        ),
    )
    text = response.content.decode()
    assert 'value="M503"' in text
    assert 'id="m501"' in text
    stored = section(draft, "milestones")
    assert [one["cells"]["name"] for one in stored.rows] == ["Design", "Go-live"]
    assert stored.revision == row.revision


def test_taking_rows_out_goes_on_from_what_was_sent_until_they_fit(writer, alpha, draft) -> None:
    row = section(draft, "milestones")
    response = writer.post(url(alpha, "milestones"), fields(many(502), row.revision, do="remove:m2"))
    assert response.status_code == 422
    left = [line.key for line in response.context["inputs"]]
    assert (len(left), left[:2]) == (501, ["m1", "m3"])
    rows = [one for one in many(502) if one["row"] != "m2"]
    assert writer.post(url(alpha, "milestones"), fields(rows, row.revision, do="remove:m3")).status_code == 302
    assert len(section(draft, "milestones").rows) == 500


def test_saving_while_typing_says_so_too_and_keeps_nothing(writer, alpha, draft) -> None:
    row = section(draft, "milestones")
    response = writer.post(url(alpha, "milestones", "autosave"), fields(many(501), row.revision))
    assert response.status_code == 422
    assert response.json()["message"].startswith("Not saved. Row 501: A table holds at most 500 rows, and these are 501.")
    assert len(section(draft, "milestones").rows) == 2


def test_a_block_beyond_the_last_row_is_refused_with_a_remedy(writer, alpha, draft) -> None:
    row = section(draft, "milestones")
    block = "\n".join(f"P{number}\t2027-01-01" for number in range(499))
    response = writer.post(url(alpha, "milestones"), fields(ROWS, row.revision, do="paste", paste=block))
    assert response.status_code == 422
    assert response.context["errors"] == (
        (
            "#paste",
            "A table holds at most 500 rows; with this block it would have 501. "
            "Paste fewer rows, or attach the longer list as a file.",
        ),
    )
    assert "P498\t2027-01-01" in response.content.decode()
    assert len(section(draft, "milestones").rows) == 2


def test_a_cell_that_is_too_long_is_refused_at_its_place_and_stays_whole(writer, alpha, draft, max) -> None:
    row = section(draft, "milestones")
    long = [ROWS[0], {"row": "b", "cells": {"name": "x" * 4_001, "target": "2027-06-30"}}]
    response = writer.post(url(alpha, "milestones"), fields(long, row.revision, do="save"))
    assert response.status_code == 422
    assert response.context["errors"] == (
        ("#b.name", "Row 2, Milestone: At most 4,000 letters fit into a cell; shorten this one."),
    )
    assert "x" * 4_001 in response.content.decode()
    assert section(draft, "milestones").rows == ROWS
    fits = [ROWS[0], {"row": "b", "cells": {"name": "x" * 4_000, "target": "2027-06-30"}}]
    assert writer.post(url(alpha, "milestones"), fields(fits, row.revision, do="save")).status_code == 302


def test_the_verb_itself_keeps_to_what_a_table_holds(draft, max) -> None:
    row = section(draft, "milestones")
    assert refused_code(row, max, many(501)) == "rows_too_many"
    assert refused_code(row, max, [{"row": "a", "cells": {"name": "x" * 4_001}}]) == "cell_too_long"
    assert section(draft, "milestones").rows == ROWS
    save_section(row, by=max, at=NOON, revision=row.revision, rows=many(500))
    assert len(section(draft, "milestones").rows) == 500


def test_of_two_who_meet_the_rows_of_both_must_fit(writer, alpha, draft, tess) -> None:
    """Each has 300 rows more; what was chosen is shown whole, to be shortened."""
    row = section(draft, "milestones")
    theirs = [{**one, "row": f"t{one['row']}"} for one in many(300)]
    save_section(section(draft, "milestones"), by=tess, at=NOON, revision=row.revision, rows=[*ROWS, *theirs])
    mine = fields([*ROWS, *many(300)], row.revision, do="save")
    met = writer.post(url(alpha, "milestones"), mine)
    assert met.status_code == 409
    chosen = {"resolved": "1", "revision": row.revision + 1, "mine": met.context["mine"]}
    response = writer.post(url(alpha, "milestones", "merge"), chosen)
    assert response.status_code == 422
    assert "these are 602" in response.context["errors"][0][1]
    assert len([line for line in response.context["inputs"] if not line.is_new]) == 602
    assert len(section(draft, "milestones").rows) == 302
