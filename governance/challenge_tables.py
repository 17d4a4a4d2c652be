"""The list of challenges: columns and filters."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils import timezone

from governance.models import RatingChallenge
from governance.states import ChallengeState, Dimension, RatingCheck
from pmo.lib.tables import Chip, Column, Link
from portfolio.filters import FilterForm, several


class ChallengeFilters(filters.FilterSet):
    q = filters.CharFilter(label="Project", method="by_text")
    state = several("State", ChallengeState.choices)
    check_code = several("Rating check", RatingCheck.choices)
    dimension = several("Dimension", Dimension.choices)

    class Meta:
        form = FilterForm

    def by_text(self, rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        for word in text.split():
            rows = rows.filter(project__name__icontains=word) | rows.filter(project__code__icontains=word)
        return rows


def challenge_columns(at: dt.datetime) -> list[Column]:
    return [
        Column("code", "Code", lambda row: row.project.code, sort=("project__code",)),
        Column("project", "Project", _project, sort=("project__name",), is_head=True),
        Column("sentence", "What is in question", lambda row: row.sentence, is_wide=True),
        Column("dimension", "Dimension", lambda row: row.get_dimension_display(), sort=("dimension",), is_shown=False),
        Column("check", "Check", lambda row: row.check_code, sort=("check_code",), is_shown=False),
        Column("manager", "Project manager", lambda row: row.project.project_manager, sort=("project__project_manager__name",)),
        Column("opened", "Opened", lambda row: timezone.localdate(row.opened_at), sort=("opened_at",), is_shown=False),
        Column("due", "Answer due", lambda row: row.due_at, sort=("due_at",)),
        Column("state", "State", lambda row: state_chip(row, at), sort=("state",)),
        Column("ruling", "Ruling", lambda row: row.get_ruling_display(), sort=("ruling",), is_wide=True),
    ]


def _project(row: RatingChallenge) -> Link:
    return Link(row.project.name, row.get_absolute_url())


def state_chip(row: RatingChallenge, at: dt.datetime) -> Chip:
    if row.state == ChallengeState.OPEN and row.due_at < at:
        return Chip("Not answered in time", "late")
    return Chip(row.get_state_display(), "plain" if row.state == ChallengeState.DECIDED else "bold")
