"""The figures that the office sets: who reads and changes them, and what each change does."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from governance.health import TESTS
from governance.models import ChecklistItem, ReportingRules, ThresholdSet
from governance.models.rules import limits_for
from governance.rule_changes import CLASSES, Question, changes_between, limits_in, remove_holiday, set_checklist, set_thresholds
from pmo.lib.errors import Refused
from pmo.models.calendar import CityHoliday, office_calendar
from tests.governance.pages import signed_in
from tests.governance.stories import a_submitted

pytestmark = pytest.mark.django_db
SLIP = (3, "finish_slip_pct")


def rules(name: str, *args: object) -> str:
    return reverse(f"governance:{name}", args=args)


def limits_sent(**changed: str) -> dict[str, str]:
    """Return the thresholds form as it stands, with `finish_slip_pct_3_red="12"` changed."""
    found = {}
    for (governance_class, test), (green, red) in limits_in(ThresholdSet.objects.first()).items():
        found[f"{test}-{governance_class}-green"], found[f"{test}-{governance_class}-red"] = str(green), str(red)
    return {**found, "reason": "The board asked for it.", **changed}


def test_the_office_starts_with_version_1_and_a_checklist() -> None:
    assert ThresholdSet.objects.get().version == 1
    assert limits_for(1).by_test["report_age_days"] == (Decimal(21), Decimal(21))
    assert ChecklistItem.objects.filter(kind="status_report", is_active=True).count() == 7


def test_changed_thresholds_are_a_new_version_with_a_reason(pia) -> None:
    answer = signed_in(pia).post(rules("thresholds-edit"), limits_sent(**{"finish_slip_pct-3-red": "12"}))
    assert answer.status_code == 302
    newest = ThresholdSet.objects.first()
    assert newest is not None
    assert (newest.version, newest.created_by, newest.reason) == (2, pia, "The board asked for it.")
    assert limits_for(3).by_test["finish_slip_pct"] == (Decimal(5), Decimal(12))
    assert limits_for(2).by_test["finish_slip_pct"] == (Decimal(5), Decimal(10))


def test_a_submitted_report_keeps_the_version_it_was_rated_by(alpha, pia) -> None:
    version = a_submitted(alpha)
    limits = {**limits_in(ThresholdSet.objects.first()), SLIP: (Decimal(1), Decimal(2))}
    set_thresholds(limits, by=pia, reason="Stricter.", at=timezone.now())
    assert version.status_report.ratings.get(dimension="schedule").computed["thresholds_version"] == 1


def test_crossed_limits_no_change_and_no_reason_are_refused(pia) -> None:
    client = signed_in(pia)
    for sent in (limits_sent(**{"finish_slip_pct-3-red": "2"}), limits_sent(), limits_sent(reason=" ")):
        assert client.post(rules("thresholds-edit"), sent).status_code == 422
    assert ThresholdSet.objects.count() == 1


def test_the_page_names_what_each_version_changed(pia) -> None:
    first = ThresholdSet.objects.get()
    made = set_thresholds({**limits_in(first), SLIP: (Decimal(5), Decimal(12))}, by=pia, reason="The board.", at=timezone.now())
    change = changes_between(first, made)[0]
    assert (change.governance_class, change.was, change.now) == (3, "5 / 10 %", "5 / 12 %")
    text = signed_in(pia).get(rules("rules-detail")).content.decode()
    assert "The board." in text


def test_every_test_has_limits_for_every_class() -> None:
    assert set(limits_in(ThresholdSet.objects.get())) == {(key, test) for key in CLASSES for test in TESTS}


CLOCKS = {
    "status_weekday": 3,
    "due_time": "16:00",
    "reminder_weekday": 2,
    "reminder_time": "12:00",
    "overdue_days": 1,
    "escalation_days": 3,
    "review_days": 2,
    "answer_days": 2,
    "class_1_every_weeks": 2,
    "signing_minutes": 15,
    **{f"{what}_class_{key}_days": 5 if key < 3 else 10 for what in ("documents", "changes") for key in CLASSES},
    "reason": "Earlier on Thursdays.",
}


def test_clocks_change_with_a_reason_in_the_history(pia) -> None:
    assert signed_in(pia).post(rules("clocks-edit"), CLOCKS).status_code == 302
    assert ReportingRules.current().due_time == dt.time(16, 0)
    change = ReportingRules.history.latest()
    assert (change.history_user, change.history_change_reason) == (pia, "Earlier on Thursdays.")


@pytest.mark.parametrize("wrong", [{"reason": ""}, {"review_days": 0}, {"overdue_days": 5, "escalation_days": 3}])
def test_clocks_that_make_no_sense_are_refused(wrong, pia) -> None:
    assert signed_in(pia).post(rules("clocks-edit"), {**CLOCKS, **wrong}).status_code == 422
    assert not ReportingRules.objects.exists()


def test_a_holiday_closes_the_office(pia) -> None:
    day = dt.date(2027, 3, 3)
    assert signed_in(pia).post(rules("holiday-list"), {"on": day.isoformat(), "name": "Founders’ Day"}).status_code == 302
    assert not office_calendar().is_workday(day)
    again = signed_in(pia).post(rules("holiday-list"), {"on": day.isoformat(), "name": "Twice"})
    assert again.status_code == 422


def test_only_a_day_that_lies_ahead_is_removed(pia) -> None:
    day = CityHoliday.objects.create(on=dt.date(2020, 5, 5), name="Long ago")
    with pytest.raises(Refused) as refused:
        remove_holiday(day, by=pia, on=dt.date(2026, 1, 1))
    assert refused.value.code == "in_past"
    signed_in(pia).post(rules("holiday-delete", day.pk))
    assert CityHoliday.objects.exists()


def test_a_reworded_question_is_a_new_one(pia) -> None:
    first = ChecklistItem.objects.filter(kind="status_report").first()
    assert first is not None
    set_checklist([Question(first.pk, "Asked in other words", True)], by=pia)
    first.refresh_from_db()
    assert not first.is_active
    assert ChecklistItem.objects.get(text="Asked in other words").is_active


def test_the_checklist_page_stores_order_and_new_questions(pia) -> None:
    items = list(ChecklistItem.objects.all())
    sent = {"form-TOTAL_FORMS": "3", "form-INITIAL_FORMS": "2", "form-MIN_NUM_FORMS": "0", "form-MAX_NUM_FORMS": "40"}
    for place, item in enumerate(items[:2]):
        sent |= {f"form-{place}-key": str(item.pk), f"form-{place}-text": item.text, f"form-{place}-position": str(2 - place)}
        sent[f"form-{place}-is_active"] = "on"
    sent["form-2-text"] = "Nobody is blamed"
    assert signed_in(pia).post(rules("checklist-edit"), sent).status_code == 302
    found = dict(ChecklistItem.objects.values_list("text", "position"))
    assert (found[items[1].text], found[items[0].text], found["Nobody is blamed"]) == (1, 2, 3)


def test_the_same_question_is_not_asked_twice(pia) -> None:
    with pytest.raises(Refused) as refused:
        set_checklist([Question(None, "Is it so?", True), Question(None, "is it so? ", True)], by=pia)
    assert refused.value.code == "asked_twice"


@pytest.mark.parametrize("name", ["thresholds-edit", "clocks-edit", "checklist-edit"])
@pytest.mark.parametrize("person", ["gina", "audrey", "max", "stella", "adam"])
def test_only_the_pmo_manager_changes_them(name, person, alpha, request) -> None:
    assert signed_in(request.getfixturevalue(person)).post(rules(name), {}).status_code == 403


def test_the_verbs_refuse_everybody_else_too(gina) -> None:
    with pytest.raises(Refused) as refused:
        set_thresholds({}, by=gina, reason="Mine.", at=timezone.now())
    assert refused.value.code == "not_rule_maker"


@pytest.mark.parametrize(("person", "status"), [("gina", 200), ("audrey", 200), ("max", 200), ("stella", 403), ("olaf", 403)])
def test_who_is_measured_reads_the_rules(person, status, alpha, request) -> None:
    assert signed_in(request.getfixturevalue(person)).get(rules("rules-detail")).status_code == status
