"""Approve twice, reject, withdraw and edit at once: each change request has one winner, one sign-off, at most one baseline."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from tests.test_race import all_at_once, race_url, run

WORKERS, CHANGES = 5, 15
__all__ = ["race_url"]
COUNT = """
import json
from collections import Counter
from governance.models import ChangeRequest, SignOff
from portfolio.models import Project
rows = ChangeRequest.objects.all()
decided = SignOff.objects.exclude(action="submit")
print(json.dumps({
    "states": Counter(rows.values_list("state", flat=True)),
    "edited": rows.filter(title__startswith="Edited").count(),
    "signed": Counter(decided.values_list("action", flat=True)),
    "doubly": sum(count > 1 for count in Counter(decided.values_list("change_request", flat=True)).values()),
    "baselines": Counter(Project.objects.values_list("baseline_number", flat=True)),
}))
"""


@pytest.mark.slow
def test_each_change_has_one_winner(race_url: str) -> None:  # the fixture of the other race
    run(["manage.py", "migrate", "-v0"], race_url)
    run(["-m", "tests.race_changes", "prepare", str(CHANGES)], race_url)
    ended = all_at_once(race_url, "tests.race_changes", WORKERS)
    assert [failed[-1500:] for code, _, failed in ended if code] == []
    won: Counter[str] = Counter()
    for _, printed, _ in ended:
        won.update(json.loads(printed))
    refused = won.pop("refused")
    found = json.loads(run(["manage.py", "shell", "-v0", "-c", COUNT], race_url).strip().splitlines()[-1])
    assert sum(won.values()) == CHANGES
    assert (refused, found["edited"], found["doubly"]) == (CHANGES * (WORKERS - 1), 0, 0)
    assert found["states"] == dict(won)
    signed = {"cr_approve": won["approved"], "cr_reject": won["rejected"]}
    assert found["signed"] == {action: count for action, count in signed.items() if count}
    assert found["baselines"].get("1", 0) == won["approved"]
    assert set(found["baselines"]) <= {"0", "1"}
    assert "hold" in run(["manage.py", "verify_approvals"], race_url)
