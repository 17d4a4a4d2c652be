"""What follows an act once it is stored: the PDFs of a fresh acceptance are built by a worker."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django_tasks import default_task_backend

from governance.models import StoredPdf
from governance.states import Copy, Edition
from governance.tasks import build_copies
from tests.governance.stories import NOON, an_accepted

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked() -> list[Any]:
    """The tasks that were asked for during the test, in order."""
    results: list[Any] = default_task_backend.results
    results.clear()
    return results


def test_an_acceptance_has_its_pdfs_built(asked: list[Any], alpha: Any, pia: Any) -> None:
    version = an_accepted(alpha, by=pia)
    assert [(result.task.name, result.args) for result in asked] == [("build_copies", ["version", version.pk])]


def test_an_acceptance_of_long_ago_does_not(asked: list[Any], alpha: Any, pia: Any) -> None:
    with time_machine.travel(NOON + dt.timedelta(days=3)):
        an_accepted(alpha, by=pia)
    assert asked == []


@pytest.mark.pdf
def test_both_editions_are_built_once_however_often_the_task_runs(alpha: Any, pia: Any) -> None:
    version = an_accepted(alpha, by=pia)
    for _ in range(2):
        build_copies.call("version", version.pk)
    built = StoredPdf.objects.filter(version=version)
    assert set(built.values_list("edition", flat=True)) == {Edition.OFFICE, Edition.PUBLIC, Copy.RECORD}
    assert built.count() == 3
