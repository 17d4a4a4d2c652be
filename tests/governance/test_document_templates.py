"""The PMO manager keeps the templates: a next version is begun, changed, published; what is published stays as it is."""

from __future__ import annotations

import pytest
from django.urls import reverse

from governance.documents import templates
from governance.documents.drafting import start_document
from governance.models import DocumentTemplate, TemplateSection
from pmo.lib.errors import Refused
from tests.governance.stories import NOON
from tests.governance.written import a_document

pytestmark = pytest.mark.django_db
TEXT = {"number": "9", "title": "Lessons", "key": "lessons", "guidance": "", "required_from_class": 2, "form": "text"}
TABLE = {**TEXT, "key": "costs", "form": "table", "least_rows": 1, "is_confidential": False}


@pytest.fixture
def work(pia) -> DocumentTemplate:
    return templates.begin_next("definition", by=pia, at=NOON)


def refusal(act, *args, **kwargs) -> str:
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return str(refused.value.code)


def test_the_next_version_begins_as_a_copy(work) -> None:
    first = DocumentTemplate.objects.get(kind="definition", version=2)
    assert work.version == 3
    assert [row.key for row in work.sections.all()] == [row.key for row in first.sections.all()]
    assert work.sections.get(key="objectives").columns == first.sections.get(key="objectives").columns
    assert refusal(templates.begin_next, "definition", by=work.created_by, at=NOON) == "already_begun"


def test_only_the_pmo_manager_keeps_templates(work, gina, max, audrey) -> None:
    section = work.sections.first()
    for person in (gina, max, audrey):
        assert refusal(templates.begin_next, "execution_plan", by=person, at=NOON) == "not_office"
        assert refusal(templates.change_section, section, TEXT, by=person) == "not_office"
        assert refusal(templates.publish, work, by=person, at=NOON, note="x") == "not_office"


def test_a_published_version_never_changes(pia, work) -> None:
    first = DocumentTemplate.objects.get(kind="definition", version=1)
    section = first.sections.first()
    acts = [
        (templates.add_section, (first, TEXT)),
        (templates.change_section, (section, TEXT)),
        (templates.move_section, (section, 1)),
        (templates.delete_section, (section,)),
        (templates.discard, (first,)),
    ]
    assert {refusal(act, *args, by=pia) for act, args in acts} == {"published"}
    assert refusal(templates.publish, first, by=pia, at=NOON, note="again") == "published"
    assert DocumentTemplate.objects.get(pk=first.pk).sections.count() == 24


def test_documents_keep_the_version_they_were_begun_with_and_new_ones_take_the_newest(alpha, beta, pia, max, bea, work) -> None:
    old = a_document(alpha)
    templates.add_section(work, TEXT, by=pia)
    assert start_document(beta, "definition", by=bea, at=NOON).document.template.version == 2
    templates.publish(work, by=pia, at=NOON, note="Lessons are asked for.")
    old.submit(by=max, at=NOON)
    old.withdraw(by=max, at=NOON)
    assert old.document.template.version == 2
    newer = start_document(alpha, "definition", by=max, at=NOON)
    assert newer.document.template.version == 3
    assert newer.document.sections.filter(section__key="lessons").exists()
    assert newer.document.sections.get(section__key="problem").text


def test_sections_are_added_changed_moved_and_taken_out_with_history(pia, work) -> None:
    made = templates.add_section(work, TEXT, by=pia)
    templates.change_section(made, {**TEXT, "title": "Lessons learned"}, by=pia)
    templates.move_section(made, -1, by=pia)
    keys = [row.key for row in work.sections.all()]
    assert keys[-2] == "lessons"
    made.refresh_from_db()
    assert made.title == "Lessons learned"
    assert made.history.filter(history_user=pia).count() == 3
    templates.delete_section(made, by=pia)
    assert TemplateSection.history.filter(key="lessons", history_type="-").get().history_user == pia


def test_what_makes_no_sense_is_refused(pia, work) -> None:
    assert refusal(templates.add_section, work, {**TEXT, "key": "problem"}, by=pia) == "key_taken"
    assert refusal(templates.add_section, work, {**TABLE, "columns": []}, by=pia) == "no_columns"
    assert refusal(templates.publish, work, by=pia, at=NOON, note=" ") == "note_missing"
    for section in list(work.sections.all()):
        templates.delete_section(section, by=pia)
    assert refusal(templates.publish, work, by=pia, at=NOON, note="x") == "no_sections"


def test_a_version_in_work_can_be_thrown_away(pia, work) -> None:
    templates.discard(work, by=pia)
    assert not DocumentTemplate.objects.filter(kind="definition", published_at=None).exists()
    assert DocumentTemplate.current("definition").version == 2


def test_the_whole_way_through_the_pages(client, pia) -> None:
    client.force_login(pia)
    assert client.post(reverse("governance:template-begin", args=["definition"])).status_code == 302
    new = reverse("governance:template-section-new", args=["definition", 3])
    columns = {
        "columns-TOTAL_FORMS": "2",
        "columns-INITIAL_FORMS": "0",
        "columns-0-label": "Year",
        "columns-0-type": "number",
        "columns-0-required": "on",
        "columns-1-label": "Level",
        "columns-1-type": "choice",
        "columns-1-choices": "low, high, R\\, A",
    }
    values = {**TABLE, "required_from_class": "3", "is_confidential": "", **columns}
    assert client.post(new, values).status_code == 302
    section = TemplateSection.objects.get(key="costs")
    assert [(column["key"], column["choices"]) for column in section.columns] == [
        ("year", []),
        ("level", ["low", "high", "R, A"]),
    ]
    assert section.required_from_class == 3
    edit = reverse("governance:template-section-edit", args=["definition", 3, "costs"])
    assert "R\\, A" in client.get(edit).content.decode()
    publish = reverse("governance:template-publish", args=["definition", 3])
    assert client.post(publish, {"note": ""}).status_code == 422
    assert client.post(publish, {"note": "Costs by year."}).status_code == 302
    assert client.get(edit).status_code == 302
    assert client.post(edit, values).status_code == 422
    assert DocumentTemplate.current("definition").version == 3


def test_a_choice_without_choices_is_named_at_its_column(client, pia, work) -> None:
    client.force_login(pia)
    values = {
        **TABLE,
        "is_confidential": "",
        "columns-TOTAL_FORMS": "1",
        "columns-INITIAL_FORMS": "0",
        "columns-0-label": "Level",
        "columns-0-type": "choice",
    }
    response = client.post(reverse("governance:template-section-new", args=["definition", 3]), values)
    assert response.status_code == 422
    assert response.context["formset"].errors[0]["choices"]


def test_giving_up_a_check_is_named_and_needs_a_reason(client, pia, work) -> None:
    templates.delete_section(work.sections.get(key="milestones"), by=pia)
    with pytest.raises(Refused) as refused:
        templates.publish(work, by=pia, at=NOON, note="Shorter.", given_up=" ")
    assert refused.value.code == "checks_lost"
    assert "milestones" in refused.value.sentence
    client.force_login(pia)
    shown = client.get(f"/templates/{work.kind.replace('_', '-')}/v{work.version}/").content.decode()
    assert 'name="given_up"' in shown
    templates.publish(work, by=pia, at=NOON, note="Shorter.", given_up="The schedule holds them.")
    work.refresh_from_db()
    assert work.checks_given_up.endswith("The schedule holds them.")


def test_a_column_that_a_check_reads_counts_too(pia, work) -> None:
    from governance.documents.checks_lost import checks_lost

    section = work.sections.get(key="objectives")
    kept = [column for column in section.columns if column["key"] != "baseline"]
    templates.change_section(section, {"form": section.form, "columns": kept}, by=pia)
    assert any("objective" in name for name in checks_lost(work))
    assert len(checks_lost(work)) == 1
