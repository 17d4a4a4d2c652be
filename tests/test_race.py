"""Sixteen processes decide a hundred reports at once: exactly a hundred winners, no errors, one decision row each.

Runs on the database of the test run: a file of its own on SQLite, a database of its own on PostgreSQL.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

WORKERS, REPORTS = 16, 100
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def race_url(tmp_path: Path, django_db_blocker, django_db_setup) -> Iterator[str]:
    """Return the URL of an empty database that other processes can open too."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'race.sqlite3'}"
        return
    name = f"plumbline_race_{os.getpid()}"
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")
            cursor.execute(f"CREATE DATABASE {name}")
        base = os.environ["DATABASE_URL"]
        yield base.rsplit("/", 1)[0] + f"/{name}" + (f"?{base.split('?', 1)[1]}" if "?" in base else "")
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def run(arguments: list[str], url: str) -> str:
    finished = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment(url), capture_output=True, text=True, timeout=300, check=False
    )
    assert finished.returncode == 0, finished.stderr[-3000:]
    return finished.stdout


def environment(url: str) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": url,
        "PMO_ENV": "local",
        "PMO_DB_POOL": "1",
        "DJANGO_SETTINGS_MODULE": "tests.race_settings",
    }


def all_at_once(url: str, module: str = "tests.race", workers: int = WORKERS) -> list[tuple[int, str, str]]:
    start = str(time.monotonic() + 12)
    started = [
        subprocess.Popen(
            [sys.executable, "-m", module, "run", str(number), start],
            cwd=ROOT, env=environment(url), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for number in range(workers)
    ]  # fmt: skip
    ended = []
    for worker in started:
        printed, failed = worker.communicate(timeout=300)
        ended.append((worker.returncode, printed, failed))
    return ended


def test_a_hundred_reports_have_a_hundred_winners(race_url: str) -> None:
    run(["manage.py", "migrate", "-v0"], race_url)
    run(["-m", "tests.race", "prepare", str(REPORTS)], race_url)
    ended = all_at_once(race_url)
    assert [failed[-1500:] for code, _, failed in ended if code] == []
    counted: Counter[str] = Counter()
    for _, printed, _ in ended:
        counted.update(json.loads(printed))
    assert counted == {"won": REPORTS, "refused": REPORTS * (WORKERS - 1)}
    assert "hold" in run(["manage.py", "verify_approvals"], race_url)
    decided = "from governance.models import SignOff; print(SignOff.objects.exclude(action='submit').count())"
    assert run(["manage.py", "shell", "-v0", "-c", decided], race_url).strip().endswith(str(REPORTS))
