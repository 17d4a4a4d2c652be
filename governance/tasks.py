"""Work that follows an act after its transaction: each task may run twice without harm."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone
from django_tasks import task

if TYPE_CHECKING:
    from governance.models import DeliverableVersion

#: PDFs of older decisions are built when somebody first asks for one.
EAGER_AGE = dt.timedelta(days=2)


@task()
def build_pdfs(version_id: int) -> None:
    from governance.models import DeliverableVersion
    from governance.report_pdf import ensure_pdfs

    ensure_pdfs(DeliverableVersion.objects.select_related("deliverable__project").get(pk=version_id))


def build_pdfs_after_commit(version: DeliverableVersion, *, at: dt.datetime) -> None:
    """Have both editions of the PDF built by a worker once the acceptance is stored."""
    if timezone.now() - at < EAGER_AGE:
        build_pdfs.enqueue(version.pk)


@task()
def build_copies(version_id: int) -> None:
    from governance.document_pdf import ensure_copies
    from governance.models import DeliverableVersion

    ensure_copies(DeliverableVersion.objects.select_related("deliverable__project", "document").get(pk=version_id))


def build_copies_after_commit(version: DeliverableVersion, *, at: dt.datetime) -> None:
    """Have the reading copy and the record copy of a document built by a worker once the approval is stored."""
    if timezone.now() - at < EAGER_AGE:
        build_copies.enqueue(version.pk)
