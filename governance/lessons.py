"""Lessons learned: recorded in a project, published by the office, offered to the next one, and counted where they are used."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count

from governance.models import Lesson, LessonUse
from governance.policy_states import LessonState
from pmo.lib.errors import Refused
from pmo.lib.history import save_as
from pmo.lib.transitions import move
from pmo.roles import Role
from portfolio.access import ProjectAccess
from portfolio.models import Project

SAME_DEPARTMENT, SAME_CLASS, SAME_PROGRAM, EACH_WORD = 3, 2, 2, 1
#: Words shorter than this say little about a project.
SHORTEST_WORD = 4
OFFERED = 5
COMMON = frozenset({"project", "replace", "system", "with", "that", "this", "from", "their", "will", "into", "city", "which"})


def may_record(project: Project, person: Any) -> bool:
    """Say whether `person` records lessons of `project`: who keeps its registers. At most one query."""
    return ProjectAccess(person, project).can_edit_registers


def may_edit(lesson: Lesson, person: Any) -> bool:
    """Say whether `person` changes the words: the office always, the author and the project's manager before publication."""
    is_own = person.pk in (lesson.recorded_by_id, lesson.project.project_manager_id)
    return bool(person.has_role(Role.PMO_MANAGER)) or (is_own and lesson.state == LessonState.DRAFT)


def record(project: Project, *, by: Any, at: dt.datetime, **values: Any) -> Lesson:
    """Record a lesson as a draft, with the class that the project has now. Raises Refused: `not_of_project`."""
    if not may_record(project, by):
        raise Refused("The project’s manager and team, and the PMO manager, record its lessons.", "not_of_project")
    return Lesson.enter(
        by=by,
        project=project,
        governance_class=project.governance_class,
        recorded_by=by,
        recorded_at=at,
        **{"phase": project.phase, **values},
    )


@transaction.atomic
def publish(lesson: Lesson, *, by: Any, at: dt.datetime) -> None:
    """Let every project find the lesson. Raises Refused: `not_office`, `already_published`."""
    if not by.has_role(Role.PMO_MANAGER):
        raise Refused("The PMO manager publishes lessons.", "not_office")
    move(
        lesson,
        sources=[LessonState.DRAFT],
        target=LessonState.PUBLISHED,
        refusal="This lesson is published already.",
        code="already_published",
        published_by=by,
        published_at=at,
    )
    save_as(lesson, by=by, fields=["state"], reason="published")


def use(lesson: Lesson, project: Project, *, by: Any, at: dt.datetime) -> LessonUse:
    """Count that `project` takes a lesson up. Raises Refused.

    `not_of_project`, `not_published`, `own_lesson`, `already_used`.
    """
    if not may_record(project, by):
        raise Refused("The project’s manager and team, and the PMO manager, take lessons up for it.", "not_of_project")
    if lesson.state != LessonState.PUBLISHED:
        raise Refused("Only a published lesson can be taken up. Ask the PMO manager to publish it.", "not_published")
    if lesson.project_id == project.pk:
        raise Refused("The lesson comes from this project.", "own_lesson")
    row = LessonUse(lesson=lesson, project=project, by=by, at=at)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused("This project has taken the lesson up already.", "already_used") from error
    return row


@dataclass(frozen=True)
class Offer:
    """A lesson for one project: how near it is, why it is offered, in how many projects it is used, and whether in this one."""

    lesson: Lesson
    score: int
    because: str
    uses: int
    is_used: bool


def lessons_for(project: Project, user: Any, *, limit: int = OFFERED) -> list[Offer]:
    """Return the published lessons of other projects that `user` may read, nearest first; those without any nearness are
    left out.

    Two queries, however many lessons there are.
    """
    rows = Lesson.objects.visible_to(user).published().exclude(project=project)  # type: ignore[attr-defined]
    used = set(LessonUse.objects.filter(project=project).values_list("lesson_id", flat=True))
    lessons = rows.select_related("project").annotate(use_count=Count("uses"))
    about = words_of(f"{project.name} {project.purpose}")
    offers = [_offer(lesson, project, about, is_used=lesson.pk in used) for lesson in lessons]
    near = [offer for offer in offers if offer.score > 0]
    return sorted(near, key=lambda offer: (-offer.score, -offer.uses, -offer.lesson.pk))[:limit]


def _offer(lesson: Any, project: Project, about: frozenset[str], *, is_used: bool) -> Offer:
    told = words_of(f"{lesson.title} {lesson.tags} {lesson.get_category_display()} {lesson.project.name}")
    shared = sorted(about & told)
    reasons = [
        (SAME_DEPARTMENT, "the same department", _same(lesson.project.department_id, project.department_id)),
        (SAME_PROGRAM, "the same program", _same(lesson.project.program_id, project.program_id)),
        (SAME_CLASS, f"class {project.governance_class} as well", lesson.governance_class == project.governance_class),
        (EACH_WORD * len(shared), f"about {', '.join(shared[:3])}", bool(shared)),
    ]
    found = [(points, words) for points, words, applies in reasons if applies]
    because = ", ".join(words for _, words in found)
    score = sum(points for points, _ in found)
    return Offer(lesson, score, because[:1].upper() + because[1:], lesson.use_count, is_used)


def _same(one: int | None, other: int | None) -> bool:
    return one is not None and one == other


def words_of(text: str) -> frozenset[str]:
    """Return the telling words of a text in small letters."""
    return frozenset(word for word in re.findall(r"[^\W\d_]+", text.lower()) if len(word) >= SHORTEST_WORD) - COMMON
