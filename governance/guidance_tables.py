"""The list of guidance: columns and filters."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from governance.finding import guidance_saying
from governance.models import GuidanceNote
from governance.policy_states import GuidanceKind, GuidanceState
from pmo.lib.tables import Chip, Column, Link
from pmo.models import User
from portfolio import options
from portfolio.filters import YES, ListFilters, one_of, several
from portfolio.models import Project


class GuidanceFilters(ListFilters):
    looked_up = ("project", "writer")
    q = filters.CharFilter(label="Text", method="by_text")
    kind = several("Kind", GuidanceKind.choices)
    state = several("State", GuidanceState.choices)
    project = one_of("Project", "project_id")
    writer = one_of("Written by", "written_by_id")
    mine = filters.ChoiceFilter(label="For me", choices=YES, empty_label="Any", method="for_me")

    class Meta(ListFilters.Meta):
        model = GuidanceNote
        fields: list[str] = []

    def get_options(self) -> dict[str, options.Choices]:
        notes = GuidanceNote.objects.visible_to(self.request.user).order_by()
        projects = Project.objects.filter(pk__in=notes.values("project_id"))
        writers = User.objects.filter(pk__in=notes.values("written_by_id"))
        return options.grouped(options.named(projects, "project"), options.named(writers, "writer"))

    def by_text(self, rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        return guidance_saying(rows, text)

    def for_me(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        user = self.request.user
        return rows.filter(Q(for_whom=user) | Q(project__project_manager=user))


def guidance_columns(*, is_in_project: bool = False) -> list[Column]:
    return [
        Column("code", "Code", lambda row: row.project.code, sort=("project__code",), is_shown=not is_in_project),
        Column("subject", "Guidance", lambda row: Link(row.subject, row.get_absolute_url()), sort=("subject",), is_head=True),
        Column("project", "Project", lambda row: row.project.name, sort=("project__name",), is_shown=not is_in_project),
        Column("kind", "Kind", lambda row: row.get_kind_display(), sort=("kind",)),
        Column("by", "From", lambda row: row.written_by, sort=("written_by__name",)),
        Column("for", "For", lambda row: row.for_whom or row.project.project_manager),
        Column("at", "Written", lambda row: timezone.localdate(row.written_at), sort=("written_at",)),
        Column("state", "State", state_chip, sort=("state",)),
        Column("answer", "What was done", lambda row: row.answer, is_wide=True, is_shown=False),
    ]


def state_chip(note: GuidanceNote) -> Chip:
    return Chip(note.get_state_display(), "bold" if note.state == GuidanceState.OPEN else "plain")
