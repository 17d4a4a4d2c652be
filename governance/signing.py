"""The chain of sign-offs: each act is bound to exactly one content and to the act before it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from governance.change_states import ChangeState
from governance.gate_states import GateState
from governance.states import Decision, SignAction, VersionState
from pmo.lib.bulk import insert_row
from pmo.lib.canonical import canonical_json, sha256_of

if TYPE_CHECKING:
    from governance.models import ChangeRequest, DeliverableVersion, GateReview, SignOff


@dataclass(frozen=True)
class Signature:
    """Who signs, as what, and in whose place."""

    person: Any
    role: str
    acting_for: Any = None


def entry_text(sign_off: SignOff) -> str:
    """Return the canonical text that a link's digest is taken of: every column but its own digest."""
    return canonical_json(
        {
            "sequence": sign_off.sequence,
            "version": sign_off.version_id,
            "action": str(sign_off.action),
            "person": sign_off.person_id,
            "person_name": sign_off.person_name,
            "role": sign_off.role,
            "acting_for_name": sign_off.acting_for_name,
            "intent": sign_off.intent,
            "signed_at": sign_off.signed_at,
            "content_sha256": sign_off.content_sha256,
            "previous_sha256": sign_off.previous_sha256,
            **{name: key for name in ("gate_review", "change_request") if (key := getattr(sign_off, f"{name}_id"))},
        }
    )


def _locked_head() -> Any:
    """Return the head of the chain, locked until the transaction ends, so that two links never get the same place."""
    from governance.models import ChainHead

    head = ChainHead.objects.select_for_update().filter(pk=1).first()
    if head is not None:
        return head
    try:
        with transaction.atomic():
            ChainHead.objects.create(pk=1)
    except IntegrityError:
        pass  # another process began the chain at the same moment
    return ChainHead.objects.select_for_update().get(pk=1)


def sign(
    subject: DeliverableVersion | GateReview | ChangeRequest,
    *,
    action: str,
    signature: Signature,
    intent: str,
    digest: str,
    at: dt.datetime,
) -> SignOff:
    """Append one act on `subject` to the chain. Call it inside the transaction of the act itself, and last of all.

    Everybody who signs waits for the head of the chain until that transaction ends: so nothing else is done while it is held,
    and nobody who holds it ever waits for another row.
    """
    from governance.models import ChainHead, SignOff

    head = _locked_head()
    sign_off = SignOff(
        sequence=head.sequence + 1,
        **{subject.sign_field: subject},
        action=action,
        person=signature.person,
        person_name=signature.person.name,
        role=signature.role,
        acting_for_name=signature.acting_for.name if signature.acting_for else "",
        intent=intent,
        signed_at=at,
        content_sha256=digest,
        previous_sha256=head.entry_sha256,
    )
    sign_off.entry_sha256 = sha256_of(entry_text(sign_off))
    insert_row(sign_off)
    ChainHead.objects.filter(pk=head.pk).update(sequence=sign_off.sequence, entry_sha256=sign_off.entry_sha256)
    return sign_off


@dataclass(frozen=True)
class Break:
    """The first place where the stored chain does not hold."""

    sequence: int
    what: str


def verify_chain() -> Break | None:
    """Return the first broken link, or None when every link and the head hold. Reads every sign-off once, in order."""
    from governance.models import ChainHead, SignOff

    expected, previous = 1, ""
    for sign_off in SignOff.objects.order_by("sequence").iterator():
        fault = _fault_of(sign_off, expected, previous)
        if fault:
            return Break(expected, fault)
        expected, previous = expected + 1, sign_off.entry_sha256
    head = ChainHead.objects.filter(pk=1).first()
    if (head.sequence if head else 0) != expected - 1 or (head.entry_sha256 if head else "") != previous:
        return Break(
            expected, "The chain is shorter or longer than its head says: the last sign-offs were cut off or added by hand."
        )
    return None


def _fault_of(sign_off: SignOff, expected: int, previous: str) -> str:
    if sign_off.sequence != expected:
        return f"Sign-off {expected} is missing."
    if sign_off.previous_sha256 != previous:
        return "It does not continue the sign-off before it."
    if sha256_of(entry_text(sign_off)) != sign_off.entry_sha256:
        return "It was altered after it was signed."
    return ""


def verify_versions() -> Iterator[tuple[DeliverableVersion, str]]:
    """Yield every version whose stored content or record no longer gives its digest, with a sentence."""
    from governance.models import DeliverableVersion

    for version in (
        DeliverableVersion.objects.exclude(content_sha256="").select_related("deliverable__project").order_by("pk").iterator()
    ):
        fault = version_fault(version)
        if fault:
            yield version, fault


def version_fault(version: DeliverableVersion) -> str:
    """Return what is wrong with the stored text of a version, or an empty string. Reads its sign-offs and its content row."""
    if sha256_of(version.content) != version.content_sha256:
        return "The submitted content was altered."
    if version.record_sha256 and sha256_of(version.record) != version.record_sha256:
        return "The decided record was altered."
    if version.decided_by_id is not None and not version.record_sha256:
        return "It is decided, but there is no record of a decision."
    signed = set(version.sign_offs.values_list("content_sha256", "person"))
    digests = {digest for digest, _ in signed}
    if version.record_sha256 and version.record_sha256 not in digests:
        return "No sign-off carries the digest of the decided record."
    if version.content_sha256 not in digests:
        return "No sign-off carries the digest of the submitted content."
    fault = (_decision_fault(version) if version.record_sha256 else "") or _decider_fault(version, signed)
    return fault or str(version.content_row.fault(version))


#: Which decision stands in the record of a version in each decided state.
RECORDED = {
    VersionState.APPROVED: {Decision.APPROVE},
    VersionState.CONDITIONAL: {Decision.CONDITIONAL},
    VersionState.RETURNED: {Decision.RETURN},
    VersionState.REJECTED: {Decision.REJECT},
    VersionState.SUPERSEDED: {Decision.APPROVE, Decision.CONDITIONAL},
}


def _decider_fault(version: DeliverableVersion, signed: set[tuple[str, int]]) -> str:
    """Return what is wrong with who decided and how, as the row has it, against the record and its sign-off."""
    if version.decided_by_id is None:
        return ""
    if (version.record_sha256, version.decided_by_id) not in signed:
        return "The sign-off of the decision is somebody else’s."
    if version.decided_by_id in {version.author_id, version.submitted_by_id, *version.writers}:
        return "Somebody whose own words stand in it decided on it."
    if json.loads(version.record)["decision"]["decision"] not in RECORDED[VersionState(version.state)]:
        return "It is in another state than the one that was decided."
    return ""


def verify_records() -> Iterator[tuple[GateReview | ChangeRequest, str]]:
    """Yield every gate review and change request whose stored record does not hold, with a sentence."""
    from governance.models import ChangeRequest, GateReview

    decided = {GateReview: Q(state=GateState.DECIDED, source=""), ChangeRequest: Q(state__in=list(CHANGE_SIGNED))}
    for model, is_decided in decided.items():
        rows: Any = model._base_manager.filter(~Q(record_sha256="") | is_decided)
        for row in rows.select_related("project").order_by("pk").iterator():
            fault = record_fault(row)
            if fault:
                yield row, fault


#: By which act a change got into its state.
CHANGE_SIGNED = {
    ChangeState.APPROVED: SignAction.CHANGE_APPROVE,
    ChangeState.REJECTED: SignAction.CHANGE_REJECT,
    ChangeState.DEFERRED: SignAction.CHANGE_DEFER,
}


def record_fault(subject: GateReview | ChangeRequest) -> str:
    """Return what is wrong with the stored record of a gate review or a change request, or an empty string."""
    if not subject.record_sha256:
        return "It is decided, but there is no record of a decision."
    if sha256_of(subject.record) != subject.record_sha256:
        return "The decided record was altered."
    signed = set(subject.sign_offs.filter(content_sha256=subject.record_sha256).values_list("action", "person"))
    if not signed:
        return "No sign-off carries the digest of the decided record."
    if fault := _decision_fault(subject):
        return fault
    action = SignAction.GATE if subject.state == GateState.DECIDED else CHANGE_SIGNED.get(subject.state)  # type: ignore[call-overload]
    if action and (action, subject.decided_by_id) not in signed:
        return "The sign-off of the decision is another one, or somebody else’s."
    return ""


def _decision_fault(subject: DeliverableVersion | GateReview | ChangeRequest) -> str:
    """Return what is wrong with a row whose record gives its digest: nobody signed that, or its columns say something else."""
    from governance.record_rows import columns_fault

    decided = subject.sign_offs.filter(content_sha256=subject.record_sha256).order_by("sequence").first()
    return columns_fault(subject, decided) if decided else "No sign-off carries the digest of the decided record."


def fault_of(subject: DeliverableVersion | GateReview | ChangeRequest) -> str:
    """Return what is wrong with the stored text of anything that is signed, or an empty string."""
    from governance.models import DeliverableVersion

    return version_fault(subject) if isinstance(subject, DeliverableVersion) else record_fault(subject)
