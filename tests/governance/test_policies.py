"""Policies: drafted, published, acknowledged by everybody who is asked, compared, and reminded of."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from governance import policies
from governance.due import run_due
from governance.models import Acknowledgement, Policy, PolicyVersion
from governance.policy_page import standing_words
from governance.policy_states import PolicyState
from pmo.lib.errors import Refused
from pmo.models import MailMessage, Notification
from tests.governance.pages import signed_in

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 11, 20)


@pytest.fixture
def draft(pia: Any, max: Any, alpha: Any) -> PolicyVersion:
    policy = policies.open_policy(
        by=pia,
        at=timezone.now(),
        code="POL-1",
        title="Change control",
        owner=pia,
        review_by=TODAY + 30 * DAY,
        text="# Purpose\n\nWhat was agreed changes by decision.",
        effective_on=TODAY,
    )
    return policy.versions.select_related("policy").get()


@pytest.fixture
def in_force(draft: PolicyVersion, pia: Any) -> PolicyVersion:
    policies.publish(draft, by=pia, at=timezone.now())
    return draft


def address(version: PolicyVersion, name: str = "policy-version") -> str:
    return reverse(f"governance:{name}", args=[version.policy.code, version.number])


def second(version: PolicyVersion, pia: Any, **changes: Any) -> PolicyVersion:
    row = policies.begin_version(version.policy, by=pia, at=timezone.now())
    row.revise(by=pia, changes={"text": "# Purpose\n\nWhat was agreed changes by two decisions.", **changes})
    return row


def told(person: Any, key: str) -> int:
    return Notification.objects.filter(recipient=person, key__startswith=key).count()


def code_of(act: Any) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return str(refused.value.code)


def test_publishing_puts_a_draft_in_force_and_asks_the_office_and_every_project_manager(
    in_force: PolicyVersion, pia: Any, max: Any, stella: Any, tess: Any, hugo: Any
) -> None:
    in_force.refresh_from_db()
    assert (in_force.state, in_force.published_by) == (PolicyState.PUBLISHED, pia)
    assert in_force.sha256 == policies.digest_of(in_force)
    assert set(policies.members_asked()) == {pia, max, hugo}
    assert (told(max, "policy-"), told(tess, "policy-"), told(stella, "policy-")) == (1, 0, 0)
    assert in_force.history.first().history_change_reason == "published"


def test_whoever_stops_managing_open_projects_is_no_longer_asked(
    in_force: PolicyVersion, max: Any, alpha: Any, pia: Any
) -> None:
    assert policies.is_asked(max, in_force)
    alpha.close(by=pia, reason="Done.", finished_on=TODAY)
    assert not policies.is_asked(max, in_force)


def test_the_next_version_supersedes_the_one_in_force_and_asks_again(in_force: PolicyVersion, pia: Any, max: Any) -> None:
    policies.acknowledge(in_force, by=max, at=timezone.now())
    policies.publish(second(in_force, pia, change_note="Two decisions."), by=pia, at=timezone.now())
    states = list(in_force.policy.versions.order_by("number").values_list("state", flat=True))
    assert states == ["superseded", "published"]
    newest = in_force.policy.versions.get(number=2)
    assert max in policies.not_acknowledged(newest)
    assert told(max, "policy-") == 2


def test_a_version_binds_until_the_next_one_is_in_force(in_force: PolicyVersion, pia: Any, max: Any) -> None:
    later = second(in_force, pia, change_note="Two decisions.", effective_on=TODAY + 3 * DAY)
    policies.publish(later, by=pia, at=timezone.now())
    newest = signed_in(max).get(in_force.policy.get_absolute_url()).content.decode()
    assert "published, in force from 23 Nov 2026" in newest
    assert "Until then" in newest
    assert "in force until 22 Nov 2026" in signed_in(max).get(address(in_force)).content.decode()


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, ["in force until 22 Nov 2026", "published, in force from 23 Nov 2026"]), (3, ["superseded", "published"])],
)
def test_what_a_version_is_follows_the_day(days: int, said: list[str], in_force: PolicyVersion, pia: Any) -> None:
    policies.publish(second(in_force, pia, change_note="Two.", effective_on=TODAY + 3 * DAY), by=pia, at=timezone.now())
    versions = list(in_force.policy.versions.order_by("-number"))
    assert [standing_words(version, versions, TODAY + days * DAY) for version in reversed(versions)] == said


def test_a_new_version_says_what_changes(in_force: PolicyVersion, pia: Any) -> None:
    draft = second(in_force, pia)
    assert code_of(lambda: policies.publish(draft, by=pia, at=timezone.now())) == "change_note_missing"
    in_force.refresh_from_db()
    assert in_force.state == PolicyState.PUBLISHED


def test_a_published_version_never_changes(in_force: PolicyVersion, pia: Any) -> None:
    assert code_of(lambda: in_force.revise(by=pia, changes={"text": "Anything goes."})) == "published"
    assert code_of(lambda: policies.publish(in_force, by=pia, at=timezone.now())) == "already_published"
    client = signed_in(pia)
    client.post(address(in_force, "policy-text"), {"text": "Anything goes.", "effective_on": "2026-11-20"})
    in_force.refresh_from_db()
    assert "by decision" in in_force.text


def test_a_text_that_was_changed_behind_the_product_is_told(in_force: PolicyVersion, pia: Any) -> None:
    assert "not the one that was published" not in signed_in(pia).get(address(in_force)).content.decode()
    PolicyVersion.objects.filter(pk=in_force.pk).update(text="# Purpose\n\nAnything goes.")
    assert "not the one that was published" in signed_in(pia).get(address(in_force)).content.decode()


def test_there_is_one_draft_and_one_version_in_force(in_force: PolicyVersion, pia: Any) -> None:
    first = policies.begin_version(in_force.policy, by=pia, at=timezone.now())
    assert policies.begin_version(in_force.policy, by=pia, at=timezone.now()) == first
    with pytest.raises(IntegrityError):
        PolicyVersion.objects.create(policy=in_force.policy, number=9, text="x", effective_on=TODAY, created_at=timezone.now())


def test_only_the_pmo_manager_writes_and_publishes(draft: PolicyVersion, gina: Any, max: Any) -> None:
    at = timezone.now()
    assert code_of(lambda: policies.publish(draft, by=gina, at=at)) == "not_office"
    assert code_of(lambda: policies.begin_version(draft.policy, by=max, at=at)) == "not_office"
    assert signed_in(gina).post(address(draft, "policy-publish")).status_code == 403
    assert signed_in(max).post(address(draft, "policy-publish")).status_code == 404
    assert signed_in(max).get(draft.policy.get_absolute_url()).status_code == 404


def test_an_acknowledgement_is_given_once_and_stays(in_force: PolicyVersion, max: Any) -> None:
    row = policies.acknowledge(in_force, by=max, at=timezone.now())
    assert code_of(lambda: policies.acknowledge(in_force, by=max, at=timezone.now())) == "already_acknowledged"
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        row.delete()
    assert Acknowledgement.objects.count() == 1


def test_reading_settles_the_own_notice_only(in_force: PolicyVersion, max: Any, hugo: Any, pia: Any) -> None:
    policies.acknowledge(in_force, by=max, at=timezone.now())
    unread = set(Notification.objects.unread().filter(key=f"policy-{in_force.pk}").values_list("recipient__name", flat=True))
    assert max.name not in unread
    assert pia.name in unread


def test_who_is_not_asked_and_what_is_not_in_force_is_refused(draft: PolicyVersion, pia: Any, tess: Any) -> None:
    assert code_of(lambda: policies.acknowledge(draft, by=pia, at=timezone.now())) == "not_in_force"
    policies.publish(draft, by=pia, at=timezone.now())
    assert code_of(lambda: policies.acknowledge(draft, by=tess, at=timezone.now())) == "not_asked"
    assert signed_in(tess).post(address(draft, "policy-acknowledge")).status_code == 403


def test_the_button_records_it(in_force: PolicyVersion, max: Any) -> None:
    client = signed_in(max)
    assert "I have read this" in client.get(in_force.policy.get_absolute_url()).content.decode()
    assert client.post(address(in_force, "policy-acknowledge")).status_code == 302
    assert Acknowledgement.objects.filter(person=max, version=in_force).exists()
    assert "I have read this" not in client.get(in_force.policy.get_absolute_url()).content.decode()


@pytest.mark.parametrize("name", ["policy-publish", "policy-acknowledge"])
def test_verbs_are_not_reached_by_a_link(name: str, in_force: PolicyVersion, pia: Any) -> None:
    assert signed_in(pia).get(address(in_force, name)).status_code == 405


def test_who_has_not_read_is_told_after_five_and_ten_working_days(in_force: PolicyVersion, pia: Any, max: Any) -> None:
    policies.acknowledge(in_force, by=pia, at=timezone.now())
    published = timezone.now()
    run_due(at=published + 10 * DAY)  # two holidays on the way: the fifth working day is the eleventh day
    assert told(max, "policy-after-5") == 0
    run_due(at=published + 11 * DAY)
    run_due(at=published + 11 * DAY)
    assert (told(max, "policy-after-5"), told(max, "policy-after-10"), told(pia, "policy-after")) == (1, 0, 0)
    run_due(at=published + 18 * DAY)
    assert told(max, "policy-after-10") == 1
    assert run_due(at=published + 18 * DAY).policies == 0


def test_a_mail_goes_out_with_the_notice_and_holds_no_text(in_force: PolicyVersion, max: Any) -> None:
    mail = MailMessage.objects.get(notification__recipient=max, notification__key=f"policy-{in_force.pk}")
    assert in_force.policy.get_absolute_url() in mail.body
    assert "by decision" not in mail.body


def test_two_versions_are_compared_in_place(in_force: PolicyVersion, pia: Any, max: Any) -> None:
    newer = second(in_force, pia, change_note="Two decisions.")
    policies.publish(newer, by=pia, at=timezone.now())
    text = signed_in(max).get(address(newer, "policy-changes")).content.decode()
    assert "<ins>two decisions</ins>" in text
    assert "<del>decision</del>" in text
    assert signed_in(max).get(address(in_force, "policy-changes")).status_code == 404


def test_a_draft_is_shown_to_the_office_only(in_force: PolicyVersion, pia: Any, max: Any, audrey: Any) -> None:
    newer = second(in_force, pia)
    assert signed_in(audrey).get(address(newer)).status_code == 200
    assert signed_in(max).get(address(newer)).status_code == 404
    assert signed_in(max).get(reverse("governance:policy-list")).content.decode().count("drafted") == 0


def test_the_list_says_what_waits_and_what_is_overdue(in_force: PolicyVersion, pia: Any, max: Any) -> None:
    client = signed_in(max)
    assert "Waits for you" in client.get(reverse("governance:policy-list")).content.decode()
    policies.acknowledge(in_force, by=max, at=timezone.now())
    assert "Waits for you" not in client.get(reverse("governance:policy-list")).content.decode()
    assert "Change control" not in client.get(reverse("governance:policy-list"), {"mine": "waits"}).content.decode()
    in_force.policy.revise(by=pia, changes={"review_by": TODAY - DAY})
    text = client.get(reverse("governance:policy-list"), {"review": "yes"}).content.decode()
    assert "Change control" in text
    assert "overdue" in text


def test_the_list_asks_a_fixed_number_of_questions(
    in_force: PolicyVersion, pia: Any, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(pia)
    client.get(reverse("governance:policy-list"))
    with django_assert_max_num_queries(14) as few:
        client.get(reverse("governance:policy-list"))
    for number in range(2, 12):
        policies.open_policy(
            by=pia,
            at=timezone.now(),
            code=f"POL-{number}",
            title="More",
            owner=pia,
            review_by=TODAY,
            text="x",
            effective_on=TODAY,
        )
    with django_assert_num_queries(len(few)):
        client.get(reverse("governance:policy-list"))


def test_who_has_not_read_is_listed_and_exported_for_the_office_only(
    in_force: PolicyVersion, pia: Any, max: Any, gina: Any
) -> None:
    policies.acknowledge(in_force, by=pia, at=timezone.now())
    where = reverse("governance:policy-readers", args=[in_force.policy.code])
    text = signed_in(gina).get(where, {"read": "no"}).content.decode()
    assert max.name in text
    assert text.count(f">{pia.name}<") == 0
    file = signed_in(gina).get(reverse("governance:policy-readers-csv", args=[in_force.policy.code])).getvalue().decode()
    assert max.name in file
    assert "Not yet" in file
    assert signed_in(max).get(where).status_code == 403


def test_the_pmo_manager_writes_and_publishes_on_the_pages(pia: Any) -> None:
    client = signed_in(pia)
    typed = {
        "code": "POL-9",
        "title": "Retention",
        "owner": pia.pk,
        "review_by": "2027-01-31",
        "text": "# Keep",
        "effective_on": "2026-12-01",
    }
    assert client.post(reverse("governance:policy-new"), typed).status_code == 302
    version = Policy.objects.get(code="POL-9").versions.get()
    page = client.get(address(version)).content.decode()
    assert "<h3>Keep</h3>" in page
    assert client.post(address(version, "policy-publish")).status_code == 302
    reply = client.post(reverse("governance:policy-begin", args=["POL-9"]))
    assert reply["Location"] == reverse("governance:policy-text", args=["POL-9", 2])
    draft = Policy.objects.get(code="POL-9").versions.get(number=2)
    form = {"text": "# Keep longer", "effective_on": "2027-01-01", "change_note": "Longer.", "version": draft.version()}
    assert client.post(reply["Location"], form).status_code == 302
    draft.refresh_from_db()
    assert (draft.text, draft.state) == ("# Keep longer", "draft")


def test_search_finds_policies_in_force_for_their_readers(in_force: PolicyVersion, pia: Any, tess: Any, stella: Any) -> None:
    second(in_force, pia, text="# Secret draft")
    assert "Change control" in signed_in(tess).get("/search/", {"q": "agreed decision"}).content.decode()
    assert "Change control" not in signed_in(stella).get("/search/", {"q": "agreed decision"}).content.decode()
    for person, finds in ((pia, True), (tess, False)):
        assert ("POL-" in signed_in(person).get("/search/", {"q": "Secret draft"}).content.decode()) is finds
