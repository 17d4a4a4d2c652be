"""At least six attempts to break each rule of the separation of duties, by page, bulk, import, shell, row, and by two roles.

Each attempt is refused as the table says, and afterwards no row of any table differs and nothing was mailed.
"""

from __future__ import annotations

from collections import Counter

import pytest

from tests.governance.duties import changes, documents, gates, handovers, people
from tests.governance.duties.stage import Attempt, Stage, fingerprint, outcome_of

pytestmark = pytest.mark.django_db
ATTEMPTS: list[Attempt] = [*documents.ATTEMPTS, *changes.ATTEMPTS, *gates.ATTEMPTS, *handovers.ATTEMPTS, *people.ATTEMPTS]
LEAST = 6


@pytest.fixture
def stage(alpha, beta, pia, gina, max, bea, tess, sam, stella, fay, audrey, adam, hugo, olaf, settings, tmp_path) -> Stage:
    settings.MEDIA_ROOT = tmp_path
    people = (pia, gina, max, bea, tess, sam, stella, fay, audrey, adam, hugo, olaf)
    return Stage(alpha, beta, **{person.get_short_name().lower(): person for person in people})


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=str)
def test_no_attempt_succeeds(attempt: Attempt, stage: Stage) -> None:
    act = attempt.prepare(stage)
    before = fingerprint()
    assert outcome_of(act) == attempt.expected
    after = fingerprint()
    assert [label for label in before if before[label] != after[label]] == []


def test_each_rule_is_attacked_in_at_least_six_ways() -> None:
    ways = Counter(attempt.rule for attempt in ATTEMPTS)
    assert min(ways.values()) >= LEAST, ways
    assert len({(attempt.rule, attempt.prepare) for attempt in ATTEMPTS}) == len(ATTEMPTS)
