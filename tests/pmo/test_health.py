"""What the machines that watch are told."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import DatabaseError
from django.utils import timezone

from pmo import health
from pmo.management.commands import run_worker
from pmo.management.commands.run_worker import run_round
from pmo.models import JobSlot


@pytest.fixture
def with_worker(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def test_healthz_answers_anyone_without_the_database(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_readyz_is_ready_with_a_fresh_worker(client, db, with_worker):
    health.beat("one", timezone.now())
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")


@pytest.mark.parametrize("seconds", [None, 121])
def test_readyz_is_degraded_while_the_worker_is_late_or_was_never_seen(client, db, with_worker, seconds):
    if seconds:
        health.beat("one", timezone.now() - dt.timedelta(seconds=seconds))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")


def test_the_youngest_of_several_workers_counts(db, with_worker):
    now = timezone.now()
    health.beat("old", now - dt.timedelta(hours=1))
    health.beat("new", now)
    assert health.worker(now).is_well


def test_readyz_stops_while_the_schema_is_behind(client, db, monkeypatch):
    monkeypatch.setattr(health, "migrations", lambda: health.Fact("migrations", False, "2 to apply"))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "stopped")


def test_readyz_stops_while_the_database_does_not_answer(client, db, monkeypatch):
    class Away:
        vendor = "sqlite"

        def cursor(self):
            raise DatabaseError("secret host name")

    monkeypatch.setattr(health, "connection", Away())
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert b"secret" not in answer.content


def test_readyz_stops_when_the_disk_is_full(client, db, monkeypatch):
    monkeypatch.setattr(health, "LEAST_FREE_BYTES", 10**18)
    assert client.get("/readyz").status_code == 503


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_the_health_pages_are_read_only(client, db, path):
    assert client.post(path).status_code == 405


def test_a_round_of_the_worker_beats_and_clears_old_sessions_once_a_day(db, monkeypatch):
    called = []
    monkeypatch.setattr("pmo.management.commands.run_worker.call_command", lambda name, **_: called.append(name))
    run_round("one")
    run_round("one")
    assert JobSlot.objects.filter(job=health.BEAT_JOB, slot="one").count() == 1
    assert called.count("clearsessions") == 1


def test_check_setup_says_what_is_there(db, capsys):
    call_command("check_setup")
    printed = capsys.readouterr().out
    assert all(name in printed for name in ("settings", "database", "migrations", "worker", "PDFs", "browser"))


def test_a_round_that_fails_does_not_stop_the_clock(db, monkeypatch, caplog):
    rounds = []

    class Stop:
        def is_set(self):
            return len(rounds) >= 2

        def wait(self, seconds):
            rounds.append(seconds)

    def broken(worker):
        raise ValueError("a job with a fault")

    monkeypatch.setattr(run_worker, "run_round", broken)
    monkeypatch.setattr(run_worker.connection, "close", lambda: None)
    run_worker.keep_time("one", Stop())
    assert len(rounds) == 2
    assert "a job with a fault" in caplog.text
