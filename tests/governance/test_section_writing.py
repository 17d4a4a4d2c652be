"""Writing one section: autosave, rows with and without a script, pasting, two people at once. Nothing typed is lost."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from governance.documents.drafting import save_section
from governance.models import DocumentSection
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


def test_a_text_is_saved_with_who_and_when(writer, alpha, draft, max) -> None:
    row = section(draft, "problem")
    response = writer.post(url(alpha, "problem"), {"revision": row.revision, "text": "New\r\nwords.", "do": "done"})
    assert response.status_code == 302
    row.refresh_from_db()
    assert (row.text, row.saved_by) == ("New\nwords.", max)
    assert row.history.first().history_change_reason == "section saved"


def test_autosave_answers_with_the_next_revision_and_the_time_of_the_office(writer, alpha, draft) -> None:
    row = section(draft, "problem")
    response = writer.post(url(alpha, "problem", "autosave"), {"revision": row.revision, "text": "Typed."})
    assert response.status_code == 200
    assert response.json()["revision"] == row.revision + 1
    assert re.fullmatch(r"\d\d:\d\d", response.json()["clock"])
    assert section(draft, "problem").text == "Typed."


def test_autosave_says_conflict_and_keeps_what_the_other_saved(writer, alpha, draft, tess) -> None:
    row = section(draft, "problem")
    save_section(section(draft, "problem"), by=tess, at=NOON, revision=row.revision, text="By Tess.")
    response = writer.post(url(alpha, "problem", "autosave"), {"revision": row.revision, "text": "By Max."})
    assert response.status_code == 409
    assert response.json()["url"] == url(alpha, "problem", "merge")
    assert section(draft, "problem").text == "By Tess."


def test_the_same_words_from_another_tab_are_no_conflict(writer, alpha, draft, max) -> None:
    row = section(draft, "problem")
    save_section(section(draft, "problem"), by=max, at=NOON, revision=row.revision, text="Same.")
    response = writer.post(url(alpha, "problem", "autosave"), {"revision": row.revision, "text": "Same."})
    assert (response.status_code, response.json()["revision"]) == (200, row.revision + 1)


def test_two_texts_meet_on_one_page_and_neither_is_lost(writer, alpha, draft, tess) -> None:
    row = section(draft, "problem")
    save_section(section(draft, "problem"), by=tess, at=NOON, revision=row.revision, text="By Tess.")
    response = writer.post(url(alpha, "problem"), {"revision": row.revision, "text": "By Max.", "do": "save"})
    shown = response.content.decode()
    assert response.status_code == 409
    assert "By Tess." in shown
    assert "By Max." in shown
    chosen = {"resolved": "1", "revision": row.revision + 1, "text": "By both."}
    assert writer.post(url(alpha, "problem", "merge"), chosen).status_code == 302
    assert section(draft, "problem").text == "By both."


def test_texts_changed_in_different_places_are_offered_as_one(writer, alpha, draft, tess) -> None:
    row = section(draft, "problem")
    save_section(row, by=tess, at=NOON, revision=row.revision, text="One.\n\nTwo.\n\nThree.")
    row = section(draft, "problem")
    save_section(section(draft, "problem"), by=tess, at=NOON, revision=row.revision, text="One by Tess.\n\nTwo.\n\nThree.")
    mine = {"revision": row.revision, "text": "One.\r\n\r\nTwo.\r\n\r\nThree by Max.", "do": "save"}
    response = writer.post(url(alpha, "problem"), mine)
    assert response.status_code == 409
    assert response.context["joined"].text == "One by Tess.\n\nTwo.\n\nThree by Max."
    assert "One by Tess.\n\nTwo.\n\nThree by Max.</textarea>" in response.content.decode()


def test_cells_that_only_the_other_side_changed_stay_in_a_row_that_both_changed(writer, alpha, draft, tess) -> None:
    row = section(draft, "milestones")
    theirs = [{"row": "a", "cells": {"name": "Design", "target": "2027-02-28"}}, ROWS[1]]
    save_section(section(draft, "milestones"), by=tess, at=NOON, revision=row.revision, rows=theirs)
    mine = [{"row": "a", "cells": {"name": "Design done", "target": "2027-01-31"}}, ROWS[1]]
    response = writer.post(url(alpha, "milestones"), fields(mine, row.revision, do="save"))
    assert [found.pairs for found in response.context["met"]] == [[("Milestone", "Design", "Design done")]]
    chosen = {"resolved": "1", "revision": row.revision + 1, "mine": response.context["mine"], "all": "mine"}
    writer.post(url(alpha, "milestones", "merge"), {**chosen, "use-a": "mine"})
    assert section(draft, "milestones").rows[0]["cells"] == {"name": "Design done", "target": "2027-02-28"}


def test_a_row_that_was_left_alone_gives_way_however_its_empty_cells_are_stored(writer, alpha, draft, tess) -> None:
    row = section(draft, "milestones")
    save_section(row, by=tess, at=NOON, revision=row.revision, rows=[{"row": "a", "cells": {"name": "Design"}}])
    row = section(draft, "milestones")
    theirs = [{"row": "a", "cells": {"name": "Design", "target": "2027-02-28"}}]
    save_section(section(draft, "milestones"), by=tess, at=NOON, revision=row.revision, rows=theirs)
    mine = [{"row": "a", "cells": {"name": "Design", "target": ""}}, {"row": "n", "cells": {"name": "New"}}]
    response = writer.post(url(alpha, "milestones"), fields(mine, row.revision, do="save"))
    assert {found.key: found.offered for found in response.context["met"]} == {"a": "theirs", "n": "mine"}


def test_keeping_what_was_saved_meanwhile(writer, alpha, draft, tess) -> None:
    row = section(draft, "problem")
    save_section(section(draft, "problem"), by=tess, at=NOON, revision=row.revision, text="By Tess.")
    chosen = {"resolved": "1", "revision": row.revision + 1, "text": "By Max.", "all": "theirs"}
    writer.post(url(alpha, "problem", "merge"), chosen)
    assert section(draft, "problem").text == "By Tess."


def test_a_third_save_while_choosing_shows_both_sides_again(writer, alpha, draft, tess) -> None:
    row = section(draft, "problem")
    for number, text in enumerate(("One.", "Two.")):
        save_section(section(draft, "problem"), by=tess, at=NOON, revision=row.revision + number, text=text)
    chosen = {"resolved": "1", "revision": row.revision + 1, "text": "Mine."}
    response = writer.post(url(alpha, "problem", "merge"), chosen)
    assert response.status_code == 409
    assert "Two." in response.content.decode()


def test_rows_that_meet_are_chosen_one_by_one(writer, alpha, draft, tess) -> None:
    """Tess moved go-live and added a row; Max renamed the design and removed nothing."""
    row = section(draft, "milestones")
    theirs = [
        ROWS[0],
        {"row": "b", "cells": {"name": "Go-live", "target": "2027-09-30"}},
        {"row": "c", "cells": {"name": "Close"}},
    ]
    save_section(section(draft, "milestones"), by=tess, at=NOON, revision=row.revision, rows=theirs)
    mine = [{"row": "a", "cells": {"name": "Design done", "target": "2027-01-31"}}, ROWS[1]]
    response = writer.post(url(alpha, "milestones"), fields(mine, row.revision, do="save"))
    assert response.status_code == 409
    offered = {found.key: found.offered for found in response.context["met"]}
    assert offered == {"a": "mine", "b": "theirs", "c": "theirs"}
    chosen = {"resolved": "1", "revision": row.revision + 1, "mine": response.context["mine"]}
    writer.post(url(alpha, "milestones", "merge"), {**chosen, **{f"use-{key}": side for key, side in offered.items()}})
    stored = {one["row"]: one["cells"] for one in section(draft, "milestones").rows}
    assert stored["a"]["name"] == "Design done"
    assert stored["b"]["target"] == "2027-09-30"
    assert stored["c"]["name"] == "Close"


def test_a_hostile_list_of_rows_is_left_out(writer, alpha, draft) -> None:
    row = section(draft, "milestones")
    bad = json.dumps(
        [1, {"row": "<x>", "cells": {}}, {"row": "a", "cells": "no"}, {"row": "a", "cells": {"name": 5, "evil": "x"}}]
    )
    writer.post(url(alpha, "milestones", "merge"), {"resolved": "1", "revision": row.revision, "mine": bad, "use-a": "mine"})
    stored = {one["row"]: one["cells"] for one in section(draft, "milestones").rows}
    assert stored["a"] == {"name": "5", "target": ""}


@pytest.mark.parametrize(
    ("action", "order"),
    [
        ("add", ["a", "b"]),
        ("up:b", ["b", "a"]),
        ("down:a", ["b", "a"]),
        ("up:a", ["a", "b"]),
        ("remove:a", ["b"]),
        ("up:zz", ["a", "b"]),
    ],
)
def test_rows_are_moved_and_removed_by_plain_buttons(writer, alpha, draft, action, order) -> None:
    row = section(draft, "milestones")
    assert writer.post(url(alpha, "milestones"), fields(ROWS, row.revision, do=action)).status_code == 302
    assert [one["row"] for one in section(draft, "milestones").rows] == order


def test_a_new_row_is_kept_and_an_empty_one_left_out(writer, alpha, draft) -> None:
    row = section(draft, "milestones")
    rows = [*ROWS, {"row": "n1", "cells": {"name": "Close", "target": ""}}, {"row": "n2", "cells": {"name": " ", "target": ""}}]
    writer.post(url(alpha, "milestones"), fields(rows, row.revision, do="add"))
    stored = section(draft, "milestones").rows
    assert [one["row"] for one in stored] == ["a", "b", "n1"]


def test_what_cannot_be_read_is_stored_and_named_with_row_column_and_remedy(writer, alpha, draft) -> None:
    row = section(draft, "milestones")
    rows = [{"row": "a", "cells": {"name": "Design", "target": "soon"}}]
    writer.post(url(alpha, "milestones"), fields(rows, row.revision, do="save"))
    assert section(draft, "milestones").rows[0]["cells"]["target"] == "soon"
    shown = writer.get(url(alpha, "milestones"))
    assert shown.context["problems"][0][0] == "#a.target"
    assert shown.context["problems"][0][1].startswith("Row 1, Target date")
    assert 'value="soon"' in shown.content.decode()


def test_a_block_from_a_spreadsheet_becomes_rows(writer, alpha, draft) -> None:
    row = section(draft, "milestones")
    block = "Milestone\tTarget date\nPilot\t3/15/2027\nTraining\tMar 20, 2027\n\n"
    writer.post(url(alpha, "milestones"), fields(ROWS, row.revision, do="paste", paste=block))
    stored = [one["cells"] for one in section(draft, "milestones").rows]
    assert stored[2:] == [{"name": "Pilot", "target": "2027-03-15"}, {"name": "Training", "target": "2027-03-20"}]


def test_a_block_with_a_cell_too_many_is_not_taken_and_stays_on_the_page(writer, alpha, draft) -> None:
    row = section(draft, "milestones")
    data = fields(ROWS, row.revision, do="paste", paste="Pilot\t2027-03-15\tkept for later\nTraining\tsoon")
    response = writer.post(url(alpha, "milestones"), data)
    assert response.status_code == 422
    assert response.context["errors"][0][0] == "#paste"
    assert response.context["errors"][0][1].startswith("Row 1")
    assert "kept for later\nTraining" in response.content.decode()
    assert len(section(draft, "milestones").rows) == 2


def test_five_hundred_rows_are_pasted_and_saved_again(writer, alpha, draft) -> None:
    row = section(draft, "milestones")
    block = "\r\n".join(f"M{number}\t2027-01-01" for number in range(498))
    assert writer.post(url(alpha, "milestones"), fields(ROWS, row.revision, do="paste", paste=block)).status_code == 302
    row = section(draft, "milestones")
    assert writer.post(url(alpha, "milestones"), fields(row.rows, row.revision, do="done")).status_code == 302
    assert len(section(draft, "milestones").rows) == 500


def test_a_block_that_waits_in_its_field_becomes_rows_once(writer, alpha, draft) -> None:
    """Saving on the way leaves it alone, or each save would add its rows again; closing the section takes it in."""
    row = section(draft, "milestones")
    data = fields(ROWS, row.revision, paste="Pilot\t2027-03-15")
    assert writer.post(url(alpha, "milestones", "autosave"), data).status_code == 200
    assert len(section(draft, "milestones").rows) == 2
    writer.post(url(alpha, "milestones"), {**data, "revision": row.revision + 1, "do": "done"})
    assert [one["cells"]["name"] for one in section(draft, "milestones").rows] == ["Design", "Go-live", "Pilot"]


@pytest.mark.parametrize(
    "text", ["a\x00b", "\u202e<script>alert(1)</script>", "Ω≈ç√∫ 👩‍👩‍👧", "' OR 1=1 --", "{{ 7777*7777 }}"]
)
def test_strange_words_are_kept_and_run_nowhere(writer, alpha, draft, text) -> None:
    row = section(draft, "problem")
    assert writer.post(url(alpha, "problem"), {"revision": row.revision, "text": text, "do": "save"}).status_code == 302
    assert section(draft, "problem").text == text.replace("\x00", " ")
    shown = writer.get(reverse("governance:document-detail", args=[alpha.code, "definition"])).content.decode()
    assert "<script>alert" not in shown
    assert "60481729" not in shown


def test_too_many_rows_are_not_taken_and_the_block_stays_on_the_page(writer, alpha, draft) -> None:
    row = section(draft, "milestones")
    block = "\n".join(f"M{number}\t2027-01-01" for number in range(499))
    response = writer.post(url(alpha, "milestones"), fields(ROWS, row.revision, do="paste", paste=block))
    assert response.status_code == 422
    assert "M498" in response.content.decode()
    assert len(section(draft, "milestones").rows) == 2


def test_the_preview_stores_nothing_with_and_without_a_script(writer, alpha, draft) -> None:
    data = {"revision": 1, "text": "**Bold** <b>x</b>", "do": "preview"}
    whole = writer.post(url(alpha, "problem", "preview"), data).content.decode()
    part = writer.post(url(alpha, "problem", "preview"), data, headers={"HX-Request": "true"}).content.decode()
    assert "<strong>Bold</strong>" in whole
    assert "<main" in whole
    assert "<strong>Bold</strong>" in part
    assert "<main" not in part
    assert section(draft, "problem").text == "Clerks retype forms."


def test_who_writes_in_a_section_is_shown_to_others_for_five_minutes(writer, alpha, draft, max, tess) -> None:
    writer.get(url(alpha, "problem"))
    other = Client()
    other.force_login(tess)
    assert other.get(url(alpha, "problem")).context["editor"] == max
    assert writer.get(url(alpha, "problem")).context["editor"] is None
    DocumentSection.objects.filter(pk=section(draft, "problem").pk).update(editing_at=timezone.now() - dt.timedelta(minutes=6))
    assert other.get(url(alpha, "problem")).context["editor"] is None


def test_after_submission_what_was_typed_is_shown_and_not_stored(writer, alpha, draft, max) -> None:
    row, milestones = section(draft, "problem"), section(draft, "milestones")
    third = {"row": "c", "cells": {"name": "All courts live", "target": "2027-12-01"}}
    save_section(milestones, by=max, at=NOON, revision=milestones.revision, rows=[*milestones.rows, third])
    draft.submit(by=max, at=NOON)
    response = writer.post(url(alpha, "problem"), {"revision": row.revision, "text": "Too late.", "do": "save"})
    assert response.status_code == 409
    assert "Too late." in response.content.decode()
    assert section(draft, "problem").text == "Clerks retype forms."
    assert writer.post(url(alpha, "problem", "autosave"), {"revision": row.revision, "text": "x"}).status_code == 409


def test_who_only_reads_is_refused_and_outsiders_find_nothing(client, alpha, draft, audrey, sam, olaf, beta) -> None:
    for person, status in ((audrey, 403), (sam, 403), (beta.project_manager, 403), (olaf, 404)):
        client.force_login(person)
        assert client.get(url(alpha, "problem")).status_code == status
        assert client.post(url(alpha, "problem"), {"revision": 1, "text": "x"}).status_code == status
    assert section(draft, "problem").text == "Clerks retype forms."


def test_the_team_does_not_open_what_is_confidential(client, alpha, tess) -> None:
    a_document(alpha, "execution_plan")
    client.force_login(tess)
    where = reverse("governance:document-section-edit", args=[alpha.code, "execution-plan", "procurement"])
    assert client.get(where).status_code == 403


def test_a_long_table_opens_with_as_many_queries_as_a_short_one(writer, alpha, draft, django_assert_max_num_queries) -> None:
    rows = [{"row": f"r{number}", "cells": {"name": f"M{number}", "target": "2027-01-31"}} for number in range(400)]
    row = section(draft, "milestones")
    save_section(row, by=alpha.project_manager, at=NOON, revision=row.revision, rows=rows)
    with django_assert_max_num_queries(26):
        assert writer.get(url(alpha, "milestones")).status_code == 200


def test_the_overview_counts_what_is_written_and_leads_to_what_is_missing(writer, alpha, draft) -> None:
    row = section(draft, "description")
    save_section(row, by=alpha.project_manager, at=NOON, revision=row.revision, text=" ")
    page = writer.get(reverse("governance:document-edit", args=[alpha.code, "definition"])).context["it"]
    assert page.progress.filled == page.progress.required - 1
    assert page.next_line.row.section.key == "description"
