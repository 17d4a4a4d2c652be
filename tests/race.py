"""Sixteen processes that race to decide the same hundred reports.

`python -m tests.race prepare N` fills the database named by DATABASE_URL. `python -m tests.race run WORKER START` loads every
report, waits for the moment START and then tries to decide each of them, printing one JSON line with what happened.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import sys
import time
from collections import Counter
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.race_settings")

import django

django.setup()

from django.utils import timezone  # noqa: E402

from governance.models import DeliverableVersion  # noqa: E402
from pmo.lib.errors import Refused  # noqa: E402
from pmo.models import User  # noqa: E402
from pmo.roles import Role  # noqa: E402
from tests.factories import make_project, make_user  # noqa: E402
from tests.governance.stories import a_submitted, agreed_terms  # noqa: E402


def prepare(count: int) -> None:
    """Make `count` submitted reports and sixteen PMO managers who may decide them."""
    manager = make_user("Max Harrow")
    for number in range(16):
        make_user(f"Reviewer {number}", Role.PMO_MANAGER)
    for _ in range(count):
        a_submitted(make_project(project_manager=manager), at=timezone.now())


def decide(version: DeliverableVersion, by: Any, terms: dict[str, Any], *, withdraws: bool, at: dt.datetime) -> None:
    if withdraws:
        version.withdraw(by=version.author, at=at)
    else:
        version.approve(by=by, at=at, terms=terms)


def run(worker: int, start: float) -> None:
    """Try every report once, in an order of its own, from the monotonic second `start`; every fourth worker withdraws."""
    person = User.objects.get(email=f"reviewer.{worker}@example.org")
    related = ("deliverable__project__project_manager", "author", "submitted_by", "status_report")
    rows = DeliverableVersion.objects.select_related(*related).order_by("pk")
    versions = [(version, agreed_terms(version)) for version in rows]
    random.Random(worker).shuffle(versions)
    time.sleep(max(0.0, start - time.monotonic()))
    counted: Counter[str] = Counter()
    for version, terms in versions:
        try:
            decide(version, person, terms, withdraws=worker % 4 == 3, at=timezone.now())
            counted["won"] += 1
        except Refused:
            counted["refused"] += 1
    sys.stdout.write(json.dumps(counted) + "\n")


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]))
    else:
        run(int(sys.argv[2]), float(sys.argv[3]))
