"""Twelve processes that race to approve, return, withdraw and begin anew the same documents.

`python -m tests.document_race prepare N` fills the database named by DATABASE_URL. `… run WORKER START` loads every version,
waits for the moment START and then tries its own act on each, printing one JSON line with what happened.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.race_settings")

import django

django.setup()

from django.utils import timezone  # noqa: E402

from governance.documents.drafting import start_document  # noqa: E402
from governance.models import DeliverableVersion  # noqa: E402
from pmo.lib.errors import Refused  # noqa: E402
from pmo.models import User  # noqa: E402
from pmo.roles import Role  # noqa: E402
from tests.factories import make_project, make_user  # noqa: E402
from tests.governance.stories import a_finding  # noqa: E402
from tests.governance.written import a_submitted_document, review_all  # noqa: E402

REVIEWERS = 3


def prepare(count: int) -> None:
    """Make `count` definition documents that could be approved or returned at once, and three who may decide."""
    manager, sponsor = make_user("Max Harrow"), make_user("Sam Okafor")
    reviewers = [make_user(f"Reviewer {number}", Role.PMO_MANAGER) for number in range(REVIEWERS)]
    at = timezone.now()
    for _ in range(count):
        version = a_submitted_document(make_project(project_manager=manager, sponsor=sponsor), at=at)
        a_finding(version, by=reviewers[0], at=at, severity="comment", section="problem")
        review_all(version, by=reviewers[0], at=at)


def begin_anew(version: DeliverableVersion, by: Any, at: dt.datetime) -> None:
    start_document(version.deliverable.project, "definition", by=version.author, at=at, change_summary="Begun in the race.")


ACTS: tuple[tuple[str, Callable[[DeliverableVersion, Any, dt.datetime], None]], ...] = (
    ("approve", lambda version, by, at: version.approve(by=by, at=at, terms={})),
    ("return", lambda version, by, at: version.return_for_rework(by=by, at=at)),
    ("withdraw", lambda version, by, at: version.withdraw(by=version.author, at=at)),
    ("begin", begin_anew),
)


def run(worker: int, start: float) -> None:
    """Try one act on every version, in an order of its own, from the monotonic second `start`."""
    person = User.objects.get(email=f"reviewer.{worker % REVIEWERS}@example.org")
    name, act = ACTS[worker % len(ACTS)]
    related = ("deliverable__project__project_manager", "author", "submitted_by", "document__project")
    versions = list(DeliverableVersion.objects.select_related(*related).order_by("pk"))
    random.Random(worker).shuffle(versions)
    time.sleep(max(0.0, start - time.monotonic()))
    counted: Counter[str] = Counter()
    for version in versions:
        try:
            act(version, person, timezone.now())
            counted[name] += 1
        except Refused:
            counted["refused"] += 1
    sys.stdout.write(json.dumps(counted) + "\n")


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]))
    else:
        run(int(sys.argv[2]), float(sys.argv[3]))
