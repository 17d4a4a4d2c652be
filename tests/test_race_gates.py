"""Five processes decide the same gates at once, half of them Go and half Hold: each gate is decided exactly once."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter

import pytest

from tests.test_race import ROOT, environment, race_url, run

WORKERS, GATES = 5, 15
__all__ = ["race_url"]
COUNT = """
from governance.models import GateReview, SignOff
from portfolio.models import Project
moved = Project.objects.exclude(phase="intake").count()
gone = GateReview.objects.filter(decision="go").count()
print(SignOff.objects.count(), GateReview.objects.filter(state="decided").count(), moved == gone)
"""


@pytest.mark.slow
def test_each_gate_is_decided_once(race_url: str) -> None:  # the fixture of the other race
    run(["manage.py", "migrate", "-v0"], race_url)
    run(["-m", "tests.race_gates", "prepare", str(GATES)], race_url)
    start = str(time.monotonic() + 12)
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.race_gates", "run", str(number), start],
            cwd=ROOT, env=environment(race_url), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for number in range(WORKERS)
    ]  # fmt: skip
    counted: Counter[str] = Counter()
    for worker in workers:
        printed, failed = worker.communicate(timeout=300)
        assert worker.returncode == 0, failed[-1500:]
        counted.update(json.loads(printed))
    assert counted == {"won": GATES, "already_decided": GATES * (WORKERS - 1)}
    assert "hold" in run(["manage.py", "verify_approvals"], race_url)
    assert run(["manage.py", "shell", "-v0", "-c", COUNT], race_url).strip().endswith(f"{GATES} {GATES} True")
