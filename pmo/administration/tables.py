"""The columns of the list of people."""

from __future__ import annotations

from typing import Any

from pmo.lib.tables import Chip, Column, Link
from pmo.models import User
from pmo.roles import Role


def role_words(person: User) -> str:
    """Return the roles in the order of the office, from groups that were fetched with the person."""
    held = {group.name for group in person.groups.all()}
    return ", ".join(role.value for role in Role if role.value in held)


def state_of(person: User) -> Any:
    return "May sign in" if person.is_active else Chip("Deactivated", "plain")


def person_columns() -> list[Column]:
    return [
        Column("name", "Name", lambda row: Link(row.name, row.get_absolute_url()), sort=("name",), is_head=True),
        Column("email", "E-mail address", lambda row: row.email, sort=("email",), is_wide=True),
        Column("title", "Job title", lambda row: row.title, sort=("title",), is_wide=True, short="Title", phone=False),
        Column(
            "department",
            "Department",
            lambda row: row.department_name,
            sort=("department_name",),
            is_wide=True,
            is_shown=False,
            phone=False,
        ),
        Column("roles", "Roles", role_words, is_wide=True),
        Column(
            "projects",
            "Manages",
            lambda row: row.running_projects,
            sort=("running_projects",),
            is_number=True,
        ),
        Column("state", "Account", state_of, sort=("is_active",)),
        Column("seen", "Last signed in", lambda row: row.last_login, sort=("last_login",), short="Signed in"),
        Column("since", "Account since", lambda row: row.date_joined, sort=("date_joined",), is_shown=False, short="Since"),
    ]
