"""Processes that race to approve, reject, withdraw and edit the same change requests.

`prepare N` and `run WORKER START` as in `tests.race`. Each change asks for a new baseline, so that a second approval of the
same one would count a baseline twice.
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

from governance import change_deciding, change_requests  # noqa: E402
from governance.models import ChangeRequest  # noqa: E402
from pmo.lib.errors import Refused  # noqa: E402
from pmo.models import User  # noqa: E402
from pmo.roles import Role  # noqa: E402
from tests.factories import make_project, make_user  # noqa: E402
from tests.governance.changed import an_assessed_change, with_baseline  # noqa: E402

DECIDERS = 2
REASON = "Raced."


def prepare(count: int) -> None:
    """Make `count` projects with a change that waits for the PMO manager, and two who may decide."""
    manager, sponsor = make_user("Max Harrow"), make_user("Sam Okafor")
    assessor = make_user("Fay Aldous", Role.FINANCE)
    for number in range(DECIDERS):
        make_user(f"Reviewer {number}", Role.PMO_MANAGER)
    at = timezone.now() - dt.timedelta(hours=4)
    for _ in range(count):
        project = with_baseline(make_project(project_manager=manager, sponsor=sponsor))
        wanted = {"wants_baseline": True, "root_cause": "The vendor is late."}
        an_assessed_change(project, assessor=assessor, at=at, **wanted)


def edit(change: ChangeRequest, by: Any, at: dt.datetime) -> None:
    change_requests.edit(change, by=change.requested_by, changes={"title": "Edited in the race"})


ACTS: tuple[tuple[str, Callable[[ChangeRequest, Any, dt.datetime], None]], ...] = (
    ("approved", lambda change, by, at: change_deciding.approve(change, by=by, at=at, reason=REASON)),
    ("approved", lambda change, by, at: change_deciding.approve(change, by=by, at=at, reason=REASON)),
    ("rejected", lambda change, by, at: change_deciding.reject(change, by=by, at=at, reason=REASON)),
    ("withdrawn", lambda change, by, at: change_requests.withdraw(change, by=change.requested_by, at=at, reason=REASON)),
    ("edited", edit),
)


def run(worker: int, start: float) -> None:
    """Try one act on every change, in an order of its own, from the monotonic second `start`."""
    person = User.objects.get(email=f"reviewer.{worker % DECIDERS}@example.org")
    name, act = ACTS[worker % len(ACTS)]
    changes = list(ChangeRequest.objects.select_related("project__project_manager", "requested_by").order_by("pk"))
    random.Random(worker).shuffle(changes)
    time.sleep(max(0.0, start - time.monotonic()))
    counted: Counter[str] = Counter()
    for change in changes:
        try:
            act(change, person, timezone.now())
            counted[name] += 1
        except Refused:
            counted["refused"] += 1
    sys.stdout.write(json.dumps(counted) + "\n")


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]))
    else:
        run(int(sys.argv[2]), float(sys.argv[3]))
