"""Files beside a section, a finding or a condition: which are taken, how they are kept, and who reads them.

A file is judged by its name and by its bytes; what could run in a reader's browser or office program is not taken.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import puremagic
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from governance.attachment_files import forget_file_after_commit
from governance.documents.confidential import reads_confidential
from governance.documents.drafting import require_may_write
from governance.models import Attachment, Condition, DeliverableVersion, DocumentSection, ReviewFinding
from governance.states import VersionState
from governance.writers import add_writer
from pmo.lib.errors import Refused

LIMIT = 20 * 1024 * 1024
MOST_FILES = 20
HEAD = 4096
OOXML = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True)
class FileType:
    """One sort of file: how it is served, and how its bytes must look ("" for plain text, a folder for an office file)."""

    content_type: str
    magic: str = ""
    folder: str = ""


TYPES: Mapping[str, FileType] = {
    "pdf": FileType("application/pdf", ".pdf"),
    "png": FileType("image/png", ".png"),
    "jpg": FileType("image/jpeg", ".jpg"),
    "jpeg": FileType("image/jpeg", ".jpg"),
    "docx": FileType(OOXML + "wordprocessingml.document", folder="word/"),
    "xlsx": FileType(OOXML + "spreadsheetml.sheet", folder="xl/"),
    "pptx": FileType(OOXML + "presentationml.presentation", folder="ppt/"),
    "txt": FileType("text/plain; charset=utf-8"),
    "csv": FileType("text/csv; charset=utf-8"),
}
TAKEN = ", ".join(name.upper() for name in TYPES if name != "jpeg")
#: What a text may not begin with: a browser might take it for a page.
MARKUP = (b"<!doctype", b"<html", b"<svg", b"<script", b"<?xml", b"<head", b"<body", b"<iframe")
#: An archive that unfolds to more than this is a trap.
MOST_MEMBERS, MOST_UNFOLDED, HIGHEST_RATIO = 2_000, 200 * 1024 * 1024, 100
#: Parts of an office file that run.
RUNNING = re.compile(r"vbaproject|activex|macrosheets|\.(exe|dll|js|vbs|bat|cmd|ps1|scr|jar|hta|html?|svgz)$", re.IGNORECASE)


def attach(
    upload: UploadedFile,
    *,
    by: Any,
    at: dt.datetime,
    section: DocumentSection | None = None,
    finding: ReviewFinding | None = None,
    condition: Condition | None = None,
) -> Attachment:
    """Keep a file beside one thing. Of a section, the caller must be allowed to write in it; of the others, their verbs ask.

    Raises Refused: `file_too_large`, `file_empty`, `file_type`, `file_content`, `file_unsafe`, `too_many_files`, and for a
    section `not_writer`, `confidential`, `frozen`.
    """
    owner = {"section": section, "finding": finding, "condition": condition}
    kind = checked_type(upload)
    with transaction.atomic():
        if section is not None:
            _require_draft(section, by)
            add_writer(section.document.version, by)
        given = {name: value for name, value in owner.items() if value is not None}
        if Attachment.objects.filter(**given).count() >= MOST_FILES:
            raise Refused(f"There are {MOST_FILES} files here already; put more into one PDF.", "too_many_files")
        row = Attachment(
            **given,
            name=clean_name(upload.name or ""),
            content_type=kind.content_type,
            size=upload.size or 0,
            sha256=digest_of(upload),
            added_by=by,
            added_at=at,
        )
        row.file.save(secrets.token_hex(16), upload, save=False)
        row.save()
    return row


def remove(attachment: Attachment, *, by: Any) -> None:
    """Take a file away from a section of a draft. What stands beside a submitted version stays.

    The file on disk goes too, unless another version of the document leads to it. Raises Refused: `frozen`, `not_writer`.
    """
    if attachment.section is None:
        raise Refused("This file belongs to a record and stays.", "frozen")
    with transaction.atomic():
        _require_draft(attachment.section, by)
        forget_file_after_commit(attachment)
        attachment.delete()


def _require_draft(section: DocumentSection, by: Any) -> None:
    require_may_write(section, by)
    version = section.document.version
    if DeliverableVersion.objects.filter(pk=version.pk).exclude(state=VersionState.DRAFT).exists():
        raise Refused("This version was submitted; its files do not change any more.", "frozen")


def may_read(attachment: Attachment, user: Any) -> bool:
    """Say whether `user` reads what the file belongs to. At most three queries."""
    if attachment.condition_id is not None:
        return Condition.objects.visible_to(user).filter(pk=attachment.condition_id).exists()
    seen = DeliverableVersion.objects.visible_to(user)
    if attachment.finding is not None:
        return seen.filter(pk=attachment.finding.version_id).exists() and _may_read_finding(attachment.finding, user)
    if attachment.section is None or not seen.filter(document=attachment.section.document_id).exists():
        return False
    return not attachment.section.section.is_confidential or reads_confidential(user, attachment.section.document.project)


def _may_read_finding(finding: ReviewFinding, user: Any) -> bool:
    """Say whether the section that the finding is about is open to the person. A word on a closed one may quote it."""
    version = finding.version
    closed = version.document.template.sections.filter(key=finding.section, is_confidential=True) if version.document else None
    return closed is None or reads_confidential(user, version.deliverable.project) or not closed.exists()


# What is taken


def checked_type(upload: UploadedFile) -> FileType:
    """Return the type of a file that may be kept. Raises Refused as `attach` says."""
    if not upload.size:
        raise Refused("This file is empty.", "file_empty")
    if upload.size > LIMIT:
        raise Refused(f"This file is larger than {LIMIT // 1024 // 1024} MB. Make it smaller or split it.", "file_too_large")
    extension = (upload.name or "").rpartition(".")[2].lower()
    kind = TYPES.get(extension)
    if kind is None:
        raise Refused(f"Files of this sort are not taken. Send one of: {TAKEN}.", "file_type")
    upload.seek(0)
    head = upload.read(HEAD)
    if kind.folder:
        _look_inside(upload, kind.folder)
    elif kind.magic:
        if kind.magic not in _guesses(head):
            raise Refused(f"This is no {extension.upper()} file, whatever its name says. Save it anew as one.", "file_content")
    else:
        _look_at_text(upload, head)
    upload.seek(0)
    return kind


def _guesses(head: bytes) -> set[str]:
    """Return the name endings that the first bytes may stand for, the common one of each sort."""
    try:
        found = {match.extension for match in puremagic.magic_string(head)}
    except puremagic.PureError:
        return set()
    return {".jpg" if extension in {".jpeg", ".jfif", ".jpe", ".jif"} else extension for extension in found}


def _look_at_text(upload: UploadedFile, head: bytes) -> None:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(MARKUP):
        raise Refused("This is a page or a picture in markup, not a plain text.", "file_unsafe")
    upload.seek(0)
    for chunk in upload.chunks():
        if b"\x00" in chunk:
            raise Refused("This is no plain text. Save it anew as text.", "file_content")
    if start.startswith((b"mz", b"\x7felf", b"#!", b"%pdf", b"pk\x03\x04")):
        raise Refused("This is no plain text. Save it anew as text.", "file_content")


def _look_inside(upload: UploadedFile, folder: str) -> None:
    """Refuse an office file that is none, that unfolds without end, or that carries something that runs."""
    upload.seek(0)
    try:
        with zipfile.ZipFile(upload) as archive:  # type: ignore[arg-type]  # an upload reads and seeks like a file
            members = archive.infolist()
            _refuse_traps(members)
            names = {member.filename for member in members}
            if "[Content_Types].xml" not in names or not any(name.startswith(folder) for name in names):
                raise Refused("The name says one office program, the content another. Save it anew.", "file_content")
            kinds = archive.read("[Content_Types].xml")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as broken:
        raise Refused("This file cannot be opened; it is damaged, locked or of another sort.", "file_content") from broken
    if b"macroenabled" in kinds.lower() or any(RUNNING.search(name) for name in names):
        raise Refused("This file carries macros or programs. Save it without them.", "file_unsafe")


def _refuse_traps(members: list[zipfile.ZipInfo]) -> None:
    unfolded = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members) or 1
    leads_out = any(".." in member.filename.split("/") or member.filename.startswith(("/", "\\")) for member in members)
    if len(members) > MOST_MEMBERS or unfolded > MOST_UNFOLDED or unfolded / packed > HIGHEST_RATIO or leads_out:
        raise Refused("This file unfolds to more than it should. Save it anew, with fewer or smaller parts.", "file_unsafe")


def clean_name(name: str) -> str:
    """Return what a person called a file, without folders and without what a file system or a header would stumble over."""
    last = re.split(r"[\\/]", name)[-1]
    kept = re.sub(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\"<>|:*?]", "", last).strip().rstrip(".")
    stem, dot, extension = kept.rpartition(".")
    return f"{stem[:140] or 'file'}{dot}{extension[:15]}"


def digest_of(upload: UploadedFile) -> str:
    digest = hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()
