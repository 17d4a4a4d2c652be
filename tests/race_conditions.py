"""Processes that race to close, refuse and hand on the same conditions; `prepare N`, `run WORKER START` as in `tests.race`."""

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

from governance import conditions  # noqa: E402
from governance.models import Condition  # noqa: E402
from pmo.lib.errors import Refused  # noqa: E402
from pmo.models import User  # noqa: E402
from pmo.roles import Role  # noqa: E402
from tests.factories import make_project, make_user  # noqa: E402
from tests.governance.written import a_condition, a_submitted_document, review_all  # noqa: E402


def prepare(count: int) -> None:
    """Make `count` conditions with evidence, owed by Tess and verified by Sam; Pia of the office may hand them to another."""
    manager, sponsor = make_user("Max Harrow"), make_user("Sam Okafor")
    owner, pia = make_user("Tess Moreau"), make_user("Pia Orlov", Role.PMO_MANAGER)
    at = timezone.now()
    due_on = timezone.localdate(at) + dt.timedelta(days=30)
    for _ in range(count):
        version = a_submitted_document(make_project(project_manager=manager, sponsor=sponsor), at=at)
        review_all(version, by=pia, at=at)
        version.approve_with_conditions(by=pia, at=at, conditions=[a_condition(owner, sponsor, due_on=due_on)])
    for condition in Condition.objects.select_related("project", "owner", "verifier"):
        conditions.give_evidence(condition, by=owner, at=at, text="Filed under 2026/114.")


def person(name: str) -> Any:
    return User.objects.get(name=name)


def hand_on(condition: Condition, at: dt.datetime) -> None:
    conditions.reassign(
        condition, by=person("Pia Orlov"), at=at, owner=condition.owner, verifier=person("Max Harrow"), reason="Raced."
    )


ACTS: tuple[tuple[str, Callable[[Condition, dt.datetime], None]], ...] = (
    ("closed", lambda condition, at: conditions.close(condition, by=person("Sam Okafor"), at=at)),
    ("closed", lambda condition, at: conditions.close(condition, by=person("Sam Okafor"), at=at)),
    ("refused", lambda condition, at: conditions.refuse_evidence(condition, by=person("Sam Okafor"), at=at, reason="No.")),
    ("handed", hand_on),
    ("closed", lambda condition, at: conditions.close(condition, by=person("Max Harrow"), at=at)),
)


def run(worker: int, start: float) -> None:
    """Try one act on every condition, in an order of its own, from the monotonic second `start`."""
    name, act = ACTS[worker % len(ACTS)]
    rows = list(Condition.objects.select_related("project", "owner", "verifier").order_by("pk"))
    random.Random(worker).shuffle(rows)
    time.sleep(max(0.0, start - time.monotonic()))
    counted: Counter[str] = Counter()
    for condition in rows:
        try:
            act(condition, timezone.now())
            counted[name] += 1
        except Refused:
            counted["none"] += 1
    sys.stdout.write(json.dumps(counted) + "\n")


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]))
    else:
        run(int(sys.argv[2]), float(sys.argv[3]))
