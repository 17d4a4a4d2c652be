"""Conditions: evidence, verification, a later date, other people; who may, in which state, and what the clock finds."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from governance import conditions
from governance.compliance import close_finding
from governance.condition_terms import put_conditions
from governance.due import run_due
from governance.models import ComplianceFinding, Condition
from pmo.lib.errors import Refused
from pmo.models import Notification
from pmo.roles import Role
from tests.governance.pages import signed_in
from tests.governance.stories import CITY, NOON
from tests.governance.written import a_condition, a_submitted_document, review_all

pytestmark = pytest.mark.django_db
DUE = dt.date(2026, 12, 4)
EVIDENCE = {"text": "The test report is filed under 2026/114.", "url": "https://files.example.org/114"}


@pytest.fixture
def condition(alpha, pia, tess, sam) -> Condition:
    """Return a condition that tess owes by 4 Dec 2026 and sam verifies."""
    version = a_submitted_document(alpha)
    review_all(version, by=pia, at=NOON)
    version.approve_with_conditions(by=pia, at=NOON, conditions=[a_condition(tess, sam, due_on=DUE)])
    return Condition.objects.select_related("project", "owner", "verifier").get()


def address(condition: Condition, name: str = "detail") -> str:
    return reverse(f"governance:condition-{name}", args=[condition.project.code, condition.number])


def evidenced(condition: Condition) -> Condition:
    conditions.give_evidence(condition, by=condition.owner, at=timezone.now(), **EVIDENCE)
    return condition


def state(condition: Condition) -> str:
    return Condition.objects.get(pk=condition.pk).state


def refusal(verb, condition, **given) -> str:
    before = state(condition)
    with pytest.raises(Refused) as refused:
        verb(condition, at=timezone.now(), **given)
    assert state(condition) == before
    return refused.value.code


def told(person, word: str) -> int:
    return Notification.objects.filter(recipient=person, key__startswith=f"condition-{word}").count()


def test_evidence_is_verified_and_the_condition_closes(condition, tess, sam) -> None:
    assert signed_in(tess).post(address(condition, "evidence"), EVIDENCE).status_code == 302
    assert (state(condition), told(sam, "evidence")) == ("evidenced", 1)
    assert signed_in(sam).post(address(condition, "close")).status_code == 302
    row = Condition.objects.get()
    assert (row.state, row.closed_by, row.evidence_url) == ("closed", sam, EVIDENCE["url"])
    reasons = [entry.history_change_reason for entry in row.history.all()]
    assert reasons == ["evidence verified, closed", "evidence given", "condition put"]
    assert [entry.history_user for entry in row.history.all()][:2] == [sam, tess]


def test_evidence_that_is_not_enough_goes_back_with_the_reason(condition, tess, sam) -> None:
    evidenced(condition)
    client = signed_in(sam)
    assert client.post(address(condition, "refuse"), {"reason": ""}).status_code == 422
    assert client.post(address(condition, "refuse"), {"reason": "The report lacks load tests."}).status_code == 302
    row = Condition.objects.get()
    assert (row.state, row.refusal) == ("open", "The report lacks load tests.")
    assert told(tess, "refused") == 1
    assert "The report lacks load tests." in signed_in(tess).get(address(condition)).content.decode()


@pytest.mark.parametrize("name", ["evidence", "close", "refuse"])
def test_verbs_are_not_reached_by_a_link(name, condition, pia) -> None:
    assert signed_in(pia).get(address(condition, name)).status_code == 405


@pytest.mark.parametrize("name", ["evidence", "close", "refuse", "extend", "reassign"])
@pytest.mark.parametrize(("person", "status"), [("olaf", 404), ("stella", 404), ("audrey", 403)])
def test_outsiders_find_nothing_and_readers_change_nothing(name, person, status, condition, request) -> None:
    client = signed_in(request.getfixturevalue(person))
    assert client.post(address(condition, name), {**EVIDENCE, "reason": "So."}).status_code == status
    assert Condition.objects.get().history.count() == 1


def test_evidence_needs_words_or_a_link(condition, tess) -> None:
    assert refusal(conditions.give_evidence, condition, by=tess, text=" ") == "evidence_missing"
    assert signed_in(tess).post(address(condition, "evidence"), {}).status_code == 409


def test_a_file_is_evidence_and_is_read_by_whoever_reads_the_condition(condition, tess, sam, olaf, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    upload = SimpleUploadedFile("tests.txt", b"All 40 load tests passed.")
    assert signed_in(tess).post(address(condition, "evidence"), {"file": upload}).status_code == 302
    file = condition.attachments.get()
    file_url = reverse("governance:attachment-file", args=[file.public_id])
    assert file_url in signed_in(sam).get(address(condition)).content.decode()
    assert signed_in(sam).get(file_url).status_code == 200
    assert signed_in(olaf).get(file_url).status_code == 404


def test_a_file_that_is_not_taken_leaves_the_condition_open(condition, tess, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    upload = SimpleUploadedFile("tests.txt", b"<script>alert(1)</script>")
    assert signed_in(tess).post(address(condition, "evidence"), {"file": upload}).status_code == 409
    assert (state(condition), condition.attachments.count()) == ("open", 0)


def test_evidence_is_given_once_and_never_after_closing(condition, tess, sam) -> None:
    evidenced(condition)
    assert refusal(conditions.give_evidence, condition, by=tess, text="More.") == "not_open"
    conditions.close(condition, by=sam, at=timezone.now())
    assert refusal(conditions.give_evidence, condition, by=tess, text="More.") == "not_open"


def test_nobody_closes_without_evidence_or_twice(condition, sam) -> None:
    assert refusal(conditions.close, condition, by=sam) == "not_evidenced"
    assert refusal(conditions.refuse_evidence, condition, by=sam, reason="None yet.") == "not_evidenced"
    conditions.close(evidenced(condition), by=sam, at=timezone.now())
    assert refusal(conditions.close, condition, by=sam) == "not_evidenced"


def test_of_two_who_judge_at_once_one_wins(condition, sam) -> None:
    stale = Condition.objects.get(pk=evidenced(condition).pk)
    conditions.close(condition, by=sam, at=timezone.now())
    assert refusal(conditions.refuse_evidence, stale, by=sam, reason="Late thought.") == "not_evidenced"


def test_the_owner_never_verifies_whatever_roles_they_hold(condition, tess, pia) -> None:
    tess.add_role(Role.PMO_MANAGER)
    evidenced(condition)
    assert refusal(conditions.close, condition, by=tess) == "own_condition"
    assert refusal(conditions.extend, condition, by=tess, due_on=DUE + dt.timedelta(days=9), reason="Busy") == "own_condition"
    assert refusal(conditions.reassign, condition, by=tess, owner=pia, verifier=tess, reason="Swap") == "own_condition"
    assert signed_in(tess).post(address(condition, "close")).status_code == 403


def test_who_gave_the_evidence_never_verifies_even_after_the_people_changed(condition, max, pia, tess, gina) -> None:
    conditions.give_evidence(condition, by=max, at=timezone.now(), text="Seen in the lab.")
    assert refusal(conditions.reassign, condition, by=pia, owner=tess, verifier=max, reason="Leave") == "own_evidence"
    Condition.objects.filter(pk=condition.pk).update(verifier=max)
    condition.refresh_from_db()
    assert refusal(conditions.close, condition, by=max) == "own_evidence"


def test_a_verifier_gives_no_evidence(condition, max) -> None:
    Condition.objects.update(verifier=max)  # who became the manager after the condition was put
    row = Condition.objects.get()
    assert refusal(conditions.give_evidence, row, by=max, text="Seen.") == "verifier_gives_none"


@pytest.mark.parametrize("person", ["pia", "gina", "max", "tess"])
def test_only_the_verifier_closes(person, condition, request) -> None:
    evidenced(condition)
    assert signed_in(request.getfixturevalue(person)).post(address(condition, "close")).status_code == 403
    assert state(condition) == "evidenced"


def test_the_office_sets_a_later_date_with_a_reason(condition, pia, tess) -> None:
    later = DUE + dt.timedelta(days=7)
    client = signed_in(pia)
    assert client.get(address(condition, "extend")).status_code == 200
    assert client.post(address(condition, "extend"), {"due_on": later, "reason": ""}).status_code == 422
    assert client.post(address(condition, "extend"), {"due_on": DUE, "reason": "Vendor"}).status_code == 422
    assert client.post(address(condition, "extend"), {"due_on": later, "reason": "Vendor ill"}).status_code == 302
    row = Condition.objects.get()
    assert (row.due_on, row.history.first().history_change_reason) == (later, "extended: Vendor ill")
    assert told(tess, "extended") == 1


def test_nobody_extends_for_the_project_they_manage(condition, max) -> None:
    max.add_role(Role.PMO_MANAGER)
    assert refusal(conditions.extend, condition, by=max, due_on=DUE + dt.timedelta(days=3), reason="Busy") == "own_project"


def test_a_closed_condition_keeps_its_date_and_people(condition, pia, sam, gina, tess) -> None:
    conditions.close(evidenced(condition), by=sam, at=timezone.now())
    stale = Condition.objects.get(pk=condition.pk)
    assert refusal(conditions.extend, stale, by=pia, due_on=DUE + dt.timedelta(days=3), reason="So") == "already_closed"
    assert refusal(conditions.reassign, stale, by=pia, owner=gina, verifier=sam, reason="So") == "already_closed"


def test_the_office_reassigns_but_never_to_one_person(condition, pia, sam, gina, tess) -> None:
    assert refusal(conditions.reassign, condition, by=pia, owner=sam, verifier=sam, reason="So") == "verifier_is_owner"
    assert refusal(conditions.reassign, condition, by=pia, owner=tess, verifier=sam, reason="So") == "nothing_changed"
    reply = signed_in(pia).post(
        address(condition, "reassign"), {"owner": tess.pk, "verifier": gina.pk, "reason": "Sam is on leave"}
    )
    assert reply.status_code == 302
    row = Condition.objects.get()
    assert (row.verifier, row.history.first().history_change_reason) == (gina, "reassigned: Sam is on leave")


# What the clock does


def on(day: dt.date, hour: int = 9) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), CITY)


@pytest.fixture
def _today(time_machine):
    time_machine.move_to(on(DUE), tick=False)


@pytest.mark.usefixtures("_today")
def test_the_owner_is_reminded_five_working_days_before_and_on_the_day_once_each(condition, tess) -> None:
    # Thanksgiving and the day after it are free in Texas: the fifth working day before Friday 4 Dec is Wednesday 25 Nov.
    run_due(at=on(dt.date(2026, 11, 24)))
    assert told(tess, "soon") == 0
    run_due(at=on(dt.date(2026, 11, 25)))
    run_due(at=on(dt.date(2026, 12, 1)))
    assert (told(tess, "soon"), told(tess, "today")) == (1, 0)
    run_due(at=on(DUE))
    run_due(at=on(DUE, 15))
    assert told(tess, "today") == 1
    assert not ComplianceFinding.objects.exists()


def test_overdue_opens_one_finding_and_tells_owner_manager_and_office(condition, tess, max, pia, time_machine) -> None:
    day = DUE + dt.timedelta(days=1)
    time_machine.move_to(on(day), tick=False)
    assert run_due(at=on(day)).conditions_overdue == 1
    assert run_due(at=on(day, 12)).conditions_overdue == 0
    finding = ComplianceFinding.objects.get()
    assert (finding.rule, finding.condition, finding.owner) == ("condition_overdue", condition, tess)
    assert [told(person, "overdue") for person in (tess, max, pia)] == [1, 1, 1]


def test_closing_the_condition_closes_its_finding_with_the_evidence(condition, sam, time_machine) -> None:
    time_machine.move_to(on(DUE + dt.timedelta(days=2)), tick=False)
    run_due(at=timezone.now())
    conditions.close(evidenced(condition), by=sam, at=timezone.now())
    finding = ComplianceFinding.objects.get()
    assert (finding.closed_by, EVIDENCE["text"] in finding.closing_evidence) == (sam, True)
    assert run_due(at=timezone.now()).conditions_overdue == 0


def test_an_extended_condition_can_fall_overdue_anew(condition, pia, time_machine) -> None:
    time_machine.move_to(on(DUE + dt.timedelta(days=2)), tick=False)
    run_due(at=timezone.now())
    later = DUE + dt.timedelta(days=10)
    conditions.extend(condition, by=pia, at=timezone.now(), due_on=later, reason="Vendor ill")
    assert not ComplianceFinding.objects.open().exists()
    assert run_due(at=timezone.now()).conditions_overdue == 0
    time_machine.move_to(on(later + dt.timedelta(days=1)), tick=False)
    assert run_due(at=timezone.now()).conditions_overdue == 1
    assert ComplianceFinding.objects.count() == 2


def test_an_extension_keeps_the_first_day_and_is_counted(condition, pia) -> None:
    for days in (10, 20):
        row = Condition.objects.get()
        conditions.extend(row, by=pia, at=timezone.now(), due_on=DUE + dt.timedelta(days=days), reason="Vendor ill")
    row = Condition.objects.get()
    assert (row.first_due_on, row.due_on, row.extensions) == (DUE, DUE + dt.timedelta(days=20), 2)
    assert "extended 2 times" in signed_in(pia).get(row.get_absolute_url()).content.decode()


def test_nobody_verifies_who_manages_the_project_or_only_reads(condition, pia, max, audrey, tess) -> None:
    for person, code in ((max, "verifier_is_manager"), (audrey, "verifier_reads_only")):
        assert refusal(conditions.reassign, condition, by=pia, owner=tess, verifier=person, reason="So") == code
        with pytest.raises(Refused) as refused:
            put_conditions([a_condition(tess, person)], project=condition.project, version=condition.version, by=pia, at=NOON)
        assert refused.value.code == code
    assert Condition.objects.count() == 1


def test_what_a_project_that_is_over_still_owed_is_not_chased(condition, alpha, time_machine) -> None:
    alpha.status = "cancelled"
    alpha.save()
    time_machine.move_to(on(DUE + dt.timedelta(days=2)), tick=False)
    assert run_due(at=timezone.now()).conditions_overdue == 0


# The lists


def test_the_list_shows_what_the_person_may_see(condition, pia, tess, olaf, django_assert_max_num_queries) -> None:
    list_url = reverse("governance:condition-list")
    for person, seen in ((pia, True), (tess, True), (olaf, False)):
        assert (address(condition) in signed_in(person).get(list_url).content.decode()) is seen
    found = signed_in(pia).get(reverse("governance:condition-list-csv"), {"state": "closed"})
    assert "test report" not in b"".join(found.streaming_content if found.streaming else [found.content]).decode()


def test_the_list_costs_the_same_for_more_rows(condition, alpha, pia, tess, sam, django_assert_num_queries) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, list_url = signed_in(pia), reverse("governance:condition-list")
    client.get(list_url)
    with CaptureQueriesContext(connection) as few:
        client.get(list_url)
    put_conditions([a_condition(tess, sam)] * 30, project=alpha, version=condition.version, by=pia, at=NOON)
    with django_assert_num_queries(len(few)):
        assert client.get(list_url).content.decode().count("/conditions/") > 30


def test_the_office_closes_a_finding_with_evidence_unless_its_condition_is_overdue(condition, pia, max, time_machine) -> None:
    time_machine.move_to(on(DUE + dt.timedelta(days=2)), tick=False)
    run_due(at=timezone.now())
    finding = ComplianceFinding.objects.get()
    close_url = reverse("governance:compliance-close", args=[finding.pk])
    assert signed_in(max).post(close_url, {"evidence": "Done."}).status_code == 403
    assert signed_in(pia).post(close_url, {"evidence": ""}).status_code == 422
    assert signed_in(pia).post(close_url, {"evidence": "Done."}).status_code == 422
    finding.refresh_from_db()
    assert finding.closed_at is None
    other = ComplianceFinding.objects.create(project=finding.project, rule="other", key="x", sentence="Late.", opened_at=NOON)
    assert close_url in signed_in(pia).get(reverse("governance:compliance-list")).content.decode()
    close_finding(other, by=pia, at=timezone.now(), evidence="The charter was renewed on 4 Dec.")
    assert ComplianceFinding.objects.open().count() == 1
    with pytest.raises(Refused) as refused:
        close_finding(other, by=pia, at=timezone.now(), evidence="Again.")
    assert refused.value.code == "already_closed"
