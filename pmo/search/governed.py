"""What the search finds of governance: documents, changes, gates, conditions, guidance, policies, lessons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from governance import finding
from governance.document_review_access import review_address
from governance.documents.access import version_url
from governance.documents.finding import FoundDocument, find_documents
from governance.gate_room import look_of
from governance.gate_states import GateState
from governance.models import ChangeRequest, Condition, GateReview, GuidanceNote, Lesson, Policy
from governance.policy_tabs import RulebookAccess
from pmo.lib.finding import excerpt, marked
from pmo.lib.words import day_without_weekday
from pmo.search.kinds import Found, Hit, Kind
from portfolio.models import Project


def _texts(row: Any, fields: Sequence[str]) -> list[str]:
    return [str(getattr(row, name)) for name in fields if "__" not in name]


def _found_documents(user: Any, text: str) -> Found:
    found = find_documents(user, text)
    projects = {one.version.deliverable.project_id for one in found.rows}
    seen = set(Project.objects.visible_to(user).filter(pk__in=projects).values_list("pk", flat=True))
    rows = [(one, one.version.deliverable.project_id in seen) for one in found.rows]
    return Found(rows, found.is_cut)


def _document_hit(row: tuple[FoundDocument, bool], words: Sequence[str]) -> Hit:
    """Lead to the page of the version; who only reviews it, without a part in the project, to the page of its review."""
    (one, sees_project), version = row, row[0].version
    title, place = f"{version.deliverable.get_kind_display()} {version.label}", str(one.section or "")
    url = version_url(version) if sees_project else review_address(version, "document-review")
    if one.section and sees_project:
        url = f"{url}#section-{one.section.key}"
    project, state = str(version.deliverable.project), version.get_state_display()
    return Hit(title, url, project, state, marked(title, words), excerpt(one.texts, words), place)


def _found_changes(user: Any, text: str) -> Found:
    rows = finding.changes_saying(ChangeRequest.objects.visible_to(user), text).select_related("project").defer("record")
    return Found(rows.order_by("-requested_at", "-pk"))


def _change_hit(change: ChangeRequest, words: Sequence[str]) -> Hit:
    title, said = str(change), excerpt(_texts(change, finding.CHANGE_TEXTS[1:]), words)
    where, state = str(change.project), change.get_state_display()
    return Hit(title, change.get_absolute_url(), where, state, marked(title, words), said)


def _found_gates(user: Any, text: str) -> Found:
    """Find what stands in the calendar of gates: not what was called off, nor the gates of other houses."""
    ours = GateReview.objects.visible_to(user).exclude(state=GateState.CANCELLED).filter(kind_in_source="")
    rows = finding.gates_saying(ours, text, user).select_related("project").defer("record")
    return Found(rows.order_by("-planned_on", "-pk"))


def _gate_hit(review: Any, words: Sequence[str]) -> Hit:
    title = f"{review.get_gate_display()}, {day_without_weekday(review.held_on or review.planned_on)}"
    said = excerpt(_texts(review, finding.gate_texts(review)), words)
    where, state = str(review.project), look_of(review, timezone.localdate())[1]
    return Hit(title, review.get_absolute_url(), where, state, marked(title, words), said)


def _found_conditions(user: Any, text: str) -> Found:
    rows = finding.conditions_saying(Condition.objects.visible_to(user), text).select_related("project")
    return Found(rows.distinct().order_by("due_on", "pk"))


def _condition_hit(condition: Condition, words: Sequence[str]) -> Hit:
    title, said = str(condition), excerpt([condition.text], words)
    where, state = str(condition.project), condition.get_state_display()
    return Hit(title, condition.get_absolute_url(), where, state, marked(title, words), said)


def _found_guidance(user: Any, text: str) -> Found:
    rows = finding.guidance_saying(GuidanceNote.objects.visible_to(user), text)
    return Found(rows.select_related("project").order_by("-written_at", "-pk"))


def _guidance_hit(note: GuidanceNote, words: Sequence[str]) -> Hit:
    said = excerpt(_texts(note, finding.GUIDANCE_TEXTS[1:]), words)
    where, state = str(note.project), note.get_state_display()
    return Hit(note.subject, note.get_absolute_url(), where, state, marked(note.subject, words), said)


def _found_policies(user: Any, text: str) -> Found:
    worded = Prefetch("versions", finding.wordings_read_by(user).order_by("number"), to_attr="wordings")
    rows = finding.policies_saying(Policy.objects.visible_to(user), text, user)
    return Found(rows.prefetch_related(worded).order_by("code"))


def _policy_hit(policy: Any, words: Sequence[str]) -> Hit:
    title, wordings = str(policy), policy.wordings
    said = excerpt([version.text for version in wordings], words)
    where = f"version {wordings[0].number}" if wordings else ""
    state = wordings[0].get_state_display() if wordings else "Superseded"
    return Hit(title, policy.get_absolute_url(), where, state, marked(title, words), said)


def _found_lessons(user: Any, text: str) -> Found:
    rows = finding.lessons_saying(Lesson.objects.visible_to(user), text)
    return Found(rows.select_related("project").order_by("-recorded_at", "-pk"))


def _lesson_hit(lesson: Lesson, words: Sequence[str]) -> Hit:
    said = excerpt(_texts(lesson, finding.LESSON_TEXTS[1:]), words)
    where, state = str(lesson.project), lesson.get_state_display()
    return Hit(lesson.title, lesson.get_absolute_url(), where, state, marked(lesson.title, words), said)


def _lists_guidance(user: Any) -> bool:
    return RulebookAccess(user).can_list_guidance


KINDS = (
    Kind("documents", "Documents", _found_documents, _document_hit),
    Kind("changes", "Change requests", _found_changes, _change_hit, "governance:change-list"),
    Kind("gates", "Gates", _found_gates, _gate_hit, "governance:gate-list"),
    Kind("conditions", "Conditions", _found_conditions, _condition_hit, "governance:condition-list"),
    Kind("guidance", "Guidance", _found_guidance, _guidance_hit, "governance:guidance-list", _lists_guidance),
    Kind("policies", "Policies", _found_policies, _policy_hit, "governance:policy-list"),
    Kind("lessons", "Lessons", _found_lessons, _lesson_hit, "governance:lesson-list"),
)
