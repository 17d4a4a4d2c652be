"""What a digest, or the PDF somebody holds, is: what was decided, by whom, and whether anything was altered since."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from governance.access import PublishedAccess
from governance.auditing import ChainState, chain_from
from governance.gate_states import GateState
from governance.models import ChangeRequest, DeliverableVersion, GateReview, SignOff, StoredPdf
from governance.pdf_digest import digest_traces
from governance.sealing import Seal, read_seal
from governance.signed_things import Signed, SignedThing, describe
from governance.signing import entry_text, fault_of
from governance.states import ON_CONTENT, STANDING_STATES, Kind, VersionState
from pmo.lib.canonical import sha256_of
from pmo.lib.errors import Refused

#: As many digits as the footer of a PDF shows; fewer could mean many things.
LEAST_DIGITS = 16
LARGEST_PDF = 10 * 1024 * 1024
DECIDED_FOR_ALL = (*STANDING_STATES, VersionState.SUPERSEDED)


@dataclass(frozen=True)
class Later:
    """What took the place of what was verified."""

    words: str
    at: dt.datetime | None


@dataclass(frozen=True)
class Verdict:
    """What is known of one digest, for one person."""

    thing: SignedThing
    digest: str
    signed: SignOff | None
    """The first sign-off on exactly this digest; None where there is none, which is a fault."""
    fault: str
    """What does not hold, or an empty string."""
    sees_project: bool
    later: Later | None
    sign_offs: list[SignOff]
    chain: ChainState
    """Whether the sign-offs from this decision to the last one hold."""

    @property
    def holds(self) -> bool:
        return not self.fault

    @property
    def is_record(self) -> bool:
        """Whether the digest is that of a decision; otherwise it is of what was submitted."""
        return self.signed is not None and self.signed.action not in ON_CONTENT

    @property
    def version(self) -> DeliverableVersion | None:
        return self.thing.subject if isinstance(self.thing.subject, DeliverableVersion) else None

    @property
    def is_report(self) -> bool:
        return self.version is not None and self.version.deliverable.kind == Kind.STATUS_REPORT


@dataclass(frozen=True)
class FileVerdict:
    """What is known of a file that somebody gave: which of our copies it is, and what its own signature says."""

    stored: StoredPdf
    seal: Seal | None


def digits_of(text: str) -> str:
    """Return the hexadecimal digits of what somebody typed or pasted. Raises Refused: `not_a_digest`, `too_few_digits`."""
    digits = re.sub(r"[\s:-]", "", text).lower()
    if not re.fullmatch(r"[0-9a-f]*", digits) or len(digits) > 64:
        raise Refused(
            "A digest has up to 64 digits, 0 to 9 and a to f. Copy it from the footer or the sign-off page.", "not_a_digest"
        )
    if len(digits) < LEAST_DIGITS:
        raise Refused(f"Give at least the first {LEAST_DIGITS} digits, as they stand in the footer.", "too_few_digits")
    return digits


def digest_of_file(file: bytes) -> str | None:
    """Return the digest of the record that a PDF was built from, or None for a file that the product does not keep."""
    sha256 = hashlib.sha256(file).hexdigest()
    return StoredPdf.objects.filter(sha256=sha256).values_list("record_sha256", flat=True).first()


def signed_digest_in(file: bytes) -> tuple[str, bool] | None:
    """Return a digest of ours that a file names, be it with an altered digit, and whether a decision was signed with it."""
    for trace in digest_traces(file):
        near = Q(content_sha256__startswith=trace[:32]) | Q(content_sha256__endswith=trace[-32:])
        actions = dict(SignOff.objects.filter(near).order_by("-sequence").values_list("content_sha256", "action"))
        if actions:
            digest, action = actions.popitem()
            return digest, action not in ON_CONTENT
    return None


def file_named(file_sha256: str, verdict: Verdict) -> FileVerdict | None:
    """Return what a file with this digest of its own bytes is among the copies of what `verdict` is about, or None."""
    if not re.fullmatch(r"[0-9a-f]{64}", file_sha256):
        return None
    subject = verdict.thing.subject
    stored = subject.pdfs.filter(sha256=file_sha256, record_sha256=verdict.digest).first()
    # The bytes are the stored ones only if these still give the digest that was noted when they were built.
    if stored is None or hashlib.sha256(stored.file).hexdigest() != file_sha256:
        return None
    return FileVerdict(stored, read_seal(bytes(stored.file)))


def look_up(digits: str, user: Any) -> Verdict | None:
    """Return what `user` may know of a digest, or None where it is unknown or not theirs to know. About fifteen queries."""
    rows = DeliverableVersion.objects.filter(Q(record_sha256__startswith=digits) | Q(content_sha256__startswith=digits))
    found = list(rows.select_related("deliverable__project", "decided_by", "submitted_by").order_by("-number")[:2])
    for version in found:
        sees = DeliverableVersion.objects.visible_to(user).filter(pk=version.pk).exists()
        if sees or _is_published_for(version, digits, user):
            return _verdict(version, digits, sees)
    for model in (GateReview, ChangeRequest):
        # By its sign-offs too: a request that was deferred and decided again carries the later record.
        known = Q(record_sha256__startswith=digits) | Q(sign_offs__content_sha256__startswith=digits)
        row = model.objects.visible_to(user).filter(known).select_related("project", "decided_by").first()
        if row is not None:
            return _verdict(row, digits, True)
    return None


def _is_published_for(version: DeliverableVersion, digits: str, user: Any) -> bool:
    """Whoever reads the published portfolio may verify what was published: the record of a report, not what was submitted."""
    return (
        version.deliverable.kind == Kind.STATUS_REPORT
        and version.state in DECIDED_FOR_ALL
        and version.record_sha256.startswith(digits)
        and PublishedAccess(user).can_see_public_page_of(version.deliverable.project)
    )


def _verdict(subject: Signed, digits: str, sees: bool) -> Verdict:
    sign_offs = list(subject.sign_offs.order_by("sequence"))
    signed = next((row for row in sign_offs if row.content_sha256.startswith(digits)), None)
    return Verdict(
        thing=describe(subject),
        digest=signed.content_sha256 if signed else _digest_of(subject, digits),
        signed=signed,
        fault=fault_of(subject) or links_fault(sign_offs),
        sees_project=sees,
        later=_later(subject, signed, sign_offs),
        sign_offs=sign_offs if sees else [],
        chain=chain_from(sign_offs[0].sequence if sign_offs else 1),
    )


def _digest_of(subject: Signed, digits: str) -> str:
    if isinstance(subject, DeliverableVersion) and not subject.record_sha256.startswith(digits):
        return subject.content_sha256
    return subject.record_sha256


def _later(subject: Signed, signed: SignOff | None, sign_offs: list[SignOff]) -> Later | None:
    """Return what took its place: a later version, the next review of the same gate, the next act on the same request."""
    if isinstance(subject, DeliverableVersion):
        newer = subject.deliverable.versions.standing().filter(number__gt=subject.number).first()
        word = newer.rules.approved_word.lower() if newer else ""
        return Later(f"version {newer.label}, {word}", newer.decided_at) if newer else None
    if isinstance(subject, GateReview):
        again = GateReview.objects.filter(
            project=subject.project_id, gate=subject.gate, number__gt=subject.number, state=GateState.DECIDED
        )
        newest = again.order_by("-number").first()
        return Later(f"review {newest.number}, {newest.get_decision_display()}", newest.decided_at) if newest else None
    last = sign_offs[-1] if sign_offs else None
    if last is None or signed is None or last.content_sha256 == signed.content_sha256:
        return None
    return Later(f"a later act: {last.get_action_display().lower()}", last.signed_at)


def links_fault(sign_offs: list[SignOff]) -> str:
    """Return what is wrong with these links of the chain, or an empty string. One query for the links before them."""
    before = {
        row.sequence: row.entry_sha256 for row in SignOff.objects.filter(sequence__in=[row.sequence - 1 for row in sign_offs])
    }
    for row in sign_offs:
        if sha256_of(entry_text(row)) != row.entry_sha256:
            return f"Sign-off {row.sequence} was altered after it was signed."
        if row.sequence > 1 and before.get(row.sequence - 1) != row.previous_sha256:
            return f"Sign-off {row.sequence} does not continue the sign-off before it."
    return ""
