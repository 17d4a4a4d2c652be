"""Work that follows an act after its transaction: each task may run twice without harm."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django_tasks import task

if TYPE_CHECKING:
    from governance.signed_things import Signed

#: PDFs of older decisions are built when somebody first asks for one.
EAGER_AGE = dt.timedelta(days=2)


@task()
def build_copies(sort: str, key: int) -> None:
    """Build the copies of one decided thing; `sort` is how sign-offs call it: `version`, `gate_review`, `change_request`."""
    from governance.record_copies import ensure_copies
    from governance.signed_things import MODELS

    ensure_copies(next(model for model in MODELS if model.sign_field == sort).objects.get(pk=key))


def build_copies_after_commit(subject: Signed, *, at: dt.datetime) -> None:
    """Have the reading copy and the sealed record copy of a decision built by a worker once it is stored."""
    # By the machine's own clock: the demo city is told as if each of its days were today.
    if dt.datetime.now(dt.UTC) - at < EAGER_AGE:
        build_copies.enqueue(subject.sign_field, subject.pk)
