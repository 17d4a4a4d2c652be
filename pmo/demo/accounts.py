"""What happened to accounts and roles in the demo city: who joined, left, and was given which role by whom."""

from __future__ import annotations

import datetime as dt

from pmo.administration.accounts import deactivate
from pmo.administration.roles import confirm_role, decline_role, give_role, take_role
from pmo.demo.people import ADELA, IT, MARGUERITE, ODILE, RAVI, People
from pmo.lib.history import dated
from pmo.models import Notification, RoleChange
from pmo.roles import Role

WENDELL = "Wendell Thackeray"
GIDEON = "Gideon Marlowe"
ISOLDE = "Isolde Ferrant"


def keep_accounts(people: People) -> None:
    """Tell the year of the accounts, in its order, and leave one role waiting for a second person."""
    people.join(WENDELL, "Systems administrator", IT, password=people[RAVI].password)
    people.join(GIDEON, "Project manager", IT, password=people[RAVI].password, seen_days_ago=136)
    people.join(ISOLDE, "HR generalist", "Human Resources", days_ago=6)
    _give(people, ODILE, Role.AUDITOR, RAVI, 410, "Internal audit follows the portfolio, by the audit plan.", MARGUERITE)
    _give(people, WENDELL, Role.ADMINISTRATOR, RAVI, 290, "Stands in when Ravi Castellan is away.")
    _give(people, "Desmond Arkwell", Role.FINANCE, ADELA, 200, "Helps Fenn Aldous through the adoption of the budget.")
    _leave(people)
    _take(people, "Desmond Arkwell", Role.FINANCE, ADELA, 112, "The budget is adopted.")
    _decline(people)
    _wait(people)


def _at(people: People, days_ago: int, hour: int = 10) -> dt.datetime:
    return people.workday_moment(days_ago, hour, days_ago % 60)


def _give(people: People, name: str, role: Role, by: str, days_ago: int, reason: str, second: str = "") -> None:
    """Give a role on a day of the past, with the second person's word the day after where it needs one."""
    person = people[name]
    person.remove_role(role)
    with dated(at := _at(people, days_ago)):
        change = give_role(person, role, by=people[by], reason=reason, at=at)
    if second:
        with dated(at := _at(people, days_ago - 1, 15)):
            confirm_role(change, by=people[second], at=at)
    person.__dict__.pop("roles", None)
    _long_read(change, at)


def _take(people: People, name: str, role: Role, by: str, days_ago: int, reason: str) -> None:
    with dated(at := _at(people, days_ago)):
        take_role(people[name], role, by=people[by], reason=reason, at=at)
    people[name].__dict__.pop("roles", None)


def _leave(people: People) -> None:
    with dated(_at(people, 131)):
        deactivate(people[GIDEON], by=people[RAVI], reason="Left the city. Corwin Bexley took over his projects.")


def _decline(people: People) -> None:
    with dated(at := _at(people, 58)):
        change = give_role(people["Bram Keswick"], Role.AUDITOR, by=people[WENDELL], reason="Reads test reports.", at=at)
    with dated(at := _at(people, 57, 14)):
        decline_role(change, by=people[MARGUERITE], answer="The team of a project does not audit it.", at=at)
    _long_read(change, at)


def _wait(people: People) -> None:
    """Let the other administrator ask for what Ravi Castellan and Marguerite Salcedo may agree to."""
    with dated(at := _at(people, 3)):
        reason = "Stands in for Lorne Whitaker, who is on leave from January."
        give_role(people[ISOLDE], Role.HR_LIAISON, by=people[WENDELL], reason=reason, at=at)


def _long_read(change: RoleChange, at: dt.datetime) -> None:
    """Count what was told long ago as read."""
    keys = [f"role-{told}-{change.pk}" for told in ("asked", "given", "declined")]
    Notification.objects.filter(key__in=keys, read_at=None).update(read_at=at)
