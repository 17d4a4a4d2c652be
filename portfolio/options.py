"""What the filters of the lists offer: departments, programs and people that occur, found in one query."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import CharField, QuerySet, Value

from pmo.models import User
from portfolio.models import Department, Program

Choices = list[tuple[str, str]]


def named(rows: QuerySet[Any], kind: str) -> QuerySet[Any]:
    return rows.order_by().values_list(Value(kind, output_field=CharField()), "pk", "name")


def project_options() -> dict[str, Choices]:
    """Return the choices of the project filters by name: department, program, manager. One query, each sorted by name."""
    managers = User.objects.filter(managed_projects__isnull=False).distinct()
    return grouped(
        named(Department.objects.filter(projects__isnull=False).distinct(), "department"),
        named(Program.objects.all(), "program"),
        named(managers, "manager"),
    )


def entry_options(entries: QuerySet[Any]) -> dict[str, Choices]:
    """Return the choices of the filters of registers: the projects and the owners that occur in `entries`. One query."""
    owners = User.objects.filter(pk__in=entries.order_by().values("owner_id"))
    projects = entries.model._meta.get_field("project").remote_field.model.objects.filter(
        pk__in=entries.order_by().values("project_id")
    )
    return grouped(named(projects, "project"), named(owners, "owner"))


def grouped(first: QuerySet[Any], *others: QuerySet[Any]) -> dict[str, Choices]:
    found: dict[str, Choices] = defaultdict(list)
    for kind, key, name in first.union(*others, all=True):
        found[kind].append((str(key), name))
    return {kind: sorted(choices, key=lambda choice: choice[1].casefold()) for kind, choices in found.items()}
