"""The files of attachments on disk: a file goes when the last attachment that leads to it is gone, and no sooner."""

from __future__ import annotations

import datetime as dt

from django.core.files.storage import default_storage
from django.db import transaction

from governance.models import Attachment, DeliverableVersion

FOLDER = "attachments"
#: A file so young may belong to an attachment whose transaction is not over yet.
YOUNG = dt.timedelta(days=1)


def forget_file_after_commit(attachment: Attachment) -> None:
    """Delete the file of a removed attachment once the removal is stored, unless something still refers to it."""
    name, sha256 = str(attachment.file.name), attachment.sha256
    section = attachment.section
    deliverable_id = section.document.version.deliverable_id if section is not None else None

    def forget() -> None:
        if not _is_used(name, sha256, deliverable_id):
            default_storage.delete(name)

    transaction.on_commit(forget)


def _is_used(name: str, sha256: str, deliverable_id: int | None) -> bool:
    """Return whether a row leads to the file, or a frozen version of the same document names its digest. Two queries."""
    if Attachment.objects.filter(file=name).exists():
        return True
    frozen = DeliverableVersion.objects.filter(deliverable=deliverable_id).exclude(content="")
    return deliverable_id is not None and frozen.filter(content__contains=sha256).exists()


def forget_orphans(*, at: dt.datetime) -> int:
    """Delete the files that no attachment leads to: an upload that was undone, a process that was stopped. Returns how many.

    What a frozen version names is never an orphan, because its attachments cannot be removed.
    """
    if not default_storage.exists(FOLDER):
        return 0
    known = set(Attachment.objects.values_list("file", flat=True))
    names = (f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1])
    orphans = [name for name in names if name not in known and default_storage.get_modified_time(name) < at - YOUNG]
    for name in orphans:
        default_storage.delete(name)
    return len(orphans)
