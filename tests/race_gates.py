"""Processes that race to decide the same gates; `prepare N` and `run WORKER START` as in `tests.race`."""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections import Counter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.race_settings")

import django

django.setup()

from django.utils import timezone  # noqa: E402

from governance import gates  # noqa: E402
from governance.gates import Answer, Attendee  # noqa: E402
from governance.models import GateCriterion, GateReview  # noqa: E402
from pmo.lib.errors import Refused  # noqa: E402
from pmo.models import User  # noqa: E402
from pmo.roles import Role  # noqa: E402
from tests.factories import make_project, make_user  # noqa: E402

WORKERS = 5


def prepare(count: int) -> None:
    """Make `count` projects at their first gate, all prepared, and PMO managers who may decide."""
    manager, sponsor = make_user("Max Harrow"), make_user("Sam Okafor")
    for number in range(WORKERS):
        make_user(f"Reviewer {number}", Role.PMO_MANAGER)
    keys = list(GateCriterion.objects.filter(gate="G0").values_list("pk", flat=True))
    for _ in range(count):
        at = timezone.now()
        project = make_project(project_manager=manager, sponsor=sponsor, phase="intake")
        review = gates.plan(project, "G0", planned_on=timezone.localdate(at), by=manager, at=at)
        there = [Attendee(person=manager, capacity="manager"), Attendee(person=sponsor, capacity="sponsor")]
        gates.prepare(review, by=manager, at=at, answers=[Answer(key, True) for key in keys], attendees=there)


def run(worker: int, start: float) -> None:
    """Try every gate once, in an order of its own: half of the workers say Go, half Hold."""
    person = User.objects.get(email=f"reviewer.{worker}@example.org")
    reviews = list(GateReview.objects.select_related("project__project_manager").order_by("pk"))
    random.Random(worker).shuffle(reviews)
    decision = "go" if worker % 2 else "hold"
    time.sleep(max(0.0, start - time.monotonic()))
    counted: Counter[str] = Counter()
    for review in reviews:
        at = timezone.now()
        terms = {"decision": decision, "rationale": "Raced.", "held_on": timezone.localdate(at)}
        try:
            gates.decide(review, by=person, at=at, **terms)
            counted["won"] += 1
        except Refused as refused:
            counted[str(refused.code)] += 1
    sys.stdout.write(json.dumps(counted) + "\n")


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]))
    else:
        run(int(sys.argv[2]), float(sys.argv[3]))
