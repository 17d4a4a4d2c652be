"""Whether everything signed is still there, and whether the stored PDFs are the ones that were built and sealed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from governance.models import SignOff, StoredPdf
from governance.pdf_digest import marked_digest
from governance.sealing import read_seal
from governance.signed_things import MODELS
from governance.signing import Break
from governance.states import ON_CONTENT, Copy

RECORDS = [f"{model.sign_field}__record_sha256" for model in MODELS]
SEALED = "sealed with"


def verify_signed() -> Iterator[Break]:
    """Yield every sign-off whose version, gate or change is gone, or no longer carries the digest that was signed."""
    names = ("sequence", "action", "content_sha256", "change_request_id", "version__content_sha256", *RECORDS)
    rows = list(SignOff.objects.order_by("sequence").values(*names))
    # A request is signed when it is submitted and at each decision; its row carries the record of the last act.
    last = {row["change_request_id"]: row["sequence"] for row in rows}
    for row in rows:
        if not _is_carried(row, last):
            yield Break(row["sequence"], "What it signed is gone, or carries another digest.")


def _is_carried(row: dict[str, Any], last: dict[int | None, int]) -> bool:
    """Return whether what a sign-off signed is still there as it was signed."""
    digest, change = row["content_sha256"], row["change_request_id"]
    if change:
        found = row["change_request__record_sha256"]
        return found is not None if last[change] != row["sequence"] else bool(found == digest)
    if row["action"] in ON_CONTENT:
        return bool(row["version__content_sha256"] == digest)
    return digest in [row[name] for name in RECORDS]


@dataclass
class CopiesSeen:
    """What a look at the stored PDFs counted beside what is broken."""

    total: int = 0
    unsealed: int = 0
    other_keys: dict[str, int] = field(default_factory=dict)
    """By whom the certificate names: record copies that are intact and not sealed with the key in use today."""


def verify_copies(seen: CopiesSeen) -> Iterator[tuple[StoredPdf, str]]:
    """Yield every stored PDF that is not the one that was built, with a sentence; count the others in `seen`."""
    signed = set(SignOff.objects.values_list("content_sha256", flat=True))
    subjects = ("version__deliverable__project", "gate_review__project", "change_request__project")
    for stored in StoredPdf.objects.select_related(*subjects).order_by("pk").iterator(chunk_size=20):
        seen.total += 1
        fault = _copy_fault(stored, signed) or (_seal_fault(stored, seen) if stored.edition == Copy.RECORD else "")
        if fault:
            yield stored, fault


def _copy_fault(stored: StoredPdf, signed: set[str]) -> str:
    file = bytes(stored.file)
    if hashlib.sha256(file).hexdigest() != stored.sha256:
        return "The stored file is not the one that was built."
    if stored.record_sha256 not in signed:
        return "Nobody signed the record that it was built from."
    return "" if marked_digest(file) == stored.record_sha256 else "The stored file names another record."


def _seal_fault(stored: StoredPdf, seen: CopiesSeen) -> str:
    seal: Any = read_seal(bytes(stored.file))
    if seal is None:
        if SEALED in stored.built_with:
            return "Its seal is gone."
        seen.unsealed += 1
        return ""
    if not seal.is_intact:
        return "Its seal is broken."
    if not seal.is_ours:
        seen.other_keys[seal.signer] = seen.other_keys.get(seal.signer, 0) + 1
    return ""
