"""Mails beside the notices of conditions, gates, waivers and documents: to whom, once, asking what, and without content."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from governance import conditions, gates
from governance.condition_terms import put_conditions
from governance.due import run_due
from governance.mails import SUBJECTS, send_mails
from governance.models import Condition, GateReview
from governance.waivers import grant_waiver, revoke_waiver
from pmo.models import MailMessage, User
from pmo.models.mails import MailState
from pmo.models.users import MailChoice
from portfolio.models import Project
from tests.factories import make_project
from tests.governance.gated import a_planned, a_prepared, terms
from tests.governance.stories import CITY, a_finding
from tests.governance.written import a_condition, a_submitted_document, review_all

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
TEXT, EVIDENCE = "The vendor hands over the signed test report.", "It lies in the vault, shelf 4."
TODAY = dt.date(2026, 11, 18)


def on(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=CITY)


NOW = on(18, 12)


@pytest.fixture(autouse=True)
def _wednesday_noon(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def condition(alpha: Project, tess: Any, olaf: Any, pia: Any) -> Condition:
    """One that tess owes by Friday week and olaf verifies; who puts it is told of nothing else."""
    version = a_submitted_document(alpha, at=NOW)
    MailMessage.objects.all().delete()
    terms_ = [a_condition(tess, olaf, text=TEXT, due_on=TODAY + 9 * DAY)]
    (row,) = put_conditions(terms_, project=alpha, version=version, by=pia, at=NOW)
    return Condition.objects.select_related("project__project_manager", "owner", "verifier").get(pk=row.pk)


def letters(key: str) -> dict[str, Any]:
    """Return the letters of one sort by whom they go to."""
    rows = MailMessage.objects.filter(notification__key__startswith=key).select_related("notification__recipient")
    return {row.notification.recipient.name: row for row in rows}


def to(key: str) -> set[str]:
    return set(letters(key))


def sent(key: str, *, at: dt.datetime | None = None) -> list[str]:
    """Send what waits and return to whom letters of one sort went."""
    send_mails(at=at or NOW)
    return sorted(name for name, row in letters(key).items() if row.state == MailState.SENT)


def check(key: str, people: set[Any], asks: str, *, at: dt.datetime | None = None, urgent: bool = False) -> None:
    """Check a letter: its people, what it asks, that it goes out once and says nothing of the content."""
    found = letters(key)
    assert set(found) == {person.name for person in people}
    for row in found.values():
        assert asks in row.body
        assert row.is_urgent is urgent
        assert TEXT not in row.subject + row.body
        assert EVIDENCE not in row.subject + row.body
    assert sent(key, at=at) == sorted(person.name for person in people)
    before = len(mail.outbox)
    send_mails(at=at or NOW)
    assert len(mail.outbox) == before


# Conditions


def test_a_new_condition_is_mailed_to_its_owner(condition, tess) -> None:
    check("condition-put", {tess}, "Give the evidence")
    text = mail.outbox[0].body
    assert "By: Fri 27 Nov 2026, 17:00" in text
    assert condition.get_absolute_url() in text


def test_the_owner_is_reminded_once_before_it_is_due(condition, tess, time_machine) -> None:
    at = on(20, 9)
    time_machine.move_to(at, tick=False)
    for minute in range(3):
        run_due(at=at + minute * dt.timedelta(minutes=1))
    check("condition-soon", {tess}, "By: Fri 27 Nov 2026, 17:00", at=at)


def test_on_the_day_the_reminder_presses(condition, tess, time_machine) -> None:
    at = on(27, 9)
    time_machine.move_to(at, tick=False)
    run_due(at=at)
    check("condition-today", {tess}, "Give the evidence", at=at, urgent=True)


def test_an_overdue_one_presses_for_owner_project_and_office(condition, tess, max, pia, time_machine) -> None:
    at = on(30, 9)
    time_machine.move_to(at, tick=False)
    run_due(at=at)
    check("condition-overdue", {tess, max, pia}, "See that the evidence comes in", at=at, urgent=True)


def given(condition: Condition, by: Any) -> None:
    conditions.give_evidence(condition, by=by, at=NOW, text=EVIDENCE)


def test_evidence_is_mailed_to_the_verifier_and_the_request_is_not_sent_any_more(condition, tess, olaf) -> None:
    given(condition, tess)
    check("condition-evidence", {olaf}, "close the condition, or say what is missing")
    assert letters("condition-put")[tess.name].state == MailState.LEFT_OUT


def test_evidence_that_was_not_enough_is_mailed_to_the_owner(condition, tess, olaf) -> None:
    given(condition, tess)
    conditions.refuse_evidence(condition, by=olaf, at=NOW, reason="It is not signed.")
    check("condition-refused", {tess}, "Read what is missing")
    assert "signed" not in mail.outbox[-1].body
    assert letters("condition-evidence")[olaf.name].state == MailState.LEFT_OUT


def test_a_condition_that_is_met_is_mailed_to_owner_and_manager(condition, tess, olaf, max) -> None:
    given(condition, tess)
    conditions.close(condition, by=olaf, at=NOW)
    check("condition-closed", {tess, max}, "Nothing more is asked for")
    assert letters("condition-evidence")[olaf.name].state == MailState.LEFT_OUT


def test_another_date_is_mailed_and_what_named_the_old_one_is_not(condition, tess, olaf, max, pia, time_machine) -> None:
    at = on(20, 9)
    time_machine.move_to(at, tick=False)
    run_due(at=at)
    conditions.extend(condition, by=pia, at=at, due_on=TODAY + 30 * DAY, reason="The vendor is late.")
    check("condition-extended", {tess, olaf, max}, "By: Fri 18 Dec 2026, 17:00", at=at)
    assert letters("condition-soon")[tess.name].state == MailState.LEFT_OUT


def test_another_owner_is_told_and_the_earlier_one_is_asked_no_more(condition, tess, olaf, sam, pia) -> None:
    conditions.reassign(condition, by=pia, at=NOW, owner=sam, verifier=olaf, reason="Tess left the team.")
    check("condition-reassigned", {sam, olaf}, "Give the evidence if you owe it")
    assert letters("condition-put")[tess.name].state == MailState.LEFT_OUT


def test_the_right_is_asked_again_when_it_is_sent(condition, tess, pia) -> None:
    Condition.objects.filter(pk=condition.pk).update(owner=pia)
    condition.project.members.clear()
    assert sent("condition-put") == []
    assert letters("condition-put")[tess.name].last_error == "The person no longer sees what it leads to."


def test_who_wants_only_what_presses_gets_only_that(condition, tess, time_machine) -> None:
    User.objects.filter(pk=tess.pk).update(mail_choice=MailChoice.URGENT)
    assert sent("condition-put") == []
    at = on(27, 9)
    time_machine.move_to(at, tick=False)
    run_due(at=at)
    assert sent("condition-today", at=at) == [tess.name]


def test_what_does_not_press_waits_for_the_digest_of_the_morning(condition, tess, time_machine) -> None:
    User.objects.filter(pk=tess.pk).update(mail_choice=MailChoice.DIGEST)
    MailMessage.objects.all().delete()
    conditions.reassign(
        condition,
        by=User.objects.get(name="Pia Orlov"),
        at=NOW,
        owner=tess,
        verifier=User.objects.get(name="Sam Okafor"),
        reason="So.",
    )
    assert tess.name not in sent("condition-reassigned")
    morning = on(19, 12)
    time_machine.move_to(morning, tick=False)
    assert tess.name in sent("condition-reassigned", at=morning)


# Gates


@pytest.fixture
def project(max: Any, sam: Any) -> Project:
    values = {"governance_class": 2, "phase": "intake", "is_reporting": False}
    return make_project(code="P-3001", project_manager=max, sponsor=sam, **values)


def test_a_planned_gate_is_mailed_to_who_decides_and_the_sponsor(project, pia, sam, max) -> None:
    a_planned(project, on=TODAY + 20 * DAY, at=NOW)
    check("gate-planned", {pia, sam}, "By: Tue 8 Dec 2026, 17:00")


def test_a_gate_that_moves_is_mailed_for_its_new_day_only(project, pia, sam, max) -> None:
    review = a_planned(project, on=TODAY + 20 * DAY, at=NOW)
    gates.reschedule(review, planned_on=TODAY + 27 * DAY, reason="The room is taken.", by=max, at=NOW)
    send_mails(at=NOW)
    assert [message.subject for message in mail.outbox if message.to == [pia.email]] == [
        f"{project.name}: G0 Intake, planned for 15 Dec 2026"
    ]


def test_a_gate_called_off_is_mailed_and_its_announcement_is_not(project, pia, sam, max) -> None:
    review = a_planned(project, on=TODAY + 20 * DAY, at=NOW)
    gates.cancel(review, reason="No quorum", by=max, at=NOW)
    check("gate-off", {pia, sam}, "Read the reason")
    assert letters("gate-planned")[pia.name].state == MailState.LEFT_OUT


def test_who_prepares_a_gate_is_reminded_a_week_before(project, max, time_machine) -> None:
    a_planned(project, on=TODAY + 8 * DAY, at=NOW)
    run_due(at=NOW)
    assert to("gate-soon") == set()
    at = on(19, 9)
    time_machine.move_to(at, tick=False)
    run_due(at=at)
    run_due(at=at)
    check("gate-soon", {max}, "answer the criteria", at=at)


def test_a_gate_of_today_presses_for_who_prepares_and_who_decides(project, pia, max, gina) -> None:
    a_planned(project, on=TODAY, at=NOW)
    run_due(at=NOW)
    check("gate-today", {pia, max}, "then decide on its page", urgent=True)


def test_a_board_gate_of_today_goes_to_the_executive_too(project, pia, max, gina) -> None:
    Project.objects.filter(pk=project.pk).update(governance_class=3)
    project.refresh_from_db()
    a_planned(project, on=TODAY, at=NOW)
    run_due(at=NOW)
    assert to("gate-today") == {pia.name, max.name, gina.name}


def test_a_gate_that_was_not_held_presses(project, pia, max, time_machine) -> None:
    a_planned(project, on=TODAY, at=NOW)
    at = on(19, 9)
    time_machine.move_to(at, tick=False)
    run_due(at=at)
    check("gate-late", {pia, max}, "Move its day if it cannot be held", at=at, urgent=True)


def test_a_decided_gate_is_mailed_without_its_reason_and_asks_nobody_any_more(project, pia, max, sam) -> None:
    review = a_prepared(project, at=NOW, on=TODAY)
    run_due(at=NOW)
    gates.decide(review, by=pia, at=NOW, **terms(held_on=TODAY, rationale=TEXT))
    check("gate-decided", {max, sam}, "Read the decision")
    assert {row.state for row in letters("gate-today").values()} == {MailState.LEFT_OUT}


def waived(project: Project, pia: Any) -> Any:
    return grant_waiver(project, by=pia, at=NOW, gate="G1", artefact="definition", reason=TEXT, expires_on=TODAY + 10 * DAY)


def test_a_waiver_about_to_end_is_mailed_once(project, pia, max) -> None:
    waived(project, pia)
    run_due(at=NOW)
    run_due(at=NOW)
    check("waiver-ends-", {pia, max}, "By: Sat 28 Nov 2026, 17:00")


def test_a_waiver_that_ended_presses(project, pia, max, time_machine) -> None:
    waived(project, pia)
    at = on(30, 9)
    time_machine.move_to(at, tick=False)
    run_due(at=at)
    check("waiver-ended-", {pia, max}, "have it waived anew", at=at, urgent=True)


def test_a_revoked_waiver_is_not_mailed(project, pia, max) -> None:
    waiver = waived(project, pia)
    run_due(at=NOW)
    revoke_waiver(waiver, by=pia, at=NOW, reason="It is in.")
    assert sent("waiver-ends-") == []


# Documents


def test_a_submitted_document_is_mailed_to_who_decides(alpha, pia, max) -> None:
    version = a_submitted_document(alpha, at=NOW)
    check("submitted", {pia}, "Read it with what the reviewers say")
    url = reverse("governance:document-review", args=[alpha.code, "definition", version.number])
    assert url in next(message for message in mail.outbox if message.to == [pia.email]).body


def test_a_withdrawn_document_is_not_mailed_to_who_would_have_decided(alpha, pia, max) -> None:
    a_submitted_document(alpha, at=NOW).withdraw(by=max, at=NOW)
    assert sent("submitted") == []


def test_a_returned_document_is_mailed_without_its_findings(alpha, pia, max) -> None:
    version = a_submitted_document(alpha, at=NOW)
    a_finding(version, by=pia, at=NOW, section="problem", text=TEXT)
    version.return_for_rework(by=pia, at=NOW)
    check("decided", {max}, "Answer each finding")


def test_an_approved_document_is_mailed_too(alpha, pia, max) -> None:
    version = a_submitted_document(alpha, at=NOW)
    review_all(version, by=pia, at=NOW)
    version.approve(by=pia, at=NOW, terms={})
    check("decided", {max}, "Nothing more is asked for")


def test_every_letter_knows_by_what_its_right_is_asked_again(condition, project, alpha, pia, max, time_machine) -> None:
    """A letter whose key is not listed would be left out without a word to anybody."""
    a_planned(project, on=TODAY, at=NOW)
    waived(project, pia)
    for day in (18, 20, 27, 30):
        time_machine.move_to(on(day, 12), tick=False)
        run_due(at=on(day, 12))
    keys = MailMessage.objects.values_list("notification__key", flat=True)
    subjects = {key.rpartition("-")[0].partition("@")[0] for key in keys}
    assert subjects >= {"condition-put", "condition-soon", "gate-planned", "gate-today", "gate-late", "waiver-ends"}
    assert subjects <= set(SUBJECTS)
    assert GateReview.objects.exists()
