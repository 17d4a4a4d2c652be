"""Approve, return, withdraw and a new version at once: one act wins on each version, one decision row, and one version in work.

Runs on the database of the test run, like tests.test_race.
"""

from __future__ import annotations

import json
from collections import Counter

from tests.test_race import all_at_once, race_url, run

WORKERS, DOCUMENTS = 12, 20
__all__ = ["race_url"]
COUNT = """
import json
from collections import Counter
from governance.models import DeliverableVersion, Review, SignOff
versions = DeliverableVersion.objects.all()
open_now = Counter(versions.open().values_list("deliverable", flat=True))
print(json.dumps({
    "states": Counter(versions.filter(number=1).values_list("state", flat=True)),
    "signed": SignOff.objects.exclude(action="submit").exclude(action="supersede").count(),
    "reviews_open": Review.objects.filter(state="open").count(),
    "begun": versions.filter(number=2).count(),
    "most_in_work": max(open_now.values(), default=0),
}))
"""


def test_one_act_wins_on_each_version(race_url: str) -> None:
    run(["manage.py", "migrate", "-v0"], race_url)
    run(["-m", "tests.document_race", "prepare", str(DOCUMENTS)], race_url)
    ended = all_at_once(race_url, "tests.document_race", WORKERS)
    assert [failed[-1500:] for code, _, failed in ended if code] == []
    won: Counter[str] = Counter()
    for _, printed, _ in ended:
        won.update(json.loads(printed))
    found = json.loads(run(["manage.py", "shell", "-v0", "-c", COUNT], race_url).strip().splitlines()[-1])
    assert won["approve"] + won["return"] + won["withdraw"] == DOCUMENTS
    assert found["states"] == {
        state: count
        for state, count in (("approved", won["approve"]), ("returned", won["return"]), ("withdrawn", won["withdraw"]))
        if count
    }
    assert (found["signed"], found["reviews_open"]) == (DOCUMENTS, 0)
    assert (found["begun"], found["most_in_work"]) == (won["begin"], 1 if won["begin"] else 0)
    assert "hold" in run(["manage.py", "verify_approvals"], race_url)
