"""What else waits for a person besides reports and challenges: documents, opinions, conditions, changes, gates.

Each source returns items of the queue with a constant number of queries. `queue_of` joins them; home pages of people who decide
nothing show them alone. What there is to do at gates stands in `gate_queue`, with policies and advice in `office_queue`.
"""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, Case, Count, Exists, F, OuterRef, Q, Subquery, Value, When
from django.urls import reverse

from governance.asking import Asking, Source, of_project
from governance.change_queue import change_items
from governance.document_states import ConditionState, PartState, Seat
from governance.gate_queue import GATE_SOURCES
from governance.managing import managed_since
from governance.models import Condition, DeliverableVersion, ReviewPart
from governance.models.rules import DOCUMENTS
from governance.office_queue import OFFICE_SOURCES
from governance.queue_items import Glance, Item
from governance.seats import ROLE_OF, parts_asked
from governance.separation import people_behind
from governance.signing import Signature
from governance.states import STANDING_STATES, FindingState, Kind, ReviewState, VersionState
from pmo.roles import Role


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
    """Return the opinions that the person is asked for: by name, by role, or in somebody's place. Two queries."""
    mine = parts_asked(asking.person, asking.today)
    # Nobody speaks twice in one review: whoever has a part of their own there answers for no other seat.
    other = ReviewPart.objects.filter(review=OuterRef("review"), person=asking.person).exclude(pk=OuterRef("pk"))
    rows = ReviewPart.objects.filter(state=PartState.ASKED, review__state=ReviewState.OPEN).annotate(
        is_asked=Exists(mine.filter(pk=OuterRef("pk"))), speaks_already=Exists(other.exclude(state=PartState.CANCELLED))
    )
    related = ("review__version__deliverable__project", "review__version__submitted_by", "person")
    found = rows.select_related(*related).defer("review__version__content", "review__version__record")
    return [_opinion(part, asking) for part in (found if asking.everybody else found.filter(is_asked=True))]


def _opinion(part: Any, asking: Asking) -> Item:
    version = part.review.version
    return of_project(
        version.deliverable.project,
        kind="opinion",
        pk=part.pk,
        icon="doc",
        word="Opinion",
        number=version.number,
        url=document_url(version),
        from_name=version.submitted_by.name if version.submitted_by else "",
        since=part.asked_at or part.review.opened_at,
        due_at=part.review.due_at,
        waits_for=part.person.name if part.person else part.get_seat_display(),
        signature=_seat_of(part, asking) if part.is_asked else None,
        glance=Glance(sentence=f"{WORDS[Kind(version.deliverable.kind)]} {version.label}: say what you think of it"),
    )


def _seat_of(part: Any, asking: Asking) -> Signature | None:
    """Return in whose name the person answers an asked part; None where their own work or another part bars them. No query."""
    person, seat, behind = asking.person, part.get_seat_display(), people_behind(part.review.version)
    role = ROLE_OF.get(Seat(part.seat))
    if person.pk in behind:
        return None
    if part.person_id == person.pk:
        return asking.own(seat)
    if part.speaks_already:
        return None
    if part.person_id is None and role and person.has_role(role):
        return asking.own(seat)
    deliverable = part.review.version.deliverable
    for one in asking.duties.held:
        reaches = deliverable.kind in one.kinds and one.highest_class >= deliverable.project.governance_class
        sits = part.person_id == one.delegator_id or (part.person_id is None and role and one.delegator.has_role(role))
        if reaches and sits and one.delegator_id not in behind:
            return Signature(person, seat, acting_for=one.delegator)
    return None


def conditions(asking: Asking) -> list[Item]:
    """Return the conditions that the person owes evidence for, or verifies. One query.

    One that hangs on an account that is no longer used, or on a verifier who managed the project since it was put, waits for
    the office, which gives it to somebody else.
    """
    owed = Q(state=ConditionState.OPEN, owner=asking.person)
    looked_at = Q(state=ConditionState.EVIDENCED, verifier=asking.person)
    stuck = Q(state=ConditionState.OPEN, owner__is_active=False) | Q(state=ConditionState.EVIDENCED, verifier__is_active=False)
    is_office = asking.holds(Role.PMO_MANAGER) or asking.holds(Role.EXECUTIVE)
    mine = owed | looked_at | stuck | Q(is_barred=True) if is_office else owed | looked_at
    rows = Condition.objects.unsettled().annotate(is_barred=_has_barred_verifier())
    found = rows.filter(Q() if asking.everybody else mine).select_related("project", "owner", "verifier")
    return [_condition(row, asking) for row in found]


def _has_barred_verifier() -> Case:
    """Return whether evidence waits for a verifier who manages the project, or did since the condition was put."""
    # Who verifies need not decide on anything, so their turns as managers are not among those of the duties.
    managed = Q(managed_since(OuterRef("verifier_id"), "created_at")) | Q(verifier=F("project__project_manager"))
    is_barred = Q(state=ConditionState.EVIDENCED) & managed
    return Case(When(is_barred, then=Value(True)), default=Value(False), output_field=BooleanField())


def _condition(row: Any, asking: Asking) -> Item:
    verifies = row.state == ConditionState.EVIDENCED
    person = row.verifier if verifies else row.owner
    is_barred = row.is_barred
    signature = asking.own("Verifier" if verifies else "Owner") if person.pk == asking.person.pk and not is_barred else None
    managers = asking.duties.managing.since(row.project, row.created_at)
    office = asking.office_role(row.project, managers).value
    if (
        (is_barred or not person.is_active)
        and row.owner_id != asking.person.pk
        and asking.acts_for_office(row.project, managers)
    ):
        signature = asking.own(office)
    return of_project(
        row.project,
        kind="condition",
        pk=row.pk,
        icon="condition",
        word="Verify" if verifies else "Condition",
        number=row.number,
        url=row.get_absolute_url(),
        from_name=row.owner.name if verifies else row.verifier.name,
        since=(row.evidenced_at if verifies else None) or row.created_at,
        due_at=asking.end_of(row.due_on),
        waits_for=office if is_barred else person.name,
        signature=signature,
        glance=Glance(sentence=_condition_words(row, person, is_barred=is_barred)),
    )


def _condition_words(row: Condition, person: Any, *, is_barred: bool) -> str:
    if is_barred:
        return f"{person.name} manages the project, or did since this was put; name another verifier. {row.text}"
    if not person.is_active:
        return f"{person.name} has no account any more; give it to somebody else. {row.text}"
    was_refused = row.state == ConditionState.OPEN and row.refusal
    return f"The evidence was not enough. {row.text}" if was_refused else row.text


def returned(asking: Asking) -> list[Item]:
    """Return the documents that came back to the person and have no later version yet. One query."""
    rows = _newest(asking).filter(state=VersionState.RETURNED)
    return [_with_author(version, asking, "Came back: answer the findings in the next version") for version in rows]


def left_open(asking: Asking) -> list[Item]:
    """Return the approved documents of the person with findings that nobody has answered. One query."""
    rows = _newest(asking).filter(state__in=STANDING_STATES, open_findings__gt=0)
    return [_with_author(version, asking, "Approved with findings open: answer them") for version in rows]


def _newest(asking: Asking) -> Any:
    """Return the newest version of each document that the person writes, with how many findings are open on the document."""
    mine = Q(author=asking.person) | Q(deliverable__project__project_manager=asking.person)
    newest = DeliverableVersion.objects.filter(deliverable=OuterRef("deliverable")).order_by("-number").values("number")[:1]
    still_open = Q(deliverable__versions__findings__state=FindingState.OPEN)
    return (
        DeliverableVersion.objects.filter(Q() if asking.everybody else mine, document__isnull=False)
        .filter(number=Subquery(newest))
        .select_related("deliverable__project__project_manager", "decided_by")
        .defer("content", "record")
        .annotate(open_findings=Count("deliverable__versions__findings", filter=still_open, distinct=True))
    )


def _with_author(version: Any, asking: Asking, sentence: str) -> Item:
    project, kind = version.deliverable.project, Kind(version.deliverable.kind)
    manager, is_back = project.project_manager, version.state == VersionState.RETURNED
    page = "document-detail" if is_back else "document-review-findings"
    place = [project.code, slug(kind), *([] if is_back else [version.number])]
    return of_project(
        project,
        kind="returned",
        pk=version.pk,
        icon="doc",
        word=WORDS[kind],
        number=version.number,
        url=reverse(f"governance:{page}", args=place),
        from_name=version.decided_by.name,
        since=version.decided_at,
        due_at=asking.step_after(version.decided_at, DOCUMENTS, project),
        waits_for=manager.name if manager else "",
        signature=asking.own("Author") if asking.person.pk in {version.author_id, project.project_manager_id} else None,
        glance=Glance(sentence=sentence, open_findings=version.open_findings),
    )


def changes(asking: Asking) -> list[Item]:
    """Return the change requests that wait for the person's next step. One query."""
    return change_items(asking)


#: Every source, in the order in which equal due dates stand.
SOURCES: tuple[Source, ...] = (documents, opinions, conditions, changes, *GATE_SOURCES, returned, left_open, *OFFICE_SOURCES)
