"""Where words are looked for in what is governed: the same for the filter of each list and for the one search."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from governance.gate_states import Gate
from governance.models import PolicyVersion
from governance.models.gates import GateReviewQuerySet
from governance.policy_states import PolicyState
from pmo.lib.finding import any_field, each_word, words_of

M = TypeVar("M", bound=Model)

OF_PROJECT = ("project__name", "project__code")
#: What everybody reads who reads the request; amounts, and where they are paid from, stay with those who read money.
CHANGE_TEXTS = (
    *("title", "description", "root_cause", "scope_effect", "quality_effect", "risk_effect", "benefits_effect"),
    *("resources_effect", "assessment", "recommendation", "decision_reason"),
)
CHANGE_CODE = re.compile(r"CR-(?P<project>.+)-0*(?P<number>\d{1,6})", re.IGNORECASE | re.ASCII)
#: What everybody reads who opens the page of a gate; its risks in short are for those who read the registers.
GATE_TEXTS = ("recommendation", "rationale", "minutes")
CONDITION_TEXTS = ("text", *OF_PROJECT)
GUIDANCE_TEXTS = ("subject", "text", "answer")
LESSON_TEXTS = ("title", "what_happened", "why", "next_time", "tags")


def change_coded(code: str) -> Q | None:
    """Return the condition for the one request with this code, as CR-P-1001-02; None where `code` is none."""
    found = CHANGE_CODE.fullmatch(code)
    return Q(project__code__iexact=found["project"], number=int(found["number"])) if found else None


def changes_saying(rows: QuerySet[M], text: str) -> QuerySet[M]:
    for word in words_of(text):
        condition = any_field(word, (*CHANGE_TEXTS, *OF_PROJECT))
        coded = change_coded(word)
        rows = rows.filter(condition | coded if coded else condition)
    return rows


def gates_saying(rows: GateReviewQuerySet, text: str, user: Any) -> GateReviewQuerySet:
    """Return the gates whose page says every word of `text` to `user`; each knows whether it `tells_risks`."""
    rows = rows.with_risks_told_to(user)
    for word in words_of(text):
        open_to_all = any_field(word, (*GATE_TEXTS, *OF_PROJECT), {"gate": Gate.choices})
        rows = rows.filter(open_to_all | (Q(tells_risks=True) & any_field(word, ("risk_summary",))))
    return rows


def gate_texts(review: Any) -> tuple[str, ...]:
    """Return what the page of a gate that was found by `gates_saying` says, as fields."""
    return (*GATE_TEXTS, "risk_summary") if review.tells_risks else GATE_TEXTS


def conditions_saying(rows: QuerySet[M], text: str) -> QuerySet[M]:
    return rows.filter(each_word(text, *CONDITION_TEXTS))


def guidance_saying(rows: QuerySet[M], text: str) -> QuerySet[M]:
    return rows.filter(each_word(text, *GUIDANCE_TEXTS, *OF_PROJECT))


def lessons_saying(rows: QuerySet[M], text: str) -> QuerySet[M]:
    return rows.filter(each_word(text, *LESSON_TEXTS, *OF_PROJECT))


def wordings_read_by(user: Any) -> QuerySet[PolicyVersion]:
    """Return what the policies say now: the wordings in force, and for the office the drafts. What is superseded is history."""
    return PolicyVersion.objects.visible_to(user).exclude(state=PolicyState.SUPERSEDED)


def policies_saying(rows: QuerySet[M], text: str, user: Any) -> QuerySet[M]:
    for word in words_of(text):
        said = wordings_read_by(user).filter(any_field(word, ("text",)), policy=OuterRef("pk"))
        rows = rows.filter(any_field(word, ("code", "title")) | Q(Exists(said)))
    return rows
