"""The lists of policies and of those who are asked to read them: rows, columns and filters."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from governance.finding import policies_saying
from governance.models import Acknowledgement, Policy, PolicyVersion
from governance.policies import members_asked
from governance.policy_states import PolicyState
from pmo.lib.tables import Chip, Column, Due, Link
from pmo.lib.words import local_date
from pmo.models import User
from portfolio.filters import YES, FilterForm, several

STATES = [("in_force", "Published"), ("draft", "Has a draft")]
MINE = [("waits", "Waits for me"), ("read", "I have read it")]
READ = [("no", "Not yet"), ("yes", "Has read it")]


def policy_rows(user: Any) -> QuerySet[Policy]:
    """Return the policies of `user` with what the list says of each. One query."""
    versions = PolicyVersion.objects.filter(policy=OuterRef("pk"))
    in_force = versions.filter(state=PolicyState.PUBLISHED)
    mine = Acknowledgement.objects.filter(
        person=user, version__policy=OuterRef("pk"), version__state=PolicyState.PUBLISHED
    ).values("at")
    return (
        Policy.objects.visible_to(user)
        .select_related("owner")
        .annotate(
            version_number=Subquery(in_force.values("number")[:1]),
            effective_on=Subquery(in_force.values("effective_on")[:1]),
            has_draft=Exists(versions.filter(state=PolicyState.DRAFT)),
            read_at=Subquery(mine[:1]),
        )
    )


class PolicyFilters(filters.FilterSet):
    q = filters.CharFilter(label="Text", method="by_text")
    state = several("State", STATES, method="by_state")
    mine = filters.ChoiceFilter(label="My acknowledgement", choices=MINE, empty_label="Any", method="by_mine")
    review = filters.ChoiceFilter(label="Review overdue", choices=YES, empty_label="Any", method="by_review")

    class Meta:
        form = FilterForm

    def by_text(self, rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        return policies_saying(rows, text, self.request.user)

    def by_state(self, rows: QuerySet[Any], name: str, states: list[str]) -> QuerySet[Any]:
        wanted = Q()
        if "in_force" in states:
            wanted |= Q(version_number__isnull=False)
        if "draft" in states:
            wanted |= Q(has_draft=True)
        return rows.filter(wanted)

    def by_mine(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == "read":
            return rows.filter(read_at__isnull=False)
        if not members_asked().filter(pk=self.request.user.pk).exists():
            return rows.none()
        return rows.filter(version_number__isnull=False, read_at__isnull=True)

    def by_review(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(review_by__lt=timezone.localdate())


def policy_columns(on: dt.date, *, is_asked: bool, sees_drafts: bool) -> list[Column]:
    return [
        Column("code", "Code", lambda row: row.code, sort=("code",)),
        Column("title", "Policy", lambda row: Link(row.title, row.get_absolute_url()), sort=("title",), is_head=True),
        Column("state", "State", lambda row: _state(row, sees_drafts=sees_drafts)),
        Column("version", "Version", lambda row: row.version_number, sort=("version_number",), is_number=True),
        Column("effective", "In force from", lambda row: row.effective_on, sort=("effective_on",)),
        Column("owner", "Owner", lambda row: row.owner, sort=("owner__name",)),
        Column("review", "Review by", lambda row: Due(row.review_by, row.review_by < on), sort=("review_by",)),
        Column("mine", "My acknowledgement", lambda row: _mine(row, is_asked=is_asked), sort=("read_at",), short="I have"),
    ]


def _state(row: Any, *, sees_drafts: bool) -> Chip:
    if row.version_number is None:
        return Chip("Draft", "plain")
    return Chip("Published, next drafted") if sees_drafts and row.has_draft else Chip("Published")


def _mine(row: Any, *, is_asked: bool) -> Any:
    if row.read_at is not None:
        return local_date(row.read_at)
    return Chip("Waits for you", "bold") if is_asked and row.version_number else None


# Who has read it


def people_rows(version: PolicyVersion | None) -> QuerySet[User]:
    """Return who is asked to read `version`, and who read it and is no longer asked, with the moment each said so."""
    said = Acknowledgement.objects.filter(version=version, person=OuterRef("pk"))
    rows = User.objects.annotate(
        read_at=Subquery(said.values("at")[:1]), is_asked=Exists(members_asked().filter(pk=OuterRef("pk")))
    )
    return rows.filter(Q(is_asked=True) | Q(read_at__isnull=False)) if version else rows.none()


class ReaderFilters(filters.FilterSet):
    q = filters.CharFilter(label="Name", field_name="name", lookup_expr="icontains")
    read = filters.ChoiceFilter(label="Has read it", choices=READ, empty_label="Any", method="by_read")

    class Meta:
        form = FilterForm

    def by_read(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(read_at__isnull=value == "no")


def reader_columns(version: PolicyVersion | None) -> list[Column]:
    published_at = version.published_at if version else None
    return [
        Column("person", "Person", lambda row: row.name, sort=("name",), is_head=True),
        Column("title", "Job title", lambda row: row.title, sort=("title",)),
        Column("state", "Acknowledged", lambda row: Chip("Yes", "plain") if row.read_at else Chip("Not yet", "bold")),
        Column("read", "When", lambda row: row.read_at, sort=("read_at",)),
        Column(
            "days",
            "Days after publication",
            lambda row: (row.read_at - published_at).days if row.read_at and published_at else None,
            sort=("read_at",),
            is_number=True,
        ),
    ]
