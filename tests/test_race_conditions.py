"""Two verifiers, one who refuses, and the office handing it on, all at once: evidence is judged once, by who verifies then."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from tests.test_race import all_at_once, race_url, run

WORKERS, CONDITIONS = 5, 15
__all__ = ["race_url"]
COUNT = """
import json
from collections import Counter
from governance.models import Condition
rows = Condition.objects.all()
reasons = [row.history.values_list("history_change_reason", flat=True) for row in rows]
def judged(some):
    return sum(one.startswith("evidence verified") or one == "evidence refused" for one in some)
print(json.dumps({
    "states": Counter(rows.values_list("state", flat=True)),
    "judged": Counter(judged(some) for some in reasons),
    "closed_by_another": sum(row.closed_by_id != row.verifier_id for row in rows if row.state == "closed"),
}))
"""


@pytest.mark.slow
def test_evidence_is_judged_once_by_its_verifier(race_url: str) -> None:  # the fixture of the other race
    run(["manage.py", "migrate", "-v0"], race_url)
    run(["-m", "tests.race_conditions", "prepare", str(CONDITIONS)], race_url)
    ended = all_at_once(race_url, "tests.race_conditions", WORKERS)
    assert [failed[-1500:] for code, _, failed in ended if code] == []
    won: Counter[str] = Counter()
    for _, printed, _ in ended:
        won.update(json.loads(printed))
    found = json.loads(run(["manage.py", "shell", "-v0", "-c", COUNT], race_url).strip().splitlines()[-1])
    judged = won["closed"] + won["refused"]
    assert found["states"].get("closed", 0) == won["closed"]
    assert found["states"].get("open", 0) == won["refused"]
    assert found["judged"].get("1", 0) == judged
    assert set(found["judged"]) <= {"0", "1"}
    assert found["closed_by_another"] == 0
