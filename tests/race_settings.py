"""Settings of the racing processes: what follows a decision is left to a worker that is not there."""

from tests.settings import *  # noqa: F403

TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "ENQUEUE_ON_COMMIT": True}}
