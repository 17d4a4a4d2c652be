"""Roles: who gives and takes which, never their own, and two persons where one is not enough."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pmo.administration import roles
from pmo.administration.accounts import deactivate
from pmo.models import Notification, RoleChange, User
from pmo.roles import Role
from tests.factories import make_user
from tests.governance.stories import a_submitted
from tests.pmo.test_administration import refusal

OFFICE = sorted(roles.OFFICE_ROLES, key=str)
TWO = sorted(roles.TWO_PERSON_ROLES, key=str)


def give(person: User, role: Role, by: User, reason: str = "New task") -> RoleChange:
    return roles.give_role(person, role, by=by, reason=reason, at=timezone.now())


def take(person: User, role: Role, by: User, reason: str = "Task ended") -> RoleChange:
    return roles.take_role(person, role, by=by, reason=reason, at=timezone.now())


def confirm(change: RoleChange, by: User) -> None:
    roles.confirm_role(change, by=by, at=timezone.now())


def held(person: User) -> set[str]:
    return set(User.objects.get(pk=person.pk).roles)


@pytest.fixture
def ada(db: None) -> User:
    """A second administrator."""
    return make_user("Ada Second", Role.ADMINISTRATOR)


@pytest.fixture
def asked(olaf: User, adam: User) -> RoleChange:
    """adam asked that olaf become auditor."""
    return give(olaf, Role.AUDITOR, adam)


# Giving
@pytest.mark.parametrize("role", OFFICE)
def test_the_pmo_manager_and_an_administrator_give_the_roles_of_the_office(role, pia, adam, olaf, tess):
    for by, person in ((pia, olaf), (adam, tess)):
        change = give(person, role, by)
        assert held(person) == {role.value}
        assert (change.state, change.asked_by, change.settled_by) == ("done", by, by)


def test_the_pmo_manager_does_not_give_what_is_an_administrators(pia, olaf):
    for role in (Role.ADMINISTRATOR, *TWO):
        assert refusal(give, olaf, role, pia) == "not_yours_to_give"
    assert held(olaf) == set()


@pytest.mark.parametrize("person", ["gina", "audrey", "hugo", "max", "olaf"])
def test_nobody_else_gives_or_takes_roles(person, request, stella, tess):
    by = request.getfixturevalue(person)
    assert refusal(give, tess, Role.STAKEHOLDER, by) == "not_yours_to_give"
    assert refusal(take, stella, Role.STAKEHOLDER, by) == "not_yours_to_give"


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("person", ["pia", "adam"])
def test_nobody_gives_or_takes_their_own_roles(person, role, request):
    by = request.getfixturevalue(person)
    before = held(by)
    assert refusal(give, by, role, by) == "own_roles"
    assert refusal(take, by, role, by) == "own_roles"
    assert held(by) == before


def test_giving_is_refused_without_a_reason_twice_and_to_the_deactivated(pia, olaf, stella):
    assert refusal(give, olaf, Role.FINANCE, pia, "  ") == "reason_missing"
    assert refusal(give, stella, Role.STAKEHOLDER, pia) == "has_role"
    gone = make_user("Otto Gone", is_active=False)
    assert refusal(give, gone, Role.FINANCE, pia) == "deactivated"
    assert not RoleChange.objects.exists()


@pytest.mark.parametrize(
    ("has", "gets"),
    [
        (Role.AUDITOR, Role.PMO_MANAGER),
        (Role.AUDITOR, Role.ADMINISTRATOR),
        (Role.AUDITOR, Role.FINANCE),
        (Role.PMO_MANAGER, Role.AUDITOR),
        (Role.HR_LIAISON, Role.ADMINISTRATOR),
        (Role.ADMINISTRATOR, Role.HR_LIAISON),
    ],
)
def test_roles_that_watch_over_each_other_are_not_held_together(has, gets, adam):
    person = make_user("Una Double", has)
    assert refusal(give, person, gets, adam) == "roles_conflict"
    assert held(person) == {has.value}


def test_who_lost_the_role_meanwhile_gives_nothing(pia, adam, olaf):
    assert pia.has_role(Role.PMO_MANAGER)
    take(pia, Role.PMO_MANAGER, adam)
    assert refusal(give, olaf, Role.FINANCE, pia) == "not_yours_to_give"


# Taking
def test_a_role_that_was_taken_is_gone_at_the_next_request(client, pia, gina):
    client.force_login(gina)
    assert client.get("/reviews/").status_code == 200
    change = take(gina, Role.EXECUTIVE, pia)
    assert client.get("/reviews/").status_code == 403
    assert (change.move, change.reason) == ("take", "Task ended")


def test_taking_is_refused_with_its_reason(pia, adam, olaf, audrey, stella):
    assert refusal(take, olaf, Role.FINANCE, pia) == "lacks_role"
    assert refusal(take, stella, Role.STAKEHOLDER, pia, "") == "reason_missing"
    assert refusal(take, adam, Role.ADMINISTRATOR, pia) == "not_yours_to_give"
    assert refusal(take, audrey, Role.AUDITOR, pia) == "not_yours_to_give"
    take(audrey, Role.AUDITOR, adam)
    assert held(audrey) == set()


def test_of_two_administrators_who_take_each_others_role_one_stays(adam, ada):
    take(ada, Role.ADMINISTRATOR, adam)
    assert refusal(take, adam, Role.ADMINISTRATOR, ada) == "not_yours_to_give"
    assert held(adam) == {"Administrator"}


def test_the_last_active_administrator_keeps_the_role(adam, monkeypatch):
    """Nobody but an administrator takes the role, so it needs a giver from outside to come this far."""
    other = make_user("Ada Second", Role.ADMINISTRATOR)
    monkeypatch.setattr(roles, "is_last_administrator", lambda person: True)
    assert refusal(take, other, Role.ADMINISTRATOR, adam) == "last_administrator"


# Two persons
@pytest.mark.parametrize("role", TWO)
def test_asking_gives_nothing_and_tells_who_may_agree(role, adam, ada, gina, pia, olaf):
    change = give(olaf, role, adam)
    assert (change.state, change.needs_second) == ("waiting", True)
    assert held(olaf) == set()
    told = Notification.objects.filter(key=f"role-asked-{change.pk}").values_list("recipient__name", flat=True)
    assert sorted(told) == ["Ada Second", "Gina Salcedo"]
    assert refusal(give, olaf, role, adam) == "asked_already"
    assert refusal(give, olaf, role, ada) == "asked_already"


@pytest.mark.parametrize("second", ["ada", "gina"])
def test_another_administrator_or_an_executive_agrees(second, request, asked, olaf):
    by = request.getfixturevalue(second)
    confirm(asked, by)
    asked.refresh_from_db()
    assert held(olaf) == {"Auditor"}
    assert (asked.state, asked.settled_by) == ("done", by)
    assert not Notification.objects.filter(key=f"role-asked-{asked.pk}", read_at=None).exists()


def test_neither_who_asked_nor_who_gets_it_nor_anybody_else_agrees(asked, adam, olaf, pia, audrey, hugo):
    assert refusal(confirm, asked, adam) == "asked_it"
    for by in (pia, audrey, hugo):
        assert refusal(confirm, asked, by) == "not_a_second"
    olaf.add_role(Role.EXECUTIVE)
    assert refusal(confirm, asked, olaf) == "gets_it"
    assert asked.settled_at is None
    assert held(olaf) == {"Executive"}


def test_an_executive_who_is_also_administrator_cannot_be_both_persons(adam, olaf):
    adam.add_role(Role.EXECUTIVE)
    change = give(olaf, Role.HR_LIAISON, adam)
    assert refusal(confirm, change, adam) == "asked_it"


def test_the_database_knows_that_the_second_is_another(asked, adam, olaf):
    for by in (adam, olaf):
        with pytest.raises(IntegrityError), transaction.atomic():
            RoleChange.objects.filter(pk=asked.pk).update(state="done", settled_by=by, settled_at=timezone.now())


def test_what_was_settled_is_not_settled_again(asked, ada, gina, adam, olaf):
    confirm(asked, gina)
    take(olaf, Role.AUDITOR, adam)
    assert refusal(confirm, asked, ada) == "not_waiting"
    assert refusal(roles.decline_role, asked, by=ada, answer="No", at=timezone.now()) == "not_waiting"
    assert refusal(roles.withdraw_role, asked, by=adam, at=timezone.now()) == "not_waiting"
    assert held(olaf) == set()


def test_nobody_agrees_to_what_cannot_be_any_more(asked, adam, ada, gina, olaf):
    olaf.add_role(Role.FINANCE)
    assert refusal(confirm, asked, gina) == "roles_conflict"
    olaf.remove_role(Role.FINANCE)
    take(adam, Role.ADMINISTRATOR, ada)
    assert refusal(confirm, asked, gina) == "asker_gone"
    adam.add_role(Role.ADMINISTRATOR)
    deactivate(olaf, by=ada, reason="Left")
    assert refusal(confirm, asked, gina) == "deactivated"


def test_declining_needs_a_reason_and_tells_who_asked(asked, adam, gina, olaf):
    assert refusal(roles.decline_role, asked, by=gina, answer=" ", at=timezone.now()) == "reason_missing"
    roles.decline_role(asked, by=gina, answer="Not before spring", at=timezone.now())
    assert (asked.state, asked.answer, held(olaf)) == ("declined", "Not before spring", set())
    assert Notification.objects.filter(recipient=adam, key=f"role-declined-{asked.pk}").exists()


def test_only_who_asked_withdraws(asked, adam, ada):
    assert refusal(roles.withdraw_role, asked, by=ada, at=timezone.now()) == "not_asked_by_you"
    roles.withdraw_role(asked, by=adam, at=timezone.now())
    assert asked.state == "withdrawn"


# The pages
def test_every_change_stands_in_the_history_of_the_person(client, asked, gina, adam, olaf, pia):
    confirm(asked, gina)
    take(olaf, Role.AUDITOR, adam)
    client.force_login(pia)
    events = client.get(olaf.get_absolute_url()).context["page"].events
    said = [(event.by, event.title, event.did) for event in events if event.noun == "Role"]
    assert said == [
        ("Adam Castell", "Auditor", "taken away"),
        ("Gina Salcedo", "Auditor", "given"),
        ("Adam Castell", "Auditor", "asked for; waits for a second person"),
    ]


def buttons(client: Client, person: User) -> list[tuple[Any, ...]]:
    client.force_login(person)
    return [row[1:] for row in client.get(reverse("role-change-list")).context["waiting"]]


def test_both_persons_see_what_waits_and_each_their_own_button(client, asked, adam, gina, audrey):
    assert buttons(client, adam) == [(False, True)]
    assert buttons(client, gina) == [(True, False)]
    assert buttons(client, audrey) == [(False, False)]


def test_two_persons_give_a_role_by_the_pages(client, adam, gina, olaf):
    client.force_login(adam)
    response = client.post(reverse("role-give", args=[olaf.pk]), {"role": "HR liaison", "reason": "New liaison"})
    change = RoleChange.objects.get()
    assert response.url == reverse("role-change-list")
    assert client.post(reverse("role-confirm", args=[change.pk])).status_code == 403
    client.force_login(gina)
    assert client.post(reverse("role-confirm", args=[change.pk])).status_code == 302
    assert held(olaf) == {"HR liaison"}


def test_the_page_offers_the_pmo_manager_only_the_roles_of_the_office(client, pia, stella):
    client.force_login(pia)
    url = reverse("role-give", args=[stella.pk])
    offered = [value for value, _ in client.get(url).context["form"].fields["role"].choices]
    assert offered == ["PMO manager", "Executive", "Finance analyst"]
    assert client.post(url, {"role": "Administrator", "reason": "x"}).status_code == 422
    assert held(stella) == {"Stakeholder"}


def test_the_page_takes_a_role_and_knows_which_are_out_of_reach(client, pia, adam, stella, audrey):
    client.force_login(pia)
    assert client.post(reverse("role-take", args=[stella.pk, "stakeholder"]), {"reason": "Ended"}).status_code == 302
    assert held(stella) == set()
    assert client.post(reverse("role-take", args=[audrey.pk, "auditor"]), {"reason": "x"}).status_code == 403
    assert client.get(reverse("role-take", args=[stella.pk, "stakeholder"])).status_code == 404
    assert client.get(reverse("role-take", args=[pia.pk, "pmo-manager"])).status_code == 403


def test_taking_the_pmo_managers_role_says_what_waits_for_it(client, adam, pia, alpha):
    a_submitted(alpha)
    client.force_login(adam)
    assert "1 open review" in client.get(reverse("role-take", args=[pia.pk, "pmo-manager"])).context["note"]


def test_an_administrators_home_shows_what_waits_and_costs_the_same_for_many(client, asked, ada, django_assert_max_num_queries):
    client.force_login(ada)
    assert client.get("/").context["accounts"].waiting == [(asked, True)]
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    for number in range(20):
        give(make_user(f"Person {number}"), Role.FINANCE, ada)
    with django_assert_max_num_queries(len(few)):
        page = client.get("/").context["accounts"]
    assert (len(page.latest), page.active, page.unused) == (5, 23, 22)
