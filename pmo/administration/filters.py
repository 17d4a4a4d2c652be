"""The filters of the list of people."""

from __future__ import annotations

import django_filters as filters
from django.db.models import Q, QuerySet

from pmo.models import User
from pmo.roles import Role
from portfolio.filters import ListFilters, several

NO_ROLE = "none"
STATES = [("yes", "May sign in"), ("no", "Deactivated")]
SIGNED_IN = [("yes", "Yes"), ("no", "Never")]


class PersonFilters(ListFilters):
    q = filters.CharFilter(label="Text", method="by_text")
    role = several("Role", [*((role.value, role.value) for role in Role), (NO_ROLE, "No role")], method="by_role")
    active = filters.ChoiceFilter(label="Account", choices=STATES, empty_label="Any", method="by_state")
    seen = filters.ChoiceFilter(label="Has signed in", choices=SIGNED_IN, empty_label="Any", method="by_sign_in")

    class Meta(ListFilters.Meta):
        model = User
        fields: list[str] = []

    def by_text(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        for word in value.split():
            rows = rows.filter(
                Q(name__icontains=word)
                | Q(email__icontains=word)
                | Q(title__icontains=word)
                | Q(department_name__icontains=word)
            )
        return rows

    def by_role(self, rows: QuerySet[User], name: str, value: list[str]) -> QuerySet[User]:
        """Narrow by any of the roles. By a sub-select: a person with two of them stands in the list once."""
        if not value:
            return rows
        memberships = User.groups.through.objects
        wanted = Q(pk__in=memberships.filter(group__name__in=value).values("user_id"))
        if NO_ROLE in value:
            wanted |= ~Q(pk__in=memberships.filter(group__name__in=Role.values).values("user_id"))
        return rows.filter(wanted)

    def by_state(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return rows.filter(is_active=value == "yes")

    def by_sign_in(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return rows.filter(last_login__isnull=value == "no")
