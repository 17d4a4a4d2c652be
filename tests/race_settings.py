"""Settings of the racing processes: what follows a decision is left to a worker that is not there."""

from tests.settings import *  # noqa: F403

TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "ENQUEUE_ON_COMMIT": True}}

# A machine that is busy with other work makes every wait longer, and a lock that is waited for is no fault. What would be one
# still ends the race: two who wait for each other are found by PostgreSQL itself within a second, and a lock that nobody gives
# back by the limits of the processes.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    DATABASES["default"]["OPTIONS"]["timeout"] = 240  # noqa: F405
else:
    DATABASES["default"]["OPTIONS"]["options"] = "-c lock_timeout=240s -c statement_timeout=270s"  # noqa: F405
