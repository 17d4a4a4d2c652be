"""What else waits for a person besides reports and challenges: documents, opinions, conditions, changes, gates.

Each source returns items of the queue with a constant number of queries. `queue_of` joins them; home pages of people who decide
nothing show them alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse

from governance.change_queue import change_items
from governance.clock import Office
from governance.document_states import ConditionState, PartState, Seat
from governance.kinds import rules_for
from governance.models import ClassGates, Condition, DeliverableVersion, GateReview, ReviewPart
from governance.periods import after_workdays
from governance.queue_items import Glance, Item
from governance.separation import Duties
from governance.signing import Signature
from governance.states import FindingState, Kind, ReviewState, VersionState
from pmo.roles import Role

#: A gate comes into the queue so many days before it is held.
GATE_AHEAD = dt.timedelta(days=14)
#: Of an obligation that has only a date: until when on that day.
CLOSE_OF_DAY = dt.time(17)
#: The seats that belong to a role; whoever holds it may answer.
SEAT_ROLES = {Seat.FINANCE: Role.FINANCE, Seat.EXECUTIVE: Role.EXECUTIVE}


@dataclass(frozen=True)
class Asking:
    """For whom, at what moment, and whether everybody's items are asked for."""

    person: Any
    at: dt.datetime
    office: Office
    duties: Duties
    everybody: bool

    @property
    def sees_decisions(self) -> bool:
        """Whether anything that waits for a decision may be this person's, or is asked for at all."""
        return self.everybody or self.duties.decides_anything

    def end_of(self, day: dt.date) -> dt.datetime:
        return dt.datetime.combine(day, CLOSE_OF_DAY, self.office.zone)

    def own(self, role: str) -> Signature:
        return Signature(self.person, role)


def slug(kind: str) -> str:
    return kind.replace("_", "-")


def document_url(version: DeliverableVersion) -> str:
    deliverable = version.deliverable
    return reverse("governance:document-review", args=[deliverable.project.code, slug(deliverable.kind), version.number])


WORDS = {Kind.DEFINITION: "Definition", Kind.EXECUTION_PLAN: "Plan"}


def documents(asking: Asking) -> list[Item]:
    """Return the documents that wait for a decision. One query."""
    if not asking.sees_decisions:
        return []
    blocking = Q(deliverable__versions__findings__state=FindingState.OPEN)
    rows = (
        DeliverableVersion.objects.waiting()
        .filter(document__isnull=False, reviews__state=ReviewState.OPEN)
        .select_related("deliverable__project__project_manager", "submitted_by")
        .defer("content", "record")
        .annotate(open_findings=Count("deliverable__versions__findings", filter=blocking, distinct=True))
    )
    return [_document(version, asking) for version in rows]


def _document(version: Any, asking: Asking) -> Item:
    project = version.deliverable.project
    proposed = version.label_if_approved
    becomes = f", proposed as {proposed}" if proposed != version.label else ""
    return Item(
        kind="document",
        pk=version.pk,
        icon="doc",
        word=WORDS[Kind(version.deliverable.kind)],
        code=project.code,
        project_name=project.name,
        number=version.number,
        url=document_url(version),
        from_name=version.submitted_by.name,
        since=version.submitted_at,
        due_at=version.review_due_at,
        waits_for=asking.duties.role_for(version).value,
        signature=asking.duties.signature_or_none(version),
        glance=Glance(sentence=f"Version {version.label}{becomes}", open_findings=version.open_findings),
    )


def opinions(asking: Asking) -> list[Item]:
    """Return the opinions that the person, or a role of theirs, is asked for. One query."""
    seats = [seat for seat, role in SEAT_ROLES.items() if asking.person.has_role(role)]
    mine = Q(person=asking.person) | Q(person=None, seat__in=seats)
    rows = ReviewPart.objects.filter(state=PartState.ASKED, review__state=ReviewState.OPEN).filter(
        Q() if asking.everybody else mine
    )
    related = ("review__version__deliverable__project", "review__version__submitted_by", "person")
    found = rows.select_related(*related).defer("review__version__content", "review__version__record")
    return [_opinion(part, asking, seats) for part in found]


def _opinion(part: ReviewPart, asking: Asking, seats: list[Seat]) -> Item:
    version = part.review.version
    project = version.deliverable.project
    is_mine = part.person_id == asking.person.pk or (part.person_id is None and part.seat in seats)
    return Item(
        kind="opinion",
        pk=part.pk,
        icon="doc",
        word="Opinion",
        code=project.code,
        project_name=project.name,
        number=version.number,
        url=document_url(version),
        from_name=version.submitted_by.name if version.submitted_by else "",
        since=part.asked_at or part.review.opened_at,
        due_at=part.review.due_at,
        waits_for=part.person.name if part.person else part.get_seat_display(),
        signature=asking.own(part.get_seat_display()) if is_mine else None,
        glance=Glance(sentence=f"{WORDS[Kind(version.deliverable.kind)]} {version.label}: say what you think of it"),
    )


def conditions(asking: Asking) -> list[Item]:
    """Return the conditions that the person owes evidence for, or verifies. One query."""
    owed = Q(state=ConditionState.OPEN, owner=asking.person)
    looked_at = Q(state=ConditionState.EVIDENCED, verifier=asking.person)
    rows = Condition.objects.unsettled().filter(Q() if asking.everybody else owed | looked_at)
    return [_condition(row, asking) for row in rows.select_related("project", "owner", "verifier")]


def _condition(row: Condition, asking: Asking) -> Item:
    verifies = row.state == ConditionState.EVIDENCED
    person = row.verifier if verifies else row.owner
    return Item(
        kind="condition",
        pk=row.pk,
        icon="condition",
        word="Verify" if verifies else "Condition",
        code=row.project.code,
        project_name=row.project.name,
        number=row.number,
        url=row.get_absolute_url(),
        from_name=row.owner.name if verifies else row.verifier.name,
        since=row.evidenced_at or row.created_at,
        due_at=asking.end_of(row.due_on),
        waits_for=person.name,
        signature=asking.own("Verifier" if verifies else "Owner") if person.pk == asking.person.pk else None,
        glance=Glance(sentence=row.text),
    )


def gates(asking: Asking) -> list[Item]:
    """Return the gates planned for the next fortnight, for those who decide on the project. One query."""
    if not asking.sees_decisions:
        return []
    until = asking.office.day(asking.at) + GATE_AHEAD
    rows = GateReview.objects.waiting().filter(planned_on__lte=until).defer("record")
    signs = ClassGates.objects.filter(governance_class=OuterRef("project__governance_class")).values("executive_signs")
    rows = rows.select_related("project__project_manager").annotate(executive_signs=Subquery(signs))
    return [_gate(row, asking) for row in rows]


def _gate(row: Any, asking: Asking) -> Item:
    project = row.project
    managers = asking.duties.holders[Role.PMO_MANAGER]
    role = Role.EXECUTIVE if row.executive_signs or project.project_manager_id in managers else Role.PMO_MANAGER
    decides = asking.person.pk in asking.duties.holders[role] and asking.person.pk != project.project_manager_id
    return Item(
        kind="gate",
        pk=row.pk,
        icon="gate",
        word="Gate",
        code=project.code,
        project_name=project.name,
        number=row.number,
        url=row.get_absolute_url(),
        from_name=project.project_manager.name if project.project_manager else "",
        since=asking.end_of(row.planned_on),
        due_at=asking.end_of(row.planned_on),
        waits_for=role.value,
        signature=asking.own(role.value) if decides else None,
        glance=Glance(sentence=row.get_gate_display()),
    )


def returned(asking: Asking) -> list[Item]:
    """Return the documents that came back to the person and have no later version yet. One query."""
    mine = Q(author=asking.person) | Q(deliverable__project__project_manager=asking.person)
    newest = DeliverableVersion.objects.filter(deliverable=OuterRef("deliverable")).order_by("-number").values("number")[:1]
    still_open = Count("findings", filter=Q(findings__state=FindingState.OPEN))
    rows = (
        DeliverableVersion.objects.filter(
            Q() if asking.everybody else mine, document__isnull=False, state=VersionState.RETURNED
        )
        .filter(number=Subquery(newest))
        .select_related("deliverable__project__project_manager", "decided_by")
        .defer("content", "record")
        .annotate(open_findings=still_open)
    )
    return [_returned(version, asking) for version in rows]


def _returned(version: Any, asking: Asking) -> Item:
    project, kind = version.deliverable.project, Kind(version.deliverable.kind)
    manager = project.project_manager
    days = rules_for(kind).review_days[project.governance_class]
    return Item(
        kind="returned",
        pk=version.pk,
        icon="doc",
        word=WORDS[kind],
        code=project.code,
        project_name=project.name,
        number=version.number,
        url=reverse("governance:document-detail", args=[project.code, slug(kind)]),
        from_name=version.decided_by.name,
        since=version.decided_at,
        due_at=after_workdays(version.decided_at, days, asking.office.calendar, asking.office.zone),
        waits_for=manager.name if manager else "",
        signature=asking.own("Author") if asking.person.pk in {version.author_id, project.project_manager_id} else None,
        glance=Glance(sentence="Came back: answer the findings in the next version", open_findings=version.open_findings),
    )


def changes(asking: Asking) -> list[Item]:
    """Return the change requests that wait for the person's assessment or decision. One query."""
    return change_items(asking.person, asking.office)


Source = Callable[[Asking], list[Item]]
#: Every source, in the order in which equal due dates stand.
SOURCES: tuple[Source, ...] = (documents, opinions, conditions, changes, gates, returned)
