"""Days of reviews by class: set by the office, in force from the moment of saving, what runs keeps its due date."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from governance.models import ReportingRules
from governance.models.rules import STEP_FIELDS, PastClocks
from governance.queue import queue_of
from governance.rule_changes import set_clocks
from pmo.lib.errors import Refused
from pmo.models.calendar import office_calendar
from tests.governance.changed import a_submitted_change
from tests.governance.pages import signed_in
from tests.governance.stories import CITY, NOON, a_finding
from tests.governance.test_rules import CLOCKS
from tests.governance.written import a_submitted_document, review_all

pytestmark = pytest.mark.django_db


def set_days(by: Any, **days: int) -> None:
    rules = ReportingRules.current()
    for name, value in days.items():
        setattr(rules, name, value)
    set_clocks(rules, by=by, reason="Reviews take as long as they take.")


def workdays_after(moment: dt.datetime, days: int) -> dt.date:
    return office_calendar().add(moment.astimezone(CITY).date(), days)


def due_on(moment: dt.datetime | None) -> dt.date:
    assert moment is not None
    return moment.astimezone(CITY).date()


def test_the_office_begins_with_5_and_10_days() -> None:
    rules = ReportingRules.current()
    assert [getattr(rules, name) for name in STEP_FIELDS] == [5, 5, 10, 10] * 2


@pytest.mark.parametrize("governance_class", [1, 2, 3, 4])
def test_a_submission_is_due_by_the_days_of_its_class(governance_class: int, alpha: Any, pia: Any) -> None:
    alpha.governance_class = governance_class
    alpha.save()
    days = {1: 3, 2: 4, 3: 8, 4: 15}
    set_days(pia, **{f"documents_class_{key}_days": value for key, value in days.items()})
    version = a_submitted_document(alpha)
    assert due_on(version.review_due_at) == workdays_after(NOON, days[governance_class])


def test_a_running_review_keeps_its_due_date_and_the_next_follows_the_new_days(
    alpha: Any, beta: Any, pia: Any, gina: Any, time_machine: Any
) -> None:
    version = a_submitted_document(alpha)
    told = version.review_due_at
    set_days(pia, documents_class_3_days=2, documents_class_2_days=2)
    version.refresh_from_db()
    assert version.review_due_at == told
    assert due_on(told) == workdays_after(NOON, 10)
    assert [item.due_at for item in queue_of(gina, NOON, everybody=True).items if item.kind == "document"] == [told]
    assert due_on(a_submitted_document(beta).review_due_at) == workdays_after(NOON, 2)


def test_a_step_of_a_change_keeps_the_days_that_ran_when_it_began(alpha: Any, pia: Any, time_machine: Any) -> None:
    a_submitted_change(alpha, at=NOON)
    assert change_due(pia) == [workdays_after(NOON, 10)]
    time_machine.move_to(NOON + dt.timedelta(hours=2), tick=False)
    set_days(pia, changes_class_3_days=3)
    assert change_due(pia) == [workdays_after(NOON, 10)]
    later = NOON + dt.timedelta(hours=4)
    time_machine.move_to(later, tick=False)
    a_submitted_change(alpha, at=later)
    assert sorted(change_due(pia)) == [workdays_after(NOON, 3), workdays_after(NOON, 10)]


def change_due(person: Any) -> list[dt.date]:
    return [due_on(item.due_at) for item in queue_of(person, NOON).items if item.kind == "change"]


def test_a_document_sent_back_is_due_by_the_days_that_ran_then(alpha: Any, max: Any, pia: Any, time_machine: Any) -> None:
    version = a_submitted_document(alpha)
    a_finding(version, by=pia, section="problem")
    review_all(version, by=pia, at=NOON)
    version.return_for_rework(by=pia, at=NOON)
    time_machine.move_to(NOON + dt.timedelta(hours=1), tick=False)
    set_days(pia, documents_class_3_days=1)
    due = [item.due_at for item in queue_of(max, NOON).items if item.kind == "returned"]
    assert [due_on(at) for at in due] == [workdays_after(NOON, 10)]


def test_clocks_of_before_the_first_change_are_what_the_office_began_with(pia: Any, time_machine: Any) -> None:
    before = NOON
    time_machine.move_to(NOON + dt.timedelta(hours=1), tick=False)
    set_days(pia, documents_class_1_days=7)
    clocks = PastClocks()
    assert clocks.at(before).documents_class_1_days == 5
    assert clocks.at(NOON + dt.timedelta(hours=1)).documents_class_1_days == 7


def test_clocks_that_are_looked_up_many_times_cost_one_question(pia: Any, django_assert_num_queries: Any) -> None:
    set_days(pia, documents_class_1_days=7)
    clocks = PastClocks()
    with django_assert_num_queries(1):
        assert {clocks.at(NOON + dt.timedelta(days=day)).documents_class_1_days for day in range(5, 20)} == {7}


# The page


def address(name: str) -> str:
    return reverse(f"governance:{name}")


def test_the_form_changes_the_days_and_the_page_says_them(pia: Any) -> None:
    client = signed_in(pia)
    form = client.get(address("clocks-edit")).content.decode()
    assert "A due date that is already set stays as it was told" in form
    assert form.count('aria-label="Review of a document, class') == 4
    before = client.get(address("rules-detail")).content.decode()
    assert "class 1 and 2: 5; class 3 and 4: 10 working days after submission" in before
    sent = {**CLOCKS, "documents_class_1_days": "1", "documents_class_4_days": "60", "reason": "Faster, and slower."}
    assert client.post(address("clocks-edit"), sent).status_code == 302
    page = client.get(address("rules-detail")).content.decode()
    assert "class 1: 1; class 2: 5; class 3: 10; class 4: 60 working days after submission" in page
    assert "Faster, and slower." in page
    change = ReportingRules.history.latest()
    assert (change.history_user, change.documents_class_4_days, change.changes_class_4_days) == (pia, 60, 10)


@pytest.mark.parametrize("typed", ["0", "61", "-5", "", "5.5", "five", "１２x", "9" * 40, "\x00", "<b>5</b>"])
@pytest.mark.parametrize("name", ["documents_class_1_days", "changes_class_4_days"])
def test_days_that_make_no_sense_are_refused_and_what_was_typed_stays(name: str, typed: str, pia: Any) -> None:
    sent = {**CLOCKS, name: typed, "reason": "A reason that stays"}
    reply = signed_in(pia).post(address("clocks-edit"), sent)
    assert reply.status_code == 422
    assert name in reply.context["form"].errors
    assert "A reason that stays" in reply.content.decode()
    assert not ReportingRules.objects.exists()


def test_only_the_pmo_manager_changes_them(max: Any, alpha: Any, audrey: Any, gina: Any, stella: Any) -> None:
    for person in (max, audrey, gina, stella):
        assert signed_in(person).post(address("clocks-edit"), CLOCKS).status_code == 403
        with pytest.raises(Refused) as refused:
            set_clocks(ReportingRules.current(), by=person, reason="Because")
        assert refused.value.code == "not_rule_maker"
    assert not ReportingRules.objects.exists()


@pytest.mark.parametrize("days", [0, 61])
def test_the_verb_refuses_what_the_form_would(days: int, pia: Any) -> None:
    with pytest.raises(Refused) as refused:
        set_days(pia, documents_class_2_days=days)
    assert refused.value.code == "days_wrong"
    assert not ReportingRules.objects.exists()


def test_returning_says_by_when_the_clock_starts_again(alpha: Any, pia: Any) -> None:
    version = a_submitted_document(alpha)
    set_days(pia, documents_class_3_days=1)
    review_all(version, by=pia, at=NOON)
    page = signed_in(pia).get(f"/reviews/documents/{alpha.code}/definition/v1/").content.decode()
    assert "the clock starts again at 1 working day" in page
