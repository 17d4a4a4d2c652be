"""The background worker: does the tasks of the queue, says that it is alive, and runs what has fallen due."""

from __future__ import annotations

import logging
import socket
import threading
from typing import Any

from django.core.management import call_command, get_commands
from django.db import connection
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Command as WorkerCommand

from pmo import health
from pmo.models import JobSlot

logger = logging.getLogger(__name__)


def clear_old_sessions(today: str) -> None:
    """Delete sessions that have ended, once a day whoever asks first."""
    _, is_first = JobSlot.objects.get_or_create(job="clear-sessions", slot=today, defaults={"ran_at": timezone.now()})
    if is_first:
        call_command("clearsessions")


def run_round(worker: str) -> None:
    """Do everything that is due now. Each part is idempotent, so any number of workers may do this side by side."""
    now = timezone.now()
    health.beat(worker, now)
    clear_old_sessions(timezone.localdate(now).isoformat())
    if "run_due" in get_commands():
        call_command("run_due", verbosity=0)
    if "send_mails" in get_commands():
        call_command("send_mails", verbosity=0)


def keep_time(worker: str, stop: threading.Event) -> None:
    """Run a round every half minute until `stop` is set. A round that fails is logged and tried again."""
    while not stop.is_set():
        try:
            run_round(worker)
        except Exception:  # One job's fault, or a database that is away, must not stop the clock of all the others.
            logger.exception("the round of due work failed and is tried again in %s s", health.BEAT_SECONDS)
        finally:
            connection.close()
        stop.wait(health.BEAT_SECONDS)


class Command(WorkerCommand):
    help = "Do background tasks and everything that falls due (reminders, escalations, nightly work), until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        options.pop("reload", None)
        stop = threading.Event()
        worker = f"{socket.gethostname()} {options['worker_id'][:8]}"
        threading.Thread(target=keep_time, args=(worker, stop), daemon=True).start()
        try:
            super().handle(*args, reload=False, **options)
        finally:
            stop.set()
